"""Who looked at a person's data, and who changed something: for that person alone."""

from __future__ import annotations

from starlette.responses import Response

from cleardays.problems import Problem
from cleardays.store.audit import Kept
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.leading import need_clinic
from cleardays.web.marked import N_
from cleardays.web.pages.consents import FAMILIES
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import CHANGE, CLINICIAN, HELPER, HISTORY, KEEPER, NOBODY, NURSE, PERSON, RESEARCHER, SOME, Need

_A_PAGE = 100
_ACTS = {
    "read": N_("looked"),
    "add": N_("added something"),
    "write": N_("added something"),
    "change": N_("changed something"),
    "confirm": N_("gave a clinician's word"),
    "listed": N_("saw the name on the list of the day"),
    "called": N_("wrote down that you were called"),
    "seen": N_("wrote down that it was seen"),
    "refused": N_("asked for something that you do not show, and was refused"),
    "account-made": N_("made your account"),
    "account-link": N_("handed out a new first password for your account"),
    "account-close": N_("closed your account"),
    "account-open": N_("opened your account again"),
    "account-end": N_("signed you out everywhere"),
}
_ROLES = {
    PERSON: N_("person"),
    HELPER: N_("helper"),
    CLINICIAN: N_("clinician"),
    NURSE: N_("nurse"),
    RESEARCHER: N_("researcher"),
    KEEPER: N_("keeper of the accounts"),
    NOBODY: N_("not signed in"),
}


def audit(asked: Asked) -> Response:
    """What others did with the data, the latest first."""
    need_clinic(asked)
    before = asked.request.query_params.get("before", "")
    accounts = asked.house.store.accounts
    if before and not (before.isdecimal() and len(before) < 15):
        raise Refused(404, Problem("before", "there is no such page.", "Go back to the first one."))
    kept = accounts.audit.of_person(asked.person, before=int(before) if before else None, most=_A_PAGE)
    names = {each.id: each.name for each in accounts.everybody()}
    shown = {
        "looks": [_look(asked, each, names) for each in kept],
        "more": kept[-1].seq if len(kept) == _A_PAGE else None,
        "zone": asked.zone,
        "here": "/more",
    }
    return asked.page("looks.html", shown)


def _look(asked: Asked, kept: Kept, names: dict[str, str]) -> dict[str, object]:
    seen, words = kept.seen, asked.words
    about = FAMILIES.get(seen.about)
    return {
        "at": seen.at,
        "name": _by(asked, seen.account, names),
        "role": words._(_ROLES.get(seen.role, seen.role)),
        "did": words._(_ACTS.get(seen.act, seen.act)),
        "about": words._("The page for a visit") if seen.about == SOME else "" if about is None else words._(about),
    }


def _by(asked: Asked, account: str | None, names: dict[str, str]) -> str:
    if account is None:
        return asked.words._("Whoever has an address that was given away")
    return names.get(account, asked.words._("An account that is gone"))


ROWS = (Endpoint("GET", "/audit", audit, Need(HISTORY, CHANGE), "who looked"),)
