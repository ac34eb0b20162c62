"""The pages to take along: which there are, what was asked for, and how each is made from a story. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cleardays.problems import BadInput, Problem, shown
from cleardays.report.dose_page import dose_html, dose_json, dose_pdf, dose_text
from cleardays.report.payer_page import compose_payer
from cleardays.report.payer_render import payer_writers
from cleardays.report.person_page import compose_person
from cleardays.report.person_render import person_writers
from cleardays.report.visit import compose_visit
from cleardays.report.visit_document import render_visit_json
from cleardays.report.visit_html import render_visit_html
from cleardays.report.visit_pdf import WITH, render_visit_pdf
from cleardays.report.visit_text import render_visit_text
from cleardays.report.whole_page import whole_html, whole_json, whole_pdf, whole_text
from cleardays.texts import clean
from cleardays.trial.account.who import Who
from cleardays.trial.dose_response import dose_response, is_simulated
from cleardays.trial.payers.evaluate import evaluate
from cleardays.trial.payers.facts import edits_of, facts_of
from cleardays.trial.payers.packs import find_pack, packs
from cleardays.trial.preventives import ledger_of
from cleardays.trial.sessions_of_story import diary_with_sessions
from cleardays.trial.whole import whole_plan

if TYPE_CHECKING:
    from cleardays.trial.account.account import Account
    from cleardays.trial.story.events import Event
    from cleardays.trial.story.story import Story

CLINICIAN, PERSON, PAYER, WHOLE, DOSES = "clinician", "person", "payer", "whole", "doses"
PAGES = (CLINICIAN, PERSON, PAYER, WHOLE, DOSES)
OF_A_PLAN = (WHOLE, DOSES)  # the others are of an answer
ENDINGS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
}
SAID = "said."  # before the rule that an answer is to
_ANSWERS = {"yes": True, "no": False}
_LONGEST_NAME = 120
Writers = Mapping[str, Callable[[], bytes]]


class Wanted(NamedTuple):
    """Which page, of which trial (none of the whole plan), as of which day, by whose rules, under which name."""

    page: str
    on: date
    trial: str = ""
    pack: str = ""
    name: str = ""
    said: Mapping[str, bool] = {}  # never changed

    def fields(self) -> dict[str, str]:
        """As the fields of a form, from which it is read again."""
        answers = {f"{SAID}{rule}": "yes" if said else "no" for rule, said in self.said.items()}
        own = {"page": self.page, "on": self.on.isoformat(), "trial": self.trial, "pack": self.pack, "name": self.name}
        return {key: value for key, value in (own | answers).items() if value}


class Source(NamedTuple):
    """What pages are made from: the story, an account of one of its trials on a day, and its events one by one."""

    story: Story
    account: Callable[[str, date], Account]
    events: Callable[[], Iterable[tuple[int, Event]]]


def read_wanted(fields: Mapping[str, str], trials: Iterable[str], today: date) -> Wanted:
    """What a form asks for.

    Args:
        fields: as they were sent; what is left out is the first of its kind, or today.
        trials: those that may be asked about.
        today: no page but the whole plan is of a later day.

    Raises:
        BadInput: with everything that cannot be used, each by the name of its field.
    """
    problems, known = list[Problem](), list(trials)
    page = fields.get("page") or CLINICIAN
    if page not in PAGES:
        problems.append(Problem("page", "there is no such page.", "Choose one of the list."))
    on = _day(fields.get("on", ""), today, problems, ahead=page == WHOLE)
    trial = fields.get("trial") or (known[0] if known and page != WHOLE else "")
    if page != WHOLE and trial not in known:
        what = "there is no such trial." if trial else "there is no trial yet."
        problems.append(Problem("trial", what, "Choose one of the list, or take the whole plan."))
    pack = fields.get("pack", "")
    if page == PAYER and pack not in packs():
        problems.append(Problem("pack", "it does not say by whose rules.", "Choose one of the list."))
    said = _said(fields, pack) if page == PAYER and pack in packs() else {}
    if problems:
        raise BadInput(problems)
    name = clean(fields.get("name", ""), _LONGEST_NAME)
    return Wanted(page, on, "" if page == WHOLE else trial, pack if page == PAYER else "", name, said)


def questions(pack: str) -> tuple[tuple[str, str], ...]:
    """The questions of a pack that no diary answers: the rule and its words."""
    found = packs().get(pack)
    return () if found is None else tuple((each.id, each.asks) for each in found.criteria if each.asks is not None)


def writers_of(wanted: Wanted, source: Source) -> Writers:
    """How the page is written, by ending; nothing is rendered until asked.

    Raises:
        BadInput: it cannot be made from this story.
    """
    return _MADE[wanted.page](wanted, source)


def _clinician(wanted: Wanted, source: Source) -> Writers:
    page = compose_visit(_account(wanted, source))
    return {
        "html": lambda: render_visit_html(page, annex=WITH).encode(),
        "pdf": lambda: render_visit_pdf(page, annex=WITH),
        "txt": lambda: render_visit_text(page, annex=WITH).encode(),
        "json": lambda: render_visit_json(page, annex=WITH).encode(),
    }


def _person(wanted: Wanted, source: Source) -> Writers:
    return _without_dots(person_writers(compose_person(_account(wanted, source))))


def _payer(wanted: Wanted, source: Source) -> Writers:
    story, account = source.story, _account(wanted, source)
    pack, of = find_pack(wanted.pack), story.trials[wanted.trial]
    facts = facts_of(
        diary_with_sessions(story, of),
        of.treatment,
        of.begun_on or (None if of.confirmed is None else of.confirmed.start),
        wanted.on,
        ledger=ledger_of(story, as_of=wanted.on),
        said=wanted.said,
        edits=edits_of(source.events()),
        baselines=story.baselines,
    )
    page = compose_payer(evaluate(pack, facts), facts, who=account.who, review=account.review, simulated=is_simulated(story))
    return _without_dots(payer_writers(page))


def _whole(wanted: Wanted, source: Source) -> Writers:
    found = whole_plan(source.story, wanted.on)
    return {
        "html": lambda: whole_html(found).encode(),
        "pdf": lambda: whole_pdf(found),
        "txt": lambda: whole_text(found).encode(),
        "json": lambda: whole_json(found).encode(),
    }


def _doses(wanted: Wanted, source: Source) -> Writers:
    found = dose_response(source.story, wanted.trial, wanted.on)
    return {
        "html": lambda: dose_html(found).encode(),
        "pdf": lambda: dose_pdf(found),
        "txt": lambda: dose_text(found).encode(),
        "json": lambda: dose_json(found).encode(),
    }


_MADE: Mapping[str, Callable[[Wanted, Source], Writers]] = {
    CLINICIAN: _clinician, PERSON: _person, PAYER: _payer, WHOLE: _whole, DOSES: _doses,
}  # fmt: skip


def _account(wanted: Wanted, source: Source) -> Account:
    account = source.account(wanted.trial, wanted.on)
    return replace(account, who=Who(wanted.name, None, account.who.code)) if wanted.name else account


def _without_dots(writers: Writers) -> Writers:
    return {ending.removeprefix("."): write for ending, write in writers.items()}


def _day(text: str, today: date, problems: list[Problem], *, ahead: bool) -> date:
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("on", f"{shown(text)} is no day.", "Write it like 2026-03-04."))
        return today
    if day > today and not ahead:
        problems.append(Problem("on", f"{day} is still to come.", f"Choose a day up to {today}."))
    return day


def _said(fields: Mapping[str, str], pack: str) -> dict[str, bool]:
    asked = [rule for rule, _ in questions(pack)]
    return {rule: _ANSWERS[said] for rule in asked if (said := fields.get(f"{SAID}{rule}", "")) in _ANSWERS}
