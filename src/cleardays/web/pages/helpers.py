"""Who may help: whom the person lets tell something for them, what, and until when. Given and taken back by the person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import RedirectResponse, Response

from cleardays.clock import parse_day
from cleardays.problems import BadInput, Problem
from cleardays.trial.story import kinds, phases
from cleardays.trial.story.diary_told import DIARY_KINDS
from cleardays.trial.story.events import Event
from cleardays.trial.story.helpers_told import DIARY, Consent
from cleardays.trial.story.versions import standing
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.marked import N_
from cleardays.web.roles import CHANGE, HISTORY, Need

_PATH = "/helpers"
# What can be let, in words, and the kinds of events that it stands for.
MAY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "diary": (N_("Keep the diary: attacks, days, doses, side effects"), (DIARY,)),
    "intake": (N_("Answer questions on health, medicines and earlier treatments"), (kinds.INTAKE, kinds.TRIED)),
    "goals": (N_("Write down goals"), (kinds.GOAL,)),
    "plan": (N_("Open a trial and draft a plan"), (phases.OPENED, phases.SCREENED, phases.PLANNED)),
    "signs": (N_("Say what was done about a warning sign"), (kinds.FLAG_SHOWN, kinds.FLAG_ANSWERED)),
}


def helpers(asked: Asked) -> Response:
    """Who may help now, and room for somebody more."""
    return _page(asked, Form({"diary": "yes"}))


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    versions = asked.known.deciding.told.consents
    ended = [name for name, told in versions.items() if told[-1].value is None]
    shown: dict[str, Any] = {
        "form": form,
        "consents": [(each, _lets(each), _over(each, asked.today)) for each in standing(versions).values()],
        "ended": sorted(ended),
        "may": [(name, said) for name, (said, _) in MAY.items()],
        "here": "/more",
    }
    return asked.page("helpers.html", shown, status=status)


def _lets(consent: Consent) -> list[str]:
    """What a consent lets, in words; kinds that were let by another way are named as they are."""
    words, named = list[str](), set[str]()
    for said, of in MAY.values():
        each = set(DIARY_KINDS if of == (DIARY,) else of)
        if each <= set(consent.may):
            words.append(said)
            named |= each
    return [*words, *(kind for kind in consent.may if kind not in named)]


def _over(consent: Consent, today: date) -> bool:
    return consent.until is not None and consent.until < today


async def tell_helper(asked: Asked) -> Response:
    """Keep a consent, or take one back."""
    bad = await kept(asked, _told)
    if bad is not None:
        return _page(asked, written(asked, bad), 422)
    return RedirectResponse(_PATH, 303)


def _told(asked: Asked) -> list[Event]:
    body: dict[str, Any] = {"helper": asked.field("helper")}
    if need_one_of(asked, "what", ("give", "take-back")) == "take-back":
        why = asked.field("why")
        return [Event(kinds.CONSENT_WITHDRAWN, asked.now, asked.by, body | ({"why": why} if why else {}))]
    problems = list[Problem]()
    body["may"] = [kind for name, (_, of) in MAY.items() if asked.field(name) for kind in of]
    if not body["may"]:
        problems.append(Problem("diary", "it lets nothing be told.", "Tick at least one."))
    if not body["helper"]:
        problems.append(Problem("helper", "there is no name.", "Write the name of whoever helps you."))
    body |= {"from": asked.today.isoformat(), **_until(asked, problems)}
    if problems:
        raise BadInput(problems)
    return [Event(kinds.CONSENTED, asked.now, asked.by, body)]


def _until(asked: Asked, problems: list[Problem]) -> dict[str, str]:
    """The last day; none is until it is taken back."""
    text = asked.field("until")
    day = parse_day(text) if text else None
    if text and (day is None or day < asked.today):
        problems.append(Problem("until", "that is no day to come.", "Write it like 2026-03-04, or leave it empty."))
    return {} if day is None else {"until": day.isoformat()}


ROWS = (
    Endpoint("GET", _PATH, helpers, Need(HISTORY, CHANGE), "who may help"),
    Endpoint("POST", _PATH, tell_helper, Need(HISTORY, CHANGE), "let somebody help, or no longer"),
)
