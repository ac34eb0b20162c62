"""How the session ended: was it long enough, was all steady, who took the person home, what was told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from cleardays.catalogue.treatments import Treatment
from cleardays.clock import say_day
from cleardays.plan.alerts import Alert
from cleardays.plan.person import Person, Proposed, SessionNow
from cleardays.plan.session_alerts import REFUSES, SessionAlert, asked, by_row, own_alert
from cleardays.plan.session_events import flag_of, is_open
from cleardays.plan.session_record import Leaving, SessionRecord, Vitals
from cleardays.plan.session_rules import DISCHARGE, MEASURES, review_day, review_row, session_row, watched

_AFTER = "after-dose"
# A minute after which no rule on the time before the start speaks any more.
_STARTED = 1.0


def leaving_alerts(record: SessionRecord, treatment: Treatment) -> Iterator[SessionAlert]:
    """Everything about the end; nothing where it has not come yet."""
    leaving = record.discharge
    if leaving is not None:
        checks = (_by_rules, _still_there, _unread, _untold)
        for alert in (alert for check in checks for alert in check(record, leaving, treatment)):
            yield SessionAlert(leaving.minute, DISCHARGE, alert)


def given_until(record: SessionRecord) -> float:
    """The last minute at which anything was given: observation counts from there. Open where it still runs."""
    ends = [each.from_minute if each.rate is None else record.last_minute for each in record.given if each.until_minute is None]
    return max([0.0, *ends, *(each.until_minute for each in record.given if each.until_minute is not None)])


_Value = TypeVar("_Value")


def may_leave_from(record: SessionRecord, treatment: Treatment) -> float:
    """The first minute at which observation is long enough."""
    return given_until(record) + float(session_row(treatment)["observe_min"])


def _by_rules(record: SessionRecord, leaving: Leaving, treatment: Treatment) -> Iterator[Alert]:
    """The catalogue's rules on discharge, by the last value of each measure and the findings still there."""
    observed = max(leaving.minute - given_until(record), _STARTED)
    flags = tuple(flag for each in record.events if is_open(each, leaving.minute) and (flag := flag_of(each)))
    person = Person(
        session=SessionNow(
            observed,
            sbp=_last(record, lambda row: row.sbp),
            dbp=_last(record, lambda row: row.dbp),
            heart_rate=_last(record, lambda row: row.heart_rate),
            spo2=_last(record, lambda row: row.spo2),
            respiratory_rate=_last(record, lambda row: row.respiratory_rate),
            rousable=_last(record, lambda row: row.rousable),
        ),
        supervised=True,
        escort=leaving.escort,
        diary_flags=flags,
        proposed=Proposed("discharge"),
    )
    yield from asked(treatment, person)[0]


def _last(record: SessionRecord, read: Callable[[Vitals], _Value | None]) -> _Value | None:
    """The last value of one measure; None where it was never read."""
    rows = sorted(record.vitals, key=lambda row: row.minute, reverse=True)
    return next((value for row in rows if (value := read(row)) is not None), None)


def _unread(record: SessionRecord, leaving: Leaving, treatment: Treatment) -> Iterator[Alert]:
    """What was not read once observation was long enough: unknown is not steady."""
    begins = may_leave_from(record, treatment)
    late = [row for row in record.vitals if begins <= row.minute <= leaving.minute]
    missing = [name for name in MEASURES if all(getattr(row, name) is None for row in late)]
    if missing:
        words = ", ".join(MEASURES[name][0] for name in missing)
        because = f"Not read from minute {begins:g} on: {words}. What was not read is not taken as normal."
        said = ("stability-not-read", REFUSES, "stability not read before discharge", because)
        yield own_alert(*said, "Keep the person until it has been read and is steady.")


def _still_there(record: SessionRecord, leaving: Leaving, treatment: Treatment) -> Iterator[Alert]:
    """Findings that no rule on discharge knows, and that have not ended."""
    for event in record.events:
        if is_open(event, leaving.minute) and flag_of(event) is None:
            yield from (by_row(row, "discharge-unstable", "major", event.what) for row in watched(treatment, DISCHARGE))


def _untold(record: SessionRecord, leaving: Leaving, treatment: Treatment) -> Iterator[Alert]:
    """What whoever let the person go did not write down."""
    (row,) = watched(treatment, DISCHARGE)[:1]
    if leaving.steady is not True:
        code = "stability-not-told" if leaving.steady is None else "discharge-unstable"
        said = "not told whether steady" if leaving.steady is None else "not steady"
        yield by_row(row, code, REFUSES, f"discharge, {said}")
    if leaving.escort is None:
        because = "It was not told who took the person home; no driving until the next day, after sleep."
        yield own_alert("escort-not-told", REFUSES, "escort not told", because, "Keep the person until an escort is there.")
    if not leaving.told_no_driving:
        yield from (by_row(each, "driving-not-told", "major", "no driving: not told") for each in watched(treatment, _AFTER))
    yield from _of_the_review(record, leaving, treatment)


def _of_the_review(record: SessionRecord, leaving: Leaving, treatment: Treatment) -> Iterator[Alert]:
    first, row = review_day(treatment, record.on), review_row(treatment)
    if leaving.review_on is None:
        yield by_row(row, "review-not-planned", "major", "review not planned")
    elif leaving.review_on < first:
        yield by_row(row, "review-too-early", "major", f"review planned before {say_day(first)}")
