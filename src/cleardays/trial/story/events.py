"""One thing that somebody told, at an instant; nothing that was told is ever changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cleardays.clock import parse_instant
from cleardays.problems import BadInput, Problem, shown
from cleardays.texts import clean

PERSON, HELPER, CLINICIAN, NURSE, SOFTWARE = "person", "helper", "clinician", "nurse", "software"
ROLES = (PERSON, HELPER, CLINICIAN, NURSE, SOFTWARE)
LONGEST_NAME = 120
_TRIAL = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_KEYS = {"kind", "at", "by", "trial", "body"}


class Actor(NamedTuple):
    """Who told it, and as what: the person, a helper with consent, a clinician, a nurse, or this software."""

    name: str
    role: str

    def document(self) -> dict[str, str]:
        """As it stands in JSON output."""
        return {"name": self.name, "role": self.role}


class Event(NamedTuple):
    """One thing told. `at` is the instant it was written down (UTC), `trial` the one it is about, None of the person.

    `body` holds JSON values; what it must hold depends on `kind` (see `kinds`).
    """

    kind: str
    at: datetime
    by: Actor
    body: Mapping[str, Any]
    trial: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output and in a store."""
        return {
            "kind": self.kind,
            "at": say_instant(self.at),
            "by": self.by.document(),
            "trial": self.trial,
            "body": dict(self.body),
        }


def say_instant(at: datetime) -> str:
    """An instant as it is kept: in UTC, to the microsecond, so that text sorts as time does.

    >>> say_instant(datetime(2026, 3, 4, 20, 15, tzinfo=UTC))
    '2026-03-04T20:15:00.000000+00:00'
    """
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(value: object) -> str:
    """The one text of a JSON value: sorted keys, no spaces; equal values give equal texts.

    Raises:
        ValueError: a number that is none, or a value that JSON has no word for.

    >>> canonical({"b": 1, "a": None})
    '{"a":null,"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def read_event(document: object, where: str) -> Event:
    """An event from its document; the body is kept as it is, and checked by `kinds.require_kind`.

    Raises:
        BadInput: with every key that cannot be used.
    """
    if not isinstance(document, dict):
        raise BadInput(Problem(where, "it is no object.", 'Write {"kind": ..., "at": ..., "by": ..., "body": ...}.'))
    problems = [
        Problem(f"{where}, {shown(str(key))}", "there is no such key.", f"It may hold {', '.join(sorted(_KEYS))}.")
        for key in sorted(map(str, document.keys() - _KEYS))
    ]
    kind, by, trial, body = (document.get(key) for key in ("kind", "by", "trial", "body"))
    if not isinstance(kind, str):
        problems.append(Problem(f"{where}, kind", "it is missing.", "Say what kind of thing was told."))
    at = parse_instant(str(document.get("at")))
    if at is None:
        seen = shown(str(document.get("at")))
        problems.append(Problem(f"{where}, at", f"{seen} is no time with a zone.", "Write 2026-03-04T20:15+01:00."))
    actor = _actor(by, where, problems)
    if trial is not None and not (isinstance(trial, str) and _TRIAL.fullmatch(trial)):
        how = "Use small letters, figures and hyphens, at most 64."
        problems.append(Problem(f"{where}, trial", f"{shown(str(trial))} is no name of a trial.", how))
    if not isinstance(body, dict):
        problems.append(Problem(f"{where}, body", "it is no object.", "Write it in braces: {...}."))
    if problems or at is None or actor is None or not isinstance(body, dict):
        raise BadInput(problems)
    return Event(str(kind), at.astimezone(UTC), actor, body, trial)


def _actor(by: object, where: str, problems: list[Problem]) -> Actor | None:
    name, role = (by.get("name"), by.get("role")) if isinstance(by, dict) else (None, None)
    said = clean(name, LONGEST_NAME + 1) if isinstance(name, str) else ""
    if not said or len(said) > LONGEST_NAME:
        how = f"Write the name of whoever tells it, in at most {LONGEST_NAME} characters."
        problems.append(Problem(f"{where}, by.name", "there is no name.", how))
    if role not in ROLES:
        problems.append(Problem(f"{where}, by.role", f"{shown(str(role))} is no role.", f"Use one of {', '.join(ROLES)}."))
        return None
    return Actor(said, str(role)) if said and len(said) <= LONGEST_NAME else None
