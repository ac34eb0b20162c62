"""What holds of every log of doses and every exposure, whatever the plan."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.adherence import adherence
from cleardays.plan.dose_log import DoseLog, LoggedDose, parse_log
from cleardays.plan.exposure import exposure
from cleardays.plan.steps import step_on
from cleardays.problems import BadInput
from reference.plans import START, changed, plan_of

PAIRS = [(name, next((use for use in load_treatment(name).indications if "migraine" in use), "")) for name in treatment_ids()]
SPAN = 160
often = settings(max_examples=80, deadline=None, derandomize=True)
CHANGES = ("hold", "step-back", "slow", "taper", "stop")


@cache
def drafted(pair, kind, on):
    """A plan with one change; a change that does not fit leaves it as it was."""
    file = plan_of(*pair)
    data = {"hold": {"days": 10}, "slow": {"times": 2}}.get(kind, {})
    try:
        return changed(file, kind, START + timedelta(days=on), by="Dr A", **data) if kind else file
    except BadInput:
        return file


plans = st.builds(drafted, st.sampled_from(PAIRS), st.sampled_from(("", *CHANGES)), st.sampled_from((3, 10, 25, 60)))
offsets = st.integers(0, SPAN - 1)


@st.composite
def logs(draw):
    """Entries of which each for the same dose has its own time of entry."""
    found = []
    for offset, status, slot in draw(
        st.lists(st.tuples(offsets, st.sampled_from(("taken", "late", "skipped")), st.integers(1, 3)), max_size=60)
    ):
        found.append(
            LoggedDose(
                day=START + timedelta(days=offset), slot=slot, status=status,
                logged_at=datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=len(found)),
            )
        )  # fmt: skip
    return DoseLog(tuple(found))


def planned_by_hand(file, until):
    """Dose times of the steps of the version of each day, counted one by one."""
    count = 0
    for offset in range((until - START).days + 1):
        day = START + timedelta(days=offset)
        entry = [each for each in file.entries if each.on <= day][-1]
        steps = entry.after["steps"]
        if not steps:
            count += sum(session["on"] == day.isoformat() for session in entry.after["sessions"])
            continue
        here = [row for row in steps if row["from"] <= day.isoformat() and not row["if_needed"]][-1]
        ended = here["to"] is not None and day.isoformat() > here["to"] and not _needed(steps, day)
        since = (day - datetime.fromisoformat(here["from"]).date()).days
        count += 0 if ended or since % here["every_days"] or not here["daily_dose"] else here["times_per_day"]
    return count


def _needed(steps, day):
    return any(row["if_needed"] and row["from"] <= day.isoformat() for row in steps)


@often
@given(plans, logs(), offsets)
def test_every_planned_dose_is_counted_once(file, log, offset):
    until = START + timedelta(days=offset)
    found = adherence(file, log, until)
    assert found.planned == planned_by_hand(file, until)
    assert found.planned == found.taken + found.late + found.skipped + found.unlogged
    assert min(found.taken, found.late, found.skipped, found.unlogged) >= 0


@often
@given(plans, logs(), offsets)
def test_the_share_lies_between_its_bounds(file, log, offset):
    found = adherence(file, log, START + timedelta(days=offset))
    if found.bounds is not None:
        low, high = found.bounds
        assert 0 <= low <= high <= 1
        assert found.share is None or low <= found.share <= high
        assert (low == high) == (found.unlogged == 0)
    for gap in (found.longest, found.open):
        assert gap is None or gap.at_least.hours <= gap.at_most.hours


@often
@given(plans, logs(), offsets, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(file, log, offset, random):
    rows = list(log.entries)
    random.shuffle(rows)
    until = START + timedelta(days=offset)
    assert adherence(file, DoseLog(tuple(rows)), until) == adherence(file, log, until)
    assert exposure(file, DoseLog(tuple(rows)), until=until) == exposure(file, log, until=until)


@often
@given(plans, logs(), offsets, offsets)
def test_what_is_not_told_is_never_missed(file, log, offset, more):
    """One dose less told: no dose more is skipped, and the exposure is that of a dose that was taken."""
    until = START + timedelta(days=offset)
    before = adherence(file, log, until)
    fewer = DoseLog(tuple(each for each in log.entries if each.day != START + timedelta(days=more)))
    after = adherence(file, fewer, until)
    assert after.skipped <= before.skipped
    assert after.unlogged >= before.unlogged
    nothing = adherence(file, DoseLog(), until)
    assert (nothing.taken, nothing.late, nothing.skipped) == (0, 0, 0)
    assert nothing.longest is None


@often
@given(plans, logs(), offsets)
def test_what_is_told_as_taken_or_not_told_at_all_is_the_exposure_of_the_plan(file, log, offset):
    until = START + timedelta(days=offset)
    taken = DoseLog(tuple(each for each in log.entries if each.status == "taken" and log.told()[each.day, each.slot] == each))
    assert exposure(file, taken, until=until).series == exposure(file, until=until).series


@often
@given(plans, logs(), offsets)
def test_levels_lie_from_none_to_the_planned_one(file, log, offset):
    until = START + timedelta(days=offset)
    planned, found = exposure(file, until=until), exposure(file, log, until=until)
    assert found.series.start == START
    assert len(found.days) == offset + 1
    for as_planned, day in zip(planned.days, found.days, strict=True):
        assert day.level >= 0
        assert day.relative_concentration is None or 0 <= day.relative_concentration <= as_planned.relative_concentration * 1.6
        assert day.effect is None or 0 <= day.effect.lower <= day.effect.level <= day.effect.upper <= 1
        assert day.days_at_target <= as_planned.days_at_target
    assert found.assumed <= found.doses
    at = [each.days_at_target for each in found.days]
    assert at == sorted(at)


@often
@given(st.sampled_from(PAIRS))
def test_it_is_1_when_the_target_is_steady(pair):
    file = plan_of(*pair)
    if not file.plan.steps:
        return
    last = exposure(file, until=START + timedelta(days=400)).days[-1]
    assert last.level == 1
    assert step_on(file.plan.steps, last.day) == file.plan.steps[-1]
    assert last.relative_concentration is None or abs(last.relative_concentration - 1) < 0.01


@often
@given(logs())
def test_a_log_is_read_back_as_it_was_written(log):
    assert parse_log(json.dumps(log.document())) == log


@often
@given(plans, offsets, st.integers(0, 60))
def test_a_forecast_never_changes_the_days_before_it(file, offset, ahead):
    until = START + timedelta(days=offset)
    near, far = exposure(file, until=until), exposure(file, until=until, ahead=ahead)
    assert near.days == far.days
    assert [step for step in far.series.steps if step.from_day <= until] == list(near.series.steps)
