"""`cleardays diary measures`: headache days in windows, with completeness."""

from __future__ import annotations

from cleardays.cli.files import load_diary
from cleardays.cli.options import Parser, read_day
from cleardays.cli.output import print_json
from cleardays.diary.outcomes import day_series
from cleardays.diary.windows import PROFILES, WINDOWS, Window, windows
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
    found = windows(day_series(load_diary(args.diary), "headache_day"), kind=args.window, anchor=anchor)
    if args.json:
        print_json([window.document(args.profile) for window in found])
        return 0
    print(f"{'from':12}{'to':12}{'days':>5}{'known':>7}{'headache':>10}{'per 28':>8}  {'15 or more':15}quality")
    for window in found:
        print(_line(window))
    return 0


def _line(window: Window) -> str:
    per_28 = "-" if window.hd28 is None else f"{window.hd28:.1f}"
    had = str(window.hd) if window.n_logged else "-"
    return (
        f"{window.start!s:12}{window.end!s:12}{window.n_days:5}{window.n_logged:7}{had:>10}{per_28:>8}  "
        f"{window.ge15_headache:15}{window.quality}"
    )
