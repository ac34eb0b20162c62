"""What a diary as a whole shows beside its counts: findings, lasting patterns, effects to attribute, care, scores."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from cleardays.diary.classified import ClassifiedDays, classify_diary
from cleardays.diary.entries import Event
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import Tri, all_of, reaches
from cleardays.diary.measures import overuse_of_part
from cleardays.diary.month_series import MonthAnswers, judge_months
from cleardays.diary.months import NEVER_FROM_A_DIARY
from cleardays.diary.records import Diary
from cleardays.diary.red_flags import NOTHING_EXCLUDED, red_flags
from cleardays.diary.rules import read_rules
from cleardays.diary.use_spells import use_spells
from cleardays.diary.windows import window_bounds


def findings(diary: Diary, start: date | None = None) -> dict[str, object]:
    """Everything of a diary that is no count of a window, as JSON; `start` is the first day of a treatment."""
    found = classify_diary(diary)
    months = month_answers(found)
    judged = with_months_outside(months)
    flags = red_flags(diary)
    return {
        "first_day": found.first_day.isoformat(),
        "last_day": found.last_day.isoformat(),
        "red_flags": [{**flag._asdict(), "on": flag.on.isoformat(), "source": list(flag.source)} for flag in flags],
        "note": NOTHING_EXCLUDED,
        "patterns": judge_months(
            judged, diagnosed={"no": False, "unknown": None}.get(diary.about.get("migraine_diagnosis", ""), True)
        ),
        "months": len(months),
        "effects": [_document(event) for event in diary.beside.events if event.kind == "side_effect"],
        "to_attribute": [_question(event) for event in to_attribute(diary.beside.events)],
        "care": _care(diary.beside.events),
        "use": use_spells(diary, found, start),
        "triggers": _triggers(diary),
        "scores": [
            {"date": s.date.isoformat(), "instrument": s.instrument, "total": None if s.total is None else float(s.total)}
            for s in diary.beside.scores
        ],
    }


def month_answers(found: ClassifiedDays) -> list[MonthAnswers]:
    """Each calendar month that the diary touches, whole: days outside the diary are unknown."""
    chronic = headache_rules().chronic_month
    answers = []
    for first, _ in window_bounds(found.first_day, found.last_day, "cal", None):
        length = calendar.monthrange(first.year, first.month)[1]
        end = (first + timedelta(days=length) - found.first_day).days
        part = slice(max(0, (first - found.first_day).days), min(end, len(found.logged)))
        outside = length - (part.stop - part.start)
        often = _reaches(found, "headache_day", part, outside, chronic["headache_days"])
        migraine = _reaches(found, "cm_c_day", part, outside, chronic["migraine_days"])
        overused = overuse_of_part(found, part, outside)
        answers.append(MonthAnswers(often, all_of(often, migraine), overused))
    return answers


def with_months_outside(months: list[MonthAnswers]) -> list[MonthAnswers]:
    """A short diary with unknown months before and after it: what it cannot show it does not deny."""
    missing = headache_rules().persistence["more_than_months"] - len(months)
    if missing <= 0:
        return months
    unknown = MonthAnswers(None, None, {code: False if code == NEVER_FROM_A_DIARY else None for code in months[0].overuse})
    return [*[unknown] * missing, *months, *[unknown] * missing]


def _reaches(found: ClassifiedDays, flag: str, part: slice, outside: int, threshold: int) -> Tri:
    return reaches(found.had(flag, part), found.open(flag, part) + outside, threshold)


def to_attribute(events: Sequence[Event]) -> list[Event]:
    """Effects that may be the condition itself, and of which nobody has said what they are.

    Such an event never makes a headache day: only the day's own answer does.
    """
    ask = set(read_rules("effects")["attribution"]["terms"])
    return [
        event
        for event in events
        if event.kind == "side_effect" and event.term.casefold() in ask and event.attribution in (None, "unsure")
    ]


def _question(event: Event) -> dict[str, object]:
    drug = event.drug or "the treatment"
    return {
        "date": event.date.isoformat(),
        "term": event.term,
        "question": f"Was the {event.term.casefold()} an effect of {drug}, or your usual complaint?",
        "answers": list(read_rules("effects")["attribution"]["answers"]),
    }


def _document(event: Event) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in asdict(event).items()
        if value is not None
    }


def _care(events: Sequence[Event]) -> list[dict[str, object]]:
    """Sessions of therapy, counselling or a support group: gone to, missed, not told."""
    told: dict[str, Counter[bool | None]] = {}
    for event in events:
        if event.kind == "care":
            told.setdefault(event.term, Counter())[event.attended] += 1
    return [{"what": term, "attended": n[True], "missed": n[False], "not_told": n[None]} for term, n in sorted(told.items())]


def _triggers(diary: Diary) -> dict[str, object]:
    """How often each trigger was named, and on how many days triggers were asked for. Naming one proves nothing."""
    asked = [record.triggers for record in diary.records if record.triggers is not None]
    named = Counter(word.casefold() for words in asked for word in words)
    named.update(word.casefold() for attack in diary.beside.attacks for word in attack.triggers or ())
    return {"days_asked": len(asked), "named": dict(sorted(named.items())), "association": None}
