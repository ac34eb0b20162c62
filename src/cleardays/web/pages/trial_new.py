"""A trial is opened: of which treatment, for what, and why. It is to have fewer attacks, never to end one."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import RedirectResponse, Response

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.screening import INDICATIONS
from cleardays.problems import BadInput, Problem
from cleardays.trial.story import phases
from cleardays.trial.story.events import Event
from cleardays.trial.story.steps import opening
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept
from cleardays.web.places import base_of, for_both
from cleardays.web.roles import ADD, PLAN, Need
from cleardays.web.trials import called, called_for, free_name, offered

_PATH = "/plan/new"
_LONGEST = 2000


def new_trial(asked: Asked) -> Response:
    """The questions; what was chosen before may stand in the address."""
    chosen = {key: asked.request.query_params[key] for key in ("treatment", "indication") if key in asked.request.query_params}
    return _page(asked, Form(chosen))


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    shown = {
        "form": form,
        "treatments": [("", ""), *((name, asked.words.named(said)) for name, said, _ in offered())],
        "indications": [("", ""), *((each, asked.words.named(called_for(each))) for each in INDICATIONS)],
        "base": base_of(asked),
        "here": "/plan",
    }
    return asked.page("trial_new.html", shown, status=status)


async def open_new_trial(asked: Asked) -> Response:
    """Open it, then look whether it suits."""
    name = list[str]()

    def made(asked: Asked) -> Sequence[Event]:
        event = _opened(asked)
        name.append(event.trial or "")
        return [event]

    bad = await kept(asked, made)
    if bad is not None:
        return _page(asked, written(asked, bad), 422)
    return RedirectResponse(f"{base_of(asked)}/plan/{name[0]}/suitability", 303)


def _opened(asked: Asked) -> Event:
    treatment, indication, why = asked.field("treatment"), asked.field("indication"), asked.field("why")
    problems = list[Problem]()
    if treatment not in treatment_ids():
        how = "Choose one from the list. Medicines for an attack are told on the attack screen."
        problems.append(Problem("treatment", "no treatment of the catalogue was chosen.", how))
    if indication not in INDICATIONS:
        problems.append(Problem("indication", "it is not said what it is for.", "Choose one from the list."))
    elif treatment in treatment_ids() and indication not in load_treatment(treatment).indications:
        known = ", ".join(called_for(each) for each in load_treatment(treatment).indications)
        what = f"the catalogue knows of no plan of {called(treatment)} for that."
        problems.append(Problem("indication", what, f"It knows {known}."))
    if not 0 < len(why) <= _LONGEST:
        problems.append(Problem("why", "it does not say why.", f"Say it in a few words, at most {_LONGEST:,} letters."))
    trials = asked.known.deciding.trials.values()
    there = [each.id for each in trials if each.treatment == treatment and each.phase in phases.OPEN]
    if there:
        how = "Go on with that one, or end it first."
        problems.append(Problem("treatment", f"a trial of {called(treatment)} is open already.", how))
    if problems:
        raise BadInput(problems)
    name = free_name(asked.known.deciding, treatment)
    return opening(name, treatment, indication, why, asked.today, at=asked.now, by=asked.by)


ROWS = for_both(
    Endpoint("GET", _PATH, new_trial, Need(PLAN, ADD), "the questions for a new trial"),
    Endpoint("POST", _PATH, open_new_trial, Need(PLAN, ADD), "open a trial"),
)
