"""Which trials speak of this person: the treatment by any of its names, and the kind of migraine."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cleardays.diary.series import DaySeries
from cleardays.response.design import HORIZON_DAYS
from cleardays.response.fit import BASELINE_DAYS
from cleardays.sources import Reason

if TYPE_CHECKING:
    from cleardays.evidence.prior.stored import Expected
    from cleardays.plan.journal import PlanFile

# What the trials count, or stands for it: a ratio of headache days is taken as one of migraine days.
_COUNTED = ("headache_day", "migraine_day", "mod_sev_headache_day")


class Expectation(NamedTuple):
    """What trials say of this person; without a prior `notes` tell why, where the treatment is one that studies name."""

    expected: Expected | None = None
    notes: tuple[Reason, ...] = ()


def expectation(
    treatment: str, outcome: str, headache: DaySeries, start: date, frequent_from_days: float, plan: PlanFile | None = None
) -> Expectation:
    """What trials of the treatment in people like this one say; nothing of other outcomes.

    Args:
        treatment: any name.
        outcome: what is judged.
        headache: headache days; those before the start tell chronic from episodic migraine where no plan names it.
        start: first day of treatment.
        frequent_from_days: headache days in 28 from which on trials of chronic migraine speak of the person.
        plan: by which it was taken.
    """
    from cleardays.catalogue.treatments import may_name_treatment  # most of a diary's cost would be looking names up

    if outcome not in _COUNTED or not may_name_treatment(treatment):
        return Expectation()
    from cleardays.catalogue.names import find_medicine
    from cleardays.evidence.prior.stored import expected_of, no_prior_of

    medicine = find_medicine(treatment)
    if medicine is None:
        return Expectation()
    people = _kind(headache, start, frequent_from_days) if plan is None else plan.plan.indication
    expected = expected_of(medicine.id, people)
    why = no_prior_of(medicine.id, people) if expected is None else None
    return Expectation(expected, () if why is None else (why,))


def _kind(headache: DaySeries, start: date, frequent_from_days: float) -> str:
    seen = headache.before(start, BASELINE_DAYS) or headache
    frequent = HORIZON_DAYS * seen.had >= frequent_from_days * max(seen.known, 1)
    return "chronic-migraine" if frequent else "episodic-migraine"
