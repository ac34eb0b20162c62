"""How the columns of a foreign table are understood: packaged layouts, and mappings that a person writes.

Both have one form, described in docs/reference/import-mapping.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cleardays.clock import zone_named
from cleardays.diary.layouts.dates import ORDERS
from cleardays.diary.layouts.words import fold
from cleardays.diary.records import HEADACHE_LEVELS
from cleardays.diary.rules import read_rules
from cleardays.diary.sheets import DAYS
from cleardays.problems import BadInput, Problem, shown

ATTACKS, WHOLE_DAYS = "attacks", "days"
HOME = "home"
GENERIC = "csv"  # a table that a person maps
_WHEN = ("date", "start", "start_time", "end", "end_date", "end_time", "duration", "reported_at", "zone", "weekday")
YES_NO_TARGETS = (
    "aura", "nausea", "vomiting", "light", "sound", "worse_moving", "one_sided", "pulsating", "bilateral", "pressing",
    "believed_migraine",
)  # fmt: skip
_TOLD = (
    "id", "status", "pain", "severity", "headache", "place", "quality", "aura_type", "aura_minutes", "symptoms", "triggers",
    "medicines", "amounts", "side_effects", "note",
)  # fmt: skip
# Columns of days.csv that a row about a whole day may fill as they are.
DAY_ITEMS = tuple(
    column
    for column in DAYS.columns
    if column not in (*_WHEN, *YES_NO_TARGETS, *_TOLD, "source", "status", "tz", "backfilled_days", "migraine_rule", "pain_max")
)
TARGETS = (*_WHEN, *_TOLD, *YES_NO_TARGETS, *DAY_ITEMS)
# Targets that several columns may fill together.
SEVERAL = ("symptoms", "triggers", "medicines", "place", "quality", "side_effects", "note")
_KEYS = (
    "title", "rows", "zone", "date_order", "recognise", "columns", "left_out", "words", "list_mark", "medicine_mark",
    "duration_unit", "zero_pain",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What each column of a table means.

    `columns`: target -> the folded names of its columns, in order of preference.
    `recognise`: sets of columns, each enough to know the layout by. `zero_pain`:
    what a pain of 0 says, "clear" (a headache-free day) or "attack" (an attack
    without pain). `words`: the person's own words for the strength of a headache.
    """

    id: str
    title: str
    rows: str = ATTACKS
    zone: str = HOME
    date_order: str | None = None
    duration_unit: str | None = None
    zero_pain: str = "attack"
    list_mark: str | None = None
    medicine_mark: str | None = None
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recognise: tuple[frozenset[str], ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Who tells what such a table tells: two tables that a person maps differently are not one program."""
        if self.id != GENERIC:
            return f"import:{self.id}"
        mark = hashlib.sha256(repr(sorted(self.columns.items())).encode()).hexdigest()[:8]
        return f"import:{self.id}/{mark}"

    def knows(self, header: Iterable[str]) -> int:
        """How many columns of a header tell that it is this layout; 0 if it is not."""
        there = {fold(column) for column in header}
        return max((len(columns) for columns in self.recognise if columns <= there), default=0)


class _Reader:
    """Reads one mapping, every problem at once."""

    def __init__(self, told: dict[str, Any], where: str) -> None:
        self.told, self.where, self.problems = told, where, list[Problem]()

    def add(self, key: str, what: str, try_this: str) -> None:
        self.problems.append(Problem(f"{self.where}, {key}", what, try_this))

    def choice(self, key: str, words: tuple[str, ...], default: str | None) -> str | None:
        value = self.told.get(key, default)
        if value is None or value in words:
            return value
        self.add(key, f"{shown(str(value))} is not known.", f"Use one of {', '.join(words)}.")
        return default

    def text(self, key: str, default: str | None) -> str | None:
        value = self.told.get(key, default)
        if value is None or (isinstance(value, str) and 0 < len(value) <= 200):
            return value
        self.add(key, "this is no text.", 'Write it in quotes, such as "; ".')
        return default

    def names(self, key: str, value: object) -> tuple[str, ...]:
        values = [value] if isinstance(value, str) else value
        if isinstance(values, list) and values and all(isinstance(name, str) and fold(name) for name in values):
            return tuple(dict.fromkeys(fold(name) for name in values))
        self.add(key, "this is no name of a column.", 'Give a name, or a list of names: ["Pain", "Pain Level"].')
        return ()

    def table(self, key: str) -> dict[str, Any]:
        value = self.told.get(key, {})
        if isinstance(value, dict):
            return value
        self.add(key, "this is no table.", f"Write [{key}] on a line of its own, and the entries below it.")
        return {}

    def columns(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for target, value in self.table("columns").items():
            if target in TARGETS:
                found[target] = self.names(f"columns.{target}", value)
            else:
                self.add(f"columns.{shown(target)[1:-1]}", "this is nothing that a diary holds.", f"Use {', '.join(TARGETS)}.")
        claimed: dict[str, str] = {}
        for target, names in found.items():
            for name in names:
                if claimed.setdefault(name, target) != target:
                    self.add(f"columns.{target}", f"{shown(name)} is used for {claimed[name]} too.", "Use each column once.")
        if not {"date", "start"} & found.keys() and not self.problems:
            self.add("columns", "no column tells the day.", 'Add date = "..." or start = "...".')
        return found

    def read(self, layout: str) -> Mapping:
        for key in sorted(self.told.keys() - set(_KEYS)):
            self.add(shown(str(key))[1:-1], "this key is not known.", f"Use {', '.join(_KEYS)}.")
        zone = self.text("zone", HOME) or HOME
        if zone != HOME and zone_named(zone) is None:
            self.add("zone", f"{shown(zone)} is no time zone that we know.", 'Use "home", "UTC" or a name like Europe/Berlin.')
        words = {}
        for word, level in self.table("words").items():
            words[fold(word)] = str(level)
            if level not in HEADACHE_LEVELS:
                self.add(
                    f"words.{shown(word)[1:-1]}", f"{shown(str(level))} is not known.", f"Use {', '.join(HEADACHE_LEVELS)}."
                )
        recognise = self.told.get("recognise", [])
        sets = recognise if isinstance(recognise, list) else [recognise]
        return Mapping(
            id=layout,
            title=self.text("title", layout) or layout,
            rows=self.choice("rows", (ATTACKS, WHOLE_DAYS), ATTACKS) or ATTACKS,
            zone=zone,
            date_order=self.choice("date_order", ORDERS, None),
            duration_unit=self.choice("duration_unit", ("hours", "minutes"), None),
            zero_pain=self.choice("zero_pain", ("attack", "clear"), "attack") or "attack",
            list_mark=self.text("list_mark", None),
            medicine_mark=self.text("medicine_mark", None),
            columns=self.columns(),
            recognise=tuple(frozenset(self.names("recognise", names)) for names in sets),
            left_out={fold(name): str(why) for name, why in self.table("left_out").items()},
            words=words,
        )


def read_mapping(told: dict[str, Any], where: str, layout: str = GENERIC) -> Mapping:
    """A mapping out of a parsed TOML table.

    Raises:
        BadInput: with everything that is wrong with it.
    """
    reader = _Reader(told, where)
    mapping = reader.read(layout)
    if reader.problems:
        raise BadInput(reader.problems)
    return mapping


@cache
def known_layouts() -> dict[str, Mapping]:
    """The packaged layouts by id."""
    told = read_rules("csv_layouts")
    return {layout: read_mapping(table, "csv_layouts.toml", layout) for layout, table in told.items() if "columns" in table}


def recognised(header: list[str]) -> Mapping | None:
    """The packaged layout that most columns of a header tell of; None where none does, or two do."""
    scores = sorted(((mapping.knows(header), mapping.id) for mapping in known_layouts().values()), reverse=True)
    best, second = scores[0], scores[1]
    return known_layouts()[best[1]] if best[0] > second[0] else None
