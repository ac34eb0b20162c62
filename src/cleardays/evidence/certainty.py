"""How sure the evidence on a treatment is: four reasons to doubt it, each judged from declared fields, and what is left.

The scheme is GRADE's: randomised comparisons start high, studies without a comparison low; each
reason takes off a level or two. The thresholds are in `certainty.toml`; every judgement says what it rests on, so that a
reader may judge otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from cleardays.evidence.reading import data_folder
from cleardays.evidence.records import Study
from cleardays.packaged import read_toml
from cleardays.quantities import percent
from cleardays.sources import Reason

LEVELS = ("very low", "low", "moderate", "high")
_RISKS = ("randomisation", "blinding", "missing", "measurement", "reporting")


class Doubt(NamedTuple):
    """One reason to doubt, and how many levels it takes off."""

    domain: str  # "bias", "inconsistency", "indirectness", "imprecision"
    levels: int
    because: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"domain": self.domain, "levels": -self.levels, "because": self.because}


class Certainty(NamedTuple):
    """What is left: one of `LEVELS`, with the level it started from and the doubts."""

    level: str
    start: str
    doubts: tuple[Doubt, ...]
    reason: Reason

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        doubts = [doubt.document() for doubt in self.doubts]
        return {"level": self.level, "start": self.start, "domains": doubts, "reason": self.reason.document()}


class Facts(NamedTuple):
    """What is judged: the trials of a treatment in such people, with their weights, and what pooling them gave."""

    trials: tuple[Study, ...]
    weights: tuple[float, ...]
    people: float  # analysed, in those trials
    effect: tuple[float, float]  # log ratio against placebo: estimate, standard error
    i2: float | None  # of the trials of the treatment
    p_split: float | None  # direct against indirect evidence
    direct: float  # share of the weight in trials that compare it with placebo
    days: float  # share of the weight in trials that print means of days, not attacks or shares of responders only
    small_studies: tuple[float, float]  # slope of all effects on their standard error, and its p


@cache
def rules() -> dict[str, Any]:
    """The thresholds, each with its source."""
    return read_toml(data_folder() / "certainty.toml")


def judge(facts: Facts | None, open_studies: Sequence[Study]) -> Certainty:
    """How sure it is.

    Args:
        facts: of the comparing trials; None where there are none.
        open_studies: those without a comparison.
    """
    if facts is None:
        return _without_comparison(open_studies)
    doubts = (_bias(facts), _inconsistency(facts), _indirectness(facts), _imprecision(facts), _publication(facts))
    left = max(0, LEVELS.index("high") - sum(doubt.levels for doubt in doubts))
    said = (
        "; ".join(doubt.because.rstrip(".") for doubt in doubts if doubt.levels)
        or "no reason was found to trust the figures less"
    )
    because = f"{LEVELS[left].capitalize()} certainty: {said}."
    return Certainty(LEVELS[left], "high", doubts, Reason("evidence.certainty", because, tuple(rules()["source"]), "design"))


def _without_comparison(open_studies: Sequence[Study]) -> Certainty:
    if open_studies:
        names = ", ".join(study.name for study in open_studies)
        because = f"Very low certainty: nobody was compared with anybody ({names}); people also get better without a treatment."
    else:
        because = "Very low certainty: no study of such people with figures is held here."
    doubt = Doubt("bias", 2, because.partition(": ")[2])
    return Certainty("very low", "low", (doubt,), Reason("evidence.certainty", because, tuple(rules()["source"]), "design"))


def _bias(facts: Facts) -> Doubt:
    limit = rules()["bias"]

    def share(doubtful: Callable[[Mapping[str, str]], bool]) -> float:
        risky = (weight for trial, weight in weighed if doubtful(trial.head.get("bias", {})))
        return sum(risky) / sum(facts.weights)

    weighed = list(zip(facts.trials, facts.weights, strict=True))
    high = share(lambda bias: "high" in (bias.get(risk) for risk in _RISKS))
    doubtful = share(lambda bias: sum(limit["points"][bias.get(risk, "unclear")] for risk in _RISKS) >= limit["many_points"])
    if high > limit["share_serious"]:
        return Doubt(
            "bias",
            2 if high > limit["share_very_serious"] else 1,
            f"{percent(high)} of the weight is of trials at high risk of bias.",
        )
    if doubtful > limit["share_serious"]:
        return Doubt("bias", 1, f"{percent(doubtful)} of the weight is of trials with several points in doubt.")
    return Doubt("bias", 0, "Most of the weight is of trials at low risk of bias.")


def _inconsistency(facts: Facts) -> Doubt:
    limit = rules()["inconsistency"]
    if facts.p_split is not None and facts.p_split < limit["p_split"]:
        return Doubt("inconsistency", 1, f"Direct and indirect evidence disagree (p = {facts.p_split:.2g}).")
    if len(facts.trials) < 2:
        return Doubt("inconsistency", 1, "There is one trial in such people: whether another would find the same is not known.")
    if facts.i2 is not None and facts.i2 > limit["i2"]:
        return Doubt("inconsistency", 1, f"{percent(facts.i2)} of the variation between its trials is more than chance.")
    return Doubt("inconsistency", 0, "Its trials agree as well as chance allows.")


def _indirectness(facts: Facts) -> Doubt:
    limit = rules()["indirectness"]["share"]
    if facts.direct < limit:
        what = f"{percent(1.0 - facts.direct)} of the weight is of trials against other treatments, not placebo."
        return Doubt("indirectness", 1, what)
    if facts.days < limit:
        what = f"{percent(1.0 - facts.days)} of the weight is of trials of attacks, or with shares of responders only."
        return Doubt("indirectness", 1, what)
    return Doubt("indirectness", 0, "Most of the weight is of such people, compared with placebo, with days counted.")


def _publication(facts: Facts) -> Doubt:
    """Of all trials of prevention together: those of one treatment are too few for a funnel."""
    slope, p = facts.small_studies
    if p < rules()["publication"]["p"]:
        what = f"In all trials together small ones find more (slope {slope:.1f} on the standard error, p = {p:.2g})."
        return Doubt("publication", 0, f"{what} It takes off no level: too few trials of this treatment to tell.")
    return Doubt("publication", 0, "In all trials together small ones find no more than large ones.")


def _imprecision(facts: Facts) -> Doubt:
    limit = rules()["imprecision"]
    estimate, se = facts.effect
    no_effect = estimate - limit["z"] * se <= 0.0 <= estimate + limit["z"] * se
    few = facts.people < limit["people"]
    if no_effect and few:
        return Doubt("imprecision", 2, f"The interval includes no effect, and {facts.people:,.0f} people are few.")
    if no_effect:
        return Doubt("imprecision", 1, "The interval includes no effect.")
    if few:
        return Doubt("imprecision", 1, f"{facts.people:,.0f} people are few.")
    return Doubt("imprecision", 0, f"{facts.people:,.0f} people, and the interval excludes no effect.")
