"""Which protocol of a treatment holds for a person: the one for what else is taken and what is known of the body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.catalogue.effects import effect_classes
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.case import Case
from cleardays.plan.holds import ALWAYS, Holds, no_surer
from cleardays.plan.screening import jurisdictions_read
from cleardays.plan.steps import exact, rungs_of
from cleardays.plan.when import holds
from cleardays.problems import BadInput, Problem, shown
from cleardays.sources import Reason

Protocol = Mapping[str, Any]
# The variants that are drafted where nothing asks for another; the rest are chosen by name or by target.
_USUAL = ("standard", "neutral")


class Choice(NamedTuple):
    """The protocol, why, what else could be chosen, and what is not known that would choose another."""

    protocol: Protocol
    reasons: tuple[Reason, ...]
    others: tuple[str, ...]
    open_names: frozenset[str]

    @property
    def answers(self) -> bool:
        """Whether it was chosen for what else is taken or what is known of the body."""
        return "when" in self.protocol


def choose(
    treatment: Treatment, case: Case, indication: str, where: str, target: Decimal | None = None, wanted: str | None = None
) -> Choice | None:
    """The protocol that holds; None where the treatment has none for the indication.

    A protocol with a condition comes before one without. Of several that hold the one with the lowest
    target is taken. One that goes higher than the usual one holds only where nothing about it is uncertain.

    Args:
        treatment: of the catalogue.
        case: the person, with all names read.
        indication: for what it is taken.
        where: a jurisdiction or "any".
        target: a dose that only another of the protocols has may choose that one.
        wanted: a protocol or a variant by name.

    Raises:
        BadInput: `wanted` is none that could hold.
    """
    known, reasons = _of_jurisdiction([row for row in treatment.facts("protocol") if indication in row["indications"]], where)
    if not known:
        return None
    answers = [(row, holds(row["when"], case)) for row in known if "when" in row]
    usual = next((row for row in known if row["variant"] in _USUAL and "when" not in row), None)
    held = sorted((row for row, answer in answers if _holds(row, answer, usual)), key=_top)
    free = [row for row in known if "when" not in row]
    open_names = frozenset[str]().union(*(answer.missing for _, answer in answers if answer.value is None))
    if held:
        return Choice(held[0], (*reasons, _why(held[0], case)), (), open_names)
    chosen = _wanted(free, wanted) if wanted else _with_target(free, usual or free[0], target)
    others = tuple(row["id"] for row in free if row is not chosen)
    return Choice(chosen, (*reasons, _why(chosen, case)), others, open_names)


def _of_jurisdiction(rows: Sequence[Protocol], where: str) -> tuple[list[Protocol], tuple[Reason, ...]]:
    """Those of the jurisdiction. Where it has none, those of the others, and that is said."""
    own = [row for row in rows if "jurisdiction" not in row or jurisdictions_read(where) & set(row["jurisdiction"])]
    if own or not rows:
        return own, ()
    read = ", ".join(sorted({each for row in rows for each in row["jurisdiction"]}))
    return list(rows), (Reason("protocol.jurisdiction", f"No schedule was read for {where}; those of {read} stand in for it."),)


def _holds(row: Protocol, answer: Holds, usual: Protocol | None) -> bool:
    """What was stopped lately, or belongs to a class by memory only, never raises a dose."""
    sure = not (answer.lately or answer.from_memory)
    return bool(answer.value) and (sure or usual is None or not _goes_higher(row, usual))


def _goes_higher(row: Protocol, usual: Protocol) -> bool:
    """Whether it gives more on any day: one with the same target may begin higher."""
    days = {step["from_day"] for each in (row, usual) for step in each["steps"]}
    return any(_dose_on(row, day) > _dose_on(usual, day) for day in days)


def _dose_on(row: Protocol, day: int) -> Decimal:
    return [rung.daily for step, rung in zip(row["steps"], rungs_of(row), strict=True) if step["from_day"] <= day][-1]


def _top(row: Protocol) -> Decimal:
    return exact(row["target"]) if "target" in row else rungs_of(row)[-1].daily


def _wanted(free: Sequence[Protocol], wanted: str) -> Protocol:
    found = next((row for row in free if wanted in (row["id"], row["variant"])), None)
    if found is None:
        names = ", ".join(row["id"] for row in free)
        raise BadInput(Problem("--protocol", f"{shown(wanted)} is none that fits here.", f"Write one of {names}."))
    return found


def _with_target(free: Sequence[Protocol], usual: Protocol, target: Decimal | None) -> Protocol:
    if target is None or _top(usual) == target or usual["kind"] == "titration":
        return usual
    return next((row for row in free if _top(row) == target), usual)


def _why(row: Protocol, case: Case) -> Reason:
    answer = holds(row["when"], case) if "when" in row else ALWAYS
    named, says = sorted(answer.named), row.get("says", row["id"])
    because = f"{', '.join(_with_class(each, row['when'], case) for each in named)}: {says}" if named else says
    return Reason.of("protocol.variant", because, no_surer(row, answer))


def _with_class(named: str, when: Mapping[str, Any], case: Case) -> str:
    """A medicine with the class by which it chose the protocol: the text speaks of the best-known one only."""
    classes = {name for each in case.medicines or () if each.is_a.says == named for name in each.is_a.classes}
    says = [effect_classes()[name].says for name in when.get("class", ()) if name in classes]
    return f"{named} (one of the {', '.join(says)})" if says else named


def conditions_of(treatment: Treatment, table: str, where: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a table that are of the jurisdiction."""
    read = jurisdictions_read(where)
    yield from (row for row in treatment.facts(table) if "jurisdiction" not in row or read & set(row["jurisdiction"]))
