"""Plan files: read, and told or written whole or not at all."""

from __future__ import annotations

import argparse
import json

from cleardays.cli.commands.plan_words import lines
from cleardays.cli.files import json_text, save_bytes
from cleardays.cli.output import print_json
from cleardays.plan.journal import PlanFile
from cleardays.plan.plan_reading import parse_plan


def read_plan(path: str) -> PlanFile:
    """A plan file, or `-` for standard input.

    Raises:
        BadInput: it cannot be read, or is no plan.
    """
    return parse_plan(*json_text(path))


def tell(file: PlanFile, args: argparse.Namespace, done: str) -> None:
    """Write the plan where `--out` says, and print it as JSON or in words."""
    if args.out is not None:
        text = json.dumps(file.document(), indent=1, ensure_ascii=False)
        save_bytes(f"{text}\n".encode(), args.out)
    if args.json:
        print_json(file.document())
        return
    print(f"{done} Version {file.version}" + (f", written to {args.out}." if args.out else "."))
    if args.out is None:
        print("Nothing was written; add --out FILE to keep it.")
    said = file.confirmation
    _, *rest = lines(file.plan)
    about = f"{file.plan.treatment} for {file.plan.indication}, from {file.plan.start}"
    standing = f"CONFIRMED by {said.by}, {said.at:%Y-%m-%d %H:%M}." if said else "Not confirmed, not to be followed yet."
    print(f"{about}: {standing}")
    print("\n".join(rest))
