"""`person.json` as a `Person`: every key checked, every problem told at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cleardays.plan.contradictions import contradictions
from cleardays.plan.overuse import NON_OPIOIDS
from cleardays.plan.person import (
    Illness,
    LastSession,
    PastReaction,
    Person,
    Proposed,
    SessionNow,
    Site,
    TakenMedicine,
)  # fmt: skip
from cleardays.plan.reader import Read, Reader, choice, many, number, text, yes_no
from cleardays.problems import BadInput, Problem

PREGNANCY = ("no", "yes", "planning", "possible", "postpartum", "unknown")
CONTRACEPTION = (
    "none", "condom", "combined", "progestogen_only", "levonorgestrel_iud", "copper_iud", "sterilised", "postmenopausal",
    "highly_effective", "unknown",
)  # fmt: skip
ACTIONS = ("start", "continue", "increase", "resume", "taper", "stop", "discharge")
# The classes under which a day of intake is counted, and the distinct days with any of them.
ACUTE_CLASSES = ("triptan", "ergot", "gepant", "ditan", "non_opioid", "opioid", "combination", "other", "any")
_AS_OTHER = ("barbiturate",)
_BESIDE = ("antiemetic",)  # recorded; no acute class
_A_CENTURY = 100 * 366.0

_TAKEN: dict[str, Read] = {
    "name": text,
    "daily_dose": number(0, 1e6),
    "unit": text,
    "started_days_ago": number(0, _A_CENTURY, "days"),
    "stopped_days_ago": number(0, _A_CENTURY, "days"),
    "dose_changed_days_ago": number(0, _A_CENTURY, "days"),
    "hours_since_last": number(0, 24 * _A_CENTURY, "hours"),
    "as_needed": yes_no,
}
_ILLNESS: dict[str, Read] = {"name": text, "severity": text, "months_ago": number(0, 1300, "months"), "active": yes_no}
_LAST: dict[str, Read] = {
    "weeks_ago": number(0, 5300, "weeks"),
    "product": text,
    "units": number(0, 5000, "units"),
    "site_use": text,
}
_SESSION: dict[str, Read] = {
    "minute": number(0, 2880, "minutes"),
    "sbp": number(30, 320, "mmHg"),
    "dbp": number(10, 220, "mmHg"),
    "heart_rate": number(10, 320, "a minute"),
    "spo2": number(30, 100, "percent"),
    "respiratory_rate": number(0, 90, "a minute"),
    "rousable": yes_no,
}
_SITE: dict[str, Read] = {"muscle": text, "side": text, "units": number(0, 1000, "units")}
_LABS: dict[str, Read] = {
    "potassium": number(1, 12, "mmol/l"),
    "qtc_ms": number(200, 800, "ms"),
    "bicarbonate": number(1, 60, "mmol/l"),
    "alt_times_upper": number(0, 1000, "times the upper limit"),
}


def _name_or(known: dict[str, Read], build: Callable[..., object]) -> Read:
    """A bare name, or an object with a name."""

    def read(reader: Reader, where: str, value: object) -> object:
        if isinstance(value, str):
            name = text(reader, where, value)
            return None if name is None else build(name)
        told = reader.fields(where, value, known, required=("name",))
        return build(**told) if told.get("name") is not None else None

    return read


def _object(known: dict[str, Read], build: Callable[..., object], required: tuple[str, ...] = ()) -> Read:
    def read(reader: Reader, where: str, value: object) -> object:
        told = reader.fields(where, value, known, required)
        return build(**told) if all(told.get(key) is not None for key in required) else None

    return read


def _labs(reader: Reader, where: str, value: object) -> dict[str, float]:
    return {key: found for key, found in reader.fields(where, value, _LABS).items() if found is not None}


def _pressure(reader: Reader, where: str, value: object) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) != 2:
        reader.refuse(where, "it is not a pair of numbers.", "Write [systolic, diastolic], for example [118, 74].")
        return None
    upper, lower = number(30, 320, "mmHg")(reader, where, value[0]), number(10, 220, "mmHg")(reader, where, value[1])
    return None if upper is None or lower is None else (upper, lower)


def _acute_days(reader: Reader, where: str, value: object) -> dict[str, float] | None:
    classes = (*ACUTE_CLASSES, *NON_OPIOIDS, *_AS_OTHER, *_BESIDE)
    found = reader.fields(where, value, dict.fromkeys(classes, number(0, 28, "days")))
    return {key: days for key, days in found.items() if days is not None}


_PROPOSED: dict[str, Read] = {
    "action": choice(*ACTIONS),
    "amount": number(0, 1e6),
    "unit": text,
    "times_per_day": number(0.01, 48),
    "every_days": number(1, 400, "days"),
    "route": text,
    "product": text,
    "sites": many(_object(_SITE, lambda muscle, units, side=None: Site(muscle, side, units), ("muscle", "units"))),
    "current_daily_dose": number(0, 1e6),
    "gap_h": number(0, 24 * _A_CENTURY, "hours"),
}

FIELDS: dict[str, Read] = {
    "age": number(0, 120, "years"),
    "sex": choice("female", "male", "other", "unknown"),
    "weight_kg": number(2, 500, "kg"),
    "conditions": many(_name_or(_ILLNESS, Illness)),
    "medicines": many(_name_or(_TAKEN, TakenMedicine)),
    "allergies": many(text),
    "past_reactions": many(
        _object({"drug": text, "reaction": text, "serious": yes_no}, PastReaction, required=("drug", "reaction"))
    ),
    "pregnancy": choice(*PREGNANCY),
    "breastfeeding": yes_no,
    "contraception": choice(*CONTRACEPTION),
    "egfr_ml_min": number(0, 250, "ml/min"),
    "dialysis": yes_no,
    "liver": choice("normal", "mild", "moderate", "severe", "unknown"),
    "ascites": yes_no,
    "blood_pressure": _pressure,
    "heart_rate": number(10, 320, "a minute"),
    "labs": _labs,
    "genotypes": many(text),
    "headache_days_per_28": number(0, 28, "days"),
    "migraine_days_per_28": number(0, 28, "days"),
    "acute_days_per_28": _acute_days,
    "months_at_this_use": number(0, 1300, "months"),
    "last_session": _object(_LAST, LastSession),
    "session": _object(_SESSION, SessionNow),
    "supervised": yes_no,
    "escort": yes_no,
    "week_of_treatment": number(0, 5300, "weeks"),
    "diary_flags": many(text),
    "proposed": _object(_PROPOSED, Proposed, required=("action",)),
}


def read_person(document: object) -> Person:
    """A parsed `person.json` as a person; the answer "unknown" is as if it had not been given.

    Raises:
        BadInput: with every key that is not known, every value that cannot be, and every contradiction.
    """
    reader = Reader()
    told = reader.fields("person", document, FIELDS)
    person = Person(**{key: value for key, value in told.items() if value is not None and value != "unknown"})
    if not reader.problems:
        reader.problems += contradictions(person)
    if reader.problems:
        raise BadInput(reader.problems)
    return person


def parse_person(raw: str, name: str) -> Person:
    """The text of a `person.json` as a person.

    Args:
        raw: the text.
        name: how to call the file in a problem.

    Raises:
        BadInput: it is no JSON, or see `read_person`.
    """
    try:
        document = json.loads(raw, object_pairs_hook=_no_key_twice)
    except _KeyTwice as error:
        raise BadInput(Problem(name, f"the key {error.args[0]} stands there twice.", "Keep one.")) from None
    except (ValueError, RecursionError) as error:
        where = name
        if isinstance(error, json.JSONDecodeError):
            where = f"{name}, line {error.lineno}, column {error.colno}"
        hint = "Look there for a missing or surplus comma, quotation mark or brace."
        raise BadInput(Problem(where, "it is no JSON.", f"{hint} A person is one object: {_EXAMPLE}.")) from None
    return read_person(document)


_EXAMPLE = '{"age": 34, "medicines": ["valproate"]}'


class _KeyTwice(Exception):
    pass


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _KeyTwice(repr(key[:40]))
        found[key] = value
    return found
