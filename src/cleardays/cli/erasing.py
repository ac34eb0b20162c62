"""`cleardays store erase`: everything that was told of a person, for good; asked twice."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from typing import TYPE_CHECKING

from cleardays.cli.options import Parser, read_name
from cleardays.cli.output import print_json
from cleardays.cli.trials import add_store, known, opened
from cleardays.problems import BadInput, Problem, shown

if TYPE_CHECKING:
    from cleardays.store import Store

_BACKUPS = "Backups and exports made before hold the key, and all of it, still: delete those too."


def erase(arguments: list[str], prog: str) -> int:
    """Erase a person, or sweep out what could not be swept out when it was done."""
    parser = Parser(
        prog,
        "Erase a person: the key that opens what was told of them is destroyed, with their name and all that was derived."
        f" Nobody can take it back. {_BACKUPS}",
    )
    parser.add_argument("--person", metavar="NAME", help="who")
    parser.add_argument("--yes-erase", action="store_true", help="say that it is meant")
    parser.add_argument("--confirm", metavar="NAME", help="the name once more, where nobody can be asked for it")
    parser.add_argument("--sweep", action="store_true", help="write the store's files anew, if that is due after an erasure")
    add_store(parser)
    args = parser.parse_args(arguments)
    if args.sweep == (args.person is not None):
        how = "Say who: --person NAME; or --sweep."
        raise BadInput(Problem("--person", "it has to be said what is to be erased.", how))
    with opened(args) as store:
        return _sweep(store, args) if args.sweep else _erase(store, args)


def _erase(store: Store, args: argparse.Namespace) -> int:
    person = known(store, read_name(args.person, "--person"))
    _require_meant(person, store.head(person).seq, args)
    done = store.erase(person)
    events = store.head(done.id).seq
    if args.json:
        print_json({"person": done.id, "events": events, "erased_at": done.erased_at, "swept": done.swept})
        return 0
    print(f"{person} is erased. {events:,} event{'' if events == 1 else 's'} of {done.id} are left, which nobody can read.")
    print(_BACKUPS)
    if not done.swept:
        print("The store was in use: end cleardays everywhere, and run cleardays store erase --sweep.")
    return 0


def _sweep(store: Store, args: argparse.Namespace) -> int:
    from cleardays.store.erasing import sweep

    if not sweep(store.database):
        raise BadInput(Problem("--sweep", "the store is in use.", "End cleardays everywhere, and try again."))
    if args.json:
        print_json({"store": store.database.words, "swept": True})
    else:
        print("Nothing of anybody who was erased lies in the store's files any more.")
    return 0


def _require_meant(person: str, events: int, args: argparse.Namespace) -> None:
    if not args.yes_erase:
        what = f"{events:,} events of {shown(person)} would be erased for good."
        how = "First give them their story: cleardays store export FILE --readable --person NAME. Then add --yes-erase."
        raise BadInput(Problem("--yes-erase", what, how))
    again = args.confirm
    if again is None:
        if not sys.stdin.isatty():
            raise BadInput(Problem("--confirm", "nobody can be asked here.", "Write the name once more: --confirm NAME."))
        print(f"{events:,} events of {person} will be erased for good. Write the name once more: ", end="", file=sys.stderr)
        sys.stderr.flush()
        again = sys.stdin.readline().strip()
    if unicodedata.normalize("NFC", again) != person:
        raise BadInput(
            Problem("--confirm", f"{shown(again)} is not {shown(person)}; nothing was erased.", "Write it as it is.")
        )
