"""`cleardays trial open|screen|plan|begin|decide|end`: the next step of a trial, kept in the store.

Each step is checked against the phase that the trial is in; one that cannot be taken changes nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from cleardays.catalogue.treatments import find_treatment
from cleardays.cli.commands.plan_files import read_plan
from cleardays.cli.files import json_text
from cleardays.cli.options import Parser, read_day, read_name
from cleardays.cli.trials import add_day, add_person, add_teller, day_of, in_words, introduce, known, now, opened, tell, teller
from cleardays.plan.screening import INDICATIONS
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story import phases, steps
from cleardays.trial.story.goals_told import ANSWERS, GoalAnswer
from cleardays.trial.story.story import fold
from cleardays.trial.story.trials import ENDED_AS

if TYPE_CHECKING:
    from cleardays.trial.story.events import Event
    from cleardays.trial.story.story import Story


class _Step(NamedTuple):
    """One word of the command: what it is for, its options, the event it makes, and as what it is told."""

    says: str
    options: Callable[[Parser], None]
    event: Callable[[argparse.Namespace, Story], Event]
    role: str = "person"


def run(arguments: list[str], *, prog: str) -> int:
    """Take the step that the last word of the command names."""
    word = prog.rpartition(" ")[2]
    step = _STEPS[word]
    parser = Parser(prog, step.says)
    add_person(parser)
    parser.add_argument("--trial", required=True, metavar="ID", help="small letters, figures and hyphens")
    step.options(parser)
    add_teller(parser, step.role)
    add_day(parser)
    args = parser.parse_args(arguments)
    person = read_name(args.person, "--person")
    with opened(args, create=word == "open") as store:
        if word == "open":
            event = step.event(args, fold(person, ()))  # it needs nothing of what was told before
            introduce(store, person, [event])
        else:
            event = step.event(args, store.story(known(store, person)))
        return tell(store, person, [event], args, lambda story: in_words(story.trials[args.trial]))


def _open_options(parser: Parser) -> None:
    parser.add_argument("treatment", metavar="TREATMENT", help="what is tried; any name of the catalogue")
    parser.add_argument("--indication", required=True, metavar="ID", help="for what, such as chronic-migraine")
    parser.add_argument("--why", required=True, metavar="WORDS", help="why this treatment, for this person, now")


def _open(args: argparse.Namespace, _: Story) -> Event:
    find_treatment(args.treatment)  # of what nothing is known there is no screen and no plan
    if args.indication not in INDICATIONS:
        how = f"Write one of {', '.join(INDICATIONS)}."
        raise BadInput(Problem("--indication", f"{shown(args.indication)} is not known.", how))
    told = (args.treatment, args.indication, args.why)
    return steps.opening(args.trial, *told, day_of(args), at=now(), by=teller(args))


def _screen_options(parser: Parser) -> None:
    parser.add_argument("screen", metavar="SCREEN.json", help="what cleardays screen --json said, or - for standard input")


def _screen(args: argparse.Namespace, story: Story) -> Event:
    import json

    raw, name = json_text(args.screen)
    try:
        document = json.loads(raw)
        treatment, of = document["treatment"], steps.trial_of(story, args.trial).treatment
        if treatment != of:
            what = f"it is the screening of {treatment}, and the trial is of {of}."
            raise BadInput(Problem(name, what, "Screen for the treatment of this trial."))
        return steps.screening(args.trial, document, day_of(args), at=now(), by=teller(args))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput(Problem(name, "it is no screening.", "Give what cleardays screen --json wrote.")) from None


def _plan_options(parser: Parser) -> None:
    parser.add_argument("plan", metavar="PLAN", help="a plan file: a draft, or one that was confirmed")


def _plan(args: argparse.Namespace, _: Story) -> Event:
    return steps.planning(args.trial, read_plan(args.plan), at=now(), by=teller(args))


def _no_options(_: Parser) -> None:
    """Nothing more to ask."""


def _begin(args: argparse.Namespace, story: Story) -> Event:
    return steps.beginning(story, args.trial, day_of(args), at=now(), by=teller(args))


def _decide_options(parser: Parser) -> None:
    parser.add_argument("decision", choices=phases.DECISIONS, help="what was decided")
    parser.add_argument("--why", required=True, action="append", metavar="WORDS", help="a reason; repeat it for more")
    parser.add_argument("--again", metavar="DATE", help="when it is looked at again; only a stop needs none")
    parser.add_argument("--goal", action="append", default=[], metavar="GOAL=ANSWER", help="what the person says of a goal")
    _outcome_option(parser)


def _outcome_option(parser: Parser) -> None:
    parser.add_argument("--outcome", choices=ENDED_AS, help="how the treatment turned out, for the ledger of preventives")


def _goal(text: str) -> GoalAnswer:
    """What a person says of a goal, as it is written behind --goal.

    >>> _goal("work=partly: two days a week")
    GoalAnswer(entry='work', answer='partly', words='two days a week', counted=None)
    """
    entry, equals, said = text.partition("=")
    answer, _, words = (part.strip() for part in said.partition(":"))
    if not equals or answer not in ANSWERS:
        how = f'Write GOAL=ANSWER or "GOAL=ANSWER: words", with one of {", ".join(ANSWERS)}.'
        raise BadInput(Problem("--goal", f"{shown(text)} is no answer.", how))
    return GoalAnswer(entry.strip(), answer, words or None)


def _decide(args: argparse.Namespace, _: Story) -> Event:
    again = read_day(args.again, "--again")
    more = {"goals": tuple(map(_goal, args.goal)), "outcome": args.outcome, "at": now(), "by": teller(args)}
    return steps.deciding(args.trial, args.decision, tuple(args.why), day_of(args), again=again, **more)


def _end_options(parser: Parser) -> None:
    parser.add_argument("--how", required=True, choices=phases.ENDINGS, help="how it ends")
    parser.add_argument("--why", required=True, metavar="WORDS", help="why")
    _outcome_option(parser)


def _end(args: argparse.Namespace, _: Story) -> Event:
    told = (args.trial, args.how, args.why, day_of(args))
    return steps.ending(*told, at=now(), by=teller(args), outcome=args.outcome)


_STEPS = {
    "open": _Step("Open a trial: of which treatment, for what, and why.", _open_options, _open),
    "screen": _Step("Keep a screening with the trial.", _screen_options, _screen),
    "plan": _Step("Keep a plan with the trial: a draft, or a version that a clinician confirmed.", _plan_options, _plan),
    "begin": _Step("The first dose was taken: the baseline before it is fixed.", _no_options, _begin),
    "decide": _Step("What a clinician decided after a review.", _decide_options, _decide, "clinician"),
    "end": _Step("End a trial.", _end_options, _end),
}
