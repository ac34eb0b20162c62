"""Where each trial stands: what is to be taken today, in one tap; what comes next; how to hold, go back, or stop."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.clock import parse_day
from cleardays.problems import BadInput, Problem
from cleardays.trial.story import phases
from cleardays.trial.story.events import Event
from cleardays.trial.whole import WholePlan, whole_plan
from cleardays.trial.whole_trial import OpenTrial, open_trial_on
from cleardays.web.asked import Asked
from cleardays.web.doses import STATES, UNDO, days_to_tell, dose_told, doses_of, has_doses
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.marked import N_
from cleardays.web.places import base_of, for_both
from cleardays.web.roles import ADD, CHANGE, PLAN, Need, allowed
from cleardays.web.trials import called, called_for, trial_asked

_PATH, _DOSE = "/plan", "/plan/{trial}/dose"
_MOST = 4  # of what comes next
PHASES = {
    phases.SCREENING: N_("Looking whether it suits"), phases.BASELINE: N_("Before day one: keep the diary"),
    phases.TITRATION: N_("Going up to the dose"), phases.MAINTENANCE: N_("On the dose"),
    phases.REVIEW: N_("Being reviewed"), phases.DECISION: N_("A decision is due"), phases.TAPER: N_("Going down"),
    phases.ENDED: N_("Ended"),
}  # fmt: skip


def plan(asked: Asked) -> Response:
    """The page."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    whole = whole_plan(asked.story, asked.today)
    trials = sorted(whole.trials, key=lambda each: (not each.begun, each.trial.opened_on))
    shown: dict[str, Any] = {
        "form": form,
        "day": asked.today,
        "trials": [_shown(asked, each) for each in trials],
        "whole": whole,
        "signs": _signs(whole),
        "ended": [(each, called(each.treatment)) for each in whole.ended],
        "begun": any(each.begun for each in trials),
        "base": base_of(asked),
        "here": "/plan",
        "may_change": allowed(asked.viewer, Need(PLAN, ADD), asked.person),
        "may_link": allowed(asked.viewer, Need(PLAN, CHANGE), asked.person),
    }
    return asked.page("plan.html", shown, status=status)


def _shown(asked: Asked, each: OpenTrial) -> dict[str, Any]:
    """One trial for the page."""
    trial, follow, file = each.trial, each.follow, each.file
    confirmed = file is not None and file.confirmation is not None
    return {
        "trial": trial,
        "name": called(trial.treatment),
        "for_what": called_for(trial.indication),
        "phase": PHASES[trial.phase],
        "file": file,
        "begun": each.begun,
        "due": each.due_today,
        "still": each.stands_still,
        "follow": follow,
        "by_doses": has_doses(file),
        "days": [] if not each.begun else [_doses(asked, each, day) for day in days_to_tell(trial, asked.today)],
        "sessions": each.sessions[:_MOST],
        "checks": _checks(each)[:_MOST],
        "may_begin": confirmed and not each.begun and file is not None and file.plan.start <= asked.today,
        "waits": () if follow is None else follow.standing.waiting,
        "confirmed": confirmed,
    }


def _checks(each: OpenTrial) -> list[tuple[date, str]]:
    """What is to be seen to, each once on its first day."""
    return list(dict.fromkeys((due.days[0], due.check.what) for due in each.checks if due.days))


def _doses(asked: Asked, each: OpenTrial, day: date) -> Any:  # noqa: ANN401  # as the template shows them
    of = each if day == asked.today else open_trial_on(each.trial, asked.story.diary, day)
    return doses_of(of, day, asked.known.entries)


def _signs(whole: WholePlan) -> list[tuple[str, str, str]]:
    """Warning signs of the diary that nobody answered: what is shown, what to do, how urgent."""
    return [(each.shown, each.do, each.tier) for each in whole.flags]


async def tell_dose(asked: Asked) -> Response:
    """Keep what one tap tells of a dose."""
    bad = await kept(asked, _told)
    if bad is not None:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    return RedirectResponse(f"{base_of(asked)}{_PATH}", 303)


def _told(asked: Asked) -> list[Event]:
    what = need_one_of(asked, "what", (*STATES, UNDO))
    day = parse_day(asked.field("day"))
    if day is None:
        raise BadInput(Problem("day", "it does not say of which day.", "Go back to the plan, and press the button there."))
    return [dose_told(asked, trial_asked(asked), what, day)]


ROWS = for_both(
    Endpoint("GET", _PATH, plan, Need(PLAN), "where each trial stands, and what is taken today"),
    Endpoint(
        "POST", _DOSE, tell_dose, Need(PLAN, ADD), "a dose taken, taken late, left out, or the last word on it taken back"
    ),
)
