"""What was given in the sessions of a trial, by the records that were told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from cleardays.plan.injection_record import SessionRecord as Injections
from cleardays.plan.session_record import Given
from cleardays.plan.session_record import SessionRecord as Supervised
from cleardays.plan.steps import exact
from cleardays.plan.units import unit_of
from cleardays.trial.dose_levels import SESSION, Amount
from cleardays.trial.story.sessions_told import INJECTIONS
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing


def sessions_given(story: Story, trial: Trial, as_of: date) -> Mapping[date, Amount]:
    """The sessions of a trial that have a record, up to a day, with the amount where it is one figure.

    A record that names no trial is one of this trial where it is of its treatment.
    """
    found: dict[date, Amount] = {}
    for each in standing(story.told.sessions).values():
        if each.on > as_of or (each.trial is not None and each.trial != trial.id):
            continue
        record = each.file
        if each.kind == INJECTIONS and isinstance(record, Injections):
            if each.trial is not None:
                found[each.on] = Amount(SESSION, record.units, unit_of(record.unit) or record.unit)
        elif isinstance(record, Supervised) and record.treatment == trial.treatment:
            found[each.on] = _together(record.given)
    return found


def _together(given: tuple[Given, ...]) -> Amount:
    """The amounts of a session as one; none where a part is told by its rate alone, or in another unit."""
    units = {unit_of(each.unit) for each in given if each.amount is not None}
    if not given or any(each.amount is None for each in given) or len(units) != 1:
        return Amount(SESSION, None, None)
    return Amount(SESSION, sum((exact(each.amount or 0) for each in given), Decimal(0)), given[0].unit)
