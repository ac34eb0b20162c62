"""The page as a tagged PDF (PDF/UA-1), set by typst from data."""

from __future__ import annotations

from cleardays import __version__
from cleardays.report.bars import draw_bars
from cleardays.report.marks import draw_icon, draw_mark
from cleardays.report.page import Page
from cleardays.report.sheet import FONT, PAPERS, typeset
from cleardays.report.simulated import KEY, is_simulated
from cleardays.report.strip import PAPER, WIDE, describe, draw_strip, legend
from cleardays.sources import Reason


def render_pdf(page: Page, *, paper: str = "a4") -> bytes:
    """The whole page as PDF bytes; `paper` is "a4" or "letter"."""
    return typeset("page.typ", _as_data(page, PAPERS[paper]), page.small_print)


def _as_data(page: Page, paper: str) -> dict[str, object]:
    review = page.review
    return {
        "paper": paper,
        KEY: is_simulated(review.about),
        "version": f"cleardays {__version__}",
        "title": page.title,
        "about": page.about,
        "badge": page.badge,
        "headline": page.headline,
        "plain": page.plain,
        "next_step": page.next_step,
        "verdict_line": page.verdict_line,
        "beside": page.beside,
        "icon": {"svg": draw_icon(page.verdict, PAPER), "alt": page.headline},
        "bars": {
            "svg": draw_bars(page, palette=PAPER, font=FONT, name="rates"),
            "caption": page.caption,
        }
        if page.bars
        else None,
        "rows": [row._asdict() for row in page.rows if row.recorded],
        "not_recorded": page.not_recorded,
        "strip": {
            "svg": draw_strip(review, WIDE, palette=PAPER, font=FONT, name="days"),
            "alt": describe(review),
        },
        "legend": [{"svg": draw_mark(mark, PAPER), "meaning": meaning} for mark, meaning in legend(review)],
        "coming": page.coming,
        "over_time": _reasons(page.over_time),
        "reasons": _reasons(page.reasons),
        "sources": [{"key": key, "citation": citation} for key, citation in page.sources],
    }


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    return [{"because": reason.because, "source": ", ".join(reason.source)} for reason in reasons]
