"""What leaves the app: no request to anybody else, and no word of anybody's health in what the server prints."""

from __future__ import annotations

import json
import re
from importlib import resources
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from reference.browser import served, served_by
from reference.crowd import entry

# Names of formats, not addresses that anything is loaded from.
FORMATS = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/xlink")
SHOWN = ("templates", "static")
_ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[^\s\"'<>)]*", re.IGNORECASE)


def texts():
    """Every template, style and script of the app, with its name."""
    waiting = [(folder, resources.files("cleardays.web").joinpath(folder)) for folder in SHOWN]
    while waiting:
        name, each = waiting.pop()
        if each.is_dir():
            waiting += [(f"{name}/{inner.name}", inner) for inner in each.iterdir()]
        elif name.endswith((".html", ".css", ".js", ".svg", ".webmanifest", ".txt")):
            yield name, each.read_text(encoding="utf-8")


def test_no_template_style_or_script_names_the_address_of_anybody_else():
    found = {name: [at for at in _ADDRESS.findall(text) if not at.startswith(FORMATS)] for name, text in texts()}
    assert {name: addresses for name, addresses in found.items() if addresses} == {}


@pytest.mark.parametrize("planted", ['<img src="//elsewhere.example/a.png">', "url(https://elsewhere.example/a.css)"])
def test_an_address_of_somebody_else_would_be_found(planted):
    assert _ADDRESS.findall(planted)


def ask(address, method, path, body=None, kind="application/json"):
    """What the server answers, a refusal too."""
    sent = json.dumps(body).encode() if isinstance(body, dict) else body
    headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
    try:
        with urlopen(Request(address + path, sent, headers, method=method), timeout=60) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code


def test_nothing_that_a_server_prints_has_a_name_a_note_or_an_answer_of_a_person(tmp_path, capfd):
    with served(tmp_path) as address:
        form = b"person=Zebulon+Quist&zone=Europe%2FBerlin&condition=migraine"
        assert ask(address, "POST", "/first-run", form, "application/x-www-form-urlencoded") == 200
        for level in ("severe", "unheard of"):
            told = entry("one")
            told["body"]["cells"] |= {"note": "a hammer behind the eye", "headache": level}
            assert ask(address, "POST", "/api/v1/entries", {"entries": [told]}) == 200
        assert ask(address, "POST", "/api/v1/entries", b"{a hammer") == 400
        assert ask(address, "GET", "/people/Zebulon%20Quist/answer?name=Zebulon") in (200, 404)
    printed = "".join(capfd.readouterr())
    assert [
        word for word in ("Zebulon", "Quist", "hammer", "severe", "unheard", "/people", "/entries") if word in printed
    ] == []


# A server in which everything goes wrong that can, each with words of somebody in it.
BROKEN = """
import logging, sys, threading
from cleardays.cli.main import main
from cleardays.web.pages import goals

class Gone:
    def __init__(self, words):
        self.words = words
    def __del__(self):
        raise LookupError(self.words)

def told(asked):
    words = asked.field("words")
    logging.getLogger("some.library").warning("could not read %r", words)
    threading.Thread(target=lambda: int(words), name="some thread").start()
    Gone(words)
    try:
        raise KeyError(words)
    except KeyError as first:
        raise ValueError(f"{words} of {asked.person}") from first

goals._told = told
sys.exit(main(sys.argv[1:]))
"""


def test_what_goes_wrong_is_printed_with_its_kind_and_its_place_and_without_a_word_that_was_sent(tmp_path, capfd):
    with served_by(tmp_path, program=("-c", BROKEN)) as (address, _):
        form = b"what=keep&words=Zebulon+and+the+hammer"
        assert ask(address, "POST", "/goals?secret=token-of-a-link", form, "application/x-www-form-urlencoded") == 500
        assert ask(address, "GET", "/feed/token-of-a-link") == 404
        assert ask(address, "GET", "/confirm/token-of-a-link") == 404
    printed = capfd.readouterr().err
    assert [word for word in ("Zebulon", "hammer", "token-of-a-link", "/goals", "/feed", "/confirm") if word in printed] == []
    for kind in ("ValueError at ", "ValueError at threading.py", "LookupError at ", "WARNING of some.library at "):
        assert kind in printed, printed
