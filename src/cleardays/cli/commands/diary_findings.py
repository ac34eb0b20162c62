"""`cleardays diary findings`: what a diary shows that needs help, and what has lasted."""

from __future__ import annotations

from typing import Any

from cleardays.cli.files import load_diary
from cleardays.cli.options import Parser, read_day
from cleardays.cli.output import print_json
from cleardays.diary.before_after import before_after
from cleardays.diary.findings import findings

_TIERS = {"emergency": "NOW", "soon": "SOON", "advise": "Bring up"}


def run(arguments: list[str], *, prog: str) -> int:
    """Look and print."""
    parser = Parser(
        prog, "Findings in a diary that need help, lasting patterns, side effects, care and scores. It rules nothing out."
    )
    parser.add_argument("diary", metavar="DIARY", help="days.csv, a diary zip, or - for either on standard input")
    parser.add_argument("--start", metavar="DATE", help="first day of a treatment: windows after it against the 28 days before")
    args = parser.parse_args(arguments)
    start, diary = read_day(args.start, "--start"), load_diary(args.diary)
    found: dict[str, Any] = findings(diary)
    if start is not None:
        found["before_after"] = before_after(diary, start)
    if args.json:
        print_json(found)
        return 0
    _print_flags(found)
    _print_patterns(found["patterns"], found["months"])
    if start is not None:
        _print_before_after(found["before_after"])
    for question in found["to_attribute"]:
        print(f"To answer, {question['date']}: {question['question']}")
    for each in found["care"]:
        print(f"{each['what']}: went {each['attended']} times, missed {each['missed']}, not told {each['not_told']}")
    for score in found["scores"]:
        print(f"{score['date']}  {score['instrument']}: {'-' if score['total'] is None else format(score['total'], 'g')}")
    return 0


def _print_flags(found: dict[str, Any]) -> None:
    for flag in found["red_flags"]:
        answered = "" if flag["open"] else " (answered)"
        print(f"{_TIERS[flag['tier']]}{answered}: {flag['shown']} {flag['do']}")
        print(f"  {flag['on']}: {flag['because']} [{', '.join(flag['source'])}]")
    if not found["red_flags"]:
        print("No finding of the kinds that are looked for.")
    print(found["note"])


def _print_before_after(told: dict[str, Any]) -> None:
    print(f"Windows of 28 days from {told['start']} against the 28 days before (visible change, whatever caused it):")
    if told["baseline_from"] is None:
        print("  the diary holds fewer than 28 days before the start, so nothing can be compared")
        return
    for metric, words in (("hd", "headache days"), ("md", "migraine days")):
        falls = ["-" if fall is None else f"{fall:.0f} %" for fall in told[metric]["reductions_pct"]]
        print(f"  fewer {words}: {', '.join(falls) or 'no whole window yet'}")


def _print_patterns(patterns: dict[str, Any], months: int) -> None:
    span = f"{months} calendar {'month' if months == 1 else 'months'}"
    print(f"Over {span}; a pattern is consistent with a diagnosis, it is not one:")
    print(f"  chronic migraine pattern, 3 months: {patterns['cm_3mo']}; more than 3 months: {patterns['cm_gt3mo']}")
    over = [code for code, answer in patterns["overuse_3mo"].items() if answer == "yes"]
    print(f"  acute medicines over the limit, 3 months: {', '.join(over) or 'none for certain'}", end="")
    print(f"; with frequent headache for more than 3 months: {patterns['moh_pattern']}")
