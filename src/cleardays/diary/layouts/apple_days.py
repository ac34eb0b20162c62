"""Apple's symptoms belong to the headache they came with, else to their day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from cleardays.diary.layouts.clocks import Home, days_touched
from cleardays.diary.layouts.collected import Finding, Losses
from cleardays.diary.layouts.words import kept_words
from cleardays.diary.records import DayRecord

_COLUMNS = ("nausea", "vomiting")
_DAY = timedelta(days=1)


class Symptom(NamedTuple):
    """One record of a symptom: a column or a word, and whether it was there."""

    name: str
    had: bool
    start: datetime
    end: datetime
    where: str


def sure_days(start: datetime, end: datetime, home: Home) -> list[date]:
    """The days of which something is said as a whole: the one day of a record, or those that it covers from end to end."""
    last = end.date() - _DAY if end.time() == time(0) and end > start else end.date()
    if last <= start.date():
        return [start.date()]
    days = [start.date() + n * _DAY for n in range((last - start.date()).days + 1)]
    return [day for day in days if start <= home.midnight(day, start) and home.midnight(day + _DAY, start) <= end]


def days_of_symptoms(headaches: list[Finding], symptoms: list[Symptom], lost: Losses) -> tuple[list[Finding], list[Finding]]:
    """The headaches with the symptoms that came with them, and findings of the days of other symptoms."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for index, finding in enumerate(headaches):
        if finding.attack is not None:
            for day in days_touched(finding.attack):
                by_day[day].append(index)
    with_attack: dict[int, list[Symptom]] = defaultdict(list)
    alone: list[Symptom] = []
    for symptom in dict.fromkeys(symptoms):
        span = range((symptom.end.date() - symptom.start.date()).days + 1)
        near = {index for n in span for index in by_day.get(symptom.start.date() + n * _DAY, ())}
        met = [index for index in near if _meets(headaches[index], symptom)]
        for index in met:
            with_attack[index].append(symptom)
        if not met:
            alone.append(symptom)
    for index, told in with_attack.items():
        attack = headaches[index].attack
        assert attack is not None  # only attacks meet symptoms
        headaches[index] = replace(headaches[index], attack=replace(attack, **_answers(told, lost)))
    return headaches, [finding for symptom in alone for finding in _of_days(symptom, lost)]


def _meets(finding: Finding, symptom: Symptom) -> bool:
    attack = finding.attack
    if attack is None or attack.start is None or attack.end is None:
        return False
    return attack.start <= symptom.end and symptom.start <= attack.end


def _answers(symptoms: list[Symptom], lost: Losses) -> dict[str, Any]:
    found: dict[str, Any] = {}
    words = []
    for symptom in symptoms:
        if symptom.name in _COLUMNS:
            found[symptom.name] = found.get(symptom.name, False) or symptom.had
        elif symptom.had:
            words.append(symptom.name)
        else:
            lost.count(symptom.name, "that it was not present is not kept")
    return found | ({"other_symptoms": kept_words(sorted(set(words)))} if words else {})


def _of_days(symptom: Symptom, lost: Losses) -> list[Finding]:
    answers = _answers([symptom], lost)
    days = [symptom.start.date() + n * _DAY for n in range((symptom.end.date() - symptom.start.date()).days + 1)]
    if not answers or (not symptom.had and len(days) > 1):
        return []
    return [Finding(where=symptom.where, day=DayRecord(date=day, **answers)) for day in days]
