"""`cleardays store encrypt` and `cleardays store passphrase`: a store that only a passphrase opens."""

from __future__ import annotations

import argparse
import os

from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.cli.passphrases import VARIABLE, add_passphrase, passphrase
from cleardays.cli.trials import STORE, add_where

_WRITE_DOWN = "Write the passphrase down where you keep what you must not lose: without it nobody can open the store."
_REMAINS = (
    "What the plain file held may still be found on the disk, in snapshots of it and in earlier backups:"
    " only a disk that is encrypted as a whole, or a new one, is sure to hold nothing."
)


def run(arguments: list[str], *, prog: str) -> int:
    """Do what the last word says."""
    return (_encrypt if prog.endswith("encrypt") else _change)(arguments, prog)


def _encrypt(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Make an encrypted store of a plain one, in its place; the plain file is kept unless told otherwise.")
    parser.add_argument("--remove-plain", action="store_true", help="do not keep the plain file under another name")
    add_where(parser)
    add_passphrase(parser, of="to be set")
    args = parser.parse_args(arguments)
    from cleardays.store.cipher import require_secure
    from cleardays.store.encrypting import encrypt, require_plain

    require_secure()
    require_plain(_where(args))
    words = passphrase(args.passphrase_file or os.environ.get(VARIABLE), "New passphrase: ", twice=True)
    done = encrypt(_where(args), words, keep_plain=not args.remove_plain)
    kept = None if done.plain is None else str(done.plain)
    if args.json:
        counted = {"people": done.people, "events": done.events, "digest": done.digest}
        print_json({"store": str(done.file), **counted, "plain": kept})
        return 0
    print(f"{done.file}: encrypted; {done.people:,} in it, {done.events:,} events, each chain followed.\nDigest {done.digest}")
    print(f"Its key file, {done.file.name}.key, belongs to it: a backup takes it along; whoever copies the file copies both.")
    print(_WRITE_DOWN)
    if kept:
        print(f"The plain file is kept as {kept}. Delete it once the encrypted store has been opened.")
    print(_REMAINS)
    return 0


def _change(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Another passphrase for an encrypted store; the data are not written anew.")
    add_where(parser)
    add_passphrase(parser, of="that opens it now")
    add_passphrase(parser, "--new-passphrase-file", "to be set")
    args = parser.parse_args(arguments)
    from cleardays.store.encrypting import change, key_of

    old = passphrase(args.passphrase_file or os.environ.get(VARIABLE), "Passphrase: ")
    key_of(_where(args), old)  # a wrong one is told before somebody thinks of a new one
    new = passphrase(args.new_passphrase_file, "New passphrase: ", "--new-passphrase-file", twice=True)
    change(_where(args), old, new)
    from cleardays.store.engines import place_of

    where = place_of(_where(args)).words
    if args.json:
        print_json({"store": where, "changed": True})
        return 0
    print(f"{where}: the new passphrase opens it.\nBackups that were made before keep the old one. {_WRITE_DOWN}")
    return 0


def _where(args: argparse.Namespace) -> str | None:
    return args.store or os.environ.get(STORE) or None
