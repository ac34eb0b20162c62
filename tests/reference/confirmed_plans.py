"""Plans that a clinician confirmed, for somebody with nothing to flag."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cleardays.plan.alerts import grave
from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.plan.confirmation import confirm
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.person_reading import read_person
from reference.plan_files import START, WELL

CALENDAR = "6f1b2c3d-0000-4000-8000-00000000abcd"


def drafted(treatment, indication, start=START, person=WELL, **wish):
    """The first version, which nobody confirmed."""
    asked, known = Wish(treatment, indication, start, **wish), read_person(person)
    return begin(asked, known, draft(asked, known))


def confirmed(file, at=None):
    """The present version with a clinician's word; the calendar always has the same name."""
    grave_ones = [each.alert.code for each in file.plan.alerts if grave(each.alert.severity) <= grave("major")]
    open_ = dict.fromkeys(grave_ones, "weighed")
    when = at or datetime(*file.last_change_on.timetuple()[:3], 9, 30, tzinfo=UTC) - timedelta(days=1)
    return confirm(file, by="Dr Ada Field", at=when, accepted=open_)._replace(calendar_id=CALENDAR)


def changed(file, kind, on, **data):
    """The next version, which nobody confirmed."""
    return change(file, Change(kind, on, "as it had to be", "Dr Ada Field", data))
