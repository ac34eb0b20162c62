"""The person's page as HTML for a phone, as paper (PDF), as plain text and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from importlib import resources

from cleardays import __version__
from cleardays.report.marks import draw_icon
from cleardays.report.person_days import describe_blocks, draw_blocks
from cleardays.report.person_page import PersonPage
from cleardays.report.sheet import FONT, PAPERS, typeset
from cleardays.report.simulated import KEY, label_html, label_text
from cleardays.report.strip import PAPER, SCREEN

_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_WIDTH = 62
_MARKS = {True: "#", False: ".", None: "?"}
_ACROSS = 7


def person_html(page: PersonPage) -> str:
    """A self-contained HTML document for a phone: large letters, light or dark as the reader has set it, no script."""
    import jinja2
    from markupsafe import Markup

    source = resources.files("cleardays.report").joinpath("templates", "person.html.j2").read_text(encoding="utf-8")
    # Everything is escaped but the pictures that we draw ourselves (their labels are escaped there).
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
    picture = draw_blocks(page.blocks, palette=SCREEN, font=_FONT, name="days") if page.blocks else ""
    found = template.render(page=page, icon=Markup(draw_icon(page.sign, SCREEN)), picture=Markup(picture))
    return label_html(found) if page.simulated else found


def person_pdf(page: PersonPage, *, paper: str = "a4") -> bytes:
    """One sheet in large letters as a tagged PDF (PDF/UA-1); `paper` is "a4" or "letter"."""
    picture = draw_blocks(page.blocks, palette=PAPER, font=FONT, name="days") if page.blocks else ""
    data: dict[str, object] = {
        "paper": PAPERS[paper],
        "version": f"cleardays {__version__}",
        "title": page.title,
        "badge": page.badge,
        KEY: page.simulated,
        "icon": {"svg": draw_icon(page.sign, PAPER), "alt": page.sentence},
        "sentence": page.sentence,
        "why": page.why,
        "picture": {"svg": picture, "alt": describe_blocks(page.blocks)} if page.blocks else None,
        "no_picture": page.no_picture,
        "next": page.next,
        "goals": [goal._asdict() for goal in page.goals],
        "own": page.own,
        "help_head": page.help_head,
        "help": page.help,
    }
    return typeset("person.typ", data, page.small_print)


def person_text(page: PersonPage) -> str:
    """The page as text, in short lines."""
    lines = [page.title.upper(), *([page.badge] if page.badge else []), "", *_wrap(page.sentence), ""]
    lines += [line for text in page.why for line in _wrap(text)]
    for block in page.blocks:
        rows = [block.days[at : at + _ACROSS] for at in range(0, len(block.days), _ACROSS)]
        lines += ["", f"{block.title}: {block.says}", *(" ".join(_MARKS[day] for day in row) for row in rows)]
    lines += ["(# with, . without, ? not known)"] if page.blocks else ["", *_wrap(page.no_picture)]
    lines += ["", "WHAT HAPPENS NEXT", *(line for text in page.next for line in _wrap(f"- {text}", "  "))]
    if page.goals:
        lines += ["", "YOUR GOALS"]
        for goal in page.goals:
            counted = f" ({goal.counted})" if goal.counted else ""
            lines += [*_wrap(f"- {goal.goal}", "  "), *_wrap(f"  {goal.answer}{counted}", "  ")]
    lines += ["", "YOUR WORDS", *_wrap(page.own)] if page.own else []
    lines += [
        "",
        "GET HELP AT ONCE",
        *_wrap(page.help_head),
        *(line for text in page.help for line in _wrap(f"- {text}", "  ")),
    ]
    lines += ["", *(line for text in page.small_print for line in _wrap(text))]
    text = "\n".join(lines) + "\n"
    return label_text(text) if page.simulated else text


def person_json(page: PersonPage) -> str:
    """One JSON document, indented for people."""
    return json.dumps(page.document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _wrap(text: str, hang: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=hang, break_on_hyphens=False)


def person_writers(page: PersonPage, *, paper: str = "a4") -> dict[str, Callable[[], bytes]]:
    """The renderers by file ending; nothing is rendered until asked."""
    return {
        ".html": lambda: person_html(page).encode("utf-8"),
        ".pdf": lambda: person_pdf(page, paper=paper),
        ".txt": lambda: person_text(page).encode("utf-8"),
        ".json": lambda: person_json(page).encode("utf-8"),
    }
