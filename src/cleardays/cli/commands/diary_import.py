"""`cleardays diary import`: a diary from a known layout into ours."""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cleardays.catalogue.names import find_medicine, split_amount, split_names
from cleardays.cli.files import load_diary, read_bytes, save_bytes, save_diary, text_lines, whole
from cleardays.cli.incoming import import_file
from cleardays.cli.mapping_questions import ask_mapping
from cleardays.cli.options import Parser, read_day, read_name, read_zone
from cleardays.cli.output import print_json
from cleardays.diary.answers import day_state
from cleardays.diary.cells import guard_formula
from cleardays.diary.importing import AUTO, FORMATS, GENERIC, Imported, Request, format_named, import_document
from cleardays.diary.incoming import ENCODINGS
from cleardays.diary.layouts.collected import Naming, Refused
from cleardays.diary.layouts.dates import ORDERS
from cleardays.diary.layouts.mapping import Mapping, read_mapping
from cleardays.diary.merging import merge
from cleardays.diary.own_csv import FORMAT as OWN
from cleardays.diary.records import Diary, Lost
from cleardays.problems import BadInput, Problem

_MOST_LISTED = 40


def run(arguments: list[str], *, prog: str) -> int:
    """Import, save, and say what was taken and what was lost."""
    args = _parser(prog).parse_args(arguments)
    found = import_file(args.file, _request(args), args.encoding)
    before = None if args.into is None else load_diary(args.into)
    if before is not None:
        found = _added(before, found)
    found = found._replace(diary=_what_is_kept(found.diary, args.out))
    refused_at = f"{args.out}.refused.csv"
    if found.refused:
        save_bytes(_refused_rows(found.refused), refused_at)
    save_diary(found.diary, args.out)
    if args.json:
        print_json(import_document(found))
    else:
        _say(found, before, args.out, refused_at)
    return 0


def _parser(prog: str) -> Parser:
    parser = Parser(
        prog, "Read a diary in a known layout and write it as days.csv or as a zip. A file is taken whole or not at all."
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="the file to read, or - for standard input")
    add("--format", default=AUTO, metavar="NAME", help=f"its layout: {AUTO} (decided by the content), {', '.join(FORMATS)}")
    add("--out", required=True, metavar="FILE", help="where to write: everything if it ends in .zip, else the days as CSV")
    add("--zone", metavar="AREA/CITY", help="the person's home time zone")
    add("--date-order", choices=ORDERS, help="order of day, month and year where the file leaves it open")
    add("--encoding", choices=ENCODINGS, help="how the text is encoded (default: UTF-8, or UTF-16 by its mark)")
    add("--mapping", metavar="MAP.toml", help="what the columns of a table mean (format csv)")
    add("--save-mapping", metavar="MAP.toml", help="where to write the mapping that was asked for at the terminal")
    add("--into", metavar="DIARY", help="an existing diary that the import is added to")
    add("--accept-partial", action="store_true", help="leave out rows with problems; they go to OUT.refused.csv")
    add("--person", metavar="ID", help="whose diary, in a file with several people")
    add("--day-zero", metavar="DATE", help="the day that relative day 0 stands for")
    return parser


def _request(args: argparse.Namespace) -> Request:
    layout = format_named(args.format)
    mapping = _mapping(args, layout)
    return Request(
        layout=GENERIC if mapping is not None and layout == AUTO else layout,
        zone=read_zone(args.zone),
        person=None if args.person is None else read_name(args.person, "--person"),
        day_zero=read_day(args.day_zero, "--day-zero"),
        date_order=args.date_order,
        mapping=mapping,
        naming=Naming(find_medicine, split_names, split_amount),
        partial=args.accept_partial,
    )


def _mapping(args: argparse.Namespace, layout: str) -> Mapping | None:
    if args.mapping is not None:
        if layout not in (AUTO, GENERIC):
            raise BadInput(
                Problem("--mapping", f"a mapping is for the format {GENERIC}, not {layout}.", "Leave one of them out.")
            )
        raw, name = read_bytes(args.mapping)
        text = text_lines(raw, name).getvalue()
        try:
            told = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                Problem(name, f"the mapping is no TOML ({error}).", "See docs/reference/import-mapping.md.")
            ) from None
        return read_mapping(told, name)
    if layout == GENERIC and args.file != "-" and sys.stdin.isatty() and sys.stdout.isatty() and not args.json:
        mapping, text = ask_mapping(args.file, args.encoding, date_order=args.date_order)
        if args.save_mapping is not None:
            save_bytes(text.encode("utf-8"), args.save_mapping)
        return mapping
    if layout == GENERIC:
        raise BadInput(
            Problem(
                "--mapping",
                "for a table of an unknown layout we need to know what its columns mean.",
                "Give --mapping MAP.toml.",
            )
        )
    return None


def _added(before: Diary, found: Imported) -> Imported:
    """The sum; rows that were refused, or a diary of ours, do not tell all that a program knows of its days."""
    both = merge(before, found.diary, whole=not found.refused and found.layout != OWN)
    told = found.attacks is not None or bool(both.beside.attacks)
    return found._replace(diary=both, attacks=len(both.beside.attacks) if told else None)


def _what_is_kept(diary: Diary, out: str) -> Diary:
    """Say so where the file that is written cannot hold everything."""
    beside = diary.beside
    if whole(out) or not beside:
        return diary
    held = {"attack": beside.attacks, "aura": beside.auras, "dose": beside.doses, "event": beside.events,
            "score": beside.scores, "plan step": beside.plan, "other table": beside.unread}  # fmt: skip
    counts = ", ".join(_counted(len(entries), name) for name, entries in held.items() if entries)
    lost = Lost(Path(out).name, f"a table of days cannot hold {counts}; only a zip keeps them (--out NAME.zip).")
    return replace(diary, lost=(*diary.lost, lost))


def _refused_rows(refused: Sequence[Refused]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["where", "problem", "row"])
    for one in refused:
        problems = " ".join(f"{problem.what} {problem.try_this}" for problem in one.problems)
        writer.writerow([guard_formula(_plain(text)) for text in (one.where, problems, one.text)])
    return out.getvalue().encode("utf-8", "replace")


def _plain(text: str) -> str:
    """Without what no CSV reader takes."""
    return text.replace("\x00", "").replace("\r", "\n")


def _say(found: Imported, before: Diary | None, out: str, refused_at: str) -> None:
    states = [day_state(record, "headache_day") for record in found.diary.records]
    had, clear, unknown = (states.count(state) for state in (True, False, None))
    attacks = "" if found.attacks is None else f" {_counted(found.attacks, 'attack')}."
    more = f", {unknown:,} without a word about headache" if unknown else ""
    days = f"{_counted(len(states), 'day')}{{}}: {had:,} with headache, {clear:,} clear{more}.{attacks}"
    if before is None:
        print(f"Read {days.format(f' ({found.layout})')} Written to {out}.")
    else:
        print(f"{_news(before, found.diary)} ({found.layout}). The diary has {days.format('')} Written to {out}.")
    if found.refused:
        print(f"Refused {_counted(len(found.refused), 'row')}; see {refused_at} for each with its problems.")
    if found.diary.lost:
        print("Left out:")
        for lost in found.diary.lost[:_MOST_LISTED]:
            print(f"  {lost.where}: {lost.what}")
        if len(found.diary.lost) > _MOST_LISTED:
            print(f"  and {len(found.diary.lost) - _MOST_LISTED:,} more (see --json).")


def _news(before: Diary, both: Diary) -> str:
    """What the import has added to a diary."""
    if (before.records, before.beside) == (both.records, both.beside):
        return "Nothing new"
    there = Counter(attack.date for attack in before.beside.attacks)
    attacks = Counter(attack.date for attack in both.beside.attacks) - there
    days = {record.date for record in both.records} - {record.date for record in before.records}
    news = [_counted(len(days), "day")] if days or not attacks else []
    news += [_counted(attacks.total(), "attack")] if attacks else []
    return f"Added {' and '.join(news)}" if days or attacks else "No new day or attack, but new answers"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
