"""The keeper's page: who has an account, new ones, and closing one. It shows nothing of anybody's health."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.store import StoreFault
from cleardays.store.account import Account
from cleardays.store.audit import Seen
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import need_one_of
from cleardays.web.leading import need_clinic
from cleardays.web.marked import N_
from cleardays.web.pages.sign_in import WELCOME
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import CHANGE, CLINICIAN, HELPER, HOUSE, KEEPER, NURSE, PERSON, RESEARCHER, Need
from cleardays.web.spaces import is_private

# How long the first password may wait.
WELCOME_LASTS = timedelta(days=7)
ROLES = {
    PERSON: N_("Person: keeps a diary"),
    HELPER: N_("Helper: lets themselves be asked by a person"),
    CLINICIAN: N_("Clinician: confirms plans, decides"),
    NURSE: N_("Nurse: calls, records"),
    RESEARCHER: N_("Researcher: counts without names"),
    KEEPER: N_("Keeper: accounts only"),
}
_MOST_COUNTED = 5000


def accounts(asked: Asked) -> Response:
    """Everybody with an account."""
    return _page(asked, Form({"role": PERSON}))


def _page(asked: Asked, form: Form, status: int = 200, *, link: str | None = None, of: Account | None = None) -> Response:
    need_clinic(asked)
    kept = asked.house.store.accounts.audit.latest(most=_MOST_COUNTED)
    since = asked.now - timedelta(days=28)
    counts = Counter(each.seen.act for each in kept if each.seen.at >= since)
    shown = {
        "form": form,
        "accounts": asked.house.store.accounts.everybody(),
        "roles": list(ROLES.items()),
        "said": ROLES,
        "link": link,
        "of": of,
        "days": WELCOME_LASTS.days,
        "counts": sorted(counts.items()),
        "capped": len(kept) == _MOST_COUNTED and kept[-1].seen.at >= since,
        "here": "/accounts",
    }
    return asked.page("accounts.html", shown, status=status)


def make_account(asked: Asked) -> Response:
    """An account without a password, and the link by which its owner sets one."""
    need_clinic(asked)
    store, role = asked.house.store, asked.field("role")
    try:
        person, new = _person(asked) if role == PERSON else (None, False)
        made = store.accounts.create(asked.field("login"), asked.field("name"), role, now=asked.now, person=person, new=new)
    except StoreFault:
        raise
    except BadInput as bad:
        return _page(asked, written(asked, bad), 422)
    _note(asked, "account-made", made)
    return _page(asked, Form({"role": role}), link=_link(asked, made), of=made)


def _person(asked: Asked) -> tuple[str, bool]:
    """Whose story it is: somebody who is there and has no account, or somebody new, who is added with the account."""
    store, person = asked.house.store, asked.field("person") or asked.field("login")
    if store.accounts.find(asked.field("login")) is not None:
        raise BadInput(Problem("login", "it is taken.", "Choose another one."))
    if is_private(person):  # the notes of somebody else, which nobody but they may open
        what = "it is the name of private notes."
        raise BadInput(Problem("person" if asked.field("person") else "login", what, "Choose another name."))
    new = person not in store.people()
    if not new and any(each.person == person for each in store.accounts.everybody()):
        raise BadInput(Problem("person", "somebody has an account for this diary already.", "Choose another name."))
    return person, new


def change_account(asked: Asked) -> Response:
    """Close an account or open it again, end its sessions, or hand out another link for a first password."""
    need_clinic(asked)
    accounts, found = asked.house.store.accounts, _asked_for(asked)
    what = need_one_of(asked, "what", ("close", "open", "end", "link"))
    if what in ("close", "open") and found.id == asked.viewer.account:
        raise BadInput(Problem("account", "this is your own.", "Let another keeper do it."))
    _note(asked, f"account-{what}", found)
    if what == "end":
        accounts.sessions.close_all(found.id)
    elif what == "link":
        accounts.set_secret(found.id, None)
        for passkey in accounts.passkeys.of(found.id):  # a device that was lost, or was never theirs
            accounts.passkeys.remove(found.id, passkey.credential)
        return _page(asked, Form({"role": PERSON}), link=_link(asked, found), of=found)
    else:
        accounts.set_active(found.id, what == "open")
    return RedirectResponse("/accounts", 303)


def _asked_for(asked: Asked) -> Account:
    found = asked.house.store.accounts.get(asked.field("account"))
    if found is None:
        raise Refused(404, Problem("account", "there is none like that.", "Choose one of the list."))
    return found


def _link(asked: Asked, account: Account) -> str:
    """The address at which the owner of an account sets the password; it is shown this once, and the one before is over."""
    links = asked.house.store.accounts.links
    links.take_back_of(account.id, WELCOME)
    token = links.make(
        WELCOME,
        {"account": account.id},
        now=asked.now,
        expires_at=asked.now + WELCOME_LASTS,
        account=account.id,
        made_by=asked.viewer.account,
    )
    origin = asked.house.settings.origin or f"{asked.request.url.scheme}://{asked.request.headers['host']}"
    return f"{origin}/welcome/{token}"


def _note(asked: Asked, act: str, of: Account) -> None:
    """Write it down; where the account is that of a person, where they read it too."""
    seen = Seen(asked.now, asked.viewer.account, asked.viewer.role, of.person, act, HOUSE, "accounts")
    asked.house.store.accounts.audit.add(seen)


ROWS = (
    Endpoint("GET", "/accounts", accounts, Need(HOUSE), "everybody with an account"),
    Endpoint("POST", "/accounts", make_account, Need(HOUSE, CHANGE), "make an account"),
    Endpoint("POST", "/accounts/change", change_account, Need(HOUSE, CHANGE), "close an account, or open it again"),
)
