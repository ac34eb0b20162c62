"""What was tried before: told, from the person's own trials, and judged by the rules of whoever asks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry
from cleardays.problems import BadInput
from cleardays.sources import CONFIDENCES, all_sources
from cleardays.trial.ledger.adequacy import CANNOT_TELL, NO, YES, adequacy_rules, failed, failures, judge
from cleardays.trial.ledger.tried import EVIDENCE, OUTCOMES, Tried, known_as, read_tried
from cleardays.trial.preventives import ledger_of, outcome_of_answer
from cleardays.trial.story.versions import standing
from reference.told_stories import DR, MARA, START, begun, diary_events, diary_of, ended, event, reviewed, told

AT_ANY_DOSE = ("PAYER_2_MONTHS", "PAYER_60_DAYS", "PAYER_30_DAYS")
AT_TARGET = ("AHS_8_WEEKS", "STEP_6_WEEKS")


def tried(name="propranolol", outcome="no effect", **rest):
    treatment, classes = known_as(name)
    bare = Tried(treatment, classes, None, None, None, None, outcome, None, "recall", None)
    return bare._replace(**rest)


def tried_event(entry="a", **body):
    return event("tried.told", {"entry": entry, "treatment": "Topamax", "evidence": "recall", **body})


def test_every_rule_has_a_source_that_exists_and_says_how_sure_it_is():
    for rule in adequacy_rules().values():
        assert rule.source
        assert set(rule.source) <= all_sources().keys()
        assert rule.confidence in CONFIDENCES
        assert {*rule.failed, *rule.perhaps, *rule.instead} <= set(OUTCOMES)


@pytest.mark.parametrize("rule", adequacy_rules())
def test_weeks_that_nobody_knows_are_never_zero_weeks(rule):
    assert judge(tried(outcome=None), rule).meets == CANNOT_TELL
    if rule != "NICE_FAILED":
        assert judge(tried(), rule).meets == CANNOT_TELL


def test_the_weeks_at_the_target_decide_where_the_rule_asks_for_them():
    assert judge(tried(weeks_at_target=8), "AHS_8_WEEKS").meets == YES
    assert judge(tried(weeks_at_target=7.9), "AHS_8_WEEKS").meets == NO
    assert judge(tried(weeks_at_target=7.9), "STEP_6_WEEKS").meets == YES


def test_what_was_taken_for_less_in_all_was_not_longer_at_the_target():
    short = tried(first=date(2024, 1, 1), last=date(2024, 2, 4))
    assert judge(short, "AHS_8_WEEKS").meets == NO
    assert judge(short, "STEP_6_WEEKS").meets == NO
    longer = tried(first=date(2024, 1, 1), last=date(2024, 12, 31))
    assert judge(longer, "AHS_8_WEEKS").meets == CANNOT_TELL


def test_two_months_are_two_months_of_the_calendar():
    assert judge(tried(first=date(2025, 1, 1), last=date(2025, 2, 28)), "PAYER_2_MONTHS").meets == YES
    assert judge(tried(first=date(2025, 7, 1), last=date(2025, 8, 30)), "PAYER_2_MONTHS").meets == NO
    assert judge(tried(first=date(2025, 12, 31), last=date(2026, 2, 28)), "PAYER_2_MONTHS").meets == YES


def test_two_months_told_in_weeks_are_open_where_a_month_could_be_longer_or_shorter():
    assert judge(tried(weeks=7.9), "PAYER_2_MONTHS").meets == NO
    assert judge(tried(weeks=8.5), "PAYER_2_MONTHS").meets == CANNOT_TELL
    assert judge(tried(weeks=9), "PAYER_2_MONTHS").because.count("not known")


def test_one_that_goes_on_is_counted_up_to_the_day_that_is_asked_about_and_no_further():
    now = tried(outcome="ongoing", first=date(2026, 1, 1))
    assert judge(now, "PAYER_30_DAYS", as_of=date(2026, 1, 30)).meets == YES
    assert judge(now, "PAYER_30_DAYS", as_of=date(2026, 1, 29)).meets == NO
    assert judge(now, "PAYER_30_DAYS").meets == CANNOT_TELL
    assert failed(now, "PAYER_30_DAYS") == NO


def test_what_could_not_be_tolerated_need_not_be_taken_for_weeks():
    after_a_week = tried(outcome="intolerable", first=date(2024, 1, 1), last=date(2024, 1, 7), reason_stopped="rash")
    for rule in adequacy_rules():
        assert judge(after_a_week, rule).meets == YES


def test_a_partial_effect_is_a_failure_only_where_the_source_says_so():
    assert failed(tried(outcome="partial"), "NICE_FAILED") == CANNOT_TELL
    assert failed(tried(outcome="good"), "NICE_FAILED") == NO
    assert failed(tried(outcome="stopped for another reason"), "NICE_FAILED") == NO


def test_a_rule_that_asks_for_dates_and_the_reason_is_not_met_without_them():
    whole = tried(first=date(2024, 1, 1), last=date(2024, 6, 1), reason_stopped="no fewer days")
    assert judge(whole, "PAYER_60_DAYS").meets == YES
    bare = judge(whole._replace(reason_stopped=None), "PAYER_60_DAYS")
    assert (bare.meets, "why it was stopped" in bare.because) == (CANNOT_TELL, True)
    assert judge(tried(weeks=20, reason_stopped="x"), "PAYER_60_DAYS").meets == CANNOT_TELL


def test_several_names_of_one_medicine_count_once():
    ledger = [tried("Topamax", weeks_at_target=9), tried("topiramate", weeks_at_target=12), tried("Inderal", weeks_at_target=9)]
    found = failures(ledger, "AHS_8_WEEKS")
    assert found.surely == ("propranolol", "topiramate")
    assert (found.reach(2), found.reach(3)) == (YES, NO)


def test_two_of_one_class_count_once_where_the_rule_counts_classes():
    dates = {"first": date(2024, 1, 1), "last": date(2024, 6, 1), "reason_stopped": "no effect"}
    ledger = [tried("propranolol", **dates), tried("metoprolol", **dates), tried("amitriptyline", **dates)]
    assert failures(ledger, "PAYER_60_DAYS").surely == ("beta_blocker", "tricyclic")
    # of several classes: all that share one count once together
    both = [tried("topiramate", **dates), tried("valproate", **dates), tried("lamotrigine", **dates)]
    assert len(failures(both, "PAYER_60_DAYS").surely) == 1


def test_what_may_have_failed_is_told_apart_and_never_beside_the_same_medicine_that_surely_did():
    ledger = [tried("propranolol", weeks_at_target=9), tried("propranolol"), tried("candesartan")]
    found = failures(ledger, "AHS_8_WEEKS")
    assert (found.surely, found.perhaps) == (("propranolol",), ("candesartan",))
    assert (found.reach(1), found.reach(2), found.reach(3)) == (YES, CANNOT_TELL, NO)


def test_an_unknown_rule_is_refused_by_name():
    with pytest.raises(BadInput, match="AHS_8_WEEKS"):
        judge(tried(), "NINE_WEEKS")


_DAYS = st.dates(date(2015, 1, 1), date(2026, 1, 1))
_WEEKS = st.one_of(st.none(), st.floats(0, 400))
_ANY = st.builds(
    tried,
    st.sampled_from(["propranolol", "Topamax", "valproate", "metoprolol", "examplamide"]),
    st.sampled_from([None, *OUTCOMES]),
    weeks_at_target=_WEEKS,
    weeks=_WEEKS,
    first=st.one_of(st.none(), _DAYS),
    last=st.one_of(st.none(), _DAYS),
    reason_stopped=st.one_of(st.none(), st.text(min_size=1)),
    evidence=st.sampled_from(EVIDENCE),
)


@given(_ANY)
def test_an_entry_told_from_its_document_is_the_same(one):
    assert read_tried(one.document()) == one


@given(_ANY, st.sampled_from(sorted(adequacy_rules())))
def test_more_weeks_never_make_a_trial_less_adequate(one, rule):
    rank = {NO: 0, CANNOT_TELL: 1, YES: 2}
    more = one._replace(
        weeks_at_target=None if one.weeks_at_target is None else one.weeks_at_target + 10,
        weeks=None if one.weeks is None else one.weeks + 10,
        last=None if one.last is None else one.last + timedelta(days=70),
    )
    assert rank[judge(more, rule).meets] >= rank[judge(one, rule).meets]


@given(st.lists(_ANY, max_size=6), st.sampled_from(sorted(adequacy_rules())), st.randoms())
def test_the_order_of_a_ledger_changes_no_count_and_nothing_is_counted_twice(ledger, rule, random):
    found = failures(ledger, rule)
    shuffled = list(ledger)
    random.shuffle(shuffled)
    assert failures(shuffled, rule) == found
    assert failures([*ledger, *ledger], rule) == found
    assert not set(found.surely) & set(found.perhaps)


def test_a_correction_takes_the_place_of_what_was_told_and_loses_none_of_it():
    story = told([tried_event(weeks_at_target=4), tried_event(weeks_at_target=10), tried_event("b", treatment="Inderal")])
    ledger = ledger_of(story, as_of=START)
    assert [(each.treatment, each.weeks_at_target) for each in ledger] == [("propranolol", None), ("topiramate", 10)]
    assert [version.value.weeks_at_target for version in story.told.tried["a"]] == [4, 10]
    assert ledger[1].told_as == "Topamax"


def test_an_entry_that_was_taken_back_is_gone_from_the_ledger_and_not_from_the_story():
    story = told([tried_event(), event("tried.told", {"entry": "a", "taken_back": "it was my sister's"})])
    assert ledger_of(story, as_of=START) == ()
    assert [version.why for version in story.told.tried["a"]] == [None, "it was my sister's"]
    assert standing(story.told.tried) == {}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"weeks_at_target": -1}, "weeks_at_target"),
        ({"weeks_at_target": 20, "weeks": 10}, "weeks_at_target"),
        ({"first": "2025-02-01", "last": "2025-01-01"}, "last"),
        ({"first": "2025-01-01", "last": "2025-01-10", "weeks_at_target": 9}, "weeks_at_target"),
        ({"outcome": "ongoing", "reason_stopped": "rash"}, "outcome"),
        ({"outcome": "great"}, "outcome"),
        ({"max_dose": "lots"}, "max_dose"),
        ({"evidence": "rumour"}, "evidence"),
        ({"evidence": None}, "evidence"),
        ({"worked": True}, "worked"),
        ({"taken_back": "no"}, "taken_back"),
    ],
)
def test_what_cannot_be_true_is_refused_and_says_where(body, where):
    with pytest.raises(BadInput) as refused:
        told([tried_event(**body)])
    assert any(where in problem.where for problem in refused.value.problems)


def lamotrigine(*doses, days=140, stop=True, **decided):
    diary = diary_of("X000" * 7, START - timedelta(days=28), beside=Beside(doses=doses))
    events = [*diary_events(diary), *begun("ltg", diary=diary)]
    last = START + timedelta(days=days)
    if stop:
        events += reviewed("ltg", last, decision="stop", reasons=["no fewer days with headache"], **decided)
        events += ended("ltg", last)
    return events, last


def test_a_trial_of_ones_own_stands_in_the_ledger_with_its_dose_its_weeks_and_its_reason():
    events, last = lamotrigine()
    (own,) = ledger_of(told(events), as_of=last + timedelta(days=30))
    assert (own.treatment, own.classes, own.trial) == ("lamotrigine", ("antiseizure", "mood_stabiliser"), "ltg")
    assert (own.max_dose, own.dose_is, own.assumed) == ("200 mg", "confirmed", 1.0)
    assert (own.first, own.last, own.evidence) == (START, last, "diary")
    assert own.weeks_at_target == (140 + 1 - 35) / 7  # the target is due from day 36 on
    assert (own.outcome, own.reason_stopped) == ("no effect", "no fewer days with headache")


def test_weeks_of_which_no_dose_was_told_leave_open_whether_it_was_tried_for_long_enough():
    events, last = lamotrigine()
    (own,) = ledger_of(told(events), as_of=last)
    assert own.weeks_told == 0
    found = judge(own, "AHS_8_WEEKS")
    assert found.meets == CANNOT_TELL
    assert "Of 0 of them the doses were told" in found.because
    assert failures([own], "AHS_8_WEEKS").surely == ()


def test_weeks_whose_doses_were_told_are_long_enough_and_one_dose_untold_is_one_day_less():
    taken = [
        DoseEntry(date=START + timedelta(days=n), kind="preventive", drug="lamotrigine", state="taken") for n in range(141)
    ]
    (own,) = ledger_of(told((made := lamotrigine(*taken))[0]), as_of=made[1])
    assert own.weeks_told == own.weeks_at_target == (140 + 1 - 35) / 7
    assert judge(own, "AHS_8_WEEKS").meets == YES
    (less,) = ledger_of(told((made := lamotrigine(*taken[:-1]))[0]), as_of=made[1])
    assert less.weeks_told == own.weeks_told - 1 / 7


def test_doses_that_were_left_out_are_no_weeks_at_the_target_and_the_dose_taken_is_the_one_told():
    missed = [
        DoseEntry(date=START + timedelta(days=n), kind="preventive", drug="lamotrigine", state="skipped") for n in range(40, 54)
    ]
    taken = DoseEntry(
        date=START + timedelta(days=60), kind="preventive", drug="lamotrigine", state="taken", amount=Decimal(150), unit="mg"
    )
    events, last = lamotrigine(*missed, taken)
    (own,) = ledger_of(told(events), as_of=last)
    assert own.weeks_at_target == (140 + 1 - 35 - 14 - 1) / 7
    assert (own.max_dose, own.dose_is) == ("150 mg", "taken")
    assert own.assumed == 1 - 15 / 141


def test_the_ledger_of_an_earlier_day_knows_nothing_of_later_ones():
    events, _ = lamotrigine()
    (then,) = ledger_of(told(events), as_of=START + timedelta(days=27))
    assert (then.outcome, then.last, then.max_dose, then.weeks_at_target) == ("ongoing", None, "50 mg", 0)
    assert ledger_of(told(events), as_of=START - timedelta(days=1)) == ()


def test_the_clinician_may_say_how_it_turned_out():
    events, last = lamotrigine(outcome="intolerable")
    (own,) = ledger_of(told(events), as_of=last)
    assert own.outcome == "intolerable"
    with pytest.raises(BadInput, match="outcome"):
        told(lamotrigine(outcome="meh")[0])


def test_what_goes_on_stands_before_what_is_over():
    events, last = lamotrigine(stop=False)
    story = told([tried_event(first="2020-01-01", last="2020-06-01", outcome="no effect"), *events])
    assert [each.outcome for each in ledger_of(story, as_of=last)] == ["ongoing", "no effect"]


def test_a_trial_that_the_screening_refused_is_contraindicated_and_was_never_taken():
    opened = begun("ltg")[0]
    refused = {"on": str(START), "verdict": "refuse", "alerts": [{"code": "contraindication.hypersensitivity"}]}
    story = told([
        opened, event("trial.screened", refused, trial="ltg"),
        *ended("ltg", START, "a severe rash on it in 2019", "never begun"),
    ])  # fmt: skip
    (own,) = ledger_of(story, as_of=START)
    assert (own.outcome, own.first, own.weeks_at_target) == ("contraindicated", None, None)
    assert own.reason_stopped == "a severe rash on it in 2019"


def test_what_the_answer_says_of_the_outcome_and_what_it_leaves_open():
    assert outcome_of_answer({"verdict": "responding"}) == "good"
    assert outcome_of_answer({"verdict": "not_responding", "probability": {"reduction_ge_30": 0.9}}) == "partial"
    assert outcome_of_answer({"verdict": "not_responding", "probability": {"reduction_ge_30": 0.1}}) == "no effect"
    assert outcome_of_answer({"verdict": "not_responding", "probability": {"reduction_ge_30": 0.5}}) is None
    assert outcome_of_answer({"verdict": "too_early"}) is None
    assert outcome_of_answer({"verdict": "not_responding"}) is None


def test_the_first_injection_counts_as_the_beginning_of_the_target():
    events = begun("btx", "onabotulinumtoxina", "chronic-migraine")
    (own,) = ledger_of(told(events), as_of=START + timedelta(days=69))
    assert (own.max_dose, own.weeks_at_target) == ("155 U", 10)
    assert DR.name == "Dr Ada Field"
    assert MARA.role == "person"
