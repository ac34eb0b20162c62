"""What is told of the person beside diary and trials: intake, goals, what was tried before, helpers, care."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from cleardays.problems import BadInput, Problem
from cleardays.trial.ledger.tried import Tried
from cleardays.trial.story.baseline import Baseline, read_baseline
from cleardays.trial.story.events import HELPER, Event
from cleardays.trial.story.tried_told import TRIED, hear_tried
from cleardays.trial.story.versions import Versions

BASELINE_FIXED = "baseline.fixed"
CONSENTED, CONSENT_WITHDRAWN = "helper.consented", "helper.withdrawn"
PERSON_KINDS: tuple[str, ...] = (BASELINE_FIXED, CONSENTED, CONSENT_WITHDRAWN, TRIED)


@dataclass(frozen=True, slots=True)
class Consent:
    """Whom the person lets act for them, in what, and since when."""

    helper: str
    may: tuple[str, ...]  # kinds of events
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PersonTold:
    """All of it, as it stands now."""

    baselines: tuple[Baseline, ...] = ()
    consents: tuple[Consent, ...] = ()
    tried: Versions[Tried] = field(default_factory=dict)


def hear(told: PersonTold, event: Event, where: str) -> PersonTold:
    """What stands after one more event.

    Raises:
        BadInput: its body cannot be read.
    """
    if event.kind == BASELINE_FIXED:
        return replace(told, baselines=(*told.baselines, read_baseline(event.body, where)))
    if event.kind == TRIED:
        return replace(told, tried=hear_tried(told.tried, event, where))
    raise NotImplementedError(event.kind)


def require_role(told: PersonTold, event: Event, where: str) -> None:
    """Refuse what a helper tells without the person's consent to just that.

    Raises:
        BadInput: no consent that stands.
    """
    if event.by.role != HELPER:
        return
    on = event.at.date()
    for consent in told.consents:
        stands = consent.since <= on and (consent.until is None or on < consent.until)
        if stands and consent.helper == event.by.name and event.kind in consent.may:
            return
    what = f"{event.by.name} has no consent to tell {event.kind} for this person."
    raise BadInput(Problem(f"{where}, by", what, "The person gives it, or tells it themselves."))
