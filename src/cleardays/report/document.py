"""The page as JSON: its words, its five numbers, and the whole answer behind them."""

from __future__ import annotations

import json

from cleardays.report.page import Page
from cleardays.report.simulated import is_simulated, label_json


def render_json(page: Page) -> str:
    """One JSON document, indented for people."""
    document: dict[str, object] = {
        "title": page.title,
        "about": list(page.about),
        "badge": page.badge,
        "headline": page.headline,
        "plain": page.plain,
        "next_step": page.next_step,
        "verdict_line": page.verdict_line,
        "beside": list(page.beside),
        "five_numbers": [row._asdict() for row in page.rows],
        "coming": list(page.coming),
        "over_time": [reason.because for reason in page.over_time],
        "small_print": list(page.small_print),
        "sources": dict(page.sources),
        "response": page.review.document(),
    }
    if is_simulated(page.review.about):
        document = label_json(document)
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
