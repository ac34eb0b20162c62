"""Sessions at the clinic: which one the address names, and that only those who hold or write one down may open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleardays.clock import parse_day
from cleardays.problems import Problem
from cleardays.trial.story.kinds import SESSION_HELD, WHO
from cleardays.web.problem_answers import Refused
from cleardays.web.trials import plan_asked, trial_asked

if TYPE_CHECKING:
    from cleardays.plan.sessions import Session
    from cleardays.web.asked import Asked

_LONGEST_TRIAL = 40


def staff_only(asked: Asked) -> None:
    """Refuse whoever may not tell of a session.

    Raises:
        Refused: for everybody but qualified practitioners.
    """
    if asked.viewer.role not in WHO[SESSION_HELD]:
        raise Refused(404, Problem("session", "it is recorded by a clinician or a nurse.", "Ask the one who holds it."))


def session_asked(asked: Asked) -> Session:
    """The session that the address names.

    Raises:
        Refused: none is planned on that day.
    """
    on = parse_day(asked.request.path_params["on"])
    found = next((each for each in plan_asked(asked).plan.sessions if each.on == on), None)
    if found is None:
        raise Refused(404, Problem("session", "none is planned on that day.", "Go back to the plan, and choose one."))
    return found


def entry_of(asked: Asked) -> str:
    """The name of the entry of that session, so that what is told later tells of the same."""
    return f"{trial_asked(asked).id[:_LONGEST_TRIAL]}.{asked.request.path_params['on']}"
