"""The entrance of a clinic: somebody proves who they are, a session begins, goes on while it is used, and ends."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from cleardays.problems import BadInput, Problem
from cleardays.store.account import Account
from cleardays.store.accounts import folded
from cleardays.store.audit import Seen
from cleardays.store.tables_accounts import ADD_ONLY, FULL
from cleardays.web.accounts.passkeys import Challenges
from cleardays.web.accounts.passwords import Passwords
from cleardays.web.accounts.tries import Tries
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import KEEPER, NOBODY, PERSON, Viewer

if TYPE_CHECKING:
    from cleardays.store import Store
    from cleardays.web.settings import Settings

# How long a device that its person trusts may add entries without anybody signing in.
DEVICE_LASTS = timedelta(days=365)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
_CODE = 20  # letters: 100 bits
_NO_BODY = "this login and this password do not go together."


class Entrance:
    """Who comes in, and as whom."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self.passwords, self.tries, self.challenges = Passwords(), Tries(), Challenges(clock)
        self._code: str | None = None

    # ---- who is there

    def viewer(self, token: str | None, device: str | None, *, of: str | None) -> Viewer:
        """Who carries these tokens.

        Args:
            token: of a session.
            device: of a device that may only add.
            of: the person whom the request names; what others show is not looked up then.
        """
        now = self._clock()
        account = None if token is None else self._signed_in(token, now)
        if account is None:
            person = None if device is None else self._adds_for(device, now)
            return Viewer(NOBODY, may_add=person)
        shown = self._store.accounts.consents.shown_to(account, now=now, person=of)
        return Viewer(account.role, account.name, account.id, account.person, shown)

    def _signed_in(self, token: str, now: datetime) -> Account | None:
        accounts = self._store.accounts
        session = accounts.sessions.find(token, now=now)
        if session is None or session.kind != FULL:
            return None
        found = accounts.get(session.account)
        if found is None or not found.active or (found.role == PERSON and found.person is None):
            return None
        accounts.sessions.touch(token, now=now, expires_at=self._end(found.role, session.created_at, now))
        return found

    def _adds_for(self, device: str, now: datetime) -> str | None:
        session = self._store.accounts.sessions.find(device, now=now)
        if session is None or session.kind != ADD_ONLY:
            return None
        found = self._store.accounts.get(session.account)
        return None if found is None or not found.active else found.person

    def _end(self, role: str, began: datetime, now: datetime) -> datetime:
        """A session ends after a time without a request, and after a longer time in any case."""
        return min(now + self._settings.idle[role], began + self._settings.longest)

    # ---- coming in and going out

    def by_password(self, login: str, password: str, address: str) -> Account:
        """The account of somebody who knows its password.

        Raises:
            BadInput: they do not go together; the same for a login that is not there, after the same time.
            Refused: too many were wrong.
        """
        login = folded(login)
        wait = self.tries.wait(login, address)
        if wait:
            what = "too many passwords were wrong."
            raise Refused(429, Problem("password", what, f"Try again in {int(wait // 60) + 1} minutes, or use a passkey."))
        material = self._store.accounts.material(login) if login else None
        if not self.passwords.proves(None if material is None else material.secret, password) or material is None:
            self.tries.wrong(login, address)
            account = None if material is None else material.account
            self.note(account, "refused")
            raise BadInput(Problem("password", _NO_BODY, "Look at both, and try again."))
        self.tries.right(login)
        if material.secret is not None and self.passwords.is_old(material.secret):
            self._store.accounts.set_secret(material.account.id, self.passwords.kept(password))
        return material.account

    def begin(self, account: Account, *, instead_of: str | None = None) -> str:
        """A session with a token of its own; the one that was there before ends."""
        now = self._clock()
        sessions = self._store.accounts.sessions
        token = sessions.open(account.id, FULL, now=now, expires_at=self._end(account.role, now, now))
        if instead_of is not None:
            sessions.close(instead_of)
        self.note(account, "signed-in")
        return token

    def trust(self, account: Account, *, instead_of: str | None = None) -> str:
        """A token with which a device adds entries for its person, and reads nothing."""
        now = self._clock()
        token = self._store.accounts.sessions.open(account.id, ADD_ONLY, now=now, expires_at=now + DEVICE_LASTS)
        if instead_of is not None:
            self._store.accounts.sessions.close(instead_of)
        return token

    def end(self, token: str) -> None:
        """End the session of a token."""
        now = self._clock()
        session = self._store.accounts.sessions.find(token, now=now)
        if session is not None and self._store.accounts.sessions.close(token):
            self.note(self._store.accounts.get(session.account), "signed-out")

    def lasts(self, role: str) -> timedelta:
        """How long the browser keeps the cookie of a session; whether it still holds is decided here."""
        return self._settings.longest if role == PERSON else self._settings.idle[role]

    def note(self, account: Account | None, act: str, about: str = "own") -> None:
        """Write down what was done with an account; nothing of anybody's health is in it."""
        who, role = (None, NOBODY) if account is None else (account.id, account.role)
        self._store.accounts.audit.add(Seen(self._clock(), who, role, None, act, about, "entrance"))

    # ---- the first keeper

    def first_code(self) -> str | None:
        """A code for the first keeper, to be shown in the terminal; None where there is a keeper already."""
        if any(each.role == KEEPER for each in self._store.accounts.everybody()):
            return None
        self._code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
        return "-".join(self._code[at : at + 5] for at in range(0, _CODE, 5))

    def make_first(self, code: str, login: str, name: str, password: str) -> Account:
        """The first keeper; the code is good for one.

        Raises:
            BadInput: the code is not that of the terminal, or a login, a name or a password that cannot be kept.
        """
        typed = code.upper().replace("-", "").replace(" ", "").encode()
        if self._code is None or not compare_digest(self._code.encode(), typed):
            raise BadInput(Problem("code", "it is not the one that the server printed.", "Look in the terminal it runs in."))
        made = self._store.accounts.create(
            login.strip(), name.strip(), KEEPER, now=self._clock(), secret=self.passwords.kept(password)
        )
        self._code = None
        return made
