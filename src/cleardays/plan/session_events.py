"""Findings during a session: which of the catalogue's findings an entry names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.screening_rules import screening_words
from cleardays.catalogue.suggesting import letters
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.alerts import Alert
from cleardays.plan.person import Person, SessionNow
from cleardays.plan.session_alerts import STOPS, SessionAlert, asked, by_row, own_alert
from cleardays.plan.session_record import Event, SessionRecord
from cleardays.plan.session_rules import BEFORE, DURING, to_do, watched


def flag_of(event: Event) -> str | None:
    """The finding of the catalogue that it names, or None.

    >>> flag_of(Event(10, "chest pain"))
    'chest_pain'
    """
    return screening_words().flags.get(letters(event.what))


def is_open(event: Event, minute: float) -> bool:
    """Whether it is still there at a minute; what has no end is."""
    return event.minute <= minute and (event.until_minute is None or event.until_minute > minute)


def event_alerts(record: SessionRecord, treatment: Treatment) -> Iterator[SessionAlert]:
    """What the rules say of each finding when it came."""
    for event in record.events:
        phase = DURING if event.minute > 0 else BEFORE
        yield from (SessionAlert(event.minute, phase, alert) for alert in _alerts(event, treatment))


def _alerts(event: Event, treatment: Treatment) -> Iterator[Alert]:
    flag, row = flag_of(event), _row_on(event, treatment)
    if flag is not None:
        person = Person(session=SessionNow(event.minute), diary_flags=(flag,))
        yield from asked(treatment, person)[0]
    elif row is not None:
        severity = STOPS if to_do(row["action"]) == "stop" else "moderate"
        yield by_row(row, "finding", severity, event.what)
    else:
        because = "No rule of the catalogue speaks of this finding, so nothing here says that it is harmless."
        yield own_alert("finding-not-known", "moderate", event.what, because, "The clinician judges it and notes what follows.")


def _row_on(event: Event, treatment: Treatment) -> Mapping[str, Any] | None:
    """The row of monitoring that names it among its findings."""
    for row in watched(treatment, DURING):
        if "number" not in row and letters(event.what) in {letters(each) for each in row["what"].split(",")}:
            return row
    return None
