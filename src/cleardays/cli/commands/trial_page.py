"""`cleardays trial page`: a page of a trial whose story is kept, for the clinician, the person or a payer."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cleardays.cli.files import save_bytes, writer_for
from cleardays.cli.options import Parser, read_name
from cleardays.cli.output import print_json
from cleardays.cli.payer_options import add_said, asks_for_list
from cleardays.cli.trials import add_day, add_person, day_of, known, opened
from cleardays.cli.visits import ENDINGS, add_visit_options, read_sentence, read_who, rendered
from cleardays.problems import BadInput, Problem
from cleardays.report.sheet import PAPERS
from cleardays.trial.account.account import Account
from cleardays.trial.account.of_story import account_of

if TYPE_CHECKING:
    from cleardays.trial.story.events import Event
    from cleardays.trial.story.story import Story

Writers = dict[str, Callable[[], bytes]]
Made = dict[str, bytes]
_OF_CLINICIAN, _OF_PAYER = "clinician", "payer"
Told = list[tuple[int, "Event"]]


def run(arguments: list[str], *, prog: str) -> int:
    """Read the story, render, save; nothing is told by it."""
    if asks_for_list(arguments):
        from cleardays.cli.payers import list_packs

        return list_packs(as_json="--json" in arguments)
    parser = Parser(
        prog, "Write a page of a trial whose story is kept. The ending of --out decides: .pdf, .html, .txt or .json."
    )
    add_person(parser)
    parser.add_argument("--trial", required=True, metavar="ID", help="which trial")
    parser.add_argument("--page", default=_OF_CLINICIAN, choices=tuple(_PAGES), help="for whom (default clinician)")
    add_said(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="a .pdf, .html, .txt or .json file")
    parser.add_argument("--paper", default="a4", choices=tuple(PAPERS), help="paper of the PDF (default a4)")
    add_visit_options(parser)
    add_day(parser)
    args = parser.parse_args(arguments)
    for path in filter(None, (args.out, args.annex)):
        writer_for(path, dict.fromkeys(ENDINGS, bytes))  # before the work, not after
    _require_page(args)
    on, sentence = day_of(args), read_sentence(args)
    with opened(args) as store:
        person = known(store, read_name(args.person, "--person"))
        told: Told = list(store.events(person)) if args.page == _OF_PAYER else []
        story, head = store.story(person), store.head(person)
    who = read_who(args, on, person)
    account = account_of(story, args.trial, on, who=who, sentence=sentence, digest=head.digest)
    made = _PAGES[args.page](args, account, story, told)
    for path, content in made.items():
        save_bytes(content, path)
    if args.json:
        head_said = {"seq": head.seq, "digest": head.digest}
        print_json({"out": args.out, "annex": args.annex, "page": args.page, "paper": args.paper, **head_said})
    else:
        for path, content in made.items():
            print(f"Written to {Path(path)} ({len(content):,} bytes).")
    return 0


def _require_page(args: argparse.Namespace) -> None:
    """Refuse an option that the page would leave aside."""
    for option, page in (("payer", _OF_PAYER), ("said", _OF_PAYER), ("annex", _OF_CLINICIAN)):
        if getattr(args, option) and args.page != page:
            what = f"it goes with --page {page} only."
            raise BadInput(Problem(f"--{option}", what, "Leave it out, or ask for that page."))


def _clinician(args: argparse.Namespace, account: Account, story: Story, told: Told) -> Made:  # noqa: ARG001  # as the others
    from cleardays.report.visit import compose_visit

    return rendered(compose_visit(account), args)


def _person(args: argparse.Namespace, account: Account, story: Story, told: Told) -> Made:  # noqa: ARG001  # as the others
    from cleardays.report.person_goals import goals_said
    from cleardays.report.person_page import compose_person
    from cleardays.report.person_render import person_writers
    from cleardays.trial.goals_now import goals_now

    goals = goals_said(goals_now(story, args.trial, account.as_of))
    return _one(args, person_writers(compose_person(account, goals), paper=args.paper))


def _payer(args: argparse.Namespace, account: Account, story: Story, told: Told) -> Made:
    from cleardays.cli.payers import read_said, required_pack
    from cleardays.report.payer_page import compose_payer
    from cleardays.report.payer_render import payer_writers
    from cleardays.report.simulated import is_simulated
    from cleardays.trial.payers.evaluate import evaluate
    from cleardays.trial.payers.facts import edits_of, facts_of_story

    pack, said = required_pack(args.payer), read_said(args.said)
    facts = facts_of_story(story, args.trial, account.as_of, said=said, edits=edits_of(told))
    found, simulated = evaluate(pack, facts), is_simulated(account.about)
    page = compose_payer(found, facts, who=account.who, review=account.review, simulated=simulated)
    return _one(args, payer_writers(page, paper=args.paper))


def _one(args: argparse.Namespace, writers: Writers) -> Made:
    return {args.out: writer_for(args.out, writers)()}


_PAGES: dict[str, Callable[..., Made]] = {
    _OF_CLINICIAN: _clinician,
    "person": _person,
    _OF_PAYER: _payer,
}
