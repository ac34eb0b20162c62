"""Every form of the app, found as a person finds it: by following the links, as everybody who may see something."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import select

from cleardays.store import tables, tables_accounts
from cleardays.web.roles import FAMILIES
from cleardays.web.table import ENDPOINTS
from reference import trials_web
from reference.page_forms import read_page
from reference.told_stories import START
from reference.whole_stories import DAY, TODAY, whole_events

AT = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=UTC)
_EACH = 2  # addresses of one row that are looked at
# Who looks in a clinic, and in what order: the first who may.
LOGINS = ("ada", "doc", "nora", "kim", "nobody")


def row_of(method, path):
    """The row of the table that answers a path; the one without names in braces before any other."""
    found = [each for each in ENDPOINTS if each.method == method and _pattern(each.path).fullmatch(path.partition("?")[0])]
    return min(found, key=lambda each: each.path.count("{"), default=None)


def _pattern(path):
    return re.compile(re.sub(r"{(\w+)(:path)?}", r"[^/]+", path.replace(".", r"\.")))


class Personal:
    """One person on their own machine, with two trials, a draft, an attack that goes on, and whatever a page asks about."""

    def __init__(self, desk) -> None:
        self.desk, self.store, self.app = desk, desk.store, desk.app
        self.store.add_person("me")
        self.store.append("me", whole_events())
        _more(desk)
        self.browsers = {"me": desk}
        self.starts = _starts("")


class OfClinic:
    """A clinic in which ada shows everything to a clinician and a nurse."""

    def __init__(self, house) -> None:
        self.store, self.app = house.store, house.app
        house.clock.now = AT
        self.store.append("ada", whole_events())
        self.browsers = {login: house.browser() if login == "nobody" else house.at(login) for login in LOGINS}
        ada, keeper = self.browsers["ada"], self.browsers["kim"]
        for to in ("doc", "nora"):
            house.show("ada", to, *FAMILIES)
        _more(ada)
        assert self.browsers["doc"].post("/clinic/ada/first/review").status_code == 200  # a decision is due
        link = ada.post("/plan/ketamine/confirm-link", data={"what": "make"}).text
        new = keeper.post("/accounts", data={"login": "new", "name": "New", "role": "nurse"}).text
        links = [*re.findall(r"/confirm/[\w-]+", link)[:1], *re.findall(r"/welcome/[\w-]+", new)[:1]]
        of_ada = _starts("/people/ada")
        sheets = [
            f"/people/ada/plan/{each}/{on}" for each, on in (("ketamine/sheet", TODAY), ("botox/sites", START + 14 * DAY))
        ]
        self.starts = [*links, "/clinic/ada", "/people/ada/plan/ketamine/confirm", *sheets, *of_ada, *_starts("")]


def _more(desk):
    """What a page asks about beyond the story."""
    desk.post("/reports/share", data={"lasts": "day", "page": "person"})
    opened = trials_web.opened(desk, "ketamine", "refractory-migraine")
    assert opened.status_code == 200, opened.text
    facts = {"supervised": "yes", "escort": "yes", "blood_pressure": "118/74"}
    drafted = trials_web.drafted(desk, "ketamine", str(TODAY), **facts)
    assert drafted.status_code == 200, drafted.text
    entry = {"id": "one", "kind": "day.told", "at": AT.isoformat(), "based_on": 0}
    cells = {"date": str(TODAY), "headache": "severe"}
    answer = desk.post("/api/v1/entries", json={"entries": [
        {**entry, "body": {"cells": {**cells, "headache": "mild"}}}, {**entry, "id": "two", "body": {"cells": cells}},
    ]})  # fmt: skip
    assert answer.status_code == 200, answer.text
    desk.post("/effects", data={"term": "nausea", "severity": "mild"})
    desk.post("/medicines", data={"what": "add", "name": "ibuprofen 400 mg"})


def _starts(base):
    """Where to begin beside what has no name in its address: what is led to only for a while, or after a choice."""
    pages = ("plan/ketamine/suitability", "plan/ketamine/confirm-link", "plan/ketamine", "plan/first", "plan/first/change/hold")
    more = (
        "reports?trial=first",
        "reports?pack=uk-nice",
        "goals",
        "intake/pregnancy",
        "intake/medicines",
        "calendar",
        "effects",
    )
    return [f"{base}/{each}" for each in (*pages, *more)]


def walk(browser, starts):
    """The pages that can be reached, each row at most twice: the pages with their addresses."""
    plain = [each.path for each in ENDPOINTS if each.method == "GET" and "{" not in each.path and not each.is_api]
    waiting, seen, often, found = [*starts, *plain], set(), {}, []
    while waiting:
        address = waiting.pop(0)
        row = row_of("GET", address)
        if row is None or row.is_api or address in seen or often.get(row.path, 0) >= _EACH or row.path.endswith(".zip"):
            continue
        seen.add(address)
        answer = browser.get(address, follow_redirects=False)
        assert answer.status_code < 500, address
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        often[row.path] = often.get(row.path, 0) + 1
        page = read_page(answer.text, address)
        found.append(page)
        waiting += [each.partition("#")[0] for each in page.links]
    return found


def forms_of(world):
    """For each row that changes something: who sends it, and its forms as they stand on their pages."""
    found = {}
    for login, browser in world.browsers.items():
        for page in walk(browser, world.starts):
            for form in page.forms:
                row = row_of("POST", form.action)
                if form.method.lower() == "post" and row is not None:
                    of = found.setdefault((row.path), (login, {}))
                    if of[0] == login:
                        of[1].setdefault(tuple(form.names), form)
    return {path: (login, list(forms.values())) for path, (login, forms) in found.items()}


def state(store):
    """Everything that a request could change but for what is counted: heads, names, accounts, consents, links, sessions."""
    with store.database.reading() as connection:
        of = (tables.person, tables_accounts.account, tables_accounts.consent, tables_accounts.link, tables_accounts.passkey)
        found = [connection.execute(select(table)).all() for table in of]
        return [*found, connection.execute(select(tables_accounts.session.c.token)).all()]


class Before:
    """A store as it was, and the files beside it, to be put back while it is in use."""

    def __init__(self, path) -> None:
        self.path, self.then = path, sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(path)) as now:
            now.backup(self.then)
        self.files = {each: each.read_bytes() for each in path.parent.iterdir() if not each.name.startswith(path.name)}

    def again(self):
        """As it was."""
        with closing(sqlite3.connect(self.path, timeout=30)) as now:
            self.then.backup(now)
        for each in self.path.parent.iterdir():
            if not each.name.startswith(self.path.name) and each not in self.files:
                each.unlink()
        for each, content in self.files.items():
            each.write_bytes(content)
