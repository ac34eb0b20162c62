"""Plan files: read, and told or written whole or not at all."""

from __future__ import annotations

import argparse
import json

from cleardays.cli.commands.plan_running import running_lines
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
    """Write the plan where `--out` says, and print it as JSON or in words.

    Raises:
        BadInput: it cannot be written, or could not be read again; then nothing was written.
    """
    text = json.dumps(file.document(), indent=1, ensure_ascii=False)
    parse_plan(text, "the plan as it would be written")
    if args.out is not None:
        save_bytes(f"{text}\n".encode(), args.out)
    if args.json:
        print_json(file.document())
        return
    print(f"{done} Version {file.version}" + (f", written to {args.out}." if args.out else "."))
    if args.out is None:
        print("Nothing was written; add --out FILE to keep it.")
    print("\n".join(running_lines(file)))
