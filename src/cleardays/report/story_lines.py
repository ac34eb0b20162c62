"""What happened in a trial, in one line for each step, as its events tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from cleardays.clock import local_day, zone_named
from cleardays.report import words
from cleardays.trial.story import phases
from cleardays.trial.story.events import Event
from cleardays.trial.story.kinds import FLAG_SHOWN, SESSION_HELD
from cleardays.trial.story.sessions_told import SUPERVISED

# Kinds of versions whose reason the decision says already.
_SAID_BY_THE_DECISION = ("drafted", "review", "stop")


class Line(NamedTuple):
    """One step: its day, what it was, and what is said of it."""

    on: date
    what: str
    said: str


def story_lines(events: Iterable[Event], zone: str) -> tuple[Line, ...]:
    """The steps of a trial in their order; the days of the diary are counted, not listed.

    Args:
        events: of one person.
        zone: the person's, which says on which day an event was told.
    """
    place = zone_named(zone)
    found = []
    for event in events:
        told = _SAID.get(event.kind)
        line = None if told is None else told(event)
        if line is not None:
            found.append(Line(local_day(event.at, place), *line))
    return tuple(found)


Said = tuple[str, str] | None


def _opened(event: Event) -> Said:
    return "Opened", str(event.body["why"])


def _screened(event: Event) -> Said:
    alerts = [str(each["code"]) for each in event.body["alerts"]]
    found = f"{words.counted(len(alerts), 'alert')}: {', '.join(alerts)}" if alerts else "no alert"
    return "Screened", f"{words.sentence(str(event.body['verdict']))}; {found}"


def _confirmed(event: Event) -> Said:
    plan: dict[str, Any] = event.body["plan"]
    last = [entry for entry in plan["history"] if entry["kind"] != "confirmed"][-1]
    why = "" if last["kind"] in _SAID_BY_THE_DECISION else f". {last['why']}"
    return f"Plan, version {plan['version']}", f"Confirmed by {plan['confirmed']['by']}{why}"


def _begun(event: Event) -> Said:
    baseline = event.body["baseline"]
    return "Begun", f"The baseline is fixed: {baseline['known']} of {words.counted(baseline['days'], 'day')} known"


def _session(event: Event) -> Said:
    kind = SUPERVISED if SUPERVISED in event.body else "injections"
    by = event.body.get("held_by", event.by.name)
    return "Session", f"{'Supervised and recorded' if kind == SUPERVISED else 'Injections recorded'} by {by}"


def _sign(event: Event) -> Said:
    return "Shown", str(event.body["shown"])


def _answered(event: Event) -> Said:
    answer = event.body["answer"]
    return "Answered", words.sentence(str(answer["verdict"]).replace("_", " "))


def _decided(event: Event) -> Said:
    word = words.sentence(str(event.body["decision"]))
    return f"Decided: {word.lower()}", " ".join(event.body["reasons"])


def _ended(event: Event) -> Said:
    return "Ended", words.sentence(str(event.body["ending"]))


_SAID = {
    phases.OPENED: _opened,
    phases.SCREENED: _screened,
    phases.CONFIRMED: _confirmed,
    phases.BEGUN: _begun,
    SESSION_HELD: _session,
    FLAG_SHOWN: _sign,
    phases.ANSWERED: _answered,
    phases.DECIDED: _decided,
    phases.END: _ended,
}
