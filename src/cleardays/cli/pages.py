"""Which file ending is written by which renderer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

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


def show_page(writers: Mapping[str, Callable[[], bytes]], *, serve: bool) -> None:
    """Show a page on a local address until it is interrupted; only on a terminal, and where nobody said not to."""
    if serve and sys.stdout.isatty() and sys.stdin.isatty():
        from cleardays.web.local_page import serve_page

        serve_page(writers[".html"](), writers[".pdf"](), say=print)
