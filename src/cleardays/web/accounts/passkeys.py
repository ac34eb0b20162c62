"""Passkeys (WebAuthn): a challenge that is good once, and what a device answers to it. Needs the extra `clinic`."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from cleardays.problems import BadInput, Problem
from cleardays.web.problem_answers import Refused

if TYPE_CHECKING:
    from types import ModuleType

    from cleardays.store.account import Account
    from cleardays.store.passkeys import Passkeys

_LASTS = timedelta(minutes=5)
_MOST_WAITING = 10_000
_NOT_PROVEN = "the passkey proved nothing here."


class _Asked(NamedTuple):
    challenge: bytes
    ends_at: datetime
    account: str | None


class Challenges:
    """Challenges that wait for an answer; of one process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock, self._lock = clock, Lock()
        self._waiting: OrderedDict[str, _Asked] = OrderedDict()

    def ask(self, account: str | None = None) -> tuple[str, bytes]:
        """A new one, with the handle by which it is answered."""
        handle, challenge = secrets.token_urlsafe(32), secrets.token_bytes(32)
        with self._lock:
            self._waiting[handle] = _Asked(challenge, self._clock() + _LASTS, account)
            while len(self._waiting) > _MOST_WAITING:
                self._waiting.popitem(last=False)
        return handle, challenge

    def answered(self, handle: str, account: str | None = None) -> bytes:
        """The challenge of a handle, once, and for the account it was asked of.

        Raises:
            BadInput: there is none, or it waited too long.
        """
        with self._lock:
            found = self._waiting.pop(handle, None)
        if found is None or found.ends_at <= self._clock() or found.account != account:
            raise BadInput(Problem("passkey", "it was not asked for, or too long ago.", "Try again."))
        return found.challenge


class Place(NamedTuple):
    """Where passkeys are good: the host, and the origin that browsers say."""

    host: str
    origin: str


def place_of(origin: str) -> Place:
    """The place of a server that is called so.

    >>> place_of("https://headache.example:8443").host
    'headache.example'
    """
    return Place(urlsplit(origin).hostname or "", origin)


def options_to_add(place: Place, account: Account, known: Passkeys, challenge: bytes) -> dict[str, Any]:
    """What a browser is asked for to make a passkey."""
    webauthn = _webauthn()
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name="cleardays",
        user_id=account.id.encode(),
        user_name=account.login,
        user_display_name=account.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(base64url_to_bytes(each.credential)) for each in known.of(account.id)
        ],
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def add(
    place: Place, account: Account, known: Passkeys, challenge: bytes, said: Mapping[str, Any], label: str, *, now: datetime
) -> None:
    """Keep the passkey that a browser made.

    Raises:
        BadInput: it does not answer the challenge.
    """
    webauthn = _webauthn()
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = webauthn.verify_registration_response(
            credential=dict(said),
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise BadInput(Problem("passkey", _NOT_PROVEN, "Try again.")) from None
    name = bytes_to_base64url(found.credential_id)
    known.add(account.id, name, found.credential_public_key, found.sign_count, label, now=now)


def options_to_sign_in(place: Place, challenge: bytes) -> dict[str, Any]:
    """What a browser is asked for to show one."""
    webauthn = _webauthn()
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=place.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def proven(place: Place, known: Passkeys, challenge: bytes, said: Mapping[str, Any], *, now: datetime) -> str:
    """The id of the account whose passkey answered.

    Raises:
        BadInput: it does not, or its count went back, so that it may be a copy.
    """
    webauthn = _webauthn()
    from webauthn.helpers.exceptions import WebAuthnException

    passkey = known.find(str(said.get("id", "")))
    no = BadInput(Problem("passkey", _NOT_PROVEN, "Try again, or use the password."))
    if passkey is None:
        raise no
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(said),
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise no from None
    if not known.used(passkey.credential, found.new_sign_count, now=now):
        raise no
    return passkey.account


def _webauthn() -> ModuleType:
    try:
        import webauthn
    except ImportError:
        how = "Use the password, or have the server installed with cleardays[clinic]."
        raise Refused(501, Problem("passkey", "this server has no passkeys.", how)) from None
    return webauthn
