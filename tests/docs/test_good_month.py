"""The page on good months: its figures are the script's, the page to try says the same, and both are plain."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from cleardays.evidence.reading import data_folder

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "examples"))
good_month = importlib.import_module("good_month")

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
LAST_PEOPLE = 2  # of a thousand, by which the arithmetic of machines may differ


def page(name) -> str:
    return (good_month.DOCS / name).read_text(encoding="utf-8")


def defaults() -> dict:
    """What the page to try carries: the placebo groups stand there with the figures that the pages were made from."""
    (text,) = re.findall(r'<script type="application/json" id="defaults">(.*?)</script>', page(good_month.TRY))
    return json.loads(text)


def stated() -> dict:
    return {kind: good_month.Arms(**{**each, "studies": tuple(each["studies"])}) for kind, each in defaults()["arms"].items()}


def on_pages() -> dict[str, str]:
    return {name: text for path in (good_month.PAGE, good_month.TRY) for name, text in good_month.blocks_of(page(path)).items()}


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return good_month.blocks(stated())


def test_every_made_part_of_both_pages_is_what_the_script_says_now(made):
    written = on_pages()
    assert written.keys() == made.keys()
    for name, text in written.items():
        assert NUMBER.sub("0", text) == NUMBER.sub("0", made[name]), "run examples/good_month.py --write again"
        for a, b in zip(NUMBER.findall(text), NUMBER.findall(made[name]), strict=True):
            assert abs(float(a.replace(",", "")) - float(b.replace(",", ""))) <= LAST_PEOPLE, (name, a, b)


def test_the_placebo_groups_on_the_pages_are_those_that_are_stored():
    arms = good_month.placebo_arms(data_folder("expected"))
    if not arms:
        pytest.skip("no evidence is stored in this checkout")
    assert arms == stated()


def test_the_placebo_groups_are_read_from_whichever_document_has_them(tmp_path):
    change = {"ratio": 0.7801, "lower": 0.72, "upper": 0.84}
    part = {"natural_change": change, "days_before": 9.04, "expected": {"natural_studies": ["a-2001"]}}
    (tmp_path / "a.json").write_text(json.dumps({"indications": {"episodic-migraine": None, "chronic-migraine": part}}))
    (tmp_path / "b.json").write_text(json.dumps({"indications": {"episodic-migraine": part, "refractory-migraine": part}}))
    (tmp_path / "network.json").write_text(json.dumps({"people": {}}))
    found = good_month.placebo_arms(tmp_path)
    assert found.keys() == {"episodic-migraine", "chronic-migraine"}
    assert found["episodic-migraine"] == good_month.Arms(0.78, 0.72, 0.84, 9.0, ("a-2001",))
    assert good_month.placebo_arms(tmp_path / "nothing") == {}


def test_the_generator_gives_the_numbers_of_mulberry32():
    def reference(seed, many):
        word, found = 1 << 32, []
        for _ in range(many):
            seed = (seed + 0x6D2B79F5) % word
            t = (seed ^ (seed >> 15)) * (seed | 1) % word
            t ^= (t + (t ^ (t >> 7)) * (t | 61)) % word
            found.append((t ^ (t >> 14)) / word)
        return found

    drawn = good_month.uniform(20_261, (7, 11))
    assert drawn.ravel().tolist() == reference(20_261, 77)
    many = good_month.uniform(5, (1000, 50))
    assert abs(many.mean() - 0.5) < 0.005
    assert abs(np.corrcoef(many[:, 0], many[:, 1])[0, 1]) < 0.1


def test_each_thing_that_is_added_makes_more_people_see_a_fall(made):
    for kind, arms in stated().items():
        seen = [good_month.simulate(setting) for setting in good_month.steps(arms).values()]
        assert [each.half for each in seen] == sorted(each.half for each in seen), kind
        assert all(each.half <= each.some for each in seen)
        assert all(setting.effect == 0 for setting in list(good_month.steps(arms).values())[:4]), "the treatment does nothing"


def test_without_any_difference_between_months_nobody_sees_a_fall():
    same = good_month.Setting(9.0, 0.0, worst=True)
    assert good_month.simulate(same) == good_month.Seen(0, 0, 0, 9.0, 9.0)
    assert good_month.simulate(same._replace(effect=0.5))[:3] == (1000, 0, 0), "4.5 days are counted as 5"
    assert good_month.simulate(same._replace(effect=0.6))[:3] == (1000, 1000, 1000)
    assert good_month.simulate(good_month.Setting(0.0, 0.0, worst=False))[:3] == (0, 0, 0), "no days, nothing to fall"


def test_the_worst_of_six_months_is_above_the_usual_and_the_next_one_is_usual():
    any_month, bad = (good_month.simulate(good_month.Setting(9.0, 2.0, worst=worst), people=20_000) for worst in (False, True))
    assert any_month.before == pytest.approx(9.0, abs=0.1)
    assert bad.before == pytest.approx(9.0 + 1.267 * 2.0, abs=0.1), "mean of the largest of six normal numbers"
    assert bad.after == any_month.after == pytest.approx(9.0, abs=0.1)


@pytest.mark.parametrize("forgotten", [0.1, 0.5])
def test_forgotten_days_are_missing_from_the_count(forgotten):
    setting = good_month.Setting(20.0, 0.0, worst=False, forgotten=forgotten)
    assert good_month.simulate(setting, people=20_000).after == pytest.approx(20 * (1 - forgotten), abs=0.05)


def test_the_script_of_the_page_to_try_finds_the_same_people(tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("there is no Chromium here to run the script of the page")
    ask = (
        '<script>document.body.innerHTML = `<pre id="found">${JSON.stringify(DATA.steps.map(simulate))}</pre>`</script></body>'
    )
    copy = tmp_path / "copy.html"
    copy.write_text(page(good_month.TRY).replace("</body>", ask), encoding="utf-8")
    shown = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
         copy.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    found = json.loads(re.search(r'<pre id="found">(.*?)</pre>', shown)[1])
    steps = good_month.steps(stated()["episodic-migraine"]).values()
    assert len(found) == len(steps)
    for theirs, setting in zip(found, steps, strict=True):
        ours = good_month.simulate(setting)
        assert theirs["half"] == pytest.approx(ours.half, abs=LAST_PEOPLE)
        assert theirs["some"] == pytest.approx(ours.some, abs=LAST_PEOPLE)
        assert theirs["longer"] == pytest.approx(ours.half_longer, abs=LAST_PEOPLE)


class Outline(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_to_try_stands_alone_and_can_be_used_without_seeing_it():
    text = page(good_month.TRY)
    outline = Outline(text)
    assert not re.findall(r"https?:|//[a-z]+\.|\bimport\b|fetch\(|XMLHttp|@import|url\(", text), "no network"
    assert not [attrs for attrs in outline.of("script") if "src" in attrs]
    assert not outline.of("link")
    labelled = {attrs.get("for") for attrs in outline.of("label")}
    assert {attrs["id"] for attrs in outline.of("input")} == labelled == set(good_month.Setting._fields)
    described = {attrs["aria-describedby"] for attrs in outline.of("input") if "aria-describedby" in attrs}
    assert described <= {attrs.get("id") for _, attrs in outline.tags}
    assert any(attrs.get("aria-live") == "polite" and attrs.get("role") == "status" for attrs in outline.of("div"))
    assert outline.of("html")[0]["lang"] == "en"
    assert "prefers-color-scheme: dark" in text
    assert not re.findall(r"animation|transition|@keyframes|requestAnimationFrame", text), "nothing moves"
    assert "width=device-width" in text


def test_the_sliders_begin_where_the_words_do():
    outline = Outline(page(good_month.TRY))
    value = {attrs["id"]: attrs.get("value") for attrs in outline.of("input")}
    opening = defaults()["steps"][2]
    assert float(value["usual"]) == opening["usual"]
    assert float(value["differ"]) == opening["differ"]
    for name in ("effect", "placebo", "forgotten"):
        assert float(value[name]) == pytest.approx(100 * opening[name])
    assert opening["worst"] is True


def plain(name):
    """The words of a page in sentences, without code, tables, links and made marks."""
    text = re.sub(r"<!--.*?-->|<(style|script).*?</\1>", " ", page(name), flags=re.DOTALL)
    text = re.sub(r"^\|.*$|^#.*$|The trials: .*$|</?(?:p|h\d|li|div|span|label|legend)[^>]*>", "\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)|<[^>]+>|[*`]", r"\1", text)
    found = (re.findall(r"[A-Za-z']+", each) for each in re.split(r"[.?!:;](?:\s|$)|\n\s*\n", text))
    return [each for each in found if each]


def syllables(word):
    """About how many: groups of vowels, a silent e at the end less."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le")))


@pytest.mark.parametrize("name", [good_month.PAGE, good_month.TRY], ids=lambda name: name.suffix)
def test_both_pages_are_plain(name):
    sentences = plain(name)
    words = [word for sentence in sentences for word in sentence]
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert grade <= 8, f"Flesch and Kincaid's grade is {grade:.1f}"
    assert max(map(len, sentences)) <= 28
    assert not re.findall(r"\N{EM DASH}|\N{EN DASH}|significant", page(name))


def test_the_page_speaks_of_each_cause_and_of_what_is_done_about_it():
    text = page(good_month.PAGE)
    causes = re.findall(r"^## \d\. (.*)$", text, re.MULTILINE)
    assert len(causes) == 4 == text.count("**What cleardays does.**")
    for word in ("regression to the mean", "placebo", "unknown", "twelve weeks", "two parts"):
        assert word in text
    assert "why-a-good-month-may-not-be-the-medicine.md" in page("index.md")
    assert "why-a-good-month-may-not-be-the-medicine.md" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
