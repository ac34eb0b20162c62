"""The two pages of examples: every number is the engine's, every picture is the diary's, and the plain one is plain."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "examples"))
explanations = importlib.import_module("explanations")
cases = importlib.import_module("_explanations.cases")
parts = importlib.import_module("_explanations.blocks")
people = importlib.import_module("_explanations.people")

DOCS = ROOT / "docs"
SVG = "{http://www.w3.org/2000/svg}"
CASES = {case.id: case for case in cases.all_cases()}
NUMBER = re.compile(r"\N{MINUS SIGN}?\d+(?:\.\d+)?")
LAST_DIGITS = 1.5  # by which engines may differ in print; the week that settles it may move by one too


def page(path: Path) -> str:
    return (DOCS / path).read_text(encoding="utf-8")


def stated() -> dict:
    """Who is shown, and among whom, as the page says it."""
    found = {}
    for name, text in explanations.blocks_of(page(explanations.FOUR)).items():
        if name not in CASES:
            continue
        seed = int(re.search(r"simulated person (\d+)", text)[1])
        began, simulated = map(int, re.search(r"\| (\d+) of (\d+) simulated people", text).groups())
        later = re.search(r"Then, of the \d+: ([^|]*) \|", text)
        verdicts = verdicts_of(re.search(r"Their verdicts: ([^|]*) \|", text)[1])
        found[name] = cases.Found(seed, simulated, began, verdicts, () if later is None else verdicts_of(later[1]))
    return found


def verdicts_of(counted: str) -> tuple[str, ...]:
    names = {said: verdict for verdict, said in parts.VERDICTS.items()}
    each = (part.split(" ", 1) for part in counted.split(", "))
    return tuple(names[said] for number, said in each for _ in range(int(number)))


FOUND = stated()


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return explanations.blocks(FOUND)


def differences(written: str, computed: str) -> list[str]:
    """Where the words differ, or a number by more than is forgiven."""
    if NUMBER.sub("0", written) != NUMBER.sub("0", computed):
        return [f"words: {written}\n{computed}"]
    found = []
    for a, b in zip(NUMBER.findall(written), NUMBER.findall(computed), strict=True):
        step = 10.0 ** -len(a.partition(".")[2])
        x, y = (float(number.replace("\N{MINUS SIGN}", "-")) for number in (a, b))
        if abs(x - y) > LAST_DIGITS * step:
            found.append(f"{a} is now {b}")
    return found


def test_the_comparison_forgives_a_last_digit_and_nothing_more():
    assert not differences("P 0.45 (\N{MINUS SIGN}4 to 72)", "P 0.46 (\N{MINUS SIGN}5 to 71)")
    assert differences("P 0.45", "P 0.47") == ["0.45 is now 0.47"]
    assert differences("\N{MINUS SIGN}4 days", "4 days")
    assert differences("a response", "no response")


def test_every_made_part_of_both_pages_is_what_the_engine_says_now(made):
    on_pages = {name: text for path in (explanations.FOUR, explanations.ONE) for name, text in blocks_on(path).items()}
    assert on_pages.keys() == made.keys()
    wrong = {name: found for name, text in on_pages.items() if (found := differences(text, made[name]))}
    assert not wrong, "run examples/explanations.py again"


def blocks_on(path: Path) -> dict[str, str]:
    return explanations.blocks_of(page(path))


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_what_its_text_explains(name):
    case, states = CASES[name], cases.diary(CASES[name], FOUND[name].seed)
    said = cases.answer(states)
    assert said.verdict == case.verdict
    assert cases.fulfils_rule(states) is case.fulfils
    assert case.fewest <= people.had(states[: people.MONTH]) <= case.most
    assert said.question.threshold == cases.RULE, "the rule and the verdict ask for the same reduction"
    assert sorted(FOUND[name].verdicts).count(case.verdict) > len(FOUND[name].verdicts) / 2


def test_the_person_of_the_bad_month_has_no_effect_and_none_of_such_people_is_called_a_responder():
    case, found = CASES["regression-to-the-mean"], FOUND["regression-to-the-mean"]
    assert case.world.effect == 0
    assert cases.true_reduction(case) == 0
    states = cases.diary(case, found.seed)
    assert people.had(states[: people.MONTH]) >= cases.BAD_MONTH * people.long_run(case.world)
    assert "responding" not in found.verdicts
    assert cases.answer(cases.diary(case, found.seed, case.later)).verdict == "not_responding"


def test_the_slow_responder_is_a_responder_later():
    case = CASES["too-early"]
    assert cases.answer(cases.diary(case, FOUND[case.id].seed, case.later)).verdict == "responding"


def test_selective_writing_is_declined_for_what_it_is_and_no_time_is_promised():
    case = CASES["informative-missingness"]
    states = cases.diary(case, FOUND[case.id].seed)
    assert False not in states[people.MONTH :]
    said = cases.answer(states)
    assert {"judge.few-known-days", "judge.no-clear-days"} <= {reason.rule for reason in said.reasons}
    assert said.wait is None


def test_a_longer_simulation_goes_on_from_the_same_days():
    world = CASES["too-early"].world
    assert people.simulate(world, 5, 84, 84)[: 84 + 28] == people.simulate(world, 5, 84, 28)


def test_a_simulated_person_without_drift_has_the_rate_of_the_chain():
    world = people.World(usual=-1.0, carry=0.8, spread=0.0, persistence=0.0, effect=-1.0, onset_days=14.0)
    after_clear, after_had = (1 / (1 + 2.718281828**-(x)) for x in (-1.0, -0.2))
    assert people.long_run(world) == pytest.approx(28 * after_clear / (1 - after_had + after_clear), rel=0.03)
    assert people.long_run(world, 1.0) < people.long_run(world)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_person_shown_is_the_one_in_the_middle_of_the_first_of_their_kind(name):
    found = cases.find(CASES[name])
    assert (found.seed, found.simulated, found.began) == FOUND[name][:3]
    assert sorted(found.verdicts) == sorted(FOUND[name].verdicts)
    assert sorted(found.later) == sorted(FOUND[name].later)


def pictures() -> list[Path]:
    return [*(Path(f"images/diary-{name}.svg") for name in CASES), Path("images/a-hundred-people.svg")]


@pytest.mark.parametrize("path", pictures(), ids=str)
def test_each_picture_can_be_read_without_seeing_it_and_says_that_it_is_simulated(path):
    text = page(path)
    root = ElementTree.fromstring(text)
    ids = root.get("aria-labelledby").split()
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert [title.get("id"), desc.get("id")] == ids
    assert "imulated" in desc.text or "imulated" in title.text
    shown = " ".join(element.text for element in root.iter(f"{SVG}text"))
    assert "simulated" in shown
    assert "prefers-color-scheme: dark" in text
    assert not re.findall(r"(?:fill|stroke):#", text), "colours follow the reader's setting"


@pytest.mark.parametrize("name", CASES)
def test_each_strip_draws_its_diary_with_unknown_days_hollow(name):
    states = cases.diary(CASES[name], FOUND[name].seed)
    drawn = explanations.pictures(FOUND)[Path(f"images/diary-{name}.svg")]
    assert page(Path(f"images/diary-{name}.svg")) == drawn
    key = {state: state in states for state in (True, False, None)}  # one mark of each kind is in the key
    assert drawn.count('style="fill:var(--had)"') == states.count(True) + key[True]
    assert drawn.count('style="fill:var(--clear)"') == states.count(False) + key[False]
    months = [states[i : i + people.MONTH] for i in range(0, len(states), people.MONTH)]
    runs = sum(1 for m in months for a, b in zip((0, *m), m, strict=False) if b is None and a is not None)
    hollow = re.findall(r'<rect [^>]*style="fill:none;stroke:var\(--unknown\)', drawn)
    assert len(hollow) == runs + key[None]


def test_the_hundred_figures_are_a_hundred_and_as_many_of_each_kind_as_the_picture_says():
    text = page(Path("images/a-hundred-people.svg"))
    kinds = cases.hundred(cases.diary(CASES[explanations.PICTURED], FOUND[explanations.PICTURED].seed))
    shown = [text.count(f'class="{look}"') - 1 for look in ("half", "some", "little")]  # less the one in the key
    assert sum(shown) == 100
    assert all(abs(a - b) <= 1 for a, b in zip(shown, kinds.kinds, strict=True))
    assert [int(number) for number in re.findall(r'font-weight="600"[^>]*>(\d+)<', text)] == shown


def test_the_hundred_people_agree_with_the_answer():
    states = cases.diary(CASES[explanations.PICTURED], FOUND[explanations.PICTURED].seed)
    chance = cases.answer(states).probability["reduction_ge_50"]
    assert cases.hundred(states).half == round(100 * chance)


HARD = (
    *("probability", "posterior", "prior", "interval", "regression", "baseline", "reduction", "model", "estimate"),
    *("statistic", "percent", "preventive", "treatment", "untreated", "median", "responder", "risk", "danger", "disease"),
)


def test_the_page_for_a_person_is_short_and_plain():
    text = re.sub(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|[*#]", " ", page(explanations.ONE))
    words = re.findall(r"[A-Za-z']+|\d+", text)
    assert len(words) <= 250
    assert not [hard for hard in HARD if re.search(rf"\b{hard}", text, re.IGNORECASE)]
    sentences = [re.findall(r"[A-Za-z']+|\d+", s) for s in re.split(r"[.?!](?:\s|$)", text)]
    assert max(len(s) for s in sentences) <= 25
    assert sum(map(len, sentences)) / len([s for s in sentences if s]) <= 13
    assert sum(len(word) for word in words) / len(words) < 4.5


def test_what_is_written_by_hand_holds_no_figure_of_a_diary():
    for path in (explanations.FOUR, explanations.ONE):
        by_hand = explanations.filled(page(path), dict.fromkeys(blocks_on(path), ""))
        assert not re.findall(r"\b0\.\d|\d %(?! (?:rule|interval))|\d+ in 100", by_hand)
