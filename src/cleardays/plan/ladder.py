"""The rungs of a plan: the table of the protocol up to the target, and beyond it where the sources give a pace.

No rung is larger or earlier than in the table; a target between two rungs makes the last one smaller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from cleardays.plan.caps import Cap, Caps
from cleardays.plan.scaling import Scale, scaled
from cleardays.plan.steps import Rung, exact, plain, rungs_of
from cleardays.plan.tablets import Strengths
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

Protocol = Mapping[str, Any]
_WHERE = "--target"


class Ladder(NamedTuple):
    """The rungs with the dose that they lead to, those taken only if needed aside; reasons say what lowered it."""

    rungs: tuple[Rung, ...]
    target: Dose
    reasons: tuple[Reason, ...]


def ladder(protocol: Protocol, strengths: Strengths, scale: Scale, caps: Caps, wanted: Dose | None) -> Ladder:
    """From the first dose to the target.

    Args:
        protocol: of the catalogue.
        strengths: of the tablets that there are.
        scale: by what every dose is multiplied.
        caps: the limits that hold.
        wanted: the target that was asked for, in the unit of the protocol; None is the protocol's own.

    Raises:
        BadInput: the target is above every limit, below the first dose, no dose of whole tablets, or
            one to which the sources give no pace.
    """
    table = rungs_of(protocol)
    reasons = [] if scale.reason is None else [scale.reason]
    rungs = scaled(table, scale.factor, strengths)
    if not rungs:
        raise BadInput(
            Problem("person", "No tablet is small enough for the dose.", "The clinician says what is taken instead.")
        )
    if protocol["kind"] == "fixed":
        return _fixed(protocol, rungs, caps, wanted, reasons)
    aim = _aim(protocol, table, wanted)
    if wanted is None and scale.factor != 1:
        aim = rungs[-1].daily if aim == table[-1].daily else aim * scale.factor
    caps = _scaled_caps(protocol, table, scale, caps)
    top, lowered_by = _within(protocol, caps, aim, wanted)
    reasons += lowered_by
    _refuse_too_low(protocol, rungs[0], top, wanted, caps)
    if top <= rungs[-1].daily:
        found = _up_to(rungs, top, strengths, Dose(top, protocol["unit"]), wanted)
    else:
        more = _beyond(protocol, rungs, top, strengths, scale.factor, wanted)
        found = (*_held(rungs, protocol), *more) if more else rungs
    if wanted is not None and found[-1].daily < top:
        reasons.append(_not_reached(found[-1].daily, top, protocol["unit"]))
    if wanted is not None:  # a dose that was asked for is needed
        found = tuple(rung._replace(if_needed=False) for rung in found)
    planned = [rung for rung in found if not rung.if_needed]
    return Ladder(_merged(found), Dose(planned[-1].daily, protocol["unit"]), tuple(reasons))


def _not_reached(dose: Decimal, top: Decimal, unit: str) -> Reason:
    said = f"From {plain(dose)} {unit} no step that the sources allow comes nearer to {plain(top)} {unit} in whole tablets."
    return Reason("dose.rounded-down", said)


def _merged(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """Without rises to the same dose: rounded down to whole tablets, two rungs may be one."""
    found = list[Rung]()
    for rung in rungs:
        if found and (rung.amounts, rung.every_days) == (found[-1].amounts, found[-1].every_days):
            days = None if rung.least_days is None else (found[-1].least_days or 0) + rung.least_days
            found[-1] = found[-1]._replace(least_days=days)
        else:
            found.append(rung)
    return tuple(found)


def _aim(protocol: Protocol, table: Sequence[Rung], wanted: Dose | None) -> Decimal:
    if wanted is not None:
        return wanted.amount
    return exact(protocol["target"]) if "target" in protocol else table[-1].daily


def _scaled_caps(protocol: Protocol, table: Sequence[Rung], scale: Scale, caps: Caps) -> Caps:
    """Where every dose is lowered, so is the highest."""
    if scale.reason is None:
        return caps
    most = exact(protocol.get("usual_max", protocol.get("hard_max", table[-1].daily))) * scale.factor
    return caps.with_one(Cap(most, scale.reason, of_person=True))


def _within(protocol: Protocol, caps: Caps, aim: Decimal, wanted: Dose | None) -> tuple[Decimal, list[Reason]]:
    """The target under the lowest limit. What nobody may take is refused; what only a clinician may give is lowered."""
    most = exact(protocol.get("hard_max", protocol.get("usual_max", protocol.get("target", aim))))
    if wanted is not None and aim > most:
        what = f"{wanted} is more than {plain(most)} {protocol['unit']}, the most that {protocol['id']} knows."
        raise BadInput(Problem(_WHERE, what, f"Write {plain(most)} {protocol['unit']} or less."))
    lowest = caps.lowest
    if lowest is None or aim <= lowest.most:
        return aim, []
    return lowest.most, [cap.reason for cap in caps.all if cap.most < aim]


def _refuse_too_low(protocol: Protocol, first: Rung, top: Decimal, wanted: Dose | None, caps: Caps) -> None:
    if top >= first.daily:
        return
    unit, least = protocol["unit"], plain(first.daily)
    if wanted is not None and wanted.amount == top:
        what = f"{wanted} is less than the first dose, {least} {unit} a day."
        raise BadInput(Problem(_WHERE, what, f"Write {least} {unit} or more."))
    limit = caps.lowest.reason.because if caps.lowest is not None else ""
    what = f"The first dose is {least} {unit} a day, above a limit. {limit}"
    raise BadInput(Problem("--at-most", what, "No dose can be drafted; the clinician decides."))


def _up_to(rungs: Sequence[Rung], top: Decimal, strengths: Strengths, target: Dose, wanted: Dose | None) -> tuple[Rung, ...]:
    """The rungs below the target, and the target itself from the day of the rung that is as high or higher."""
    below = [rung for rung in rungs if rung.daily < top]
    at = rungs[len(below)]
    last = at
    if at.daily != top:
        amounts = strengths.divided(top, len(at.amounts)) if at.every_days == 1 else None
        if amounts is None and wanted is not None and wanted.amount == top:
            raise BadInput(Problem(_WHERE, f"{target} a day is not made of whole tablets.", _near(rungs, strengths, top)))
        amounts = amounts or strengths.nearest(top, len(at.amounts))
        if not amounts or sum(amounts) <= (below[-1].daily if below else 0):
            last = below.pop()
        else:
            said = f"{at.reason.because} The target is lower."
            last = at._replace(amounts=amounts, every_days=1).worded(said, "protocol.target")
    return (*below, last._replace(least_days=None))


def _near(rungs: Sequence[Rung], strengths: Strengths, top: Decimal) -> str:
    lower = sum(strengths.rounded_down(top, len(rungs[-1].amounts)))
    return f"Write {plain(Decimal(lower))}, or another dose of whole tablets."


def _held(rungs: Sequence[Rung], protocol: Protocol) -> tuple[Rung, ...]:
    """The last rung of the table lasts as long as its text says before anything beyond it."""
    days = int(protocol.get("hold_days", protocol.get("step_every_days", 0)))
    return (*rungs[:-1], rungs[-1]._replace(least_days=days))


def _beyond(
    protocol: Protocol, rungs: Sequence[Rung], top: Decimal, strengths: Strengths, factor: Decimal, wanted: Dose | None
) -> tuple[Rung, ...]:
    """Rungs above the table, by its largest step and its slowest pace, in whole tablets; each rise is from what is taken."""
    last, unit = rungs[-1], protocol["unit"]
    if "step_every_days" not in protocol:
        what = f"The sources give no pace from {plain(last.daily)} to {plain(top)} {unit}."
        raise BadInput(Problem(_WHERE, what, f"Write {plain(last.daily)} {unit}; any rise is the clinician's."))
    rise = (exact(protocol["step_max"]) if "step_max" in protocol else _largest(rungs)) * factor
    because = f"Beyond the table of {protocol['id']}: {plain(rise)} {unit} at most, and not sooner."
    reason = Reason.of("protocol.beyond", because, protocol)
    dose, found = last.daily, list[Rung]()
    while dose < top:
        amounts = strengths.nearest(min(dose + rise, top), len(last.amounts))
        if sum(amounts) <= dose:
            break  # no whole tablets between here and the target
        dose = sum(amounts, Decimal(0))
        found.append(Rung(amounts, 1, int(protocol["step_every_days"]), reason))
    if wanted is not None and wanted.amount == top and dose != top:
        raise BadInput(Problem(_WHERE, f"{wanted} a day is not made of whole tablets.", _near(rungs, strengths, top)))
    return (*found[:-1], found[-1]._replace(least_days=None)) if found else ()


def _largest(rungs: Sequence[Rung]) -> Decimal:
    doses = [rung.daily for rung in rungs]
    return max((high - low for low, high in pairwise(doses)), default=doses[0])


def _fixed(protocol: Protocol, rungs: Sequence[Rung], caps: Caps, wanted: Dose | None, reasons: list[Reason]) -> Ladder:
    """One dose from the first day on: as it is, or not at all."""
    last = rungs[-1]
    target = Dose(last.daily if last.every_days == 1 else last.on_a_day, protocol["unit"])
    if wanted is not None and wanted.amount != target.amount:
        what = f"{protocol['id']} gives {target}, and no pace to {wanted}."
        raise BadInput(Problem(_WHERE, what, f"Write {target}, or another protocol by --protocol."))
    limit = caps.lowest
    if limit is not None and any(max(rung.daily, rung.on_a_day) > limit.most for rung in rungs):
        raise BadInput(Problem("--at-most", f"{target} is above a limit. {limit.reason.because}", "The clinician decides."))
    return Ladder(tuple(rungs), target, tuple(reasons))
