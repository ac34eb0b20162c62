"""Which file ending is written by which renderer."""

from __future__ import annotations

from collections.abc import Callable

from cleardays.report.document import render_json
from cleardays.report.html import render_html
from cleardays.report.page import Page
from cleardays.report.pdf import render_pdf
from cleardays.report.text import render_text


def page_writers(page: Page, *, paper: str = "a4") -> dict[str, Callable[[], bytes]]:
    """The renderers of one page by file ending; nothing is rendered until asked."""
    return {
        ".html": lambda: render_html(page).encode("utf-8"),
        ".pdf": lambda: render_pdf(page, paper=paper),
        ".txt": lambda: render_text(page).encode("utf-8"),
        ".json": lambda: render_json(page).encode("utf-8"),
    }
