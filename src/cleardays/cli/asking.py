"""What `response` and `report` share: the options of a review, and the review itself."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cleardays.cli.files import STDIN, json_text, load_diary
from cleardays.cli.options import Parser, read_day, read_name, read_seed, read_share, require_day
from cleardays.diary.outcomes import OUTCOMES
from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.also import Also
from cleardays.trial.review import Review, review

if TYPE_CHECKING:
    from cleardays.plan.journal import PlanFile
    from cleardays.plan.session_record import SessionRecord


def add_review_options(parser: Parser) -> None:
    """The diary, the treatment, and how to ask."""
    parser.add_argument("diary", metavar="DIARY", help="days.csv, a diary zip, or - for days.csv on standard input")
    parser.add_argument("--treatment", required=True, metavar="NAME", help="what was started; any text")
    parser.add_argument("--start", required=True, metavar="DATE", help="first day of treatment, year-month-day")
    parser.add_argument(
        "--outcome", metavar="ID", help=f"one of {', '.join(OUTCOMES)} (default: the plan's, else headache_day)"
    )
    parser.add_argument("--plan", metavar="FILE", help="the plan it was taken by, as plan draft --json writes it")
    parser.add_argument("--as-of", metavar="DATE", help="answer as of this day: read nothing later")
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="NAME=START[..STOP]",
        help="another treatment, its first day and its last one (left out: it goes on); repeat it for more",
    )
    parser.add_argument(
        "--session",
        action="append",
        default=[],
        metavar="FILE",
        help="the record of a supervised session, as plan session --record takes it; repeat it for more",
    )
    parser.add_argument("--weekday", action="store_true", help="tell Saturdays and Sundays apart from the other days")
    parser.add_argument(
        "--threshold",
        metavar="SHARE",
        help="reduction that counts as a response (default: the plan's, else 0.5; 0.3 from 15 headache days on)",
    )
    parser.add_argument("--no-evidence", action="store_true", help="start from the reference priors")
    parser.add_argument(
        "--refit", action="store_true", help="work out when it will be known with full fits: slower, a little more exact"
    )
    parser.add_argument("--seed", default="1", metavar="N", help="fixes the draws (default 1)")


class Asked(NamedTuple):
    """What was asked of a diary; `review` judges by an outcome, None is the one that was asked for, else the first one."""

    diary: Diary
    treatment: str
    start: date
    as_of: date | None
    plan: PlanFile | None
    also: tuple[Also, ...]
    review: Callable[[str | None], Review]


def make_review(args: argparse.Namespace) -> Review:
    """Read the options and the diary, and review it."""
    return read_asked(args).review(None)


def read_asked(args: argparse.Namespace) -> Asked:
    """Read the options and the diary.

    Raises:
        BadInput: with what cannot be used.
    """
    treatment = read_name(args.treatment, "--treatment")
    start, as_of = require_day(args.start, "--start"), read_day(args.as_of, "--as-of")
    threshold, seed = read_share(args.threshold, "--threshold"), read_seed(args.seed)
    if [args.diary, args.plan, *args.session].count(STDIN) > 1:
        where = "--plan" if args.plan == STDIN else "--session"
        raise BadInput(Problem(where, "standard input can give only one of them.", "Write the others as files."))
    diary = load_diary(args.diary)
    plan = None if args.plan is None else _plan(args.plan)
    also, records = tuple(map(_also, args.also)), tuple(map(_record, args.session))

    def judged_by(outcome: str | None) -> Review:
        return review(
            diary,
            treatment,
            start,
            outcome=outcome or args.outcome,
            as_of=as_of,
            threshold=threshold,
            evidence=not args.no_evidence,
            seed=seed,
            refit=args.refit,
            plan=plan,
            also=also,
            weekday=args.weekday,
            records=records,
        )

    return Asked(diary, treatment, start, as_of, plan, also, judged_by)


def _also(text: str) -> Also:
    """Another treatment as it is written behind --also.

    >>> _also("biofeedback=2026-03-04..2026-04-30")
    Also(name='biofeedback', first=datetime.date(2026, 3, 4), last=datetime.date(2026, 4, 30))
    """
    name, equals, days = text.rpartition("=")
    if not equals:
        what = f"{shown(text)} has no day from which on it was there."
        raise BadInput(Problem("--also", what, 'Write "NAME=START" or "NAME=START..STOP", for example biofeedback=2026-03-04.'))
    begins, goes_on, ends = days.partition("..")
    first = require_day(begins.strip(), "--also")
    last = require_day(ends.strip(), "--also") if goes_on else None
    if last is not None and last < first:
        what = f"{shown(name)} stops on {last}, before it starts on {first}."
        raise BadInput(Problem("--also", what, "Write the first day before the two dots and the last day after them."))
    return Also(read_name(name, "--also"), first, last)


def _plan(path: str) -> PlanFile:
    from cleardays.plan.plan_reading import parse_plan  # most reviews have no plan

    return parse_plan(*json_text(path))


def _record(path: str) -> SessionRecord:
    from cleardays.plan.session_reading import read_session_record  # most reviews have none

    raw, name = json_text(path)
    try:
        return read_session_record(json.loads(raw))
    except (ValueError, RecursionError):
        raise BadInput(Problem(name, "it is no JSON.", "Give the record of one session.")) from None
