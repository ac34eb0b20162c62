"""The passphrase of an encrypted store: from a file or from whoever sits there, never from the command line itself.

What stands on a command line is seen by everybody on the machine, and kept in the shell's history.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cleardays.cli.options import Parser
from cleardays.problems import BadInput, Problem

if TYPE_CHECKING:
    from cleardays.store.cipher import Key

VARIABLE = "CLEARDAYS_PASSPHRASE_FILE"
_LARGEST = 4096


OPTION = "--passphrase-file"


def add_passphrase(parser: Parser, option: str = OPTION, of: str = "of an encrypted store") -> None:
    """Where the passphrase is."""
    default = f"${VARIABLE}, else it is asked for" if option == OPTION else "it is asked for"
    parser.add_argument(option, metavar="FILE", help=f"its first line is the passphrase {of} (default: {default})")


def key_for(where: str | Path | None, args: argparse.Namespace) -> Key | None:
    """The key of the store at a place, None where it is not encrypted.

    Raises:
        BadInput: the passphrase does not fit, nobody can be asked for it, the key file is missing or damaged, or a
            passphrase was named for a store that is not encrypted.
    """
    from cleardays.store.encrypting import is_encrypted, key_of

    if not is_encrypted(where):
        if args.passphrase_file:  # whoever names one believes that what they tell is locked away
            how = "Encrypt it first with cleardays store encrypt, or leave the option out."
            raise BadInput(Problem(OPTION, "the store is not encrypted, or not there yet; a passphrase opens nothing.", how))
        return None
    return key_of(where, passphrase(args.passphrase_file or os.environ.get(VARIABLE), "Passphrase: "))


def key_of_backup(backup: Path, args: argparse.Namespace) -> Key | None:
    """The key of a backup, None where it is not encrypted; a store that it makes is encrypted with the same passphrase.

    Raises:
        BadInput: the backup is encrypted and the store that is there is not; or as `key_for`.
    """
    from cleardays.store.encrypting import is_encrypted, keep_encrypted, key_of

    if not is_encrypted(backup):
        return None
    words = passphrase(args.passphrase_file or os.environ.get(VARIABLE), "Passphrase of the backup: ")
    key = key_of(backup, words)
    keep_encrypted(backup, args.store)
    return key


def passphrase(file: str | None, question: str, option: str = OPTION, *, twice: bool = False) -> str:
    """A passphrase from the first line of a file, else from whoever sits at the terminal; unseen.

    Args:
        file: its path; None asks.
        question: what is asked.
        option: which option would have named a file.
        twice: ask for it again, since nobody sees what they type.

    Raises:
        BadInput: the file cannot be read, there is nobody to ask, or the two are not the same.
    """
    if file is not None:
        return _first_line(Path(file), option)
    if not sys.stdin.isatty():
        how = f"Name a file whose first line it is: {option} FILE."
        raise BadInput(Problem("passphrase", "it is needed, and there is nobody to ask.", how))
    from getpass import getpass

    try:
        said = getpass(question)
        again = getpass("Once more: ") if twice else said
    except EOFError:
        raise BadInput(Problem("passphrase", "nobody typed it. Nothing was changed.", "Try again.")) from None
    if again != said:
        raise BadInput(Problem("passphrase", "the two are not the same. Nothing was changed.", "Try again."))
    return said


def _first_line(file: Path, option: str) -> str:
    try:
        with file.open("rb") as stream:
            line = stream.read(_LARGEST).decode("utf-8-sig").splitlines()[:1]
    except OSError as error:
        why = error.strerror or str(error)
        raise BadInput(Problem(option, f"{file} cannot be read: {why}.", "Check the path and its rights.")) from None
    except UnicodeDecodeError:
        raise BadInput(Problem(option, f"{file} is no text.", "Write the passphrase on its first line, in UTF-8.")) from None
    if not line or not line[0]:
        raise BadInput(Problem(option, f"the first line of {file} is empty.", "Write the passphrase on it."))
    return line[0]
