"""A negative control: real counts of a placebo-controlled trial, asked as if each were one diary.

The trial counts events over 8 weeks before and in four spells of two weeks after the start. The model needs days, so
the counted events are laid on days at random, any number on a day, many times over, and each time the days with at
least one are the diary. That is one way for the days to have been, without the clustering that events really have,
and frequent events fill every day. So this shows whether people of the placebo arm are called responding more often
than null people of the base world; it cannot show whether effects are found, and not how days really followed each
other. Nobody here knows the truth of a single person: part of the placebo arm did change.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from cleardays.diary.series import DaySeries
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import ExposureSeries
from cleardays.response.study import engine
from cleardays.response.study.person import START, TREATMENT
from cleardays.response.study.run import Asked, generator
from cleardays.response.study.scores import HALF, Scores
from cleardays.response.verdict import NOT_RESPONDING, RESPONDING

COLUMNS = ("subject", "trt", "base", "period", "y")
PLACEBO = "placebo"
BEFORE_DAYS, SPELL_DAYS, SPELLS = 56, 14, 4
LAYINGS = 5  # ways to lay each person's events on days
OUTCOME = "seizure_day"
_MOST_EVENTS = 100_000
_NORMAL_90 = 1.6448536269514722
NAME = "control"


class Counted(NamedTuple):
    """One person of the trial: events in the 8 weeks before, and in each two weeks after the start."""

    subject: str
    arm: str
    before: int
    after: tuple[int, ...]


class Laid(NamedTuple):
    """What came of one person, as means over the ways to lay the events."""

    arm: str
    half: float
    yes: float
    responding: float
    not_responding: float
    had_share: float
    counts_halved: bool


def read_counts(lines: Iterable[str], name: str) -> list[Counted]:
    """Read a table with a row for each person and spell; further columns are left alone.

    Raises:
        BadInput: a column is missing, a count is no whole number, spells are missing, or nobody is on placebo.
    """
    rows = csv.DictReader(lines)
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        what = f"the table has no column {', '.join(missing)}."
        raise BadInput(Problem(name, what, f"It needs {', '.join(COLUMNS)}: a row for each person and two weeks."))
    problems, people = list[Problem](), dict[str, tuple[str, int, dict[int, int]]]()
    for row in rows:
        where = f"{name}, line {rows.line_num}"
        found = {column: _count(row[column]) for column in ("base", "period", "y")}
        bad = [column for column, value in found.items() if value is None]
        if bad or not row["subject"] or not row["trt"]:
            seen = shown(row[bad[0]] or "") if bad else "nothing"
            problems.append(Problem(where, f"{(bad or ['subject or trt'])[0]} is {seen}.", "Give a whole number, 0 or more."))
            continue
        base, period, events = (found[column] or 0 for column in ("base", "period", "y"))
        arm, before, spells = people.setdefault(row["subject"], (row["trt"], base, {}))
        if (arm, before) != (row["trt"], base) or period in spells or not 1 <= period <= SPELLS:
            problems.append(
                Problem(where, "this row does not go with the person's others.", "One arm and base, periods 1 to 4.")
            )
            continue
        spells[period] = events
    short = [subject for subject, (_, _, spells) in people.items() if len(spells) < SPELLS]
    if short and not problems:
        problems.append(Problem(name, f"person {short[0]} has not all {SPELLS} periods.", "Leave people out who have fewer."))
    if not problems and not any(arm == PLACEBO for arm, _, _ in people.values()):
        problems.append(Problem(name, f"nobody has {PLACEBO} in the column trt.", "Name the control arm so."))
    if problems:
        raise BadInput(problems)
    return [
        Counted(subject, arm, before, tuple(spells[period + 1] for period in range(SPELLS)))
        for subject, (arm, before, spells) in people.items()
    ]


def _count(text: str | None) -> int | None:
    kept = (text or "").strip()
    return int(kept) if kept.isascii() and kept.isdigit() and len(kept) < 7 and int(kept) <= _MOST_EVENTS else None


def lay(random: np.random.Generator, counted: Counted) -> DaySeries:
    """One way for the days to have been."""
    spells = [(counted.before, BEFORE_DAYS), *((count, SPELL_DAYS) for count in counted.after)]
    states = list[bool | None]()
    for events, days in spells:
        states += (np.bincount(random.integers(days, size=events), minlength=days) > 0).tolist()
    return DaySeries(OUTCOME, START - timedelta(days=BEFORE_DAYS), tuple(states), (False,) * len(states))


def lay_person(counted: Counted, index: int, asked: Asked) -> Laid:
    """Ask about one person of the trial, in each of several ways to lay the events."""
    random = generator(asked.seed, NAME, index)
    rules = asked.last_day_rules
    exposure = ExposureSeries.started(TREATMENT, START)
    answers, had = [], []
    for _ in range(LAYINGS):
        days = lay(random, counted)
        answers.append(engine.answer(days, exposure, rules, HALF, evidence=asked.evidence))
        had.append(days.had / len(days.states))
    weeks_before = BEFORE_DAYS / (SPELL_DAYS * SPELLS)
    return Laid(
        arm=counted.arm,
        half=float(np.mean([answer.half for answer in answers])),
        yes=float(np.mean([answer.says_yes for answer in answers])),
        responding=float(np.mean([answer.verdict == RESPONDING for answer in answers])),
        not_responding=float(np.mean([answer.verdict == NOT_RESPONDING for answer in answers])),
        had_share=float(np.mean(had)),
        counts_halved=sum(counted.after) * weeks_before <= HALF * counted.before,
    )


def judge_control(laid: Sequence[Laid], base: Scores | None) -> dict[str, object]:
    """The arms side by side, as JSON: shares called responding with 90 % intervals.

    Args:
        laid: everybody.
        base: what was found in the base world, where it was run: the rate that is stated for people on whom the
            treatment does nothing. The placebo arm's interval should reach down to it.
    """
    arms = dict[str, dict[str, object]]()
    for arm in sorted({each.arm for each in laid}, key=lambda name: (name != PLACEBO, name)):
        people = [each for each in laid if each.arm == arm]
        arms[arm] = {
            "people": len(people),
            "days_had_share": float(np.mean([each.had_share for each in people])),
            "mean_probability": float(np.mean([each.half for each in people])),
            **{
                name: _interval([float(getattr(each, name)) for each in people])
                for name in ("yes", "responding", "not_responding", "counts_halved")
            },
        }
    return {"layings": LAYINGS, "arms": arms, "stated": _stated(base, arms[PLACEBO])}


def _stated(base: Scores | None, placebo: dict[str, object]) -> dict[str, object] | None:
    if base is None or base.yes_of_null is None or base.responding_of_null is None:
        return None
    interval = placebo["responding"]
    assert isinstance(interval, dict)
    responding = base.responding_of_null.value
    return {"yes": base.yes_of_null.value, "responding": responding, "within": bool(interval["lower"] <= responding)}


def _interval(shares: list[float]) -> dict[str, float]:
    """A share of people with its 90 % interval by Wilson (1927); people count once, however often laid."""
    people, value, z = len(shares), float(np.mean(shares)), _NORMAL_90
    middle = (value + z * z / (2 * people)) / (1 + z * z / people)
    half = z / (1 + z * z / people) * math.sqrt(value * (1 - value) / people + z * z / (4 * people**2))
    return {"value": value, "lower": max(0.0, middle - half), "upper": min(1.0, middle + half), "level": 0.90}
