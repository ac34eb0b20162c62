"""Each kind of rule of a payer, on days that say what must follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack, DoseEntry, Score
from cleardays.diary.records import Diary
from cleardays.problems import BadInput
from cleardays.trial.payers.evaluate import KINDS, evaluate
from cleardays.trial.payers.facts import edits_of, facts_of
from cleardays.trial.payers.findings import CANNOT_TELL, FAILS, MEETS, NOT_YET
from cleardays.trial.payers.packs import CONTINUE, START, find_pack, packs
from reference.payer_cases import ONE, THREE, day_record, diary_of, facts, tried
from reference.payer_cases import START as BEGUN
from reference.stories import day_told, placed

CHRONIC = "X0" * 14 + "X" * 16 + "0" * 12  # 16 migraine days in the last 28
FEWER = "X00" * 28  # 84 days of treatment, 9 or 10 in 28
HALF = "X000" * 42  # 168 days, 7 in 28


def verdicts(pack, known):
    """Every rule of a pack by its id."""
    return {each.criterion.id: each for each in evaluate(find_pack(pack), known).findings}


def test_every_kind_of_rule_that_a_pack_uses_has_its_judge():
    assert {each.kind for pack in packs().values() for each in pack.criteria} == set(KINDS)


def test_nobody_begins_with_too_few_headache_days_and_all_days_are_listed():
    found = verdicts("nice-ta260", facts("X0" * 14))["headache-days"]
    assert (found.verdict, found.found.number) == (FAILS, "14")
    (count,) = found.found.counts
    assert [day.date for day in count.days] == [BEGUN - n * ONE for n in range(28, 0, -1)]
    assert sum(day.state is True for day in count.days) == 14


def test_fifteen_headache_days_in_28_known_days_meet_fifteen_a_month():
    found = verdicts("nice-ta260", facts("X" * 15 + "0" * 13))
    assert (found["headache-days"].verdict, found["migraine-days"].verdict) == (MEETS, MEETS)


def test_unknown_days_that_could_decide_leave_it_open_and_are_never_counted_as_clear():
    found = verdicts("nice-ta260", facts("X" * 13 + "." * 3 + "0" * 12))["headache-days"]
    assert found.verdict == CANNOT_TELL
    assert "The 3 unknown days could decide it." in found.found.others


def test_unknown_days_that_cannot_decide_do_not():
    found = verdicts("nice-ta260", facts("X" * 10 + "." * 3 + "0" * 15))["headache-days"]
    assert (found.verdict, found.found.others[0]) == (FAILS, "The 3 unknown days cannot change that.")


def test_a_count_on_too_few_known_days_is_never_enough_however_many_had_it():
    found = verdicts("nice-ta659", facts("X" * 8 + "." * 20, treatment="galcanezumab"))["migraine-days"]
    assert found.verdict == CANNOT_TELL
    assert "Only 8 of 28 days are known" in found.found.others[0]


def test_two_ways_of_counting_a_month_that_differ_are_both_told():
    start = date(2026, 2, 1)  # January: 31 days before it
    found = verdicts("nice-ta260", facts("XXX" + "X0" * 12 + "0" * 4, start=start))["headache-days"]
    assert (found.verdict, found.found.number) == (FAILS, "12")
    assert any(text.startswith("By calendar month it meets: 15 headache days") for text in found.found.others)


def test_hours_that_were_not_told_are_not_four():
    known = facts("X" * 20 + "0" * 8)
    assert verdicts("us-toxin-files", known)["long-days"].verdict == MEETS
    days = diary_of("X" * 20 + "0" * 8)
    without = Diary(tuple(replace(record, hours=None) for record in days.records), days.about)
    assert verdicts("us-toxin-files", facts("", diary=without))["long-days"].verdict == CANNOT_TELL


def test_days_before_any_preventive_are_not_those_before_this_one():
    early = tried("propranolol", first=BEGUN - 56 * ONE, last=BEGUN - 28 * ONE)
    known = facts("X" * 6 + "0" * 22 + "0" * 56, treatment="erenumab", ledger=(early,))
    found = verdicts("cigna-erenumab", known)["migraine-days"]
    assert (found.verdict, found.found.counts[0].last) == (MEETS, BEGUN - 57 * ONE)


def test_days_before_any_preventive_are_unknown_where_nobody_says_when_the_first_was_begun():
    known = facts("X" * 28, treatment="erenumab", ledger=(tried("propranolol", first=None, last=None),))
    found = verdicts("cigna-erenumab", known)["migraine-days"]
    assert (found.verdict, "not known" in found.found.because) == (CANNOT_TELL, True)
    assert verdicts("cigna-erenumab", facts("X" * 28, treatment="erenumab", ledger=()))["migraine-days"].verdict == CANNOT_TELL


def test_three_months_are_each_counted_and_not_added_up():
    bad = "XXXX" + "0" * 24
    assert verdicts("minnesota-medicaid-2019", facts(bad * 3, treatment="erenumab"))["migraine-days"].verdict == MEETS
    uneven = "X" * 12 + "0" * 16 + "0" * 28 + bad
    found = verdicts("minnesota-medicaid-2019", facts(uneven, treatment="erenumab"))["migraine-days"]
    assert (found.verdict, found.found.number) == (FAILS, "12; 0; 4")


def test_how_many_are_asked_for_depends_on_the_baseline_where_the_pack_says_so():
    def of(marks):
        return verdicts("optumrx-western-health", facts(marks, treatment="erenumab"))["migraine-days"].verdict

    assert of("X" * 5 + "0" * 23) == MEETS  # episodic: 4
    assert of("X" * 5 + "h" * 12 + "0" * 11) == FAILS  # chronic: 8
    assert of("X" * 5 + "h" * 9 + "." * 2 + "0" * 12) == CANNOT_TELL  # which of the two, is open


def test_weeks_are_looked_at_one_by_one():
    def of(marks):
        diary = diary_of(marks.replace("A", "X"))
        taken = [
            replace(record, acute_doses=1, acute_classes=("triptan",))
            if mark == "A"
            else replace(record, acute_doses=0, acute_classes=())
            for record, mark in zip(diary.records, marks, strict=True)
        ]
        return verdicts("humber-north-yorkshire", facts("", diary=Diary(tuple(taken), diary.about)))["acute-days"]

    assert of("AA00000" * 4).verdict == MEETS
    found = of("AA00000" * 3 + "AAA0000")
    assert (found.verdict, found.found.number) == (FAILS, "2, 2, 2, 3")


def test_attacks_are_not_counted_from_days():
    known = facts("X" * 5 + "0" * 23, treatment="rimegepant")
    found = verdicts("nice-ta906", known)
    assert found["attacks"].verdict == CANNOT_TELL
    assert "no attacks" in found["attacks"].found.because


def test_attacks_are_counted_where_the_diary_tells_of_them():
    diary = diary_of("0" * 28)
    attacks = tuple(Attack(date=BEGUN - n * ONE, headache="severe", minutes=600) for n in (3, 8, 13, 18, 23))
    found = verdicts("nice-ta906", facts("", treatment="rimegepant", diary=replace(diary, beside=Beside(attacks=attacks))))
    assert (found["attacks"].verdict, found["attacks"].found.number) == (MEETS, "5")


def test_preventives_count_by_the_rule_and_another_rule_stands_beside():
    found = verdicts("nice-ta260", facts(CHRONIC, ledger=(*THREE[:2], tried("amitriptyline", weeks=3.0))))["preventives"]
    assert (found.verdict, found.found.number) == (MEETS, "3 of 3")
    assert "By another rule (8 weeks at the target dose" in found.found.others[0]
    assert "2 preventives counted as failed" in found.found.others[0]


def test_two_preventives_of_three_do_not_meet_and_an_empty_ledger_is_not_known():
    assert verdicts("nice-ta260", facts(CHRONIC, ledger=THREE[:2]))["preventives"].verdict == FAILS
    found = verdicts("nice-ta260", facts(CHRONIC, ledger=()))["preventives"]
    assert (found.verdict, found.found.because[:15]) == (CANNOT_TELL, "Nothing is told")


def test_the_treatment_itself_is_none_of_its_own_failures():
    own = tried("onabotulinumtoxina", first=date(2024, 1, 1), last=date(2024, 9, 1))
    assert verdicts("nice-ta260", facts(CHRONIC, ledger=(*THREE[:2], own)))["preventives"].verdict == FAILS


def test_a_second_medicine_of_the_class_refuses_and_none_told_of_is_no_proof():
    second = tried("atogepant", "ongoing", last=None, classes=("gepant",))
    known = facts(CHRONIC, "0" * 84, treatment="erenumab", ledger=(*THREE, second))
    assert verdicts("unitedhealthcare-erenumab", known)["no-second"].verdict == FAILS
    alone = facts(CHRONIC, "0" * 84, treatment="erenumab")
    assert verdicts("unitedhealthcare-erenumab", alone)["no-second"].verdict == CANNOT_TELL
    sworn = facts(CHRONIC, "0" * 84, treatment="erenumab", said={"no-second": True})
    assert verdicts("unitedhealthcare-erenumab", sworn)["no-second"].verdict == MEETS


def test_overuse_refuses_or_asks_as_the_pack_has_it_and_unknown_intake_is_not_none():
    def of(pack, marks, **more):
        diary = diary_of(marks)
        taken = tuple(
            replace(record, acute_doses=1, acute_classes=("triptan",)) if record.headache == "severe" else record
            for record in diary.records
        )
        return verdicts(pack, facts("", treatment="erenumab", diary=Diary(taken, diary.about), **more))["overuse"]

    over, under = "0" * 18 + "X" * 12, "0" * 24 + "X" * 6
    assert of("minnesota-medicaid-2019", over).verdict == FAILS
    assert of("minnesota-medicaid-2019", under).verdict == MEETS
    assert of("optumrx-western-health", over).verdict == CANNOT_TELL
    assert of("optumrx-western-health", over, said={"overuse": True}).verdict == MEETS
    assert of("minnesota-medicaid-2019", "X" * 6).verdict == CANNOT_TELL  # 24 days of which nobody knows
    untold = facts("0" * 18 + "X" * 12, treatment="erenumab")  # headache, and nobody says what was taken
    assert verdicts("minnesota-medicaid-2019", untold)["overuse"].verdict == CANNOT_TELL


def test_a_share_of_fewer_days_is_not_judged_before_its_time():
    known = facts(CHRONIC, FEWER)
    found = verdicts("nice-ta260", known)["fewer-days"]
    assert found.verdict == NOT_YET
    assert verdicts("nice-ta260", facts(CHRONIC))["fewer-days"].verdict == NOT_YET


def test_a_share_of_fewer_days_is_met_or_not_after_its_time():
    assert verdicts("nice-ta260", facts(CHRONIC, HALF))["fewer-days"].verdict == MEETS
    found = verdicts("nice-ta260", facts(CHRONIC, "X0" * 84))["fewer-days"]
    assert (found.verdict, found.found.number) == (FAILS, "12.5\N{NO-BREAK SPACE}% fewer")


def test_unknown_days_that_could_turn_a_share_are_said():
    known = facts(CHRONIC, HALF[:140] + "X000" * 3 + "." * 8 + "X000X000")
    found = verdicts("nice-ta260", known)["fewer-days"]
    assert found.verdict == MEETS
    assert any("could change that" in text for text in found.found.others)


def test_a_share_is_not_told_from_too_few_days():
    found = verdicts("nice-ta260", facts(CHRONIC, HALF[:140] + "X0" + "." * 26))["fewer-days"]
    assert found.verdict == CANNOT_TELL


def test_an_episodic_baseline_is_asked_for_half_and_a_chronic_one_for_less():
    def of(before):
        return verdicts("nice-ta659", facts(before, "X00" * 28, treatment="galcanezumab"))["fewer-days"].verdict

    assert of("X" * 14 + "0" * 14) == FAILS  # 14 to 9 or 10: 30 %
    assert of("X" * 15 + "0" * 13) == MEETS


def test_three_months_below_the_number_stop_it_and_one_that_is_open_leaves_it_open():
    assert verdicts("nice-ta260", facts(CHRONIC, HALF))["not-episodic"].verdict == FAILS
    high = facts(CHRONIC, "X000" * 35 + "X" * 16 + "0" * 12)
    assert verdicts("nice-ta260", high)["not-episodic"].verdict == MEETS
    gap = facts(CHRONIC, "X000" * 35 + "X" * 10 + "." * 6 + "0" * 12)
    assert verdicts("nice-ta260", gap)["not-episodic"].verdict == CANNOT_TELL
    assert verdicts("nice-ta260", facts(CHRONIC, HALF[:83]))["not-episodic"].verdict == NOT_YET


def test_fewer_than_ten_for_three_months_is_not_looked_at_before_the_response_is():
    assert verdicts("ehf-2018", facts(CHRONIC, HALF[:84]))["not-few"].verdict == NOT_YET
    assert verdicts("ehf-2018", facts(CHRONIC, HALF))["not-few"].verdict == FAILS


def test_the_window_after_a_session_is_the_latest_one_that_is_over():
    sessions = tuple(
        DoseEntry(date=BEGUN + n * ONE, kind="session", drug="onabotulinumtoxina", state="given") for n in (0, 84, 167)
    )
    diary = replace(diary_of(CHRONIC, HALF), beside=Beside(doses=sessions))
    found = verdicts("ehf-2018", facts("", HALF, diary=diary))["fewer-days"]
    assert found.verdict == MEETS
    assert found.found.counts[1].first == BEGUN + 84 * ONE


def test_one_sign_of_several_is_enough_and_scores_count():
    scores = (
        Score(date=BEGUN - ONE, instrument="MIDAS", total=Decimal(30)),
        Score(date=BEGUN + 80 * ONE, instrument="MIDAS", total=Decimal(15)),
    )
    diary = replace(diary_of(CHRONIC, "X0" * 42), beside=Beside(scores=scores))
    known = facts("", "X0" * 42, treatment="erenumab", diary=diary)
    assert verdicts("dgn-dmkg", known)["response"].verdict == MEETS
    assert verdicts("ahs-injected", known)["response"].verdict == MEETS
    without = facts(CHRONIC, "X0" * 42, treatment="erenumab")
    assert verdicts("dgn-dmkg", without)["response"].verdict == FAILS


def test_what_only_somebody_can_say_is_open_until_it_is_said():
    assert verdicts("humber-north-yorkshire", facts(CHRONIC))["neurologist"].verdict == CANNOT_TELL
    assert verdicts("humber-north-yorkshire", facts(CHRONIC, said={"neurologist": False}))["neurologist"].verdict == FAILS
    course = facts(CHRONIC, FEWER, treatment="erenumab", said={"response": True})
    assert verdicts("ehf-2022", course)["response"].verdict == MEETS
    assert verdicts("ehf-2022", facts(CHRONIC, FEWER, treatment="erenumab"))["response"].verdict == CANNOT_TELL


def test_a_word_on_a_question_that_is_not_asked_is_refused():
    with pytest.raises(BadInput, match="no question of NICE TA659"):
        evaluate(find_pack("nice-ta659"), facts(CHRONIC, treatment="galcanezumab", said={"neurologist": True}))


def test_further_conditions_are_asked_even_where_the_days_are_met():
    known = facts("X" * 5 + "0" * 23, treatment="erenumab")
    assert verdicts("unitedhealthcare-erenumab", known)["four-days"].verdict == CANNOT_TELL
    assert verdicts("unitedhealthcare-erenumab", facts("X" * 9 + "0" * 19, treatment="erenumab"))["four-days"].verdict == FAILS


def test_either_of_two_rules_that_stand_in_for_each_other_is_enough():
    known = facts("X" * 9 + "0" * 19, treatment="erenumab", said={"diagnosis": True})
    found = evaluate(find_pack("unitedhealthcare-erenumab"), known)
    assert found.verdict(START) == MEETS
    assert found.verdict(CONTINUE) == CANNOT_TELL  # whether a second one is taken, nobody said


def test_all_answers_of_a_questionnaire_are_asked_for_and_a_total_is_not_enough():
    def of(*scores):
        diary = replace(diary_of(CHRONIC, "0" * 28), beside=Beside(scores=scores))
        return verdicts("us-toxin-renewal-2026", facts("", "0" * 28, diary=diary))["midas-items"].verdict

    assert of(Score(date=BEGUN, instrument="MIDAS", items=("5", "4", "3", "2", "1"))) == MEETS
    assert of(Score(date=BEGUN, instrument="MIDAS", total=Decimal(15))) == FAILS
    assert of(Score(date=BEGUN, instrument="MIDAS", items=("5", "", "3", "2", "1"))) == FAILS


def test_a_medicine_that_the_pack_does_not_name_does_not_meet_it():
    found = evaluate(find_pack("nice-ta260"), facts(CHRONIC, HALF, treatment="lamotrigine"))
    assert found.verdict() == FAILS
    assert "says nothing" in found.findings[0].found.because
    carried = evaluate(find_pack("ahs-oral"), facts(CHRONIC, HALF, treatment="lamotrigine"))
    assert "carried over" in carried.findings[0].found.because


def test_a_diary_without_a_known_day_meets_nothing_and_says_so():
    for pack in packs().values():
        found = evaluate(pack, facts_of(Diary(()), "erenumab", BEGUN, BEGUN + 200 * ONE))
        days = [each for each in found.findings if each.found.counts]
        assert all(each.verdict in (CANNOT_TELL, NOT_YET) for each in days)


def test_days_changed_later_are_marked_and_those_told_again_in_the_same_words_are_not():
    day = BEGUN - ONE
    events = placed([day_told(day, "clear"), day_told(day, "clear", BEGUN + ONE), day_told(day, "severe", BEGUN + 40 * ONE)])
    assert edits_of(events) == {day: BEGUN + 40 * ONE}
    assert edits_of(events[:2]) == {}
    known = facts("X" * 28, edits={day: BEGUN + 40 * ONE})
    assert verdicts("nice-ta260", known)["headache-days"].found.counts[0].edited == 1


def test_days_written_from_memory_are_marked():
    late = day_record(BEGUN - ONE, "X", backfilled_days=9)
    diary = Diary((*diary_of("X" * 27, start=BEGUN - ONE).records, late))
    (count,) = verdicts("nice-ta260", facts("", diary=diary))["headache-days"].found.counts
    assert (count.recalled, count.days[-1].recalled) == (1, True)


def test_nothing_reported_later_is_read():
    known = facts(CHRONIC, HALF, as_of=BEGUN - ONE)
    assert not known.begun
    assert verdicts("nice-ta260", known)["fewer-days"].verdict == NOT_YET


def test_after_one_session_two_cycles_are_not_over_however_many_weeks_have_passed():
    def of(*days):
        doses = tuple(DoseEntry(date=BEGUN + n * ONE, kind="session", drug="onabotulinumtoxina", state="given") for n in days)
        diary = replace(diary_of(CHRONIC, HALF), beside=Beside(doses=doses))
        return verdicts("nice-ta260", facts("", HALF, diary=diary))["fewer-days"]

    assert of(0).verdict == NOT_YET
    assert of(0, 84).verdict == MEETS
    assert "The sessions are not told" in of().found.others[0]
