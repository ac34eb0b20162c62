"""Passkeys as a browser asks for them: to sign in with one, and to add one to an account."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from cleardays.problems import BadInput, Problem
from cleardays.store import StoreFault
from cleardays.web.accounts import passkeys
from cleardays.web.asked import Asked
from cleardays.web.endpoint import API, Endpoint
from cleardays.web.leading import first_page, need_clinic
from cleardays.web.pages.account import need_recent, own_account
from cleardays.web.pages.sign_in import come_in
from cleardays.web.roles import CHANGE, OPEN, OWN, Need

_TRIES_A_MINUTE = 30


class PasskeyAsked(msgspec.Struct, frozen=True):
    """What the browser is asked for (WebAuthn), and the handle to answer with."""

    handle: str
    options: dict[str, Any]


class PasskeyShown(msgspec.Struct, frozen=True):
    """A passkey that signs in; `own`: this device may add entries when nobody is signed in."""

    handle: str
    credential: dict[str, Any]
    own: bool = False


class PasskeyMade(msgspec.Struct, frozen=True):
    """A new passkey with its label."""

    handle: str
    credential: dict[str, Any]
    label: str = ""


class Onward(msgspec.Struct, frozen=True):
    """Where to go on."""

    to: str


def ask_passkey(asked: Asked) -> Response:
    """A challenge for whoever wants to sign in."""
    need_clinic(asked)
    handle, challenge = asked.house.viewers.entrance.challenges.ask()
    return _json(PasskeyAsked(handle, passkeys.options_to_sign_in(_place(asked), challenge)))


def sign_in_passkey(asked: Asked) -> Response:
    """Begin a session for whoever holds the passkey of an account."""
    need_clinic(asked)
    entrance, accounts, sent = asked.house.viewers.entrance, asked.house.store.accounts, asked.body
    try:
        challenge = entrance.challenges.answered(sent.handle)
        who = passkeys.proven(_place(asked), accounts.passkeys, challenge, sent.credential, now=asked.now)
    except StoreFault:
        raise
    except BadInput:
        entrance.note(None, "refused")
        raise
    account = accounts.get(who)
    if account is None or not account.active:
        entrance.note(account, "refused")
        raise BadInput(Problem("passkey", "its account is closed.", "Ask the keeper of the accounts."))
    to = first_page(account.role)
    answer = _json(Onward(to))
    for name, value in come_in(asked, account, to, trusted=sent.own).raw_headers:
        if name == b"set-cookie":
            answer.raw_headers.append((name, value))
    return answer


def ask_new_passkey(asked: Asked) -> Response:
    """A challenge for another passkey of one's own account."""
    mine = own_account(asked)
    need_recent(asked)
    handle, challenge = asked.house.viewers.entrance.challenges.ask(mine.id)
    known = asked.house.store.accounts.passkeys
    return _json(PasskeyAsked(handle, passkeys.options_to_add(_place(asked), mine, known, challenge)))


def add_passkey(asked: Asked) -> Response:
    """Keep another passkey of one's own account."""
    mine, sent, known = own_account(asked), asked.body, asked.house.store.accounts.passkeys
    need_recent(asked)
    challenge = asked.house.viewers.entrance.challenges.answered(sent.handle, mine.id)
    passkeys.add(_place(asked), mine, known, challenge, sent.credential, sent.label, now=asked.now)
    asked.house.viewers.entrance.note(mine, "passkey-added")
    return _json(Onward("/account"))


def _place(asked: Asked) -> passkeys.Place:
    origin = asked.house.settings.origin or f"{asked.request.url.scheme}://{asked.request.headers['host']}"
    return passkeys.place_of(origin)


def _json(answer: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")


ROWS = (
    Endpoint(
        "POST", f"{API}/passkeys/sign-in/ask", ask_passkey, Need(OPEN), "a challenge to sign in with a passkey",
        gives=PasskeyAsked, often=_TRIES_A_MINUTE,
    ),
    Endpoint(
        "POST", f"{API}/passkeys/sign-in", sign_in_passkey, Need(OPEN), "sign in with a passkey",
        takes=PasskeyShown, gives=Onward, often=_TRIES_A_MINUTE,
    ),
    Endpoint(
        "POST", f"{API}/passkeys/ask", ask_new_passkey, Need(OWN, CHANGE), "a challenge to add a passkey",
        gives=PasskeyAsked, often=_TRIES_A_MINUTE,
    ),
    Endpoint(
        "POST", f"{API}/passkeys", add_passkey, Need(OWN, CHANGE), "add a passkey to one's own account",
        takes=PasskeyMade, gives=Onward, often=_TRIES_A_MINUTE,
    ),
)  # fmt: skip
