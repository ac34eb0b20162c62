"""Life happens: the dose is held, goes a step back, or is stopped with a call. Each says first what will happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.plan.journal import STOP, PlanFile
from cleardays.problems import BadInput, Problem
from cleardays.report.plan_page import compose_plan
from cleardays.trial.story.events import Event
from cleardays.trial.story.kinds import FLAG_SHOWN
from cleardays.trial.story.steps import planning
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.facts import figure
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, new_name
from cleardays.web.marked import N_
from cleardays.web.places import base_of, for_both
from cleardays.web.problem_answers import Refused
from cleardays.web.red_card import red_card
from cleardays.web.roles import ADD, CONFIRM, PLAN, Need, allowed
from cleardays.web.trials import called, plan_asked, trial_asked

_PATH, _CALLED = "/plan/{trial}/change/{kind}", "/plan/{trial}/call"
_MOST = 3  # of the doses that come
_SOON = "soon"  # the tier of a sign that somebody has to be called for


class Kind(NamedTuple):
    """One change: its name, what it does in words, and the field that it needs (None: none)."""

    name: str
    says: str
    field: str | None = None
    asks: str = ""
    for_all: bool = True


KINDS: Mapping[str, Kind] = {
    "hold": Kind(N_("Hold the dose"), N_("You stay on the dose of now for some days longer. All later steps move back by as "
                 "many days."), "days", N_("How many days longer?")),
    "step-back": Kind(N_("One step back"), N_("You go back to the step before this one, and take its days again.")),
    STOP: Kind(N_("Stop and call"), N_("No dose is planned any more from today on, and your clinician is to be called today.")),
    "slow": Kind(N_("Go up more slowly"), N_("Each step that comes lasts longer."), "times",
                 N_("How many times as long?"), for_all=False),
    "taper": Kind(N_("Go down and end it"), N_("The dose goes down step by step, as the sources say, to nothing."),
                  for_all=False),
    "go-on": Kind(N_("Go on again"), N_("It goes on after a rest or a question, with a dose that you name."), "dose",
                  N_("With which dose a day, such as 50 mg? Empty is the last one."), for_all=False),
}  # fmt: skip


def plan_change(asked: Asked) -> Response:
    """What the change would do, and the reason for it."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    trial, file, name = trial_asked(asked), plan_asked(asked), _kind(asked)
    shown: dict[str, Any] = {
        "form": form,
        "trial": trial,
        "name": called(trial.treatment),
        "kind": name,
        "change": KINDS[name],
        "now": compose_plan(file).doses[:_MOST],
        "then": _then(asked, file, name) if not form.wrong and not form.others else None,
        "stopping": compose_plan(file).stopping if name == STOP else (),
        "card": red_card(trial.treatment) if name == STOP else None,
        "clinician": _is_clinician(asked),
        "base": base_of(asked),
        "here": "/plan",
    }
    return asked.page("plan_change.html", shown, status=status)


def _kind(asked: Asked) -> str:
    name = str(asked.request.path_params["kind"])
    if name not in KINDS or not (KINDS[name].for_all or _is_clinician(asked)):
        raise Refused(404, Problem("change", "there is no such change for you.", "Go back to the plan, and choose one there."))
    return name


def _is_clinician(asked: Asked) -> bool:
    return allowed(asked.viewer, Need(PLAN, CONFIRM), asked.person)


def _then(asked: Asked, file: PlanFile, name: str) -> Sequence[Any] | None:
    """The doses that would come; None where it is not known yet, or cannot be done."""
    needs = KINDS[name].field
    if needs is not None and needs != "dose" and not asked.field(needs):
        return None
    try:
        return compose_plan(_changed(asked, file, name, "looked at")).doses[:_MOST]
    except BadInput:
        return None


def _changed(asked: Asked, file: PlanFile, name: str, why: str) -> PlanFile:
    data, needs = dict[str, object](), KINDS[name].field
    text = "" if needs is None else asked.field(needs)
    if needs in ("days", "times"):
        value = figure(text)
        if value is None or value != int(value):
            raise BadInput(Problem(needs, "that is no whole number.", "Write it in figures."))
        data[needs] = int(value)
    elif needs is not None and text:
        data[needs] = text
    on = asked.today if name == STOP else max(asked.today, file.last_change_on)
    by = asked.viewer.name if _is_clinician(asked) else None
    try:
        return change(file, Change(name, on, why, by, data))
    except BadInput as bad:  # the command line's names for the same fields
        raise BadInput(each._replace(where=each.where.removeprefix("--")) for each in bad.problems) from None


async def keep_change(asked: Asked) -> Response:
    """Show what it would do, or keep it: as a draft until a clinician confirms it; a stop holds at once."""
    if asked.field("do") == "look":
        return await run_in_threadpool(_looked_at, asked)
    name = _kind(asked)
    bad = await kept(asked, _told)
    if bad is not None:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    trial = f"{base_of(asked)}/plan/{asked.request.path_params['trial']}"
    if name == STOP:
        return RedirectResponse(f"{trial}/call", 303)
    return RedirectResponse(f"{trial}/confirm" if _is_clinician(asked) else f"{base_of(asked)}/plan", 303)


def _looked_at(asked: Asked) -> Response:
    try:
        _changed(asked, plan_asked(asked), _kind(asked), "looked at")
    except BadInput as bad:
        return _page(asked, written(asked, bad), 422)
    return _page(asked, Form(asked.form or {}))


def _told(asked: Asked) -> list[Event]:
    trial, name = trial_asked(asked), _kind(asked)
    if trial.begun_on is None:
        raise BadInput(Problem("plan", "nothing has begun.", "Draft the plan anew instead."))
    if not asked.field("why"):
        raise BadInput(Problem("why", "it does not say why.", "Say it in a few words."))
    file = _changed(asked, plan_asked(asked), name, asked.field("why"))
    told = [planning(trial.id, file, at=asked.now, by=asked.by)]
    return [*told, _sign(asked, trial.id, trial.treatment)] if name == STOP else told


def _sign(asked: Asked, trial: str, treatment: str) -> Event:
    """A stop is a sign that stays open until a clinician has answered it."""
    body = {
        "entry": new_name(), "code": "stop-and-call", "tier": _SOON, "on": asked.today.isoformat(), "treatment": treatment,
        "shown": f"Stopped and to be called: {asked.field('why')}",
    }  # fmt: skip
    return Event(FLAG_SHOWN, asked.now, asked.by, body, trial)


def call_now(asked: Asked) -> Response:
    """The card after a stop: whom to call, and for which signs to go at once."""
    trial = trial_asked(asked)
    shown = {"name": called(trial.treatment), "card": red_card(trial.treatment), "base": base_of(asked), "here": "/plan",
             "stopping": compose_plan(plan_asked(asked)).stopping}  # fmt: skip
    return asked.page("call_now.html", shown)


ROWS = for_both(
    Endpoint("GET", _PATH, plan_change, Need(PLAN, ADD), "what a change of the plan would do"),
    Endpoint("POST", _PATH, keep_change, Need(PLAN, ADD), "a change of the plan"),
    Endpoint("GET", _CALLED, call_now, Need(PLAN), "whom to call after a stop"),
)
