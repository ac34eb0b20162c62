"""Nonsense sent to every form of the table: a page says what is wrong and keeps what was typed; nothing is kept by half."""

from __future__ import annotations

import pytest

from cleardays.web.places import OF_ANOTHER
from cleardays.web.table import ENDPOINTS
from reference import app, clinic
from reference.every_form import AT, Before, OfClinic, Personal, forms_of, state
from reference.nonsense import FORM, VALUES, Body, bodies, urlencoded
from reference.page_forms import Field, PageForm, read_page

ROWS = [each for each in ENDPOINTS if each.changes and not each.is_api]
_SECRET = ("password", "again", "old", "code", "passphrase")
# Whole bodies that lost what was typed before they came here: the answer can only say so.
_UNREADABLE = (400, 413, 415)
_FEW = 8  # fields of each form that get nonsense, where not all do
_KINDS = 3  # kinds of nonsense that each field gets, where all do; over a form every kind is sent


# Forms of pages that are there only in some state of things, as their templates have them.
ONLY_SOMETIMES = {
    "/account/passkeys/forget": ("ada", PageForm("/account/passkeys/forget", "post", [Field("passkey", "hidden", "abc")])),
    "/clinic/{person}/done": ("doc", PageForm("/clinic/ada/done", "post", [], [("what", "called"), ("what", "seen")])),
    "/copy": ("me", PageForm("/copy", "post", [Field("file", "file", "")])),
    "/more/bring/keep": ("me", PageForm("/more/bring/keep", "post", [Field("word", "hidden", "x")], [("what", "keep")])),
    "/over": ("me", PageForm("/over", "post", [Field("entry", "hidden", "x")], [("when", "early"), ("when", "goes-on")])),
    "/private/lock": ("me", PageForm("/private/lock", "post", [Field("passphrase", "password", "")], [("what", "put")])),
}  # fmt: skip
# What somebody could write into fields that stand empty, so that a form could be kept but for the nonsense in it.
GOOD = {
    "login": "newcomer", "name": "Nia", "words": "to walk again", "why": "it is better", "helper": "Jo Sample", "until": "",
    "old": clinic.PASSWORD, "password": clinic.PASSWORD + " 2", "again": clinic.PASSWORD + " 2", "decision": "continue",
    "term": "dizzy", "titles": "neutral", "days": "3", "qualification": "neurologist", "seen": "yes", "clinician": "Dr Bo",
    "what": "magnesium", "diary": "yes", "sure": "yes", "passphrase": "a long passphrase", "zone": "Europe/Berlin",
    "treatment": "candesartan", "indication": "episodic-migraine", "headache": "mild", "reading": "1", "start": "10:00",
    "total": "12",
}  # fmt: skip
GOOD_HERE = {
    "/clinic/{person}/{trial}/decide": {"again": "2027-01-01", "goal-wedding": "partly"},
    "/medicines": {"name": "ibuprofen", "unit": "mg", "amount": "400"},
    "/plan/{trial}/suitability": {"start": str(AT.date())},
    "/leave": {"name": "me"}, "/day/{day}/new/{word}": {"name": "ibuprofen", "start": ""}, "/intake/{part}": {"plans": "no"},
    "/scores/{name}": {"total": "50"}, "/plan/{trial}/change/{kind}": {"do": "keep"},
}  # fmt: skip
# Where two fields are held against each other, the message is beside the second.
BESIDE = {"password": "again"}
# A clinician's own plan is confirmed by somebody else: nobody may, whoever asks.
NOBODYS = ("/plan/{trial}/confirm",)
# What everybody sends most, tried also where there is little time.
AT_LEAST = ("/attack", "/evening", "/effects", "/plan/{trial}/dose", "/sign-in")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """One person's server and a clinic's, each with its forms, and as they were."""
    alone, many = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("many")
    with app.desk(alone, app.Clock(AT)) as desk, clinic.clinic(many) as house:
        found = {}
        for made, of, path in ((Personal, desk, alone / "diary.sqlite3"), (OfClinic, house, many / "clinic.sqlite3")):
            of.app.state.house.buckets.take = lambda *_: 0.0
            of.app.state.house.viewers.entrance.tries.wait = lambda *_: 0.0
            world = made(of)
            world.forms = forms_of(world)
            world.before = Before(path)
            found[made] = world
        yield found


def forms_for(worlds, row):
    """The world of a row, who sends it there, and its forms."""
    login, form = ONLY_SOMETIMES.get(row.path, ("", None))
    for made in (Personal, OfClinic):
        world = worlds[made]
        if form is not None and login in world.browsers:
            return world, login, [form]
        if row.path in world.forms:
            return world, *world.forms[row.path]
    return None


def test_every_form_of_the_table_is_tried(worlds):
    assert [row.path for row in ROWS if forms_for(worlds, row) is None and row.path not in NOBODYS] == []


def cases(form, few, good):
    """What is sent of a form: each field as no page asks for it, and the whole as no browser sends it.

    `few` is how many of the fields get one kind of nonsense each, in turn; None is all fields with some kinds each.
    """
    button = next(iter(form.buttons), None)
    whole, kinds = form.pairs(button, good), list(VALUES.items())
    names = form.names if few is None else form.names[:: max(1, len(form.names) // (few or 1))][:few]
    for number, name in enumerate(names):
        turn = kinds[(first := (number + len(form.action)) % len(kinds)) :] + kinds[:first]
        for kind, value in turn[:: len(turn) // _KINDS] if few is None else turn[:1]:
            pairs = [(each, value if each == name else was) for each, was in whole]
            yield f"{name}: {kind}", name, pairs, Body(FORM, urlencoded(pairs))
        without = [each for each in whole if each[0] != name]
        yield f"{name}: missing", name, without, Body(FORM, urlencoded(without))
        yield f"{name}: twice", None, None, Body(FORM, urlencoded([*whole, (name, "x"), (name, "y")]))
    for kind, body in bodies(whole).items():
        yield kind, None, None, body


def sent(browser, form, body):
    """The answer; a fault of the server is one."""
    headers = {"Content-Type": body.kind} if body.kind else {}
    try:
        return browser.post(form.action, content=body.content, headers=headers, follow_redirects=False)
    except Exception as fault:  # what a server would answer with 500
        return fault


def wrong_with(answer, form, name, pairs, else_good):
    """What is wrong with an answer to nonsense, in words; nothing where it is as it should be."""
    if isinstance(answer, Exception):
        return [f"fault: {type(answer).__name__}: {str(answer)[:200]}"]
    status = answer.status_code
    if status >= 500 or status == 429 or (not answer.content and status != 303):
        return [f"answered {status}, {len(answer.content)} bytes"]
    if status < 400:
        return []
    if not answer.headers["content-type"].startswith("text/html"):
        return [f"{status} is no page"]
    page = read_page(answer.text)
    if 'class="message"' not in answer.text and "That did not work" not in answer.text:
        return [f"{status} without a message"]
    if pairs is None or status in _UNREADABLE or (status == 404 and not is_seen(form, name)):
        return []
    said = page.message_of(name) or page.message_of(BESIDE.get(name))
    unsaid = else_good and is_seen(form, name) and not said
    return [*lost(page, form, pairs), *([f"{name} has no message beside it"] if unsaid else [])]


def lost(page, form, pairs):
    """Fields whose words are gone from the page."""
    there = {each.name: each.seen for of in page.forms for each in of.fields if each.is_typed}
    mine = {each.name for each in form.fields if each.is_typed and each.name not in _SECRET}
    return [
        f"{name} was typed and is gone: {there.get(name, 'no field')[:40]!r}"
        for name, value in pairs
        if name in mine and "\udcff" not in value and shown(value) and shown(there.get(name, "")) != shown(value)
    ]


def shown(text):
    """A text as a field can show it: one line, and what is sent back with it."""
    return " ".join(text.replace("\x00", "\ufffd").split())


def is_seen(form, name):
    """Whether somebody sees the field, and can write something else."""
    return any(each.name == name and each.type != "hidden" for each in form.fields)


def tried(worlds, row, few):
    """Everything that was wrong with the answers of a row, and with what the store holds after them."""
    world, login, forms = forms_for(worlds, row)
    browser, found = world.browsers[login], []
    own = list(browser.cookies.jar)
    if row.path == "/private/lock":
        browser.cookies.set("space", "private")
    cookies = list(browser.cookies.jar)
    for form in forms:
        good = {**GOOD, **GOOD_HERE.get(row.path.removeprefix(OF_ANOTHER), {})}
        else_good = could_be_kept(world, browser, form, good)
        as_before(browser, cookies)
        for kind, name, pairs, body in cases(form, few, good):
            before = state(world.store)
            answer = sent(browser, form, body)
            wrong = wrong_with(answer, form, name, pairs, else_good)
            after = state(world.store)
            if before != after:
                wrong += kept_wrongly(world, browser, form, answer)
                put_back(world)
            as_before(browser, cookies)
            found += [f"{form.action} [{kind}] {each}" for each in wrong]
    as_before(browser, own)
    return found


def could_be_kept(world, browser, form, good):
    """Whether the form is taken where nothing in it is nonsense; the store is as it was afterwards."""
    answer = sent(browser, form, Body(FORM, urlencoded(form.pairs(next(iter(form.buttons), None), good))))
    put_back(world)
    return not isinstance(answer, Exception) and answer.status_code < 400


def as_before(browser, cookies):
    """With the cookies that it had."""
    browser.cookies.clear()
    for each in cookies:
        browser.cookies.jar.set_cookie(each)


def put_back(world):
    """Everything as it was."""
    world.before.again()
    locks = world.app.state.house.spaces.locks
    locks._known = locks._read()


def kept_wrongly(world, browser, form, answer):
    """What is wrong with what was kept."""
    if isinstance(answer, Exception) or answer.status_code >= 400:
        return ["refused, and something was kept"]
    for person in world.store.people():
        world.store.story(person)  # each event is whole and may follow the one before
    if form.where:
        page = browser.get(form.where, follow_redirects=False)
        if page.status_code >= 500:
            return [f"after it {form.where} answers {page.status_code}"]
    return []


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(each, marks=[] if each.path in AT_LEAST else pytest.mark.long if n % 3 else pytest.mark.slow)
        for n, each in enumerate(ROWS)
        if each.path not in NOBODYS
    ],
    ids=lambda row: row.path,
)
def test_nonsense_in_a_form_is_answered_beside_its_field_as_it_was_typed_and_keeps_nothing_by_half(worlds, row):
    # what others see of a person is answered by the same handlers
    assert tried(worlds, row, 0 if row.path.startswith(OF_ANOTHER) else _FEW) == []


@pytest.mark.long
@pytest.mark.parametrize("row", [each for each in ROWS if each.path not in NOBODYS], ids=lambda row: row.path)
def test_all_nonsense_in_a_form_is_answered_beside_its_field_as_it_was_typed_and_keeps_nothing_by_half(worlds, row):
    assert tried(worlds, row, None) == []
