"""What a person shows to the clinic or to somebody in it: one family of data at a time, given and taken back by them alone."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.store.account import Account
from cleardays.store.tables_accounts import CLINIC
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import need_one_of
from cleardays.web.leading import need_clinic
from cleardays.web.marked import N_
from cleardays.web.roles import ANSWER, CHANGE, CLINICIAN, DIARY, HELPER, HISTORY, NURSE, PLAN, RECOVERY, Need

_PATH = "/consents"
FAMILIES = {
    DIARY: N_("The diary: days, attacks, medicines taken, side effects, warning signs"),
    PLAN: N_(
        "The plan: treatments, doses, sessions, reviews that are due. Shown to everybody here, it is also counted without names"
    ),
    ANSWER: N_("The answer: whether a treatment helps, and the pages made of it"),
    HISTORY: N_("The history: health questions, earlier treatments, goals"),
    RECOVERY: N_("The recovery diary: craving and use. It is kept apart from all the rest"),
}
_ROLES = {CLINICIAN: N_("clinician"), NURSE: N_("nurse"), HELPER: N_("helper")}


def consents(asked: Asked) -> Response:
    """Who may see what now, and who could."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    need_clinic(asked)
    accounts = asked.house.store.accounts
    told = accounts.consents.of(asked.person)
    offered = _offered(asked)
    now = {to: {each.family: each for each in told if each.shown_to == to and each.stands(asked.now)} for to, _ in offered}
    shown = {
        "form": form,
        "offered": offered,
        "families": list(FAMILIES.items()),
        "said": FAMILIES,
        "now": now,
        "past": [each for each in reversed(told) if not each.stands(asked.now)][:50],
        "names": dict(offered),
        "zone": asked.zone,
        "here": "/more",
    }
    return asked.page("consents.html", shown, status=status, keep=False)


def _offered(asked: Asked) -> list[tuple[str, str]]:
    """To whom something can be shown, with their names in words."""
    words = asked.words
    each = [one for one in asked.house.store.accounts.everybody() if one.role in _ROLES and one.active]
    return [(CLINIC, words._("Everybody who treats people here")), *((one.id, _named(asked, one)) for one in each)]


def _named(asked: Asked, account: Account) -> str:
    return f"{account.name} ({asked.words._(_ROLES[account.role])})"


def tell_consent(asked: Asked) -> Response:
    """Show the families that are ticked, and no other, to one of those who are offered."""
    need_clinic(asked)
    try:
        to = asked.field("to")
        if to not in dict(_offered(asked)):
            raise BadInput(Problem("to", "there is nobody like that here.", "Choose one of the list."))
        ticked = [family for family in FAMILIES if asked.field(family)]
        if need_one_of(asked, "what", ("show", "nothing")) == "nothing":
            ticked = []
        _keep(asked, to, ticked)
    except BadInput as bad:
        return _page(asked, written(asked, bad), 422)
    return RedirectResponse(_PATH, 303)


def _keep(asked: Asked, to: str, ticked: list[str]) -> None:
    consents = asked.house.store.accounts.consents
    told = consents.of(asked.person)
    standing = {each.family for each in told if each.shown_to == to and each.stands(asked.now)}
    gone = [family for family in standing if family not in ticked]
    new = [family for family in ticked if family not in standing]
    if gone:
        consents.withdraw(asked.person, to, gone, now=asked.now)
    if new:
        consents.give(asked.person, to, new, now=asked.now)


ROWS = (
    Endpoint("GET", _PATH, consents, Need(HISTORY, CHANGE), "who may see what"),
    Endpoint("POST", _PATH, tell_consent, Need(HISTORY, CHANGE), "show something to somebody, or no longer"),
)
