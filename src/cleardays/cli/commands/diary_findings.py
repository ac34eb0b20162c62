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
    found: dict[str, Any] = findings(diary, start)
    if start is not None:
        found["before_after"] = before_after(diary, start)
    if args.json:
        print_json(found)
        return 0
    _print_flags(found)
    if found["use"] is None:
        _print_patterns(found["patterns"], found["months"])
    else:
        _print_use(found["use"])
    if start is not None and found["use"] is None:
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


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _print_use(use: dict[str, Any]) -> None:
    unknown = f" and {_days(use['unknown_since'])} of which nothing is known" if use["unknown_since"] else ""
    last = "No use is told" if use["last_use"] is None else f"Last use on {use['last_use']}"
    print(f"{last}; since then {_days(use['without_since'])} without use{unknown}.")
    print(f"The longest spell of known days without use: {_days(use['longest_without'])}.")
    if use["days_to_first_use"] is not None:
        print(f"First use on {use['first_use']}, {_days(use['days_to_first_use'])} after the start.")
    elif use["first_use"] is not None:
        print(f"First use told on {use['first_use']}; {_days(use['unknown_before_first_use'])} before it unknown.")


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
