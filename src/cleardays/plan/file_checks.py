"""Does a plan file hold together? What can be seen without making the plan anew (see `redrafting` for that)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from cleardays.catalogue.treatments import find_treatment
from cleardays.plan.asked import read_asked
from cleardays.plan.change_data import ALLOWED, is_made_from
from cleardays.plan.confirmed import read_confirmation, to_answer_for
from cleardays.plan.journal import CONFIRMED, DRAFTED, STOP, TOLD, Entry, PlanFile, said_by
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import ANY
from cleardays.plan.steps import Step

_DAY = timedelta(days=1)
# What was noticed late may count from a day before a change that is still to come.
_MAY_LIE_BEFORE = (STOP, TOLD)


def faults(file: PlanFile) -> Iterator[tuple[str, str]]:
    """Where a file does not hold together, and how.

    Raises:
        BadInput: what a version was made from cannot be read.
    """
    yield from _of_the_versions(file.entries)
    yield from _of_the_draft(file)
    yield from _of_what_it_says(file)
    yield from _of_the_confirmations(file)


def gap_or_overlap(steps: Sequence[Step]) -> bool:
    """Whether a day between the first and the last is not covered just once."""
    if any(step.last is not None and step.last < step.first for step in steps):
        return True
    return any(one.last is None or other.first != one.last + _DAY for one, other in pairwise(steps))


def _of_the_versions(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    for at, entry in enumerate(entries):
        where = f"history.{at}"
        if entry.version != at + 1:
            yield f"{where}.version", f"it is {entry.version}, and not {at + 1}."
        if (entry.kind == DRAFTED) is not (at == 0) or entry.kind not in (DRAFTED, CONFIRMED, *ALLOWED):
            yield f"{where}.kind", f"a version {at + 1} is never {entry.kind}."
        if entry.kind in ALLOWED and not is_made_from(entry.kind, entry.data):
            yield f"{where}.data", f"it is not what {entry.kind} is made from."
        elif entry.kind == TOLD:
            read_person(entry.data["person"])
    for at, (one, other) in enumerate(pairwise(entries), 1):
        if other.on < one.on and other.kind not in _MAY_LIE_BEFORE:
            yield f"history.{at}.on", f"{other.on} lies before the version before it."


def _of_the_draft(file: PlanFile) -> Iterator[tuple[str, str]]:
    """Whether the plan is of what the draft was asked for."""
    first, plan = file.entries[0], file.plan
    wish, _ = read_asked(first.data)
    asked = (find_treatment(wish.treatment).id, wish.indication, wish.start, wish.jurisdiction or ANY)
    named = (plan.treatment, plan.indication, plan.start, plan.jurisdiction)
    for name, wanted, found in zip(("treatment", "indication", "start", "jurisdiction"), asked, named, strict=True):
        if wanted != found:
            yield name, f"it is {found}, and the draft was for {wanted}."
    if first.on != wish.start:
        yield "history.0.on", f"it is {first.on}, and the draft was from {wish.start} on."


def _of_what_it_says(file: PlanFile) -> Iterator[tuple[str, str]]:
    """Whether it says what its last version says."""
    says, last = json.loads(json.dumps(said_by(file.plan))), file.entries[-1].after
    for key, value in says.items():
        if value != last[key]:
            yield key, "it is not what the last version says."
    for key, steps in (("steps", file.plan.steps), ("taper", file.plan.taper), ("waiting", file.plan.waiting)):
        if gap_or_overlap(steps):
            yield key, "they leave days out, or overlap."


def _of_the_confirmations(file: PlanFile) -> Iterator[tuple[str, str]]:
    """Whether each is of its version, and the one that holds now is the last version."""
    for at, (one, other) in enumerate(pairwise(file.entries), 1):
        if other.kind != CONFIRMED:
            continue
        said = read_confirmation(other.data)
        whole = said.document() == other.data and said.at.tzinfo is not None
        is_of_it = (said.version, said.by) == (other.version, other.by) and other.on == max(one.on, said.at.date())
        if not (whole and is_of_it) or other.after != one.after:
            yield f"history.{at}", "it is no confirmation of the version before it."
    last, said_now = file.entries[-1], file.confirmation
    if (None if last.kind != CONFIRMED else read_confirmation(last.data)) != said_now:
        yield "confirmed", "it is not what the history says."
    elif said_now is not None and not to_answer_for(file.plan) <= set(said_now.accepted):
        yield "confirmed.accepted", "it does not answer for every alert."
    if (file.calendar_id is not None) is not any(entry.kind == CONFIRMED for entry in file.entries):
        yield "calendar_id", "a plan has one from its first confirmation on, and not before."
