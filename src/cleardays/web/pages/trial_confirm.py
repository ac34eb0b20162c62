"""A clinician confirms a plan: on their own device, or by a link that the person made for them. Nothing begins without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.problems import Problem
from cleardays.store.links import Link
from cleardays.trial.story.events import Event
from cleardays.trial.story.trial_record import Trial
from cleardays.web.asked import Asked
from cleardays.web.confirming import confirm_values, confirmed
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.given_links import end_all, links_of, that_open
from cleardays.web.keeping import kept, possible
from cleardays.web.places import base_of, for_both
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import CHANGE, CONFIRM, OPEN, PLAN, Need
from cleardays.web.trials import called, plan_asked, trial_asked
from cleardays.web.watching import watched_by_link

_CONFIRM, _LINK, _BY_LINK = "/plan/{trial}/confirm", "/plan/{trial}/confirm-link", "/confirm/{token}"
_PURPOSE = "confirm-plan"
_LASTS = timedelta(hours=72)
_TRIES_A_MINUTE = 20
_LONGEST = 256 * 1024


def confirm_plan(asked: Asked) -> Response:
    """The whole plan, what has to be answered, and the form."""
    plan_asked(asked)
    return _page(asked, trial_asked(asked), Form())


def _page(asked: Asked, trial: Trial, form: Form, status: int = 200) -> Response:
    shown = confirm_values(asked, trial, form, named=asked.viewer.name)
    action = f"{base_of(asked)}/plan/{trial.id}/confirm"
    return asked.page("trial_confirm.html", {**shown, "action": action, "here": "/plan"}, status=status)


async def keep_confirmation(asked: Asked) -> Response:
    """Keep the clinician's word."""
    trial = trial_asked(asked)
    bad = await kept(asked, lambda asked: confirmed(asked, trial, named=asked.viewer.name))
    if bad is not None:
        return await run_in_threadpool(_page, asked, trial, written(asked, bad), 422)
    return RedirectResponse(f"{base_of(asked)}/plan/{trial.id}", 303)


# ---- the link that the person makes


def confirm_link(asked: Asked) -> Response:
    """Whether there is a link, and a button for one."""
    return _link_page(asked, None)


def make_confirm_link(asked: Asked) -> Response:
    """A new link; it is shown once, since only its digest is kept. What there was before opens nothing any more."""
    trial = trial_asked(asked)
    plan_asked(asked)
    end_all(asked, _PURPOSE)
    if asked.field("what") == "end":
        return _link_page(asked, None)
    body, until = {"trial": trial.id}, asked.now + _LASTS
    token = links_of(asked).make(_PURPOSE, body, now=asked.now, expires_at=until, person=asked.person)
    return _link_page(asked, f"{_origin(asked)}/confirm/{token}")


def _link_page(asked: Asked, address: str | None) -> Response:
    trial, file = trial_asked(asked), plan_asked(asked)
    standing = next(iter(that_open(asked, _PURPOSE)), None)
    shown = {
        "trial": trial,
        "name": called(trial.treatment),
        "address": address,
        "standing": standing,
        "hours": int(_LASTS.total_seconds() // 3600),
        "zone": asked.zone,
        "confirmed": file.confirmation is not None,
        "own_machine": not asked.house.settings.clinic,
        "here": "/plan",
    }
    return asked.page("confirm_link.html", shown)


def _origin(asked: Asked) -> str:
    """How others call this server."""
    return asked.house.settings.origin or f"{asked.request.url.scheme}://{asked.request.headers['host']}"


# ---- what the link opens


def confirm_by_link(asked: Asked) -> Response:
    """The plan of the link and nothing else, for a clinician without an account."""
    link = _opened(asked)
    watched_by_link(asked, link, PLAN)
    return _bare(_for(asked, link), link, Form())


async def keep_by_link(asked: Asked) -> Response:
    """Keep the word of whoever has the link; it opens nothing after that. A word that cannot be kept uses nothing up."""
    link = await run_in_threadpool(_opened, asked)
    of = _for(asked, link)

    def made(asked: Asked) -> list[Event]:
        events = list(possible(asked, lambda asked: confirmed(asked, _trial(asked, link), named=None)))
        token = asked.request.path_params["token"]
        if links_of(asked).use(token, now=asked.now, purpose=_PURPOSE) is None:  # somebody else was first
            raise _nothing()
        return events

    bad = await kept(of, made)
    await run_in_threadpool(watched_by_link, asked, link, PLAN, "read" if bad is not None else CONFIRM)
    if bad is not None:
        return await run_in_threadpool(_bare, of, link, written(of, bad), 422)
    return of.page("confirm_done.html", {"viewer": None, "name": called(_trial(of, link).treatment)})


def _bare(asked: Asked, link: Link, form: Form, status: int = 200) -> Response:
    """The page without any way to other pages."""
    shown = confirm_values(asked, _trial(asked, link), form, named=None)
    action = f"/confirm/{asked.request.path_params['token']}"
    return asked.page("trial_confirm.html", {**shown, "action": action, "viewer": None}, status=status)


def _opened(asked: Asked) -> Link:
    found = links_of(asked).look(asked.request.path_params["token"], now=asked.now, purpose=_PURPOSE)
    if found is None or found.person is None:
        raise _nothing()
    return found


def _nothing() -> Refused:
    """The same for one that never was, was used, or has ended."""
    how = "Ask the person for a new one: each opens once, and for three days."
    return Refused(404, Problem("link", "it opens nothing, or nothing any more.", how))


def _for(asked: Asked, link: Link) -> Asked:
    return replace(asked, whose=link.person)


def _trial(asked: Asked, link: Link) -> Trial:
    found = asked.known.deciding.trials.get(str(link.body.get("trial")))
    if found is None or found.plan is None:
        raise _nothing()
    return found


_ROWS_OF_CLINICIANS = for_both(
    Endpoint("GET", _CONFIRM, confirm_plan, Need(PLAN, CONFIRM), "the plan for a clinician to confirm"),
    Endpoint("POST", _CONFIRM, keep_confirmation, Need(PLAN, CONFIRM), "a clinician's confirmation", longest=_LONGEST),
)
ROWS = (
    *_ROWS_OF_CLINICIANS,
    Endpoint("GET", _LINK, confirm_link, Need(PLAN, CHANGE), "the link for a clinician"),
    Endpoint("POST", _LINK, make_confirm_link, Need(PLAN, CHANGE), "make or end the link for a clinician", often=10),
    Endpoint("GET", _BY_LINK, confirm_by_link, Need(OPEN), "the plan that a link opens", often=_TRIES_A_MINUTE),
    Endpoint(
        "POST", _BY_LINK, keep_by_link, Need(OPEN), "a confirmation by a link", often=_TRIES_A_MINUTE, longest=_LONGEST
    ),
)  # fmt: skip
