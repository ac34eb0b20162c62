"""Plan files that somebody wrote into, and confirmations that cannot hold."""

from __future__ import annotations

import contextlib
import copy
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from cleardays.plan.confirmation import confirm, lapsed
from cleardays.plan.plan_reading import parse_plan
from cleardays.plan.spoken import LONGEST_NAME, LONGEST_REASON, clean_name, clean_reason
from cleardays.problems import BadInput
from reference.confirmed_plans import changed, confirmed, drafted
from reference.plan_files import START

PAIR = ("lamotrigine", "migraine-with-aura")
EARLY = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ALERT = {
    "code": "caution.alcohol-use-disorder", "severity": "major", "subject": "x", "because": "x", "action": "x", "source": [],
    "confidence": "design", "jurisdiction": [], "answered": False,
}  # fmt: skip


def document(file):
    return json.loads(json.dumps(file.document()))


def read(said):
    return parse_plan(json.dumps(said), "plan.json")


def used():
    """Drafted, confirmed, held, confirmed again."""
    said = confirmed(drafted(*PAIR), EARLY)
    return confirmed(changed(said, "hold", START + 3 * DAY, days=2), EARLY)


def larger(steps):
    """The last dose becomes 1000 mg a day, in every figure that says so."""
    return [*steps[:-1], {**steps[-1], "daily_dose": 1000, "amount": 1000, "amounts": [1000]}]


def edited(change):
    said = document(used())
    change(said)
    return said


# --- What a reader sees


def _steps(said):
    said["steps"] = larger(said["steps"])


def _status(said):
    said["status"] = "refused"


def _review(said):
    said["review_on"] = "2026-12-24"


def _overlap(said):
    for steps in (said["steps"], *(entry["after"]["steps"] for entry in said["history"])):
        steps[1]["from"] = steps[1]["counted_from"] = steps[0]["to"]


def _overlap_of_the_past(said):
    steps = said["history"][0]["after"]["steps"]
    steps[1]["from"] = steps[1]["counted_from"] = steps[0]["to"]


def _taper(said):
    del said["taper"][1]


def _of_another(said):
    said["confirmed"] = document(confirmed(drafted("topiramate", "episodic-migraine")))["confirmed"]


def _invented(said):
    said["confirmed"] = {**said["confirmed"], "version": 99}


def _invented_with_its_entry(said):
    _invented(said)
    said["history"][-1]["data"] = said["confirmed"]


def _by_somebody_else(said):
    said["confirmed"]["by"] = said["history"][-1]["data"]["by"] = "Dr Nobody"


def _catalogue_of_no_day(said):
    said["confirmed"]["catalogue_version"] = said["history"][-1]["data"]["catalogue_version"] = "nope"


def _of_a_changed_version(said):
    """The last word taken away, and the one before it kept as if it still held."""
    del said["history"][-1]
    said.update(version=3, confirmed=said["history"][1]["data"])


def _word_taken_away(said):
    said["confirmed"] = None


def _unanswered(said):
    said["alerts"].append(ALERT)


def _numbers(said):
    for entry, number in zip(said["history"], (7, 2, 3, 4), strict=True):
        entry["version"] = number


def _reversed(said):
    said["history"].reverse()


def _earlier(said):
    said["history"][2]["on"] = "2026-03-01"


def _kind(said):
    said["history"][2]["kind"] = "jump"


def _drafted_twice(said):
    said["history"][2]["kind"] = "drafted"


def _no_data(said):
    said["history"][0]["data"] = {}


def _another_treatment(said):
    said["history"][0]["data"]["treatment"] = "topiramate"


def _no_treatment(said):
    said["treatment"] = said["history"][0]["data"]["treatment"] = "nope"


def _another_start(said):
    said["history"][0]["data"]["start"] = "2026-03-09"


def _no_start(said):
    said["history"][0]["data"]["start"] = "yesterday"


def _no_use(said):
    said["indication"] = said["history"][0]["data"]["indication"] = "toothache"


def _told_nobody(said):
    said["history"][2].update(kind="told", data={})


def _gap_of_nothing(said):
    said["history"][2].update(kind="gap", data={"hours": "many"})


def _calendar(said):
    said.update(document(drafted(*PAIR)), calendar_id=said["calendar_id"])


def _no_calendar(said):
    said["calendar_id"] = None


def _steering(said):
    said["history"][2]["why"] = "dizzy\x1b[2J"


def _two_lines(said):
    said["history"][2]["why"] = "dizzy\nCONFIRMED by Dr Ada Field"


def _half_a_letter(said):
    said["history"][2]["why"] = "dizzy \ud800"


def _far_off(said):
    said["steps"][0]["from"] = "9999-12-31"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_steps, "not what the last version says"), (_status, "not what the last version says"),
        (_review, "not what the last version says"), (_overlap, "leave days out, or overlap"),
        (_overlap_of_the_past, "what it said does not hold"), (_taper, "leave days out"),
        (_of_another, "not what the history says"), (_invented, "not what the history says"),
        (_invented_with_its_entry, "no confirmation of the version before it"),
        (_by_somebody_else, "no confirmation of the version before it"), (_catalogue_of_no_day, "does not match"),
        (_of_a_changed_version, "not what the history says"), (_word_taken_away, "not what the history says"),
        (_unanswered, "does not answer for every alert"), (_numbers, "it is 7, and not 1"),
        (_reversed, "does not hold together"), (_earlier, "before the version before it"), (_kind, "is never jump"),
        (_drafted_twice, "is never drafted"), (_no_data, "not what a draft is made from"),
        (_another_treatment, "the draft was for topiramate"), (_no_treatment, "nope"),
        (_another_start, "the draft was for 2026-03-09"), (_no_start, "not what a draft is made from"),
        (_no_use, "not what a draft is made from"), (_told_nobody, "not what told is made from"),
        (_gap_of_nothing, "not what gap is made from"), (_calendar, "from its first confirmation on"),
        (_no_calendar, "from its first confirmation on"), (_steering, "cannot be seen"), (_two_lines, "cannot be seen"),
        (_half_a_letter, "cannot be seen"), (_far_off, "does not match"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_together_is_refused(change, complaint):
    assert document(read(document(used()))) == document(used())
    with pytest.raises(BadInput) as bad:
        read(edited(change))
    assert complaint in " ".join(str(problem) for problem in bad.value.problems)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "1e30", "-1"])
def test_a_number_that_no_dose_can_be_is_refused(number):
    text = json.dumps(document(used()))
    spoiled = re.sub(r'"amount": [0-9.]+', f'"amount": {number}', text, count=1)
    assert spoiled != text
    with pytest.raises(BadInput):
        parse_plan(spoiled, "plan.json")


def test_a_key_that_stands_there_twice_and_a_very_deep_file_are_refused():
    text = json.dumps(document(used()))
    with pytest.raises(BadInput, match="twice"):
        parse_plan(text.replace('"status"', '"status": "refused", "status"', 1), "plan.json")
    with pytest.raises(BadInput, match="no JSON"):
        parse_plan("[" * 100_000, "plan.json")


# --- What only making it anew can show


def _steps_and_history(said):
    said["steps"] = larger(said["steps"])
    for entry in said["history"]:
        entry["after"]["steps"] = larger(entry["after"]["steps"])


def _past_dose(said):
    """Of the version that was held and its confirmation, as if more had been planned then."""
    for entry in said["history"][:2]:
        entry["after"]["steps"] = larger(entry["after"]["steps"])


def _watched_less(said):
    said["monitoring"] = said["monitoring"][1:]


def _other_advice(said):
    said["monitoring"][0]["action"] = "Nothing need be done."


def _another_gap(said):
    said["restart_after_gap_h"] = 9999.0


def _shorter_window(said):
    said["stop_rule"]["threshold"] = 0.01


@pytest.mark.parametrize(
    "change", [_steps_and_history, _past_dose, _watched_less, _other_advice, _another_gap, _shorter_window]
)
def test_a_plan_that_its_history_does_not_make_is_neither_followed_nor_confirmed(change):
    file = read(edited(change))
    assert [reason.rule for reason in lapsed(file, START)] == ["confirmation.edited"]
    held = changed(used(), "hold", START + 6 * DAY, days=2)
    said = document(held)
    change(said)
    with pytest.raises(BadInput, match="changed by hand"):
        confirm(read(said), by="Dr Ada Field", at=EARLY)


@pytest.mark.parametrize("spoil", [lambda alerts: alerts[:0], lambda alerts: [{**each, "answered": True} for each in alerts]])
def test_an_alert_is_not_answered_by_writing_so(spoil):
    said = document(drafted("baclofen", "alcohol-recovery"))
    assert any(alert["severity"] == "major" and not alert["answered"] for alert in said["alerts"])
    said["alerts"] = spoil(said["alerts"])
    with pytest.raises(BadInput, match="changed by hand"):
        confirm(read(said), by="Dr Ada Field", at=EARLY)


def leaves(said, path=()):
    pairs = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, value in pairs:
        if isinstance(value, dict | list) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def otherwise(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        return (date.fromisoformat(value) + DAY).isoformat() if is_day else f"{value}x"
    return ["x"] if value == [] else "x"


def with_leaf(said, path, value):
    found = copy.deepcopy(said)
    inside = found
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return found


# How cleardays words a reason, the reasons people give, and what was told of the person that changes nothing.
WORDING = re.compile(
    r"(reasons|taper)\.\d+(\.reason)?\.(rule|because|source.*)|history\.\d+\.(why|by)|history\.\d+\.data\."
    r"(person\..*|protocol|accepted|catalogue_version|diary_until)"
)


@pytest.mark.parametrize("pair", [("amitriptyline", "episodic-migraine"), ("ketamine", "refractory-migraine")])
def test_nothing_but_wording_can_be_written_into_a_confirmed_plan(pair):
    said = document(confirmed(drafted(*pair), EARLY))
    survived = []
    for path, value in leaves(said):
        try:
            file = read(with_leaf(said, path, otherwise(value)))
        except BadInput:
            continue
        if not lapsed(file, START):
            survived.append(".".join(map(str, path)))
    assert [name for name in survived if not WORDING.fullmatch(name)] == []


@pytest.mark.parametrize("value", [None, -1, 10**400, "", "\u0000", [], {}, True, [[]], "9999-12-31"])
def test_whatever_stands_in_a_file_it_is_read_or_refused(value):
    said = document(used())
    for path, before in list(leaves(said))[::17]:
        if value == before:
            continue
        with contextlib.suppress(BadInput):
            lapsed(read(with_leaf(said, path, value)), START)


# --- When a confirmation can be given, and how long it holds


def test_waiting_does_not_make_an_early_confirmation_valid_and_a_new_one_does():
    early = confirm(drafted(*PAIR), by="Dr Ada Field", at=EARLY.replace(year=2025), diary_until=date(2025, 2, 28))
    for today in (START - DAY, START, START + DAY, START + 9 * DAY):
        assert [reason.rule for reason in lapsed(early, today)] == ["confirmation.early"]
        found = [reason.rule for reason in lapsed(early, today, diary_until=today)]
        assert found == ["confirmation.diary", "confirmation.early"]
    with pytest.raises(BadInput, match="confirmed this version already"):
        confirm(early, by="Dr Bo Hill", at=EARLY.replace(year=2025, month=4))
    again = confirm(early, by="Dr Bo Hill", at=EARLY)
    assert (lapsed(again, START), again.calendar_id) == ((), early.calendar_id)
    assert read(document(again)).confirmation.by == "Dr Bo Hill"
    with pytest.raises(BadInput, match="confirmed this version already"):
        confirm(again, by="Dr Bo Hill", at=EARLY)


def test_a_diary_that_goes_on_after_the_first_dose_takes_nothing_away():
    said = confirm(drafted(*PAIR), by="Dr Ada Field", at=EARLY, diary_until=START - 5 * DAY)
    assert lapsed(said, START + 60 * DAY, diary_until=START + 60 * DAY) == ()


def test_a_change_does_not_pass_by_the_days_of_grace():
    long_past = EARLY.replace(year=2028)
    held = changed(drafted(*PAIR), "hold", START + DAY, days=1)
    with pytest.raises(BadInput, match="more than 14 days"):
        confirm(held, by="Dr Ada Field", at=long_past)
    never_held = confirm(drafted(*PAIR), by="Dr Ada Field", at=EARLY.replace(year=2025))
    with pytest.raises(BadInput, match="more than 14 days"):
        confirm(changed(never_held, "hold", START + DAY, days=1), by="Dr Ada Field", at=long_past)
    begun = confirm(drafted(*PAIR), by="Dr Ada Field", at=EARLY)
    assert confirm(changed(begun, "hold", START + DAY, days=1), by="Dr Ada Field", at=EARLY + 60 * DAY).confirmation


def test_nobody_confirms_tomorrow():
    with pytest.raises(BadInput, match="still to come"):
        confirm(drafted(*PAIR), by="Dr Ada Field", at=EARLY + DAY, now=EARLY)
    assert confirm(drafted(*PAIR), by="Dr Ada Field", at=EARLY, now=EARLY).confirmation.at == EARLY


def test_a_review_counts_again_where_a_way_down_was_left():
    down = confirm(changed(confirm(drafted(*PAIR), by="Dr Ada Field", at=EARLY), "taper", START + 60 * DAY),
                   by="Dr Ada Field", at=EARLY + 60 * DAY)  # fmt: skip
    assert lapsed(down, START + 400 * DAY) == ()
    on = confirm(changed(down, "go-on", START + 62 * DAY), by="Dr Ada Field", at=EARLY + 62 * DAY)
    assert [reason.rule for reason in lapsed(on, START + 400 * DAY)] == ["confirmation.review"]


# --- What people say


@pytest.mark.parametrize(
    ("by", "kept"), [(" Dr\tAda\n Field ", "Dr Ada Field"), ("Dr\x1b[31m Ada", "Dr[31m Ada"), ("Йы", "Йы"), ("A. 李", "A. 李")]
)
def test_a_name_is_kept_on_one_line(by, kept):
    assert clean_name(by) == kept


@pytest.mark.parametrize("by", ["", "A", "12 34", "\x1b\x1b", "\u202e\u200b7", "Dr " + "a" * LONGEST_NAME])
def test_what_is_no_name_is_refused(by):
    with pytest.raises(BadInput, match="no name of a clinician"):
        clean_name(by)


def test_a_reason_is_kept_whole_or_refused():
    assert clean_reason("rash\r\non the \x1b arms") == "rash on the arms"
    assert clean_reason("a" * LONGEST_REASON) == "a" * LONGEST_REASON
    with pytest.raises(BadInput, match="longer than 500"):
        clean_reason("a" * (LONGEST_REASON + 1))
    with pytest.raises(BadInput, match="needs its reason"):
        clean_reason("...")


def test_what_a_confirmation_says_is_kept_clean_and_read_back():
    code = "caution.alcohol-use-disorder"
    file = drafted("baclofen", "alcohol-recovery")
    said = confirm(file, by="Dr Ada\nField", at=EARLY, accepted={code: "in weekly\x1b care"})
    assert (said.confirmation.by, said.confirmation.accepted) == ("Dr Ada Field", {code: "in weekly care"})
    assert said.entries[-1].by == "Dr Ada Field"
    assert read(document(said)).confirmation == said.confirmation
    with pytest.raises(BadInput, match="longer than"):
        confirm(file, by="Dr Ada Field", at=EARLY, accepted={code: "a" * 200_000})
