"""Command-line options: one way to read them, one way to say what is wrong."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import NoReturn

from cleardays.clock import parse_day, zone_named
from cleardays.problems import BadInput, Problem, shown
from cleardays.texts import clean

_LONGEST_NAME = 120


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are problems, and whose options are never abbreviated."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False)
        self.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing usage."""
        raise BadInput(Problem("command line", f"{message}.", f"See {self.prog} --help."))


def read_day(text: str | None, option: str) -> date | None:
    """An optional day given on the command line."""
    if text is None:
        return None
    day = parse_day(text)
    if day is None:
        raise BadInput(
            Problem(option, f"{shown(text)} is not a day we can read.", "Write it as year-month-day, for example 2026-03-04.")
        )
    return day


def require_day(text: str, option: str) -> date:
    """A day that has to be given."""
    day = read_day(text, option)
    assert day is not None  # only None in gives None out
    return day


def read_share(text: str | None, option: str) -> float | None:
    """An optional share strictly between 0 and 1."""
    if text is None:
        return None
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        raise BadInput(Problem(option, f"{shown(text)} is not a share between 0 and 1.", "Write 0.5 for one half."))
    return share


def read_seed(text: str) -> int:
    """A seed: a whole number that fits 32 bits."""
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII) or int(text) >= 2**32:
        raise BadInput(Problem("--seed", f"{shown(text)} is not a seed.", "Use a whole number from 0 to 4294967295."))
    return int(text)


def read_whole(text: str, option: str, most: int) -> int:
    """A whole number from 1 on."""
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not 1 <= int(text) <= most:
        raise BadInput(Problem(option, f"{shown(text)} is no number of them.", f"Use a whole number from 1 to {most}."))
    return int(text)


def read_name(text: str, option: str) -> str:
    """A short printable name."""
    name = clean(text, _LONGEST_NAME + 1)
    if not name or len(name) > _LONGEST_NAME:
        raise BadInput(Problem(option, f"{shown(text)} cannot be a name.", f"Use 1 to {_LONGEST_NAME} printable characters."))
    return name


def read_zone(text: str | None) -> str | None:
    """An optional IANA time zone name."""
    if text is None:
        return None
    if zone_named(text) is None:
        raise BadInput(Problem("--zone", f"{shown(text)} is no time zone that we know.", "Use a name like Europe/Berlin."))
    return text
