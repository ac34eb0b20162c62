"""Which of what a person writes down goes along with an outcome on the day after, and how sure is that?

"No association" and "cannot tell" are answers. Composed of the diary's factors (`trigger_factors`) and the model
(`response.associations`); the words are in `trigger_words`, the limits in `diary/data/trigger_rules.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from cleardays.clock import parse_day
from cleardays.diary.conditions import declared
from cleardays.diary.outcomes import AMOUNTS, ANSWERED_BY, OUTCOMES, day_series, require_outcome
from cleardays.diary.records import Diary
from cleardays.diary.rules import read_rules
from cleardays.diary.series import DaySeries
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import HEADACHE_DAY
from cleardays.response.associations import Compared, associate, tally
from cleardays.response.fit import LEAST_SHARE
from cleardays.sources import Reason
from cleardays.trial import trigger_words as words
from cleardays.trial.circumstances import WentOn, circumstances
from cleardays.trial.review import require_classes
from cleardays.trial.trigger_factors import CALENDAR, NAMED, Logged, factors_of
from cleardays.trial.trigger_verdicts import (
    CANNOT_TELL,
    LOWERS,
    NO_ASSOCIATION,
    RAISES,
    Rules,
    Trigger,
    enough,
    interval_of,
    size_of,
    strength,
    to_mind,
    verdict_of,
    why_not,
)

# Outcomes that a day has or has not.
DAY_OUTCOMES = tuple(outcome for outcome in OUTCOMES if outcome not in AMOUNTS)
_NO_TREATMENT = "no treatment"


class Started(NamedTuple):
    """A treatment, its first day, and who said so: the caller or the diary."""

    treatment: str
    start: date
    told_by: str


class Triggers(NamedTuple):
    """Everything that was compared, the clearest first, and what to keep in mind."""

    about: dict[str, str]
    days: DaySeries
    called: words.Called
    headache: bool  # it is an outcome of headaches, which come in attacks
    started: Started | None
    triggers: tuple[Trigger, ...]
    advice: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    fit: Compared | None
    rules_version: str
    relevant: float  # odds ratio from which on an association matters
    within: float  # and from which on "no association" denies one
    seed: int

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        days, started, fit = self.days, self.started, self.fit
        return {
            "outcome": days.outcome,
            "first_day": days.first_day.isoformat(),
            "last_day": days.last_day.isoformat(),
            "coverage": {"days": len(days.states), "known": days.known, "had": days.had, "recalled": sum(days.recalled)},
            "treatment": None if started is None else {**started._asdict(), "start": started.start.isoformat()},
            "triggers": [trigger.document() for trigger in self.triggers],
            "advice": [reason.document() for reason in self.advice],
            "notes": [reason.document() for reason in self.notes],
            "diagnostics": None
            if fit is None
            else {"engine": fit.engine, "effective_share": fit.effective_share, "settled": fit.settled},
            "provenance": {"rules": self.rules_version, "relevant_odds_ratio": self.relevant, "seed": self.seed},
        }


def triggers(
    diary: Diary,
    *,
    outcome: str = HEADACHE_DAY,
    as_of: date | None = None,
    treatment: str | None = None,
    start: date | None = None,
    seed: int = 1,
) -> Triggers:
    """Compare all that the diary offers at once.

    Args:
        diary: the diary.
        outcome: what it may go along with.
        as_of: read nothing about, or reported after, a later day.
        treatment: what was started; with `start` it is in the model. Without them, what the diary says of itself is.
        start: its first day.
        seed: fixes the draws.

    Raises:
        BadInput: the outcome is unknown or comes in amounts, is not recorded on any day that was read, or is left open by
            too many headache days; or the diary's own `start` is no day.
    """
    if outcome in AMOUNTS:
        what = f"{outcome} comes in amounts, and only what a day has or has not is compared."
        raise BadInput(Problem("--outcome", what, f"Choose one of {', '.join(DAY_OUTCOMES)}."))
    require_outcome(outcome, DAY_OUTCOMES)
    rules = read_rules("trigger_rules")
    days = day_series(diary, outcome, as_of=as_of)
    if not days.known:
        what = f"no day that was read says anything about {outcome}."
        raise BadInput(Problem("diary", what, f"Fill in {ANSWERED_BY[outcome]}."))
    require_classes(days, day_series(diary, HEADACHE_DAY, as_of=as_of))
    started = _started(diary, treatment, start)
    went_on = _went_on(diary, days, started)
    said = declared(diary.about, outcome)
    called = words.Called(*said.words, *said.without)
    offered = factors_of(diary, days, as_of, rules)
    found = offered.factors if said.headache else _no_attacks(offered.factors)
    kept, notes = _without_repeats(found, days, rules)
    refused = {logged.name: why_not(logged, days, rules, called) for logged in kept}
    compared = _most(kept, refused, days, rules)
    fits = _fits(compared, days, started, went_on, seed)
    judged = _judged(kept, refused, compared, fits, days, rules, called)
    late = (words.told_late(offered.told_late, rules),) if offered.told_late else ()
    return Triggers(
        about=diary.about,
        days=days,
        called=called,
        headache=said.headache,
        started=started,
        triggers=judged,
        advice=_advice(judged, called.one, rules),
        notes=(*notes, *late, *_rough(fits, rules), *went_on.notes),
        fit=None if fits is None else fits[0],
        rules_version=rules["version"],
        relevant=float(rules["relevant"]["odds_ratio"]),
        within=float(rules["no-association"]["within_odds_ratio"]),
        seed=seed,
    )


def _started(diary: Diary, treatment: str | None, start: date | None) -> Started | None:
    if start is not None:
        return Started(treatment or "the treatment", start, "option")
    text = diary.about.get("start")
    if not text:
        return None
    told = parse_day(text)
    if told is None:
        what = f"the diary's own line `#start` gives {shown(text)}, which is no day."
        raise BadInput(Problem("#start", what, "Write it as 2026-03-04, or give the day with --start."))
    return Started(diary.about.get("treatment") or "the treatment", told, "diary")


def _no_attacks(factors: Sequence[Logged]) -> tuple[Logged, ...]:
    """What does not come in attacks has no early signs of one: those that are known are of headaches."""
    return tuple(logged._replace(early_sign=False) for logged in factors)


def _went_on(diary: Diary, days: DaySeries, started: Started | None) -> WentOn:
    """Other treatments and days after a rescue; the days around a period are a factor of their own."""
    treatment, start = (_NO_TREATMENT, days.first_day) if started is None else (started.treatment, started.start)
    return circumstances(diary, treatment, start, days.first_day, days.last_day)


def _without_repeats(factors: Sequence[Logged], days: DaySeries, rules: Rules) -> tuple[list[Logged], tuple[Reason, ...]]:
    """Leave out words that a column or the calendar tells better, where that can be compared."""
    told_by = {word: logged.name for logged in factors for word in logged.words if enough(logged, days, rules)}
    again = [logged for logged in factors if logged.kind == NAMED and logged.name in told_by]
    return [logged for logged in factors if logged not in again], tuple(
        words.counted_under(logged.name, told_by[logged.name], rules) for logged in again
    )


def _most(kept: Sequence[Logged], refused: dict[str, Reason | None], days: DaySeries, rules: Rules) -> list[Logged]:
    """Those that are compared; where they are too many the rarer ones are refused too."""
    able = [logged for logged in kept if refused[logged.name] is None]
    counted = {logged.name: tally(days, logged.factor) for logged in able}
    rarer = {name: min(each.days_with, each.days_without) for name, each in counted.items()}
    for logged in sorted(able, key=lambda each: -rarer[each.name])[int(rules["compared"]["most_factors"]) :]:
        refused[logged.name] = words.too_many(rules)
    return [logged for logged in able if refused[logged.name] is None]


def _fits(
    compared: Sequence[Logged], days: DaySeries, started: Started | None, went_on: WentOn, seed: int
) -> tuple[Compared, Compared] | None:
    """The main question, and the same day; None where nothing can be compared."""
    if not compared:
        return None
    exposure = None if started is None else ExposureSeries.started(started.treatment, started.start)
    factors = {logged.says for logged in compared}
    beside = went_on.beside._replace(covariates=tuple(c for c in went_on.beside.covariates if c.name not in factors))
    main, same = (
        associate(days, each, treatment=exposure, beside=beside, seed=seed)
        for each in ([logged.factor for logged in compared], [logged.same_day for logged in compared])
    )
    return main, same


def _rough(fits: tuple[Compared, ...] | None, rules: Rules) -> tuple[Reason, ...]:
    sound = all(fit.settled and fit.effective_share >= LEAST_SHARE for fit in fits or ())
    return () if sound else (words.rough_fit(rules),)


def _judged(
    kept: Sequence[Logged],
    refused: Mapping[str, Reason | None],
    compared: Sequence[Logged],
    fits: tuple[Compared, Compared] | None,
    days: DaySeries,
    rules: Rules,
    called: words.Called,
) -> tuple[Trigger, ...]:
    found = []
    for logged in kept:
        counted, why = tally(days, logged.factor), refused[logged.name]
        if why is not None or fits is None:
            found.append(Trigger(logged, counted, CANNOT_TELL, None, None, (why,) if why else ()))
            continue
        at = compared.index(logged)
        main, same = (fit.associations[at] for fit in fits)
        size = size_of(main, rules)
        verdict, reason = verdict_of(main, size, logged, rules, called.one)
        beside = interval_of(np.exp(same.log_odds)) if logged.factor.day_before else None
        found.append(Trigger(logged, counted, verdict, size, beside, (reason, *to_mind(logged, days, rules, called))))
    order = (RAISES, LOWERS, NO_ASSOCIATION, CANNOT_TELL)
    return tuple(sorted(found, key=lambda t: (order.index(t.verdict), t.size is None, -strength(t), t.logged.name)))


def _advice(judged: Sequence[Trigger], one: str, rules: Rules) -> tuple[Reason, ...]:
    """Nothing to avoid unless it is clear, and then one thing at a time."""
    clear = [trigger.logged.name for trigger in judged if trigger.verdict == RAISES and trigger.logged.kind != CALENDAR]
    return words.try_one(clear, rules) if clear else words.nothing_to_avoid(rules), words.no_blame(one, rules)
