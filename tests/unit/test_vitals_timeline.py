"""The picture of a supervised session."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from cleardays.plan.session_judge import judge
from cleardays.plan.session_reading import read_session_record
from cleardays.report.strip import PAPER
from cleardays.report.vitals_timeline import NARROW, WIDE, describe, draw_vitals, standalone
from reference.sessions import DUE, quiet, reading, with_reading

SVG = "{http://www.w3.org/2000/svg}"


def drawn(layout=NARROW, **other):
    record = read_session_record(quiet(**other))
    return draw_vitals(record, judge(record), layout, palette=PAPER, font="Arial", name="s")


def titles(picture):
    return [each.text for each in ElementTree.fromstring(picture).iter(f"{SVG}title")]


def lines(picture):
    return [each.get("points") for each in ElementTree.fromstring(picture).iter(f"{SVG}polyline")]


def words(picture):
    return [each.text for each in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def test_every_reading_carries_its_words():
    said = titles(drawn())
    for minute in DUE:
        assert f"minute {minute}: oxygen saturation 97 %" in said
        assert f"minute {minute}: rousable" in said


def test_a_missed_reading_is_a_gap_and_an_outline_never_a_line():
    whole, broken = drawn(), drawn(vitals=[reading(minute) for minute in DUE if minute != 45])
    # two joins become none, in each of the five curves
    assert len(lines(whole)) - len(lines(broken)) == 5 * 2
    assert any(each.startswith("minute 45: not read") for each in titles(broken))
    assert not any("not read" in each for each in titles(whole))


def test_one_measure_that_was_not_read_breaks_only_its_own_curve():
    broken = drawn(vitals=with_reading(45, spo2=None))
    assert len(lines(drawn())) - len(lines(broken)) == 2


def test_a_value_beyond_a_limit_is_another_shape_with_its_number():
    picture = drawn(vitals=with_reading(15, spo2=89, sbp=190))
    assert {"89", "190"} <= set(words(picture))
    assert picture.count("<polygon") == 2
    assert "<polygon" not in drawn()


def test_the_limits_for_stopping_are_written_out():
    assert {"stop above 180/110", "stop above 120, below 45", "stop below 92", "stop below 10"} <= set(words(drawn()))


def test_what_was_given_findings_actions_and_discharge_are_told():
    picture = drawn(
        WIDE,
        events=[{"minute": 20, "what": "dizziness", "until_minute": 30}],
        actions=[{"minute": 21, "what": "lay down", "result": "gone", "result_minute": 30}],
    )
    said = " ".join(words(picture))
    assert "18 mg/h, intravenous, minute 0 to 30" in said
    assert "1  min 20: dizziness, to minute 30" in said
    assert "lay down; result: gone (minute 30)" in said
    assert "D: discharge at minute 155, in order." in said
    assert "O: observation of what was given ends at minute 150." in said


def test_a_session_that_stopped_and_still_runs_says_so():
    record = read_session_record(quiet(vitals=with_reading(15, rousable=False), discharge=None))
    found = judge(record)
    assert "S: first criterion for stopping, minute 15." in " ".join(words(standalone(record, found, WIDE)))
    assert describe(record, found).endswith("The person has not left.")
    assert "not rousable to voice" in describe(record, found)


def test_what_people_wrote_is_escaped():
    picture = drawn(entered_by="Dr <b> & Co", events=[{"minute": 20, "what": "<script>"}])
    assert "<script>" not in picture
    assert "Dr <b> & Co" in " ".join(words(picture))


def test_the_picture_of_its_own_follows_light_dark_and_print():
    record = read_session_record(quiet())
    picture = standalone(record, judge(record))
    assert "prefers-color-scheme: dark" in picture
    assert "@media print" in picture
    ElementTree.fromstring(picture)


@pytest.mark.parametrize("layout", [NARROW, WIDE])
def test_an_empty_record_is_drawn(layout):
    picture = drawn(layout, vitals=[], given=[], discharge=None)
    assert "nothing entered" in words(picture)
