"""The treatments that a diary tells of beside the judged one, each over time: preventives, sessions, care, withdrawals.

A row says what holds from its day on; what a later row says overrules it, and where nothing
more is told it goes on. Nothing is read that was not told by the day the answer is as of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from cleardays.catalogue.names import find_medicine, key_of
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.clock import local_day, zone_named
from cleardays.diary.entries import TAKEN, DoseEntry, Event, PlanStep
from cleardays.diary.records import Diary
from cleardays.plan.session_effect import course_of
from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.trial.day_to_day import Rescue

_DAY = timedelta(days=1)
# Long before a diary: what was there all along has reached its full effect on the first day.
_LONG_BEFORE = timedelta(days=3650)
_WITHDRAWAL = "withdrawal"
# Between the key of a treatment and what of it is meant; no key holds it.
PART = "|"
# Of two rows about one day, which one counts: the later in this order.
_ENDS, _HOLDS, _SKIPPED, _STOPS = range(4)


class Mark(NamedTuple):
    """From this day on the level is this; `rank` decides between two marks of one day."""

    day: date
    rank: int
    level: float


class Told(NamedTuple):
    """One other treatment: how to call it, and its marks in any order."""

    name: str
    marks: tuple[Mark, ...]

    def series(self) -> ExposureSeries | None:
        """As the response model meets it; None where it never was there."""
        steps: list[ExposureStep] = []
        of_day = {mark.day: mark.level for mark in sorted(self.marks)}
        for day, level in of_day.items():
            if level != (steps[-1].level if steps else 0.0):
                steps.append(ExposureStep(day, level))
        return ExposureSeries(self.name, tuple(steps)) if steps else None


class TreatmentRules(NamedTuple):
    """How rows become treatments; from `circumstances.toml`."""

    first_told_days: int
    stopped: frozenset[str]
    started: frozenset[str]

    @classmethod
    def of(cls, rules: Mapping[str, Any]) -> TreatmentRules:
        """From the tables of the file."""
        words = rules["words"]
        return cls(rules["first-told"]["days"], frozenset(words["stopped"]), frozenset(words["started"]))


def key(name: str) -> str:
    """Two names of one treatment have the same key: the catalogue's id, or the plainly spelled name."""
    medicine = find_medicine(name)
    return (key_of(name) or name.casefold()) if medicine is None else medicine.id


def told_treatments(
    diary: Diary, treatment: str, first_day: date, as_of: date, rules: TreatmentRules
) -> tuple[dict[str, Told], tuple[Rescue, ...]]:
    """What was done beside the judged treatment, by key, and the rescue treatments.

    Args:
        diary: its tables of doses, plan and events.
        treatment: the judged one, under any of its names; it is never among them.
        first_day: of the diary's series.
        as_of: the last day that is read; a row told later, and an end that lies later, is not.
        rules: how rows become treatments.
    """
    beside = diary.beside
    told = _Reading(key(treatment), first_day, as_of, rules)
    told.plan(beside.plan, diary.about.get("zone", ""))
    told.events([event for event in beside.events if event.date <= as_of])
    told.doses([dose for dose in beside.doses if dose.date <= as_of])
    found = {each: Told(min(told.names[each]), tuple(marks)) for each, marks in told.marks.items()}
    return found, tuple(sorted(set(told.rescues)))


class _Reading:
    """Collects marks and names by key; what belongs to the judged treatment is passed over."""

    def __init__(self, judged: str, first_day: date, as_of: date, rules: TreatmentRules) -> None:
        self.judged, self.first_day, self.as_of, self.rules = judged, first_day, as_of, rules
        self.marks: dict[str, list[Mark]] = defaultdict(list)
        self.names: dict[str, set[str]] = defaultdict(set)
        self.rescues: list[Rescue] = []

    def add(self, name: str, marks: Iterable[Mark], show: str = "", part: str = "") -> None:
        """Marks of a treatment, under its name; `show` is how to call it otherwise, `part` what of it this is."""
        of = key(name)
        if of != self.judged:
            medicine = find_medicine(name)
            at = f"{of}{PART}{part}" if part else of
            self.names[at].add(show or (name.strip() if medicine is None else medicine.id))
            self.marks[at] += marks

    def ends(self, until: date | None, rank: int = _ENDS) -> list[Mark]:
        """The mark of a last day, where that is known by now."""
        return [] if until is None or until >= self.as_of else [Mark(until + _DAY, rank, 0.0)]

    def since(self, day: date) -> date:
        """The first day of something first told on a day: among the first of the diary it was there before."""
        return day - _LONG_BEFORE if (day - self.first_day).days < self.rules.first_told_days else day

    # ---- the table of the plan

    def plan(self, steps: Sequence[PlanStep], zone: str) -> None:
        """Steps of other medicines, each as a share of the greatest dose of its medicine."""
        known = zone_named(zone) if zone else None
        by_drug: dict[str, list[PlanStep]] = defaultdict(list)
        for step in steps:
            late = step.confirmed_at is not None and local_day(step.confirmed_at, known) > self.as_of
            if step.drug is not None and step.from_day <= self.as_of and not late:
                by_drug[key(step.drug)].append(step)
        for found in by_drug.values():
            levels = _shares([None if s.amount is None else (s.amount * (s.times or 1), s.unit) for s in found])
            for step, level in zip(found, levels, strict=True):
                self.add(step.drug or "", [Mark(step.from_day, _HOLDS, level), *self.ends(step.to)])

    # ---- the table of events

    def events(self, events: Sequence[Event]) -> None:
        """Care, withdrawals, changes of other medicines, rescue treatments."""
        for kind, read in (("care", self._care), (_WITHDRAWAL, self._withdrawals), ("dose_change", self._changes)):
            for found in _by_key(event for event in events if event.kind == kind):
                read(found)
        for event in events:
            if event.kind == "rescue" and self.judged not in (key(event.drug or event.term), key(event.term)):
                self.rescues.append(Rescue(event.since or event.date, event.term))

    def _care(self, events: list[Event]) -> None:
        """From the first session attended on; a session missed is no end."""
        attended = [event for event in events if event.attended is not False]
        if attended:
            ends = [mark for event in attended for mark in self.ends(event.until)]
            held = [event.since or event.date for event in attended]
            self.add(
                attended[0].term, [Mark(self.since(min(held)), _HOLDS, 1.0), *(Mark(day, _HOLDS, 1.0) for day in held), *ends]
            )

    def _withdrawals(self, events: list[Event]) -> None:
        """The stop of an overused medicine is a treatment; that of a preventive ends that one."""
        name, first = events[0].drug, min(event.since or event.date for event in events)
        medicine = None if name is None else find_medicine(name)
        if name is not None and medicine is not None and "acute" not in medicine.uses and medicine.acute_class is None:
            self._stop(name, first)
        elif name is None:
            self.add(_WITHDRAWAL, [Mark(first, _HOLDS, 1.0)])
        else:
            shown = name.strip() if medicine is None else medicine.id
            self.add(name, [Mark(first, _HOLDS, 1.0)], f"stopping {shown}", _WITHDRAWAL)

    def _changes(self, events: list[Event]) -> None:
        """Starts, stops and other changes of a medicine that is named; without a name it is the judged one's own."""
        name = events[0].drug
        if name is None:
            return
        for event in events:
            on, words = event.since or event.date, set(f"{event.term} {event.action or ''}".casefold().split())
            if words & self.rules.stopped:
                self._stop(name, on)
                continue
            begun = [Mark(on, _HOLDS, 1.0), *self.ends(event.until, _STOPS)]
            if words & self.rules.started:
                self.add(name, begun)
            elif not _changes_level(self.marks.get(key(name), ())):
                medicine = find_medicine(name)
                shown = name.strip() if medicine is None else medicine.id
                self.add(name, begun, f"the other dose of {shown}", on.isoformat())

    def _stop(self, name: str, on: date) -> None:
        """No more from a day on; what was not told before that was there all along."""
        known = [mark for mark in self.marks.get(key(name), ()) if mark.day < on and mark.level]
        before = [] if known else [Mark(self.first_day - _LONG_BEFORE, _ENDS, 1.0)]
        self.add(name, [*before, Mark(on, _STOPS, 0.0)])

    # ---- the table of doses

    def doses(self, doses: Sequence[DoseEntry]) -> None:
        """Preventives and sessions; the acute medicines of an attack are none."""
        by_drug: dict[str, list[DoseEntry]] = defaultdict(list)
        for dose in doses:
            name = dose.drug or dose.name
            if name is not None and dose.state in (None, "skipped", *TAKEN) and _is_preventive(dose, name):
                by_drug[key(name)].append(dose)
        for at, found in by_drug.items():
            lasts = _lasts(at)
            taken = [dose for dose in found if dose.state != "skipped"]
            if lasts is not None:
                self.add(_name(found), _session_marks({dose.date for dose in taken}, lasts))
            elif any(dose.kind == "session" and dose.reason != "preventive" for dose in found):
                self.rescues += [Rescue(dose.date, _name(found)) for dose in taken if at != self.judged]
            elif taken or at in self.marks:
                self.add(_name(found), self._dose_marks(self.marks.get(at, ()), found, taken))

    def _dose_marks(self, known: Sequence[Mark], found: list[DoseEntry], taken: list[DoseEntry]) -> list[Mark]:
        """From the first dose on, unless a plan or an event says since when; a day that was skipped is a pause."""
        levels: dict[date, float] = {}
        for dose, level in zip(taken, _shares([_amount(dose) for dose in taken]), strict=True):
            levels[dose.date] = max(level, levels.get(dose.date, 0.0))
        skipped = {dose.date for dose in found if dose.state == "skipped"} - set(levels)
        if not known:
            marks = [Mark(day, _HOLDS, level) for day, level in levels.items()]
            first = min(marks)
            return [Mark(self.since(first.day), _HOLDS, first.level), *marks, *(Mark(day, _SKIPPED, 0.0) for day in skipped)]
        marks = [Mark(day, _HOLDS, level) for day, level in levels.items() if not _level_on(known, day)]
        for day in sorted(skipped):
            again = min((each for each in levels if each > day), default=None)
            marks.append(Mark(day, _SKIPPED, 0.0))
            if again is not None:
                marks.append(Mark(again, _HOLDS, _level_on(known, again) or levels[again]))
        return marks


def _by_key(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Events of one treatment together: by the medicine they name, care by what it was; in the order of their days."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        name = event.term if event.kind == "care" else event.drug
        found["" if name is None else key(name)].append(event)
    yield from (sorted(each, key=_in_time) for _, each in sorted(found.items()))


def _in_time(event: Event) -> tuple[date, str, str]:
    return event.date, event.term, event.drug or ""


def _is_preventive(dose: DoseEntry, name: str) -> bool:
    if dose.kind is not None or dose.reason is not None:
        return dose.kind in ("preventive", "session") or dose.reason == "preventive"
    medicine = find_medicine(name)
    return medicine is not None and "acute" not in medicine.uses and bool({"preventive", "recovery"} & medicine.uses)


def _name(doses: list[DoseEntry]) -> str:
    return min(dose.drug or dose.name or "" for dose in doses)


def _amount(dose: DoseEntry) -> tuple[Decimal, str | None] | None:
    return None if dose.amount is None else (dose.amount, dose.unit)


def _shares(amounts: Sequence[tuple[Decimal, str | None] | None]) -> list[float]:
    """Each amount as a share of the greatest; 1 throughout where one is not told, or the units differ."""
    told = [each for each in amounts if each is not None]
    most = max((amount for amount, _ in told), default=Decimal(0))
    if len(told) < len(amounts) or len({unit for _, unit in told}) > 1 or not most:
        return [1.0] * len(amounts)
    return [round(float(amount / most), 3) for amount, _ in told]


def _lasts(treatment: str) -> timedelta | None:
    """How long a session of a treatment counts: as long as its effect lasts, else until the next one is due."""
    if treatment not in treatment_ids():
        return None
    known = load_treatment(treatment)
    course = course_of(known)
    if course is not None:
        return timedelta(days=round(course.lasts[1]))
    weeks = [float(row["weeks"]) for row in known.facts("interval")]
    return timedelta(weeks=max(weeks)) if weeks else None


def _session_marks(days: set[date], lasts: timedelta) -> list[Mark]:
    held = sorted(days)
    marks = [Mark(day, _HOLDS, 1.0) for day in held]
    marks += [Mark(day + lasts, _ENDS, 0.0) for day, after in pairwise(held) if after > day + lasts]
    return marks + [Mark(day + lasts, _ENDS, 0.0) for day in held[-1:]]


def _level_on(marks: Sequence[Mark], day: date) -> float:
    return next((mark.level for mark in sorted(marks, reverse=True) if mark.day <= day), 0.0)


def _changes_level(marks: Sequence[Mark]) -> bool:
    return len({mark.level for mark in marks if mark.level}) > 1
