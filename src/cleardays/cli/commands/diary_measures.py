"""`cleardays diary measures`: headache and migraine days in windows, with completeness."""

from __future__ import annotations

from typing import Any

from cleardays.cli.files import load_diary
from cleardays.cli.options import Parser, read_day
from cleardays.cli.output import print_json
from cleardays.diary.conditions import DEFAULT, Condition, condition_of
from cleardays.diary.day_criteria import PROFILES
from cleardays.diary.measures import measure_windows
from cleardays.diary.rules import day_rules
from cleardays.diary.windows import WINDOWS
from cleardays.problems import BadInput, Problem


def run(arguments: list[str], *, prog: str) -> int:
    """Count and print."""
    parser = Parser(prog, "Count headache days in 28-day windows or calendar months. Unknown days are never counted as clear.")
    parser.add_argument("diary", metavar="DIARY", help="days.csv, a diary zip, or - for days.csv on standard input")
    parser.add_argument(
        "--profile", default="leiden", choices=PROFILES, help="which rules make a migraine day (default leiden)"
    )
    parser.add_argument("--window", default="w28", choices=WINDOWS, help="28-day windows or calendar months (default w28)")
    parser.add_argument("--anchor", metavar="DATE", help="first day of a 28-day window; windows run both ways from it")
    args = parser.parse_args(arguments)
    anchor = read_day(args.anchor, "--anchor")
    if anchor is not None and args.window == "cal":
        raise BadInput(Problem("--anchor", "calendar months have no anchor.", "Leave it out, or use --window w28."))
    diary = load_diary(args.diary)
    condition = condition_of(diary.about)
    found = measure_windows(diary, profile=args.profile, kind=args.window, anchor=anchor)
    if args.json:
        print_json(found)
        return 0
    if condition.id != DEFAULT:
        return _print_outcomes(condition, found)
    head = f"{'from':12}{'to':12}{'days':>5}{'known':>7}{'headache':>10}{'per 28':>8}{'migraine':>10}{'acute':>10}  "
    print(f"{head}{'15 or more':15}quality")
    for window in found:
        print(_line(window))
    print("Acute: days with an acute medicine, of the days that say.", end=" ")
    print(f"Migraine days by the profile {args.profile}; a range where some days do not say.")
    _print_remarks(found)
    return 0


def _print_outcomes(condition: Condition, found: list[dict[str, Any]]) -> int:
    """The outcomes of another condition, window by window, each over the days that were assessed."""
    for window in found:
        print(f"{window['start']} to {window['end']} ({window['n_days']} days)")
        for outcome in condition.outcomes:
            told = window["outcomes"][outcome.id]
            print(f"  {outcome.words[1]:24}{_figure(told)}")
    print("A day that was not assessed is never a day without use.")
    return 0


def _figure(told: dict[str, Any]) -> str:
    if not told["assessed"]:
        return "not told"
    of = f"of {told['assessed']} assessed days"
    if "had" in told:
        return f"{told['had']} {of}"
    if "total" in told:
        return f"{told['total']:g} on {told['assessed']} assessed days"
    return f"{told['mean']:.1f} on average, {told['assessed']} days"


def _line(window: dict[str, Any]) -> str:
    per_28 = "-" if window["hd28"] is None else f"{window['hd28']:.1f}"
    had = str(window["hd"]) if window["n_logged"] else "-"
    migraine = f"{window['md']}-{window['md'] + window['md_open']}" if window["md_open"] else str(window["md"])
    acute = f"{window['acute_days']['any']} of {window['acute_known']}" if window["acute_known"] else "-"
    if window["n_days"] < day_rules().least_logged_days:  # a few days have no rate and reach no monthly limit
        per_28, many = "-", "short stretch"
    else:
        many = window["ge15_headache"]
    return (
        f"{window['start']:12}{window['end']:12}{window['n_days']:5}{window['n_logged']:7}{had:>10}{per_28:>8}{migraine:>10}"
        f"{acute:>10}  {many:15}{window['quality']}"
    )


def _print_remarks(found: list[dict[str, Any]]) -> None:
    for window in found:
        for each in window["contaminated_by"]:
            print(f"  {window['start']}: disturbed on {each['date']} ({each['what']})")
        for warning in window["warnings"]:
            print(f"  {window['start']}: {warning['because']}")
