"""What a diary offers day by day: there, not there, or unknown; and why some of it cannot be compared."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import resources

import numpy as np
import pytest

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack
from cleardays.diary.outcomes import day_series
from cleardays.diary.records import DayRecord, Diary
from cleardays.diary.rules import read_rules
from cleardays.problems import BadInput
from cleardays.sources import all_sources
from cleardays.trial.trigger_factors import factors_of
from cleardays.trial.triggers import triggers
from reference.trigger_worlds import LOG_3, chain, written_down

MONDAY = date(2026, 1, 5)
RULES = read_rules("trigger_rules")


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def offered(records, **about):
    diary = Diary(tuple(records), about) if not isinstance(records, Diary) else records
    return {each.name: each for each in factors_of(diary, day_series(diary, "headache_day"), None, RULES).factors}


def day(number, headache="clear", **told) -> DayRecord:
    return DayRecord(date=on(number), headache=headache, **told)


def test_an_empty_list_says_that_nothing_was_there_and_no_list_says_nothing():
    found = offered([day(0, triggers=("Noise",)), day(1, triggers=()), day(2), day(4, triggers=("weather", "noise"))])
    assert found["noise"].values == (True, False, None, None, True)
    assert found["weather"].values == (False, False, None, None, True)


def test_one_thing_in_other_words_is_one_thing():
    found = offered([day(0, triggers=("Wine",)), day(1, triggers=("Alkohol",)), day(2, triggers=())])
    assert found["alcohol"].values == (True, True, False)


def test_what_an_attack_names_belongs_to_the_day_it_began():
    diary = Diary((day(0), day(1, "mild"), day(2)), beside=Beside(attacks=(Attack(date=on(1), triggers=("noise",)),)))
    assert offered(diary)["noise"].values == (None, True, None)


def test_numbers_are_told_against_the_persons_own_usual():
    found = offered([day(n, stress=stress, sleep_h=Decimal("7")) for n, stress in enumerate((3, 3, 5, 4, 3, None, 3))])
    assert found["high stress"].values == (False, False, True, False, False, None, False)
    assert found["high stress"].says == "stress 5 or more (the usual is 3)"
    assert "short sleep" not in found  # never there


def test_drinks_are_there_above_none_and_are_no_factor_of_days_of_use():
    records = [day(0, standard_drinks=Decimal(0)), day(1, standard_drinks=Decimal(2)), day(2)]
    assert offered(records)["drinking"].values == (False, True, None)
    diary = Diary(tuple(DayRecord(date=on(n), use_day=n == 1, standard_drinks=Decimal(n)) for n in range(3)))
    assert "drinking" not in {each.name for each in factors_of(diary, day_series(diary, "use_day"), None, RULES).factors}


def test_weekends_are_known_of_every_day_and_asked_about_the_day_itself():
    weekend = offered([day(0), day(8)])["weekend"]
    assert weekend.values == (False,) * 5 + (True, True) + (False, False)
    assert not weekend.factor.day_before


def test_what_was_told_days_later_is_not_used_and_counted():
    late = datetime(2026, 1, 9, 12, tzinfo=UTC)
    diary = Diary((day(0, triggers=("noise",)), day(1, triggers=("noise",), reported_at=late)), {"zone": "Europe/Berlin"})
    found = factors_of(diary, day_series(diary, "headache_day"), None, RULES)
    assert found.told_late == 1
    assert next(each for each in found.factors if each.name == "noise").values == (True, None)


def verdicts(records, **options):
    found = triggers(Diary(tuple(records)), **options)
    return {each.logged.name: (each.verdict, each.reasons[0].rule) for each in found.triggers}


PATTERN = ("clear", "clear", "mild", "clear", "moderate", "mild", "clear", "clear", "clear")


def days_with(answers, length=120):
    """Headaches in a fixed pattern; `answers` gives the triggers of a day from its headache and its number."""
    for n in range(length):
        headache = PATTERN[n % len(PATTERN)]
        yield day(n, headache, triggers=answers(headache != "clear", n))


def test_what_is_only_asked_on_headache_days_cannot_be_compared():
    said = verdicts(days_with(lambda had, n: (("noise",) if n % 2 else ()) if had else None))
    assert said["noise"] == ("cannot_tell", "trigger.only-on-days-had")


def test_what_is_never_there_on_a_clear_day_cannot_be_compared():
    said = verdicts(days_with(lambda had, n: ("noise",) if had and n % 2 else ()))
    assert said["noise"] == ("cannot_tell", "trigger.never-on-clear-days")


def test_few_days_with_it_are_too_few():
    said = verdicts(days_with(lambda _, n: ("noise",) if n % 20 == 0 else ()))
    assert said["noise"] == ("cannot_tell", "trigger.too-few-days")


def test_a_diary_with_many_holes_is_not_compared_at_all():
    records = [each for n, each in enumerate(days_with(lambda _, n: ("noise",) if n % 3 else (), 200)) if n % 2]
    assert set(verdicts(records).values()) == {("cannot_tell", "trigger.few-known-days")}


def test_more_things_than_are_compared_at_once_leave_out_the_rarer_ones():
    names = [f"thing {chr(97 + k)}" for k in range(15)]
    random = np.random.default_rng(1)
    found = triggers(
        Diary(
            tuple(
                day(n, PATTERN[n % 9], triggers=tuple(name for k, name in enumerate(names) if random.random() < 0.5 - k / 60))
                for n in range(140)
            )
        )
    )
    left_out = [each.logged.name for each in found.triggers if each.reasons[0].rule == "trigger.too-many"]
    assert len(left_out) == 16 - RULES["compared"]["most_factors"]
    assert "thing a" not in left_out
    assert "weekend" not in left_out


def test_a_word_that_a_column_says_better_is_not_compared_twice():
    random = np.random.default_rng(2)
    records = [
        day(n, PATTERN[n % 9], stress=int(stress), triggers=("stress",) if stress > 5 else ())
        for n, stress in enumerate(random.integers(0, 9, 120))
    ]
    found = triggers(Diary(tuple(records)))
    assert {each.logged.name for each in found.triggers} == {"high stress", "weekend"}
    assert [note.rule for note in found.notes] == ["trigger.counted-under"]


def test_a_clear_association_is_found_and_is_not_called_a_cause():
    person = chain(np.random.default_rng(5), 365, log_odds=(2 * LOG_3,))
    found = triggers(written_down(person))
    first = found.triggers[0]
    assert (first.logged.name, first.verdict) == ("noise", "raises")
    assert first.size.chance_with.estimate > first.size.chance_without.estimate
    assert [reason.rule for reason in first.reasons] == ["trigger.raises", "trigger.early-sign"]
    assert found.advice[0].rule == "trigger.test-one"
    said = " ".join(reason.because for each in found.triggers for reason in each.reasons)
    assert "does not show that one brings about the other" in said
    assert "cause" not in said


def test_a_treatment_is_taken_from_the_options_or_from_the_diary():
    diary = written_down(chain(np.random.default_rng(6), 60))
    told = Diary(diary.records, {"treatment": "topiramate", "start": "2026-02-02"})
    assert triggers(diary).started is None
    assert triggers(told).started == ("topiramate", date(2026, 2, 2), "diary")
    asked = triggers(told, treatment="propranolol", start=date(2026, 2, 9))
    assert asked.started == ("propranolol", date(2026, 2, 9), "option")


def test_an_outcome_that_headache_days_leave_open_is_refused():
    records = [day(n, PATTERN[n % 9], triggers=()) for n in range(40)]
    with pytest.raises(BadInput, match="do not say whether they count as migraine_day"):
        triggers(Diary(tuple(records)), outcome="migraine_day")


def test_every_limit_has_a_known_source():
    text = resources.files("cleardays.diary").joinpath("data", "trigger_rules.toml").read_text(encoding="utf-8")
    rows = [row for table in tomllib.loads(text).values() for row in (table if isinstance(table, list) else [table])]
    for row in rows:
        if isinstance(row, dict) and set(row) - {"name", "words"}:
            assert set(row["source"]) <= all_sources().keys(), row
