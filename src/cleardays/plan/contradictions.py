"""Answers that cannot both be true: told as problems, never settled by a guess."""

from __future__ import annotations

from collections.abc import Iterator

from cleardays.plan.person import Person, TakenMedicine
from cleardays.problems import Problem

_CHECK = "Correct one of the two."


def contradictions(person: Person) -> list[Problem]:
    """Everything in a person that cannot be true together."""
    return [*_of_childbearing(person), *_of_counts(person), *_of_medicines(person), *_of_the_body(person)]


def _of_childbearing(person: Person) -> Iterator[Problem]:
    if person.sex == "male":
        if person.pregnancy in ("yes", "possible", "postpartum"):
            yield Problem("pregnancy", f"male and pregnancy {person.pregnancy} cannot both be.", _CHECK)
        if person.breastfeeding:
            yield Problem("breastfeeding", "male and breastfeeding cannot both be.", _CHECK)
    if person.contraception == "postmenopausal" and person.pregnancy in ("yes", "possible", "planning", "postpartum"):
        yield Problem("pregnancy", f"postmenopausal and pregnancy {person.pregnancy} cannot both be.", _CHECK)
    if person.contraception == "postmenopausal" and person.breastfeeding:
        yield Problem("breastfeeding", "postmenopausal and breastfeeding cannot both be.", _CHECK)


def _of_counts(person: Person) -> Iterator[Problem]:
    headache, migraine = person.headache_days_per_28, person.migraine_days_per_28
    if headache is not None and migraine is not None and migraine > headache:
        what = f"{migraine:g} migraine days are more than {headache:g} headache days."
        yield Problem("migraine_days_per_28", what, "A migraine day is a headache day too; correct one.")
    days = person.acute_days_per_28 or {}
    together = days.get("any")
    if together is None:
        return
    for name, count in days.items():
        if name not in ("any", "antiemetic") and count > together:
            yield Problem("acute_days_per_28", f"{count:g} days with {name} are more than {together:g} with any.", _CHECK)


def _of_medicines(person: Person) -> Iterator[Problem]:
    for at, taken in enumerate(person.medicines or (), 1):
        yield from _of_medicine(f"medicines[{at}]", taken)


def _of_medicine(where: str, taken: TakenMedicine) -> Iterator[Problem]:
    started, stopped = taken.started_days_ago, taken.stopped_days_ago
    if started is not None and stopped is not None and stopped > started:
        yield Problem(where, "it was stopped before it was started.", "Correct started_days_ago or stopped_days_ago.")
    if stopped is not None and taken.hours_since_last is not None and taken.hours_since_last < 24 * (stopped - 1):
        yield Problem(where, "its last dose is later than the day it was stopped.", "Correct one of the two.")
    if started is not None and taken.hours_since_last is not None and taken.hours_since_last > 24 * (started + 1):
        yield Problem(where, "its last dose is earlier than its start.", "Correct one of the two.")


def _of_the_body(person: Person) -> Iterator[Problem]:
    for where, pair in (
        ("blood_pressure", person.blood_pressure),
        ("session", None if person.session is None else (person.session.sbp, person.session.dbp)),
    ):
        if pair is not None and pair[0] is not None and pair[1] is not None and pair[1] >= pair[0]:
            yield Problem(where, f"{pair[0]:g}/{pair[1]:g} cannot be: the first is the higher.", "Write systolic first.")
