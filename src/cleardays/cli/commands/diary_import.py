"""`cleardays diary import`: a diary from a known layout into ours."""

from __future__ import annotations

from cleardays.cli.files import read_lines, save_diary
from cleardays.cli.options import Parser, read_day, read_zone
from cleardays.cli.output import print_json
from cleardays.diary.importing import AUTO, FORMATS, import_diary, import_document
from cleardays.diary.outcomes import day_state


def run(arguments: list[str], *, prog: str) -> int:
    """Import, save, and say what was taken and what was lost."""
    parser = Parser(
        prog, "Read a diary in a known layout and write it as days.csv or as a zip. A file is taken whole or not at all."
    )
    parser.add_argument("file", metavar="FILE", help="the file to read, or - for standard input")
    parser.add_argument("--format", default=AUTO, choices=(AUTO, *FORMATS), help="its layout (default: decided by the header)")
    parser.add_argument("--zone", metavar="AREA/CITY", help="the person's home time zone")
    parser.add_argument("--person", metavar="ID", help="whose diary, in a file with several people")
    parser.add_argument("--day-zero", metavar="DATE", help="the day that relative day 0 stands for")
    parser.add_argument("--out", required=True, metavar="FILE", help="where to write: a zip if it ends in .zip, else days.csv")
    args = parser.parse_args(arguments)
    zone, day_zero = read_zone(args.zone), read_day(args.day_zero, "--day-zero")
    lines, name = read_lines(args.file)
    layout, diary = import_diary(lines, name, layout=args.format, zone=zone, person=args.person, day_zero=day_zero)
    save_diary(diary, args.out)
    document = import_document(layout, diary)
    if args.json:
        print_json(document)
        return 0
    states = [day_state(record, "headache_day") for record in diary.records]
    print(
        f"Read {len(states)} days ({layout}): {states.count(True)} with headache, {states.count(False)} clear. "
        f"Written to {args.out}."
    )
    if diary.lost:
        print("Left out:")
        for lost in diary.lost:
            print(f"  {lost.where}: {lost.what}")
    return 0
