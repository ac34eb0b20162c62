"""Where somebody belongs: the first page of each role, and addresses that lead to no other site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleardays.problems import Problem
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import CLINICIAN, KEEPER, NOBODY, NURSE, RESEARCHER

if TYPE_CHECKING:
    from cleardays.web.asked import Asked

_FIRST = {CLINICIAN: "/clinic", NURSE: "/clinic", RESEARCHER: "/cohort", KEEPER: "/accounts", NOBODY: "/sign-in"}
_LONGEST = 500


def first_page(role: str) -> str:
    """The page on which a role begins."""
    return _FIRST.get(role, "/")


def own_address(text: str | None, otherwise: str) -> str:
    """An address of this server that somebody was on the way to; another one is left aside.

    >>> own_address("/plan", "/"), own_address("//elsewhere.example", "/"), own_address("https://elsewhere.example", "/")
    ('/plan', '/', '/')
    """
    bad = not text or len(text) > _LONGEST or not text.startswith("/") or text[1:2] in ("/", "\\")
    if bad or text is None or any(ord(letter) <= ord(" ") or letter == "\\" for letter in text):
        return otherwise
    return text


def need_clinic(asked: Asked) -> None:
    """Refuse what only a clinic has.

    Raises:
        Refused: one person uses their own machine, where nobody signs in.
    """
    if not asked.house.settings.clinic:
        raise Refused(404, Problem("address", "there are no accounts on this machine.", "Go back to today."))
