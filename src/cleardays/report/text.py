"""The page as plain text, for a terminal or a letter."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import timedelta

from cleardays.report import words
from cleardays.report.page import Bar, Page
from cleardays.report.simulated import is_simulated, label_text
from cleardays.report.wording import spoken
from cleardays.sources import Reason

_WIDTH = 78
_MARKS = {True: "■", False: "·", None: "○"}
_PLAIN_MARKS = {True: "X", False: ".", None: "?"}
_IN_A_ROW = 28


def render_text(page: Page, *, ascii_only: bool = False) -> str:
    """The whole page as text, at most 78 columns wide."""
    marks = _PLAIN_MARKS if ascii_only else _MARKS
    lines = [page.title, " | ".join(page.about)]
    if page.badge:
        lines.append(page.badge)
    lines += ["", page.headline.upper(), *_wrap(page.plain), *_wrap(page.next_step), "", *_wrap(page.verdict_line)]
    lines += ["", *_table(page), "", *_strip(page, marks)]
    if page.bars:
        lines += ["", f"{page.scale.title}, smoothed estimates", *(_bar(bar, page.scale.decimals) for bar in page.bars)]
    lines += [line for text in page.beside for line in _wrap(text, "  ")]
    lines += ["", "The next 28 days", *(line for text in page.coming for line in _wrap(text, "  "))]
    if page.over_time:
        lines += ["", "Over time", *_reasons(page.over_time)]
    lines += ["", "Why", *_reasons(page.reasons)]
    lines += ["", "Sources", *(line for key, citation in page.sources for line in _wrap(f"[{key}] {citation}", "  "))]
    lines += ["", *(line for text in page.small_print for line in _wrap(text))]
    text = "\n".join(lines) + "\n"
    if is_simulated(page.review.about):
        text = label_text(text)
    return plain_ascii(text) if ascii_only else text


def _reasons(reasons: tuple[Reason, ...]) -> Iterator[str]:
    for reason in reasons:
        cited = f" [{', '.join(reason.source)}]" if reason.source else ""
        yield from _wrap(f"- {reason.because}{cited}", "  ")


def _wrap(text: str, hang: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=hang, break_on_hyphens=False)


def _table(page: Page) -> list[str]:
    lines = ["Counted in the diary"]
    for row in page.rows:
        if not row.recorded:
            continue
        lines.append(f"  {row.label:32}before        {row.before}")
        lines.append(f"  {'':32}last 28 days  {row.recent}")
        if row.change:
            lines.append(f"  {'':32}change        {row.change}")
    return [*lines, *(f"  {line}" for line in _wrap(page.not_recorded))]


def _bar(bar: Bar, decimals: int) -> str:
    between = words.figure_range(bar.value, decimals)
    return f"  {bar.label:30}{words.figure(bar.value.estimate, decimals):>8}   (90\N{NO-BREAK SPACE}% interval {between})"


def _strip(page: Page, marks: dict[bool | None, str]) -> list[str]:
    """Rows of 28 days, counted from the start of treatment."""
    series, start = page.review.series, page.review.exposure.start
    without = "clear" if spoken(page.review).headache else "without"
    meaning = f"{marks[True]} had   {marks[False]} {without}   {marks[None]} unknown"
    lines = [f"Day by day ({meaning}); {page.review.exposure.treatment} from {words.day(start)}"]
    length = timedelta(days=_IN_A_ROW)
    first = start + ((series.first_day - start) // length) * length
    while first <= series.last_day:
        row = series.between(first, first + length - timedelta(days=1))
        cells = "".join(
            " " if not series.first_day <= first + timedelta(days=i) <= series.last_day else marks[state]
            for i, state in enumerate(row.states)
        )
        side = "treated" if first >= start else "before"
        lines.append(f"  {words.day(first):>11}  {cells}  {side}")
        first += length
    return lines


def plain_ascii(text: str) -> str:
    """The same text in letters that every terminal has."""
    for fancy, plain in (
        ("\N{RIGHTWARDS ARROW}", "->"),
        ("\N{GREATER-THAN OR EQUAL TO}", ">="),
        (words.MINUS, "-"),
        ("\N{NO-BREAK SPACE}", " "),
    ):
        text = text.replace(fancy, plain)
    return text.encode("ascii", "replace").decode("ascii")
