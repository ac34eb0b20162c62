"""One row of a mapped table: an attack with everything told of it, or a whole day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cleardays.diary.cells import YES_NO, Misread
from cleardays.diary.entries import Attack, AuraSymptom, DoseEntry, Event
from cleardays.diary.layouts.collected import Asked, Collected, Finding, attack_name
from cleardays.diary.layouts.foreign_tables import row_text
from cleardays.diary.layouts.intake import Occasion, dose, read_list, says_none, with_amounts
from cleardays.diary.layouts.mapping import DAY_ITEMS, GENERIC, WHOLE_DAYS, YES_NO_TARGETS, Mapping
from cleardays.diary.layouts.row_times import Cells, TimeReader, Unfit, When
from cleardays.diary.layouts.values import Grade, read_level, read_minutes, strength_reader
from cleardays.diary.layouts.words import (
    MOST_WORDS,
    as_note,
    fold,
    listed,
    not_known,
    read_sides,
    read_symptoms,
    read_triggers,
    vocabulary,
    yes_or_no,
)  # fmt: skip
from cleardays.diary.records import CLEAR, DayRecord, contradictions
from cleardays.diary.sheets import DAYS
from cleardays.diary.tables import Row
from cleardays.texts import clean

_MOST_MEDICINES = 50
_HOURS = ("hours", "sleep_h", "hours_lost")


class RowReader:
    """Turns rows into findings."""

    def __init__(
        self, mapping: Mapping, times: TimeReader, asked: Asked, found: Collected, columns: dict[str, list[int]]
    ) -> None:
        self.mapping, self.times, self.asked, self.found, self.columns = mapping, times, asked, found, columns
        self.source = mapping.source

    def take(self, row: Row) -> None:
        """Read one row, or refuse it with everything that is wrong."""
        where = f"{self.found.name}, line {row.line}"
        told = {
            target: "\n".join(text for index in places if (text := row.values[index]))
            for target, places in self.columns.items()
        }
        headers = {target: row.header[places[0]] for target, places in self.columns.items()}
        cells = Cells({target: text for target, text in told.items() if text}, headers, where)
        try:
            finding = self._day(cells) if self.mapping.rows == WHOLE_DAYS else self._attack(cells)
            cells.done()
        except Unfit:
            self.found.refuse(where, row_text(row), cells.problems)
            return
        if finding is not None:
            self.found.findings.append(replace(finding, where=where, text=row_text(row)))

    def _attack(self, cells: Cells) -> Finding | None:
        grade = self._grade(cells)
        if grade is not None and grade.headache == CLEAR and self.mapping.zero_pain == "clear":
            return self._day(cells)
        when = self.times.when(cells)
        columns, others = self._symptoms(cells)
        auras = self._auras(cells, when.day, columns)
        if when.start is None and when.minutes is not None and when.until is None:
            why = "the time of its start is not told, so days after the first cannot be known; the length is kept"
            self.found.lost.count("length of the attack", why)
        elif when.end is None and when.until is None:
            self.found.lost.count("end of the attack", "it is not told, so days after the first cannot be known")
        attack = Attack(
            date=when.day,
            id=attack_name(self.mapping.id, cells.get("id")),
            start=when.start,
            end=when.end,
            minutes=when.minutes,
            headache="present" if grade is None else grade.headache,
            pain_max=None if grade is None else grade.pain_max,
            other_symptoms=others,
            triggers=self._triggers(cells),
            source=self.source,
            note=self._note(cells),
            **columns,
        )
        items = self._items(cells)
        doses, none_taken = self._doses(cells, when, attack=True)
        return Finding(
            where="",
            key=attack.id,
            attack=attack,
            until=when.until,
            auras=auras,
            doses=doses,
            day=DayRecord(date=when.day, **items) if items else None,
            events=self._events(cells, when.day),
            reported_at=self.times.reported(cells),
            no_medicine=none_taken,
        )

    def _day(self, cells: Cells) -> Finding | None:
        """A row about a whole day."""
        day, start = self.times.day_of(cells)
        grade = self._grade(cells)
        columns, others = self._symptoms(cells)
        answers: dict[str, Any] = {**columns, "other_symptoms": others, "triggers": self._triggers(cells)}
        answers |= self._items(cells)
        if grade is not None:
            answers["headache"] = grade.headache
            if grade.pain_max is not None:
                answers["pain_max"] = grade.pain_max
        doses, none_taken = self._doses(cells, When(day), attack=bool(grade and grade.headache != CLEAR))
        zone = None if start is None or not cells.get("zone") or self.asked.zone is None else cells.get("zone")
        record = DayRecord(
            date=day,
            source=self.source,
            note=self._note(cells),
            tz=zone if zone is not None and zone != getattr(self.asked.zone, "key", None) else None,
            **{name: value for name, value in answers.items() if value is not None},
        )
        if none_taken and record.acute_doses is None:
            record = replace(record, acute_doses=0)
        for column, what, cure in contradictions(record):
            cells.add(column, what, cure)
        return Finding(
            where="",
            day=record,
            doses=doses,
            auras=self._auras(cells, day, columns),
            events=self._events(cells, day),
            reported_at=self.times.reported(cells),
        )

    def _grade(self, cells: Cells) -> Grade | None:
        """The strength: a grade, else a word for it."""
        words = self.mapping.words

        def level(text: str) -> Grade:
            known = words.get(fold(text))
            return Grade(None, known) if known else Grade(None, read_level(text))

        mapped = self.mapping.id == GENERIC
        pain, headache = (cells.read(kind, strength_reader(words, kind, mapped=mapped)) for kind in ("pain", "headache"))
        word = None
        if fold(cells.get("severity")) in (*words, *vocabulary().levels) or (cells.get("severity") and pain is None):
            word = cells.read("severity", level)
        elif cells.get("severity"):
            self.found.lost.count(f"column {cells.headers['severity']}", "is no word for the strength of a headache; left out")
        if pain is not None and word is not None and pain.headache != word.headache and self.mapping.rows != WHOLE_DAYS:
            what = f"the pain says {pain.headache}, the word beside it {word.headache}; the pain was taken."
            self.found.lost.add("pain and word differ", cells.where, what)
        for grade in (pain, word, headache):
            if grade is not None:
                return grade
        return None

    def _symptoms(self, cells: Cells) -> tuple[dict[str, bool], tuple[str, ...] | None]:
        found = read_symptoms(self._list(cells, "symptoms"))
        columns = dict(found.columns)
        others = found.others
        for name in self._list(cells, "quality"):
            column = vocabulary().symptoms.get(fold(name))
            if column is None:
                self.found.lost.count("quality of pain", "only pulsating and pressing are kept")
            else:
                columns[column] = True
        if cells.get("place"):
            columns |= read_sides(cells.get("place"))
            why = "which side or spot hurt is not kept, only whether it was one side"
            self.found.lost.count(f"column {cells.headers['place']}", why)
        for name in YES_NO_TARGETS:
            answer = True if name == "aura" and _kind_of_aura(cells.get(name)) else cells.read(name, _answer)
            if answer is not None:
                columns[name] = answer
        return columns, others

    def _auras(self, cells: Cells, day: date, columns: dict[str, bool]) -> tuple[AuraSymptom, ...]:
        names = self._list(cells, "aura_type")
        names += [cells.get("aura")] if _kind_of_aura(cells.get("aura")) else []
        minutes = cells.read("aura_minutes", _minutes)
        if not names and minutes is None:
            return ()
        if columns.get("aura") is False:
            cells.add("aura", "it says that there was no aura, and tells its kind or length.", "Correct one of the two.")
            return ()
        columns["aura"] = True
        types: list[str | None] = []
        for name in names:
            known = vocabulary().aura_types.get(fold(name))
            if known is None:
                self.found.lost.add("kind of aura", cells.where, f"{clean(name, 80)!r} is no kind of aura that is known here.")
            else:
                types.append(known)
        if len(types) > 1 and minutes is not None:
            self.found.lost.add("length of aura", cells.where, "one length for several kinds of aura; the length is left out.")
            minutes = None
        return tuple(AuraSymptom(date=day, type=kind, min=minutes) for kind in types or (None,))

    def _doses(self, cells: Cells, when: When, *, attack: bool) -> tuple[tuple[DoseEntry, ...], bool]:
        text = cells.get("medicines")
        if not text or not_known(text):
            return (), False
        if all(says_none(line) for line in text.split("\n") if line.strip()):
            return (), True
        medicines = read_list(text, self.asked.naming, self.found.lost, cells.where, self.mapping.medicine_mark)
        if len(medicines) > _MOST_MEDICINES:
            cells.add("medicines", f"the cell names {len(medicines):,} medicines.", "Check that this is a list of medicines.")
            return (), False
        if cells.get("amounts") and medicines:
            paired = with_amounts(medicines, cells.get("amounts"), self.asked.naming)
            if paired is None:
                what = f"the amounts {clean(cells.get('amounts'), 40)!r} do not pair with the medicines; left out."
                self.found.lost.add("amounts", cells.where, what)
            medicines = paired or medicines
        on = Occasion(when.day, attack=attack)
        entries = (dose(one, on, self.asked.naming, self.found.lost, cells.where) for one in medicines)
        return tuple(replace(entry, source=self.source) for entry in entries), False

    def _events(self, cells: Cells, day: date) -> tuple[Event, ...]:
        names = [clean(name, 120) for name in self._list(cells, "side_effects") if fold(name) not in vocabulary().none]
        return tuple(Event(date=day, kind="side_effect", term=name, source=self.source) for name in names if name)

    def _items(self, cells: Cells) -> dict[str, Any]:
        found = {}
        for target in DAY_ITEMS:
            value = cells.read(target, _item_reader(target))
            if value is not None:
                found[target] = value
        return found

    def _triggers(self, cells: Cells) -> tuple[str, ...] | None:
        return read_triggers(self._list(cells, "triggers"))

    def _list(self, cells: Cells, target: str) -> list[str]:
        text = cells.get(target)
        marks = self.mapping.list_mark
        if not text or not_known(text):
            return []
        words = listed(text, marks) if marks else listed(text)
        if len(words) > MOST_WORDS:
            self.found.lost.add(
                "long lists", cells.where, f"{target} has {len(words):,} words; the first {MOST_WORDS} are kept."
            )
        return words[:MOST_WORDS]

    def _note(self, cells: Cells) -> str | None:
        note, changed = as_note(cells.get("note"))
        if changed:
            self.found.lost.add("note", cells.where, "the note was too long, or held characters that no table can hold; cut.")
        return note


def _answer(text: str) -> bool | None:
    answer = yes_or_no(text)
    if answer is None and not not_known(text):
        raise Misread("Use yes or no; leave it empty when it was not answered.")
    return answer


def _kind_of_aura(text: str) -> str | None:
    """The kind of aura, where a column for aura names that instead of yes or no."""
    return vocabulary().aura_types.get(fold(text))


def _minutes(text: str) -> Decimal:
    return Decimal(read_minutes(text, "minutes"))


def _item_reader(target: str) -> Callable[[str], object]:
    column = DAYS.columns[target]

    def read(text: str) -> object:
        if target in _HOURS:
            try:
                return column.read(text)
            except Misread:
                return column.read(f"{Decimal(read_minutes(text, 'hours')) / 60:.4f}")
        if column is YES_NO:
            return _answer(text)
        return column.read(text.lower() if target == "migraine" else text)

    return read
