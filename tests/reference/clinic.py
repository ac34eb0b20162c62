"""A clinic's server with an account of each role, and a browser for each of them."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache

from cleardays.store import open_store
from cleardays.web.accounts.passwords import Passwords
from cleardays.web.app import build_app
from cleardays.web.settings import Settings
from reference.app import Clock, Desk

PASSWORD = "correct horse battery staple"
LOGINS = {
    "ada": "person",
    "bob": "person",
    "hal": "helper",
    "doc": "clinician",
    "nora": "nurse",
    "rae": "researcher",
    "kim": "keeper",
}


@cache
def secret():
    """What is kept of the password of everybody; made once, since it takes its time."""
    return Passwords().kept(PASSWORD)


class Clinic:
    """The server; `at(login)` is a browser in which somebody may sign in."""

    def __init__(self, app, store, clock) -> None:
        self.app, self.store, self.clock = app, store, clock
        self.ids = {}
        for login, role in LOGINS.items():
            person = login if role == "person" else None
            if person is not None:
                store.add_person(person)
            name = login.capitalize()
            self.ids[login] = store.accounts.create(login, name, role, now=clock(), secret=secret(), person=person).id

    def browser(self):
        """One in which nobody is signed in."""
        return Desk(self.app, self.store, self.clock)

    def at(self, login, own=False):
        """One in which somebody signed in with the password."""
        desk = self.browser()
        sent = {"login": login, "password": PASSWORD, **({"own": "yes"} if own else {})}
        assert desk.post("/sign-in", data=sent, follow_redirects=False).status_code == 303
        return desk

    def show(self, person, to, *families):
        """A person lets an account, or the clinic, see families of their data."""
        self.store.accounts.consents.give(person, self.ids.get(to, to), families, now=self.clock())


@contextmanager
def clinic(folder, place=None, **settings):
    """A clinic over an empty store, in a folder or at another place."""
    clock = Clock()
    with open_store(place or folder / "clinic.sqlite3") as store:
        app = build_app(Settings(clinic=True, data=folder, **settings), store, clock=clock)
        with Desk(app, store, clock):  # so that it begins and ends
            yield Clinic(app, store, clock)
