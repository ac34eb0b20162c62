"""Take in a diary from any layout that we know, and say what could not be taken."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import BinaryIO, NamedTuple

from cleardays.clock import zone_named
from cleardays.diary import kostecki_dillon, own_csv
from cleardays.diary.answers import day_state
from cleardays.diary.layouts import apple_health, bearable, daylio, migraine_buddy_html, migrainelog, migralog
from cleardays.diary.layouts.collected import NO_NAMES, Asked, Collected, Naming, Refused
from cleardays.diary.layouts.foreign_tables import header_line, open_foreign, row_text, separator_of
from cleardays.diary.layouts.gather import gather
from cleardays.diary.layouts.json_values import parse
from cleardays.diary.layouts.mapped_csv import read_mapped
from cleardays.diary.layouts.mapping import Mapping, known_layouts, recognised
from cleardays.diary.records import Diary, Lost
from cleardays.diary.tables import Row, Table, open_table
from cleardays.problems import BadInput, Problem, shown

AUTO = "auto"
GENERIC = "csv"
_LONGEST_DOCUMENT = 64_000_000  # characters of JSON or HTML
_OWN, _KOSTECKI = own_csv.FORMAT, kostecki_dillon.FORMAT
_JSON: dict[str, tuple[Callable[[object], bool], Callable[[object, str, Asked], Collected]]] = {
    migralog.LAYOUT: (migralog.looks_like, migralog.read_export),
    migrainelog.LAYOUT: (migrainelog.looks_like, migrainelog.read_episodes),
}
_TABLES: dict[str, tuple[Callable[[list[str]], bool], Callable[[Table, str, Asked], Collected]]] = {
    bearable.LAYOUT: (bearable.recognises, bearable.read_bearable),
    daylio.LAYOUT: (daylio.recognises, daylio.read_daylio),
}
FORMATS = (
    _OWN, apple_health.LAYOUT, migraine_buddy_html.LAYOUT, *_JSON, *_TABLES, *known_layouts(), _KOSTECKI, GENERIC,
)  # fmt: skip
_ALSO_CALLED = {
    "apple_health_export": apple_health.LAYOUT, "migraine_buddy_html": migraine_buddy_html.LAYOUT,
    "migraine_buddy_variant_a": "migraine_buddy_csv", "migraine_buddy_variant_b": "migraine_buddy_csv",
    "migralog_export": migralog.LAYOUT, "migrainelog_episodes": migrainelog.LAYOUT, "kostecki_dillon": _KOSTECKI,
    "days": _OWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of an import.

    `layout` is one of FORMATS, or "auto" to decide by the content; `zone` the home
    zone (IANA); `person` whose entries to take from a file with several people;
    `day_zero` the calendar day of relative day 0; `date_order` dmy, mdy or ymd;
    `mapping` what the columns of a generic table mean; `naming` how names of
    medicines are understood; `partial` whether rows with problems are left out
    instead of stopping everything.
    """

    layout: str = AUTO
    zone: str | None = None
    person: str | None = None
    day_zero: date | None = None
    date_order: str | None = None
    mapping: Mapping | None = None
    naming: Naming = NO_NAMES
    partial: bool = False

    @property
    def asked(self) -> Asked:
        """What the readers of other layouts need to know."""
        zone = zone_named(self.zone) if self.zone else None
        return Asked(zone=zone, date_order=self.date_order, person=self.person, naming=self.naming)


class Imported(NamedTuple):
    """A diary that was read, the layout it was read from, rows that were refused, and how many attacks it tells."""

    layout: str
    diary: Diary
    refused: tuple[Refused, ...] = ()
    attacks: int | None = None


def format_named(name: str) -> str:
    """The layout of that name; "-" and "_", capitals and an ending do not matter.

    >>> format_named("Apple-Health-Export.xml"), format_named("kostecki_dillon")
    ('apple_health', 'kostecki-dillon')
    """
    plain = name.strip().lower().replace("-", "_")
    for ending in (".csv", ".json", ".xml", ".html", ".zip"):
        plain = plain.removesuffix(ending)
    found = _ALSO_CALLED.get(plain, plain)
    if found in (AUTO, *FORMATS):
        return found
    raise BadInput(Problem("--format", f"{shown(name)} is no layout that we know.", f"Use {AUTO}, {', '.join(FORMATS)}."))


def import_diary(
    lines: Iterable[str],
    name: str,
    *,
    layout: str = AUTO,
    zone: str | None = None,
    person: str | None = None,
    day_zero: date | None = None,
) -> tuple[str, Diary]:
    """Read a diary from the lines of a file; `import_text` with fewer questions.

    Returns:
        The layout that was read, and the diary with its list of losses.

    Raises:
        BadInput: with every problem found; nothing is taken from such a file.
    """
    request = Request(layout=layout, zone=zone, person=person, day_zero=day_zero)
    found = import_text("".join(line if line.endswith(("\n", "\r")) else f"{line}\n" for line in lines), name, request)
    return found.layout, found.diary


def import_text(text: str, name: str, request: Request) -> Imported:
    """Read a diary from the whole text of a file.

    Args:
        text: the file, decoded.
        name: how to call it in a problem.
        request: what is asked.

    Raises:
        BadInput: with every problem found, or that the layout is not known.
    """
    layout = format_named(request.layout)
    start = text[:100_000].lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[", "<")) and len(text) > _LONGEST_DOCUMENT:
        raise BadInput(
            Problem(name, f"it has {len(text):,} characters, more than a diary.", "Check that this is the right file.")
        )
    if layout == apple_health.LAYOUT or (layout == AUTO and start.startswith("<") and apple_health.ROOT.decode() in start):
        stream = io.BytesIO(text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace"))
        return _gathered(apple_health.read_export(stream, name, request.asked, encoding="utf-8"), request)
    if layout in _JSON or (layout == AUTO and start.startswith(("{", "["))):
        return _from_json(text, name, layout, request)
    if layout == migraine_buddy_html.LAYOUT or (layout == AUTO and start.startswith("<")):
        if layout == AUTO and not migraine_buddy_html.looks_like(text):
            raise BadInput(_unknown(name, "this page or XML file is of no layout that is known here"))
        return _gathered(migraine_buddy_html.read_report(text, name, request.asked), request)
    return _from_table(text, name, layout, request)


def import_apple(stream: BinaryIO, name: str, request: Request) -> Imported:
    """Read Apple Health's export.xml from an open stream, in pieces."""
    return _gathered(apple_health.read_export(stream, name, request.asked), request)


def _from_json(text: str, name: str, layout: str, request: Request) -> Imported:
    document = parse(text.lstrip("\ufeff"), name)
    fits = [known for known, (looks_like, _) in _JSON.items() if looks_like(document)]
    if layout == AUTO and not fits:
        raise BadInput(_unknown(name, "this JSON document is of no layout that is known here"))
    layout = fits[0] if layout == AUTO else layout
    return _gathered(_JSON[layout][1](document, name, request.asked), request)


def _from_table(text: str, name: str, layout: str, request: Request) -> Imported:
    if separator_of(header_line(text)) == "," or layout in (_OWN, _KOSTECKI):
        refused: list[tuple[Row, Problem]] | None = [] if request.partial else None
        table = open_table(io.StringIO(text, newline=""), name, bad=refused)
        if layout == AUTO and kostecki_dillon.recognises(table.header):
            layout = _KOSTECKI
        elif layout == AUTO and own_csv.recognises(table.header):
            layout = _OWN
        if layout in (_OWN, _KOSTECKI):
            return _ours(table, name, layout, request, refused)
    wide: list[tuple[Row, Problem]] = []
    table = open_foreign(text, name, wide)
    found = _reader(table, name, layout, request, header_line(text))
    for row, problem in wide:
        found.refuse(problem.where, row_text(row), [problem])
    return _gathered(found, request)


def _reader(table: Table, name: str, layout: str, request: Request, line: str) -> Collected:
    if layout == AUTO:
        layout = next((known for known, (recognises, _) in _TABLES.items() if recognises(table.header)), AUTO)
    if layout in _TABLES:
        recognises, read = _TABLES[layout]
        if not recognises(table.header):
            raise BadInput(_not_this(table.header, name, layout))
        return read(table, name, request.asked)
    mapping = request.mapping
    if layout == AUTO and mapping is None:
        mapping = recognised(table.header)
    elif layout not in (AUTO, GENERIC):
        mapping = known_layouts()[layout]
    if mapping is None:
        raise BadInput(_unknown_table(table.header, name, line))
    return read_mapped(table, mapping, name, request.asked)


def own_diary(diary: Diary, request: Request) -> Imported:
    """A diary of ours that was read already: what was asked must agree with what it says."""
    _agree("--person", request.person, diary.about.get("person"))
    _agree("--zone", request.zone, diary.about.get("zone"))
    if request.day_zero is not None:
        raise BadInput(_dated())
    return Imported(_OWN, _labelled(diary, request), attacks=len(diary.beside.attacks) or None)


def _ours(table: Table, name: str, layout: str, request: Request, refused: list[tuple[Row, Problem]] | None) -> Imported:
    if layout == _OWN:
        diary = own_diary(own_csv.read_table(table, name, refused), request).diary
    elif not kostecki_dillon.recognises(table.header):
        raise BadInput(_not_this(table.header, name, layout))
    else:
        diary = kostecki_dillon.read_table(table, name, person=request.person, day_zero=request.day_zero, refused=refused)
    rows = sorted(refused or [], key=lambda told: told[0].line)
    listed = tuple(
        Refused(f"{name}, line {line}", row_text(told[0][0]), tuple(problem for _, problem in told))
        for line, told in ((line, list(group)) for line, group in groupby(rows, key=lambda told: told[0].line))
    )
    if listed:
        what = f"{len(listed):,} rows have problems; they stand in the list of refused rows."
        diary = replace(diary, lost=(*diary.lost, Lost(name, what)))
    return Imported(layout, _labelled(diary, request), listed)


def _gathered(found: Collected, request: Request) -> Imported:
    if request.day_zero is not None:
        raise BadInput(_dated())
    diary, refused = gather(found, partial=request.partial)
    attacks = len(diary.beside.attacks) if found.has_attacks else None
    return Imported(found.layout, _labelled(diary, request), refused, attacks)


def _labelled(diary: Diary, request: Request) -> Diary:
    said = {key: value for key, value in (("person", request.person), ("zone", request.zone)) if value is not None}
    return replace(diary, about={**diary.about, **said})


def _dated() -> Problem:
    return Problem("--day-zero", "the file has dates, so no day counts as zero.", "Leave it out.")


def _agree(option: str, asked: str | None, found: str | None) -> None:
    """An option may fill in what the file does not say, never overrule it."""
    if asked is not None and found is not None and asked != found:
        raise BadInput(Problem(option, f"{shown(asked)} was asked for, the file says {shown(found)}.", "Correct one of them."))


def _unknown(name: str, what: str) -> Problem:
    cure = f"Known are {', '.join(FORMATS)}; or make a table of it and map its columns: --format csv --mapping MAP.toml."
    return Problem(name, f"{what}.", cure)


def _unknown_table(header: list[str], name: str, line: str) -> Problem:
    seen = shown(", ".join(header), 80)
    known = (
        f"Known are {', '.join(FORMATS)}; or name the columns date,headache; "
        "or say what the columns mean: --format csv --mapping MAP.toml."
    )
    return Problem(
        name,
        f"the columns {seen} match no layout that is known here.",
        own_csv.header_hint([line] if own_csv.recognises(header) else header, known),
    )


def _not_this(header: list[str], name: str, layout: str) -> Problem:
    what = f"the columns {shown(', '.join(header), 80)} are not those of {layout}."
    return Problem(name, what, "Leave --format out to have it decided, or map the columns: --format csv --mapping MAP.toml.")


def import_document(found: Imported) -> dict[str, object]:
    """What was taken in, as JSON: counts, the days by state, and what was lost."""

    def days(outcome: str, state: bool) -> list[str]:
        return [r.date.isoformat() for r in found.diary.records if day_state(r, outcome) is state]

    return {
        "format": found.layout,
        "days": len(found.diary.records),
        "attacks": found.attacks,
        "headache_days": days("headache_day", True),
        "clear_days": days("headache_day", False),
        "acute_medication_days": days("acute_med_day", True),
        "lost": [{"where": lost.where, "what": lost.what} for lost in found.diary.lost],
    }
