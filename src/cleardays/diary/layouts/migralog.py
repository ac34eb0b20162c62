"""The MigraLog layout: episodes, readings, statuses of days and doses in one JSON document, times in milliseconds.

A green day is headache-free, a red one had a headache even without an episode; a
yellow one is neither for certain and stays unknown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from cleardays.clock import parse_day, zone_named
from cleardays.diary.entries import Attack, DoseEntry
from cleardays.diary.layouts.collected import Asked, Collected, Finding, attack_name
from cleardays.diary.layouts.intake import Occasion, Written, dose
from cleardays.diary.layouts.json_values import Fields
from cleardays.diary.layouts.migrainelog import check_end, count_unread
from cleardays.diary.layouts.row_times import zone_needed
from cleardays.diary.layouts.values import grade_word
from cleardays.diary.layouts.words import as_note, fold, read_sides, read_symptoms, read_triggers, vocabulary
from cleardays.diary.records import CLEAR, DayRecord
from cleardays.problems import BadInput, Problem, shown
from cleardays.texts import clean

LAYOUT = "migralog"
_SOURCE = f"import:{LAYOUT}"
_STATUSES = {"green": CLEAR, "red": "present", "yellow": None}
_KINDS = {"preventative": "preventive", "preventive": "preventive", "rescue": "acute", "other": None}
# What the person filed the medicine under, where its name is not known.
_CLASSES = ("triptan", "nsaid", "gepant", "ditan", "ergot", "opioid")
_EPISODE = (
    "id", "startTime", "endTime", "locations", "qualities", "symptoms", "triggers", "notes", "createdAt", "updatedAt",
)  # fmt: skip
_DOSE = (
    "id", "medicationId", "timestamp", "quantity", "dosageAmount", "dosageUnit", "status", "episodeId", "createdAt",
    "updatedAt",
)  # fmt: skip
_STATUS = ("id", "date", "status", "notes", "prompted", "createdAt", "updatedAt")
_TABLES = ("metadata", "episodes", "intensityReadings", "dailyStatusLogs", "medications", "medicationDoses")


def looks_like(document: object) -> bool:
    """Whether a document has these tables."""
    if not isinstance(document, dict) or not isinstance(document.get("episodes"), list):
        return False
    return len({"dailyStatusLogs", "medicationDoses", "intensityReadings", "metadata"} & document.keys()) >= 2


def read_export(document: object, name: str, asked: Asked) -> Collected:
    """Read the document.

    Raises:
        BadInput: it is no such document, or the home zone is not known.
    """
    if not isinstance(document, dict):
        raise BadInput(Problem(name, "this is no MigraLog export.", "Export the diary of MigraLog as JSON."))
    own = _own_zone(document)
    zone = asked.zone or own
    if zone is None:
        raise BadInput(zone_needed(name))
    found = Collected(LAYOUT, name, replace(asked, zone=zone).home, daily=True)
    found.about["zone"] = zone.key
    if own is not None and own.key != zone.key:
        what = f"the file says {own.key}, you said {zone.key}; days are counted in {zone.key}."
        found.lost.add("zone", name, what)
    _Export(document, name, replace(asked, zone=zone), found).read()
    return found


def _own_zone(document: dict[str, object]) -> ZoneInfo | None:
    """The zone of the reminders, where all of them name one."""
    schedules = document.get("medicationSchedules")
    told = schedules if isinstance(schedules, list) else []
    names = {one["timezone"] for one in told if isinstance(one, dict) and isinstance(one.get("timezone"), str)}
    return zone_named(next(iter(names))) if len(names) == 1 else None


class _Export:
    """The tables of one export."""

    def __init__(self, document: dict[str, object], name: str, asked: Asked, found: Collected) -> None:
        self.whole = Fields(document, name, asked.home, name)
        self.name, self.asked, self.found = name, asked, found

    def rows(self, table: str) -> list[Fields]:
        return [
            Fields(value, f"{self.name}.{table}[{number}]", self.asked.home, self.name)
            for number, value in enumerate(self.whole.items(table))
        ]

    def take(self, fields: Fields, finding: Finding | None) -> None:
        text = json.dumps(fields.value, ensure_ascii=False)[:2000]
        if fields.problems:
            self.found.refuse(fields.where, text, fields.problems)
        elif finding is not None:
            self.found.findings.append(replace(finding, where=fields.where, text=text))

    def read(self) -> None:
        grades = self.grades()
        for fields in self.rows("episodes"):
            self.take(fields, self.episode(fields, grades))
        days: dict[str, tuple[str, str]] = {}
        for fields in self.rows("dailyStatusLogs"):
            self.take(fields, self.status(fields, days))
        medicines = self.medicines()
        for fields in self.rows("medicationDoses"):
            self.take(fields, self.dose(fields, medicines))
        if self.whole.problems:
            raise BadInput(self.whole.problems)
        for table, value in self.whole.value.items():
            if table not in _TABLES and isinstance(value, list | dict) and value:
                self.found.lost.count(f"table {clean(table, 60)}", "is not kept", len(value))

    def grades(self) -> dict[str, list[int | float]]:
        """Readings of pain by episode."""
        found: dict[str, list[int | float]] = defaultdict(list)
        for fields in self.rows("intensityReadings"):
            episode, grade = fields.id("episodeId"), fields.number("intensity", 0, 10)
            if grade is None and not fields.problems:
                fields.add("intensity", "the grade is missing.", "Give 0 to 10.")
            self.take(fields, None)
            if episode is not None and grade is not None:
                found[episode].append(grade)
        if any(len(readings) > 1 for readings in found.values()):
            self.found.lost.count("intensityReadings", "of several readings of one attack the highest is kept")
        return found

    def episode(self, fields: Fields, grades: dict[str, list[int | float]]) -> Finding | None:
        start, end = fields.moment("startTime"), fields.moment("endTime")
        if start is None:
            if not fields.has("startTime"):
                fields.add("startTime", "the start is missing.", "Add it, or delete the episode.")
            return None
        check_end(fields, "endTime", start, end)
        if end is None and not fields.has("endTime"):
            self.found.lost.count("endTime", "the attack has no end, so days after the first cannot be known")
        name = fields.id()
        readings = grades.get(name or "", [])
        highest = max(readings, default=None)
        symptoms = read_symptoms([*fields.texts("symptoms"), *self.qualities(fields)])
        places = fields.texts("locations")
        if places:
            self.found.lost.count("locations", "which side or spot hurt is not kept, only whether it was one side")
        count_unread(fields, _EPISODE, self.found, "episodes")
        attack = Attack(
            date=start.date(),
            id=attack_name(LAYOUT, name),
            start=start,
            end=end,
            headache="present" if highest is None else grade_word(Decimal(str(highest))),
            pain_max=highest if isinstance(highest, int) else None,
            other_symptoms=symptoms.others,
            triggers=read_triggers(fields.texts("triggers")),
            source=_SOURCE,
            note=self.note(fields),
            **{**symptoms.columns, **read_sides(" ".join(places))},
        )
        return Finding(where="", key=attack.id, attack=attack, reported_at=fields.moment("createdAt"))

    def qualities(self, fields: Fields) -> list[str]:
        kept = []
        for quality in fields.texts("qualities"):
            if vocabulary().symptoms.get(fold(quality)) in ("pulsating", "pressing"):
                kept.append(quality)
            else:
                self.found.lost.count("qualities", "of the kinds of pain only pulsating and pressing are kept")
        return kept

    def note(self, fields: Fields) -> str | None:
        note, changed = as_note(fields.text("notes") or "")
        if changed:
            self.found.lost.add("note", fields.where, "the note was too long, or held characters that no table can hold; cut.")
        return note

    def status(self, fields: Fields, days: dict[str, tuple[str, str]]) -> Finding | None:
        text, status = fields.text("date"), fields.text("status")
        day = parse_day(text or "")
        if day is None:
            fields.add("date", f"{shown(text or '')} is no day.", "Write it as 2026-03-04.")
        if status not in _STATUSES:
            fields.add("status", f"{shown(status or '')} is not known.", f"Use one of {', '.join(_STATUSES)}.")
        if fields.problems or day is None or status is None:
            return None
        before = days.setdefault(day.isoformat(), (status, fields.where))
        if before[0] != status:
            fields.add("status", f"{day} is {status} here and {before[0]} in {before[1]}.", "Keep the one that is right.")
            return None
        count_unread(fields, _STATUS, self.found, "dailyStatusLogs")
        level = _STATUSES[status]
        if level is None:
            what = f"{day} is yellow (not clear, no attack): whether there was a headache is not told; it stays unknown."
            self.found.lost.add("yellow days", fields.where, what)
        note = self.note(fields)
        if level is None and note is None:
            return None
        record = DayRecord(date=day, headache=level, source=_SOURCE, note=note)
        return Finding(where="", day=record, reported_at=fields.moment("createdAt"))

    def medicines(self) -> dict[str, Fields]:
        found = {}
        for fields in self.rows("medications"):
            name = fields.id()
            if name is None or fields.text("name") is None:
                fields.add("name", "the medicine has no id or no name.", "Add them.")
            self.take(fields, None)
            if name is not None and not fields.problems:
                found[name] = fields
        return found

    def dose(self, fields: Fields, medicines: dict[str, Fields]) -> Finding | None:
        taken, medicine = fields.moment("timestamp"), medicines.get(fields.id("medicationId") or "")
        state, quantity = fields.text("status") or "taken", fields.number("quantity", 0, 1000)
        amount = fields.number("dosageAmount", 0, 999_999)
        if taken is None and not fields.has("timestamp"):
            fields.add("timestamp", "the time is missing.", "Add it, or delete the dose.")
        if medicine is None:
            fields.add("medicationId", "there is no such medicine in the file.", "Correct it.")
        if state not in ("taken", "skipped"):
            fields.add("status", f"{shown(state)} is not known.", "Use taken or skipped.")
        count_unread(fields, _DOSE, self.found, "medicationDoses")
        if fields.problems or taken is None or medicine is None:
            return None
        episode = fields.id("episodeId")
        on = Occasion(
            taken.date(), at=taken, attack=episode is not None, attack_id=attack_name(LAYOUT, episode),
            state="taken" if state == "taken" and quantity != 0 else "skipped",
            kind=_KINDS.get(medicine.text("type") or "other"),
        )  # fmt: skip
        total, unit = _total(amount, fields.text("dosageUnit"), quantity)
        written = Written(clean(medicine.text("name") or "", 120), total, unit, None)
        entry = dose(written, on, self.asked.naming, self.found.lost, fields.where)
        key = fields.id()
        return Finding(where="", key=f"dose/{key}" if key else None, doses=(replace(_filed(entry, medicine), source=_SOURCE),))


def _total(amount: int | float | None, unit: str | None, quantity: int | float | None) -> tuple[Decimal | None, str | None]:
    """The whole amount of one intake."""
    if amount is None or unit is None or not quantity:
        return None, None
    total = (Decimal(str(amount)) * Decimal(str(quantity))).quantize(Decimal("0.0001")).normalize()
    return Decimal(f"{total:f}"), clean(unit, 20)


def _filed(entry: DoseEntry, medicine: Fields) -> DoseEntry:
    category = fold(medicine.text("category") or "")
    if entry.drug is None and entry.kind == "acute" and category in _CLASSES:
        return replace(entry, acute_class=category)
    return entry
