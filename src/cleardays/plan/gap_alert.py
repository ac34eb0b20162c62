"""Whether a gap between two doses was longer than a plan allows, and what the sources say then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cleardays.catalogue.treatments import find_treatment
from cleardays.plan.adherence import Adherence, Gap
from cleardays.plan.plan import Plan
from cleardays.sources import Reason

_OPEN, _OVER = "Call before the next dose.", "It is over, and doses went on: call the clinician."


class GapAlert(NamedTuple):
    """A gap that was longer than the limit. `certain`: whatever the unknown doses were; `open`: it is not over yet.

    `at_most_h` is how long it was if none of the unknown doses around it was taken.
    """

    certain: bool
    open: bool
    gap: Gap
    at_most_h: float
    limit_h: float
    says: str
    reasons: tuple[Reason, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        reasons = [reason.document() for reason in self.reasons]
        return {**self._asdict(), "gap": self.gap.document(), "at_most_h": round(self.at_most_h, 2), "reasons": reasons}


def gap_alerts(plan: Plan, found: Adherence) -> tuple[GapAlert, ...]:
    """Gaps that were too long, then those that may have been; of each the one that goes on first. None without a limit.

    Hours are counted from the last dose taken to the next one planned.
    """
    limit = plan.restart_after_gap_h
    ranges = [each for each in (found.open, found.longest) if each is not None]
    if limit is None or not ranges:
        return ()
    sure = [gap for gap in dict.fromkeys(each.at_least for each in ranges) if gap.hours > limit]
    possible = [gap for gap in dict.fromkeys(each.at_most for each in ranges) if gap.hours > limit]
    around = {gap: max([gap.hours, *(each.hours for each in possible if _holds(each, gap))]) for gap in sure}
    alone = [each for each in possible if not any(_holds(each, gap) for gap in sure)]
    reasons = tuple(_reasons(plan))
    end = None if found.open is None else found.open.at_most.until
    told = [(gap, True, around[gap]) for gap in sure] + [(gap, False, gap.hours) for gap in alone]
    return tuple(
        GapAlert(certain, gap.until == end, gap, most, limit, _says(gap, most, limit, certain, gap.until == end), reasons)
        for gap, certain, most in told
    )


def _holds(longer: Gap, gap: Gap) -> bool:
    return longer.since <= gap.since and gap.until <= longer.until


def _says(gap: Gap, most: float, limit: float, certain: bool, is_open: bool) -> str:
    hours = f"{gap.hours:.0f}" if most <= gap.hours or not certain else f"{gap.hours:.0f} to {most:.0f}"
    since, then = f"from {gap.since:%Y-%m-%d} on, more than {limit:g}", _OPEN if is_open else _OVER
    if certain:
        return f"{hours} hours without a dose {since}. {then}"
    return f"It may have been {hours} hours without a dose {since}: of some doses nothing is told. {then}"


def _reasons(plan: Plan) -> Iterator[Reason]:
    """Where the limit comes from, and what is said of missed doses."""
    if plan.restart is not None:
        yield plan.restart._replace(rule="gap.restart")
    yield from (Reason.of("gap.missed", row["says"], row) for row in find_treatment(plan.treatment).facts("missed"))
