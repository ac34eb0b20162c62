"""The highest dose that may be drafted: the least of the protocol's, the person's and the clinician's limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.case import Case
from cleardays.plan.holds import ALWAYS, no_surer
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.steps import exact, plain
from cleardays.plan.when import holds
from cleardays.quantities import Dose
from cleardays.sources import Reason

A_DAY = frozenset({"day", "24 h"})
AT_ONCE = frozenset({"month", "12 weeks", "3 months"})


class Cap(NamedTuple):
    """One limit, of the mean a day or of what is given at once, with the reason for it."""

    most: Decimal
    reason: Reason
    of_person: bool = False


class Caps(NamedTuple):
    """Every limit that holds, the lowest first, and what is not known that may lower it."""

    all: tuple[Cap, ...]
    open_names: frozenset[str]

    @property
    def lowest(self) -> Cap | None:
        """The one that counts."""
        return self.all[0] if self.all else None

    def with_one(self, cap: Cap) -> Caps:
        """The same limits and one more."""
        return Caps(_in_order([*self.all, cap]), self.open_names)


def caps_of(protocol: Mapping[str, Any], treatment: Treatment, case: Case, where: str, clinician: Dose | None) -> Caps:
    """The limits for one person; `clinician` is one that the clinician sets, in the unit of the protocol."""
    per = AT_ONCE if protocol["steps"][0]["every_days"] > 2 else A_DAY  # what is given seldom is limited by the dose
    found, missing = list(_of_protocol(protocol)), set[str]()
    for row in conditions_of(treatment, "ceiling", where):
        if row.get("per") not in per or row["unit"] != protocol["unit"]:
            continue
        answer = holds(row["when"], case) if "when" in row else ALWAYS
        if answer.value is None:
            missing |= answer.missing
        elif answer.value:
            found.append(Cap(exact(row["amount"]), _reason("cap.ceiling", no_surer(row, answer)), "when" in row))
    if clinician is not None:
        found.append(Cap(clinician.amount, Reason("cap.clinician", f"The clinician allows at most {clinician}."), True))
    return Caps(_in_order(found), frozenset(missing))


def _in_order(caps: list[Cap]) -> tuple[Cap, ...]:
    return tuple(sorted(caps, key=lambda cap: cap.most))


def _of_protocol(protocol: Mapping[str, Any]) -> Iterator[Cap]:
    """The usual highest dose is what is drafted up to; only the clinician goes from there to the highest at all."""
    key = "usual_max" if "usual_max" in protocol else "hard_max"
    if key in protocol:
        most = f"{plain(exact(protocol[key]))} {protocol['unit']}"
        yield Cap(exact(protocol[key]), Reason.of("cap.protocol", f"At most {most} is drafted by {protocol['id']}.", protocol))


def _reason(rule: str, row: Mapping[str, Any]) -> Reason:
    says = row.get("says") or f"At most {plain(exact(row['amount']))} {row['unit']}."
    return Reason.of(rule, says, row)
