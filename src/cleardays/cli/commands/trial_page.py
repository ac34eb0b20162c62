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
from cleardays.problems import BadInput, Problem
from cleardays.report.sheet import PAPERS
from cleardays.trial.account.account import Account
from cleardays.trial.account.of_story import account_of

if TYPE_CHECKING:
    from cleardays.trial.story.events import Event
    from cleardays.trial.story.story import Story

_ENDINGS = (".pdf", ".html", ".txt", ".json")
Writers = dict[str, Callable[[], bytes]]
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
    parser.add_argument("--page", default="clinician", choices=tuple(_PAGES), help="for whom (default clinician)")
    add_said(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="a .pdf, .html, .txt or .json file")
    parser.add_argument("--paper", default="a4", choices=tuple(PAPERS), help="paper of the PDF (default a4)")
    add_day(parser)
    args = parser.parse_args(arguments)
    writer_for(args.out, dict.fromkeys(_ENDINGS, bytes))  # before the work, not after
    if (args.payer or args.said) and args.page != "payer":
        raise BadInput(Problem("--payer", "it goes with --page payer only.", "Leave it out, or ask for that page."))
    on = day_of(args)
    with opened(args) as store:
        person = known(store, read_name(args.person, "--person"))
        told: Told = list(store.events(person))
        story, head = store.story(person), store.head(person)
    account = account_of(story, args.trial, on, digest=head.digest)
    content = writer_for(args.out, _PAGES[args.page](args, account, story, told))()
    save_bytes(content, args.out)
    if args.json:
        print_json({"out": args.out, "page": args.page, "paper": args.paper, "seq": head.seq, "digest": head.digest})
    else:
        print(f"Written to {Path(args.out)} ({len(content):,} bytes).")
    return 0


def _clinician(args: argparse.Namespace, account: Account, story: Story, told: Told) -> Writers:  # noqa: ARG001  # as the others
    from cleardays.cli.visits import visit_writers
    from cleardays.report.visit import compose_visit
    from cleardays.report.visit_pdf import WITH

    return visit_writers(compose_visit(account), paper=args.paper, annex=WITH)


def _person(args: argparse.Namespace, account: Account, story: Story, told: Told) -> Writers:  # noqa: ARG001  # as the others
    from cleardays.report.person_goals import goals_said
    from cleardays.report.person_page import compose_person
    from cleardays.report.person_render import person_writers
    from cleardays.trial.goals_now import goals_now

    goals = goals_said(goals_now(story, args.trial, account.as_of))
    return person_writers(compose_person(account, goals), paper=args.paper)


def _payer(args: argparse.Namespace, account: Account, story: Story, told: Told) -> Writers:
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
    return payer_writers(page, paper=args.paper)


_PAGES: dict[str, Callable[..., Writers]] = {
    "clinician": _clinician,
    "person": _person,
    "payer": _payer,
}
