"""The review of a trial in a story: by its own plan, beside the other trials, never over an earlier one's days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cleardays.problems import BadInput
from cleardays.trial import reviewed
from cleardays.trial.review import review
from cleardays.trial.story.baseline import fix_baseline
from cleardays.trial.story.phases import BEGUN
from cleardays.trial.story.story import fold, require
from reference import stories
from reference.plan_files import START, confirmed, plan_file

ON = START + timedelta(days=83)


def folded(events):
    """The story of events that a store would have let in."""
    story = fold("Sam Sample", ())
    for event in events:
        story = require(story, event)
    return fold("Sam Sample", stories.placed(events))


def second_trial(treatment, indication, start, name="second"):
    """Another trial, from its opening to its first dose."""
    plan = confirmed(plan_file((treatment, indication), start=start), by=stories.DOCTOR.name)
    body = {"treatment": treatment, "indication": indication, "why": "still many days", "on": start.isoformat()}
    baseline = fix_baseline(stories.Diary(()), start, outcomes=("headache_day",), at=stories.at(start), treatment=treatment)
    begun = {"on": start.isoformat(), "baseline": stories.as_json(baseline.document())}
    return [
        stories.told("trial.opened", body, start, trial=name),
        stories.screened(start, trial=name),
        stories.confirmation(plan, start, trial=name),
        stories.told(BEGUN, begun, start, trial=name),
    ]


def review_of(story, trial, on):
    """By headache days, which these diaries tell."""
    return reviewed.review_of(story, trial, on, outcome="headache_day")


def until_begun():
    """The journey up to the last told day, without its review."""
    return [each for each in stories.journey() if each.kind not in ("trial.review-opened", "trial.answered", "trial.decided")]


def test_a_trial_alone_is_answered_as_its_diary_and_plan_are_answered_outside_a_story() -> None:
    story = folded(until_begun())
    plan = story.trials["first"].confirmed.file
    outside = review(story.diary, "lamotrigine", START, outcome="headache_day", plan=plan, as_of=ON)
    assert review_of(story, "first", ON).document() == outside.document()


def test_a_trial_that_runs_beside_it_is_told_as_another_treatment_and_the_diary_tells_less_of_this_one() -> None:
    alone = folded(until_begun())
    beside = folded([*until_begun(), *second_trial("topiramate", "episodic-migraine", START + timedelta(days=14))])
    one, two = review_of(alone, "first", ON), review_of(beside, "first", ON)
    said = " ".join(reason.because for reason in two.response.reasons)
    assert "topiramate" in said.lower()
    assert "topiramate" not in " ".join(reason.because for reason in one.response.reasons).lower()
    assert two.response.prior_share > one.response.prior_share


def test_a_trial_begun_after_the_day_asked_about_is_not_known_then() -> None:
    beside = folded([*until_begun(), *second_trial("topiramate", "episodic-migraine", ON + timedelta(days=1))])
    assert review_of(beside, "first", ON).document() == review_of(folded(until_begun()), "first", ON).document()


def test_days_of_an_earlier_trial_of_the_same_treatment_are_no_baseline_and_the_answer_says_so() -> None:
    end, again = START + timedelta(days=90), START + timedelta(days=150)
    between = stories.days(end + timedelta(days=1), "X0X0X00" * 8)
    later = stories.days(again, "X000000" * 8)
    events = [
        *until_begun(),
        stories.ended(end, ending="stopped by the person"),
        *between,
        *second_trial("lamotrigine", stories.INDICATION, again),
        *later,
    ]
    found = review_of(folded(events), "second", again + timedelta(days=55))
    assert found.series.first_day > end
    assert [each.rule for each in found.response.reasons][-1] == "trial.earlier"


def test_an_earlier_trial_of_the_same_treatment_that_still_runs_is_refused_by_name() -> None:
    events = [*until_begun(), *second_trial("lamotrigine", stories.INDICATION, START + timedelta(days=40))]
    with pytest.raises(BadInput, match="first is a trial of lamotrigine too"):
        review_of(folded(events), "second", ON)


@pytest.mark.parametrize("day", [START - timedelta(days=1), date(2001, 1, 1)])
def test_before_the_first_dose_there_is_nothing_to_judge(day: date) -> None:
    with pytest.raises(BadInput, match="nothing to judge"):
        review_of(folded(until_begun()), "first", day)


def test_a_trial_of_no_such_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput, match="There are first"):
        review_of(folded(until_begun()), "third", ON)


def test_injections_that_were_held_for_the_trial_count_as_sessions_without_being_told_again_as_doses() -> None:
    start = date(2026, 3, 2)
    record = {
        "on": (start + timedelta(days=84)).isoformat(), "product": "onabotulinumtoxina", "unit": "U", "by": "Dr Ada Field",
        "sites": [{"muscle": "frontalis", "side": "left", "units": 10}],
    }  # fmt: skip
    held = {"entry": "second", "injections": record, "held_by": "Dr Ada Field"}
    days = stories.days(start - timedelta(days=28), "X0X0X00" * 4) + stories.days(start, "X00X000" * 14)
    events = [*second_trial("onabotulinumtoxina", "chronic-migraine", start, "toxin"), *days]
    without = folded(events)
    told = folded([*events, stories.told("session.held", held, start + timedelta(days=84), stories.DOCTOR, "toxin")])
    on = start + timedelta(days=97)
    one, two = (reviewed.review_of(each, "toxin", on, outcome="headache_day") for each in (without, told))
    assumed = [each.response.provenance["plan"]["assumed"] for each in (one, two)]
    assert assumed[1] == assumed[0] - 1  # planned, and nobody had told whether it took place
