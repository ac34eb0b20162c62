"""What happened in one supervised session, as a named clinician entered it. `session_reading.py` reads and checks it.

What was not entered is None and never "no" or "normal". Amounts and rates are the
clinician's own; nothing here makes one. Minutes count from the start of what is given;
what was read before it stands at minute 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

HOME = "home"
PLACES = ("hospital", "emergency_department", "clinic", HOME, "other")


class Given(NamedTuple):
    """What was given from one minute to another; without a rate and an end it was given at once.

    `why` is the reason for it where something was given before.
    """

    from_minute: float
    route: str
    until_minute: float | None = None
    amount: float | None = None
    unit: str | None = None
    rate: float | None = None
    rate_unit: str | None = None
    why: str | None = None


class Vitals(NamedTuple):
    """One reading: pressures in mmHg, rates a minute, saturation in percent; consciousness 0 to 5 and pain 0 to 10."""

    minute: float
    sbp: float | None = None
    dbp: float | None = None
    heart_rate: float | None = None
    spo2: float | None = None
    respiratory_rate: float | None = None
    rousable: bool | None = None
    consciousness: float | None = None
    pain: float | None = None
    dissociation: float | None = None


class Event(NamedTuple):
    """A finding; without `until_minute` it is still there."""

    minute: float
    what: str
    until_minute: float | None = None


class Action(NamedTuple):
    """What was done, and what came of it; `medicine` where one was given for it."""

    minute: float
    what: str
    medicine: str | None = None
    result: str | None = None
    result_minute: float | None = None


class TakenThatDay(NamedTuple):
    """A medicine taken before the session; without `hours_before` it was taken that day."""

    name: str
    hours_before: float | None = None


class Leaving(NamedTuple):
    """The end: who takes the person home, whether all was steady, what was told, and the score of recovery."""

    minute: float
    escort: bool | None = None
    steady: bool | None = None
    told_no_driving: bool | None = None
    review_on: date | None = None
    score: float | None = None


class SessionRecord(NamedTuple):
    """One session. `prepared` holds the conditions of the sheet that were met or not, by name."""

    treatment: str
    on: date
    entered_by: str
    place: str
    start: str | None = None
    supervised: bool | None = None
    weight_kg: float | None = None
    medicines: tuple[TakenThatDay, ...] | None = None
    prepared: Mapping[str, bool] = {}
    given: tuple[Given, ...] = ()
    vitals: tuple[Vitals, ...] = ()
    events: tuple[Event, ...] = ()
    actions: tuple[Action, ...] = ()
    discharge: Leaving | None = None
    note: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON; reading it back gives the same record."""
        rows = {name: [_told(row) for row in getattr(self, name)] for name in _ROWS}
        medicines = None if self.medicines is None else [_told(each) for each in self.medicines]
        leaving = None if self.discharge is None else _told(self.discharge)
        return {
            **self._asdict(),
            **rows,
            "on": self.on.isoformat(),
            "prepared": dict(sorted(self.prepared.items())),
            "medicines": medicines,
            "discharge": leaving,
        }

    @property
    def last_minute(self) -> float:
        """The latest minute of which anything is told."""
        if self.discharge is not None:
            return self.discharge.minute
        told = [0.0, *(each.minute for each in self.vitals), *(each.minute for each in self.events)]
        told += [*(each.minute for each in self.actions), *(each.until_minute or each.from_minute for each in self.given)]
        return max(told)


_ROWS = ("given", "vitals", "events", "actions")


def _told(row: Given | Vitals | Event | Action | TakenThatDay | Leaving) -> dict[str, object]:
    plain = {key: value for key, value in row._asdict().items() if value is not None}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in plain.items()}
