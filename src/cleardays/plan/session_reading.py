"""The record of a session from JSON: every key, value and row checked, every problem told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from cleardays.catalogue.screening_rules import screening_words
from cleardays.catalogue.suggesting import letters, suggestions
from cleardays.plan.reader import Read, Reader, choice, clock_time, day, many, number, text, yes_no
from cleardays.plan.session_record import PLACES, Action, Event, Given, Leaving, SessionRecord, TakenThatDay, Vitals
from cleardays.plan.session_rules import session_row, session_treatments, supervised_treatment
from cleardays.problems import BadInput, Problem, shown

# An infusion may run for up to 9 days.
_LONGEST_MIN = 9 * 24 * 60
_RECORD = "record"


def read_session_record(document: object) -> SessionRecord:
    """A parsed JSON document as a record.

    Raises:
        BadInput: with every key that is not known, every value that cannot be and every row out of order, by row and field.
    """
    reader = Reader()
    told = reader.fields(_RECORD, document, _FIELDS, required=("treatment", "on", "entered_by", "place"))
    if not reader.problems:
        record = SessionRecord(**told)
        reader.problems += [*_order(record), *_of_readings(record), *_of_given(record), *_of_times(record), *_of_needs(record)]
    if reader.problems:
        raise BadInput(reader.problems)
    return record


def _treatment(reader: Reader, where: str, value: object) -> str | None:
    name = text(reader, where, value)
    try:
        return None if name is None else supervised_treatment(name, where).id
    except BadInput as bad:
        seen = bad.problems[0].what
        reader.refuse(where, seen, f"Sessions are recorded of {', '.join(session_treatments())}.")
        return None


def _route(reader: Reader, where: str, value: object) -> str | None:
    name = text(reader, where, value)
    if name is None:
        return None
    routes = screening_words().routes
    if letters(name) in routes:
        return routes[letters(name)]
    near = suggestions(name, routes)
    meant = f"Is it {' or '.join(near)}?" if near else f"Write one of {', '.join(sorted(set(routes.values())))}."
    reader.refuse(where, f"{shown(name)} is no route that is known here.", meant)
    return None


def _prepared(reader: Reader, where: str, value: object) -> dict[str, bool] | None:
    if not isinstance(value, dict):
        reader.refuse(where, "it is no object.", 'Write it in braces: {"fasting": true}.')
        return None
    told = {str(key): yes_no(reader, f"{where}.{key}", each) for key, each in value.items()}
    return {key: each for key, each in told.items() if each is not None}


def _row(known: dict[str, Read], build: Callable[..., object], required: tuple[str, ...]) -> Read:
    def read(reader: Reader, where: str, value: object) -> object:
        told = reader.fields(where, value, known, required)
        return build(**told) if all(told.get(key) is not None for key in required) else None

    return read


_minute = number(0, _LONGEST_MIN, "minutes")
_GIVEN: dict[str, Read] = {
    "from_minute": _minute, "route": _route, "until_minute": _minute,
    "amount": number(0, 1e6), "unit": text, "rate": number(0, 1e6), "rate_unit": text, "why": text,
}  # fmt: skip
_VITALS: dict[str, Read] = {
    "minute": _minute, "sbp": number(30, 320, "mmHg"), "dbp": number(10, 220, "mmHg"),
    "heart_rate": number(10, 320, "a minute"), "spo2": number(30, 100, "percent"),
    "respiratory_rate": number(0, 90, "a minute"), "rousable": yes_no, "consciousness": number(0, 5),
    "pain": number(0, 10), "dissociation": number(0, 100),
}  # fmt: skip
_EVENT: dict[str, Read] = {"minute": _minute, "what": text, "until_minute": _minute}
_ACTION: dict[str, Read] = {"minute": _minute, "what": text, "medicine": text, "result": text, "result_minute": _minute}
_LEAVING: dict[str, Read] = {
    "minute": _minute, "escort": yes_no, "steady": yes_no, "told_no_driving": yes_no, "review_on": day,
    "score": number(0, 100),
}  # fmt: skip
_FIELDS: dict[str, Read] = {
    "treatment": _treatment,
    "on": day,
    "entered_by": text,
    "place": choice(*PLACES),
    "start": clock_time,
    "supervised": yes_no,
    "weight_kg": number(2, 500, "kg"),
    "medicines": many(_row({"name": text, "hours_before": number(0, 24 * 366, "hours")}, TakenThatDay, ("name",))),
    "prepared": _prepared,
    "given": many(_row(_GIVEN, Given, ("from_minute", "route"))),
    "vitals": many(_row(_VITALS, Vitals, ("minute",))),
    "events": many(_row(_EVENT, Event, ("minute", "what"))),
    "actions": many(_row(_ACTION, Action, ("minute", "what"))),
    "discharge": _row(_LEAVING, Leaving, ("minute",)),
    "note": text,
}


def _order(record: SessionRecord) -> Iterator[Problem]:
    """Rows follow each other in time; two readings never share a minute."""
    for name, key, strictly in (
        ("given", "from_minute", False), ("vitals", "minute", True), ("events", "minute", False), ("actions", "minute", False),
    ):  # fmt: skip
        minutes = [getattr(row, key) for row in getattr(record, name)]
        for at, (one, other) in enumerate(pairwise(minutes), 2):
            if other < one or (strictly and other == one):
                what = f"minute {other:g} comes after minute {one:g}."
                yield Problem(f"{_RECORD}.{name}[{at}].{key}", what, "Write the rows in the order of time, each minute once.")


def _of_readings(record: SessionRecord) -> Iterator[Problem]:
    for at, row in enumerate(record.vitals, 1):
        if row.sbp is not None and row.dbp is not None and row.dbp >= row.sbp:
            what = f"{row.sbp:g}/{row.dbp:g} cannot be: the first is the higher."
            yield Problem(f"{_RECORD}.vitals[{at}].dbp", what, "Write the upper value as sbp and the lower one as dbp.")


def _of_given(record: SessionRecord) -> Iterator[Problem]:
    for at, row in enumerate(record.given, 1):
        for value, unit, key in ((row.amount, row.unit, "unit"), (row.rate, row.rate_unit, "rate_unit")):
            if (value is None) != (unit is None):
                what = "it is missing." if unit is None else "it stands without its number."
                yield Problem(f"{_RECORD}.given[{at}].{key}", what, "A number and its unit are written together.")
        if row.rate is not None and row.rate_unit is not None and "/" not in row.rate_unit:
            what = f"{shown(row.rate_unit)} is no rate."
            yield Problem(f"{_RECORD}.given[{at}].rate_unit", what, "Write it with its time, such as mg/h.")


def _of_times(record: SessionRecord) -> Iterator[Problem]:
    """Nothing ends before it begins, and nothing begins after the end of the session; a finding or a result may outlast it."""
    last = record.discharge.minute if record.discharge is not None else _LONGEST_MIN
    spans = (("given", "from_minute", "until_minute"), ("vitals", "minute", "minute"),
             ("events", "minute", "until_minute"), ("actions", "minute", "result_minute"))  # fmt: skip
    for name, begin, end in spans:
        for at, row in enumerate(getattr(record, name), 1):
            begins, ends = getattr(row, begin), getattr(row, end)
            if ends is not None and ends < begins:
                what = f"it ends at minute {ends:g}, before minute {begins:g}."
                yield Problem(f"{_RECORD}.{name}[{at}].{end}", what, "Correct one of the two.")
            if begins > last or (name == "given" and (ends or 0.0) > last):
                key, minute = (begin, begins) if begins > last else (end, ends)
                what = f"minute {minute:g} lies after the end at minute {last:g}."
                yield Problem(f"{_RECORD}.{name}[{at}].{key}", what, "Correct it, or discharge.minute.")


def _of_needs(record: SessionRecord) -> Iterator[Problem]:
    known = session_row(supervised_treatment(record.treatment))["needs"]
    for name in record.prepared:
        if name not in known:
            yield Problem(
                f"{_RECORD}.prepared.{shown(name)}", "there is no such condition.", f"It may hold {', '.join(known)}."
            )
