"""What a simulated person would write down of each day, in the words of the table of days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cleardays.catalogue.names import find_medicine
from cleardays.trial.demonstration.drawing import uniform
from cleardays.trial.demonstration.life import AURA, CRAVING, DRINKS, HEADACHE, MOOD, USE, Lived
from cleardays.trial.demonstration.truth import Acute, Case, shape

Cells = dict[str, str]

_WEEK = 7
_BAD_CRAVING = 7  # a day of such craving is as likely left out as one of use
_YES, _NO = "y", "n"


class Taken(NamedTuple):
    """An acute medicine that was taken on a day, so many times, and whether the pain was gone or mild two hours later."""

    medicine: str
    acute_class: str
    times: int
    helped: bool


class LivedDay(NamedTuple):
    """One day as it would be told: its cells, whether it was a bad one, the aura's minutes, the acute medicine."""

    cells: Cells
    bad: bool
    aura_minutes: int | None
    acute: Taken | None


def day_cells(case: Case, seed: int, lived: Lived) -> list[LivedDay]:
    """Every day that was lived, from the first of the diary."""
    many = len(lived.drift)
    had = {name: values.tolist() for name, values in lived.had.items()}
    if HEADACHE not in had:
        return [_of_use({name: had[name][day] for name in had}) for day in range(many)]
    dice = {name: uniform(seed, name, columns).tolist() for name, columns in (("pain", 5), ("symptoms", 8), ("acute", 4))}
    found, taken = list[LivedDay](), list[int]()
    for day in range(many):
        row = {name: dice[name][day] for name in dice}
        aura = bool(had[AURA][day]) if AURA in had else None
        level = _level(case.severity, row["pain"][0]) if had[HEADACHE][day] else None
        acute = _taken(case.acute, level, row["acute"], [on for on in taken if on > day - _WEEK])
        if acute is not None:
            taken.append(day)
        found.append(_of_headache(level, aura, row, acute))
    return found


def _of_use(had: Mapping[str, float]) -> LivedDay:
    """A day of recovery: use, drinks, craving and mood."""
    cells = {
        "use_day": _YES if had[USE] else _NO,
        "standard_drinks": f"{had[DRINKS]:.0f}",
        "craving": f"{had[CRAVING]:.0f}",
        "mood": f"{had[MOOD]:.0f}",
    }
    return LivedDay(cells, bool(had[USE]) or had[CRAVING] >= _BAD_CRAVING, None, None)


def _of_headache(level: str | None, aura: bool | None, row: Mapping[str, list[float]], acute: Taken | None) -> LivedDay:
    cells = {"headache": level or "clear"}
    if aura is not None:
        cells["aura"] = _YES if aura else _NO
    if level is not None:
        cells |= _pain(level, row["pain"], row["symptoms"], asked_aura=aura is not None)
    cells |= {"acute_doses": str(0 if acute is None else acute.times)}
    if acute is not None:
        cells["acute_classes"] = acute.acute_class
    minutes = round(_between(shape()["aura"]["minutes"], row["pain"][4])) if aura else None
    return LivedDay(cells, level in ("moderate", "severe"), minutes, acute)


def _pain(level: str, dice: list[float], symptoms: list[float], *, asked_aura: bool) -> Cells:
    law: Mapping[str, Any] = shape()[level]
    migraine = dice[1] < law["migraine"]
    cells = {
        "pain_max": f"{_between(law['pain'], dice[2]):.0f}",
        "hours": f"{_between(law['hours'], dice[3]):.0f}",
        "migraine": "yes" if migraine else "no",
        "function": str(law["function"]),
    }
    for (name, chances), drawn in zip(shape()["symptoms"].items(), symptoms, strict=False):
        cells[name] = _YES if drawn < chances[0 if migraine else 1] else _NO
    return cells if asked_aura else {**cells, "aura": _NO}


def _taken(acute: Acute | None, level: str | None, dice: list[float], lately: list[int]) -> Taken | None:
    """What was taken for a headache: never on more days of a week than was agreed on."""
    if acute is None or level is None or dice[0] >= acute.taken[level] or len(lately) >= acute.at_most_a_week:
        return None
    name = _level(acute.medicines, dice[1])
    medicine = find_medicine(name)
    assert medicine is not None  # the data names medicines of the catalogue
    assert medicine.acute_class is not None  # and acute ones
    return Taken(medicine.id, medicine.acute_class, 1 + (dice[2] < acute.twice), dice[3] < acute.helps)


def _level(shares: Mapping[str, float], drawn: float) -> str:
    """The one of several with given shares that a number from 0 to 1 falls on."""
    left = drawn * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return name


def _between(limits: list[int], drawn: float) -> float:
    low, high = limits
    return low + (high - low) * drawn
