"""The day record: one row of the diary, as the person reported it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from cleardays.problems import Problem, enough

# Longer than anybody has kept a diary: a slip in one year, not a long life.
LONGEST_SPAN_DAYS = 120 * 366
CLEAR = "clear"
HEADACHE_LEVELS = (CLEAR, "present", "mild", "moderate", "severe")
STATUSES = ("complete", "partial", "declined")
ACUTE_CLASSES = (
    "triptan", "gepant", "ditan", "ergot", "nsaid", "paracetamol", "combination", "opioid", "barbiturate",
    "antiemetic", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecord:
    """One reported local calendar day. None means not asked or not answered, never no.

    `pain_max` 0-10; `hours` of headache 0-24; `function` 0 none, 1 some, 2 much
    lost, 3 bedbound; `craving` and `mood` 0-10; `acute_doses` is a count of
    intakes; `migraine` is the person's own answer (yes, no, unsure).
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
    `co_intervention`, ...); `lost` lists what was left out when it was read.
    """

    records: tuple[DayRecord, ...]
    about: dict[str, str] = field(default_factory=dict)
    lost: tuple[Lost, ...] = ()

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
    if name not in ("date", "reported_at", "backfilled_days", "source", "status", "note")
)


def one_record_a_day(
    found: list[tuple[str, DayRecord]], problems: list[Problem]
) -> tuple[tuple[DayRecord, ...], tuple[Lost, ...]]:
    """Sort records by day; keep exact repeats once and report days that were told in two ways.

    Args:
        found: records with the place each was read from.
        problems: receives one problem for each conflicting repeat.

    Returns:
        The records, one a day, and the repeats that were dropped.
    """
    kept: dict[date, tuple[str, DayRecord]] = {}
    lost = []
    for where, record in found:
        if record.date not in kept:
            kept[record.date] = (where, record)
            continue
        first_where, first = kept[record.date]
        if first == record:
            lost.append(Lost(where, f"{record.date} is told twice in the same words (first at {first_where}); kept once."))
        else:
            differing = ", ".join(n for n in DayRecord.__dataclass_fields__ if getattr(first, n) != getattr(record, n))
            problems.append(
                Problem(
                    where,
                    f"{record.date} is told a second time and differently ({differing}; first at {first_where}).",
                    "Keep the row that is right and delete the other.",
                )
            )
            enough(problems, where)
    return tuple(record for _, (_, record) in sorted(kept.items())), tuple(lost)


def whole_diary_problems(records: tuple[DayRecord, ...], name: str) -> list[Problem]:
    """What is wrong with a diary as a whole: no days, or days further apart than a life."""
    if not records:
        return [Problem(name, "the table has no rows.", "Add one row for each day you know about.")]
    first, last = records[0].date, records[-1].date
    if (last - first).days <= LONGEST_SPAN_DAYS:
        return []
    return [Problem(name, f"the days run from {first} to {last}, longer than a life.", "Correct the year that is wrong.")]
