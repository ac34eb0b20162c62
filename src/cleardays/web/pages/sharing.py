"""A page for somebody else: an address that shows it for an hour, a day or a month, and can be taken back.

The page is made anew whenever it is looked at, from the story as it was known when the link was made: nothing of it is
kept, later entries are never shown, and of a person who was erased nothing is.
"""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.store import StoreFault
from cleardays.store.links import Link
from cleardays.store.tokens import digest_of
from cleardays.trial.account.of_story import account_of
from cleardays.web import reports
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import wrong_of
from cleardays.web.given_links import links_of, maker_still_may, that_open
from cleardays.web.marked import N_
from cleardays.web.pages.reports import PATH, document, form_page, place, source_of, wanted_of
from cleardays.web.places import base_of, for_both
from cleardays.web.problem_answers import Refused
from cleardays.web.qr import qr
from cleardays.web.reports import Source, Wanted
from cleardays.web.roles import ANSWER, CHANGE, OPEN, Need
from cleardays.web.watching import watched_by_link

# What a link shows stands in its purpose, which is no secret; of what and of whom it is opens with its token alone.
REPORTS = {f"report-{page}": page for page in reports.PAGES}
_MOST = 200  # links of one person
_SHARED = "/shared"
LASTS = {
    "hour": (timedelta(hours=1), N_("1 hour")),
    "day": (timedelta(days=1), N_("1 day")),
    "month": (timedelta(days=30), N_("30 days")),
}


def share(asked: Asked) -> Response:
    """Make the link; its address is shown this once."""
    try:
        wanted = wanted_of(asked, asked.form or {})
        if asked.field("lasts") not in LASTS:
            raise BadInput(Problem("lasts", "it does not say for how long.", "Choose one of the three."))
        if len(that_open(asked, *REPORTS)) >= _MOST:
            how = "Take back those that nobody needs any more."
            raise BadInput(Problem("lasts", f"there are {_MOST} links already.", how))
        reports.writers_of(wanted, source_of(asked))["html"]()  # what cannot be shown is said now
    except BadInput as bad:
        return form_page(asked, wrong_of({"pack": "", "lasts": "", **(asked.form or {})}, bad), status=422)
    lasts, _ = LASTS[asked.field("lasts")]
    ends_at, purpose = asked.now + lasts, f"report-{wanted.page}"
    secret = links_of(asked).make(
        purpose, wanted.fields(), now=asked.now, expires_at=ends_at, person=asked.person, made_by=asked.viewer.account
    )
    address = f"{_origin(asked)}{_SHARED}/{secret}"
    title = asked.words._("The address of the page, as a code")
    shown = {"address": address, "code": qr(address, title), "id": digest_of(secret), "ends_at": ends_at, **_shown(asked)}
    return asked.page("share_made.html", shown, status=201)


def shared_list(asked: Asked) -> Response:
    """All links that still show something."""
    names = {each.id: each.name for each in asked.house.store.accounts.everybody()}
    shown = [(each, REPORTS[each.purpose], names.get(each.made_by or "", "")) for each in reversed(that_open(asked, *REPORTS))]
    return asked.page("shares.html", {"links": shown, **_shown(asked)})


def take_back(asked: Asked) -> Response:
    """End a link now. One that is over already is no mistake."""
    links_of(asked).take_back(asked.request.path_params["link"], person=asked.person)
    return RedirectResponse(f"{base_of(asked)}{PATH}/shared", 303)


def shared(asked: Asked) -> Response:
    """The page behind a link, for whoever has its address; what is over, taken back or never was, reads the same."""
    link = links_of(asked).look(asked.request.path_params["secret"], now=asked.now)
    if link is None or link.purpose not in REPORTS or not maker_still_may(asked.house, link, Need(ANSWER), asked.now):
        raise _over()
    try:
        wanted, content = _content(asked, link)
    except StoreFault:
        raise
    except BadInput:
        raise _over() from None
    watched_by_link(asked, link, ANSWER)
    return document(_with_end(content, link), wanted, "html")


def _content(asked: Asked, link: Link) -> tuple[Wanted, bytes]:
    """The page as it was when the link was made."""
    store, person, says = asked.house.store, link.person or "", {name: str(value) for name, value in link.body.items()}
    story = store.story(person, until=link.made_at)
    wanted = reports.read_wanted(says, story.trials, date.fromisoformat(says["on"]))
    source = Source(
        story,
        lambda trial, day: account_of(story, trial, day),
        lambda: ((seq, event) for seq, event in store.events(person) if event.at <= link.made_at),
    )
    return wanted, reports.writers_of(wanted, source)["html"]()


def _with_end(content: bytes, link: Link) -> bytes:
    """The page with a line on top that says until when it is shown."""
    page = content.decode()
    ends = f"This address shows it until {link.expires_at:%Y-%m-%d %H:%M} UTC."
    style = "margin:0;padding:.4rem 1rem;text-align:center;border-bottom:1px solid currentColor"
    note = f'<p role="note" style="{style}">Shown to you by the person it is about. {ends}</p>'
    opened = page.index(">", page.index("<body")) + 1
    return f"{page[:opened]}{note}{page[opened:]}".encode()


def _over() -> Refused:
    how = "Ask whoever gave you the address for a new one."
    return Refused(404, Problem("address", "there is no page here, or it is shown no longer.", how))


def _origin(asked: Asked) -> str:
    """How others reach this server; the machine's own address where it is one person's."""
    return asked.house.settings.origin or str(asked.request.base_url).rstrip("/")


def _shown(asked: Asked) -> dict[str, object]:
    return {"zone": asked.zone, "only_here": asked.house.settings.origin is None, **place(asked)}


_SHARE = Need(ANSWER, CHANGE)
ROWS = (
    *for_both(
        Endpoint("POST", f"{PATH}/share", share, _SHARE, "show a page to somebody for a time", often=10),
        Endpoint("GET", f"{PATH}/shared", shared_list, Need(ANSWER), "the pages that are shown to others"),
        Endpoint("POST", f"{PATH}/shared/{{link}}/take-back", take_back, _SHARE, "show a page no longer"),
    ),
    Endpoint("GET", f"{_SHARED}/{{secret}}", shared, Need(OPEN), "a page that somebody was given the address of", often=30),
)
