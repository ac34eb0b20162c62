"""What the person wants to reach, in their own words; in days, where a diary can count it. Best told before day one."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from cleardays.diary.conditions import condition_of, declared
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.trial.story.goals_told import COUNTED, Goal
from cleardays.trial.story.kinds import GOAL
from cleardays.trial.story.versions import standing
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, new_name
from cleardays.web.places import base_of, for_both
from cleardays.web.roles import ADD, HISTORY, Need

_PATH, _ONE = "/goals", "/goals/{entry}"
_LIMITS = ("at_most", "at_least")


def goals(asked: Asked) -> Response:
    """The goals that stand, and room for one more."""
    return _page(asked, Form())


def goal(asked: Asked) -> Response:
    """One goal, to be said otherwise or taken back."""
    return _page(asked, Form(_typed(_named(asked))))


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    told, entry = asked.known.deciding.told.goals, asked.request.path_params.get("entry")
    begun = any(trial.begun_on is not None for trial in asked.known.deciding.trials.values())
    shown: dict[str, Any] = {
        "form": form,
        "entry": entry,
        "goals": standing(told),
        "outcomes": _outcomes(asked),
        "named": {each: declared(dict(asked.known.about), each).had[1] for each in COUNTED},
        "begun": begun,
        "base": base_of(asked),
        "here": "/more",
    }
    return asked.page("goals.html", shown, status=status)


def _outcomes(asked: Asked) -> list[tuple[str, str]]:
    """What the diary of this person can count, with its words."""
    of = condition_of(dict(asked.known.about))
    return [(each.id, asked.words.named(each.had[1])) for each in of.outcomes if each.id in COUNTED]


async def tell_goal(asked: Asked) -> Response:
    """Keep a goal, new or said otherwise, or take it back."""
    bad = await kept(asked, _told)
    if bad is not None:
        return _page(asked, written(asked, bad), 422)
    return RedirectResponse(f"{base_of(asked)}{_PATH}", 303)


def _told(asked: Asked) -> list[Event]:
    entry = asked.request.path_params.get("entry")
    if entry is not None:
        _named(asked)
    body: dict[str, Any] = {"entry": entry or new_name()}
    if asked.field("what") == "take-back":
        body["taken_back"] = asked.field("why") or "no longer a goal"
        return [Event(GOAL, asked.now, asked.by, body)]
    body["words"] = asked.field("words")
    if asked.field("outcome"):
        body |= {"outcome": asked.field("outcome"), **_limit(asked)}
    return [Event(GOAL, asked.now, asked.by, body)]


def _limit(asked: Asked) -> dict[str, int]:
    """So many days in 28 at most or at least."""
    which, days = asked.field("limit"), asked.field("days")
    problems = []
    if which not in _LIMITS:
        problems.append(Problem("limit", "it does not say which way.", "Choose at most or at least."))
    if not (days.isascii() and days.isdigit() and len(days) <= 2):
        problems.append(Problem("days", "that is no number of days.", "Write whole days out of 28, such as 4."))
    if problems:
        raise BadInput(problems)
    return {which: int(days)}


def _named(asked: Asked) -> Goal:
    found = standing(asked.known.deciding.told.goals).get(asked.request.path_params["entry"])
    if found is None:
        raise BadInput(Problem("goal", "there is no such goal any more.", "Go back to the goals, and choose one that stands."))
    return found


def _typed(goal: Goal) -> dict[str, str]:
    limit = next((name for name in _LIMITS if getattr(goal, name) is not None), "")
    days = "" if not limit else str(getattr(goal, limit))
    return {"words": goal.words, "outcome": goal.outcome or "", "limit": limit, "days": days}


_READ, _ADD = Need(HISTORY), Need(HISTORY, ADD)
ROWS = for_both(
    Endpoint("GET", _PATH, goals, _READ, "the goals of a person"),
    Endpoint("POST", _PATH, tell_goal, _ADD, "one goal more"),
    Endpoint("GET", _ONE, goal, _READ, "one goal"),
    Endpoint("POST", _ONE, tell_goal, _ADD, "a goal said otherwise, or taken back"),
)
