"""How urgent a side effect or a warning sign is: help at once, a call today, or a note for the next visit; and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.diary.beside import Beside
from cleardays.diary.entries import Event
from cleardays.diary.records import Diary
from cleardays.plan.alerts import grave
from cleardays.plan.told_findings import findings, is_settled, may_be_sign
from cleardays.plan.told_terms import flags_in, reactions_in
from cleardays.report.plan_watch import sign
from cleardays.report.treatment_page_words import capital
from cleardays.trial.story import phases
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial

EMERGENCY, SOON, NOTE = "emergency", "soon", "note"
TIERS = (EMERGENCY, SOON, NOTE)
_AT_ONCE, _TODAY = "critical", "major"
_SEVERE = "severe"


class Said(NamedTuple):
    """One thing that is said of it: what it is, why it matters, what to do."""

    what: str
    because: str
    do: str


class Escalation(NamedTuple):
    """How urgent it is, what is said, and of which trial and treatment it is held to be (None: of none in particular)."""

    tier: str
    said: tuple[Said, ...] = ()
    treatment: str | None = None
    trial: str | None = None


def escalated(story: Story, event: Event, on: date) -> Escalation:
    """How urgent an event of the diary is, by the treatments that run and by what holds for everybody.

    Args:
        story: the person's.
        event: as it would stand in the diary.
        on: the day.
    """
    if not may_be_sign(event) or is_settled(event, on):
        return Escalation(NOTE)
    found = [_by_trial(trial, event, on) for trial in running(story)]
    found.append(_by_all(event))
    worst = min(found, key=lambda each: TIERS.index(each.tier))
    said = tuple(dict.fromkeys(one for each in found if each.tier == worst.tier for one in each.said))
    return worst._replace(said=tuple(each for each in said if each.because) or said)  # what holds of all is in it


def running(story: Story) -> tuple[Trial, ...]:
    """The trials whose treatment has begun and not ended."""
    return tuple(each for each in story.trials.values() if each.begun_on is not None and each.phase != phases.ENDED)


def signs_of(story: Story) -> tuple[tuple[str, str], ...]:
    """The warning signs to ask about, those of the running treatments first: each by its name, and in words."""
    of = [each.treatment for each in running(story) if each.treatment in treatment_ids()]
    own = [flag for name in of for row in load_treatment(name).facts("red_flag") for flag in row["flags"]]
    rest = [flag for flag, row in general()["red_flags"]["flags"].items() if _is_grave(row["severity"])]
    return tuple((flag, capital(sign(flag))) for flag in dict.fromkeys((*own, *rest)))


def _is_grave(severity: str) -> bool:
    return grave(severity) <= grave(_TODAY)


def _by_trial(trial: Trial, event: Event, on: date) -> Escalation:
    plan = trial.confirmed or trial.plan
    if plan is None:
        return Escalation(NOTE)
    alone = Diary((), {}, (), Beside(events=(event,)))
    alerts = findings(plan.file, alone, on).alerts
    said = [(each.severity, Said(capital(each.subject), each.because, each.action)) for each in alerts]
    return _worst(said)._replace(treatment=trial.treatment, trial=trial.id)


def _by_all(event: Event) -> Escalation:
    """What holds of everybody, whatever they take."""
    rules = general()["red_flags"]
    said = []
    for flag in sorted(flags_in(event.term)):
        row = rules["flags"][flag]
        do = row.get("action", rules["emergency"] if row["severity"] == _AT_ONCE else rules["today"])
        said.append((row["severity"], Said(capital(sign(flag)), "", do)))
    if event.severity == _SEVERE or event.serious or reactions_in(event.term):
        said.append((_TODAY, Said(capital(event.term), "", rules["today"])))
    return _worst(said)


def _worst(said: Sequence[tuple[str, Said]]) -> Escalation:
    at_once = tuple(each for severity, each in said if severity == _AT_ONCE)
    today = tuple(each for severity, each in said if _is_grave(severity))
    if at_once:
        return Escalation(EMERGENCY, at_once)
    return Escalation(SOON, today) if today else Escalation(NOTE, tuple(each for _, each in said))
