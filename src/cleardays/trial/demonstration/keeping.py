"""How a simulated diary is kept: which days are told, when, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from cleardays.clock import zone_named
from cleardays.diary.entries import RELIEFS
from cleardays.trial.demonstration.day_cells import LivedDay
from cleardays.trial.demonstration.drawing import uniform
from cleardays.trial.demonstration.truth import Care, Case, ScoreTold, SideEffect
from cleardays.trial.story.diary_told import DAY_TOLD

DOSE, EFFECT, SCORE, AURA_TOLD = "dose.told", "effect.told", "score.told", "aura.told"
_DAY = timedelta(days=1)
EVENING, MORNING, LATER = time(20, 30), time(9, 0), time(12, 15)
_SOONEST_D, _SPREAD_D = 2, 4  # a day told from memory is told so many days later
_HELPED, _NOT_HELPED = RELIEFS[2], RELIEFS[0]


class Entry(NamedTuple):
    """Something told at an instant: kind and body of the event."""

    at: datetime
    kind: str
    body: dict[str, Any]


def instant(case: Case, day: date, at: time) -> datetime:
    """A time of the person's day, as an instant."""
    return datetime.combine(day, at, zone_named(case.zone)).astimezone(UTC)


def diary_entries(case: Case, seed: int, days: list[LivedDay]) -> Iterator[Entry]:
    """The days that were ever told, each on the evening or, from memory, some days later."""
    dice = uniform(seed, "keeping", 3).tolist()
    for number, lived in enumerate(days):
        left_out, from_memory, delay = dice[number]
        keeping, day = case.keeping, case.begins + number * _DAY
        chance = keeping.left_out_when_bad if lived.bad else keeping.left_out
        if left_out < chance or any(first <= number <= last for first, last in keeping.gaps):
            continue
        at = instant(case, day, EVENING)
        if from_memory < keeping.from_memory:
            at = instant(case, day + timedelta(days=_SOONEST_D + int(delay * _SPREAD_D)), LATER)
        yield Entry(at, DAY_TOLD, {"cells": {"date": day.isoformat(), **lived.cells}})
        yield from _beside(day, lived, at)


def _beside(day: date, lived: LivedDay, at: datetime) -> Iterator[Entry]:
    """The aura and the acute medicine of a day that is told."""
    if lived.aura_minutes is not None:
        cells = {"date": day.isoformat(), "type": "visual", "min": str(lived.aura_minutes), "gradual": "y"}
        yield Entry(at, AURA_TOLD, {"entry": f"aura-{day}", "cells": cells})
    taken = lived.acute
    for time_of in range(0 if taken is None else taken.times):
        assert taken is not None
        cells = {"date": day.isoformat(), "kind": "acute", "drug": taken.medicine, "acute_class": taken.acute_class}
        last = time_of == taken.times - 1
        cells |= {"state": "taken", "relief_2h": _HELPED if taken.helped and last else _NOT_HELPED}
        yield Entry(at, DOSE, {"entry": f"acute-{day}-{time_of + 1}", "cells": cells})


def effect_entries(case: Case, effect: SideEffect) -> Iterator[Entry]:
    """A side effect when it comes, and once more when it is over."""
    first, last = (case.start + timedelta(days=day) for day in (effect.day, effect.until))
    cells = {
        "date": first.isoformat(), "kind": "red_flag" if effect.flag else "side_effect", "term": effect.term,
        "severity": effect.severity, "drug": case.treatment, "attribution": effect.attribution,
    }  # fmt: skip
    name = f"effect-{first}-{effect.term.replace(' ', '-')}"
    yield Entry(instant(case, first, EVENING), EFFECT, {"entry": name, "cells": {**cells, "outcome": "ongoing"}})
    over = {**cells, "until": last.isoformat(), "action": effect.action, "outcome": effect.outcome}
    yield Entry(instant(case, last, EVENING) + timedelta(minutes=1), EFFECT, {"entry": name, "cells": over})


def score_entry(case: Case, score: ScoreTold) -> Entry:
    """A questionnaire on the day on which it was filled in."""
    day = case.start + timedelta(days=score.day)
    cells = {"date": day.isoformat(), "instrument": score.instrument, "total": str(score.total), "filled_by": "person"}
    return Entry(instant(case, day, EVENING), SCORE, {"entry": f"score-{day}-{score.instrument}", "cells": cells})


def care_entries(case: Case, seed: int, care: Care, until: date) -> Iterator[Entry]:
    """Other care as far as it was told: whether the person went."""
    dice, day = uniform(seed, "care", 2).tolist(), case.begins + timedelta(days=care.from_day)
    for came, untold in dice:
        if day > until:
            return
        if untold >= care.untold:
            attended = "y" if came < care.came else "n"
            cells = {"date": day.isoformat(), "kind": "care", "term": care.what, "attended": attended}
            yield Entry(instant(case, day, EVENING), EFFECT, {"entry": f"care-{day}", "cells": cells})
        day += timedelta(days=care.every_days)
