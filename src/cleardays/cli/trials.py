"""What the commands of a trial share: the store, the person, who tells it, and when."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from cleardays.cli.options import Parser, read_day, read_name
from cleardays.cli.output import print_json
from cleardays.cli.passphrases import add_passphrase, key_for
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story.events import ROLES, Actor, Event

if TYPE_CHECKING:
    from cleardays.store import Store
    from cleardays.trial.story.story import Story
    from cleardays.trial.story.trial_record import Trial

STORE = "CLEARDAYS_STORE"


def add_store(parser: Parser) -> None:
    """Where the stories are kept, and what opens it where it is encrypted."""
    add_where(parser)
    add_passphrase(parser)


def add_where(parser: Parser) -> None:
    """Where the stories are kept."""
    parser.add_argument(
        "--store",
        metavar="WHERE",
        help="a file or an address of a PostgreSQL (default: $CLEARDAYS_STORE, else your data folder)",
    )


def add_person(parser: Parser) -> None:
    """The store, and whose story."""
    add_store(parser)
    parser.add_argument("--person", required=True, metavar="NAME", help="whose story")


def add_teller(parser: Parser, role: str = "person") -> None:
    """Who tells it, and as what."""
    parser.add_argument("--by", metavar="NAME", help="who tells it (default: the person)")
    parser.add_argument("--role", default=role, choices=ROLES, help=f"as what (default {role})")


def add_day(parser: Parser) -> None:
    """The day it was."""
    parser.add_argument("--on", metavar="DATE", help="the day it was (default: today)")


def opened(args: argparse.Namespace, *, create: bool = False) -> Store:
    """The store that the options or the environment name; made where `create` says so.

    Raises:
        BadInput: there is none, or it cannot be opened.
    """
    from cleardays.store import open_store  # with the database library, which few commands need

    where = args.store or os.environ.get(STORE) or None
    return open_store(where, create=create, key=key_for(where, args))


def teller(args: argparse.Namespace) -> Actor:
    """Who tells it."""
    if args.by is None and args.role != "person":
        raise BadInput(Problem("--by", f"it does not say which {args.role}.", 'Write the name: --by "Dr Ada Field".'))
    return Actor(read_name(args.by or args.person, "--by"), args.role)


def now() -> datetime:
    """This instant; below the command line nobody reads the clock."""
    return datetime.now(UTC)


def day_of(args: argparse.Namespace, *, ahead: bool = False) -> date:
    """The day that was named, or today where this command runs.

    Raises:
        BadInput: it is still to come, and not only asked about (`ahead`).
    """
    today = datetime.now().astimezone().date()
    day = read_day(args.on, "--on") or today
    if day > today and not ahead:
        what = f"{day} is still to come, and what was not done yet cannot be kept."
        raise BadInput(Problem("--on", what, f"Correct the year, or leave --on out for today, {today}."))
    return day


def known(store: Store, person: str) -> str:
    """The name of a person of the store.

    Raises:
        BadInput: nobody of this name; says who is there.
    """
    if person in store.people():
        return person
    how = "Open a trial for them with cleardays trial open, or bring in a diary with cleardays trial bring-in."
    raise BadInput(Problem("--person", f"there is no story of {shown(person)}.", how))


def introduce(store: Store, person: str, events: Sequence[Event]) -> None:
    """Add a person who is not there yet, where what is told of them first can be told.

    Raises:
        BadInput: an event that may not be told; nobody is added then.
    """
    from cleardays.store.written import write_event
    from cleardays.trial.story.story import fold, require

    if person in store.people():
        return
    story = fold(person, ())
    for place, event in enumerate(events, 1):
        where = "event" if len(events) == 1 else f"event {place} of {len(events)}"
        story = require(story, write_event(event, where)[0], where)
    store.add_person(person)


def tell(store: Store, person: str, events: Sequence[Event], args: argparse.Namespace, say: Callable[[Story], str]) -> int:
    """Keep events, and say what stands then."""
    head = store.append(person, events)
    if args.json:
        print_json({"person": person, "told": len(events), "seq": head.seq, "digest": head.digest})
    else:
        print(say(store.story(person)))
    return 0


def in_words(trial: Trial) -> str:
    """Where a trial is, in a line."""
    line = f"{trial.id}: {trial.treatment}, {trial.indication}; {trial.phase}"
    if trial.begun_on is not None:
        line += f", begun on {trial.begun_on}"
    if trial.review_on is not None:
        line += f", to be looked at on {trial.review_on}"
    return f"{line}, ended on {trial.ended_on}." if trial.ended_on is not None else f"{line}."
