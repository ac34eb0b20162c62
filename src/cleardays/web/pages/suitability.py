"""Does it suit? What stands against a treatment, what a clinician has to weigh, what to note, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.clock import parse_day
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.person import Person
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import JURISDICTIONS, Screening, screen
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import all_sources
from cleardays.trial.story.events import Event
from cleardays.trial.story.steps import planning, screening
from cleardays.trial.story.trial_record import Trial
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.facts import asked_for, elsewhere, known_before, person_of
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.marked import N_
from cleardays.web.places import base_of, for_both
from cleardays.web.roles import ADD, PLAN, Need
from cleardays.web.trials import called, called_for, trial_asked

_PATH = "/plan/{trial}/suitability"
_DO = ("look", "draft")
_PLACES = (("", N_("All, the strictest kept")), ("us", N_("United States")), ("eu", N_("European Union")),
           ("uk", N_("United Kingdom")))  # fmt: skip
# The three grades, by how grave an alert is.
GRADES = (
    ("block", N_("Stands against it"), ("critical", "contraindicated")),
    ("ask", N_("A clinician has to decide"), ("major",)),
    ("note", N_("To note"), ("moderate", "minor")),
)


class Graded(NamedTuple):
    """One grade of what was found: its name, its head, and the alerts, the gravest first."""

    name: str
    head: str
    alerts: tuple[Alert, ...]


def graded(alerts: Sequence[Alert]) -> tuple[Graded, ...]:
    """Alerts by grade; a grade without any is left out."""
    found = []
    for name, head, severities in GRADES:
        of = sorted((each for each in alerts if each.severity in severities), key=lambda each: grave(each.severity))
        found += [Graded(name, head, tuple(of))] if of else []
    return tuple(found)


def suitability(asked: Asked) -> Response:
    """The page, with what is known already."""
    trial = trial_asked(asked)
    typed = known_before(asked.known.deciding, trial.id)
    return _page(asked, trial, Form(typed))


def _page(asked: Asked, trial: Trial, form: Form, status: int = 200) -> Response:
    found = None if form.wrong.keys() & form.typed.keys() else _screened(asked, trial, form.typed)
    unknown = () if found is None else found.unknown
    shown: dict[str, Any] = {
        "form": form,
        "trial": trial,
        "name": called(trial.treatment),
        "for_what": called_for(trial.indication),
        "found": found,
        "grades": () if found is None else graded(found.alerts),
        "facts": asked_for(unknown, form.typed),
        "elsewhere": elsewhere(unknown),
        "needed": [each for each in unknown if each.required],
        "sources": all_sources(),
        "places": _PLACES,
        "may_draft": trial.begun_on is None,
        "day": asked.today,
        "base": base_of(asked),
        "here": "/plan",
    }
    return asked.page("suitability.html", shown, status=status)


def _screened(asked: Asked, trial: Trial, typed: Mapping[str, str]) -> Screening:
    story = asked.story
    where = typed.get("jurisdiction", "").strip() or None
    person = read_person(person_of(story, typed))
    diary = story.diary if story.diary.records else None
    return screen(trial.treatment, person, indication=trial.indication, jurisdiction=where, diary=diary)


async def look(asked: Asked) -> Response:
    """Keep that it was looked at, and show the page again; or draft a plan by what is known."""
    trial = trial_asked(asked)
    bad = await kept(asked, _told)
    form = Form(asked.form or {}) if bad is None else written(asked, bad)
    if bad is not None or asked.field("what") == "look":
        return await run_in_threadpool(_page, asked, trial, form, 200 if bad is None else 422)
    return RedirectResponse(f"{base_of(asked)}/plan/{trial.id}", 303)


def _told(asked: Asked) -> list[Event]:
    what, trial = need_one_of(asked, "what", _DO), trial_asked(asked)
    if asked.field("jurisdiction") not in ("", *JURISDICTIONS):
        raise BadInput(Problem("jurisdiction", "that is no choice of this page.", "Choose one of those that are shown."))
    found = _screened(asked, trial, asked.form or {})
    told = [screening(trial.id, found.document(), asked.today, at=asked.now, by=asked.by)]
    if what == "look":
        return told
    if trial.begun_on is not None:
        raise BadInput(Problem("start", "the treatment has begun.", "Change the plan that runs; it keeps its past."))
    if found.verdict == "refuse":
        raise BadInput(Problem("plan", "something stands against this treatment.", "Read it with a clinician first."))
    person = read_person(person_of(asked.story, asked.form or {}))
    return [*told, planning(trial.id, begin(*_wished(asked, trial, person)), at=asked.now, by=asked.by)]


def _wished(asked: Asked, trial: Trial, person: Person) -> tuple[Any, ...]:
    """What to draft, for whom, and the draft."""
    start = parse_day(asked.field("start"))
    if start is None or start < asked.today:
        raise BadInput(Problem("start", "that is no day to come.", "Choose today or a later day for the first dose."))
    target = None if not asked.field("target") else _dose(asked.field("target"))
    wish = Wish(
        trial.treatment, trial.indication, start, target=target, protocol=asked.field("protocol") or None,
        jurisdiction=asked.field("jurisdiction") or None,
    )  # fmt: skip
    try:
        return wish, person, draft(wish, person)
    except BadInput as bad:  # the command line's names for the same fields
        raise BadInput(each._replace(where=each.where.lstrip("-")) for each in bad.problems) from None


def _dose(text: str) -> Dose:
    try:
        return Dose.parse(text)
    except BadInput as bad:
        raise BadInput(each._replace(where="target") for each in bad.problems) from None


ROWS = for_both(
    Endpoint("GET", _PATH, suitability, Need(PLAN, ADD), "whether a treatment suits"),
    Endpoint("POST", _PATH, look, Need(PLAN, ADD), "keep that it was looked at, or draft a plan"),
)
