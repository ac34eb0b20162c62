"""One's own account: where one is signed in, another password, and ways to end it all."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.store.account import Account
from cleardays.store.tables_accounts import ADD_ONLY
from cleardays.store.tokens import digest_of
from cleardays.web.accounts.cookies import SESSION, token_in
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.guard.limits import caller_of
from cleardays.web.keeping import need_one_of
from cleardays.web.leading import need_clinic
from cleardays.web.pages.sign_in import new_password, without_secrets
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import CHANGE, OWN, Need

_TRIES_A_MINUTE = 20
# So long after signing in passkeys are added and forgotten.
RECENT = timedelta(minutes=15)


def account(asked: Asked) -> Response:
    """Who one is here, and where one is signed in."""
    return _page(asked, Form())


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    mine, accounts = own_account(asked), asked.house.store.accounts
    token = _token(asked)
    shown = {
        "form": form,
        "account": mine,
        "sessions": accounts.sessions.of(mine.id, now=asked.now),
        "this": None if token is None else digest_of(token),
        "add_only": ADD_ONLY,
        "passkeys": accounts.passkeys.of(mine.id),
        "here": "/account",
    }
    return asked.page("account.html", shown, status=status, keep=False)


def end_sessions(asked: Asked) -> Response:
    """End one session, or every other one."""
    mine, sessions = own_account(asked), asked.house.store.accounts.sessions
    if need_one_of(asked, "what", ("one", "others")) == "others":
        sessions.close_all(mine.id, keep=_token(asked))
    elif asked.field("session") in {each.id for each in sessions.of(mine.id, now=asked.now)}:
        sessions.close_one(asked.field("session"))
    asked.house.viewers.entrance.note(mine, "sessions-ended")
    return RedirectResponse("/account", 303)


def change_password(asked: Asked) -> Response:
    """Another password, for whoever knows the one of now; all other sessions end."""
    mine, entrance = own_account(asked), asked.house.viewers.entrance
    try:
        old = (asked.form or {}).get("old", "")
        material = asked.house.store.accounts.material(mine.login)
        if entrance.tries.wait(mine.login, caller_of(asked.request)):
            raise Refused(429, Problem("old", "too many passwords were wrong.", "Try again in an hour."))
        if not entrance.passwords.proves(None if material is None else material.secret, old):
            entrance.tries.wrong(mine.login, caller_of(asked.request))
            raise BadInput(Problem("old", "this is not your password.", "Type the one you signed in with."))
        password = new_password(asked, mine.login)
    except BadInput as bad:
        return _page(asked, without_secrets(written(asked, bad)), 422)
    asked.house.store.accounts.set_secret(mine.id, entrance.passwords.kept(password), keep=_token(asked))
    entrance.note(mine, "password-changed")
    return RedirectResponse("/account", 303)


def forget_passkey(asked: Asked) -> Response:
    """Forget one of one's own passkeys."""
    mine = own_account(asked)
    need_recent(asked)
    if asked.house.store.accounts.passkeys.remove(mine.id, asked.field("passkey")):
        asked.house.viewers.entrance.note(mine, "passkey-removed")
    return RedirectResponse("/account", 303)


def own_account(asked: Asked) -> Account:
    """The account that one is signed in with.

    Raises:
        Refused: nobody signs in on this machine.
    """
    need_clinic(asked)
    found = None if asked.viewer.account is None else asked.house.store.accounts.get(asked.viewer.account)
    if found is None:
        raise Refused(404, Problem("account", "it is not there any more.", "Sign in again."))
    return found


def need_recent(asked: Asked) -> None:
    """Refuse what would let whoever finds an open page come in later, unless somebody proved just now who they are.

    Raises:
        Refused: the session began a while ago.
    """
    token = _token(asked)
    session = None if token is None else asked.house.store.accounts.sessions.find(token, now=asked.now)
    if session is None or asked.now - session.created_at > RECENT:
        what, how = "you signed in a while ago.", "Sign out, sign in again, and do it within a quarter of an hour."
        raise Refused(403, Problem("passkey", what, how))


def _token(asked: Asked) -> str | None:
    return token_in(asked.request, SESSION, secure=asked.house.settings.secure)


ROWS = (
    Endpoint("GET", "/account", account, Need(OWN), "one's own account"),
    Endpoint("POST", "/account/sessions", end_sessions, Need(OWN, CHANGE), "end sessions"),
    Endpoint("POST", "/account/password", change_password, Need(OWN, CHANGE), "another password", often=_TRIES_A_MINUTE),
    Endpoint("POST", "/account/passkeys/forget", forget_passkey, Need(OWN, CHANGE), "forget a passkey"),
)
