"""What was told of a person beside their trials: goals, the intake in one view, side effects with the dose of the day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry, Event
from cleardays.diary.outcomes import day_series
from cleardays.plan.person_reading import read_person
from cleardays.problems import BadInput
from cleardays.trial.effects import effects_of, profiles, running_on
from cleardays.trial.goals import counted_answers, goals_beside, goals_to_ask
from cleardays.trial.intake import intake_of, screen_document
from cleardays.trial.preventives import ledger_of
from cleardays.trial.sessions_of_story import diary_with_sessions, records_of
from cleardays.trial.story import kinds, steps
from cleardays.trial.story.intake_told import PARTS
from cleardays.trial.story.story import fold
from reference import every_kind as every
from reference import stories, told_stories
from reference.every_kind import BEFORE, goal, intake, tried
from reference.stories import DOCTOR, TRIAL, placed, told
from reference.told_stories import START

WHEN = START + timedelta(days=20)


# goals


def beside(*goals):
    return {each.entry: each for each in goals_beside(fold("sam", placed([*stories.journey(), *goals])), TRIAL)}


def test_a_goal_told_after_the_first_dose_says_so_and_one_that_was_changed_after_it_too():
    first = stories.START
    found = beside(
        goal("early", "work"),
        goal("late", "sleep", day=first),
        goal("moved", "four days", outcome="headache_day", at_most=4),
        goal("moved", "eight days", day=first + timedelta(days=30), outcome="headache_day", at_most=8),
    )
    assert {entry: each.when for entry, each in found.items()} == {
        "early": "before day one", "late": "after day one", "moved": "changed after day one",
    }  # fmt: skip
    assert found["moved"].told_at == stories.at(BEFORE)
    opened = fold("sam", placed([stories.opened(BEFORE), goal("early", "work")]))
    assert [each.when for each in goals_beside(opened, TRIAL)] == ["nothing begun yet"]


def test_before_day_one_is_by_the_days_of_the_person_and_not_of_greenwich():
    eve = stories.at(stories.START - timedelta(days=1), 22)
    late = goal("late", "sleep")._replace(at=eve)
    zone = told("diary.about", {"about": {"zone": "Asia/Tokyo"}}, BEFORE)
    assert beside(late)["late"].when == "before day one"
    assert beside(late, zone)["late"].when == "after day one"


@pytest.mark.parametrize(
    ("marks", "limit", "answer"),
    [
        ("X000" * 7, {"at_most": 7}, "reached"),
        ("X000" * 7, {"at_most": 6}, "not reached"),
        ("X00." * 7, {"at_most": 7}, "cannot tell"),
        ("X00." * 7, {"at_most": 6}, "not reached"),
        ("X00." * 7, {"at_most": 14}, "reached"),
        ("X00." * 7, {"at_least": 7}, "reached"),
        ("X00." * 7, {"at_least": 15}, "not reached"),
        ("X00." * 7, {"at_least": 9}, "cannot tell"),
        ("." * 28, {"at_most": 27}, "cannot tell"),
        ("", {"at_most": 28}, "reached"),
    ],
)
def test_a_goal_in_days_is_counted_in_the_last_28_and_unknown_days_could_go_either_way(marks, limit, answer):
    first = stories.START
    events = [*stories.days(first, marks), goal("days", "fewer", outcome="headache_day", **limit), goal("work", "work")]
    story = fold("sam", placed(events))
    (found,) = counted_answers(story, first + timedelta(days=27))
    assert (found.entry, found.answer) == ("days", answer)
    assert found.counted.known == len(marks) - marks.count(".")
    assert (found.counted.first, found.counted.last) == (first, first + timedelta(days=27))
    assert [entry for entry, _ in goals_to_ask(story)] == ["work"]


@pytest.mark.parametrize("outcome", ["headache_day", "migraine_day", "mod_sev_headache_day", "acute_med_day"])
def test_a_goal_counts_what_the_whole_diary_counts_of_those_days(outcome):
    first, last = stories.START, stories.START + timedelta(days=199)
    events = [
        stories.day_told(
            first + timedelta(days=n), "moderate" if n % 5 == 0 else "clear", migraine="yes", acute_doses=str(n % 2)
        )
        for n in range(200)
        if n % 7
    ]
    story = fold("sam", placed([*events, goal("g", "fewer", outcome=outcome, at_most=4)]))
    whole = day_series(story.diary, outcome, as_of=last).between(last - timedelta(days=27), last)
    (found,) = counted_answers(story, last)
    assert (found.counted.had, found.counted.known) == (whole.had, whole.known)
    assert found.counted.known > 0


def test_a_review_answers_each_goal_from_the_diary_or_as_the_person_said_and_the_answer_stays():
    *journey, _, _ = stories.journey()
    review = stories.START + timedelta(days=120)
    last_days = stories.days(review - timedelta(days=27), "X000000" * 4)
    events = [goal("days", "four days", outcome="headache_day", at_most=4), goal("work", "work"), *journey[:-1], *last_days]
    story = fold("sam", placed(events))
    at = stories.at(review)
    events += steps.reviewing(TRIAL, review, {"verdict": "responding"}, at=at, by=DOCTOR, goals=counted_answers(story, review))
    said = [each._replace(entry="work", answer="partly", counted=None) for each in counted_answers(story, review)]
    events.append(
        steps.deciding(TRIAL, "continue", ("ok",), review, again=review + timedelta(days=84), at=at, by=DOCTOR, goals=said)
    )
    later = stories.days(review - timedelta(days=27), "X" * 28)
    found = {each.entry: each for each in goals_beside(told_stories.told([*events, *later]), TRIAL)}
    assert [(on, answer.answer) for on, answer in found["days"].answers] == [(review, "reached")]
    assert [(on, answer.answer) for on, answer in found["work"].answers] == [(review, "partly")]
    assert found["days"].document()["answers"][0]["counted"]["had"] == 4


# intake


def test_the_intake_names_every_part_and_says_of_each_whether_it_was_asked():
    none = intake_of(fold("sam", []))
    assert [each.part for each in none.parts] == list(PARTS)
    assert none.not_asked == tuple(PARTS)
    told_now = intake_of(fold("sam", placed([intake("allergies", "none"), tried(outcome="no effect")])))
    assert told_now.part("allergies").answer == "none"
    assert told_now.part("tried").answer == "told"
    assert [each.treatment for each in told_now.tried] == ["propranolol"]
    assert "tried" not in told_now.not_asked


def test_nothing_tried_before_is_an_answer_and_what_was_tried_is_told_in_the_ledger():
    assert intake_of(fold("sam", placed([intake("tried", "none")]))).part("tried").answer == "none"
    with pytest.raises(BadInput, match="stands in the ledger"):
        told_stories.told([intake("tried", entries=[{"what": "Inderal"}])])


def test_a_screening_takes_from_the_intake_what_was_told_and_leaves_out_what_was_not_asked():
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"
    events = [
        intake("conditions", "none"),
        intake("medicines", entries=[{"what": "Valproate", "daily_dose": 1000, "unit": "mg", "for": "epilepsy"}]),
        intake("allergies", entries=[{"what": f"Penicillin {family}", "reaction": "rash", "serious": True}, {"what": "nuts"}]),
        intake("pregnancy", entries=[{"plans": "planning", "contraception": "none"}]),
    ]
    document = screen_document(fold("sam", placed(events)))
    person = read_person(document)
    assert person.conditions == ()
    assert person.medicines[0].name == "Valproate"
    assert [reaction.serious for reaction in person.past_reactions] == [True]
    assert (person.pregnancy, person.contraception) == ("planning", "none")
    assert screen_document(fold("sam", [])) == {}
    assert screen_document(fold("sam", placed([intake("conditions", "not known")]))) == {}


def test_the_questionnaires_of_the_diary_stand_beside_what_was_told():
    score = every.beside("score.told", {"date": START.isoformat(), "instrument": "MIDAS", "total": "12"}, "s1")
    assert intake_of(fold("sam", placed([score]))).document()["scores"] == [
        {"date": START.isoformat(), "instrument": "MIDAS", "total": 12.0}
    ]


# effects


def effect(day, term="dizziness", **more):
    return Event(date=day, kind="side_effect", term=term, **more)


def lamotrigine(*events, doses=(), extra=(), days=60):
    diary = told_stories.diary_of("X000" * 7, START - timedelta(days=28), beside=Beside(doses=doses, events=events))
    own = [*told_stories.diary_events(diary), *told_stories.begun("ltg", diary=diary)]
    return told_stories.told([*extra, *own]), START + timedelta(days=days)


def test_an_effect_stands_beside_the_treatment_and_the_dose_of_the_day_on_which_it_began():
    story, until = lamotrigine(effect(START + timedelta(days=20), severity="moderate", since=START + timedelta(days=16)))
    (found,) = effects_of(story, as_of=until)
    (running,) = found.running
    assert (running.treatment, running.trial) == ("lamotrigine", "ltg")
    assert (running.dose, running.how, running.dose_on) == ("50 mg", "due, nothing told", START + timedelta(days=16))
    assert (found.event.severity, found.of, found.named) == ("moderate", ("lamotrigine",), False)


def test_the_dose_that_was_taken_or_left_out_on_that_day_has_the_last_word():
    def dose(n, **more):
        return DoseEntry(date=START + timedelta(days=n), kind="preventive", drug="lamotrigine", **more)

    doses = (dose(16, state="taken", amount=Decimal(25), unit="mg"), dose(17, state="skipped"))
    story, _ = lamotrigine(doses=doses)
    by_day = [running_on(story, START + timedelta(days=n))[0] for n in (16, 17, 18)]
    assert [(each.dose, each.how) for each in by_day] == [
        ("25 mg", "taken"), (None, "left out"), ("50 mg", "due, nothing told"),
    ]  # fmt: skip


def test_nothing_ran_before_the_first_dose_but_what_was_told_of_the_time():
    before = tried(first="2024-01-01", last=(START - timedelta(days=1)).isoformat(), max_dose="80 mg", outcome="no effect")
    story, _ = lamotrigine(extra=[before])
    assert [(each.treatment, each.dose, each.how) for each in running_on(story, START - timedelta(days=1))] == [
        ("propranolol", "80 mg", "told of the time")
    ]
    assert [each.treatment for each in running_on(story, START)] == ["lamotrigine"]
    assert running_on(story, date(2023, 12, 31)) == ()


def test_an_effect_of_what_is_given_in_sessions_stands_beside_the_last_one():
    events = told_stories.begun("btx", "onabotulinumtoxina", "chronic-migraine")
    (running,) = running_on(told_stories.told(events), START + timedelta(days=9))
    assert (running.treatment, running.dose, running.dose_on) == ("onabotulinumtoxina", "155 U", START)


def injected(n, product="Botox", units=5, trial="btx"):
    record = {
        "on": (START + timedelta(days=n)).isoformat(), "product": product, "unit": "U", "by": "Dr Ada Field",
        "sites": [{"muscle": "procerus", "units": units}],
    }  # fmt: skip
    body = {"entry": f"session {n}", "injections": record}
    return told(kinds.SESSION_HELD, body, START + timedelta(days=n), DOCTOR, trial)


def test_a_session_that_a_clinician_recorded_counts_in_the_ledger_and_beside_effects_with_what_was_given():
    events = told_stories.begun("btx", "onabotulinumtoxina", "chronic-migraine")
    story = told_stories.told([*events, injected(0, units=150)])
    (own,) = ledger_of(story, as_of=START + timedelta(days=30))
    assert (own.max_dose, own.dose_is, own.assumed) == ("150 U", "taken", 0)
    (running,) = running_on(story, START)
    assert (running.dose, running.how) == ("150 U", "taken")
    assert running_on(story, START + timedelta(days=5))[0].how == "given before"


def test_units_of_another_product_are_no_session_of_this_trial():
    events = told_stories.begun("btx", "onabotulinumtoxina", "chronic-migraine")
    for product in ("Dysport", "examplatoxin"):
        with pytest.raises(BadInput, match="the trial is of onabotulinumtoxina"):
            told_stories.told([*events, injected(0, product)])


def test_a_supervised_session_of_a_trial_is_one_of_its_records_also_where_it_names_no_trial_and_never_of_another():
    events = told_stories.begun("ket", "ketamine", "refractory-migraine")
    record = {**every.KETAMINE, "on": START.isoformat()}
    story = told_stories.told([*events, every.session_held(day=START, trial="ket", record=record)])
    (kept,) = records_of(story, story.trials["ket"])
    assert (kept.on, kept.note) == (START, None)
    unnamed = told_stories.told([*events, every.session_held(day=START, record=record)])
    assert records_of(unnamed, unnamed.trials["ket"]) == (kept,)
    other = told_stories.told([*told_stories.begun("ltg"), every.session_held(day=START, record=record)])
    assert records_of(other, other.trials["ltg"]) == ()
    assert diary_with_sessions(story, story.trials["ket"], records_too=False) == story.diary
    doses = diary_with_sessions(story, story.trials["ket"]).beside.doses
    assert [(dose.date, dose.state, dose.amount) for dose in doses] == [(START, "given", None)]


def test_effects_are_side_by_side_by_treatment_with_the_worst_of_each_and_what_is_not_of_it_is_left_out():
    story, until = lamotrigine(
        effect(WHEN, severity="mild"),
        effect(WHEN + timedelta(days=20), "Dizziness ", severity="severe"),
        effect(WHEN, "headache", attribution="condition"),
        effect(WHEN, "cold hands", drug="Inderal"),
    )
    found = {(each.treatment, each.term): each for each in profiles(effects_of(story, as_of=until))}
    assert found.keys() == {("lamotrigine", "dizziness"), ("propranolol", "cold hands")}
    own = found["lamotrigine", "dizziness"]
    assert (own.times, own.worst, own.doses, own.named) == (2, "severe", ("50 mg", "200 mg"), False)
    assert found["propranolol", "cold hands"].named
    assert effects_of(story, as_of=WHEN - timedelta(days=1)) == ()


def test_every_view_of_a_person_of_whom_nothing_is_known_is_empty_and_true():
    story = fold("sam", [])
    assert (effects_of(story, as_of=START), running_on(story, START)) == ((), ())
    assert (counted_answers(story, START), goals_to_ask(story)) == ((), ())
    assert ledger_of(story, as_of=START) == ()


def test_names_and_words_in_any_script_stay_whole():
    words = "أيام أقل \N{PILL} <b>#let x</b> " + "\N{CJK UNIFIED IDEOGRAPH-65E5}" * 9_900
    story = told_stories.told([goal("a", words), intake("health", words=words, day=BEFORE)])
    assert story.told.goals["a"][-1].value.words == words
    assert intake_of(story).part("health").words == words
    assert {kinds.GOAL, kinds.INTAKE} <= set(kinds.KINDS)
