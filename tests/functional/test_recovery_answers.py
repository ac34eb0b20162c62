"""Craving, drinks, days of use, and days that are a part of headache days: asked as a user asks, read as a person reads."""

from __future__ import annotations

import copy
import io
import json
import math
import re
import subprocess
import sys
from datetime import timedelta
from html import unescape
from importlib import resources

import jsonschema
import numpy as np
import pytest
from pypdf import PdfReader

from cleardays.diary.own_csv import read_days
from cleardays.report.html import render_html
from cleardays.report.page import compose
from cleardays.report.pdf import render_pdf
from cleardays.report.strip import describe, legend
from cleardays.report.text import render_text
from cleardays.sources import all_sources
from cleardays.trial.review import review
from conftest import EXAMPLE, START
from reference.plan_files import plan_file

RECOVERY = ("craving", "drinks", "use_day")
ASK = ["--treatment", "baclofen", "--start", START.isoformat()]


def run(*arguments, stdin: str = ""):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "cleardays", *map(str, arguments)],
        input=stdin.encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def schema(name: str):
    return json.loads(resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))


def valid(document, name: str = "response"):
    jsonschema.validate(document, schema(name), format_checker=jsonschema.FormatChecker())
    return document


def diary_text(rows, columns: str, about: str = "#condition=alcohol-recovery\n") -> str:
    """A days.csv from rows for the days before and after START; None is a day without a row."""
    before = len(rows[0])
    lines = [
        f"{START + timedelta(days=i - before)},{','.join(map(str, row)) if isinstance(row, tuple) else row}\n"
        for i, row in enumerate([*rows[0], *rows[1]])
        if row is not None
    ]
    return f"#version=1\n#kind=simulated\n{about}date,{columns}\n{''.join(lines)}"


def recovery(effect: float, seed: int = 1, before: int = 42, after: int = 84, missing: float = 0.05) -> str:
    """Craving, drinks and use of one simulated person; the effect is what drinking and craving fall to, as a share."""
    random = np.random.default_rng(seed)

    def day(treated: bool):
        share = effect if treated else 1.0
        craving = int(np.clip(round(random.normal(6.5 * share, 1.5)), 0, 10))
        used = random.random() < 0.7 * share
        drinks = max(1, int(random.poisson(6 * share))) if used else 0
        return None if random.random() < missing else (craving, drinks, "y" if used else "n")

    return diary_text(
        ([day(False) for _ in range(before)], [day(True) for _ in range(after)]), "craving,standard_drinks,use_day"
    )


HELPED, UNHELPED, WORSE = recovery(0.25), recovery(1.0, seed=5), recovery(1.5, seed=3)


def asked(text: str, outcome: str, **options):
    return review(read_days(io.StringIO(text, newline=""), "days.csv"), "baclofen", START, outcome=outcome, **options)


def read_aloud(page) -> str:
    """Everything that the page itself says; its reasons and sources are the answer's."""
    said = [page.title, page.headline, page.plain, page.next_step, page.verdict_line, *page.beside, *page.coming, page.caption]
    said += [part for row in page.rows for part in row if isinstance(part, str)]
    said += [page.scale.title, page.scale.end, page.not_recorded, *page.small_print, describe(page.review)]
    return "\n".join([*said, *(meaning for _, meaning in legend(page.review))])


def counted(text: str, column: int, *, before: bool):
    """The known numbers of a column, on one side of the start."""
    cells = [line.split(",") for line in text.splitlines() if re.match(r"\d", line)]
    return [float(cell[column]) for cell in cells if (cell[0] < START.isoformat()) is before]


@pytest.mark.parametrize("outcome", RECOVERY)
def test_response_gives_the_document_of_its_schema(outcome):
    code, out, err = run("response", "-", *ASK, "--outcome", outcome, "--json", stdin=HELPED)
    assert code == 0, err
    found = valid(json.loads(out))
    assert found["outcome"] == outcome
    assert (found["residual_bands"] is None) is (outcome != "use_day")
    for going in ("continue", "stop"):
        assert (found["forecast"][going]["daily_probability"] is None) is (outcome != "use_day")


@pytest.mark.parametrize(("outcome", "column", "days"), [("craving", 1, 1), ("drinks", 2, 28)])
def test_the_figures_are_in_the_unit_of_the_outcome(outcome, column, days):
    """The mean craving of a known day; drinks in 28 days: each baseline interval holds what was counted."""
    found = asked(UNHELPED, outcome).response.document()
    mean = np.mean(counted(UNHELPED, column, before=True)) * days
    assert found["baseline"]["lower"] < mean < found["baseline"]["upper"]
    assert found["baseline"]["estimate"] == pytest.approx(mean, rel=0.15)
    lately = np.mean(counted(UNHELPED, column, before=False)[-25:]) * days
    assert found["current"]["estimate"] == pytest.approx(lately, rel=0.35)
    assert found["forecast"]["continue"]["days"]["estimate"] == pytest.approx(found["current"]["estimate"], rel=0.25)


def test_the_schema_knows_the_bounds_of_each_outcome():
    drinks, craving, use = (asked(HELPED, outcome).response.document() for outcome in ("drinks", "craving", "use_day"))
    assert drinks["baseline"]["upper"] > 28
    for right in (drinks, craving, use):
        valid(right)
        wrongs = [copy.deepcopy(right) for _ in range(4)]
        wrongs[0]["residual_bands"] = use["residual_bands"] if right is not use else None
        wrongs[1]["forecast"]["stop"]["daily_probability"] = [0.5] * 28 if right is not use else None
        wrongs[2]["current"]["lower"] = -0.1
        wrongs[3]["current"]["upper"] = {"craving": 10.1, "use_day": 28.1}.get(right["outcome"], "many")
        for wrong in wrongs:
            with pytest.raises(jsonschema.ValidationError):
                valid(wrong)


def test_the_three_schemas_say_the_same_of_an_answer():
    alone = schema("response")
    for name in ("report", "demo"):
        around = schema(name)
        assert around["$defs"] == alone["$defs"]
        answer = dict(around["properties"]["response"])
        if name == "report":  # a diary that says nothing has a page too
            assert answer.pop("type") == ["object", "null"]
        assert answer == {key: alone[key] for key in answer}


@pytest.mark.parametrize(
    ("wait", "right"),
    [
        (None, True),
        ({"more_days": 21, "date": "2026-07-01", "probability_decided": 0.7}, True),
        ({"more_days": None, "date": None, "probability_decided": 0.3}, True),
        ({"more_days": 2.5, "date": "2026-07-01", "probability_decided": 0.7}, False),
        ({"more_days": 21, "date": "1 July", "probability_decided": 0.7}, False),
        ({"more_days": 21, "date": "2026-07-01", "probability_decided": 70}, False),
        ({"more_days": 21, "date": "2026-07-01"}, False),
        (21, False),
    ],
)
def test_the_schema_knows_what_a_time_to_answer_is(wait, right):
    document = {**asked(HELPED, "drinks").response.document(), "time_to_answer": wait}
    if right:
        valid(document)
        return
    with pytest.raises(jsonschema.ValidationError):
        valid(document)


def kept(days: int, *, missing: float = 0.0, used: float = 1.0, seed: int = 3):
    """Days of somebody who craves every day, some of them not written down."""
    random = np.random.default_rng(seed)

    def day():
        if random.random() < missing:
            return None
        some = random.random() < used
        return (int(random.integers(3, 9)), int(random.integers(1, 7)) if some else 0, "y" if some else "n")

    return [day() for _ in range(days)]


COLUMNS = "craving,standard_drinks,use_day"
KEPT = {
    "helped": HELPED,
    "unhelped": UNHELPED,
    "worse": WORSE,
    "early": diary_text((kept(30), kept(20)), COLUMNS),
    "not begun": diary_text((kept(30), []), COLUMNS),
    "every day, with gaps": diary_text((kept(42), kept(84, missing=0.15)), COLUMNS),
    "hardly kept": diary_text((kept(42, missing=0.6), kept(84, missing=0.6)), COLUMNS),
    "nothing before": diary_text(([], kept(84, used=0.5)), COLUMNS),
    "rare before": diary_text(([(0, 0, "n")] * 41 + [(2, 1, "y")], kept(84, used=0.1)), COLUMNS),
    "kept on some days only": diary_text((kept(42), [(5, 3, "y"), (5, 3, "y"), (0, 0, "n"), None] * 21), COLUMNS),
}
# What belongs to headaches, and words that blame.
NOT_SAID = ("headache", "migraine", "clear day", "halo", "nice-", "ahs-", "croop", "failure", "failed", "dirty", "abuse")


HEADACHE_SOURCES = {"HALO-RESP", "NICE-TA764", "AHS-2021", "ICHD3-1.3", "CROOP-2021"}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("outcome", RECOVERY)
def test_a_page_on_recovery_never_speaks_of_headaches_nor_cites_who_writes_of_them(outcome, text):
    page = compose(asked(text, outcome))
    for said in (read_aloud(page), render_text(page), render_html(page).split("</style>")[1]):
        assert not [word for word in NOT_SAID if word in said.lower()]
        assert "fewer than 4" not in said


@pytest.mark.parametrize("condition", ["alcohol-recovery", "cocaine-recovery", "opioid-recovery-bipolar"])
@pytest.mark.parametrize("outcome", RECOVERY)
def test_the_share_that_counts_is_said_to_be_our_own_choice_where_nobody_published_one(outcome, condition):
    found = asked(HELPED.replace("alcohol-recovery", condition), outcome)
    (why,) = [reason for reason in found.response.reasons if reason.rule.startswith("judge.threshold")]
    assert why.source[0] == "judging-policy"
    assert all_sources()["judging-policy"].kind == "policy"
    assert why.because.startswith(
        "A reduction of at least 50\N{NO-BREAK SPACE}% counts as a response. That share is our own choice"
    )
    # what guidance on medicines for alcohol use counts instead stands there, and nowhere else
    assert ("FDA-2015" in why.source) is (condition == "alcohol-recovery" and outcome != "craving")
    assert found.response.question.threshold == 0.5


def test_many_headaches_do_not_lower_the_bar_for_days_of_use():
    lines = [f"{line},severe" if re.match(r"\d", line) else line for line in HELPED.splitlines()]
    text = "\n".join(lines).replace("use_day", "use_day,headache", 1)
    assert asked(text, "use_day").response.question.threshold == 0.5
    assert asked(text, "headache_day").response.question.threshold == 0.3


def test_too_early_rests_on_our_own_choice_too():
    (why, *_) = asked(KEPT["early"], "drinks").response.reasons
    assert why.rule == "judge.too-early"
    assert why.source == ("judging-policy",)
    assert "our own choice" in why.because


@pytest.mark.parametrize("planned_from", [START, START - timedelta(days=30)], ids=["early", "due"])
def test_a_plan_for_recovery_is_judged_by_its_own_words(planned_from):
    """Its outcome is craving, its rule is the project's, and the days at the target are nobody's guideline."""
    plan = plan_file(("lamotrigine", "alcohol-recovery"), start=planned_from)
    diary = read_days(io.StringIO(HELPED, newline=""), "days.csv")
    found = review(diary, "lamotrigine", planned_from, plan=plan).response
    assert found.outcome == "craving"
    assert {key for reason in found.reasons for key in reason.source}.isdisjoint(HEADACHE_SOURCES)
    assert not [reason for reason in found.reasons if "headache" in reason.because.lower()]
    assert "judge.threshold-plan" in {reason.rule for reason in found.reasons}


def test_who_craves_every_day_is_not_asked_for_days_without():
    """A rating of the day is above 0 on every day of some people; of days with drinks that would be a sign."""
    craving, drinks = (asked(KEPT["every day, with gaps"], outcome).response for outcome in ("craving", "drinks"))
    assert craving.verdict == "not_responding"
    assert drinks.verdict == "cannot_tell"
    assert drinks.reasons[0].rule == "judge.no-clear-days"
    assert "no day without drinks was written down" in drinks.reasons[0].because


def test_craving_written_down_on_its_stronger_days_only_is_declined():
    """No day is without craving, so it shows only in how strong it was beside the days that are missing."""
    random = np.random.default_rng(5)
    days = [value for _ in range(28) for value in (8, 8, 7, None if random.random() < 0.9 else 3, 3)]
    found = asked(diary_text(([6, 7] * 21, days), "craving"), "craving").response
    assert found.verdict == "cannot_tell"
    assert found.reasons[0].rule == "judge.selective-logging"
    assert "a day above the usual" in found.reasons[0].because


def test_nearly_daily_use_is_advised_to_judge_amounts_too():
    found = asked(KEPT["early"], "use_day").response
    (why,) = [reason for reason in found.reasons if reason.rule == "judge.near-daily"]
    assert "days of use alone can hardly show a response; judge the number of drinks as well." in why.because
    craving = {reason.rule for reason in asked(KEPT["early"], "craving").response.reasons}
    assert "judge.near-daily" not in craving


def test_a_headline_says_increased_only_where_that_is_probable():
    page = compose(asked(KEPT["every day, with gaps"], "craving"))
    assert page.verdict == "not_responding"
    assert (page.review.response.probability["worse"] or 0) > 0.5
    assert page.headline == "Probably does not help enough"


@pytest.mark.parametrize("text", [HELPED, UNHELPED, WORSE], ids=["helped", "unhelped", "worse"])
def test_craving_is_weaker_or_stronger_and_never_fewer_or_more(text):
    page = compose(asked(text, "craving"))
    said = read_aloud(page)
    assert "Mean craving per day, 0 to 10, smoothed: " in page.verdict_line
    assert re.search(r"P\(≥50\N{NO-BREAK SPACE}% weaker\) .*, P\(stronger\) ", page.verdict_line)
    assert not re.search(r"\bfewer\b|% more\b|P\(more\)|per 28 \(|in 28", page.verdict_line + " ".join(page.beside))
    assert re.search(r"a mean craving of \d\.\d to \d+\.\d per day in the next 28 days \(middle \d\.\d\)", page.coming[0])
    assert "weaker than in the same weeks without the treatment" in page.small_print[0]
    assert "from 0 (none) to 10" in said


@pytest.mark.parametrize("text", [HELPED, UNHELPED, WORSE], ids=["helped", "unhelped", "worse"])
def test_drinks_are_told_as_standard_drinks_in_28_days(text):
    page = compose(asked(text, "drinks"))
    assert "Standard drinks per 28 days, smoothed: " in page.verdict_line
    assert re.search(r"\d to [\d,]+ standard drinks in the next 28 days \(middle \d+\)", page.coming[0])
    assert len(page.coming) == 2
    assert "14 g of ethanol" in page.small_print[1]
    assert "whole ones, less than one up to one" in page.small_print[1]


def test_the_size_of_a_drink_is_the_diary_s_own():
    small = HELPED.replace("#kind", "#standard_drink_g=10\n#kind", 1)
    assert "10 g of ethanol" in compose(asked(small, "drinks")).small_print[1]


@pytest.mark.parametrize(
    ("outcome", "down", "risen", "worse"),
    [
        ("craving", "brought craving down", "craving has increased", "craving is stronger than it would have been"),
        ("drinks", "brought the number of drinks down", "drinks have increased", "there are more drinks than there would"),
        ("use_day", "brought days of use down", "days of use have increased", "there are more than there would"),
    ],
)
def test_better_and_worse_are_said_in_the_words_of_the_outcome(outcome, down, risen, worse):
    helped = compose(asked(HELPED, outcome))
    assert helped.headline.startswith("Probably helps")
    assert down in helped.plain
    rising = compose(asked(WORSE, outcome))
    assert rising.headline == f"Probably does not help; {risen}"
    assert worse in rising.plain


def rows(page) -> dict:
    return {row.label: row for row in page.rows if row.recorded}


@pytest.mark.parametrize(
    ("outcome", "begins", "label"),
    [("craving", "Craving averaged ", "Days with craving"), ("drinks", "Drinks averaged ", "Days with drinks")],
)
def test_amounts_are_counted_beside_the_days_that_had_any(outcome, begins, label):
    page = compose(asked(HELPED, outcome))
    before = counted(HELPED, 1 if outcome == "craving" else 2, before=True)
    had, days, total = sum(value > 0 for value in before), len(before), sum(before)
    unit = " a day" if outcome == "drinks" else ""
    assert page.plain.startswith(f"{begins}{total / days:.1f}{unit} on the {days} known days before baclofen, and ")
    amount, some = page.rows[0], page.rows[1]
    assert some.label == label
    assert some.before == f"{28 * had / days:.1f} per 28 ({had} of {days} days)"
    cell = f"{28 * total / days:.1f} per 28 ({total:.0f} on {days} days)"
    assert amount.before == (f"{total / days:.1f} ({days} days)" if outcome == "craving" else cell)
    assert page.not_recorded == ""


def test_days_of_use_stand_beside_the_amounts_that_the_diary_tells():
    page = compose(asked(HELPED, "use_day"))
    drinks = counted(HELPED, 2, before=True)
    had, heavy, days = sum(n > 0 for n in drinks), sum(n >= 4 for n in drinks), len(drinks)
    assert page.plain.startswith(f"Use on {had} of the {days} known days before baclofen; on ")
    found = rows(page)
    assert list(found) == ["Days of use", "Heavy drinking days", "Mean craving per day, 0 to 10", "Standard drinks"]
    assert found["Heavy drinking days"].before == f"{28 * heavy / days:.1f} per 28 ({heavy} of {days} days)"
    assert found["Standard drinks"].before == f"{28 * sum(drinks) / days:.1f} per 28 ({sum(drinks):.0f} on {days} days)"
    craving = [np.mean(counted(HELPED, 1, before=before)) for before in (True, False)]
    assert found["Mean craving per day, 0 to 10"].before == f"{craving[0]:.1f} ({days} days)"


def test_a_diary_without_amounts_has_no_row_for_them():
    only_use = diary_text((["y", "n"] * 21, ["n"] * 84), "use_day")
    assert list(rows(compose(asked(only_use, "use_day")))) == ["Days of use"]


def test_drinks_told_on_a_few_days_only_are_no_rate():
    """Where the number of drinks is missing on most days of use, the days that have one are no fair sample."""
    random = np.random.default_rng(1)
    days = [(6 if random.random() < 0.2 else "", "y") for _ in range(126)]
    row = rows(compose(asked(diary_text((days[:42], days[42:]), "standard_drinks,use_day"), "use_day")))["Standard drinks"]
    told = [n for n, _ in days[:42] if n]
    assert row.before == f"{sum(told)} on {len(told)} days"
    assert row.change == ""


def test_where_no_rate_is_given_there_is_no_mean_either():
    page = compose(asked(KEPT["hardly kept"], "use_day"))
    assert "Mean craving per day, 0 to 10" not in rows(page)
    assert "per 28" not in rows(page)["Standard drinks"].before


def test_a_day_without_cocaine_may_be_one_with_drinks_of_unknown_number():
    """Only where the diary is kept for alcohol does a day without use hold no drinks."""
    told = ([(7, "y"), ("", "n")] * 21, [(7, "y"), ("", "n")] * 42)
    of = {
        condition: asked(diary_text(told, "standard_drinks,use_day", about=f"#condition={condition}\n"), "drinks")
        for condition in ("alcohol-recovery", "cocaine-recovery")
    }
    assert of["alcohol-recovery"].response.known == 126
    assert of["cocaine-recovery"].response.known == 63


def test_a_bar_is_as_tall_as_its_day_had_drinks():
    html = render_html(compose(asked(HELPED, "drinks")))
    tall = re.findall(r'height="([\d.]+)" style="[^"]*"><title>[^:]*: drinks: (\d+)<', html)
    heights = {int(drinks): float(height) for height, drinks in reversed(tall)}
    assert len(heights) > 5
    assert [heights[n] for n in sorted(heights)] == sorted(heights.values())


def test_drinks_that_nobody_counted_are_no_nought():
    told = ([(3, "y"), ("", "y"), (0, "n")] * 14, [(3, "y"), ("", "y"), (0, "n")] * 28)
    html = render_html(compose(asked(diary_text(told, "standard_drinks,use_day"), "drinks")))
    assert ": drinks, not counted</title>" in html
    assert ": drinks: 0</title>" not in html


def test_headaches_that_the_diary_also_tells_of_are_counted_below():
    lines = [f"{line},clear" if re.match(r"\d", line) else line for line in HELPED.splitlines()]
    text = "\n".join(lines).replace("use_day", "use_day,headache", 1)
    labels = [row.label for row in compose(asked(text, "drinks")).rows if row.recorded]
    assert labels[:2] == ["Standard drinks", "Days with drinks"]
    assert "Headache days" in labels[2:]


@pytest.mark.parametrize("outcome", RECOVERY)
def test_the_scale_of_the_picture_holds_its_figures(outcome):
    page = compose(asked(UNHELPED, outcome))
    greatest = max(bar.value.upper for bar in page.bars)
    most = page.scale.ticks[-1]
    assert page.scale.ticks[0] == 0
    assert greatest <= most
    if outcome == "drinks":
        step = page.scale.ticks[1]
        assert step in {size * 10**power for size in (1, 2, 5) for power in range(4)}
        assert most - greatest < step
        assert len(page.scale.ticks) <= 6
    else:
        assert most == {"craving": 10, "use_day": 28}[outcome]
    html = render_html(page)
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="5.5"', html)]
    expected = [8 + 324 * bar.value.estimate / most for bar in page.bars]
    assert dots == pytest.approx(expected, abs=0.01)
    assert f"<h2>{page.scale.title}</h2>" in html
    assert f"{page.scale.title}, smoothed estimates" in render_text(page)


def test_a_scale_of_thousands_of_drinks_has_room_for_its_words():
    page = compose(asked(diary_text(([60] * 30, [60, 58] * 40), "standard_drinks"), "drinks"))
    said = render_text(page)
    assert re.search(r"Before +\d,\d{3} ", said)
    assert len(page.scale.ticks) <= 6


def alternatives(reader: PdfReader) -> list[str]:
    """The alternative texts of the pictures of a tagged PDF."""
    found, todo, seen = [], [reader.trailer["/Root"]["/StructTreeRoot"]], set()
    while todo:
        node = todo.pop().get_object()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node and not isinstance(node["/K"], int):
                todo.append(node["/K"])
    return found


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        ("craving", "Mean craving per day, 0 to 10"),
        ("drinks", "Standard drinks per 28 days"),
        ("use_day", "Days in 28"),
    ],
)
def test_the_pdf_names_the_scale_in_print_and_for_who_cannot_see_it(outcome, title):
    page = compose(asked(UNHELPED, outcome))
    reader = PdfReader(io.BytesIO(render_pdf(page)))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert title in printed
    (rates,) = [text.replace("SIMULATED. ", "") for text in alternatives(reader) if "Before: " in text]
    assert rates.startswith(f"{title}. Dots with 90 % intervals. Before: ")
    bar = page.bars[0].value
    assert f"Before: {bar.estimate:.{page.scale.decimals}f} (" in rates
    assert unescape(title) in render_html(page)


@pytest.mark.parametrize("ending", ["txt", "html", "pdf", "json"])
@pytest.mark.parametrize("outcome", ["craving", "drinks"])
def test_report_writes_every_kind_of_page(outcome, ending, tmp_path):
    diary = tmp_path / "days.csv"
    diary.write_text(HELPED, encoding="utf-8")
    out = tmp_path / f"answer.{ending}"
    code, printed, err = run("report", diary, *ASK, "--outcome", outcome, "--out", out, "--json")
    assert code == 0, err
    valid(json.loads(printed), "report")
    assert out.stat().st_size > 1000


@pytest.mark.parametrize(("outcome", "column"), [("drinks", "standard_drinks"), ("craving", "craving"), ("use_day", "use_day")])
@pytest.mark.parametrize("command", ["response", "report"])
def test_a_diary_without_the_column_is_a_problem_that_names_it(command, outcome, column, tmp_path):
    out = ["--out", tmp_path / "answer.html"] if command == "report" else []
    options = [command, EXAMPLE, "--treatment", "x", "--start", "2024-03-04", "--outcome", outcome, *out]
    code, printed, err = run(*options, "--json")
    assert code == 2
    (problem,) = valid(json.loads(printed), "problems")["problems"]
    assert problem["where"] == "diary"
    assert outcome in problem["what"]
    assert column in problem["try_this"]
    assert err.startswith("cleardays: ")
    assert list(tmp_path.iterdir()) == []


def every_number(document):
    if isinstance(document, dict):
        for value in document.values():
            yield from every_number(value)
    elif isinstance(document, list):
        for value in document:
            yield from every_number(value)
    elif isinstance(document, float):
        yield document


@pytest.mark.parametrize("outcome", ["craving", "drinks"])
@pytest.mark.parametrize(
    "days",
    [
        ([0] * 28, [0] * 84),
        ([6] * 28, [6] * 84),
        ([3], []),
        ([0], []),
        ([], [3]),
        ([None] * 5 + [1], [None] * 20),
        ([0] * 27 + [9], [0] * 84),
        ([], [4, 0] * 40),
    ],
    ids=["never", "alike", "one day", "one day of none", "one day since", "one old day", "one before", "nothing before"],
)
def test_extreme_diaries_get_finite_answers_and_pages(outcome, days):
    found = asked(diary_text(days, "craving" if outcome == "craving" else "standard_drinks"), outcome)
    document = valid(found.response.document())
    assert all(math.isfinite(number) for number in every_number(document))
    page = compose(found)
    for text in (render_text(page), render_html(page)):
        assert "nan" not in re.findall(r"[a-z]+", text.lower())


@pytest.mark.parametrize("days", [([200] * 28, [200] * 84), ([5, 0] * 14, [200] + [5, 0] * 41)], ids=["always", "once"])
def test_two_hundred_drinks_are_answered_with_finite_figures(days):
    document = valid(asked(diary_text(days, "standard_drinks"), "drinks").response.document())
    assert all(math.isfinite(number) for number in every_number(document))


@pytest.mark.parametrize("told", ["201", "-1", "nan", "inf", "1e400"])
def test_impossible_numbers_of_drinks_are_refused_by_line(told):
    code, printed, _ = run(
        "response", "-", *ASK, "--outcome", "drinks", "--json", stdin=diary_text(([told], [2]), "standard_drinks")
    )
    assert code == 2
    (problem,) = json.loads(printed)["problems"]
    assert "line 5, standard_drinks" in problem["where"]


def test_parts_of_a_drink_are_rounded_halves_up_and_less_than_one_is_one():
    def now(told):
        document = asked(diary_text(([told, 0] * 14, [told, 0] * 42), "standard_drinks"), "drinks").response.document()
        return document["current"]["estimate"]

    assert now("0.4") == pytest.approx(now("1"), rel=0.05)
    assert now("2.5") == pytest.approx(now("3"), rel=0.05)
    assert now("2.4") == pytest.approx(now("2"), rel=0.05)


def test_where_too_little_is_known_the_page_asks_for_days_without():
    sparse = diary_text(([(5, "y") if i % 7 == 0 else None for i in range(42)], [(4, "y"), None, None] * 28), "craving,use_day")
    for outcome, without in (("craving", "days with little or no craving"), ("use_day", "days without use")):
        page = compose(asked(sparse, outcome))
        assert page.headline == "This diary cannot tell"
        assert page.next_step.startswith(f"What helps: write every day for some weeks, the {without} above all.")
        assert page.bars == ()


def headaches(seed: int = 2) -> str:
    """A migraine diary with strengths, hours and the person's own answers; fewer and milder days after the start."""
    random = np.random.default_rng(seed)

    def day(treated: bool):
        if random.random() > (0.3 if treated else 0.6):
            return ("clear", "", "")
        strong = random.random() < (0.4 if treated else 0.75)
        return ("severe" if strong else "mild", 8 if strong else 2, "yes" if strong else "no")

    return diary_text(([day(False) for _ in range(42)], [day(True) for _ in range(84)]), "headache,hours,migraine", about="")


@pytest.mark.parametrize(
    ("outcome", "many"),
    [("migraine_day", "migraine days"), ("mod_sev_headache_day", "days of moderate or severe headache")],
)
def test_days_that_are_a_part_of_headache_days_say_that_they_are_fitted_together(outcome, many):
    text = headaches()
    code, printed, err = run("response", "-", *ASK, "--outcome", outcome, "--json", stdin=text)
    assert code == 0, err
    found = valid(json.loads(printed))
    strong = [line.split(",")[1] == "severe" for line in text.splitlines() if re.match(r"\d", line)]
    assert found["baseline"]["lower"] < 28 * np.mean(strong[:42]) < found["baseline"]["upper"]
    page = compose(asked(text, outcome))
    together = f"Fitted together with headache days: how many headache days there are, and which of them are {many}."
    assert together in " ".join(page.small_print)
    assert f"{many[0].upper()}{many[1:]}, smoothed: " in page.verdict_line
    assert f"{many} in the next 28" in page.coming[0]
    assert "fewer than 4" in page.coming[-1]
    whole = " ".join(compose(asked(text, "headache_day")).small_print)
    assert "Fitted together" not in whole


@pytest.mark.parametrize("outcome", ["migraine_day", "mod_sev_headache_day"])
def test_a_day_of_weak_headache_is_not_called_clear_where_strong_ones_are_judged(outcome):
    page = compose(asked(headaches(), outcome))
    assert "clear day" not in read_aloud(page)
    mild = [line.split(",")[0] for line in headaches().splitlines() if ",mild," in line]
    assert mild
    assert ": clear</title>" not in render_html(page)
    assert ": clear</title>" in render_html(compose(asked(headaches(), "headache_day")))


def test_only_amounts_say_that_they_are_fitted_by_steps():
    for outcome, steps in (("craving", True), ("drinks", True), ("use_day", False)):
        assert ("by steps: more than 1" in " ".join(compose(asked(HELPED, outcome)).small_print)) is steps


def with_numbers_missing(share: float) -> str:
    """Six drinks on every second day all along; lately the number is told on a share of those days only."""
    random = np.random.default_rng(4)
    before = [(6, "y") if day % 2 else (0, "n") for day in range(42)]
    after = [((6 if random.random() < share else ""), "y") if day % 2 else (0, "n") for day in range(84)]
    return diary_text((before, after), "standard_drinks,use_day")


def test_no_mean_is_given_where_many_drinking_days_have_no_number():
    """Days without drinks are always known, so the mean of the known days would have fallen."""
    said = compose(asked(with_numbers_missing(0.4), "drinks"))
    assert "averaged" not in said.plain
    assert "21 of 42 days" in said.plain
    assert "14 of the last 28 days" in said.plain


def test_the_mean_names_the_days_that_it_is_of():
    said = compose(asked(with_numbers_missing(1.0), "drinks")).plain
    assert "3.0 a day on the 42 known days before baclofen, and 3.0 on the 28 known days of the last 28 days" in said
