"""`cleardays store ...`: keep the stories safe: back up, restore, hold against the chain, derive anew, write out."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cleardays.cli.erasing import erase
from cleardays.cli.files import STDIN
from cleardays.cli.options import Parser, read_name
from cleardays.cli.output import print_json
from cleardays.cli.passphrases import key_of_backup
from cleardays.cli.trials import add_store, known, opened
from cleardays.problems import BadInput, Problem, shown

if TYPE_CHECKING:
    from cleardays.store import Head, Store

_HELD = re.compile(r"(\d{1,10}):([0-9a-f]{64})", re.ASCII)


def run(arguments: list[str], *, prog: str) -> int:
    """Do what the last word says."""
    what = {
        "backup": _backup,
        "restore": _restore,
        "verify": _verify,
        "rebuild": _rebuild,
        "export": _export,
        "erase": erase,
    }
    return what[prog.rpartition(" ")[2]](arguments, prog)


def _backup(arguments: list[str], prog: str) -> int:
    parser = Parser(
        prog, "A backup while the store is in use: a copy of a file, lines of JSON of a PostgreSQL. Nothing is overwritten."
    )
    parser.add_argument("target", metavar="TARGET", help="a new file, or a folder, in which it is named by the time")
    add_store(parser)
    args = parser.parse_args(arguments)
    from cleardays.store.backups import read_through
    from cleardays.store.copying import copy_file
    from cleardays.store.exporting import export

    with opened(args) as store:
        is_file = store.database.place.file is not None
        target = _named(Path(args.target), "sqlite3" if is_file else "jsonl")
        if is_file:
            copy_file(store.database, target)
        else:
            export(store.database, target)
        try:
            found = read_through(target, key=store.database.key)
        except BadInput as error:
            how = "The file was kept as it is. Run cleardays doctor, and compare with the backup before."
            problems = [Problem(f"{target}, {each.where}", each.what, how) for each in error.problems]
            raise BadInput(problems) from None
    told = {"backup": str(target), "bytes": target.stat().st_size, **found._asdict()}
    words = f"{target}: {_count(found.people, found.events)}, each chain followed.\nDigest {found.digest}"
    return _say(args, told, words)


def _restore(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Take a backup into a store, of either engine; all of it, or nothing where it is not whole.")
    parser.add_argument("backup", metavar="BACKUP", help="what cleardays store backup or export wrote")
    parser.add_argument("--replace", action="store_true", help="replace what is there; a copy of it is kept")
    add_store(parser)
    args = parser.parse_args(arguments)
    from cleardays.store.restoring import restore

    own = key_of_backup(Path(args.backup), args)
    with opened(args, create=True) as store:
        done = restore(store.database, Path(args.backup), replace=args.replace, key=own)
        where = store.database.words
    before = None if done.kept_before is None else str(done.kept_before)
    words = f"{where}: {_count(done.found.people, done.found.events)}.\nDigest {done.found.digest}"
    words += f"\nWhat was there before is kept in {before}." if before else ""
    return _say(args, {"store": where, **done.found._asdict(), "kept_before": before}, words)


def _verify(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Follow the chain of every person, or of one; the digest is to be written down elsewhere.")
    parser.add_argument("--person", metavar="NAME", help="of this person alone")
    parser.add_argument("--held", metavar="SEQ:DIGEST", help="that person's chain went through this head, written down earlier")
    add_store(parser)
    args = parser.parse_args(arguments)
    was = _held(args)
    from cleardays.store.verifying import verify

    with opened(args) as store:
        if args.person is not None:
            return _verify_one(store, args, was)
        with store.database.reading() as connection:
            found = verify(connection)
    if found.problems:
        raise BadInput(found.problems)
    words = f"{_count(found.people, found.events)}: every chain holds.\nDigest {found.digest}"
    words += "".join(f"\nErased, so that nobody can read it any more: {each}" for each in found.erased)
    told = {"people": found.people, "events": found.events, "digest": found.digest, "erased": list(found.erased)}
    return _say(args, told, words)


def _verify_one(store: Store, args: argparse.Namespace, was: Head | None) -> int:
    from cleardays.store.verifying import require_held

    person = store.known(read_name(args.person, "--person")).called  # or the id of somebody who was erased
    if was is not None:
        require_held(store, person, was)
    else:
        for _ in store.links(person):
            pass
    head = store.head(person)
    words = f"{person}: {_count(None, head.seq)}, the chain holds{', and went through what was held' if was else ''}.\n"
    return _say(args, {"person": person, "seq": head.seq, "digest": head.digest}, f"{words}Head {head.seq}:{head.digest}")


def _rebuild(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Derive days and trials anew from the events; the events are not touched.")
    add_store(parser)
    args = parser.parse_args(arguments)
    from cleardays.store.rebuilding import rebuild
    from cleardays.store.verifying import verify

    with opened(args) as store, store.database.writing() as connection:
        found = verify(connection)
        if found.problems:  # what rests on a broken chain would only look whole
            raise BadInput(found.problems)
        people = rebuild(connection)
    return _say(args, {"people": people, "events": found.events}, f"Derived anew of {_count(people, found.events)}.")


def _export(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Everything that was told as lines of JSON, to read elsewhere or to restore into either engine.")
    parser.add_argument(
        "target", metavar="OUT", nargs="?", default=STDIN, help="a new file, or - for standard output (default)"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--person", metavar="NAME", action="append", default=[], help="of this person alone; may be repeated")
    which.add_argument("--leave-out", metavar="NAME", action="append", default=[], help="of everybody else; may be repeated")
    parser.add_argument("--readable", action="store_true", help="beside each sealed text the event that it holds")
    add_store(parser)
    args = parser.parse_args(arguments)
    if args.target == STDIN and args.json:
        how = "Name a file, or leave --json out."
        raise BadInput(Problem("--json", "the lines themselves go to standard output.", how))
    from cleardays.store.exporting import documents, export, write_lines

    with opened(args) as store:
        only, without = ({known(store, name) for name in names} for names in (args.person, args.leave_out))

        def named(person: str) -> bool:
            return person not in without and (not only or person in only)

        whose = named if only or without else None
        if args.target == STDIN:
            with store.database.reading() as connection:
                write_lines(documents(connection, whose, readable=args.readable, accounts=whose is None), sys.stdout)
            return 0
        last = export(store.database, Path(args.target), whose, readable=args.readable)
    words = f"{args.target}: {_count(last['people'], last['events'])}.\nDigest {last['digest']}"
    return _say(args, {"export": args.target, **last}, words)


def _held(args: argparse.Namespace) -> Head | None:
    if args.held is None:
        return None
    if args.person is None:
        raise BadInput(Problem("--held", "it is the head of one person.", "Say whose: --person NAME."))
    found = _HELD.fullmatch(args.held)
    if found is None:
        how = "Write the line that cleardays store verify --person printed: a number, a colon, 64 figures."
        raise BadInput(Problem("--held", f"{shown(args.held)} is no head.", how))
    from cleardays.store import Head

    return Head(int(found[1]), found[2])


def _named(target: Path, ending: str) -> Path:
    if not target.is_dir():
        return target
    return target / f"cleardays-{datetime.now(UTC):%Y%m%dT%H%M%S}.{ending}"


def _count(people: int | None, events: int) -> str:
    told = f"{events:,} event{'' if events == 1 else 's'}"
    return told if people is None else f"{people:,} {'person' if people == 1 else 'people'}, {told}"


def _say(args: argparse.Namespace, document: dict[str, object], words: str) -> int:
    if args.json:
        print_json(document)
    else:
        print(words)
    return 0
