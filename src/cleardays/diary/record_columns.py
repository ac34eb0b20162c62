"""Many day records as columns of the facts that the criteria ask for.

The same facts as `leaves(facts_of_record(record))`, for days that have nothing
but their record; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.answers import recalled
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.records import CLEAR, DayRecord

if TYPE_CHECKING:
    from cleardays.diary.told import Told

_SYMPTOMS = {
    "unilateral": "one_sided", "pulsating": "pulsating", "aggravated": "worse_moving", "nausea": "nausea",
    "vomiting": "vomiting", "photophobia": "light", "phonophobia": "sound", "bilateral": "bilateral", "pressing": "pressing",
    "believed_migraine": "believed_migraine", "aura_succession": "aura_succession",
    "headache_within_60": "headache_within_60", "aura": "aura",
}  # fmt: skip
_ANSWERS = attrgetter(*_SYMPTOMS.values())
_OTHERS = attrgetter("headache", "pain_max", "hours", "acute_doses", "acute_classes", "other_symptoms")
_CODE = {True: 1, False: -1, None: 0}
# No headache word is code 9 and decided by the other columns.
_HEADACHE = {CLEAR: -1, "present": 1, "mild": 1, "moderate": 1, "severe": 1, None: 9}
_STRENGTH = {CLEAR: 0.0, "mild": 1.0, "moderate": 2.0, "severe": 3.0}
_NAN = float("nan")


def record_columns(records: Sequence[DayRecord], of: Told) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[np.bool_]]]:
    """Facts by name, and days of intake by acute class."""
    count = len(records)
    code = _CODE.__getitem__
    columns: dict[str, NDArray[Any]] = {
        name: np.fromiter(map(code, answers), np.int8, count)
        for name, answers in zip(_SYMPTOMS, zip(*map(_ANSWERS, records), strict=True), strict=True)
    }
    words, grades, hours, doses, classes, others = zip(*map(_OTHERS, records), strict=True)
    pain = np.array([_NAN if grade is None else grade for grade in grades])
    minutes = np.array([_NAN if told is None else float(told) * 60 for told in hours])
    headache = np.array([_HEADACHE[word] for word in words], dtype=np.int8)
    headache = _headache(headache, pain, minutes)
    minutes[headache == -1] = 0.0
    strength = _strength(np.array([_STRENGTH.get(word, _NAN) for word in words]), pain)
    columns |= {
        "headache": headache,
        "minutes": minutes,
        "age": np.full(count, of.age),
        "child": _constant(of.age < headache_rules().attack["child_below_age"], count),
        "diagnosed": _constant(of.diagnosed, count),
        "moderate": _answered(strength >= 2, strength),
        "mild_or_moderate": _answered((strength == 1) | (strength == 2), strength),
        "other_symptoms": np.array([_CODE[None if told is None else bool(told)] for told in others], dtype=np.int8),
        "late": np.array([1 if _late(record, of.zone_name) else -1 for record in records], dtype=np.int8),
    }
    columns |= _aura_columns(columns["aura"])
    of_medicines, taken = _medicine_columns(doses, classes)
    return columns | of_medicines, taken


def _late(record: DayRecord, zone: str | None) -> bool:
    timed = record.reported_at is not None or record.backfilled_days is not None
    return timed and recalled(record, record.tz or zone)


def _headache(word: NDArray[np.int8], pain: NDArray[Any], minutes: NDArray[Any]) -> NDArray[np.int8]:
    """The word decides; without one, any pain or time is a headache and a zero is none."""
    with np.errstate(invalid="ignore"):
        some = (pain > 0) | (minutes > 0)
        none = (pain == 0) | (minutes == 0)
    by_number = np.where(some, 1, np.where(none, -1, 0)).astype(np.int8)
    return np.where(word == 9, by_number, word).astype(np.int8)


def _strength(by_word: NDArray[Any], pain: NDArray[Any]) -> NDArray[Any]:
    """0 none to 3 severe, NaN where not told."""
    rules = headache_rules()
    with np.errstate(invalid="ignore"):
        by_grade = (pain > 0).astype(float) + (pain > rules.mild_up_to) + (pain > rules.moderate_up_to)
    by_grade[np.isnan(pain)] = np.nan
    return np.where(np.isnan(by_word), by_grade, by_word)


def _answered(holds: NDArray[np.bool_], told: NDArray[Any]) -> NDArray[np.int8]:
    return np.where(np.isnan(told), 0, np.where(holds, 1, -1)).astype(np.int8)


def _constant(answer: bool | None, count: int) -> NDArray[np.int8]:
    return np.full(count, _CODE[answer], dtype=np.int8)


def _aura_columns(aura: NDArray[np.int8]) -> dict[str, NDArray[Any]]:
    """An aura of which nothing else was told: every feature of it is unknown."""
    unknown = np.where(aura == -1, -1, 0).astype(np.int8)
    names = ("aura_usual_length", "aura_gradual", "aura_lengths", "aura_one_sided", "aura_positive", "aura_atypical")
    # one symptom alone cannot follow another
    return {**dict.fromkeys(names, unknown), "aura_in_succession": np.where(aura == 0, 0, -1).astype(np.int8)}


def _medicine_columns(
    doses: Sequence[int | None], classes: Sequence[tuple[str, ...] | None]
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[np.bool_]]]:
    """What a record says of medicines; distinct answers are few, so each is worked out once."""
    of_answer: dict[tuple[Any, Any], tuple[int, ...]] = {}
    rows = np.empty((len(doses), 5), dtype=np.int8)
    taken: dict[str, list[int]] = {}
    groups: dict[tuple[str, ...] | None, list[str]] = {}
    for index, answer in enumerate(zip(doses, classes, strict=True)):
        if answer not in of_answer:
            of_answer[answer] = _answers_of(*answer)
        rows[index] = of_answer[answer]
        if answer[1]:
            if answer[1] not in groups:
                groups[answer[1]] = _acute_groups(answer[1])
            for kind in groups[answer[1]]:
                taken.setdefault(kind, []).append(index)
    acute, specific, relieved, chronic, known = rows.T
    columns = {
        "acute": acute,
        "specific": specific,
        "treated": relieved,
        "relieved": relieved,
        "relieved_specific": np.where(specific == -1, -1, 0).astype(np.int8),
        "relieved_ergot_triptan": chronic,
        "classes_known": known,
    }
    by_class = {}
    for kind, at in taken.items():
        by_class[kind] = np.zeros(len(doses), dtype=bool)
        by_class[kind][at] = True
    return columns, by_class


def _acute_groups(names: tuple[str, ...]) -> list[str]:
    rules = headache_rules()
    return sorted({rules.same_as.get(name, name) for name in names} & rules.acute)


def _answers_of(doses: int | None, classes: tuple[str, ...] | None) -> tuple[int, ...]:
    """acute, specific, relieved or for headache (unknown unless none was taken), relieved by ergot or triptan, known."""
    rules = headache_rules()
    if classes is not None:
        groups = set(_acute_groups(classes))
        acute = 1 if groups else -1
        specific = 1 if groups & rules.migraine_specific else -1
        return acute, specific, 0 if groups else -1, 0 if groups & rules.relieving_in_chronic else -1, 1
    if doses is None:
        return 0, 0, 0, 0, 0
    return (1, 0, 0, 0, 0) if doses else (-1, -1, -1, -1, 1)
