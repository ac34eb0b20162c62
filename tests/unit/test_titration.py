"""The picture of a titration: whole, inside its frame, no label on another, and the same in words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.plan.steps import Step
from cleardays.report.strip import PAPER, SCREEN
from cleardays.report.titration import NARROW, WIDE, describe_titration, draw_titration, standalone_titration
from cleardays.report.titration_levels import CHANGED, NO_FIGURES, DailyLevels, daily_levels
from cleardays.sources import Reason
from reference.plan_files import KINDS, PAIRS, RASH, START, confirmed, of_kind, plan_file

SVG = "{http://www.w3.org/2000/svg}"
IMAGE = Path(__file__).parents[2] / "docs" / "images" / "titration.svg"
LAYOUTS = [NARROW, WIDE]
LETTER = 0.58  # width of a letter as a share of its size, about that of the widest common screen font
DAY = timedelta(days=1)


def drawn(file, layout=NARROW, **options):
    return draw_titration(file, layout, palette=PAPER, font="sans-serif", name="t", **options)


def texts(picture):
    """Each text with its box: left, top, right, bottom."""
    for each in ElementTree.fromstring(picture).iter(f"{SVG}text"):
        size, said = float(each.get("font-size")), each.text
        wide, x, y = LETTER * size * len(said), float(each.get("x")), float(each.get("y"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[each.get("text-anchor")]
        yield said, (left, y - 0.75 * size, left + wide, y + 0.2 * size)


def points(picture):
    """Corners of every shape."""
    for each in ElementTree.fromstring(picture).iter():
        number = {key: float(value) for key, value in each.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
        if each.tag == f"{SVG}rect":
            yield number["x"], number["y"]
            yield number["x"] + number["width"], number["y"] + number["height"]
        elif each.tag == f"{SVG}circle":
            yield number["cx"] - number["r"], number["cy"] - number["r"]
            yield number["cx"] + number["r"], number["cy"] + number["r"]
        elif "points" in each.attrib:
            yield from (tuple(map(float, pair.split(","))) for pair in each.get("points").split())
        elif "d" in each.attrib:
            yield from _of_path(each.get("d"))


def _of_path(path):
    x = y = 0.0
    for command, numbers in re.findall(r"([MLHVZ])([^MLHVZ]*)", path):
        values = [float(each) for each in numbers.split()]
        if command in "ML":
            x, y = values
        elif command == "H":
            x = values[0]
        elif command == "V":
            y = values[0]
        yield x, y


def size(picture):
    return tuple(map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', picture).groups()))


def check_frame(picture):
    wide, tall = size(picture)
    for x, y in points(picture):
        assert -0.01 <= x <= wide + 0.01
        assert -0.01 <= y <= tall + 0.01
    for said, (left, top, right, bottom) in texts(picture):
        assert left >= -0.01, said
        assert right <= wide + 0.01, said
        assert 0 <= top <= bottom <= tall + 0.01, said


def check_apart(picture):
    for (one, a), (other, b) in combinations(texts(picture), 2):
        clear = a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5
        assert clear, (one, other)


def lines_of_the_stairs(picture):
    """Treads and risers as boxes."""
    tree = ElementTree.fromstring(picture)
    for each in tree.iter(f"{SVG}g"):
        if each.get("class") == "step" and each.find(f"{SVG}path") is not None:
            (x0, y), (x1, _) = _of_path(each.find(f"{SVG}path").get("d"))
            yield x0, y - 1.5, x1, y + 1.5
    for each in tree.iter(f"{SVG}rect"):
        if each.get("width") == "1.5":
            x, y = float(each.get("x")), float(each.get("y"))
            yield x, y, x + 1.5, y + float(each.get("height"))


def check_clear(picture):
    """No word is struck through by a tread or a riser."""
    for said, (left, top, right, bottom) in texts(picture):
        for x0, y0, x1, y1 in lines_of_the_stairs(picture):
            crossed = left + 0.5 < x1 and x0 < right - 0.5 and top + 0.5 < y1 and y0 < bottom - 0.5
            assert not crossed, (said, (x0, y0, x1, y1))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_nothing_is_outside_the_frame_and_no_word_on_another(pair, layout):
    picture = drawn(plan_file(pair), layout)
    check_frame(picture)
    check_apart(picture)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_to_its_frame(kind, layout):
    for picture in (drawn(of_kind(kind), layout), drawn(of_kind(kind), layout, brief=True)):
        check_frame(picture)
        check_apart(picture)
        check_clear(picture)


doses = st.lists(st.sampled_from([5, 10, 12.5, 25, 30, 37.5, 50, 75, 80, 100, 150, 200, 400]), min_size=2, max_size=12)


@given(doses, st.lists(st.integers(1, 60), min_size=12, max_size=12), st.integers(1, 365), st.sampled_from(LAYOUTS), st.data())
def test_any_stairs_can_be_read(levels, lengths, until_review, layout, data):
    """2 to 12 steps, up or down, a day or two months each, with the review a day or a year after the last."""
    file = plan_file(("lamotrigine", "migraine-with-aura"))
    steps, first = [], START
    for at, (dose, days) in enumerate(zip(levels, lengths, strict=False)):
        every = data.draw(st.sampled_from([1, 1, 1, 2]))
        last = None if at == len(levels) - 1 else first + DAY * (days - 1)
        steps.append(Step(first, last, (Decimal(str(dose)),), every, "mg", Reason("test", "Because.")))
        first += DAY * days
    review = file.plan.review._replace(on=steps[-1].first + DAY * until_review)
    plan = file.plan._replace(steps=tuple(steps), review=review, monitoring=())
    picture = drawn(file._replace(plan=plan), layout)
    check_frame(picture)
    check_apart(picture)
    check_clear(picture)
    words = " ".join(said for said, _ in texts(picture)).replace("\xa0", " ")
    for step in steps:  # each dose is written, beside its step or below the stairs
        assert f"{step.amounts[0]} mg" in words


def test_each_step_is_drawn_with_its_dose_and_days():
    picture = drawn(of_kind("with valproate"))
    steps = [each for each in ElementTree.fromstring(picture).iter(f"{SVG}g") if each.get("class") == "step"]
    said = [each.find(f"{SVG}title").text.replace("\xa0", " ") for each in steps]
    assert said[0] == "from 2 Mar 2026 to 15 Mar 2026: 25 mg every 2 days (12.5 mg a day)"
    assert said[3] == "from 6 Apr 2026 on: 100 mg a day"
    labels = [said.replace("\xa0", " ") for said, _ in texts(picture)]
    assert {"25 mg every 2 days", "25 mg", "50 mg", "100 mg"} <= set(labels)


def test_stairs_stand_on_a_scale_of_days_and_doses():
    """A step of 14 days is as wide as 14 days of the axis, and twice the dose is twice as high."""
    picture = drawn(of_kind("alone"), WIDE)
    treads = [
        list(_of_path(each.find(f"{SVG}path").get("d")))
        for each in ElementTree.fromstring(picture).iter(f"{SVG}g")
        if each.get("class") == "step"
    ]
    (x0, y0), (x1, _) = treads[0]
    (x2, y2), (x3, _) = treads[1]
    (x4, y4), (x5, _) = treads[2]
    assert x1 == pytest.approx(x2, rel=1e-3)
    assert x1 - x0 == pytest.approx(x3 - x2, rel=1e-3)
    assert (x5 - x4) * 2 == pytest.approx(x1 - x0, rel=1e-3)
    foot = y0 + (y0 - y2)  # 25 and 50 mg: one rise above the foot and two
    assert foot - y4 == pytest.approx(4 * (foot - y0), rel=1e-3)


def test_what_nobody_confirmed_says_so_in_the_picture_itself():
    file = of_kind("alone")
    assert "DRAFT" in " ".join(said for said, _ in texts(drawn(file, WIDE)))
    signed = drawn(confirmed(file), WIDE)
    assert "DRAFT" not in signed
    assert "CONFIRMED by Dr Ada Field on 27 Feb 2026, version 2" in " ".join(said for said, _ in texts(signed))
    assert "DRAFT" in drawn(confirmed(file), WIDE, lapsed=True)


def test_a_refused_plan_has_a_picture_without_doses():
    picture = drawn(plan_file(("lamotrigine", "migraine-with-aura"), **RASH), WIDE)
    assert "REFUSED" in picture
    assert not re.search(r"\d\s?mg", picture)
    check_frame(picture)


def test_the_level_is_called_predicted_and_follows_the_published_mean():
    """Steady mean level: 200 mg a day over 58 ml/min/kg x 70 kg = 2.436 l/h."""
    file = of_kind("alone")
    found = daily_levels(file, START + 200 * DAY)
    assert isinstance(found, DailyLevels)
    assert found.middle[-1] == pytest.approx(200 / 24 / 2.436, rel=0.01)
    assert (found.lower < found.middle).all()
    assert (found.middle < found.upper).all()
    assert "predicted, not measured" in " ".join(said for said, _ in texts(drawn(file, WIDE)))


def test_with_valproate_the_same_dose_brings_a_higher_level():
    alone, beside = (daily_levels(of_kind(kind), START + 300 * DAY) for kind in ("alone", "with valproate"))
    assert beside.middle[-1] / 100 > 1.5 * alone.middle[-1] / 200


def test_without_figures_there_is_no_level_and_it_says_so():
    file = plan_file(("amitriptyline", "episodic-migraine"))
    assert daily_levels(file, START + 90 * DAY) == NO_FIGURES
    assert NO_FIGURES in describe_titration(file, NO_FIGURES)
    assert "Level in the blood" not in drawn(file)


def test_when_the_person_changes_on_the_way_no_level_is_made_up():
    file = of_kind("with valproate")
    told = {**file.entries[0].data["person"], "medicines": []}
    later = file.with_entry(file.plan, "told", date(2026, 4, 20), "off it", None, {"person": told})
    assert daily_levels(later, START + 90 * DAY) == CHANGED


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sessions_stand_on_their_days_with_their_sum_and_how_long_somebody_watches(layout):
    toxin, ketamine = (" ".join(said for said, _ in texts(drawn(of_kind(kind), layout))) for kind in ("toxin", "ketamine"))
    assert toxin.replace("\xa0", " ").count("175 units in 35 places") == 2
    assert "Mon 25 May" in toxin.replace("\xa0", " ")
    assert "watched 2 hours" in ketamine
    assert "amount: the clinician's" in ketamine
    assert 'class="step"' not in drawn(of_kind("ketamine"), layout)


def test_the_picture_in_words_has_every_dose_the_checks_and_the_review():
    file = of_kind("many steps")
    said = describe_titration(file, daily_levels(file, START + 100 * DAY)).replace("\xa0", " ")
    for dose in (5, 10, 15, 20, 25, 30, 35, 40):
        assert f" {dose} mg a day" in said
    assert f"Review on {file.plan.review.on.day} Jul 2026." in said
    assert said.startswith("DRAFT")


def test_the_picture_of_its_own_follows_light_dark_and_print():
    picture = standalone_titration(of_kind("alone"))
    assert "prefers-color-scheme: dark" in picture
    assert "@media print" in picture
    ElementTree.fromstring(picture)
    assert "var(--had)" in draw_titration(of_kind("alone"), WIDE, palette=SCREEN, font="x", name="t")


def test_a_name_is_escaped():
    picture = drawn(confirmed(of_kind("alone"), by="Dr <b>Ada</b> & Co"), WIDE)
    assert "<b>" not in picture
    ElementTree.fromstring(picture)


def test_the_picture_in_the_documentation_is_the_one_that_is_drawn():
    assert IMAGE.read_text(encoding="utf-8") == standalone_titration(of_kind("with valproate")) + "\n"
