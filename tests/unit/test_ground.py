"""The ground: doses, exposure, days, sources, problems."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cleardays.clock import local_day, parse_day, parse_instant, zone_named
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import Dose, ExposureSeries, percent
from cleardays.sources import Reason, all_sources
from cleardays.texts import clean


def test_doses_of_one_unit_add_and_compare_and_others_refuse():
    assert Dose.parse("12.5 mg") + Dose.parse("12.50mg") == Dose(Decimal("25.00"), "mg")
    assert Dose(Decimal(25), "mg") < Dose(Decimal(100), "mg")
    for act in (lambda a, b: a + b, lambda a, b: a < b, lambda a, b: a <= b):
        with pytest.raises(BadInput, match="different units"):
            act(Dose.parse("25 mg"), Dose.parse("25 U"))


@pytest.mark.parametrize("text", ["", "mg", "25", "-25 mg", "25,5 mg", "1e3 mg", "25 mg daily"])
def test_an_amount_without_a_plain_number_and_a_unit_is_no_dose(text):
    with pytest.raises(BadInput):
        Dose.parse(text)


def test_decimal_doses_stay_exact():
    total = sum((Dose(Decimal("0.1"), "mg") for _ in range(9)), Dose(Decimal("0.1"), "mg"))
    assert str(total) == "1 mg"


def test_stopping_ends_every_later_step():
    series = ExposureSeries.started("x", date(2026, 3, 2))
    stopped = series.stopped(date(2026, 4, 1))
    assert [(step.from_day.isoformat(), step.level) for step in stopped.steps] == [("2026-03-02", 1.0), ("2026-04-01", 0.0)]
    assert series.stopped(date(2026, 3, 1)).steps[-1].level == 0.0


def test_a_day_is_that_of_the_persons_zone():
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert local_day(late, ZoneInfo("Europe/Berlin")) == date(2026, 3, 29)
    assert local_day(late, None) == date(2026, 3, 28)
    assert parse_instant("2026-03-28T23:30:00") is None
    assert parse_instant("9999-12-31T23:30:00-14:00") is None
    assert parse_day("1899-12-31") is None
    assert zone_named("Europe/Berlin") is not None
    assert zone_named("../../etc/passwd") is None


def test_an_error_says_how_many_more_there_are():
    problems = [Problem("a", "b.", "c."), Problem("d", "e.", "f.")]
    assert str(BadInput(problems)) == "a: b. c. (and 1 more)"
    with pytest.raises(ValueError, match="at least one"):
        BadInput([])


def test_long_input_is_quoted_short():
    assert len(shown("x" * 10**6)) < 80


def test_a_reason_prints_with_its_sources():
    reason = Reason("rule", "because", ("ICHD3-1.3",))
    assert reason.document() == {"rule": "rule", "because": "because", "source": ["ICHD3-1.3"]}
    assert all_sources()["ICHD3-1.3"].kind == "guideline"


def test_words_of_others_are_cleaned_and_cut():
    assert clean("\x1b]0;title\x07 red\u202e", 50) == "]0;title red"
    assert clean("x" * 100, 10) == "x" * 9 + "\N{HORIZONTAL ELLIPSIS}"
    assert percent(0.3) == "30\N{NO-BREAK SPACE}%"
