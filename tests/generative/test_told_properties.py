"""What holds of everything that is told of a person, whatever is told, by whom and in which order."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.problems import BadInput
from cleardays.trial.intake import intake_of, screen_document
from cleardays.trial.ledger.adequacy import adequacy_rules, failures, judge
from cleardays.trial.ledger.tried import EVIDENCE, OUTCOMES
from cleardays.trial.preventives import ledger_of
from cleardays.trial.story import kinds
from cleardays.trial.story.events import Actor
from cleardays.trial.story.intake_told import ANSWERS, PARTS
from cleardays.trial.story.story import Story, fold, require
from cleardays.trial.story.versions import standing
from reference import every_kind as every
from reference.every_kind import BEFORE, consent, consent_withdrawn, goal, intake, tried
from reference.plan_files import START
from reference.stories import day_told, placed, told

NAMES = ("Jo Sample", "Al Sample", "jo sample")
DAYS = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
ENTRIES = st.sampled_from(["a", "b", "c"])
TREATMENTS = st.sampled_from(["Inderal", "propranolol", "Topamax", "examplamide", "metoprolol"])


@st.composite
def tellings(draw):
    """One telling of a preventive; most can be true."""
    first = draw(st.none() | st.dates(date(2015, 1, 1), date(2020, 1, 1)))
    body = {
        "treatment": draw(TREATMENTS),
        "evidence": draw(st.sampled_from(EVIDENCE)),
        "outcome": draw(st.none() | st.sampled_from(OUTCOMES)),
        "weeks_at_target": draw(st.none() | st.integers(0, 60)),
        "first": None if first is None else first.isoformat(),
        "last": None if first is None else (first + timedelta(days=draw(st.integers(0, 900)))).isoformat(),
        "reason_stopped": draw(st.none() | st.text("abc ", min_size=1, max_size=5).map(lambda words: f"x{words}")),
    }
    return {key: value for key, value in body.items() if value is not None}


def let_in(events, story=None):
    """The story and the events that a store would have let in."""
    story, kept = story or Story("sam"), []
    for event in events:
        try:
            after = require(story, event)
        except BadInput:
            continue
        story, kept = after, [*kept, event]
    return story, kept


def tried_event(entry, body, day=BEFORE):
    return told(kinds.TRIED, {"entry": entry, **body}, day)


@given(st.lists(st.tuples(ENTRIES, tellings()), max_size=8))
def test_a_correction_never_loses_what_was_told_before_it(rows):
    story, kept = let_in([tried_event(entry, body) for entry, body in rows])
    for entry in {event.body["entry"] for event in kept}:
        of_entry = [event for event in kept if event.body["entry"] == entry]
        versions = story.told.tried[entry]
        assert len(versions) == len(of_entry)
        assert standing(story.told.tried)[entry] == versions[-1].value
        for event, version in zip(of_entry, versions, strict=True):
            assert version.value.weeks_at_target == event.body.get("weeks_at_target")
            assert version.value.outcome == event.body.get("outcome")


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), tellings(), max_size=6), st.randoms())
def test_the_order_in_which_independent_things_are_told_changes_no_ledger(rows, random):
    events = [tried_event(entry, body) for entry, body in rows.items()]
    events += [intake("family", "none"), goal("g", "work"), day_told(START, "mild")]
    shuffled = list(events)
    random.shuffle(shuffled)
    (one, kept), (other, _) = let_in(events), let_in(shuffled)
    assert ledger_of(one, as_of=START) == ledger_of(other, as_of=START)
    assert standing(one.told.goals) == standing(other.told.goals)
    assert intake_of(one).document() == intake_of(other).document()
    assert ledger_of(fold("sam", placed(kept)), as_of=START) == ledger_of(one, as_of=START)


@given(tellings(), st.integers(1, 200), st.sampled_from(sorted(adequacy_rules())))
def test_more_weeks_at_the_target_never_make_a_trial_less_adequate_nor_fewer_failures(body, more, rule):
    story, kept = let_in([tried_event("a", {**body, "weeks_at_target": body.get("weeks_at_target", 0)})])
    if not kept:
        return
    (one,) = ledger_of(story, as_of=START)
    rank = {"no": 0, "cannot tell": 1, "yes": 2}
    longer = one._replace(weeks_at_target=one.weeks_at_target + more)
    assert rank[judge(longer, rule).meets] >= rank[judge(one, rule).meets]
    assert len(failures([longer], rule).surely) >= len(failures([one], rule).surely)


CONSENTS = st.builds(
    consent,
    st.lists(st.sampled_from(["diary", *kinds.FOR_HELPERS]), min_size=1, max_size=3),
    DAYS,
    st.sampled_from(NAMES),
    **{"from": DAYS.map(date.isoformat), "until": st.none() | DAYS.map(date.isoformat)},
)
BACK = st.builds(consent_withdrawn, DAYS, st.sampled_from(NAMES))
BY_ROLE = st.builds(Actor, st.sampled_from(NAMES), st.sampled_from(["helper", "helper", "person"]))
TELL = st.builds(
    lambda event, by: event._replace(by=by),
    st.one_of(
        DAYS.map(lambda day: day_told(START, written=day)),
        DAYS.map(lambda day: goal("g", "work", day=day)),
        DAYS.map(lambda day: tried(day=day)),
        DAYS.map(lambda day: every.flag_shown(day=day)),
        CONSENTS,
        BACK,
        st.sampled_from(every.every_kind()),
    ),
    BY_ROLE,
)


@given(st.lists(st.one_of(CONSENTS, BACK, TELL), max_size=25))
@settings(max_examples=60)
def test_nothing_that_a_helper_tells_gets_in_without_a_consent_of_the_person_that_stands(events):
    story, given_ = Story("sam"), {}
    for event in events:
        try:
            story = require(story, event)
        except BadInput:
            continue
        if event.by.role == "helper":
            may, first, last = given_[event.by.name]
            own = event.kind == kinds.CONSENT_WITHDRAWN and event.body["helper"] == event.by.name
            assert own or (event.kind in may and first <= event.at.date() and (last is None or event.at.date() <= last))
        if event.kind == kinds.CONSENTED:
            assert event.by.role == "person"
            asked = {kind for each in event.body["may"] for kind in (kinds.DIARY_KINDS if each == "diary" else (each,))}
            since = date.fromisoformat(event.body["from"]) if event.body.get("from") else event.at.date()
            until = event.body.get("until")
            given_[event.body["helper"]] = asked, since, None if until is None else date.fromisoformat(until)
        elif event.kind == kinds.CONSENT_WITHDRAWN:
            given_.pop(event.body["helper"])


PART_TOLD = st.sampled_from(sorted(PARTS)).flatmap(
    lambda part: st.sampled_from(ANSWERS).map(
        lambda answer: intake(part, answer, **({"words": "so and so"} if answer == "told" else {}))
    )
)


@given(st.lists(PART_TOLD, max_size=12))
def test_a_part_that_was_not_told_is_not_asked_and_nothing_else_is(events):
    story, kept = let_in(events)
    asked = {event.body["part"] for event in kept}
    view = intake_of(story)
    assert {part.part for part in view.parts} == set(PARTS)
    assert set(view.not_asked) == set(PARTS) - asked
    last = {event.body["part"]: event.body["answer"] for event in kept}
    assert {part.part: part.answer for part in view.parts if part.part in asked} == last
    none = {part for part, answer in last.items() if answer == "none"}
    assert {key for key in screen_document(story) if key in PARTS} == none & {"conditions", "medicines", "allergies"}


@given(st.lists(st.sampled_from(every.every_kind()), max_size=30), BY_ROLE)
@settings(max_examples=40)
def test_what_was_let_in_folds_to_what_stood_when_it_was_let_in(events, by):
    some = [event._replace(by=by) if number % 3 == 0 else event for number, event in enumerate(events)]
    story, kept = let_in(some)
    folded = fold("sam", placed(kept))
    assert folded.told == story.told
    assert folded.trials == story.trials
