"""The page says the same in every format, and nothing on it is more certain than the answer."""

from __future__ import annotations

import io
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from cleardays.diary.own_csv import read_days
from cleardays.report.html import render_html
from cleardays.report.page import compose
from cleardays.report.pdf import render_pdf
from cleardays.report.strip import NARROW, PAPER, WIDE, describe, draw_strip
from cleardays.report.text import render_text
from cleardays.trial.review import review
from conftest import START

RESPONDER = ("X0XX0X0XX00XX0X0XX0X00XX0X0X", "X0X00X000X" + "000000000X" * 8)
GAPPY = ("X0X.X0X0...0XX0X0X0X00XX0X0X", "X0X00....X" + "00..00000X" * 6)


def page_of(text: str, treatment: str = "examplamide", start: date = START, **options):
    return compose(review(read_days(io.StringIO(text, newline=""), "days.csv"), treatment, start, **options))


@pytest.fixture(params=[RESPONDER, GAPPY, ("X", ""), ("", "X0X0")], ids=["responder", "gaps", "not begun", "no baseline"])
def page(request, pattern_csv):
    return page_of(pattern_csv(*request.param))


class Tags(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def tags_of(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    return parser


def flat(text: str) -> str:
    return " ".join(text.split())


def test_html_text_and_pdf_carry_the_same_words(page):
    html = flat(" ".join(tags_of(render_html(page)).words))
    plain = flat(render_text(page))
    paper = flat(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(render_pdf(page))).pages))
    for text in (page.headline, page.plain, page.next_step, page.verdict_line, *page.beside, *page.coming, *page.small_print):
        words = flat(text)
        assert words in html
        assert words.upper() in plain.upper()
        assert re.sub(r"\W", "", words) in re.sub(r"\W", "", paper)  # hyphenation and line breaks apart
    for row in page.rows:
        assert row.label.lower() in plain.lower()
        assert row.label.lower() in html.lower()


def test_the_html_page_needs_nothing_from_anywhere(page):
    html = render_html(page)
    parser = tags_of(html)
    assert not re.search(r"(?:src|href)\s*=", html)
    assert "url(" not in html
    assert "@import" not in html
    assert not [tag for tag, _ in parser.tags if tag in ("script", "link", "iframe", "img")]


def test_the_html_page_can_be_read_without_seeing_it(page):
    parser = tags_of(render_html(page))
    names = [tag for tag, _ in parser.tags]
    assert names.count("h1") == 1
    pictures = [attrs for tag, attrs in parser.tags if tag == "svg"]
    assert all(attrs.get("role") == "img" or attrs.get("aria-hidden") == "true" for attrs in pictures)
    ids = [attrs["id"] for _, attrs in parser.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    for attrs in pictures:
        for label in (attrs.get("aria-labelledby") or "").split():
            assert label in ids
    assert next(attrs for tag, attrs in parser.tags if tag == "html")["lang"] == "en"


def test_the_pdf_is_tagged_titled_and_one_page(pattern_csv):
    reader = PdfReader(io.BytesIO(render_pdf(page_of(pattern_csv(*GAPPY)))))
    assert len(reader.pages) == 1
    assert str(reader.trailer["/Root"]["/MarkInfo"]["/Marked"]) == "True"
    assert reader.metadata.title == "Examplamide: did it help?"
    assert reader.trailer["/Root"]["/Lang"] == "en"


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_the_pdf_is_on_the_paper_that_was_asked_for(pattern_csv, paper, width):
    reader = PdfReader(io.BytesIO(render_pdf(page_of(pattern_csv(*RESPONDER)), paper=paper)))
    assert float(reader.pages[0].mediabox.width) == pytest.approx(width, abs=1)


def test_same_page_same_bytes(pattern_csv):
    first, again = (page_of(pattern_csv(*RESPONDER)) for _ in range(2))
    assert render_pdf(first) == render_pdf(again)
    assert render_html(first) == render_html(again)


@pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_strip_has_one_column_a_day_and_hollow_unknown_days(pattern_csv, layout):
    page = page_of(pattern_csv(*GAPPY))
    svg = draw_strip(page.review, layout, palette=PAPER, font="serif", name="s")
    series = page.review.series
    titles = re.findall(r'style="([^"]*)"><title>(\d+ \w+ \d+): ([^<]*)</title>', svg)
    assert len(titles) == len(series.states)
    assert len({day for _, day, _ in titles}) == len(series.states)
    for (style, _, said), state in zip(titles, series.states, strict=True):
        assert said == {True: "headache day", False: "clear", None: "unknown"}[state]
        assert ("fill:none" in style) is (state is None)
    outlines = re.findall(r"fill:none;stroke:[^;]+;stroke-width:[\d.]+;stroke-linecap:round;stroke-dasharray", svg)
    assert outlines  # dotted, never a pattern
    assert "<pattern" not in svg


def test_the_strip_in_words_counts_each_state(pattern_csv):
    said = describe(page_of(pattern_csv("X0.X", "X.0.")).review)
    assert "3 headache days, 2 clear days" in said


def test_severity_is_height_and_unrecorded_strength_is_another_tone():
    text = "date,headache\n" + "".join(
        f"2026-03-0{i},{word}\n" for i, word in enumerate(("mild", "moderate", "severe", "present", "clear"), start=1)
    )
    svg = draw_strip(page_of(text).review, WIDE, palette=PAPER, font="serif", name="s")
    heights = {said: float(h) for h, said in re.findall(r'height="([\d.]+)" style="[^"]*"><title>[^:]*: ([^<]*)<', svg)}
    assert heights["mild headache"] < heights["moderate headache"] < heights["severe headache"]
    assert f'style="fill:{PAPER.soft}"><title>4 Mar 2026: some headache' in svg


def test_a_long_diary_is_cut_and_says_so(pattern_csv):
    page = page_of(pattern_csv("X000" * 100, "0X00" * 30))
    assert "earlier days are not drawn" in describe(page.review)


def test_what_a_person_writes_never_acts_as_markup(pattern_csv):
    nasty = '<b>#image("x")</b> $y$ *z* @ref {{ 1 }} & "q"'
    page = page_of(pattern_csv(*RESPONDER, about=f"#person={nasty}\n"), treatment=nasty)
    html = render_html(page)
    assert "<b>" not in html
    assert nasty in "".join(tags_of(html).words)
    paper = PdfReader(io.BytesIO(render_pdf(page))).pages[0].extract_text()
    assert re.sub(r"\W", "", nasty) in re.sub(r"\W", "", paper)


@pytest.mark.parametrize("treatment", ["ラモトリギン", "لاموتريجين", "💊", "x" * 120])
def test_any_script_fits_on_the_page(pattern_csv, treatment):
    page = page_of(pattern_csv(*RESPONDER), treatment=treatment)
    assert treatment in render_html(page)
    assert treatment in render_text(page)
    assert len(PdfReader(io.BytesIO(render_pdf(page))).pages) <= 2


def test_a_pdf_with_letters_that_no_font_has_says_so(pattern_csv):
    page = page_of(pattern_csv(*RESPONDER), treatment="\U00013000")  # an Egyptian hieroglyph
    assert "exist in no font" in flat(PdfReader(io.BytesIO(render_pdf(page))).pages[0].extract_text())


def test_early_on_the_page_promises_nothing(pattern_csv):
    page = page_of(pattern_csv("X0" * 14, "X0" * 20))
    assert page.headline == "Too early to say"
    assert "P(" not in page.verdict_line
    assert page.beside == ()
    assert [bar.label for bar in page.bars] == ["Before", "Now"]
    assert "27 Apr 2026" in page.plain


def test_a_diary_kept_on_bad_days_only_gets_no_rate_and_no_forecast(pattern_csv):
    """Ten headache days on ten known days of thirty are not 28 in 28."""
    page = page_of(pattern_csv("X..X..X" * 4, "..X" * 30))
    assert page.headline == "This diary cannot tell"
    assert page.bars == page.beside == ()
    assert "No rate is given" in page.verdict_line
    assert page.coming == ("No forecast is given: the days in the diary may not stand for those that are missing.",)
    assert "10 of the 10 known days of the last 28 days" in page.plain
    assert "per 28" not in " ".join([page.plain, page.verdict_line, *page.coming])


def test_what_else_changed_stands_in_the_answer_itself(pattern_csv):
    page = page_of(pattern_csv(*RESPONDER, about="#co_intervention=physiotherapy was begun\n"))
    assert page.headline == "Something probably helps"
    assert "starting examplamide, or what else changed, brought them down" in page.plain
    assert "Something else changed too: physiotherapy was begun." in page.plain


def test_getting_worse_is_said(pattern_csv):
    page = page_of(pattern_csv("000X" * 7, "XX0X" * 21))
    assert page.headline == "Probably does not help; headache days have increased"
    assert "The chance that there are more than there would have been without it" in page.plain
    assert "P(more)" in page.verdict_line


def test_an_undecided_answer_may_still_say_that_it_probably_helps_some(pattern_csv):
    page = page_of(pattern_csv("X0X0X0X0X00X0X0X00X0X0X0X0X0", "X0X00X0000" + "000X000X00" * 8))
    assert page.verdict == "cannot_tell"
    assert page.headline == "Probably helps; whether by half is not settled"
    assert "probably brought them down; whether by at least half is not settled" in page.plain


def test_a_diary_without_a_headache_has_its_zero_counted(pattern_csv):
    page = page_of(pattern_csv("0" * 28, "0" * 84))
    (row,) = [row for row in page.rows if row.label == "Headache days"]
    assert (row.before, row.recent) == ("0.0 per 28 (0 of 28 days)", "0.0 per 28 (0 of 28 days)")


def test_few_days_before_the_start_are_said_in_the_answer_itself(pattern_csv):
    page = page_of(pattern_csv("XXX", "0X000000" * 10))
    assert page.headline == "This diary cannot tell"
    assert "Only 3 days before the start of treatment are known; it takes 14 to judge a change." in page.plain


def test_a_year_of_silence_hints_at_a_mistyped_year():
    text = "date,headache\n2025-04-05,mild\n2026-02-01,mild\n2026-02-02,clear\n"
    reasons = {reason.rule: reason.because for reason in page_of(text).reasons}
    assert "If a year was mistyped" in reasons["diary.long-gap"]


def test_what_was_left_out_of_the_file_is_said():
    reasons = {r.rule: r.because for r in page_of("date,headache,weather\n2026-02-01,mild,rain\n").reasons}
    assert "column weather" in reasons["diary.left-out"]


def test_a_baseline_near_fifteen_days_says_that_the_threshold_matters(pattern_csv):
    page = page_of(pattern_csv("X0" * 12 + "XXXX", "0X00X000X" + "000X00X000" * 8))
    assert page.headline == "Probably helps"
    said = [r.because for r in page.reasons if "it matters" in r.because]
    assert len(said) == 1
    assert "asked for 50\xa0% instead of 30\xa0%, the probability is 0.6" in said[0]


def test_a_baseline_near_fifteen_days_is_not_mentioned_where_it_does_not_matter(pattern_csv):
    page = page_of(pattern_csv("X0" * 12 + "XXXX", "0X00X000X" + "0000X00000" * 8))
    assert not [r for r in page.reasons if "it matters" in r.because]


def test_an_item_answered_on_headache_days_only_gets_no_rate():
    """Three triptan days on three answered days is not 28 in 28."""
    days = [(f"2026-02-{i:02d}", "severe" if i % 5 == 0 else "clear", "1" if i % 5 == 0 else "") for i in range(1, 29)]
    text = "date,headache,acute_doses\n" + "".join(f"{d},{h},{a}\n" for d, h, a in days)
    page = page_of(text, start=date(2026, 2, 1))
    (row,) = [row for row in page.rows if row.label == "Days with an acute medicine"]
    assert row.recent == "5 of the 5 days with an answer"


def test_strength_that_was_never_recorded_is_not_counted_as_mild(pattern_csv):
    page = page_of(pattern_csv(*RESPONDER))
    (row,) = [row for row in page.rows if row.label.startswith("Days of moderate")]
    assert not row.recorded


def test_the_ascii_page_is_ascii(pattern_csv):
    text = render_text(page_of(pattern_csv(*GAPPY), treatment="crème"), ascii_only=True)
    assert text.isascii()
    assert "?" in text
    assert "->" in text


def test_as_of_an_earlier_day_the_page_knows_nothing_of_later_reports():
    rows = "".join(f"2026-02-{i:02d},2026-02-{i:02d}T20:00:00+00:00,{'present' if i % 3 else 'clear'}\n" for i in range(1, 20))
    later = "2026-02-20,2026-04-20T20:00:00+00:00,severe\n"
    header = "date,reported_at,headache\n"
    options = {"start": date(2026, 2, 10), "as_of": date(2026, 2, 25)}
    assert render_html(page_of(header + rows + later, **options)) == render_html(page_of(header + rows, **options))


def test_the_days_before_the_start_are_never_counted_as_lately(pattern_csv):
    page = page_of(pattern_csv("X0" * 30, "0" * 7))
    assert "on 0 of the last 7 days" in page.plain
    (row,) = [row for row in page.rows if row.label == "Headache days"]
    assert row.recent.startswith("0 of 7 days")


@pytest.mark.parametrize("name", ["می\u200cخواهم", "👩\u200d⚕️ care", "x" * 120])
def test_any_name_of_a_treatment_can_be_given(name):
    from cleardays.cli.options import read_name

    assert read_name(name, "--treatment") == name


def test_where_no_rate_is_given_none_stands_in_the_counts_either(pattern_csv):
    page = page_of(pattern_csv("X0X0..." * 4, "X0.0.0." * 16))
    (row,) = [row for row in page.rows if row.label == "Headache days"]
    assert page.headline == "This diary cannot tell"
    assert row.change == ""
    assert "per 28" not in row.before + row.recent
    assert not [reason for reason in page.reasons if "it matters" in reason.because]


def test_a_baseline_of_three_days_is_not_shown_as_a_rate(pattern_csv):
    page = page_of(pattern_csv("0XX", "0X000000" * 10))
    assert [bar.label for bar in page.bars] == ["Now"]
    assert "\N{RIGHTWARDS ARROW}" not in page.verdict_line
    assert "cannot replace those missing before the start" in page.next_step
    assert not [text for text in page.coming if "stopped" in text]


def test_before_the_start_nothing_is_compared(pattern_csv):
    page = page_of(pattern_csv("X00" * 6))
    (row,) = [row for row in page.rows if row.label == "Headache days"]
    assert (row.before, row.change) == ("not known", "")
    assert "on 6 of the last 18 days" in page.plain
    assert not [text for text in page.coming if "stopped" in text]
    assert "split.sceptical" not in {reason.rule for reason in page.reasons}


def test_one_headache_before_the_start_is_no_rate_and_later_days_cannot_mend_it(pattern_csv):
    page = page_of(pattern_csv("X" + "0" * 27, "0" * 84))
    assert [bar.label for bar in page.bars] == ["Now"]
    assert "cannot replace those missing before the start" in page.next_step


def test_four_unknown_weeks_at_the_end_are_said_in_grammar(pattern_csv):
    page = page_of(pattern_csv("X0" * 14, "X0" * 30), as_of=date(2026, 6, 30))
    assert page.plain.startswith("Headache on 14 of 28 days before examplamide; unknown on all of the last 28 days.")
