"""When to call for help at once, short enough to be read with a bad head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.report.plan_watch import sign
from cleardays.trial.ledger.tried import known_as

_CRITICAL = "critical"


def help_now(treatment: str) -> tuple[str, tuple[str, ...]]:
    """What to do, and for which signs: those of the treatment first, then those of every treatment."""
    about_all, known = general()["red_flags"], known_as(treatment)[0]
    own = load_treatment(known).facts("red_flag") if known in treatment_ids() else ()
    flags = [flag for row in own if row["severity"] == _CRITICAL for flag in row["flags"]]
    flags += [flag for flag, row in about_all["flags"].items() if row["severity"] == _CRITICAL]
    head = f"Any of these? {about_all['emergency']}"
    return head, tuple(dict.fromkeys(_said(flag, about_all["flags"].get(flag, {})) for flag in flags))


def _said(flag: str, row: Mapping[str, Any]) -> str:
    """A sign, with what to do where that is something of its own."""
    text = sign(flag)
    return f"{text[:1].upper()}{text[1:]}. {row['action']}" if "action" in row else f"{text[:1].upper()}{text[1:]}."
