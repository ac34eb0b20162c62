"""`cleardays diary classify`: days and months by the published standards, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable

from cleardays.cli.files import read_bytes, text_lines
from cleardays.cli.options import Parser
from cleardays.diary.classify import classify_day, spell_out
from cleardays.diary.day_facts import read_facts
from cleardays.diary.month_series import judge_series, read_series
from cleardays.diary.months import count_month, read_pattern
from cleardays.problems import BadInput, Problem

LEVELS: dict[str, Callable[[object, str], dict[str, object]]] = {
    "day": lambda document, where: spell_out(classify_day(read_facts(document, where))),
    "window": lambda document, where: count_month(read_pattern(document, where)),
    "series": lambda document, where: judge_series(read_series(document, where)),
}


def run(arguments: list[str], *, prog: str) -> int:
    """Classify line by line; a bad line yields its problems in its place, and work goes on."""
    parser = Parser(prog, "Classify days or months by the published standards: one JSON object a line in, one a line out.")
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="JSON Lines, or - for standard input (default)")
    parser.add_argument("--level", required=True, choices=tuple(LEVELS), help="what each line describes")
    args = parser.parse_args(arguments)
    raw, name = read_bytes(args.file)
    code = 0
    for number, line in enumerate(text_lines(raw, name), start=1):
        if not line.strip():
            continue
        answer, ok = _classify(line, f"{name}, line {number}", LEVELS[args.level])
        code = code if ok else 2
        print(json.dumps(answer, allow_nan=False))
    return code


def _classify(line: str, where: str, classify: Callable[[object, str], dict[str, object]]) -> tuple[dict[str, object], bool]:
    try:
        return classify(json.loads(line), where), True
    except BadInput as bad:
        problems = bad.problems
    except (ValueError, RecursionError):
        problems = (Problem(where, "this is not JSON.", "Give one JSON object a line."),)
    return {"problems": [problem._asdict() for problem in problems]}, False
