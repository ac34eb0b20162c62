"""The payer's page on the command line: which packs there are, what is told beside the diary, and the page."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from cleardays.cli.asking import read_asked
from cleardays.cli.files import json_text
from cleardays.cli.output import print_json
from cleardays.cli.visits import account_asked
from cleardays.problems import BadInput, Problem, shown
from cleardays.report.payer_page import PayerPage, compose_payer
from cleardays.trial.account.ledger import told_beside
from cleardays.trial.ledger.tried import Tried
from cleardays.trial.payers.evaluate import evaluate
from cleardays.trial.payers.facts import facts_of
from cleardays.trial.payers.packs import Pack, find_pack, packs
from cleardays.trial.review import Review
from cleardays.trial.story.events import PERSON, Actor, Event
from cleardays.trial.story.kinds import TRIED
from cleardays.trial.story.tried_told import hear_tried
from cleardays.trial.story.versions import Versions, standing

_ANSWERS = {"yes": True, "no": False}


def list_packs(*, as_json: bool) -> int:
    """Print which packs there are, for which treatment, from when, and how sure."""
    if as_json:
        print_json({"packs": [pack.document() for pack in packs().values()]})
        return 0
    for pack in packs().values():
        mark = f" ({pack.mark})" if pack.mark else ""
        print(f"{pack.id}: {pack.name}{mark}")
        print(f"  {pack.about}. {pack.kind}, {pack.jurisdiction}, {pack.edition}, read {pack.checked}.")
    return 0


def read_said(told: list[str]) -> dict[str, bool]:
    """The answers as they are written behind --said.

    >>> read_said(["overuse=yes", "diagnosis=no"])
    {'overuse': True, 'diagnosis': False}
    """
    found = {}
    for text in told:
        rule, _, answer = text.partition("=")
        if answer.casefold() not in _ANSWERS:
            raise BadInput(
                Problem("--said", f"{shown(text)} is no answer.", "Write the rule and yes or no: --said overuse=yes.")
            )
        found[rule] = _ANSWERS[answer.casefold()]
    return found


def required_pack(name: str | None) -> Pack:
    """The pack that an option names.

    Raises:
        BadInput: none is named, or there is none of this name.
    """
    if name is None:
        raise BadInput(Problem("--payer", "it does not say whose rules.", f"Use one of {', '.join(packs())}."))
    return find_pack(name)


def payer_page(args: argparse.Namespace) -> tuple[Review | None, PayerPage]:
    """The page of one pack for one diary, and the answer whose probabilities stand on it.

    Raises:
        BadInput: no such pack, an answer to a question it does not ask, a list of preventives that cannot be read.
    """
    pack, said = required_pack(args.payer), read_said(args.said)
    tried = () if args.tried is None else read_tried_file(args.tried)
    asked = read_asked(args)
    told = account_asked(args, asked)
    beside = told_beside(asked.diary, asked.treatment, asked.start, told.as_of, asked.plan, told.course, asked.also)
    facts = facts_of(asked.diary, asked.treatment, asked.start, told.as_of, ledger=(*tried, *beside), said=said)
    simulated = asked.diary.about.get("kind") == "simulated"
    page = compose_payer(evaluate(pack, facts), facts, who=told.who, review=told.review, simulated=simulated)
    return told.review, page


def read_tried_file(path: str) -> tuple[Tried, ...]:
    """Preventives that were tried before, from a file: a list of objects as they are told in a story.

    Raises:
        BadInput: with everything that cannot be read.
    """
    raw, name = json_text(path)
    try:
        rows = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadInput(Problem(name, "it is no JSON.", "Give a list of preventives.")) from None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BadInput(Problem(name, "it is no list of objects.", 'Write [{"treatment": "propranolol", ...}].'))
    known: Versions[Tried] = {}
    problems: list[Problem] = []
    for place, row in enumerate(rows, 1):
        event = Event(TRIED, datetime.now(UTC), Actor(name, PERSON), {"entry": str(place), **row}, None)
        try:
            known = hear_tried(known, event, f"{name}, {place}")
        except BadInput as bad:
            problems.extend(bad.problems)
    if problems:
        raise BadInput(problems)
    return tuple(standing(known).values())
