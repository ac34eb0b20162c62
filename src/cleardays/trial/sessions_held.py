"""On which days the judged treatment was given in a session: as told, by the plan, or on its first day alone.

A session is told by a dose in the diary's table, by the record of a supervised session, or by an entry or a change of
the plan. A planned one of which nobody told counts as held on its day, as it does for the exposure, and is marked.
Without a plan the start is a session too, unless the diary says that nothing was given on it.
Days one after the other, as of an infusion over several days, are one session.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.clock import zone_named
from cleardays.diary.entries import TAKEN, DoseEntry
from cleardays.diary.records import Diary
from cleardays.plan.dose_table import log_of_diary
from cleardays.plan.journal import PlanFile
from cleardays.plan.session_record import SessionRecord
from cleardays.plan.sessions import is_given_in_sessions
from cleardays.plan.taken_days import taken_days
from cleardays.problems import BadInput, Problem
from cleardays.trial.catalogued import catalogued
from cleardays.trial.told_treatments import key

_DAY = timedelta(days=1)
_SESSION = "session"
_SKIPPED = "skipped"
_WEEK = 7


class Held(NamedTuple):
    """One session, from its first to its last day; `told` False: it was planned, and nobody said whether it took place.

    `by_start`: it is the start of the treatment, and nobody told of any session.
    """

    on: date
    until: date
    told: bool
    by_start: bool = False


def sessions_held(
    diary: Diary,
    treatment: str,
    start: date,
    as_of: date,
    *,
    plan: PlanFile | None = None,
    records: Sequence[SessionRecord] = (),
) -> tuple[Held, ...]:
    """The sessions from the start up to a day, in order; none where the treatment is not given in sessions.

    Args:
        diary: its table of doses tells of sessions.
        treatment: the judged one, under any of its names.
        start: its first day; of what is given in sessions it is the first one, unless it is told that none took place.
        as_of: the last day that is read.
        plan: by which it was given; versions of later days are not read.
        records: of supervised sessions; those of later days are not read.

    Raises:
        BadInput: a record is of another treatment, two are of one day, or the doses do not fit the plan.
    """
    known = catalogued(treatment)
    told = {day for day in told_sessions(diary, treatment, as_of) if day >= start}
    told |= {record.on for record in _own(records, treatment) if start <= record.on <= as_of}
    assumed = set[date]()
    if plan is not None:
        by_plan, unlogged = _by_plan(plan, diary, told, as_of)
        told, assumed = told | (by_plan - unlogged), (by_plan & unlogged) - told
    elif known is not None and is_given_in_sessions(known) and start <= as_of and not _left_out(diary, treatment, start):
        if not told:
            return (Held(start, start, told=True, by_start=True),)
        told.add(start)
    return tuple(_joined(sorted({day: day in told for day in told | assumed}.items())))


def later_ones_unknown(held: Sequence[Held], known: Treatment | None, until: date) -> bool:
    """Whether the start is all that is known, and by the usual interval a session was due since."""
    weeks = [] if known is None else [int(row["weeks"]) for row in known.facts("interval")]
    return bool(held and weeks) and held[0].by_start and until >= held[0].on + _WEEK * max(weeks) * _DAY


def told_sessions(diary: Diary, treatment: str, as_of: date) -> frozenset[date]:
    """Days on which the diary's table of doses has a session of a treatment, planned ones apart."""
    doses = [dose for dose in diary.beside.doses if dose.date <= as_of and dose.state in (None, *TAKEN)]
    if not doses:
        return frozenset()
    of, known = key(treatment), catalogued(treatment)
    always = known is not None and is_given_in_sessions(known)
    return frozenset(
        dose.date for dose in doses if _is_session(dose, always=always) and key(dose.drug or dose.name or "") == of
    )


def _is_session(dose: DoseEntry, *, always: bool) -> bool:
    """Whether a dose is one; of what is only given in sessions a preventive dose, or one of no kind, is one too."""
    return dose.kind == _SESSION or (always and dose.kind in (None, "preventive"))


def _left_out(diary: Diary, treatment: str, start: date) -> bool:
    """Whether the diary's table of doses says that nothing was given on the start."""
    skipped = [dose for dose in diary.beside.doses if dose.date == start and dose.state == _SKIPPED]
    return any(key(dose.drug or dose.name or "") == key(treatment) for dose in skipped)


def _own(records: Sequence[SessionRecord], treatment: str) -> Sequence[SessionRecord]:
    days = set[date]()
    for record in records:
        if record.on in days:
            what = f"two records are of {record.on}."
            raise BadInput(Problem("--session", what, "Give one record of each session, and each only once."))
        days.add(record.on)
        if key(record.treatment) != key(treatment):
            what = f"the record of {record.on} is of {record.treatment}, not of {treatment}."
            raise BadInput(Problem("--session", what, "Give the records of the treatment that is judged."))
    return records


def _by_plan(plan: PlanFile, diary: Diary, told: set[date], as_of: date) -> tuple[set[date], set[date]]:
    """The days of the plan's sessions, and those of them of which nothing is told; both empty where doses are taken."""
    if as_of < plan.plan.start:
        return set(), set()
    log = log_of_diary(diary.beside.doses, plan.plan.treatment, zone_named(diary.about.get("zone", "")))
    found = taken_days(plan, log, sorted(told), as_of, as_of)
    if found.full is not None:
        return set(), set()
    return set(found.sessions), {each.dose.day for each in found.intakes if each.unlogged}


def _joined(days: Iterable[tuple[date, bool]]) -> list[Held]:
    found = list[Held]()
    for day, told in days:
        if found and day == found[-1].until + _DAY:
            found[-1] = found[-1]._replace(until=day, told=found[-1].told and told)
        else:
            found.append(Held(day, day, told))
    return found
