"""Every page of the app, at an address that shows something: from the table, so that a new page is there by itself."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime

from cleardays.store import open_store
from cleardays.trial.demonstration.journey import simulate
from cleardays.web.roles import FAMILIES, OWN, PERSON, Viewer, allowed
from cleardays.web.table import ENDPOINTS
from reference.browser import served
from reference.clinic import PASSWORD, secret
from reference.told_stories import START
from reference.whole_stories import DAY, TODAY, whole_events

_OF_A_CLINIC = ("/clinic", "/consents", "/audit", "/first-keeper")
# Where the values above lead to nothing, and others do.
_SITES = "/people/{person}/plan/{trial}/sites/{on}"
_INSTEAD = {_SITES: f"/people/me/plan/botox/sites/{START + 14 * DAY}"}
# Somebody else, who had a supervised session: its sheet is written on until they leave.
_KET, _SESSION = "ket", "/people/ket/plan/ketamine/sheet/2026-04-27"
ALONE = "alone"
# In a clinic: a login for each role, and what is looked at as them.
ROLES = {
    "ada": ("person", ("/", "/account", "/attack", "/audit", "/consents", "/copy", "/help", "/helpers", "/leave", "/more")),
    "doc": (
        "clinician",
        ("/clinic", "/clinic/me", "/cohort", "/account", "/people/me/answer", "/people/me/calendar", "/people/me/plan",
         "/people/me/plan/first", "/people/me/plan/first/confirm", "/people/me/reports", "/people/me/effects",
         _SESSION, "/clinic/ket"),
    ),
    "nora": ("nurse", ("/clinic", "/clinic/me", "/people/me/plan", _SITES)),
    "rae": ("researcher", ("/cohort", "/account")),
    "kim": ("keeper", ("/accounts", "/account", "/")),
    "hal": ("helper", ("/", "/account", "/people/me/calendar")),
}  # fmt: skip
NOBODY = "nobody"
ME = Viewer(PERSON, "me", person="me")
# What stands in an address for each name in braces: something that the filled store has.
VALUES = {
    "ending": "html",
    "kind": "step-back",
    "link": "not-a-link",
    "name": "aura",
    "part": "medicines",
    "word": "attack",
    "day": str(TODAY),
    "entry": "wedding",
    "on": str(TODAY),
    "person": "me",
    "secret": "not-a-secret",
    "token": "not-a-token",
    "treatment": "lamotrigine",
    "trial": "first",
}
_IN_PATH = re.compile(r"{(\w+)(?::\w+)?}")


def addresses():
    """The addresses of everything that is asked for and changes nothing, those of the API left out."""
    found = [address(each.path) for each in ENDPOINTS if each.method == "GET" and not each.is_api]
    # what a clinician sees of a person is the same page again, where the person has it too
    return [each for each in found if each.removeprefix("/people/me") == each or each.removeprefix("/people/me") not in found]


def address(path):
    """A path with what stands for its names."""
    return _INSTEAD.get(path) or _IN_PATH.sub(lambda found: VALUES.get(found[1], found[1]), path)


def unknown():
    """Names in addresses for which nothing is said above."""
    return {name for each in ENDPOINTS for name in _IN_PATH.findall(each.path)} - VALUES.keys()


def is_mine(path):
    """Whether the person of the store may see it."""
    (row,) = (each for each in ENDPOINTS if each.method == "GET" and address(each.path) == path)
    whose = "me" if "{person}" in row.path or row.need.about else None
    # accounts, and records of sessions, which one person on their own machine has none of
    if row.need.about == OWN or path.startswith(_OF_A_CLINIC) or "/sheet/" in path or "/sites/" in path:
        return False
    return allowed(ME, row.need, whose) and not {"secret", "token", "name", "entry"} & set(_IN_PATH.findall(row.path))


@contextmanager
def filled(folder):
    """A server over the story of somebody with two trials; gives its address."""
    with open_store(folder / "diary.sqlite3") as store:
        store.add_person("me")
        store.append("me", whole_events())
    with served(folder) as found:
        yield found


def by_viewer():
    """The addresses that are looked at, by who looks: the person alone, and everybody in a clinic."""
    clinic = {login: tuple(address(path) for path in paths) for login, (_, paths) in ROLES.items()}
    return {ALONE: tuple(addresses()), **clinic, NOBODY: ("/sign-in", "/attack", "/home", "/help")}


@contextmanager
def filled_clinic(folder):
    """A clinic's server over the same story, with an account of each role; gives its address."""
    now = datetime.now(UTC)
    with open_store(folder / "diary.sqlite3") as store:
        store.add_person("me")
        store.append("me", whole_events())
        store.add_person(_KET)
        store.append(_KET, simulate("ketamine", None).events)
        for login, (role, _) in ROLES.items():
            whose = "me" if role == "person" else None
            made = store.accounts.create(login, login.capitalize(), role, now=now, secret=secret(), person=whose)
            for person in ("me", _KET) if role == "clinician" else ("me",) if role in ("nurse", "helper") else ():
                store.accounts.consents.give(person, made.id, FAMILIES, now=now)
    with served(folder, "--clinic") as found:
        yield found


def sign_in(visit, login, **more):
    """Sign in with the password on a device."""
    sent = {"login": login, "password": PASSWORD, **more}
    answer = visit.context.request.post("/sign-in", form=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.ok, answer.status
