"""The clinician's page as JSON: its words, and the account behind them."""

from __future__ import annotations

import json
from typing import Any

from cleardays.report.simulated import is_simulated, label_json
from cleardays.report.visit import Visit
from cleardays.report.visit_pdf import ALONE, WITH, WITHOUT


def visit_document(page: Visit, *, annex: str = WITH) -> dict[str, Any]:
    """The page as a JSON value; `account` is everything it was laid out from.

    Args:
        page: what it says.
        annex: "with" the annex, "without" it, or the annex "alone".
    """
    said: dict[str, Any] = {} if annex == ALONE else _page(page)
    document = said if annex == WITHOUT else {**said, "annex": _annex(page)}
    return label_json(document) if is_simulated(page.account.about) else document


def render_visit_json(page: Visit, *, annex: str = WITH) -> str:
    """One JSON document, indented for people."""
    return json.dumps(visit_document(page, annex=annex), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _page(page: Visit) -> dict[str, Any]:
    return {
        "title": page.title,
        "who": page.who,
        "facts": list(page.facts),
        "badge": page.badge,
        "headline": page.headline,
        "verdict_line": page.line,
        "next_step": page.next_step,
        "five_numbers": [{**row._asdict(), "before": row.before.said, "recent": row.recent.said} for row in page.numbers],
        "acute_medicines": [{**row._asdict(), "before": row.before.said, "recent": row.recent.said} for row in page.acute],
        "beside": list(page.beside),
        "ledger": [row._asdict() for row in page.ledger],
        "ledger_more": page.ledger_more,
        "ledger_rule": page.ledger_rule,
        "safety": [line._asdict() for line in page.safety],
        "scales": [line._asdict() for line in page.scales],
        "questions": [question.because for question in page.questions],
        "own": [line._asdict() for line in page.own],
        "small_print": list(page.small_print),
        "response": None if page.account.review is None else page.account.review.document(),
        "account": page.account.document(),
    }


def _annex(page: Visit) -> dict[str, Any]:
    annex = page.annex
    return {
        "entries": [
            {**entry._asdict(), "lines": [line._asdict() for line in entry.lines], "source": list(entry.source)}
            for entry in annex.entries
        ],
        "whole": [line._asdict() for line in annex.whole],
        "checklist": [item.document() for item in annex.checklist],
        "days": [{"month": month.name, "marks": list(month.marks)} for month in annex.days],
        "origin": list(annex.origin),
        "sources": dict(annex.sources),
    }
