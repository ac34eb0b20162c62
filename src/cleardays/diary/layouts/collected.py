"""What a reader found in a file: findings, rows that it refused, and what it could not take."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cleardays.diary.entries import Attack, AuraSymptom, DoseEntry, Event
from cleardays.diary.layouts.clocks import Home, Offsets
from cleardays.diary.records import DayRecord, Lost
from cleardays.medicines import Lookup
from cleardays.problems import MOST_PROBLEMS, Problem, enough
from cleardays.texts import clean

_MOST_OF_A_KIND = 5
_MOST_ALIKE = 60
_LONGEST_NAME = 80
_LONGEST_TEXT = 2000  # of a refused row


class Naming(NamedTuple):
    """How names of medicines are understood: looked up, cut out of a list, parted from their amount."""

    find: Lookup
    split: Callable[[str], list[str]]
    amount: Callable[[str], tuple[str, Decimal | None, str | None]]


def _plain_split(text: str) -> list[str]:
    for mark in (",", "+", "\n"):
        text = text.replace(mark, ";")
    return [part.strip() for part in text.split(";") if part.strip()]


# Without a catalogue no name is known.
NO_NAMES = Naming(lambda _: None, _plain_split, lambda text: (text.strip(), None, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the person said about the file: home zone, order of its dates, whose entries, how names are understood."""

    zone: ZoneInfo | None = None
    date_order: str | None = None
    person: str | None = None
    naming: Naming = NO_NAMES
    offsets: Offsets = field(default_factory=Offsets, compare=False)

    @property
    def home(self) -> Home:
        """The home zone, for reading stamps."""
        return Home(self.zone, self.offsets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one row or element tells.

    `text` is how it stood there, `key` the file's own name for it. `attack` is an attack, `until` its last day where
    that was told without a time; `day` is what it says of a day as a whole; doses
    and auras belong to the attack where there is one. `no_medicine`: it says that
    nothing was taken.
    """

    where: str
    text: str = ""
    key: str | None = None
    attack: Attack | None = None
    until: date | None = None
    auras: tuple[AuraSymptom, ...] = ()
    doses: tuple[DoseEntry, ...] = ()
    day: DayRecord | None = None
    events: tuple[Event, ...] = ()
    reported_at: datetime | None = None
    no_medicine: bool = False


class Refused(NamedTuple):
    """A row or element that was not taken, as it stood there, and why."""

    where: str
    text: str
    problems: tuple[Problem, ...]


class Losses:
    """What was left out: a few of each kind one by one, and how many more there were."""

    def __init__(self) -> None:
        self._kinds: dict[str, list[Lost]] = {}
        self._more: dict[str, int] = {}
        self._counts: dict[tuple[str, str], list[int]] = {}
        self._first: dict[tuple[str, str], str] = {}

    def add(self, kind: str, where: str, what: str) -> None:
        """One thing that was left out; `kind` says what else is like it."""
        listed = self._kinds.setdefault(kind, [])
        if len(listed) < _MOST_OF_A_KIND:
            listed.append(Lost(where, what))
        else:
            self._more[kind] = self._more.get(kind, 0) + 1

    def count(self, where: str, why: str, times: int = 1, *, first: str | None = None) -> None:
        """Something that is left out wherever it stands; told once, with how often it stood there, and where `first`."""
        self._counts.setdefault((where, why), [0])[0] += times
        if first is not None:
            self._first.setdefault((where, why), first)

    def listed(self, refused: Collection[str] = ()) -> tuple[Lost, ...]:
        """Everything, in the order it was met; without what stands in rows that were refused as a whole."""
        found: list[Lost] = []
        alike: dict[str, int] = {}
        for (where, why), (times,) in self._counts.items():
            alike[why] = alike.get(why, 0) + 1
            if alike[why] <= _MOST_ALIKE:
                first = self._first.get((where, why))
                often = f"{times:,} {'time' if times == 1 else 'times'}" + (f", first at {first}" if first else "")
                found.append(Lost(where, f"{why} ({often})"))
        found += [Lost("others", f"{n - _MOST_ALIKE:,} more: {why}") for why, n in alike.items() if n > _MOST_ALIKE]
        for kind, listed in self._kinds.items():
            found += [lost for lost in listed if lost.where not in refused]
            if kind in self._more:
                found.append(Lost(listed[-1].where, f"and {self._more[kind]:,} more like this: {kind}."))
        return tuple(found)


def attack_name(layout: str, told: str | None) -> str | None:
    """The name of an attack out of the file's own name for it; a long one is shortened so that it stays itself."""
    if not told:
        return None
    name = clean(told, _LONGEST_NAME)
    if name != told:
        name = f"{name[: _LONGEST_NAME // 2]}~{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:12]}"
    return f"{layout}/{name}"


@dataclass(slots=True)
class Collected:
    """Everything that was found in one file.

    `layout` is its id, `name` how to call the file. `has_attacks`: whether the
    layout has attacks at all. `one_start`: whether two attacks cannot begin at the
    same moment, so that two tellings of one start contradict each other. `daily`:
    whether its words about a day are a whole day's form. `source` says of each entry who told it.
    """

    layout: str
    name: str
    home: Home
    has_attacks: bool = True
    one_start: bool = True
    daily: bool = False
    findings: list[Finding] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    lost: Losses = field(default_factory=Losses)
    about: dict[str, str] = field(default_factory=dict)
    source: str = ""
    _problems: int = 0

    def __post_init__(self) -> None:
        self.source = self.source or f"import:{self.layout}"

    def refuse(self, where: str, text: str, problems: list[Problem]) -> None:
        """Leave out a row with problems."""
        self.refused.append(Refused(where, text[:_LONGEST_TEXT], tuple(problems)))
        self._problems += len(problems)
        if self._problems >= MOST_PROBLEMS:
            enough(self.problems(), where)

    def problems(self) -> list[Problem]:
        """Every problem of every row that was refused."""
        return [problem for refused in self.refused for problem in refused.problems]
