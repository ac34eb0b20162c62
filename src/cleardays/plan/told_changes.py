"""Another medicine comes or goes, or something else is told: what the dose becomes from that day on.

Only a row of the catalogue raises a dose: of one thing that came or went with nothing else beside it, at just
the steady dose that the row names, and under every limit. What lowers it is drafted: by the row, by the same
shares where rows name other doses, or down to what a new draft has; never above what was planned before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cleardays.plan.course import Steps, clipped, current, held, left, planned_here, resting, then
from cleardays.plan.draft import Known, most_of, strengths_for
from cleardays.plan.holds import no_surer
from cleardays.plan.influences import Turn, turns
from cleardays.plan.plan import Plan
from cleardays.plan.steps import Rung, Step, exact, plain
from cleardays.plan.tablets import Strengths
from cleardays.plan.taper import pace_of, taper
from cleardays.sources import Reason, Row

_WEEK = 7
_PERCENT = Decimal(100)
_NOTHING = Decimal(0)


class Moved(NamedTuple):
    """The steps as they become, and why."""

    steps: Steps
    reasons: tuple[Reason, ...]


class Drafts(NamedTuple):
    """What would be drafted from the first day of the plan, for the person before and after."""

    was: Plan
    fresh: Plan


class _Move(NamedTuple):
    """A running plan, the drafts before and after what was told, the step of the day, and its tablets."""

    known: Known
    plan: Plan
    drafts: Drafts
    here: Step
    on: date
    strengths: Strengths

    def then(self, rungs: Sequence[Rung]) -> Steps:
        return then(self.plan.steps, rungs, self.on, self.here.unit)

    def whole(self, dose: Decimal) -> tuple[tuple[Decimal, ...], int]:
        """In whole tablets, in as many portions as before; a dose above it in as many as its schedule has."""
        higher = dose > self.here.daily and bool(self.drafts.fresh.steps)
        times = len(self.drafts.fresh.steps[-1].amounts) if higher else len(self.here.amounts)
        return self.strengths.taken(dose, max(times, 1))


def moved(before: Known, after: Known, plan: Plan, drafts: Drafts, on: date) -> Moved:
    """The steps of a running plan after something was told.

    Args:
        before: the person as known until now.
        after: the same person with what was told.
        plan: as it runs.
        drafts: for the two.
        on: the first day on which it counts.
    """
    here = planned_here(plan.steps, on)
    move = _Move(after, plan, drafts, here, on, strengths_for(after, plan))
    found = turns(before, after)
    return _by_turns(move, found) if found else _by_drafts(move)


def _by_turns(move: _Move, found: Sequence[Turn]) -> Moved:
    """By the rows for what came and went; texts of every country are read, and the slowest and lowest counts."""
    changes = move.known.treatment.facts("change")
    rows = {turn: [no_surer(row, turn.answer) for row in changes if row["event"] == turn.event] for turn in found}
    told = tuple(dict.fromkeys(Reason.of("change.told", row["says"], row) for turn in found for row in rows[turn]))
    lowers = {turn: lowered for turn in found if (lowered := _lowered(move, turn, rows[turn])) is not None}
    # What comes and slows removal counts whatever else happens; what goes only where nothing speaks against it.
    lowering = [lowered for turn, lowered in lowers.items() if turn.comes or len(lowers) == len(found)]
    if lowering:
        steps = lowering[0].steps
        for each in lowering[1:]:
            steps = clipped(each.steps, steps, move.on)
        return Moved(clipped(steps, move.plan.steps, move.on), (*told, *(each.reasons[0] for each in lowering)))
    if len(found) == 1 and not found[0].beside and not any(_names_a_dose(row) for row in rows[found[0]]):
        return Moved(move.plan.steps, told)
    raised = _raised(move, rows[found[0]]) if len(found) == 1 and not found[0].beside else None
    if raised is not None:
        return Moved(raised.steps, (*told, *raised.reasons))
    because = (
        "The sources name no dose for this. It rests until the clinician has decided, by the level and by how it is tolerated."
    )
    rests = Reason.of("change.rests", because, *(row for turn in found for row in rows[turn]))
    return Moved(clipped(resting(move.plan.steps, move.on, rests), move.plan.steps, move.on), (*told, rests))


def _names_a_dose(row: Row) -> bool:
    return "weeks" in row or "step_max" in row or "step_percent_max" in row


def _lowered(move: _Move, turn: Turn, rows: Sequence[Row]) -> Moved | None:
    """What lowers the dose; None where these rows do not. With something else beside it only what came lowers."""
    shares, limit = _shares(rows), [row for row in rows if "step_percent_max" in row]
    if turn.beside and not turn.comes:
        return None
    if shares and max(shares) <= 1:
        exactly = [row for row in rows if "weeks" in row and exact(row["at_daily"]) == move.here.daily]
        said = Reason.of("change.share", "By the same shares as the rows for a steady dose.", *rows)
        doses = [move.here.daily * share for share in shares]
        if move.here.last is None and exactly:
            lowest = min(exactly, key=lambda row: sum(row["weeks"]))
            said, doses = Reason.of("change.row", lowest["says"], lowest), [exact(each) for each in lowest["weeks"]]
        return Moved(_climbing(move, _weekly(move, doses, said)), (said,))
    if limit and move.here.last is None:
        said = Reason.of("change.limit", " ".join(row["says"] for row in limit), *limit)
        return Moved(move.then(_open(_limited(move, rows, said))), (said,))
    if limit:
        weeks = max((int(row["over_weeks"]) for row in limit if "over_weeks" in row), default=1)
        because = "A dose of the table is right without it too. It is held while the level settles, then the table goes on."
        return Moved(held(move.plan.steps, move.on, _WEEK * weeks), (Reason.of("change.held", because, *limit),))
    return None


def _raised(move: _Move, rows: Sequence[Row]) -> Moved | None:
    """The slowest row for just this steady dose, where no limit of the person stands against it."""
    steady = [row for row in rows if "weeks" in row and exact(row["at_daily"]) == move.here.daily]
    if move.here.last is not None or current(move.plan.steps, move.on).if_needed or not steady:
        return None
    slowest = min(steady, key=lambda row: sum(row["weeks"]))
    weeks, most = [exact(each) for each in slowest["weeks"]], most_of(move.known, move.drafts.fresh)
    if most is not None and max(weeks) > most:
        return None
    reason = Reason.of("change.row", slowest["says"], slowest)
    return Moved(move.then(_open(_weekly(move, weeks, reason))), (reason,))


def _shares(rows: Sequence[Row]) -> list[Decimal]:
    """Of the dose before, week by week: the lowest of the rows; empty where none names doses."""
    told = [[exact(week) / exact(row["at_daily"]) for week in row["weeks"]] for row in rows if "weeks" in row]
    return [min(week) for week in zip(*told, strict=True)]


def _weekly(move: _Move, doses: Sequence[Decimal], reason: Reason) -> tuple[Rung, ...]:
    """A week of each dose, in whole tablets, rounded down; weeks of one dose are one stretch."""
    found = list[Rung]()
    for amounts, every_days in (move.whole(dose) for dose in doses):
        if found and (found[-1].amounts, found[-1].every_days) == (amounts, every_days):
            found[-1] = found[-1]._replace(least_days=(found[-1].least_days or 0) + _WEEK)
        else:
            found.append(Rung(amounts, every_days, _WEEK, reason))
    return tuple(found)


def _open(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    return (*rungs[:-1], rungs[-1]._replace(least_days=None))


def _climbing(move: _Move, rungs: Sequence[Rung]) -> Steps:
    """After the weeks of the change a titration goes on by the new table, each step for its whole time."""
    last, table = rungs[-1], left(move.drafts.fresh.steps, move.drafts.fresh.start)
    above = [rung for rung in table if rung.daily > last.daily]
    if move.here.last is None or not above:
        return move.then(_open(rungs))
    stays = [rung.least_days for rung in table if rung.daily <= last.daily and rung.least_days is not None]
    longest = max([_WEEK, last.least_days or _WEEK, *stays])
    return move.then((*rungs[:-1], last._replace(least_days=longest), *above))


def _limited(move: _Move, rows: Sequence[Row], reason: Reason) -> tuple[Rung, ...]:
    """Down by at most a share and an amount a week, over the most weeks that a row says, to no less than its share in all."""
    share = min(exact(row["step_percent_max"]) for row in rows if "step_percent_max" in row) / _PERCENT
    most = min((exact(row["step_max"]) for row in rows if "step_max" in row), default=move.here.daily)
    least = (
        move.here.daily * max((exact(row["to_percent"]) for row in rows if "to_percent" in row), default=_NOTHING) / _PERCENT
    )
    doses = [move.here.daily]
    for _ in range(max((int(row["over_weeks"]) for row in rows if "over_weeks" in row), default=1)):
        lowest = max(doses[-1] * (1 - share), doses[-1] - most, least)
        doses.append(move.strengths.from_on(lowest, doses[-1]))
    return _weekly(move, doses[1:], reason)


def _by_drafts(move: _Move) -> Moved:
    """Where nothing came or went: lower if the new draft is lower at this stage or at its end, else as it is."""
    old, new = ([step.daily for step in plan.steps if not step.if_needed] for plan in move.drafts)
    if old == new:
        return Moved(move.plan.steps, (Reason("change.none", "Nothing that was told changes a dose."),))
    stage = max((number for number, dose in enumerate(old) if dose <= move.here.daily), default=0)
    level = min(new[min(stage, len(new) - 1)], move.here.daily)
    if new[-1] >= old[-1]:
        because = "A new draft would go higher. No dose is raised by itself: it stays as it is, and the clinician decides."
        return Moved(move.plan.steps, (Reason("change.no-rise", because),))
    because = f"A new draft has {plain(level)} {move.here.unit} a day at this stage, and at most {plain(new[-1])}."
    reason = Reason("change.lower", because)
    return Moved(clipped(_down(move, level, reason), move.plan.steps, move.on), (reason,))


def _down(move: _Move, level: Decimal, reason: Reason) -> Steps:
    """Down to a level, by the pace of the taper where there is one, and on from there by the new table."""
    rungs = list(_way(move, level, reason)) if level < move.here.daily else list(left((move.here,), move.on))
    fresh = move.drafts.fresh
    above = [rung for rung in left(fresh.steps, fresh.start) if rung.daily > rungs[-1].daily]
    if move.here.last is None or not above:
        return move.then(_open(rungs))
    return move.then((*rungs[:-1], rungs[-1]._replace(least_days=rungs[-1].least_days or _WEEK), *above))


def _way(move: _Move, level: Decimal, reason: Reason) -> Sequence[Rung]:
    pace, last = pace_of(move.known.treatment, move.known.where), _weekly(move, [level], reason)
    if pace is None:
        return last
    doses = [step for step in taper(move.here, pace, move.on, move.strengths) if step.daily > level]
    between = [rung._replace(reason=reason.resting_on(rung.reason)) for rung in left(doses, move.on)]
    return (*between, *last)
