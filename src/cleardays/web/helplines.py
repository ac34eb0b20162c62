"""Whom to call, by country: from dated data, and never made up where a country is not in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from babel.core import get_global

from cleardays.catalogue.screening_rules import general
from cleardays.packaged import read_toml
from cleardays.problems import BadInput, Problem

WHAT = ("emergency", "advice", "crisis")
_NUMBER = re.compile(r"[+(]{0,2}[0-9][0-9 ()/.\-]{1,24}")


class Line(NamedTuple):
    """One number, where it is from, and how sure that is: secondary, unconfirmed, or own for the person's."""

    number: str
    source: str
    confidence: str

    @property
    def dialled(self) -> str:
        """As a telephone takes it."""
        return "".join(each for each in self.number if each.isdigit() or each == "+")


class Signs(NamedTuple):
    """What to watch for, in the catalogue's words: call now, together call now, be seen today, call somebody to talk to."""

    now: tuple[str, ...]
    together: tuple[str, ...]
    today: tuple[str, ...]
    crisis: tuple[str, ...]


def countries() -> tuple[str, ...]:
    """Those whose numbers are known."""
    return tuple(sorted(_data()["country"]))


def checked() -> str:
    """The day of the numbers."""
    return str(_data()["checked"])


def lines_of(country: str | None, own: Mapping[str, str] | None = None) -> dict[str, Line]:
    """The numbers of a country, by `WHAT`; the person's own ones stand in their place. Unknown ones are not there.

    >>> lines_of("US")["crisis"].number, sorted(lines_of(None))
    ('988', [])
    """
    known = _data()["country"].get(country or "", {})
    sources = _data()["sources"]
    found = {what: Line(row["number"], sources[row["source"]], row["confidence"]) for what, row in known.items()}
    return found | {what: Line(number, "", "own") for what, number in (own or {}).items() if what in WHAT and number}


def everywhere() -> str:
    """The emergency number that mobile networks nearly everywhere understand."""
    return str(_data()["otherwise"]["emergency"])


def signs() -> Signs:
    """The general red flags of the catalogue, by what to do."""
    said, of = general()["red_flags"]["flags"], _data()["signs"]
    return Signs(*(tuple(said[flag]["says"] for flag in of[key]) for key in ("now", "now_together", "today", "crisis")))


def country_of_zone(zone: str) -> str | None:
    """The country of a time zone, where it lies in one: a guess, to be shown as one.

    >>> country_of_zone("Europe/Berlin"), country_of_zone("UTC")
    ('DE', None)
    """
    found = get_global("zone_territories").get(zone)
    return found if isinstance(found, str) and len(found) == 2 and found.isalpha() else None


def read_number(text: str, where: str) -> str:
    """A telephone number as somebody writes it.

    Raises:
        BadInput: it is none.
    """
    if text and not _NUMBER.fullmatch(text):
        raise BadInput(Problem(where, "that is no telephone number.", "Write figures, such as +49 30 123456."))
    return text


@cache
def _data() -> Mapping[str, Any]:
    return read_toml(Path(str(resources.files("cleardays.web").joinpath("data/helplines.toml"))))
