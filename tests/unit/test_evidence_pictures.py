"""The pictures of the evidence: whole, inside their frame, no word on another, and true to what is stored."""

from __future__ import annotations

import math
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.problems import BadInput
from cleardays.report.evidence_curve import DOTS, draw_curve, futures
from cleardays.report.evidence_forest import draw_forest
from cleardays.report.evidence_network import draw_network
from cleardays.report.evidence_people import counts, draw_people
from cleardays.report.evidence_sensitivity import draw_sensitivity
from cleardays.report.evidence_sheet import Look, lines_of, study_named
from cleardays.report.strip import PAPER
from reference.evidence_documents import CHRONIC, EPISODIC, NETWORK, TWO, document, quantiles, stored_documents, trial, variant

SVG = "{http://www.w3.org/2000/svg}"
LETTER = 0.58  # width of a letter as a share of its size, about that of the widest common screen font
LEAST_LETTERS = 11.0
DAYS = 9.0
LONG = "a-treatment-with-a-name-that-nobody-could-ever-say-in-one-breath"
EMPTY = document("ketamine")
PARTS = {
    "forest": draw_forest,
    "people": draw_people,
    "people-some": lambda told, indication: draw_people(told, indication, some=True),
    "curve": lambda told, indication: draw_curve(told, indication, DAYS),
    "sensitivity": draw_sensitivity,
}


def texts(picture):
    """Each text with its box: left, top, right, bottom."""
    for each in ElementTree.fromstring(picture).iter(f"{SVG}text"):
        size, said = float(each.get("font-size")), each.text
        wide, x, y = LETTER * size * len(said), float(each.get("x")), float(each.get("y"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[each.get("text-anchor")]
        yield said, (left, y - 0.72 * size, left + wide, y + 0.15 * size)


def shapes(picture):
    """Corners of the box of each shape."""
    for each in ElementTree.fromstring(picture).iter():
        tag, number = each.tag.removeprefix(SVG), dict(each.attrib.items())
        if tag == "rect":
            x, y = float(number["x"]), float(number["y"])
            yield x, y, x + float(number["width"]), y + float(number["height"])
        elif tag == "circle":
            x, y, r = (float(number[key]) for key in ("cx", "cy", "r"))
            yield x - r, y - r, x + r, y + r
        elif tag in ("polygon", "polyline"):
            pairs = [tuple(map(float, pair.split(","))) for pair in number["points"].split()]
            (xs, ys) = zip(*pairs, strict=True)
            yield min(xs), min(ys), max(xs), max(ys)


def shown(picture):
    return " ".join(said for said, _ in texts(picture))


def desc(picture):
    return ElementTree.fromstring(picture).find(f"{SVG}desc").text


def check(picture):
    """What every picture keeps to."""
    root = ElementTree.fromstring(picture)
    wide, tall = map(float, root.get("viewBox").split()[2:])
    title, said = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert [title.get("id"), said.get("id")] == root.get("aria-labelledby").split()
    assert title.text
    assert len(said.text) > 20
    assert wide <= 340, "shown on a phone of 360 px without being made smaller"
    for left, top, right, bottom in shapes(picture):
        assert -0.01 <= left <= right <= wide + 0.01
        assert -0.01 <= top <= bottom <= tall + 0.01
    placed = list(texts(picture))
    for word, (left, top, right, bottom) in placed:
        assert left >= -0.01, word
        assert right <= wide + 0.01, word
        assert 0 <= top <= bottom <= tall + 0.01, word
    for (one, a), (other, b) in combinations(placed, 2):
        assert a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5, (one, other)
    sizes = [float(size) for size in re.findall(r'<text [^>]*font-size="([\d.]+)"', picture)]
    assert min(sizes) >= LEAST_LETTERS
    assert "nan" not in picture
    assert "inf" not in re.sub(r">[^<]*<", "><", picture)
    assert "pattern" not in picture, "no hatching"
    assert "dasharray" not in picture, "no stripes"
    for word in ("significant", "should take", "recommend"):
        assert word not in f"{shown(picture)} {said.text}"


def drawn():
    """Every picture of the documents that are stored, and of those that do not exist."""
    told = [TWO, EMPTY, *(each for each in stored_documents() if "indications" in each)]
    nets = [NETWORK, *(each for each in stored_documents() if "pairs" in each)]
    for each in told:
        for indication in each["indications"]:
            for name, draw in PARTS.items():
                yield f"{name} {each['treatment']} {indication}", draw(each, indication)
    for net in nets:
        for treatment in [*net["people"], "ketamine"]:
            yield f"network {treatment}", draw_network(net, treatment)


def test_every_picture_is_whole_with_title_and_words_and_nothing_on_another():
    count = 0
    for _, picture in drawn():
        check(picture)
        count += 1
    assert count >= 26


def test_the_same_document_gives_the_same_bytes():
    assert list(drawn()) == list(drawn())


@pytest.mark.parametrize("name", PARTS)
def test_without_a_trial_the_picture_says_so_and_draws_nothing(name):
    picture = PARTS[name](EMPTY, EPISODIC)
    assert "No trial that we hold compares ketamine" in desc(picture)
    assert "nothing to draw" in shown(picture)
    assert not list(shapes(picture))
    assert "<path" not in picture


def test_a_picture_in_a_page_takes_the_colours_of_the_page():
    look = Look("own", PAPER, "Liberation Sans", alone=False)
    picture = draw_forest(TWO, EPISODIC, look)
    assert "<style" not in picture
    assert "var(--" not in picture
    assert 'id="own-title"' in picture
    assert 'font-family="Liberation Sans"' in picture
    assert "prefers-color-scheme: dark" in draw_forest(TWO, EPISODIC)


# forest


def test_the_forest_names_each_trial_with_its_ratio_its_people_and_whom_it_compares():
    picture = draw_forest(TWO, EPISODIC)
    for said in (shown(picture), desc(picture)):
        assert "ARISE" in said
        assert "0.81 (0.70 to 0.95)" in said
        assert "776 people, migraine days, against topiramate" in said
        assert "1 person, attacks, against placebo" in said
        assert "0.74 (0.61 to 0.90)" in said
        assert "0.56 to 0.98" in said, "the interval of the next trial"
    assert "Tfelt-Hansen 1984" in shown(picture)
    assert {"half as many days", "no difference", "more days"} <= {said for said, _ in texts(picture)}


def squares(picture):
    """Name, width and style of each square."""
    for each in ElementTree.fromstring(picture).iter(f"{SVG}rect"):
        title = each.find(f"{SVG}title")
        if title is not None:
            yield title.text.split(":")[0], float(each.get("width")), each.get("style"), float(each.get("x"))


def test_the_area_of_a_square_goes_by_weight_and_another_comparison_is_hollow():
    (a, side_a, style_a, _), (b, side_b, style_b, _), _ = squares(draw_forest(TWO, EPISODIC))
    weight = {name: 1 / (se**2 + 0.1**2) for name, se in (("ARISE", 0.08), ("HER-MES", 0.066))}
    assert (side_a / side_b) ** 2 == pytest.approx(weight[a] / weight[b], rel=0.01)
    assert "stroke" not in style_a
    assert "fill:var(--paper);stroke" in style_b
    assert "Hollow square" in shown(draw_forest(TWO, EPISODIC))
    assert "Hollow square" not in shown(draw_forest(TWO, CHRONIC))


def test_the_scale_is_logarithmic_and_a_lower_ratio_stands_further_left():
    at = {name: x + side / 2 for name, side, _, x in squares(draw_forest(TWO, EPISODIC))}
    assert at["HER-MES"] < at["Tfelt-Hansen 1984"] < at["ARISE"]
    ratio = (at["ARISE"] - at["HER-MES"]) / (at["ARISE"] - at["Tfelt-Hansen 1984"])
    assert ratio == pytest.approx((0.443 - 0.207) / (0.27 - 0.207), rel=0.01)


def test_an_interval_beyond_the_scale_ends_in_an_arrow_and_its_numbers_stay():
    far = document(episodic={"trials": [trial(log_ratio=0.0, se=3.0)]})
    picture = draw_forest(far, EPISODIC)
    check(picture)
    assert picture.count("<polygon") == 3, "two arrows and the diamond"
    assert draw_forest(TWO, EPISODIC).count("<polygon") == 1
    assert "1.00 (0.0028 to 358)" in shown(picture)


def test_a_study_may_be_told_by_another_name():
    picture = draw_forest(TWO, EPISODIC, names={"her-mes": "HER-MES (2022)"})
    assert "HER-MES (2022)" in shown(picture)
    assert study_named("sakai-2021") == "Sakai 2021"


# network


def test_the_network_tells_every_treatment_and_every_comparison_in_words():
    picture = draw_network(NETWORK, "erenumab")
    assert "Erenumab was compared with placebo in 4 studies and with topiramate in 1 study." in shown(picture)
    for said in ("atenolol with placebo in 1 study", "onabotulinumtoxinA with placebo in 1 study", "placebo 6,582"):
        assert said in desc(picture)
    names = re.sub(r"- ?", "", shown(picture))
    assert all(name in names for name in ("Atenolol", "Erenumab", "OnabotulinumtoxinA", "Placebo", "Topiramate"))


def nodes(picture):
    for each in ElementTree.fromstring(picture).iter(f"{SVG}circle"):
        title = each.find(f"{SVG}title")
        if title is not None:
            yield title.text.split(":")[0], float(each.get("r"))


def test_nodes_are_as_large_as_their_people_and_lines_as_thick_as_their_studies():
    picture = draw_network(NETWORK, "erenumab")
    radius = dict(nodes(picture))
    assert (radius["Erenumab"] / radius["Placebo"]) ** 2 == pytest.approx(1804 / 6582, rel=0.02)
    assert radius["Atenolol"] > 2, "still seen"
    thick = {}
    for each in ElementTree.fromstring(picture).iter(f"{SVG}path"):
        thick[each.find(f"{SVG}title").text] = float(re.search(r"stroke-width:([\d.]+)", each.get("style"))[1])
    assert len(thick) == len(NETWORK["pairs"])
    assert thick["Erenumab and Placebo: 4 studies"] > 2 * thick["Erenumab and Topiramate: 1 study"]


def test_the_asked_treatment_is_ringed_and_bold_so_that_it_is_found_without_colour():
    picture = draw_network(NETWORK, "erenumab")
    assert picture.count("<circle") == len(NETWORK["people"]) + 1
    assert re.search(r'font-weight="600"[^>]*>Erenumab<', picture)
    assert not re.search(r'font-weight="600"[^>]*>Topiramate<', picture)
    assert "No study that we hold compares ketamine" in shown(draw_network(NETWORK, "ketamine"))


def test_forty_treatments_with_long_names_keep_apart():
    names = [f"{LONG}-{at:02d}" for at in range(40)]
    pairs = [{"one": names[at], "other": names[(7 * at + 3) % 40], "studies": 1 + at % 6} for at in range(40)]
    picture = draw_network({"people": {name: 10 * at for at, name in enumerate(names)}, "pairs": pairs}, names[3])
    check(picture)
    assert len(dict(nodes(picture))) == 40
    assert all(f"{name[:1]}{name[1:]}" in desc(picture) for name in names)
    circles = [(float(each.get("cx")), float(each.get("cy")), float(each.get("r"))) for each in
               ElementTree.fromstring(picture).iter(f"{SVG}circle") if each.find(f"{SVG}title") is not None]  # fmt: skip
    for (x, y, r), (a, b, s) in combinations(circles, 2):
        assert math.hypot(x - a, y - b) >= r + s


@pytest.mark.parametrize("people", [{}, {"erenumab": 5}, {"erenumab": 0, "placebo": 0}])
def test_a_network_of_almost_nothing_is_drawn(people):
    check(draw_network({"people": people, "pairs": []}, "erenumab"))


# people


def looks(picture):
    return [picture.count(f'class="{look}"') for look in ("much", "some", "less")]


def test_the_figures_are_a_hundred_each_and_as_many_of_a_kind_as_the_words_say():
    expected = TWO["indications"][EPISODIC]["expected"]
    share = [sum(value <= 0.5 for value in expected[name]) / 201 for name in ("multiplier", "placebo")]
    with_it, without = (round(100 * each) for each in share)
    picture = draw_people(TWO, EPISODIC)
    much, some, less = looks(picture)
    assert (much - 1, some, less - 1) == (with_it + without, 0, 200 - with_it - without), "less one of each in the key"
    for said in (shown(picture), desc(picture)):
        assert f"That is {with_it - without} more of 100 with erenumab" in said
        assert "Nobody can say beforehand who." in said
        assert "low certainty" in said
    assert {f"{with_it} of 100", f"{without} of 100"} <= {said for said, _ in texts(picture)}


def test_thirty_percent_is_told_apart_if_asked():
    with_it, without = counts(TWO["indications"][EPISODIC]["expected"])
    much, some, less = looks(draw_people(TWO, EPISODIC, some=True))
    assert sum((much, some, less)) == 203
    assert some - 1 == with_it[1] - with_it[0] + without[1] - without[0]
    assert f"{with_it[1]} would have at least 30 % fewer" in desc(draw_people(TWO, EPISODIC, some=True))


def test_kinds_of_people_differ_in_shape_and_not_in_colour_only():
    picture = draw_people(TWO, EPISODIC, some=True)
    tick, dash, plain = (
        re.search(rf'<g class="{look}".*?</g>', picture)[0].count("<path") for look in ("much", "some", "less")
    )
    assert (tick, dash, plain) == (2, 2, 1)


@pytest.mark.parametrize(
    ("middle", "placebo", "said"),
    [(1.3, 0.75, "fewer of 100 with erenumab"), (0.75, 0.75, "as many with erenumab as"),
     (0.1, 9.0, "Nobody got there on placebo")],
)  # fmt: skip
def test_more_fewer_and_as_many_are_said_as_they_are(middle, placebo, said):
    picture = draw_people(document(episodic={"trials": [trial()], "middle": middle, "placebo": placebo}), EPISODIC)
    check(picture)
    assert said in desc(picture)


# curve


def test_fifty_dots_for_each_row_and_as_many_solid_ones_as_the_words_say():
    picture = draw_curve(TWO, EPISODIC, DAYS)
    dots = re.findall(r'<circle [^>]*style="([^"]*)"', picture)
    assert len(dots) == 2 * DOTS
    expected = TWO["indications"][EPISODIC]["expected"]
    for row, name, said in ((dots[:DOTS], "multiplier", "erenumab"), (dots[DOTS:], "placebo", "placebo")):
        solid = sum("var(--paper)" not in style for style in row)
        share = sum(value <= 0.5 for value in expected[name]) / 201
        assert abs(solid - DOTS * share) <= 1
        assert f"On {said}: in {solid} of 50 futures at most 4.5 days" in desc(picture)
    assert "before: 9 days" in shown(picture)


def test_the_solid_dots_are_those_to_the_left_of_half():
    picture = draw_curve(TWO, EPISODIC, DAYS)
    end = next(float(each.get("x")) + float(each.get("width")) for each in ElementTree.fromstring(picture).iter(f"{SVG}rect")
               if each.get("height") == "4" and float(each.get("width")) > 5)  # fmt: skip
    for x, style in re.findall(r'<circle cx="([\d.]+)"[^>]*style="([^"]*)"', picture):
        assert (float(x) < end) == ("var(--paper)" not in style)


def test_no_future_has_more_than_28_days_and_zero_days_before_are_refused():
    found = futures(quantiles(1.5, 0.8), 20.0)
    assert max(found.days) == 28.0
    assert list(found.days) == sorted(found.days)
    far = document(episodic={"trials": [trial()], "spread": 1.5})
    assert "Dots at the right end: " in desc(draw_curve(far, EPISODIC, 1.0))
    assert "Dots at the right end: " not in desc(draw_curve(TWO, EPISODIC, DAYS))
    assert found.above > 25
    for days in (0.0, -1.0, 29.0, math.nan):
        with pytest.raises(BadInput, match="cannot be drawn"):
            draw_curve(TWO, EPISODIC, days)


# sensitivity


def test_the_assumption_that_matters_most_comes_first_and_those_that_do_not_are_named_below():
    base = sum(value <= 0.5 for value in TWO["indications"][EPISODIC]["expected"]["multiplier"]) / 201
    off = sum(value <= 0.5 for value in TWO["indications"][EPISODIC]["expected"]["placebo"]) / 201
    sensitivity = [
        variant("log-normal law", base - 0.1, off),
        variant("gamma law", base, off),
        variant("some stopped", 0.1, off),
    ]
    told = document(episodic={"trials": [trial()], "sensitivity": sensitivity})
    picture = draw_sensitivity(told, EPISODIC)
    said = shown(picture)
    assert said.index("Some stopped") < said.index("Log-normal law") < said.index("No change with: gamma law.")
    assert f"As we work it out: {round(100 * base)} of 100 on erenumab, {round(100 * off)} on placebo." in desc(picture)
    assert f"10, {round(100 * off)}" in said


# whatever comes

NAMES = st.text("abcdefghijklmnopqrstuvwxyz-0123456789<&> ", min_size=1, max_size=70).filter(lambda name: name.strip())
TRIALS = st.lists(
    st.builds(
        trial, study=NAMES, against=st.sampled_from(["placebo", "topiramate", "onabotulinumtoxina"]),
        log_ratio=st.floats(-12, 12), se=st.floats(1e-4, 8), people=st.integers(1, 10**7),
        outcome=st.sampled_from(["migraine_day", "attack", "mod_sev_headache_day", "something_else"]),
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(trials=TRIALS, log_ratio=st.floats(-8, 8), se=st.floats(1e-3, 4), treatment=NAMES)
def test_any_forest_keeps_to_its_frame(trials, log_ratio, se, treatment):
    picture = draw_forest(document(treatment, episodic={"trials": trials, "log_ratio": log_ratio, "se": se}), EPISODIC)
    check(picture)
    assert len(list(squares(picture))) <= len(trials)


@settings(max_examples=40, deadline=None)
@given(middle=st.floats(0.01, 20), spread=st.floats(0.01, 2), days=st.floats(0.05, 28), treatment=NAMES, some=st.booleans())
def test_any_person_is_drawn_with_fifty_dots_and_any_treatment_with_two_hundred_people(middle, spread, days, treatment, some):
    told = document(treatment, episodic={"trials": [trial()], "middle": middle, "spread": spread})
    curve, people = draw_curve(told, EPISODIC, days), draw_people(told, EPISODIC, some=some)
    check(curve)
    check(people)
    assert curve.count("<circle") == 2 * DOTS
    assert sum(looks(people)) == 200 + (3 if some else 2)


@settings(max_examples=40, deadline=None)
@given(people=st.dictionaries(NAMES, st.integers(0, 10**6), max_size=30), data=st.data())
def test_any_network_keeps_to_its_frame(people, data):
    names = sorted(people)
    pair = (
        st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda two: two[0] != two[1])
        if len(names) > 1
        else None
    )
    pairs = data.draw(st.lists(pair, max_size=30, unique=True)) if pair is not None else []
    told = {"people": people, "pairs": [{"one": a, "other": b, "studies": 1 + at} for at, (a, b) in enumerate(pairs)]}
    check(draw_network(told, names[0] if names else "erenumab"))


@given(said=st.text("abc defgh-", max_size=200), room=st.floats(60, 330))
def test_lines_fit_their_room(said, room):
    assert all(len(line) * 0.61 * 12.5 <= room for line in lines_of(said, room))
