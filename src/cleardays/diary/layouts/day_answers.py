"""One local day out of everything that was told of it: attacks, words about the day, medicines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cleardays.diary.entries import TAKEN, Attack, DoseEntry
from cleardays.diary.kleene import Tri
from cleardays.diary.layouts.clocks import Home, hours_on
from cleardays.diary.layouts.collected import Finding, Losses
from cleardays.diary.layouts.intake import DOSES
from cleardays.diary.layouts.words import kept_words
from cleardays.diary.records import CLEAR, HEADACHE_LEVELS, ITEMS, DayRecord

_SYMPTOMS = (
    "nausea", "vomiting", "light", "sound", "worse_moving", "one_sided", "pulsating", "bilateral", "pressing",
    "believed_migraine",
)  # fmt: skip
_WORDS = ("other_symptoms", "triggers")
# Told by attacks and days together; every other item is the day's alone.
_TOGETHER = ("headache", "pain_max", "hours", "aura", "acute_doses", "acute_classes", "preventive_taken", *_SYMPTOMS, *_WORDS)
_ANTIEMETIC = "antiemetic"
_LONGEST_NOTE = 100_000  # a reader of CSV takes cells up to 131,072


@dataclass(slots=True)
class TheDay:
    """What was told of one local day; `begun` are the attacks that began on it."""

    day: date
    attacks: list[Attack] = field(default_factory=list)
    begun: list[Finding] = field(default_factory=list)
    words: list[tuple[DayRecord, str]] = field(default_factory=list)  # and where each stands
    doses: list[DoseEntry] = field(default_factory=list)
    reports: list[datetime | None] = field(default_factory=list)
    places: dict[str, None] = field(default_factory=dict)  # where its attacks are told

    def record(self, source: str, home: Home, *, daily: bool, lost: Losses) -> DayRecord | None:
        """The day record; None where nothing was answered."""
        answers = self._headache(home, lost)
        answers |= {name: self._symptom(name) for name in _SYMPTOMS}
        answers["aura"] = _any([finding.attack.aura for finding in self.begun if finding.attack], self._said("aura"))
        answers |= {name: self._words(name) for name in _WORDS}
        answers |= self._medicines()
        answers |= self._alone(lost)
        answers = {name: value for name, value in answers.items() if value is not None}
        note = self._note(lost)
        if not answers and note is None:
            return None
        return DayRecord(
            date=self.day,
            source=source,
            status="complete" if daily and any(told.headache for told, _ in self.words) else "partial",
            reported_at=self._reported(home, lost),
            tz=next((told.tz for told, _ in self.words if told.tz), None),
            note=note,
            **answers,
        )

    def _note(self, lost: Losses) -> str | None:
        """All notes of the day, as far as one cell can hold them."""
        notes = [told.note for told, _ in self.words if told.note]
        notes += [finding.attack.note for finding in self.begun if finding.attack and finding.attack.note]
        note = "\n".join(dict.fromkeys(notes))
        if len(note) > _LONGEST_NOTE:
            lost.count("notes of one day", f"they have more than {_LONGEST_NOTE:,} characters; the rest is left out")
        return note[:_LONGEST_NOTE].strip() or None

    def _headache(self, home: Home, lost: Losses) -> dict[str, Any]:
        """Level, grade and hours; a headache outweighs words that say there was none."""
        with_pain = [attack for attack in self.attacks if attack.headache != CLEAR]
        said = [(told.headache, where) for told, where in self.words if told.headache is not None]
        levels = [attack.headache or "present" for attack in with_pain] + [level for level, _ in said if level != CLEAR]
        told_hours = [told.hours for told, _ in self.words if told.hours is not None]
        if not levels:
            if not said:  # an attack without pain says neither that there was a headache nor that there was none
                return {} if self.attacks else {"hours": max(told_hours, default=None)}
            return {"headache": CLEAR, "pain_max": 0 if any(told.pain_max == 0 for told, _ in self.words) else None}
        self._outweighed([where for level, where in said if level == CLEAR], lost)
        grades = [attack.pain_max for attack in with_pain]
        grades += [told.pain_max for told, _ in self.words if told.headache not in (None, CLEAR)]
        known = [grade for grade in grades if grade is not None]
        hours = hours_on(self.day, with_pain, home) if with_pain else None
        return {
            "headache": _worst(levels),
            "pain_max": max(known) if known and len(known) == len(grades) else None,
            "hours": hours if hours is not None else max(filter(None, told_hours), default=None),
        }

    def _outweighed(self, clear: list[str], lost: Losses) -> None:
        headaches = [*self.places, *(where for told, where in self.words if told.headache not in (None, CLEAR))]
        for where in clear:
            what = (
                f"{self.day} is called headache-free here, but there was a headache ({headaches[0]}); the headache was taken."
            )
            lost.add("a day called headache-free that was not", where, what)

    def _symptom(self, name: str) -> Tri:
        return _any([getattr(attack, name) for attack in self.attacks], self._said(name))

    def _said(self, name: str) -> list[Any]:
        return [answer for told, _ in self.words if (answer := getattr(told, name)) is not None]

    def _words(self, name: str) -> tuple[str, ...] | None:
        tellers = [getattr(attack, name) for attack in self.attacks] + [getattr(told, name) for told, _ in self.words]
        told = [words for words in tellers if words is not None]
        return (
            kept_words([word for words in told for word in words])
            if any(told) or (told and len(told) == len(tellers))
            else None
        )

    def _medicines(self) -> dict[str, Any]:
        taken = [dose for dose in self.doses if dose.state in TAKEN]
        acute = [dose for dose in taken if dose.kind == "acute"]
        counted = [dose for dose in acute if dose.acute_class != _ANTIEMETIC]
        classes = tuple(sorted({dose.acute_class for dose in acute if dose.acute_class is not None}))
        # what is not known to be a preventive may be an acute medicine; "2x" may be one intake or two
        sure = all(dose.kind is not None for dose in taken)
        sure = sure and not any(dose.unit == DOSES and (dose.amount or 0) > 1 for dose in counted)
        preventive = [dose.state in TAKEN for dose in self.doses if dose.kind == "preventive" and dose.state]
        told_classes, told_preventive = self._said("acute_classes"), self._said("preventive_taken")
        return {
            "acute_doses": self._number(taken, counted, sure=sure or not set(classes) - {_ANTIEMETIC}),
            "acute_classes": classes or (told_classes[0] if told_classes else None),
            "preventive_taken": any(preventive) if preventive else (told_preventive[0] if told_preventive else None),
        }

    def _number(self, taken: list[DoseEntry], counted: list[DoseEntry], *, sure: bool) -> int | None:
        """Intakes of acute medicines: as the day says itself, else those that are told one by one."""
        said: int | None = max(self._said("acute_doses"), default=None)
        if said is not None and (said or not counted):
            return said
        if counted:
            return len(counted) if sure else None
        return 0 if not taken and self._none_taken() else None

    def _none_taken(self) -> bool:
        return bool(self.begun) and all(finding.no_medicine for finding in self.begun)

    def _alone(self, lost: Losses) -> dict[str, Any]:
        """Items that only words about the day tell; told in two ways they are left out."""
        found: dict[str, Any] = {}
        for name in ITEMS:
            if name in _TOGETHER:
                continue
            told = list(dict.fromkeys(self._said(name)))
            if len(told) == 1:
                found[name] = told[0]
            elif all(isinstance(value, bool) for value in told) and told:
                found[name] = True
            elif told:
                lost.count(f"several answers for {name} on one day", "which one holds for the day cannot be known; left out")
        return found

    def _reported(self, home: Home, lost: Losses) -> datetime | None:
        """The last of the reports; the day is not known as a whole before it."""
        if not self.reports or any(report is None for report in self.reports):
            return None
        latest = max(report for report in self.reports if report is not None)
        if (latest if home.zone is None else latest.astimezone(home.zone)).date() < self.day:
            lost.count(
                "time of the report", "it lies before the day it is about (an attack that went on); left out for that day"
            )
            return None
        return latest


def _worst(levels: list[str]) -> str:
    """The worst of several levels; a headache of unknown strength may have been worse than a mild one."""
    worst = max(levels, key=HEADACHE_LEVELS.index)
    return "present" if worst == "mild" and "present" in levels else worst


def _any(of_attacks: list[Tri], said: list[Tri]) -> Tri:
    """Whether any of them had it; an attack that was not asked leaves a no open, words about the day do not."""
    if True in of_attacks or True in said:
        return True
    return False if (of_attacks or said) and None not in of_attacks else None
