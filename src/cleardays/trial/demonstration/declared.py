"""The declared truth of a case in words, for the end of a demonstration."""

from __future__ import annotations

from collections.abc import Iterator

from cleardays.diary.conditions import declared
from cleardays.quantities import percent
from cleardays.trial.demonstration.life import HEADACHE
from cleardays.trial.demonstration.truth import Case

_AMOUNTS = {"craving": "craving of a day (0 to 10)", "drinks": "drinks on a day of use", "mood": "mood of a day (0 to 10)"}


def declared_truth(case: Case) -> tuple[tuple[str, str], ...]:
    """What the file of a case says, as pairs of what it is of and what it is."""
    return tuple(_of(case))


def _of(case: Case) -> Iterator[tuple[str, str]]:
    about = {"condition": case.indication}
    for outcome, days in case.days.items():
        own = " that follow no aura" if case.aura_then_headache and outcome == HEADACHE else ""
        name = f"{declared(about, outcome).had[1].capitalize()}{own}"
        yield name, f"{days.per_28:g} in 28 in the long run, without treatment"
    for outcome, amount in case.amounts.items():
        yield _AMOUNTS[outcome].capitalize(), f"{amount.mean:g} on average, without treatment"
    yield "Waves", f"the level of a week wanders; on the first day {_level(case.drift.begins_at)} the person's own"
    effect = case.effect
    for outcome, share in effect.reduction.items():
        name = _AMOUNTS[outcome] if outcome in _AMOUNTS else declared(about, outcome).had[1]
        yield f"Full effect on {name}", f"{percent(share)} less" if share else "none at all"
    if any(effect.reduction.values()):
        yield "Of the effect", f"{percent(effect.of_expectation)} would have come with any treatment"
        course = f"comes on within about {effect.onset_days:g} days"
        if effect.lasts_days is None:
            yield "Course", f"{course}; half of the greatest effect at {percent(effect.half_at)} of the target dose"
        else:
            yield "Course", f"{course} of a session; after {effect.lasts_days:g} days it fades over about {effect.fades_days:g}"
    keeping = case.keeping
    gaps = sum(last - first + 1 for first, last in keeping.gaps)
    yield (
        "The diary",
        (
            f"{percent(keeping.left_out)} of good days and {percent(keeping.left_out_when_bad)} of bad days left out, {gaps} "
            f"days more never told, {percent(keeping.from_memory)} told later from memory"
        ),
    )
    if case.session is None:
        dosing = case.dosing
        yield "Doses", f"{percent(dosing.skipped)} skipped, {percent(dosing.late)} late, {percent(dosing.untold)} never told"
    for side in case.side_effects:
        yield "Side effect", f"{side.term}, {side.severity}, from day {side.day} to day {side.until} of treatment"


def _level(begins_at: float) -> str:
    return "above" if begins_at > 0 else "below" if begins_at < 0 else "at"
