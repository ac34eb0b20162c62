"""`cleardays plan feed`: the confirmed plan as a calendar file, its titles neutral unless asked otherwise."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time

from cleardays.cli.commands.plan_files import read_plan
from cleardays.cli.files import save_bytes
from cleardays.cli.options import Parser, read_day, read_name, read_zone
from cleardays.cli.output import print_json
from cleardays.clock import zone_named
from cleardays.problems import BadInput, Problem, shown
from cleardays.report.feed import CAUTION, feed_of
from cleardays.report.feed_text import Look
from cleardays.report.feed_times import read_clock, read_times

_NONE = "none"
_LONGEST_AHEAD = 24 * 60
_DIARY = "20:00"


def run(arguments: list[str], *, prog: str) -> int:
    """Read the plan, write the calendar."""
    parser = Parser(prog, f"Write a confirmed plan as an iCalendar file. {CAUTION}")
    parser.add_argument("plan", metavar="PLAN", help="a confirmed plan as JSON, or - for standard input")
    parser.add_argument("--zone", metavar="AREA/CITY", required=True, help="the person's time zone, such as Europe/Berlin")
    parser.add_argument(
        "--titles", choices=("neutral", "full"), default="neutral", help="full names medicine and amount (default: neutral)"
    )
    parser.add_argument(
        "--times", metavar="HH:MM,...", action="append", default=[], help="when doses are due; a list by number of portions"
    )
    parser.add_argument(
        "--diary", metavar="HH:MM", default=_DIARY, help=f"when to ask for the diary, or none (default {_DIARY})"
    )
    parser.add_argument("--alarm", metavar="MINUTES", default="0", help="ring so long before, or none (default 0)")
    parser.add_argument("--place", metavar="TEXT", help="where sessions take place, as it may be read by others")
    parser.add_argument("--on", metavar="DATE", help="does the confirmation hold on this day? (default: today)")
    parser.add_argument("--out", metavar="FILE", help="where to write it (default: standard output)")
    args = parser.parse_args(arguments)
    zone = zone_named(read_zone(args.zone) or "")
    assert zone is not None  # read_zone has refused what is none
    place = None if args.place is None else read_name(args.place, "--place")
    look = Look(zone, args.titles == "full", _minutes(args.alarm), place)
    today = read_day(args.on, "--on") or _today(look)
    feed = feed_of(read_plan(args.plan), look, read_times(args.times), today=today, diary=_diary(args.diary))
    if args.out is not None:
        save_bytes(feed.text, args.out)
    if args.json:
        print_json({**feed.document(), "zone": zone.key, "titles": args.titles, "file": args.out})
    elif args.out is not None:
        gone = f", {feed.cancelled} cancelled" if feed.cancelled else ""
        span = "" if feed.first is None else f" from {feed.first} to {feed.last}"
        print(f"Wrote {args.out}: {feed.events} events{span} ({zone.key}){gone}.")
        print(CAUTION)
    else:
        sys.stdout.buffer.write(feed.text)
    return 0


def _today(look: Look) -> date:
    return datetime.now(UTC).astimezone(look.zone).date()


def _diary(text: str) -> time | None:
    return None if text == _NONE else read_clock(text, "--diary")


def _minutes(text: str) -> int | None:
    if text == _NONE:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= _LONGEST_AHEAD):
        how = f"Write whole minutes from 0 to {_LONGEST_AHEAD}, or none."
        raise BadInput(Problem("--alarm", f"{shown(text)} are no minutes.", how))
    return int(text)
