"""The clinician's page as a tagged PDF (PDF/UA-1): one sheet, and the annex on the sheets after it or in a file of its own."""

from __future__ import annotations

from cleardays.report.annex import Annex
from cleardays.report.annex_days import HEAD, MARKS_SAY
from cleardays.report.marks import draw_icon
from cleardays.report.sheet import FONT, PAPERS, typeset
from cleardays.report.simulated import KEY, is_simulated
from cleardays.report.six_months import describe, draw_sign, draw_six_months, legend, title
from cleardays.report.strip import PAPER
from cleardays.report.visit import NO_DAYS, Visit
from cleardays.texts import clean

_IN_FOOT = 30
WITH, WITHOUT, ALONE = "with", "without", "alone"


def render_visit_pdf(page: Visit, *, paper: str = "a4", annex: str = WITH) -> bytes:
    """The page as PDF bytes.

    Args:
        page: what it says.
        paper: "a4" or "letter".
        annex: "with" the annex on the sheets after the page, "without" it, or the annex "alone".
    """
    data = {
        "paper": PAPERS[paper],
        KEY: is_simulated(page.account.about),
        "title": page.title if annex != ALONE else f"{page.title} (annex)",
        "page": None if annex == ALONE else _page(page, linked=annex == WITH),
        "annex": None if annex == WITHOUT else annex_data(page.annex, page.account.treatment),
        "who": clean(page.who, _IN_FOOT),
        "foot": f"{page.facts[1]} · cleardays {page.account.version} · catalogue {page.account.catalogue_version}",
    }
    return typeset("visit.typ", data, page.small_print)


def _page(page: Visit, *, linked: bool) -> dict[str, object]:
    account = page.account
    return {
        "linked": linked,
        "who": page.who,
        "facts": page.facts,
        "badge": page.badge,
        "icon": draw_icon(page.verdict, PAPER),
        "headline": page.headline,
        "line": page.line,
        "next_step": page.next_step,
        "compared": page.compared,
        "numbers": [
            {
                **number._asdict(),
                "before": number.before._asdict(),
                "recent": number.recent._asdict(),
            }
            for number in page.numbers
        ],
        "acute": [{**use._asdict(), "before": use.before.said, "recent": use.recent.said} for use in page.acute],
        "beside": page.beside,
        "strip": {"svg": draw_six_months(account, palette=PAPER, font=FONT, name="days"), "alt": describe(account)}
        if page.has_days
        else None,
        "strip_title": title(account) if page.has_days else "Day by day",
        "no_days": NO_DAYS,
        "legend": [{"svg": draw_sign(mark, PAPER), "meaning": meaning} for mark, meaning in legend(account)],
        "ledger": [row._asdict() for row in page.ledger],
        "ledger_more": page.ledger_more,
        "ledger_rule": page.ledger_rule,
        "safety": [line._asdict() for line in page.safety],
        "scales": [line._asdict() for line in page.scales],
        "questions": [question.because for question in page.questions],
        "own": [line._asdict() for line in page.own],
    }


def annex_data(annex: Annex, treatment: str) -> dict[str, object]:
    """The annex as the template takes it."""
    return {
        "treatment": treatment,
        "entries": [{**entry._asdict(), "lines": [line._asdict() for line in entry.lines]} for entry in annex.entries],
        "whole": [line._asdict() for line in annex.whole],
        "checklist": [item.document() for item in annex.checklist],
        "days_head": HEAD,
        "days": [{"name": month.name, "run": month.run} for month in annex.days],
        "key": MARKS_SAY,
        "origin": annex.origin,
        "sources": [{"key": key, "citation": citation} for key, citation in annex.sources],
    }
