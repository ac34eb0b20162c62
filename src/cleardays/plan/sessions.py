"""Supervised sessions of a plan: injections of a toxin by cycles, one ketamine session, infusions of an antibody.

Where the sources hold no dose for a session there is none: amount and rate are the clinician's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.steps import plain
from cleardays.plan.toxin_sites import Site, ceiling, fixed_sites, total_units, with_additions
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

_WEEK = 7
_CLINICIAN = "clinician"


class Session(NamedTuple):
    """One session on one day. `amount` None is the clinician's to say; `sites` one entry an injection."""

    on: date
    route: str
    amount: Decimal | None
    unit: str | None
    sites: tuple[Site, ...]
    observe_min: int | None
    prepare: tuple[str, ...]
    reason: Reason

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "on": self.on.isoformat(),
            "route": self.route,
            "amount": None if self.amount is None else plain(self.amount),
            "rate": None,
            "unit": self.unit,
            "sites": [site.document() for site in self.sites],
            "observe_min": self.observe_min,
            "needs": _CLINICIAN,
            "prepare": list(self.prepare),
            "reason": self.reason.document(),
        }


def is_given_in_sessions(treatment: Treatment) -> bool:
    """Whether there are sessions and no schedule of doses."""
    return bool(treatment.facts("session")) and not treatment.facts("protocol")


def sessions_of(treatment: Treatment, where: str, start: date, target: Dose | None) -> tuple[Session, ...]:
    """The sessions that are drafted: as many cycles as it takes to judge, or the one that comes before the review.

    Raises:
        BadInput: a target where the amount is the clinician's, or one that the sites cannot make.
    """
    row = treatment.facts("session")[0]
    if not treatment.facts("site"):
        if target is not None:
            what = f"The amount of a session of {treatment.id} is the clinician's; none is drafted."
            raise BadInput(Problem("--target", what, "Leave --target out."))
        return (_session(row, start, None, None, ()),)
    sites = fixed_sites(treatment) if target is None else _sites_of(treatment, target)
    total = total_units(sites)
    days = session_days(treatment, where, start)
    return tuple(_session(row, on, total, sites_unit(treatment), sites) for on in days)


def _sites_of(treatment: Treatment, target: Dose) -> tuple[Site, ...]:
    """The sites of a total that was asked for by `--target`."""
    try:
        return with_additions(treatment, target)
    except BadInput as bad:
        raise BadInput([problem._replace(where="--target") for problem in bad.problems]) from None


def session_days(treatment: Treatment, where: str, start: date) -> tuple[date, ...]:
    """As many sessions as the first judgement needs, at the interval of the sources."""
    weeks = max(int(row["weeks"]) for row in treatment.facts("interval"))
    judged = [row for row in conditions_of(treatment, "judge", where) if "weeks_from_start" in row]
    needed = [int(row.get("sessions", ceil(row["weeks_from_start"] / weeks))) for row in judged]
    return tuple(start + timedelta(days=_WEEK * weeks * number) for number in range(max(needed, default=1)))


def sites_unit(treatment: Treatment) -> str:
    """The unit of the product, which is no other product's."""
    return str(ceiling(treatment, "session")["unit"])


def infusions(treatment: Treatment, days: Sequence[date], amount: Decimal, unit: str) -> tuple[Session, ...]:
    """The days on which a dose of a schedule is given under supervision; none where it is taken at home."""
    rows = treatment.facts("session")
    return tuple(_session(rows[0], on, amount, unit, ()) for on in days) if rows else ()


def _session(row: Mapping[str, Any], on: date, amount: Decimal | None, unit: str | None, sites: tuple[Site, ...]) -> Session:
    observe = row.get("observe_min")
    prepare = tuple(row.get("needs", (_CLINICIAN,)))
    reason = Reason.of("session", row["says"], row)
    return Session(on, row["route"], amount, unit, sites, None if observe is None else int(observe), prepare, reason)
