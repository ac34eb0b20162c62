"""The plan of one trial as a page: how it stands, what to take and watch, why; and the first dose, once it is confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.plan.journal import PlanFile
from cleardays.problems import BadInput, Problem
from cleardays.report.plan_page import CONFIRMED
from cleardays.trial.story import phases
from cleardays.trial.story.events import Event
from cleardays.trial.story.kinds import SESSION_HELD, WHO
from cleardays.trial.story.steps import beginning, ending
from cleardays.trial.story.trial_record import Trial
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.places import base_of, for_both
from cleardays.web.plan_shown import diary_ends, whole_page
from cleardays.web.roles import ADD, CONFIRM, PLAN, Need, allowed
from cleardays.web.trials import called, called_for, trial_asked

_PATH = "/plan/{trial}"
_DO = ("begin", "end")


def trial_plan(asked: Asked) -> Response:
    """The page."""
    return _page(asked, trial_asked(asked), Form())


def _page(asked: Asked, trial: Trial, form: Form, status: int = 200) -> Response:
    file = None if trial.plan is None else trial.plan.file
    shown: dict[str, Any] = {
        "form": form,
        "trial": trial,
        "name": called(trial.treatment),
        "for_what": called_for(trial.indication),
        "file": file,
        "base": base_of(asked),
        "here": "/plan",
        "may_confirm": allowed(asked.viewer, Need(PLAN, CONFIRM), asked.person),
        "may_link": asked.viewer.person == asked.person,
        "today": asked.today,
        "to_record": _to_record(asked, file),
        "never_begun": trial.phase in (phases.SCREENING, phases.BASELINE),
    }
    if file is not None:
        whole = whole_page(file, asked.today, diary_ends(asked.story))
        stands = whole["page"].band.kind == CONFIRMED
        begins = stands and trial.begun_on is None and file.plan.start <= asked.today
        shown |= {**whole, "stands": stands, "may_begin": begins and bool(file.plan.steps or file.plan.sessions)}
    return asked.page("trial_plan.html", shown, status=status)


def _to_record(asked: Asked, file: PlanFile | None) -> list[tuple[date, str]]:
    """The sessions of the plan with their sheets, for those who hold them; nothing for anybody else."""
    if file is None or asked.viewer.role not in WHO[SESSION_HELD]:
        return []
    rows = [(each.on, "sites" if each.sites else "sheet") for each in file.plan.sessions if each.sites or each.amount is None]
    return [(on, f"{base_of(asked)}/plan/{asked.request.path_params['trial']}/{kind}/{on}") for on, kind in rows]


async def take_step(asked: Asked) -> Response:
    """The first dose was taken, or the trial ends."""
    trial = trial_asked(asked)
    bad = await kept(asked, _told)
    if bad is not None:
        return await run_in_threadpool(_page, asked, trial, written(asked, bad), 422)
    return RedirectResponse(f"{base_of(asked)}/plan", 303)


def _told(asked: Asked) -> list[Event]:
    trial = trial_asked(asked)
    if need_one_of(asked, "what", _DO) == "begin":
        if trial.plan is None:
            raise BadInput(Problem("plan", "there is no plan yet.", "Draft one, and have it confirmed."))
        if trial.plan.start > asked.today:
            raise BadInput(Problem("plan", "its first day is still to come.", "Come back on that day."))
        return [beginning(asked.story, trial.id, trial.plan.start, at=asked.now, by=asked.by)]
    if not asked.field("why"):
        raise BadInput(Problem("why", "it does not say why.", "Say it in a few words."))
    how = phases.NEVER_BEGUN if trial.begun_on is None else phases.FINISHED if trial.phase == phases.TAPER else phases.GAVE_UP
    return [ending(trial.id, how, asked.field("why"), asked.today, at=asked.now, by=asked.by)]


ROWS = for_both(
    Endpoint("GET", _PATH, trial_plan, Need(PLAN), "the plan of a trial"),
    Endpoint("POST", _PATH, take_step, Need(PLAN, ADD), "the first dose, or the end of a trial"),
)
