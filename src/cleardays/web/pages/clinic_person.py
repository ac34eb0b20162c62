"""One person as the clinic sees them: the page for a visit, and what a clinician does there: open a review, decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.clock import parse_day
from cleardays.problems import BadInput, Problem
from cleardays.report.in_page import in_page
from cleardays.report.six_months import draw_sign, draw_six_months, legend, title
from cleardays.report.strip import SCREEN
from cleardays.report.visit import compose_visit
from cleardays.trial.account.making import first_known
from cleardays.trial.goals import counted_answers
from cleardays.trial.preventives import followed
from cleardays.trial.reviewed import review_of
from cleardays.trial.story import phases, steps
from cleardays.trial.story.events import Event
from cleardays.trial.story.goals_told import CANNOT_TELL, NOT_REACHED, PARTLY, REACHED, Goal, GoalAnswer
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing
from cleardays.web.asked import Asked
from cleardays.web.board import OVERUSE
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.leading import need_clinic
from cleardays.web.marked import N_
from cleardays.web.pages.answer import account_at, trial_asked, trials_shown
from cleardays.web.pages.clinic import SAYS, clinic_day
from cleardays.web.pages.consents import FAMILIES
from cleardays.web.roles import ANSWER, CHANGE, CONFIRM, DIARY, HISTORY, PLAN, RECOVERY, SOME, Need, allowed

_PATH = "/clinic/{person}"
# The page for a visit is made of all of these; without one of them only what is shown is led to.
_OF_THE_PAGE = (DIARY, PLAN, ANSWER, HISTORY)
_ELSEWHERE = {DIARY: "/calendar", PLAN: "/plan", ANSWER: "/reports", HISTORY: "/goals"}
GOAL_ANSWERS = {
    REACHED: N_("reached"),
    PARTLY: N_("in part"),
    NOT_REACHED: N_("not reached"),
    CANNOT_TELL: N_("cannot tell"),
}
DECISIONS = {
    phases.CONTINUE: N_("Continue"),
    phases.ADJUST: N_("Change the dose"),
    phases.WAIT: N_("Wait: too early to say"),
    phases.STOP: N_("Stop"),
}


def clinic_person(asked: Asked) -> Response:
    """The person's page for this visit."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200, *, of: str = "") -> Response:
    need_clinic(asked)
    whole = all(_may(asked, family) for family in _OF_THE_PAGE)
    base = f"/people/{quote(asked.person, safe='')}"
    links = [(f"{base}{_ELSEWHERE[family]}", FAMILIES[family]) for family in _ELSEWHERE if _may(asked, family)]
    families, day = asked.viewer.shown.get(asked.person, frozenset()), clinic_day(asked)
    shown: dict[str, Any] = {
        "person": asked.person,
        "why": asked.house.board.why(asked.house.stories, asked.person, families, day),
        "says": SAYS,
        "overuse": OVERUSE,
        "day": day,
        "form": form,
        "of": of,
        "pages": [_visit(asked, each) for each in trials_shown(asked)] if whole else [],
        "whole": whole,
        "links": links,
        "missing": [FAMILIES[family] for family in _OF_THE_PAGE if not _may(asked, family)],
        "base": f"/clinic/{quote(asked.person, safe='')}",
        "other": base,
        "goals_of": lambda trial: goals_open(asked, trial),
        "goal_answers": [("", ""), *GOAL_ANSWERS.items()],
        "decisions": [(word, asked.words._(said)) for word, said in DECISIONS.items()],
        "may_decide": allowed(asked.viewer, Need(PLAN, CONFIRM), asked.person),
        "running": phases.RUNNING,
        "decision": phases.DECISION,
        "recovery": _may(asked, RECOVERY),
        "here": "/clinic",
    }
    return asked.page("clinic_person.html", shown, status=status)


def _may(asked: Asked, family: str) -> bool:
    return allowed(asked.viewer, Need(family), asked.person)


def _visit(asked: Asked, trial: Trial) -> dict[str, Any]:
    try:
        page = compose_visit(account_at(asked, trial))
    except BadInput as bad:
        return {"trial": trial, "page": None, "wrong": str(bad), "strip": None, "strip_title": "", "signs": []}
    shown: dict[str, Any] = {"trial": trial, "page": page, "wrong": "", "strip": None, "strip_title": "", "signs": []}
    if page.has_days:
        picture = draw_six_months(page.account, palette=SCREEN, font="inherit", name=f"days-{trial.id}")
        # ours, its labels are escaped there
        shown |= {"strip": Markup(in_page(picture)), "strip_title": title(page.account)}
        shown["signs"] = [(Markup(in_page(draw_sign(mark, SCREEN))), meaning) for mark, meaning in legend(page.account)]
    return shown


async def open_review(asked: Asked) -> Response:
    """Open a review and attach the answer of today."""
    return await _told(asked, _reviewing)


def _reviewing(asked: Asked) -> list[Event]:
    """The same answer that the page shows: of the plan's first outcome of which the diary tells something."""
    story, of = asked.story, trial_asked(asked)
    plan = followed(of) or (None if of.plan is None else of.plan.file)
    found, problem = first_known(lambda outcome: review_of(story, of.id, asked.today, outcome=outcome), plan)
    if found is None:
        raise BadInput(problem or Problem("diary", "nothing is known yet.", "Ask again later."))
    goals = counted_answers(story, asked.today)
    return list(steps.reviewing(of.id, asked.today, found.document(), at=asked.now, by=asked.by, goals=goals))


async def decide(asked: Asked) -> Response:
    """Keep what a clinician decided, why, and when it is looked at again."""
    return await _told(asked, _deciding)


def goals_open(asked: Asked, trial: Trial) -> list[tuple[str, str, Goal]]:
    """The goals that the review leaves to be asked about: the field of each, its name, and the goal."""
    said = {each.entry for each in trial.answers[-1].goals} if trial.answers else set[str]()
    goals = standing(asked.known.deciding.told.goals)
    return [(f"goal-{entry}", entry, goal) for entry, goal in goals.items() if entry not in said]


def _deciding(asked: Asked) -> list[Event]:
    decision, why, again = need_one_of(asked, "decision", tuple(DECISIONS)), asked.field("why"), asked.field("again")
    problems = list[Problem]()
    if not why:
        problems.append(Problem("why", "there is no reason.", "Write why, in your words."))
    day = parse_day(again) if again else None
    if decision != phases.STOP and (day is None or day <= asked.today):
        problems.append(Problem("again", "that is no day to come.", "Say when it is looked at again."))
    trial = trial_asked(asked)
    goals = [(field, GoalAnswer(entry, asked.field(field))) for field, entry, _ in goals_open(asked, trial)]
    told = tuple(each for _, each in goals if each.answer in GOAL_ANSWERS)
    if decision != phases.STOP:  # a stop is never held up by a goal
        how = "Ask the person, and choose one of the four."
        missing = [field for field, each in goals if each not in told]
        problems += [Problem(field, "it is not said whether it was reached.", how) for field in missing]
    if problems:
        raise BadInput(problems)
    again_on = None if decision == phases.STOP else day
    return [steps.deciding(trial.id, decision, (why,), asked.today, again=again_on, at=asked.now, by=asked.by, goals=told)]


async def _told(asked: Asked, make: Callable[[Asked], list[Event]]) -> Response:
    need_clinic(asked)
    bad = await kept(asked, make)
    if bad is not None:
        # the form has one field for what a decision holds as its reasons
        bad = BadInput([each._replace(where="why") if "reasons" in each.where else each for each in bad.problems])
        of = asked.request.path_params["trial"]
        return await run_in_threadpool(lambda: _page(asked, written(asked, bad), 422, of=of))
    return RedirectResponse(f"/clinic/{quote(asked.person, safe='')}", 303)


ROWS = (
    Endpoint("GET", _PATH, clinic_person, Need(SOME), "a person's page for a visit", often=60),
    Endpoint("POST", f"{_PATH}/{{trial}}/review", open_review, Need(PLAN, CHANGE), "open a review", often=20),
    Endpoint("POST", f"{_PATH}/{{trial}}/decide", decide, Need(PLAN, CONFIRM), "keep a decision", often=20),
)
