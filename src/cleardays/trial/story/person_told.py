"""What is told of the person beside diary and trials: intake, goals, what was tried before, helpers, safety, sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from cleardays.trial.ledger.tried import Tried
from cleardays.trial.story import kinds
from cleardays.trial.story.baseline import Baseline, read_baseline
from cleardays.trial.story.events import Event
from cleardays.trial.story.goals_told import Goal, hear_goal
from cleardays.trial.story.helpers_told import Consent, hear_consent, require_consent
from cleardays.trial.story.intake_told import PartTold, hear_part
from cleardays.trial.story.safety_told import Flag, hear_flag
from cleardays.trial.story.sessions_told import HeldSession, hear_session
from cleardays.trial.story.tried_told import hear_tried
from cleardays.trial.story.versions import Versions


@dataclass(frozen=True, slots=True)
class PersonTold:
    """All of it, as it stands now, with what was told before it."""

    baselines: tuple[Baseline, ...] = ()
    consents: Versions[Consent] = field(default_factory=dict)
    tried: Versions[Tried] = field(default_factory=dict)
    intake: Versions[PartTold] = field(default_factory=dict)
    goals: Versions[Goal] = field(default_factory=dict)
    flags: Mapping[str, Flag] = field(default_factory=dict)
    sessions: Versions[HeldSession] = field(default_factory=dict)


def hear(told: PersonTold, event: Event, where: str) -> PersonTold:
    """What stands after one more event.

    Raises:
        BadInput: its body cannot be read.
    """
    return _HEARD[event.kind](told, event, where)


def require_role(told: PersonTold, event: Event, where: str) -> None:
    """Refuse what is not for this role, and what a helper tells without the person's consent to just that.

    Raises:
        BadInput: says who could tell it.
    """
    kinds.require_role(event, where)
    require_consent(told.consents, event, where)


def _baseline(told: PersonTold, event: Event, where: str) -> PersonTold:
    return replace(told, baselines=(*told.baselines, read_baseline(event.body, where)))


def _consent(told: PersonTold, event: Event, where: str) -> PersonTold:
    return replace(told, consents=hear_consent(told.consents, event, where))


def _tried(told: PersonTold, event: Event, where: str) -> PersonTold:
    return replace(told, tried=hear_tried(told.tried, event, where))


def _part(told: PersonTold, event: Event, where: str) -> PersonTold:
    return replace(told, intake=hear_part(told.intake, event, where))


def _goal(told: PersonTold, event: Event, where: str) -> PersonTold:
    return replace(told, goals=hear_goal(told.goals, event, where))


def _flag(told: PersonTold, event: Event, where: str) -> PersonTold:
    return replace(told, flags=hear_flag(told.flags, event, where))


def _session(told: PersonTold, event: Event, where: str) -> PersonTold:
    return replace(told, sessions=hear_session(told.sessions, event, where))


_HEARD: Mapping[str, Callable[[PersonTold, Event, str], PersonTold]] = {
    kinds.BASELINE_FIXED: _baseline,
    kinds.CONSENTED: _consent,
    kinds.CONSENT_WITHDRAWN: _consent,
    kinds.TRIED: _tried,
    kinds.INTAKE: _part,
    kinds.GOAL: _goal,
    kinds.FLAG_SHOWN: _flag,
    kinds.FLAG_ANSWERED: _flag,
    kinds.SESSION_HELD: _session,
}
