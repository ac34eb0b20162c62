"""What holds for any diary that is held against any pack."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.records import Diary
from cleardays.trial.payers.evaluate import evaluate
from cleardays.trial.payers.facts import facts_of
from cleardays.trial.payers.findings import BEST_FIRST, CANNOT_TELL, FAILS, MEETS, NOT_YET, worst
from cleardays.trial.payers.packs import packs
from reference.payer_cases import ONE, START, THREE, diary_of

HEADCOUNT = ("days", "days_of_week", "not_few")
marks = st.text(alphabet="XXh00.", min_size=1, max_size=60)
packs_of = st.sampled_from(sorted(packs()))


def held(pack, diary, treated):
    """Each rule of a pack by its id, for a medicine it names."""
    of = packs()[pack]
    treatment = of.treatments[0] if of.treatments[0] != "*" else "lamotrigine"
    as_of = START + (treated - 1) * ONE
    found = evaluate(of, facts_of(diary, treatment, START if treated else None, as_of, ledger=THREE))
    return {each.criterion.id: each for each in found.findings}


@settings(max_examples=120, deadline=None)
@given(packs_of, marks, st.text(alphabet="XXh00.", max_size=120), st.data())
def test_making_a_day_unknown_never_makes_a_count_of_days_meet_what_it_did_not(pack, before, after, data):
    diary = diary_of(before, after)
    if not diary.records:
        return
    gone = data.draw(st.integers(0, len(diary.records) - 1))
    less = Diary(diary.records[:gone] + diary.records[gone + 1 :], diary.about)
    full, open_ = held(pack, diary, len(after)), held(pack, less, len(after))
    for name, each in full.items():
        if each.criterion.kind in HEADCOUNT:
            assert not (each.verdict == FAILS and open_[name].verdict == MEETS)
            assert not (each.verdict == CANNOT_TELL and open_[name].verdict == MEETS)
        elif each.verdict == FAILS and open_[name].verdict == MEETS:
            assert any("could change that" in text for text in open_[name].found.others), name


@settings(max_examples=120, deadline=None)
@given(packs_of, st.text(alphabet="Xh0", min_size=84, max_size=84), st.data())
def test_more_migraine_days_before_treatment_never_undo_a_start_rule_that_asks_for_some(pack, before, data):
    at = data.draw(st.integers(0, len(before) - 1))
    worse = before[:at] + "X" + before[at + 1 :]
    few, more = held(pack, diary_of(before), 0), held(pack, diary_of(worse), 0)
    for name, each in few.items():
        asks = each.criterion.asks_for
        if (
            each.criterion.kind == "days"
            and each.criterion.part == "start"
            and not {"at_most", "below", "at_least_by_class"} & set(asks)
        ):
            assert not (each.verdict == MEETS and more[name].verdict != MEETS)


@settings(max_examples=60, deadline=None)
@given(packs_of, marks, marks, st.randoms())
def test_the_order_in_which_rows_were_told_changes_nothing(pack, before, after, random):
    diary = diary_of(before, after)
    shuffled = list(diary.records)
    random.shuffle(shuffled)
    ledger = list(THREE)
    random.shuffle(ledger)
    of, as_of = packs()[pack], START + (len(after) - 1) * ONE
    straight = evaluate(of, facts_of(diary, of.treatments[0], START, as_of, ledger=THREE)).document()
    crooked = evaluate(of, facts_of(replace(diary, records=tuple(shuffled)), of.treatments[0], START, as_of, ledger=ledger))
    assert crooked.document() == straight


@settings(max_examples=80, deadline=None)
@given(packs_of, marks, st.text(alphabet="XXh00.", max_size=200))
def test_a_pack_is_never_better_than_the_worst_of_its_rules_and_every_rule_is_told(pack, before, after):
    of = packs()[pack]
    found = evaluate(of, facts_of(diary_of(before, after), of.treatments[0], START, START + len(after) * ONE, ledger=THREE))
    assert [each.criterion.id for each in found.findings][1:] == [each.id for each in of.criteria]
    alone = [each.verdict for each in found.findings if each.criterion.any_of is None]
    assert BEST_FIRST.index(found.verdict()) >= max(map(BEST_FIRST.index, alone))
    assert set(alone) <= {MEETS, FAILS, NOT_YET, CANNOT_TELL}
    assert found.verdict() == worst(reversed(found.findings))
    assert all(each.found.because for each in found.findings)


@settings(max_examples=60, deadline=None)
@given(packs_of, marks, marks)
def test_every_count_lists_all_of_its_days_and_adds_up(pack, before, after):
    of = packs()[pack]
    found = evaluate(of, facts_of(diary_of(before, after), of.treatments[0], START, START + len(after) * ONE, ledger=THREE))
    for each in found.findings:
        for count in (*each.found.counts, *each.found.months):
            assert [day.date for day in count.days] == [count.first + n * ONE for n in range(len(count.days))]
            assert count.known + count.unknown == len(count.days)
            if count.events is None:
                assert count.had == sum(day.state is True for day in count.days) <= count.known


@settings(max_examples=40, deadline=None)
@given(packs_of, st.text(alphabet="X0.", min_size=28, max_size=28))
def test_an_unknown_day_counts_neither_as_had_nor_as_clear(pack, before):
    for each in held(pack, diary_of(before), 0).values():
        for count in each.found.counts:
            if count.metric == "headache_day" and len(count.days) == 28:
                assert (count.had, count.unknown) == (before.count("X"), before.count("."))
