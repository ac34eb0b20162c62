"""`cleardays plan log`: how far a plan was followed, as far as the log of doses tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cleardays.cli.commands.plan_files import read_plan
from cleardays.cli.files import STDIN, read_bytes, text_lines
from cleardays.cli.marks import reasoned
from cleardays.cli.options import Parser, read_day
from cleardays.cli.output import print_json
from cleardays.clock import zone_named
from cleardays.diary.own_csv import MAGIC
from cleardays.diary.unpacking import unpack
from cleardays.plan.adherence import Adherence, adherence
from cleardays.plan.dose_log import DoseLog, parse_log
from cleardays.plan.dose_table import log_of_diary, read_table
from cleardays.plan.exposure import Exposure, exposure
from cleardays.plan.gap_alert import GapAlert, gap_alerts
from cleardays.problems import BadInput, Problem
from cleardays.quantities import percent


def run(arguments: list[str], *, prog: str) -> int:
    """Read, count and print."""
    parser = Parser(prog, "How far was the plan followed? A dose of which nothing is told is neither taken nor missed.")
    parser.add_argument("plan", metavar="PLAN", help="the plan, as plan draft --json writes it, or -")
    parser.add_argument(
        "--doses", metavar="FILE", required=True, help="the log: JSON, a table (.csv), or a diary with its doses; or -"
    )
    parser.add_argument("--until", metavar="DATE", help="the last day that is counted (default: the last one of the log)")
    args = parser.parse_args(arguments)
    if args.plan == STDIN and args.doses == STDIN:
        raise BadInput(Problem("--doses", "standard input can give only one of the two.", "Write the other as a file."))
    file = read_plan(args.plan)
    log = _log(args.doses, file.plan.treatment)
    until = read_day(args.until, "--until") or log.last_day
    if until is None:
        raise BadInput(Problem("--until", "the log is empty, so that it says not up to when.", "Write --until with a day."))
    found = adherence(file, log, until)
    taken = exposure(file, log, until=until)
    alerts = gap_alerts(file.plan, found)
    if args.json:
        print_json(_document(file.plan.treatment, found, taken, alerts, log))
    else:
        for line in _lines(file.plan.treatment, found, taken, alerts, log):
            print(line)
    return 0


def _log(path: str, treatment: str) -> DoseLog:
    """By what is in the file."""
    raw, name = read_bytes(path)
    if raw.startswith(MAGIC):
        diary = unpack(raw, name)
        return log_of_diary(diary.beside.doses, treatment, zone_named(diary.about.get("zone", "")))
    lines = text_lines(raw, name)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return parse_log(lines.read(), name)
    return read_table(lines, name, treatment)


def _document(
    treatment: str, found: Adherence, taken: Exposure, alerts: tuple[GapAlert, ...], log: DoseLog
) -> dict[str, object]:
    return {
        "treatment": treatment,
        **found.document(),
        "gap_alerts": [alert.document() for alert in alerts],
        "exposure": {key: value for key, value in taken.document().items() if key not in ("treatment", "until")},
        "lost": [{"where": lost.where, "what": lost.what} for lost in log.lost],
    }


def _lines(treatment: str, found: Adherence, taken: Exposure, alerts: tuple[GapAlert, ...], log: DoseLog) -> Iterator[str]:
    yield f"{treatment} up to {found.until}: {found.planned} doses planned."
    yield f"  taken in time {found.taken}, late {found.late}, skipped {found.skipped}, not told {found.unlogged}"
    if found.share is not None:
        yield f"  Of the doses that were told {percent(found.share)} were taken."
    if found.bounds is not None and found.unlogged:
        low, high = found.bounds
        yield f"  Of all planned doses from {percent(low)} (none of the others taken) to {percent(high)} (all of them)."
    if found.longest is not None:
        least, most = found.longest.at_least.hours, found.longest.at_most.hours
        span = f"{least:.0f} hours" if least == most else f"{least:.0f} to {most:.0f} hours, by what is not told"
        yield f"  Longest gap between doses: {span}."
    if found.other_amount:
        yield f"  {found.other_amount} of another amount than planned."
    if found.extra:
        yield f"  {len(found.extra)} that were not planned: {', '.join(_day(entry.day) for entry in found.extra)}."
    if taken.days:
        yield f"  Days at the target: {taken.days[-1].days_at_target}."
    for alert in alerts:
        yield f"\n{'GAP' if alert.certain else 'PERHAPS A GAP'}: {alert.says}"
        yield from (f"  - {reasoned(reason)}" for reason in alert.reasons)
    yield "\nWhy:"
    yield from (f"  - {reasoned(reason)}" for reason in dict.fromkeys((*found.reasons, *taken.reasons)))
    yield from (f"  Left out: {lost.where}: {lost.what}" for lost in log.lost)


def _day(day: date) -> str:
    return day.isoformat()
