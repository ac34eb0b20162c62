"""Another medicine comes or goes, or something else is told: what the dose becomes from that day on.

Only rows of the catalogue raise a dose, and only from the very dose that they name. What lowers it
is drafted: by the row, by the same shares where a row names other doses, or down to what a new draft has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.plan.course import Steps, current, left, resting, then
from cleardays.plan.draft import Known, strengths_for
from cleardays.plan.kinetic_variant import kinetics_of
from cleardays.plan.plan import Plan
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.steps import Rung, Step, exact, plain
from cleardays.plan.tablets import Strengths
from cleardays.plan.taper import pace_of, taper
from cleardays.problems import BadInput
from cleardays.sources import Reason

_WEEK = 7
_PERCENT = Decimal(100)
_NOTHING = Decimal(0)
_OESTROGEN, _PILL = "oestrogen", "oestrogen-contraceptive"
Row = Mapping[str, Any]


class Moved(NamedTuple):
    """The steps as they become, and why."""

    steps: Steps
    reasons: tuple[Reason, ...]


class _Move(NamedTuple):
    """A running plan, the drafts before and after what was told, the step of the day, and its tablets."""

    known: Known
    plan: Plan
    was: Plan
    fresh: Plan
    here: Step
    on: date
    strengths: Strengths

    def then(self, rungs: Sequence[Rung]) -> Steps:
        return then(self.plan.steps, rungs, self.on, self.here.unit)

    def whole(self, dose: Decimal) -> tuple[tuple[Decimal, ...], int]:
        return self.strengths.taken(dose, max(len(self.here.amounts), 1))


def moved(before: Known, after: Known, plan: Plan, drafts: tuple[Plan, Plan], on: date) -> Moved:
    """The steps of a running plan after something was told.

    Args:
        before: the person as known until now.
        after: the same person with what was told.
        plan: as it runs.
        drafts: what would be drafted from the first day of the plan, for the person before and after.
        on: the first day on which it counts.
    """
    here = current(plan.steps, on)
    move = _Move(after, plan, *drafts, here, on, strengths_for(after, plan))
    event = event_of(before, after, *drafts)
    rows = [row for row in conditions_of(after.treatment, "change", after.where) if row["event"] == event]
    return _by_rows(move, rows) if rows else _by_drafts(move)


def event_of(before: Known, after: Known, was: Plan, fresh: Plan) -> str | None:
    """The change as the catalogue calls it; None where it has no name for it."""
    if was.variant != fresh.variant and fresh.variant is not None and was.variant is not None:
        chosen = next(row for row in after.treatment.facts("protocol") if row["id"] == fresh.protocol)
        return f"{fresh.variant}-added" if "when" in chosen else f"{was.variant}-stopped"
    had, has = _kinetics(before) == _OESTROGEN, _kinetics(after) == _OESTROGEN
    return None if had is has else f"{_PILL}-{'started' if has else 'stopped'}"


def _kinetics(known: Known) -> str | None:
    try:
        return kinetics_of(known.treatment.id, person=known.person).variant
    except BadInput:  # a name that leaves it open was asked for already
        return None


def _by_rows(move: _Move, rows: Sequence[Row]) -> Moved:
    reasons = tuple(Reason("change.told", row["says"], _source(row)) for row in rows)
    steady = [row for row in rows if "weeks" in row and exact(row["at_daily"]) == move.here.daily]
    shares, limit = _shares(rows), [row for row in rows if "step_percent_max" in row]
    if move.here.last is None and steady:
        slowest = min(steady, key=lambda row: sum(row["weeks"]))
        reason = Reason("change.row", slowest["says"], _source(slowest))
        return Moved(move.then(_open(_weekly(move, [exact(each) for each in slowest["weeks"]], reason))), reasons)
    if shares and max(shares) <= 1:
        reason = Reason("change.share", "By the same shares as the rows for a steady dose.", _sources(rows))
        return Moved(_climbing(move, _weekly(move, [move.here.daily * share for share in shares], reason)), reasons)
    if limit:
        return Moved(move.then(_open(_limited(move, rows))), reasons)
    if not any("weeks" in row or "step_max" in row for row in rows):
        return Moved(move.plan.steps, reasons)
    because = (
        "The sources name no dose for this stage. The dose rests until the clinician has decided; it is not raised by itself."
    )
    rests = Reason("change.rests", because, _sources(rows))
    return Moved(resting(move.plan.steps, move.on, rests), (*reasons, rests))


def _shares(rows: Sequence[Row]) -> list[Decimal]:
    """Of the dose before, week by week: the lowest of the rows; empty where none names doses."""
    told = [[exact(week) / exact(row["at_daily"]) for week in row["weeks"]] for row in rows if "weeks" in row]
    return [min(week) for week in zip(*told, strict=True)]


def _weekly(move: _Move, doses: Sequence[Decimal], reason: Reason) -> tuple[Rung, ...]:
    """A week of each dose, in whole tablets, rounded down."""
    taken = [move.whole(dose) for dose in doses]
    said = (reason.because, reason.rule, reason.source)
    return tuple(Rung(amounts, every_days, _WEEK, *said) for amounts, every_days in taken)


def _open(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    return (*rungs[:-1], rungs[-1]._replace(least_days=None))


def _climbing(move: _Move, rungs: Sequence[Rung]) -> Steps:
    """After the weeks of the change a titration goes on by the new table, each step for its whole time."""
    last, table = rungs[-1], left(move.fresh.steps, move.fresh.start)
    above = [rung for rung in table if rung.daily > last.daily]
    if move.here.last is None or not above:
        return move.then(_open(rungs))
    stays = [rung.least_days for rung in table if rung.daily <= last.daily and rung.least_days is not None]
    return move.then((*rungs[:-1], last._replace(least_days=max([_WEEK, *stays])), *above))


def _limited(move: _Move, rows: Sequence[Row]) -> tuple[Rung, ...]:
    """Down by at most a share and an amount a week, over the most weeks that a row says, to no less than its share in all."""
    share = min(exact(row["step_percent_max"]) for row in rows if "step_percent_max" in row) / _PERCENT
    most = min((exact(row["step_max"]) for row in rows if "step_max" in row), default=move.here.daily)
    least = (
        move.here.daily * max((exact(row["to_percent"]) for row in rows if "to_percent" in row), default=_NOTHING) / _PERCENT
    )
    reason = Reason("change.limit", " ".join(row["says"] for row in rows), _sources(rows))
    doses = [move.here.daily]
    for _ in range(max((int(row["over_weeks"]) for row in rows if "over_weeks" in row), default=1)):
        lowest = max(doses[-1] * (1 - share), doses[-1] - most, least)
        doses.append(_whole_from(move, lowest, doses[-1]))
    return _weekly(move, doses[1:], reason)


def _whole_from(move: _Move, lowest: Decimal, highest: Decimal) -> Decimal:
    """The smallest dose of whole tablets from the lowest on; the highest where there is none between."""
    smallest, times = (move.strengths.usual or (highest,))[0], max(len(move.here.amounts), 1)
    doses = (smallest * number for number in range(1, int(highest / smallest) + 1))
    return next((dose for dose in doses if dose >= lowest and move.strengths.divided(dose, times)), highest)


def _by_drafts(move: _Move) -> Moved:
    """Where no row speaks of it: lower if the new draft is lower at this stage or at its end, else as it is."""
    old, new = ([step.daily for step in plan.steps if not step.if_needed] for plan in (move.was, move.fresh))
    if old == new:
        return Moved(move.plan.steps, (Reason("change.none", "Nothing that was told changes a dose."),))
    stage = max((number for number, dose in enumerate(old) if dose <= move.here.daily), default=0)
    level = min(new[min(stage, len(new) - 1)], move.here.daily)
    if level == move.here.daily and new[-1] >= old[-1]:
        because = "A new draft would go higher. No dose is raised by itself: it stays as it is, and the clinician decides."
        return Moved(move.plan.steps, (Reason("change.no-rise", because),))
    because = f"A new draft has {plain(level)} {move.here.unit} a day at this stage, and at most {plain(new[-1])}."
    reason = Reason("change.lower", because)
    return Moved(_down(move, level, reason), (reason,))


def _down(move: _Move, level: Decimal, reason: Reason) -> Steps:
    """Down to a level, by the pace of the taper where there is one, and on from there by the new table."""
    rungs = list(_way(move, level, reason)) if level < move.here.daily else list(left((move.here,), move.on))
    above = [rung for rung in left(move.fresh.steps, move.fresh.start) if rung.daily > rungs[-1].daily]
    if move.here.last is None or not above:
        return move.then(_open(rungs))
    return move.then((*rungs[:-1], rungs[-1]._replace(least_days=rungs[-1].least_days or _WEEK), *above))


def _way(move: _Move, level: Decimal, reason: Reason) -> Sequence[Rung]:
    pace, last = pace_of(move.known.treatment, move.known.where), _weekly(move, [level], reason)
    if pace is None:
        return last
    doses = [step for step in taper(move.here, pace, move.on, move.strengths) if step.daily > level]
    between = [rung._replace(because=reason.because, rule=reason.rule) for rung in left(doses, move.on)]
    return (*between, *last)


def _source(row: Row) -> tuple[str, ...]:
    return tuple(key.partition(" ")[0] for key in row["source"])


def _sources(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for row in rows for key in _source(row)))
