"""The clinician's page as plain text, in the same order, at most 78 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from cleardays.report.annex import Annex
from cleardays.report.annex_days import LETTERS, MARKS_SAY
from cleardays.report.simulated import is_simulated, label_text
from cleardays.report.six_months import describe, title
from cleardays.report.visit import NO_DAYS, Visit
from cleardays.report.visit_boxes import LedgerLine, Line
from cleardays.report.visit_numbers import AcuteLine, NumberLine
from cleardays.report.visit_pdf import ALONE, WITH, WITHOUT

_WIDTH = 78
_WEEKS = 28


def render_visit_text(page: Visit, *, annex: str = WITH) -> str:
    """The page as text.

    Args:
        page: what it says.
        annex: "with" the annex after the page, "without" it, or the annex "alone".
    """
    lines = [] if annex == ALONE else [*_page(page)]
    if annex != WITHOUT:
        lines += ["", *_annex(page.annex, page.title)]
    text = "\n".join(lines) + "\n"
    return label_text(text) if is_simulated(page.account.about) else text


def _page(page: Visit) -> Iterator[str]:
    yield from (*_wrap(page.title), page.who)
    yield from _wrap(" | ".join(page.facts))
    if page.badge:
        yield page.badge
    yield from ("", page.headline.upper(), *_wrap(f"{page.line} [A1]"), *_wrap(page.next_step))
    yield from ("", "FIVE NUMBERS, DAYS IN 28")
    for number in page.numbers:
        yield from _number(number, page.compared)
    for use in page.acute:
        yield from _acute(use)
    for text in page.beside:
        yield from _wrap(text, "  ")
    yield from ("", *_days(page))
    yield from ("", "REGIMENS, CURRENT THEN PAST")
    for row in page.ledger:
        yield from _regimen(row)
    yield from _wrap(f"{page.ledger_more} {page.ledger_rule}".strip() or "None is told.", "  ")
    yield from ("", "SAFETY", *_lines(page.safety))
    yield from ("", "SCALES", *(_lines(page.scales) if page.scales else ["  Neither MIDAS nor HIT-6 was filled in."]))
    yield from ("", "QUESTIONS FOR TODAY")
    for place, question in enumerate(page.questions, 1):
        yield from _wrap(f"{place}. {question.because}", "   ")
    yield from _lines(page.own)
    yield ""
    for text in page.small_print:
        yield from _wrap(text)


def _number(number: NumberLine, compared: tuple[str, str]) -> Iterator[str]:
    yield f"  {number.label}{' (judged)' if number.judged else ''} [{number.code}]"
    yield from _wrap(f"    {compared[0]}: {number.before.said}", "      ")
    yield from _wrap(f"    {compared[1]}: {number.recent.said}", "      ")
    if number.change:
        interval = f" (90 % interval {number.interval})" if number.interval else ""
        yield f"    Change: {number.change}{interval}"
    if number.note:
        yield from _wrap(f"    {number.note}", "    ")


def _acute(use: AcuteLine) -> Iterator[str]:
    said = f"{use.label}: before {use.before.said}, last 28 days {use.recent.said}, last 30 days {use.month}; limit {use.limit}"
    yield from _wrap(f"  {said} [{use.code}]", "    ")


def _days(page: Visit) -> Iterator[str]:
    if not page.has_days:
        yield from ("DAY BY DAY", NO_DAYS)
        return
    account = page.account
    yield title(account).upper()
    yield from _wrap(describe(account))
    yield from _wrap(f"({MARKS_SAY})")
    for first in range(0, len(account.days), _WEEKS):
        row = account.days[first : first + _WEEKS]
        yield f"  {row[0].date.isoformat()}  {''.join(LETTERS[day.level] for day in row)}"


def _regimen(row: LedgerLine) -> Iterator[str]:
    parts = [
        row.dose,
        row.days,
        f"weeks at target {row.weeks}",
        f"fair trial {row.fair}" if row.fair else "",
        row.effect,
        row.reason,
    ]
    yield from _wrap(f"  {row.treatment}: {', '.join(part for part in parts if part)}", "    ")


def _annex(annex: Annex, title_: str) -> Iterator[str]:
    yield from ("ANNEX: WHERE EACH NUMBER COMES FROM", *_wrap(title_))
    for text in annex.origin:
        yield from _wrap(text)
    for entry in annex.entries:
        cited = f" [{', '.join(entry.source)}]" if entry.source else ""
        yield from ("", *_wrap(f"{entry.code} {entry.title}"), *_wrap(f"  Formula: {entry.formula}{cited}", "    "))
        yield from _lines(entry.lines)
    yield from ("", "IN FULL", *_lines(annex.whole))
    yield from ("", "REPORTING CHECKLIST OF A TRIAL IN ONE PERSON (CENT 2015)")
    for item in annex.checklist:
        yield from _wrap(f"  {item.number or '-'} {item.topic}: {item.says}", "    ")
    yield from ("", "EVERY DAY", *_wrap(MARKS_SAY))
    for month in annex.days:
        yield f"  {month.name:9} {' '.join(mark.ljust(1) or ' ' for mark in month.marks)}"
    yield from ("", "SOURCES")
    for key, citation in annex.sources:
        yield from _wrap(f"[{key}] {citation}", "  ")


def _lines(rows: Iterable[Line]) -> list[str]:
    return [part for row in rows for part in _wrap(f"  {row.about.strip()}: {row.text}", "    ")]


def _wrap(text: str, hang: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=hang, break_on_hyphens=False)
