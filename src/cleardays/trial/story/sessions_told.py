"""Supervised sessions that were held: the record, in whose hands it was, and who wrote it down. Only they may tell one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from cleardays.catalogue.names import find_medicine
from cleardays.clock import parse_day
from cleardays.plan.injection_record import SessionRecord as Injections
from cleardays.plan.injection_record import read_record
from cleardays.plan.reader import Read, Reader
from cleardays.plan.session_reading import read_session_record
from cleardays.plan.session_record import HOME, SessionRecord
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story.events import CLINICIAN, LONGEST_NAME, Actor, Event
from cleardays.trial.story.reading import body_of, entry_name, said
from cleardays.trial.story.versions import Versions, told_again

SUPERVISED, INJECTIONS = "supervised", "injections"
_RECORDS = (SUPERVISED, INJECTIONS)
_LONGEST_WORDS = 200


def _document(reader: Reader, where: str, value: object) -> Mapping[str, Any] | None:
    if not isinstance(value, dict) or parse_day(str(value.get("on"))) is None:
        reader.refuse(where, "it is no record of a session.", "Give the record as cleardays plan session writes it.")
        return None
    return value


_FIELDS: dict[str, Read] = {
    "entry": entry_name,
    SUPERVISED: _document,
    INJECTIONS: _document,
    "held_by": said(LONGEST_NAME),
    "qualification": said(_LONGEST_WORDS),
    "taken_back": said(),
}


class HeldSession(NamedTuple):
    """One session: what kind of record it has, in whose hands it was, with what qualification, and who told it."""

    kind: str
    on: date
    record: Mapping[str, Any]
    held_by: str
    qualification: str | None
    told_by: Actor
    trial: str | None

    @property
    def file(self) -> SessionRecord | Injections:
        """The record itself, read and checked anew."""
        return read_session_record(self.record) if self.kind == SUPERVISED else read_record(self.record)


def hear_session(known: Versions[HeldSession], event: Event, where: str) -> Versions[HeldSession]:
    """With a session that was held, or told of again, or that was none (`taken_back`, with why).

    Raises:
        BadInput: no record or two, or nobody who held it.
    """
    told = body_of(event, _FIELDS, ("entry",), where)
    name, why = told.pop("entry"), told.pop("taken_back", None)
    if why is not None:
        if told or name not in known:
            what = "it takes back a session and tells of it too." if told else f"there is no session {shown(name)}."
            raise BadInput(Problem(f"{where}, taken_back", what, "Name a session that was told, and say only why."))
        return told_again(known, name, None, event, why)
    kinds = [kind for kind in _RECORDS if kind in told]
    if len(kinds) != 1:
        how = f"Give the record of one session, as {SUPERVISED} or as {INJECTIONS}."
        raise BadInput(Problem(where, "it holds no record, or two.", how))
    held_by = told.get("held_by", event.by.name if event.by.role == CLINICIAN else None)
    if held_by is None or (event.by.role != CLINICIAN and "qualification" not in told):
        how = 'Write both, for example "Dr Ada Field" and "anaesthetist": only they hold one, whoever writes it down.'
        raise BadInput(Problem(f"{where}, held_by", "the clinician who held it, or their qualification, is missing.", how))
    record, on = told[kinds[0]], date.fromisoformat(told[kinds[0]]["on"])
    held = HeldSession(kinds[0], on, record, held_by, told.get("qualification"), event.by, event.trial)
    return told_again(known, name, held, event)


def require_session(event: Event, treatment: str | None, where: str) -> None:
    """Refuse a record that does not hold together; of what is stored already, this was found out when it came.

    Args:
        event: that tells it.
        treatment: of the trial that it names, None where it names none.
        where: how to call it in a problem.

    Raises:
        BadInput: it cannot be read, nobody supervised it, or it is of another treatment than the trial.
    """
    body = event.body
    if isinstance(body.get(INJECTIONS), dict):
        product = find_medicine(read_record(body[INJECTIONS]).product)
        _require_of(None if product is None else product.id, treatment, f"{where}, {INJECTIONS}")
    if not isinstance(body.get(SUPERVISED), dict):
        return
    record = read_session_record(body[SUPERVISED])
    if record.place == HOME or record.supervised is False:
        how = "A dose that nobody supervised is told as a dose (dose.told)."
        raise BadInput(Problem(f"{where}, {SUPERVISED}", "it was not supervised where it was held.", how))
    _require_of(record.treatment, treatment, f"{where}, {SUPERVISED}")


def _require_of(given: str | None, treatment: str | None, where: str) -> None:
    if treatment is not None and given != treatment:
        what = f"it is a session of {given or 'a product that the catalogue does not know'}, the trial is of {treatment}."
        raise BadInput(Problem(where, what, "Name the trial of that treatment, or none."))
