"""One diary's answer about one treatment, complete and printable."""

from __future__ import annotations

from typing import NamedTuple

from cleardays import __version__
from cleardays.diary.conditions import Outcome, declared
from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.evidence.prior.stored import Expected
from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries
from cleardays.response.attribution import attribute
from cleardays.response.cautions import cautions, other_threshold
from cleardays.response.design import HORIZON_DAYS, NOTHING_ELSE, Circumstances, centring_constant
from cleardays.response.expectation import evidence_priors
from cleardays.response.fit import BASELINE_DAYS, Fit, fit_checked, pretreatment_rate
from cleardays.response.forecast import Forecast, going_on, residual_bands, stopping
from cleardays.response.priors import AMOUNT_LEVEL_SD, Priors, default_priors, reference_priors
from cleardays.response.second import Second, amount_of, curve_of, part_of
from cleardays.response.summary import Interval, Rates, chances, interval, prior_share, rates
from cleardays.response.verdict import Agreed, JudgingRules, Question, ask, judge, reasons_to_decline
from cleardays.response.waiting import wait_for
from cleardays.response.when import Wait
from cleardays.sources import Reason

MODEL = "single-diary-2"
HEADACHE_DAY = "headache_day"

Chances = dict[str, float | None]


class Response(NamedTuple):
    """What the diary says about the treatment. Rates are days per 28 days, drinks per 28 days, or the mean craving of a day.

    Fields that a diary cannot answer (no day before the start of treatment) are None.
    `exposure_now` is the share of the full effect that would be there by now.
    `chance` is P(R >= the threshold asked), `chance_before` the same before the diary.
    """

    outcome: str
    days: int
    known: int
    recalled: int
    baseline: Interval | None
    current: Interval
    untreated: Interval
    change_pct: Interval | None
    reduction_pct: Interval
    probability: Chances
    probability_visible: Chances
    natural_change: Interval | None
    treatment_effect: Interval
    exposure_now: float
    prior_share: float
    chance_before: float
    chance: float
    residual_bands: dict[str, float] | None
    continuing: Forecast
    stopping: Forecast
    wait: Wait | None
    question: Question
    verdict: str
    reasons: tuple[Reason, ...]
    diagnostics: dict[str, object]
    provenance: dict[str, object]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""

        def maybe(value: Interval | None) -> dict[str, float] | None:
            return None if value is None else value.document()

        return {
            "outcome": self.outcome,
            "coverage": {"days": self.days, "known": self.known, "recalled": self.recalled},
            "baseline": maybe(self.baseline),
            "current": self.current.document(),
            "untreated": self.untreated.document(),
            "change_pct": maybe(self.change_pct),
            "reduction_pct": self.reduction_pct.document(),
            "probability": self.probability,
            "probability_visible": self.probability_visible,
            "natural_change": maybe(self.natural_change),
            "treatment_effect": self.treatment_effect.document(),
            "prior_share": self.prior_share,
            "residual_bands": self.residual_bands,
            "forecast": {
                "horizon_days": HORIZON_DAYS,
                "continue": self.continuing.document(),
                "stop": self.stopping.document(),
            },
            "time_to_answer": None if self.wait is None else self.wait.document(),
            "verdict": self.verdict,
            "reasons": [reason.document() for reason in self.reasons],
            "diagnostics": {**self.diagnostics, "exposure_now": self.exposure_now, "chance_before": self.chance_before},
            "provenance": self.provenance,
        }


def respond(
    days: DaySeries,
    exposure: ExposureSeries,
    rules: JudgingRules,
    *,
    headache_before: DaySeries | None = None,
    whole: DaySeries | None = None,
    amounts: AmountSeries | None = None,
    said: Outcome | None = None,
    beside: Circumstances = NOTHING_ELSE,
    threshold: float | None = None,
    agreed: Agreed | None = None,
    evidence: bool = True,
    expected: Expected | None = None,
    notes: tuple[Reason, ...] = (),
    seed: int = 1,
    refit: bool = False,
) -> Response:
    """Fit one diary and answer: how many days now, against what, how sure, and what next.

    Args:
        days: the outcome day by day; its last day is the day the answer is as of.
            At least one day is known.
        exposure: the treatment over time.
        rules: when and against what it is judged.
        headache_before: headache days of the baseline, which decide the threshold
            that applies; taken from `days` when these are headache days.
        whole: the days that `days` are a part of (headache days, for migraine days); they are fitted together.
        amounts: the amounts, where `days` says only whether there was any.
        said: the outcome as the diary's condition declares it, for the words and sources; None looks it up by its name.
        beside: other treatments, and what differs from day to day.
        threshold: the reduction asked for (share); None takes what was agreed, else the rules'.
        agreed: what a plan had fixed before the first day.
        evidence: False starts from the reference priors whatever the treatment.
        expected: what trials of the treatment in people like this one say; None starts from the default.
        notes: further reasons to print with the answer.
        seed: fixes the draws.
        refit: look into the future with full fits, instead of weighing today's draws.

    Returns:
        The answer. Model and method: docs/explanation/response-model.md.
    """
    said = said or declared({}, days.outcome)
    chain = days if whole is None else whole
    second = _second(days, whole, amounts)
    priors = _priors(chain, second, exposure, expected, evidence=evidence)
    fitted = fit_checked(chain, exposure, priors, seed=seed, beside=beside, second=second)
    found = rates(fitted, seed=seed)
    weight = fitted.draws.weight
    baseline = None if found.baseline is None else interval(found.baseline, weight)
    before = days.before(exposure.start, BASELINE_DAYS)
    same = days.outcome == HEADACHE_DAY
    rate = baseline.estimate if amounts is None and baseline is not None else None
    frequent = (before, rate) if same else (headache_before, None)
    question = ask(rules, exposure.start, *frequent, threshold, agreed, said=said)
    chance = weighted.probability(found.reduction >= question.threshold, weight)
    whose = attribute(fitted, question.threshold, rules)
    decline = [*reasons_to_decline(rules, days, exposure.start, before, said=said, amounts=amounts), *whose.decline]
    settled = not decline and days.last_day >= question.judge_on  # the probability decides
    verdict, why = judge(
        question,
        rules,
        as_of=days.last_day,
        start=exposure.start,
        probability=chance,
        decline=decline,
    )
    wait, waiting = wait_for(fitted, question, rules, verdict, declined=bool(decline), refit=refit, seed=seed)
    reasons = (
        *why,
        *waiting,
        question.reason,
        *(other_threshold(rules, question, baseline, found.reduction, weight) if same and settled else ()),
        priors.effect.reason,
        *whose.reasons,
        *cautions(fitted, days, rules, said, rate),
        *notes,
    )
    continuing = going_on(fitted, seed=seed)
    visible = found.visible_change
    return Response(
        outcome=days.outcome,
        days=len(days.states),
        known=days.known,
        recalled=sum(days.recalled),
        baseline=baseline,
        current=interval(found.current, weight),
        untreated=interval(found.untreated, weight),
        change_pct=None if visible is None else interval(100.0 * visible, weight),
        reduction_pct=interval(100.0 * found.reduction, weight),
        probability={**chances(found.reduction, weight)},
        probability_visible=_visible_chances(found, fitted),
        natural_change=None if found.natural_change is None else interval(found.natural_change, weight),
        treatment_effect=interval(found.treatment_effect, weight),
        exposure_now=found.exposure_now,
        prior_share=prior_share(fitted),
        chance_before=priors.effect.chance_of(question.threshold),
        chance=chance,
        residual_bands=residual_bands(continuing),
        continuing=continuing,
        stopping=stopping(fitted, seed=seed),
        wait=wait,
        question=question,
        verdict=verdict,
        reasons=reasons,
        diagnostics=_diagnostics(fitted),
        provenance=_provenance(fitted, question, rules, seed=seed, evidence=evidence),
    )


def _second(days: DaySeries, whole: DaySeries | None, amounts: AmountSeries | None) -> Second | None:
    if whole is not None:
        return part_of(whole, days)
    return None if amounts is None else amount_of(amounts)


def _priors(
    days: DaySeries, second: Second | None, exposure: ExposureSeries, expected: Expected | None, *, evidence: bool
) -> Priors:
    rate, centre = pretreatment_rate(days, exposure), centring_constant(days)
    curve = None
    if second is not None:
        until = (exposure.start - days.first_day).days
        before = range(max(0, min(until, len(days.states))))
        curve = curve_of(second, rate, centre, before or range(len(days.states)))
    if not evidence:
        priors = reference_priors(rate, centre, curve)
    elif expected is None:
        priors = default_priors(rate, centre, exposure.treatment, curve)
    else:
        priors = evidence_priors(rate, centre, expected, curve)
    return priors if second is None or second.part else priors._replace(level_sd=AMOUNT_LEVEL_SD)


def _visible_chances(found: Rates, fitted: Fit) -> Chances:
    change = found.visible_change
    if change is None:
        return dict.fromkeys(chances(found.reduction, fitted.draws.weight))
    return {**chances(-change, fitted.draws.weight)}


def _diagnostics(fitted: Fit) -> dict[str, object]:
    return {
        "method": "nested Laplace, skew shift, importance weights",
        "engine": fitted.engine,
        "nodes": len(fitted.nodes.log_weight),
        "draws": len(fitted.draws.weight),
        "effective_share": fitted.effective_share,
        "refined": fitted.refined,
        "newton_steps": fitted.newton_steps,
        "settled": fitted.settled,
        "log_evidence": fitted.draws.log_evidence,
    }


def _provenance(fitted: Fit, question: Question, rules: JudgingRules, *, seed: int, evidence: bool) -> dict[str, object]:
    return {
        "version": __version__,
        "catalogue_version": None,
        "judging_rules": rules.version,
        "model": MODEL,
        "prior": fitted.priors.effect.reason.rule,
        "evidence": evidence,
        "treatment": fitted.exposure.treatment,
        "start": fitted.exposure.start.isoformat(),
        "first_day": fitted.days.first_day.isoformat(),
        "as_of": fitted.days.last_day.isoformat(),
        "judge_on": question.judge_on.isoformat(),
        "threshold": question.threshold,
        "baseline_days_at_most": BASELINE_DAYS,
        "seed": seed,
    }
