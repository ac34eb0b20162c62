"""The calendar of a confirmed plan: by default its reminders say nothing to whoever looks over a shoulder.

Each version that a clinician confirmed is compared with the one before: what changed keeps its name and
rises in its sequence, what no longer holds is cancelled, and days that lie behind a change stay as they were.
Calendar programs refresh when they like and may not ring: nobody's safety may rest on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cleardays.clock import FIRST_YEAR, LAST_YEAR, parse_instant
from cleardays.plan.changes import replayed
from cleardays.plan.confirmation import lapsed
from cleardays.plan.journal import CONFIRMED, REVIEW, STOP, Entry, PlanFile
from cleardays.plan.monitoring import Check
from cleardays.problems import BadInput, Problem
from cleardays.report.feed_events import Event, Said, events_of, said_by
from cleardays.report.feed_text import Look, Published, calendar_text
from cleardays.report.feed_times import Times, is_skipped

CAUTION = "Calendar programs may not ring, and refresh only every few hours: what is urgent is never left to them."
_DAY = timedelta(days=1)


class Feed(NamedTuple):
    """The file as bytes, and what is in it: events that hold, cancelled ones, the first and the last day."""

    text: bytes
    version: int
    events: int
    cancelled: int
    first: date | None
    last: date | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        first, last = (None if day is None else day.isoformat() for day in (self.first, self.last))
        return {
            "version": self.version, "events": self.events, "cancelled": self.cancelled, "first": first, "last": last,
        }  # fmt: skip


def feed_of(file: PlanFile, look: Look, times: Times, *, today: date, diary: time | None = None) -> Feed:
    """The calendar of a plan.

    Args:
        file: a plan whose present version a clinician confirmed.
        look: how events are shown, and the zone.
        times: of the doses.
        today: the day on which it is fetched; it decides only whether the confirmation still holds.
        diary: when the diary is asked for; None leaves it out.

    Raises:
        BadInput: nobody confirmed the plan, or the confirmation has lapsed; nothing is planned; a time that clocks jump over.
    """
    reasons = lapsed(file, today)
    if reasons or file.calendar_id is None:
        what = " ".join(reason.because for reason in reasons) or "It has no name for calendars."
        raise BadInput(Problem("confirmed", what, "A clinician confirms the plan as it stands now; then it gives a calendar."))
    published = list(_published(file, times, diary).values())
    if not published:
        raise BadInput(
            Problem("plan", "it holds nothing with a day.", "Draft it with doses or sessions, and have it confirmed.")
        )
    _refuse_skipped(published, look.zone)
    kept = [each.event for each in published if not each.cancelled]
    first, last = min((each.first for each in kept), default=None), max((each.last for each in kept), default=None)
    text = calendar_text(file.calendar_id, published, look)
    return Feed(text, file.version, len(kept), len(published) - len(kept), first, last)


def _published(file: PlanFile, times: Times, diary: time | None) -> dict[str, Published]:
    """Every event that was ever confirmed, as it stands now."""
    found: dict[str, Published] = {}
    holds_from = date.max
    for number, entry in enumerate(file.entries, 1):
        if entry.kind == CONFIRMED:
            now = events_of(_said(file, number), times, diary)
            found, holds_from = _after(found, now, _instant(entry), holds_from), date.max
        else:
            holds_from = min(holds_from, entry.on)
    return found


def _after(known: Mapping[str, Published], now: Mapping[str, Event], at: datetime, on: date) -> dict[str, Published]:
    """What stands in calendars once a version is confirmed that holds from a day on."""
    found = dict(known)
    for key, event in now.items():
        before = known.get(key)
        if before is None:
            found[key] = Published(event, 0, at, at)
        elif before.cancelled or before.event != event:
            found[key] = Published(event, before.sequence + 1, before.created, at)
    for key, before in known.items():
        if key not in now and not before.cancelled and before.event.last >= on:
            kept = before.event.first < on
            event = before.event.up_to(on - _DAY) if kept else before.event
            found[key] = Published(event, before.sequence + 1, before.created, at, cancelled=not kept)
    return found


def _instant(entry: Entry) -> datetime:
    at = parse_instant(str(entry.data.get("at")))
    if at is None:
        what = f"version {entry.version} does not say when it was confirmed."
        raise BadInput(Problem("history", what, "Take the file as cleardays wrote it."))
    return at


def _said(file: PlanFile, number: int) -> Said:
    """What the version of the first so many entries says."""
    entries = file.entries[:number]
    try:
        found = said_by(file.plan.treatment, file.plan.start, entries[-1].after, _checks(file, number), file.plan.parts)
    except (KeyError, TypeError, ValueError, ArithmeticError):  # somebody wrote into the file
        what = f"what version {number} says cannot be read."
        raise BadInput(Problem("history", what, "Take the file as cleardays wrote it.")) from None
    _refuse_strange_years(found)
    stopped = max((entry.on for entry in entries if _stops(entry)), default=None)
    if found.steps or stopped is None or any(day >= stopped for day in found.session_days):
        return found
    return found._replace(ended=stopped)


def _stops(entry: Entry) -> bool:
    return entry.kind == STOP or (entry.kind == REVIEW and entry.data.get("decision") == STOP)


def _checks(file: PlanFile, number: int) -> Sequence[Check]:
    """What an earlier version watched is not kept, but follows from what it was made from."""
    if number == len(file.entries):
        return file.plan.monitoring
    try:
        return replayed(file._replace(entries=file.entries[:number])).plan.monitoring
    except BadInput:  # the catalogue has moved on; nothing is cancelled that cannot be told for certain
        return file.plan.monitoring


def _refuse_strange_years(said: Said) -> None:
    ends = [day for step in said.steps for day in (step.first, step.last)]
    begins = [*(check.on for check in said.checks), *(part.on for part in said.parts)]
    for day in (said.start, said.review, *ends, *said.session_days, *begins):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            what = f"{day} lies outside the years {FIRST_YEAR} to {LAST_YEAR}."
            raise BadInput(Problem("plan", what, "Take the file as cleardays wrote it."))


def _refuse_skipped(published: Sequence[Published], zone: ZoneInfo) -> None:
    problems = [
        Problem("--times", f"{at:%H:%M} does not exist on {day} in {zone.key}: clocks go forward.", "Choose another time.")
        for day, at in sorted(_skipped(published, zone))
    ]
    if problems:
        raise BadInput(problems)


def _skipped(published: Sequence[Published], zone: ZoneInfo) -> Iterator[tuple[date, time]]:
    for at in {each.event.at for each in published} - {None}:
        days = {day for each in published if each.event.at == at and not each.cancelled for day in each.event.days()}
        yield from ((day, at) for day in days if at is not None and is_skipped(day, at, zone))
