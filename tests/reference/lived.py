"""The app at a day of a simulated trial: everything told up to that day, and nothing later."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from cleardays.trial.demonstration.journey import simulate
from cleardays.trial.story.phases import BEGUN
from cleardays.web.roles import Viewer
from reference import app


@cache
def events_of(case):
    """All events of a simulated trial, and the instant of its first dose."""
    events = simulate(case, None).events
    return events, next(event.at for event in events if event.kind == BEGUN)


def told_until(case, days):
    """What was told up to so many days after the first dose, and the instant."""
    events, begun = events_of(case)
    now = begun + timedelta(days=days)
    return [event for event in events if event.at <= now], now


@contextmanager
def desk(folder, case, days, person="me", **settings):
    """The app of one person at that day."""
    events, now = told_until(case, days)
    with app.desk(folder, app.Clock(now), **settings) as found:
        found.store.add_person(person)
        found.store.append(person, events)
        yield found


def look_as(desk, role, *, person=None, shown=None):
    """Let every request come from a viewer of that role."""
    shown = {name: frozenset(families) for name, families in (shown or {}).items()}
    viewer = Viewer(role, "Dr Ada Field", account=f"the {role}", person=person, shown=shown)
    desk.app.state.house.viewers.of = lambda _: viewer
