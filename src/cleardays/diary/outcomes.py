"""Outcomes of a diary: one question, answered day by day, with nothing filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cleardays.diary.answers import ANSWERS, day_state, recalled
from cleardays.diary.conditions import number, outcome_of, standard_drink_g
from cleardays.diary.known import Known, entries_read
from cleardays.diary.records import LONGEST_SPAN_DAYS, DayRecord, Diary
from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.problems import BadInput, Problem, shown

HEADACHE = "headache_day"
# Outcomes that only the classified day answers, and the flag that does.
_FLAGS = {"migraine_day": "migraine_day.leiden", "mod_sev_headache_day": "mod_sev_headache_day"}
CLASSED = tuple(_FLAGS)
# Outcomes that attacks, auras and medicines answer too, where a diary has tables of them.
_BESIDE = {
    "headache_day": "headache_day", "aura_day": "aura_day", "acute_med_day": "acute_med_day", "headache": "headache_day",
    "acute_medicine": "acute_med_day", "moderate_or_severe": None,
}  # fmt: skip
# Items that the strength of the day's headache answers, from its record or its attacks.
_MODERATE = "moderate_or_severe"
# Which columns answer an outcome, to be named where none does.
ANSWERED_BY = {
    "headache_day": "the column headache (or pain_max, or hours)",
    "aura_day": "the column aura",
    "acute_med_day": "the column acute_doses or acute_classes",
    "use_day": "the column use_day",
    "migraine_day": "the column migraine, or the symptoms of each headache with its hours",
    "mod_sev_headache_day": "the columns headache (mild, moderate, severe) and hours",
    "craving": "the column craving",
    "drinks": "the column standard_drinks (or grams)",
}
# Outcomes that come in amounts: the column, the greatest amount, and whether a mean per day is told.
_AMOUNTS: dict[str, tuple[str, int | None, bool]] = {
    "craving": ("craving", 10, True),
    "drinks": ("standard_drinks", None, False),
}
AMOUNTS = tuple(_AMOUNTS)
OUTCOMES = (*ANSWERS, *_FLAGS, *AMOUNTS)


def require_outcome(outcome: str, among: Sequence[str] = OUTCOMES) -> None:
    """Raise `BadInput` unless this outcome can be answered."""
    if outcome not in among:
        raise BadInput(Problem("--outcome", f"{shown(outcome)} is no outcome.", f"Choose one of {', '.join(among)}."))


def amount_series(diary: Diary, outcome: str, *, as_of: date | None = None) -> AmountSeries:
    """An outcome that comes in amounts, from the first reported day to the last (or to `as_of`).

    A day on which nothing was used holds no drinks, even where their number was not asked; a day of use without a
    number holds some. Where the diary is kept for another substance, its days of drinking say so and not its days of use.

    Raises:
        BadInput: no entry on or before `as_of`.
    """
    column, most, averaged = _AMOUNTS[outcome]
    drinking = "use_day" if outcome_of(diary.about, "drinking_day") is None else "drinking_day"
    any_day = day_series(diary, drinking if outcome == "drinks" else HEADACHE, as_of=as_of)
    zone, drink_g = diary.about.get("zone"), standard_drink_g(diary.about)
    values: list[float | None] = [0.0 if outcome == "drinks" and state is False else None for state in any_day.states]
    late = [False] * len(values)
    for record in entries_read(diary, as_of):
        at = (record.date - any_day.first_day).days
        told = number(record, column, drink_g)
        values[at] = values[at] if told is None else float(told)
        some = outcome == "drinks" and any_day.states[at] is True
        late[at] = (values[at] is not None or some) and recalled(record, record.tz or zone)
    unnumbered = frozenset(
        at for at, state in enumerate(any_day.states) if outcome == "drinks" and state and values[at] is None
    )
    return AmountSeries(outcome, any_day.first_day, tuple(values), tuple(late), most, averaged, unnumbered)


def day_series(diary: Diary, question: str, *, as_of: date | None = None, known: Known | None = None) -> DaySeries:
    """One outcome or item from the first reported day to the last (or to `as_of`), day by day.

    With `as_of`, entries about later days and entries reported later are not
    read, and days up to it without an entry are unknown. `known` is the same
    diary as known on the same day, for whoever asks more than one question of it.

    Raises:
        BadInput: no entry on or before `as_of`.
    """
    zone = diary.about.get("zone")
    known = known or Known(diary, as_of)
    read = known.records
    if not read:
        what = f"no entry on or before {as_of} had been reported by then"
        raise BadInput(Problem("--as-of", f"{what}.", f"The diary begins on {diary.records[0].date}."))
    began = [attack.date for attack in diary.beside.attacks if as_of is None or attack.date <= as_of]
    first, last = min([read[0].date, *began]), as_of or max([read[-1].date, *began])
    if (last - first).days > LONGEST_SPAN_DAYS:
        raise BadInput(Problem("--as-of", f"{last} is more than a lifetime after {first}.", "Correct the year."))
    states: list[bool | None] = [None] * ((last - first).days + 1)
    late = [False] * len(states)
    by_day = _by_condition(diary, question, read)
    if by_day is None and _needs_classes(diary, question):
        by_day = _classified(known, question)
    for record in read:
        offset = (record.date - first) // timedelta(days=1)
        states[offset] = day_state(record, question) if by_day is None else by_day.get(record.date)
        late[offset] = states[offset] is not None and recalled(record, record.tz or zone)
    for day, state in (by_day or {}).items():
        if first <= day <= last:
            states[(day - first).days] = state
    return DaySeries(question, first, tuple(states), tuple(late))


def _by_condition(diary: Diary, question: str, read: tuple[DayRecord, ...]) -> dict[date, bool | None] | None:
    """The known answers of an outcome that the diary's condition declares by columns; None where it does not."""
    outcome = outcome_of(diary.about, question)
    if outcome is None or outcome.flag is not None:
        return None
    sex, drink_g = diary.about.get("sex"), standard_drink_g(diary.about)
    answers = {record.date: outcome.answer(record, sex, drink_g) for record in read}
    return {day: answer for day, answer in answers.items() if answer is not None}


def _needs_classes(diary: Diary, question: str) -> bool:
    beside = diary.beside
    return question in _FLAGS or (question in _BESIDE and bool(beside.attacks or beside.auras or beside.doses))


def _classified(known: Known, question: str) -> dict[date, bool | None]:
    """The known answers of the classified days."""
    if question == _MODERATE:
        from cleardays.diary.window_extras import moderate_days  # as the criteria: few questions need it

        answers = moderate_days(known.diary, known.days, known.told).tolist()
    else:
        answers = known.days.flags[_FLAGS.get(question) or _BESIDE[question] or question].tolist()
    first = known.days.first_day
    return {first + timedelta(days=at): answer == 1 for at, answer in enumerate(answers) if answer}
