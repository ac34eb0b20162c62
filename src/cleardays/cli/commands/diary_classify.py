"""`cleardays diary classify`: days, months, stop rules and questionnaires, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from cleardays.catalogue.names import find_medicine
from cleardays.cli.files import read_bytes
from cleardays.cli.options import Parser
from cleardays.diary.classify import classify_day, explain_day, spell_out, spell_reasons
from cleardays.diary.day_facts import read_facts
from cleardays.diary.episodes import classify_episodes
from cleardays.diary.fields import as_written
from cleardays.diary.measure import measure
from cleardays.diary.month_series import judge_series, read_series
from cleardays.diary.months import count_month, read_pattern
from cleardays.diary.stop_rules import judge_stop
from cleardays.problems import BadInput, Problem


class Level(NamedTuple):
    """How one line is classified, and how its numbers with decimals are read."""

    classify: Callable[[object, str], dict[str, object]]
    parse_float: Callable[[str], object] = float


def _day(document: object, where: str) -> dict[str, object]:
    facts = read_facts(document, where, find_medicine)
    return {**spell_out(classify_day(facts)), "reasons": spell_reasons(explain_day(facts))}


def _series(document: object, where: str) -> dict[str, object]:
    months = read_series(document, where)
    diagnosed = document.get("migraine_dx", True) if isinstance(document, dict) else True
    return judge_series(months, diagnosed=diagnosed)


LEVELS: dict[str, Level] = {
    "day": Level(_day),
    "episode": Level(lambda document, where: classify_episodes(document, where, find_medicine)),
    "window": Level(lambda document, where: count_month(read_pattern(document, where))),
    "series": Level(_series),
    "response": Level(judge_stop, as_written),
    "measure": Level(measure, as_written),
}


def run(arguments: list[str], *, prog: str) -> int:
    """Classify line by line; a bad line yields its problems in its place, and work goes on."""
    parser = Parser(prog, "Classify by the published standards: one JSON object a line in, one a line out.")
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="JSON Lines, or - for standard input (default)")
    parser.add_argument("--level", required=True, choices=tuple(LEVELS), help="what each line describes")
    args = parser.parse_args(arguments)
    raw, name = read_bytes(args.file)
    if not raw.strip():
        raise BadInput(Problem(name, "there is nothing to classify.", "Give one JSON object a line."))
    code = 0
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        answer, ok = _classify(line, f"{name}, line {number}", LEVELS[args.level])
        code = code if ok else 2
        print(json.dumps(answer, allow_nan=False))
    return code


def _classify(line: bytes, where: str, level: Level) -> tuple[dict[str, object], bool]:
    try:
        return level.classify(json.loads(line.decode("utf-8"), parse_float=level.parse_float), where), True
    except BadInput as bad:
        problems = bad.problems
    except (ValueError, RecursionError):
        problems = (Problem(where, "this is not JSON.", "Give one JSON object a line."),)
    return {"problems": [problem._asdict() for problem in problems]}, False
