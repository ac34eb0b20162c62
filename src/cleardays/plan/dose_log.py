"""What was really taken: one entry for a planned dose, as the person told it.

A dose of which nothing is told is unknown: neither taken nor missed. Nothing that was stored is lost: a
correction is a further entry for the same dose, the later one counts, and both stay in the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.clock import parse_instant
from cleardays.diary.records import Lost
from cleardays.plan.reader import Read, Reader, choice, day, number, text
from cleardays.plan.steps import exact, plain
from cleardays.problems import BadInput, Problem, shown

FORMAT, FORMAT_VERSION = "cleardays-dose-log", 1
TAKEN, LATE, SKIPPED = "taken", "late", "skipped"
STATUSES = (TAKEN, LATE, SKIPPED)
MOST_SLOTS = 24
MOST_AMOUNT = 999_999
_FARTHEST_DAYS = 92  # from the planned day to the day of intake; beyond it a month or a year was mistyped
_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedDose:
    """One entry. `day` and `slot` name the planned dose: its local day, and which of that day it is, from 1.

    `at` is when it was taken, with its zone; `amount` stands where another amount than the planned one was
    taken; `logged_at` is when the entry was made. None was not told.
    """

    day: date
    slot: int = 1
    status: str
    at: datetime | None = None
    amount: Decimal | None = None
    unit: str | None = None
    note: str | None = None
    logged_at: datetime | None = None

    @property
    def was_taken(self) -> bool:
        """In time or late."""
        return self.status != SKIPPED

    @property
    def local(self) -> datetime | None:
        """When it was taken by the clock on the wall."""
        return None if self.at is None else self.at.replace(tzinfo=None)

    def document(self) -> dict[str, object]:
        """As it stands in JSON; reading it back gives the same entry."""
        return {
            "day": self.day.isoformat(),
            "slot": self.slot,
            "status": self.status,
            "at": None if self.at is None else self.at.isoformat(),
            "amount": None if self.amount is None else plain(self.amount),
            "unit": self.unit,
            "note": self.note,
            "logged_at": None if self.logged_at is None else self.logged_at.isoformat(),
        }


class Repeated(NamedTuple):
    """A dose that was told more than once: what counts, and what stood there before, oldest first."""

    counts: LoggedDose
    earlier: tuple[LoggedDose, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"counts": self.counts.document(), "earlier": [each.document() for each in self.earlier]}


class DoseLog(NamedTuple):
    """All entries in the order in which they were stored; `lost` lists what of a file did not make it into the log."""

    entries: tuple[LoggedDose, ...] = ()
    lost: tuple[Lost, ...] = ()

    def told(self) -> dict[tuple[date, int], LoggedDose]:
        """For each dose the entry that counts."""
        return {key: found[-1] for key, found in self._in_order().items()}

    def repeated(self) -> tuple[Repeated, ...]:
        """Doses that were told more than once, by day."""
        found = self._in_order()
        return tuple(Repeated(found[key][-1], tuple(found[key][:-1])) for key in sorted(found) if len(found[key]) > 1)

    def _in_order(self) -> dict[tuple[date, int], list[LoggedDose]]:
        """The entries of each dose, oldest first: by the time of entry, where that is told, else as they were stored."""
        found: dict[tuple[date, int], list[LoggedDose]] = {}
        for entry in sorted(self.entries, key=_entered):
            found.setdefault((entry.day, entry.slot), []).append(entry)
        return found

    @property
    def last_day(self) -> date | None:
        """The last planned day of which something is told."""
        return max((entry.day for entry in self.entries), default=None)

    def document(self) -> dict[str, object]:
        """As it stands in JSON; `read_log` makes the same log of it."""
        doses = [entry.document() for entry in self.entries]
        return {"format": FORMAT, "format_version": FORMAT_VERSION, "doses": doses}


def _entered(entry: LoggedDose) -> tuple[bool, float]:
    return (False, 0.0) if entry.logged_at is None else (True, entry.logged_at.timestamp())


def contradictions(entry: LoggedDose) -> list[tuple[str, str, str]]:
    """Answers of one entry that cannot all be true, as (field, what was seen, what to do)."""
    found = []
    for field, value, name in (("at", entry.at, "a time"), ("amount", entry.amount, "an amount")):
        if not entry.was_taken and value is not None:
            found.append((field, f"it was skipped, and yet {name} stands there.", "Correct one of the two."))
    if entry.was_taken and entry.amount == 0:
        found.append(("amount", "nothing was taken.", "Write skipped, or correct the amount."))
    if entry.amount is None and entry.unit is not None:
        found.append(("unit", "there is a unit and no amount.", "Give both, or none."))
    if entry.local is not None and abs((entry.local.date() - entry.day).days) > _FARTHEST_DAYS:
        what = f"it was taken on {entry.local.date()}, and planned for {entry.day}."
        found.append(("at", what, "Correct one of the two days."))
    return found


def parse_log(raw: str, name: str = "doses") -> DoseLog:
    """A log from the text of its JSON; see `read_log`.

    Raises:
        BadInput: no JSON, a key twice, or with everything that is wrong with its entries.
    """
    try:
        document = json.loads(raw, object_pairs_hook=_no_key_twice, parse_float=Decimal)
    except _KeyTwice as error:
        raise BadInput(Problem(name, f"the key {error.args[0]} stands there twice.", "Keep one.")) from None
    except (ValueError, RecursionError) as error:
        where = f"{name}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else name
        raise BadInput(Problem(where, "it is no JSON.", f"A log is one object: {_EXAMPLE}.")) from None
    return read_log(document, name)


_EXAMPLE = '{"doses": [{"day": "2026-03-04", "slot": 1, "status": "taken"}]}'


def read_log(document: object, name: str = "doses") -> DoseLog:
    """A log from its JSON: an object with `doses`, or the list alone.

    Raises:
        BadInput: with every field of every entry that cannot be used. A log is read whole or not at all.
    """
    rows = document if isinstance(document, list) else _doses(document, name)
    if len(rows) > _MOST:
        raise BadInput(Problem(name, f"it has {len(rows):,} entries.", "Split it by year."))
    reader = Reader()
    found = [_entry(reader, f"{name}, entry {at}", row) for at, row in enumerate(rows, 1)]
    if reader.problems:
        raise BadInput(reader.problems)
    return DoseLog(tuple(each for each in found if each is not None))


def _doses(document: object, name: str) -> list[object]:
    if not isinstance(document, dict) or not isinstance(document.get("doses"), list):
        raise BadInput(Problem(name, "it holds no list of doses.", f"A log is one object: {_EXAMPLE}."))
    surplus = sorted(map(str, document.keys() - {"format", "format_version", "doses"}))
    if surplus:
        raise BadInput(Problem(f"{name}, {shown(surplus[0])}", "there is no such key.", "It may hold doses alone."))
    if document.get("format", FORMAT) != FORMAT:
        raise BadInput(Problem(name, f"it is no {FORMAT}.", f"A log is one object: {_EXAMPLE}."))
    version = document.get("format_version", FORMAT_VERSION)
    if version != FORMAT_VERSION:
        what = f"the log is of format {version}; this cleardays reads format {FORMAT_VERSION}."
        raise BadInput(Problem(name, what, "Install a newer cleardays; nothing of the file was changed."))
    rows: list[object] = document["doses"]
    return rows


def _entry(reader: Reader, where: str, row: object) -> LoggedDose | None:
    before = len(reader.problems)
    told: Mapping[str, Any] = reader.fields(where, _floats(row), _FIELDS, ("day", "status"))
    if len(reader.problems) > before:
        return None
    entry = LoggedDose(**told)
    for field, what, try_this in contradictions(entry):
        reader.refuse(f"{where}.{field}", what, try_this)
    return entry


def _floats(row: object) -> object:
    """Numbers as the reader takes them; an amount is made exact again by `_amount`."""
    if not isinstance(row, dict):
        return row
    return {key: float(value) if isinstance(value, Decimal) else value for key, value in row.items()}


def _instant(reader: Reader, where: str, value: object) -> datetime | None:
    instant = parse_instant(value) if isinstance(value, str) else None
    if instant is None:
        reader.refuse(where, f"{shown(str(value))} is no time with a zone.", "Write it as 2026-03-04T20:15+01:00.")
    return instant


def _slot(reader: Reader, where: str, value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_SLOTS:
        return value
    reader.refuse(where, f"{shown(str(value))} is no dose of a day.", f"Count the doses of a day from 1 to {MOST_SLOTS}.")
    return None


def _amount(reader: Reader, where: str, value: object) -> Decimal | None:
    found = number(0, MOST_AMOUNT)(reader, where, value)
    return None if found is None else exact(plain(Decimal(str(value))))


_FIELDS: dict[str, Read] = {
    "day": day,
    "slot": _slot,
    "status": choice(*STATUSES),
    "at": _instant,
    "amount": _amount,
    "unit": text,
    "note": text,
    "logged_at": _instant,
}
assert set(_FIELDS) == {field.name for field in fields(LoggedDose)}


class _KeyTwice(Exception):
    pass


def _no_key_twice(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _KeyTwice(shown(key))
        found[key] = value
    return found
