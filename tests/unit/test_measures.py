"""Windows hold what their keys say: long headaches, attack durations, relief, pain burden, disturbances."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.diary.before_after import before_after
from cleardays.diary.beside import Beside
from cleardays.diary.bundle import from_tables
from cleardays.diary.entries import Attack, DoseEntry, Event, PlanStep
from cleardays.diary.measures import measure_windows
from cleardays.diary.outcomes import day_series
from cleardays.diary.records import DayRecord, Diary
from cleardays.problems import BadInput

DAY = date(2026, 3, 1)


def on(n):
    return DAY + timedelta(days=n)


def window(diary, **options):
    (found,) = measure_windows(diary, **options)
    return found


def month(*records, **beside):
    clear = {on(n): DayRecord(date=on(n), headache="clear", status="complete") for n in range(28)}
    told = {record.date: record for record in records}
    return Diary(tuple({**clear, **told}.values()), beside=Beside(**beside))


def test_long_headaches_stand_beside_all_headaches():
    found = window(month(*(DayRecord(date=on(n), headache="mild", hours=Decimal(4 if n < 15 else 3)) for n in range(20))))
    assert (found["hd"], found["hd_4h"]) == (20, 15)
    assert (found["ge15_headache"], found["ge15_headache_4h"]) == ("yes", "yes")
    short = window(month(*(DayRecord(date=on(n), headache="mild", hours=Decimal(3)) for n in range(20))))
    assert (short["ge15_headache"], short["ge15_headache_4h"]) == ("yes", "no")


def test_attack_durations_leave_open_attacks_out():
    attacks = tuple(
        Attack(date=on(n), id=str(n), start=datetime(2026, 3, 1 + n, 8), end=datetime(2026, 3, 1 + n, 8 + hours), pain_max=5)
        for n, hours in ((1, 2), (5, 4), (9, 12))
    )
    still = Attack(date=on(12), id="12", start=datetime(2026, 3, 13, 8), pain_max=5)
    found = window(month(attacks=(*attacks, still)))
    assert (found["attacks"], found["median_attack_hours"], found["hd"]) == (4, 4, 4)
    assert found["headache_hours"] == 18
    assert found["hours_known"] == 3
    assert window(month())["attacks"] is None


def test_relief_of_attacks_is_counted_apart():
    doses = [
        DoseEntry(date=on(1), kind="acute", acute_class="triptan", state="taken", relief_2h="pain_free"),
        DoseEntry(date=on(2), kind="acute", acute_class="triptan", state="taken", relief_2h="none"),
        DoseEntry(date=on(3), kind="acute", acute_class="triptan", state="taken"),
    ]
    found = window(month(*(DayRecord(date=on(n), headache="severe") for n in (1, 2, 3)), doses=tuple(doses)))
    assert found["relief_2h"] == {"none": 1, "partial": 0, "mild_or_none": 0, "pain_free": 1}
    assert found["acute_days"] == {"any": 3, "triptan": 3}


def test_pain_burden_is_hours_times_severity_over_migraine_days():
    records = [
        DayRecord(date=on(1), headache="severe", hours=Decimal(10), migraine="yes"),
        DayRecord(date=on(2), headache="mild", hours=Decimal("2.5"), migraine="yes"),
        DayRecord(date=on(3), headache="mild", hours=Decimal(5), migraine="no"),
        DayRecord(date=on(4), headache="severe", migraine="yes"),
    ]
    found = window(month(*records))
    assert found["total_pain_burden"] == 32.5
    assert found["mean_severity"] == 2
    assert (found["headache_hours"], found["hours_known"]) == (17.5, 3)


@pytest.mark.parametrize(
    ("beside", "disturbed"),
    [
        ({"plan": (PlanStep(step="2", from_day=on(10), drug="topiramate"),)}, True),
        ({"plan": (PlanStep(step="1", from_day=on(0), drug="topiramate"),)}, False),
        ({"events": (Event(date=on(5), kind="rescue", term="nerve block"),)}, True),
        ({"events": (Event(date=on(0), kind="rescue", term="nerve block"),)}, True),
        ({"events": (Event(date=on(5), kind="withdrawal", term="of triptans"),)}, True),
        ({"events": (Event(date=on(5), kind="care", term="counselling"),)}, False),
        ({"doses": (DoseEntry(date=on(5), kind="session", drug="ketamine", state="given"),)}, True),
        ({"doses": (DoseEntry(date=on(5), kind="session", drug="ketamine", state="planned"),)}, False),
    ],
)
def test_what_disturbs_a_window(beside, disturbed):
    assert window(month(**beside))["contaminated"] is disturbed


def test_hours_of_overlapping_attacks_are_counted_once():
    two = (
        Attack(date=on(1), id="a", start=datetime(2026, 3, 2, 10), end=datetime(2026, 3, 2, 14), pain_max=5),
        Attack(date=on(1), id="b", start=datetime(2026, 3, 2, 10, 30), end=datetime(2026, 3, 2, 15), pain_max=5),
    )
    told = month(attacks=two)
    told = replace(told, records=tuple(record for record in told.records if record.date != on(1)))
    assert window(told)["headache_hours"] == 5


def test_a_rate_is_refused_everywhere_where_it_is_refused_once():
    found = window(month(DayRecord(date=on(1), headache="severe"), DayRecord(date=on(2), headache="severe", migraine="yes")))
    assert (found["md"], found["md_open"], found["md28"]) == (1, 1, None)
    assert found["outcomes"]["migraine_day"]["per_28"] is None
    assert found["outcomes"]["headache_day"]["per_28"] == 2


def test_a_few_days_raise_no_warning_of_habit():
    records = tuple(DayRecord(date=on(n), headache="mild", acute_classes=("triptan",)) for n in range(5))
    assert window(Diary(records))["warnings"] == []


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        (
            {"attacks.csv": "date,start,end,pain_max\n2026-03-01,2026-03-01T20:00,2026-03-02T03:00,5\n"},
            "2026-03-02 is free of headache",
        ),
        ({"doses.csv": "date,kind,acute_class,state\n2026-03-02,acute,triptan,taken\n"}, "has no acute dose"),
        ({"attacks.csv": "date,start,pain_max\n2026-03-04,2026-03-05T01:00,5\n"}, "its day is 2026-03-04"),
    ],
)
def test_tables_that_contradict_each_other_are_refused(tables, what):
    days = "date,headache,acute_doses\n2026-03-01,mild,\n2026-03-02,clear,0\n"
    with pytest.raises(BadInput) as caught:
        from_tables({"days.csv": days, **tables}, "diary.zip")
    assert what in caught.value.problems[0].what


def test_items_of_the_page_see_attacks_and_doses():
    attack = Attack(date=on(3), id="a", start=datetime(2026, 3, 4, 8), end=datetime(2026, 3, 4, 12), pain_max=8)
    dose = DoseEntry(date=on(3), kind="acute", acute_class="triptan", state="taken")
    told = Diary(
        (DayRecord(date=on(0), headache="clear"), DayRecord(date=on(5), headache="mild")),
        beside=Beside((attack,), doses=(dose,)),
    )
    assert day_series(told, "moderate_or_severe").states == (False, None, None, True, None, False)
    assert day_series(told, "acute_medicine").states[3] is True


LETTERS = st.text("HhM0.", min_size=1, max_size=120).filter(lambda days: days.strip("."))


def diary_of(days):
    words = {"H": "severe", "h": "mild", "M": "severe", "0": "clear"}
    return Diary(
        tuple(
            DayRecord(date=on(n), headache=words[d], migraine="yes" if d == "M" else None, aura=False, hours=None)
            for n, d in enumerate(days)
            if d != "."
        )
    )


@given(LETTERS, st.sampled_from(["leiden", "ihs", "ichd_count"]), st.sampled_from(["w28", "cal"]))
def test_windows_cover_each_day_once_and_counts_stay_within_bounds(days, profile, kind):
    diary = diary_of(days)
    found = measure_windows(diary, profile=profile, kind=kind)
    assert sum(w["n_days"] for w in found) == len(days.strip("."))
    assert sum(w["hd"] for w in found) == sum(d in "HhM" for d in days)
    for w in found:
        assert 0 <= w["md"] <= w["md"] + w["md_open"] <= w["n_logged"] <= w["n_days"]
        assert w["md28"] is None or w["md28"] <= w["hd28"]
        assert w["hd_4h"] <= w["hd"]
        assert w["longest_clear_run"] <= w["n_logged"] - w["hd"]


@given(LETTERS)
def test_learning_a_day_never_turns_a_threshold(days):
    """A missing day that becomes known may decide what was open; what was decided stays."""
    first = measure_windows(diary_of(days))
    learnt = measure_windows(diary_of(days.replace(".", "0", 1)))
    for before, after in zip(first, learnt, strict=False):
        if (before["start"], before["end"]) == (after["start"], after["end"]):
            for key in ("ge15_headache", "ge8_migraine", "cm_month"):
                assert before[key] in ("indeterminate", after[key])


def test_the_order_of_tables_changes_nothing():
    attacks = tuple(Attack(date=on(n), id=str(n), start=datetime(2026, 3, 1 + n, 8), pain_max=5) for n in (1, 5, 9))
    told = month(attacks=attacks)
    turned = replace(told, beside=Beside(attacks=attacks[::-1]))
    assert measure_windows(told) == measure_windows(turned)


def told_windows(*counts):
    """One letter string of 28 days for each count of headache days, from the first of March."""
    days = "".join("M" * n + "0" * (28 - n) if n is not None else "." * 28 for n in counts)
    return diary_of("0" + days[1:] if days[0] == "." else days)


def test_windows_after_the_start_against_the_28_days_before():
    found = before_after(told_windows(10, 7, 5, 4, 3), on(28))
    assert found["hd"]["reductions_pct"] == [30, 50, 60, 70]
    assert found["hd"]["last"]["responder"] == {"30": True, "50": True, "75": False, "100": False}
    assert found["hd"]["mean"]["reduction_pct"] == pytest.approx(100 * (10 - 16 / 3) / 10)
    assert found["hd"]["consistent"] is False
    assert found["md"]["reductions_pct"] == [30, 50, 60, 70]
    assert before_after(told_windows(10, 5, 5, 4), on(28))["hd"]["consistent"] is True


def test_a_window_that_nobody_knows_gives_no_reduction_and_no_mean():
    found = before_after(told_windows(10, 4, None, 4, 4), on(28))["hd"]
    assert found["reductions_pct"] == [60, None, 60, 60]
    assert found["mean"]["reduction_pct"] is None
    assert found["consistent"] is None
    assert before_after(told_windows(0, 4, 4, 4), on(28))["hd"]["last"]["reduction_pct"] is None
    assert before_after(told_windows(4, 4), on(0))["hd"]["baseline"] is None
