"""The day record: one row of the diary, as the person reported it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from cleardays.diary.beside import Beside
from cleardays.problems import MOST_PROBLEMS, Problem, enough

# Longer than anybody has kept a diary: a slip in one year, not a long life.
LONGEST_SPAN_DAYS = 120 * 366
CLEAR = "clear"
HEADACHE_LEVELS = (CLEAR, "present", "mild", "moderate", "severe")
STATUSES = ("complete", "partial", "declined")


@dataclass(frozen=True, kw_only=True)  # without slots: most fields of most days keep their default
class DayRecord:
    """One reported local calendar day. None means not asked or not answered, never no.

    `pain_max` 0-10; `hours` of headache 0-24; `function` 0 none, 1 some, 2 much
    lost, 3 bedbound; `craving`, `mood` and `stress` 0-10; `acute_doses` is a
    count of intakes; `migraine` is the person's own answer (yes, no, unsure).
    `standard_drinks` are of the size the diary names, `grams` of ethanol;
    `use_day` is use of the substance in question, `other_use` lists others. An
    empty list is an answer: none.
    """

    date: date
    reported_at: datetime | None = None
    backfilled_days: int | None = None
    source: str | None = None
    status: str | None = None
    headache: str | None = None
    pain_max: int | None = None
    hours: Decimal | None = None
    migraine: str | None = None
    migraine_rule: str | None = None
    aura: bool | None = None
    nausea: bool | None = None
    vomiting: bool | None = None
    light: bool | None = None
    sound: bool | None = None
    worse_moving: bool | None = None
    one_sided: bool | None = None
    pulsating: bool | None = None
    acute_doses: int | None = None
    acute_classes: tuple[str, ...] | None = None
    function: int | None = None
    craving: int | None = None
    mood: int | None = None
    sleep_h: Decimal | None = None
    use_day: bool | None = None
    menses: bool | None = None
    menses_day1: bool | None = None
    bilateral: bool | None = None
    pressing: bool | None = None
    believed_migraine: bool | None = None
    aura_succession: bool | None = None
    headache_within_60: bool | None = None
    other_symptoms: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None
    hours_lost: Decimal | None = None
    stress: int | None = None
    preventive_taken: bool | None = None
    standard_drinks: Decimal | None = None
    grams: Decimal | None = None
    other_use: tuple[str, ...] | None = None
    tz: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Something in a file that did not make it into the diary, and why."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Diary:
    """One person's reported days, sorted by date, each date once.

    `about` holds what the file says of itself (`person`, `zone`,
    `co_intervention`, ...); `lost` lists what was left out when it was read;
    `beside` holds attacks, doses, events and the like.
    """

    records: tuple[DayRecord, ...]
    about: dict[str, str] = field(default_factory=dict)
    lost: tuple[Lost, ...] = ()
    beside: Beside = field(default_factory=Beside)

    @property
    def person(self) -> str | None:
        """Whose diary it is, as far as the file says."""
        return self.about.get("person")


def contradictions(record: DayRecord) -> list[tuple[str, str, str]]:
    """Answers of one day that cannot both be true, as (column, what was seen, what to do)."""
    found = []
    if record.status == "declined":
        answered = [name for name in ITEMS if getattr(record, name) is not None]
        if answered:
            found.append(
                ("status", f"the day is declined but {', '.join(answered)} has an answer.", "Empty it, or use partial.")
            )
    if record.headache == CLEAR:
        for name in ("pain_max", "hours"):
            if getattr(record, name):
                found.append(
                    (name, f"the day is clear but {name} is {getattr(record, name)}.", "Make it 0, or change headache.")
                )
    elif record.headache is not None:
        for name in ("pain_max", "hours"):
            if getattr(record, name) == 0:
                found.append((name, f"headache is {record.headache} but {name} is 0.", "Correct one of the two."))
    elif (record.pain_max == 0) != (record.hours == 0) and None not in (record.pain_max, record.hours):
        found.append(("hours", f"pain_max is {record.pain_max} but hours is {record.hours}.", "Correct one of the two."))
    if record.reported_at is not None and record.reported_at.date() < record.date - timedelta(days=1):
        found.append(("reported_at", f"it lies before the day itself, {record.date}.", "Correct one of the two."))
    if record.acute_doses == 0 and set(record.acute_classes or ()) - {"antiemetic"}:
        found.append(("acute_doses", "an acute class is named but acute_doses is 0.", "Correct one of the two."))
    return found


ITEMS = tuple(
    name
    for name in DayRecord.__dataclass_fields__
    if name not in ("date", "reported_at", "backfilled_days", "source", "status", "tz", "note")
)


_R = TypeVar("_R", bound="HasLine")


class HasLine(Protocol):
    """Whatever a record was read from, as long as it knows its line."""

    @property
    def line(self) -> int:
        """Its line in the file."""


def one_record_a_day(
    found: list[tuple[_R, DayRecord]], name: str
) -> tuple[tuple[DayRecord, ...], tuple[Lost, ...], list[tuple[_R, Problem]]]:
    """Sort records by day; keep exact repeats once and report days that were told in two ways.

    Args:
        found: records with the row each was read from.
        name: how to call the file.

    Returns:
        The records, one a day; the repeats that were dropped; and for each row
        that tells a day differently than before, the row and the problem.
    """
    kept: dict[date, tuple[_R, DayRecord]] = {}
    lost: list[Lost] = []
    conflicts: list[tuple[_R, Problem]] = []
    for row, record in found:
        if record.date not in kept:
            kept[record.date] = (row, record)
            continue
        first_row, first = kept[record.date]
        where = f"{name}, line {row.line}"
        if first == record:
            first_where = f"{name}, line {first_row.line}"
            lost.append(Lost(where, f"{record.date} is told twice in the same words (first at {first_where}); kept once."))
            continue
        differing = ", ".join(n for n in DayRecord.__dataclass_fields__ if getattr(first, n) != getattr(record, n))
        what = f"{record.date} is told a second time and differently ({differing}; first at {name}, line {first_row.line})."
        conflicts.append((row, Problem(where, what, "Keep the row that is right and delete the other.")))
        enough([problem for _, problem in conflicts] if len(conflicts) >= MOST_PROBLEMS else [], where)
    return tuple(record for _, record in sorted(kept.values(), key=lambda kept: kept[1].date)), tuple(lost), conflicts


def without_contradictions(
    records: tuple[DayRecord, ...], found: list[tuple[_R, DayRecord]], conflicts: list[tuple[_R, Problem]], name: str
) -> tuple[tuple[DayRecord, ...], list[tuple[_R, Problem]]]:
    """The records without the days that were told in two ways, and every row that tells such a day.

    Args:
        records: one a day, as `one_record_a_day` gave them.
        found: the records with their rows, as it was given them.
        conflicts: the rows that it found to differ.
        name: how to call the file.
    """
    known = {row.line: problem for row, problem in conflicts}
    twice = {record.date for row, record in found if row.line in known}
    refused = []
    for row, record in found:
        if record.date in twice:
            what = f"{record.date} is told again and differently further down."
            first = Problem(f"{name}, line {row.line}", what, "Keep the row that is right and delete the other.")
            refused.append((row, known.get(row.line, first)))
    return tuple(record for record in records if record.date not in twice), refused


def whole_diary_problems(records: tuple[DayRecord, ...], name: str) -> list[Problem]:
    """What is wrong with a diary as a whole: no days, or days further apart than a life."""
    if not records:
        return [Problem(name, "the table has no rows.", "Add one row for each day you know about.")]
    first, last = records[0].date, records[-1].date
    if (last - first).days <= LONGEST_SPAN_DAYS:
        return []
    return [Problem(name, f"the days run from {first} to {last}, longer than a life.", "Correct the year that is wrong.")]
