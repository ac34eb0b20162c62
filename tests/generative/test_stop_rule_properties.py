"""Stop rules and questionnaires: properties that hold whatever is told."""

from __future__ import annotations

import contextlib
import json
from fractions import Fraction
from importlib import resources

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from cleardays.diary.fields import as_written, exact
from cleardays.diary.instruments import instruments, total_range
from cleardays.diary.measure import measure
from cleardays.diary.stop_data import VERDICTS, rule_names
from cleardays.diary.stop_inputs import KEYS
from cleardays.diary.stop_rules import judge_stop
from cleardays.problems import BadInput

DAYS = st.decimals(0, 28, places=2)
QUESTIONNAIRES = [name for name, table in instruments().items() if "total" in table]
TIMES = {"cycles": 2, "weeks": 24, "months": 6, "months_on": 6}


def validator(level: str) -> jsonschema.Draft202012Validator:
    text = (
        resources.files("cleardays.cli").joinpath("schemas", f"diary-classify-{level}.schema.json").read_text(encoding="utf-8")
    )
    return jsonschema.Draft202012Validator(json.loads(text))


RESPONSE, MEASURE = validator("response"), validator("measure")


@given(DAYS, DAYS, st.integers(1, 1000))
def test_the_unit_does_not_matter_to_a_response(baseline, current, factor):
    one = judge_stop({"rule": "responder", "baseline": baseline, "current": current})
    other = judge_stop({"rule": "responder", "baseline": baseline * factor, "current": current * factor})
    assert (one["reduction_pct"], one["responder"]) == (other["reduction_pct"], other["responder"])


@given(DAYS, DAYS)
def test_who_reaches_more_reaches_less(baseline, current):
    found = list(judge_stop({"rule": "responder", "baseline": baseline, "current": current})["responder"].values())
    assert found == sorted(found, key=lambda answer: not answer)


@given(st.integers(1, 28), st.integers(0, 28), st.integers(1, 28), st.integers(0, 28))
def test_a_window_is_its_rate_in_28_days(logged_before, before, logged_now, now):
    before, now = min(before, logged_before), min(now, logged_now)
    windows = {
        "baseline_window": {"n_days": logged_before, "n_logged": logged_before, "md": before},
        "current_window": {"n_days": logged_now, "n_logged": logged_now, "md": now},
    }
    found = judge_stop({"rule": "responder", **windows})["reduction_pct"]
    exactly = None if before == 0 else 100 - 100 * Fraction(now, logged_now) / Fraction(before, logged_before)
    assert found == (None if exactly is None else float(exactly))


@given(
    st.sampled_from([name for name in rule_names() if name.startswith(("NICE", "EHF_2018", "AHS", "DGN"))]),
    DAYS, DAYS, DAYS, st.sampled_from([None, "episodic", "chronic"]),
)  # fmt: skip
def test_a_larger_reduction_never_turns_going_on_into_stopping(rule, baseline, one, other, kind):
    def verdict(current):
        figures = {
            f"{side}_{m}": v for m in ("hd", "md", "attacks") for side, v in (("baseline", baseline), ("current", current))
        }
        return judge_stop({"rule": rule, **figures, "baseline_type": kind, **TIMES})["verdict"]

    less, more = verdict(max(one, other)), verdict(min(one, other))
    assert (less, more) != ("continue", "stop_nonresponse")


@given(st.lists(st.none() | st.decimals(0, 20, places=1), max_size=60), st.sampled_from([None, "male", "female"]))
def test_rates_of_drinking_days_are_percentages(drinks, sex):
    found = measure({"instrument": "TLFB", "drinks": drinks, "sex": sex})
    MEASURE.validate(found)
    if found["pda"] is not None:
        assert found["pda"] + found["phdd"] <= 100 + 1e-9
        assert found["pda_missing_as_use"] <= found["pda"] + 1e-9
        assert found["phdd_missing_as_heavy"] >= found["phdd"] - 1e-9


@given(st.sampled_from(QUESTIONNAIRES), st.data())
def test_a_total_is_in_its_range_or_there_is_none(name, data):
    numbers = st.none() | st.integers(-2, 14) | st.sampled_from([6, 8, 10, 11, 13])
    size = instruments()[name]["items"]
    found = measure({"instrument": name, "items": data.draw(st.lists(numbers, min_size=size - 1, max_size=size))})
    least, most = total_range(name)
    MEASURE.validate(found)
    assert found["valid"] == (found["total"] is not None)
    assert found["total"] is None or least <= found["total"] <= most


NUMBERS = st.integers() | st.floats() | st.decimals() | st.integers(0, 31)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=5)
WORDS = st.sampled_from(["monthly", "quarterly", "episodic", "chronic", "good", "partial", "none", "female", "2026-03-04"])
WINDOW = st.dictionaries(st.sampled_from(["n_days", "n_logged", "md", "hd"]), st.integers(0, 40))
VALUES = st.recursive(
    LEAVES | WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
MINE = ("instrument", "items", "total", "drinks", "g_per_day", "day1", "attack", "sex", "A", "B")


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), VALUES | WINDOW, max_size=8), st.sampled_from(rule_names()))
def test_whatever_is_told_a_rule_answers_or_says_what_is_wrong(told, rule):
    for document in (told, {**told, "rule": rule}):
        with contextlib.suppress(BadInput):
            found = judge_stop(document)
            assert found["verdict"] in (*VERDICTS, None)
            RESPONSE.validate(found)


PLAUSIBLE = {
    **dict.fromkeys(("cycles", "weeks", "months", "months_on", "baseline", "current"), st.integers(0, 30)),
    **dict.fromkeys((f"{side}_{m}" for side in ("baseline", "current") for m in ("hd", "md", "attacks")), DAYS),
    "hd_reduction_pct": st.integers(-50, 100),
    "last3_hd": st.lists(st.none() | DAYS, min_size=3, max_size=3),
    "midas": st.lists(st.none() | st.integers(0, 276), min_size=2, max_size=2),
    "hit6": st.lists(st.none() | st.integers(36, 78), min_size=2, max_size=2),
    "response": st.sampled_from(["good", "partial", "none"]),
    "interval": st.sampled_from(["monthly", "quarterly"]),
    "baseline_type": st.sampled_from(["episodic", "chronic"]),
    "baseline_window": st.just({"n_days": 28, "n_logged": 13, "md": 3, "hd": 3}),
}


@given(st.sampled_from(rule_names()), st.fixed_dictionaries({}, optional={k: st.none() | v for k, v in PLAUSIBLE.items()}))
def test_every_answer_keeps_to_its_schema_and_gives_a_reason(rule, told):
    with contextlib.suppress(BadInput):
        found = judge_stop({"rule": rule, **told})
        RESPONSE.validate(found)
        json.dumps(found, allow_nan=False)


@given(
    st.dictionaries(st.sampled_from(MINE) | st.text(max_size=4), VALUES, max_size=6),
    st.sampled_from([*instruments(), "?"]),
)  # fmt: skip
def test_whatever_is_told_an_instrument_answers_or_says_what_is_wrong(told, name):
    for document in (told, {**told, "instrument": name}):
        with contextlib.suppress(BadInput):
            found = measure(document)
            MEASURE.validate(found)
            json.dumps(found, allow_nan=False)


@given(st.decimals(-100, 100, places=6) | st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-9))
def test_a_number_is_what_it_was_written_as(value):
    text = str(value)
    assert exact(json.loads(text, parse_float=as_written)) == Fraction(text)
