"""A sheet of paper set by typst: a template of this room filled with data, as a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources

from cleardays.report.simulated import KEY, LABEL, SAID, label_data

PAPERS = {"a4": "a4", "letter": "us-letter"}
# What typst has built in; pictures that go on the sheet use the same.
FONT = "Libertinus Serif"

_MISSING_LETTERS = "Some letters on this page exist in no font of the machine that made it; the HTML page shows them."
_NO_FONT = "could not be displayed"
# On every sheet of what was simulated, behind all: a line on top, and a faint word across.
_MARKED = f"""#set page(background: {{
  place(top + center, dy: 4mm, text(size: 9pt, weight: "bold", tracking: 0.08em)[{SAID}])
  rotate(-32deg, text(size: 84pt, weight: "bold", fill: luma(93%))[{LABEL}])
}})
"""


def typeset(template: str, data: Mapping[str, object], small_print: Sequence[str]) -> bytes:
    """A page as PDF bytes. Same data, same bytes.

    All words reach typst as JSON, so nothing a person wrote can act as markup. Letters that no
    font on this machine has would break the accessibility standard; then the PDF is made
    without it and says so in its small print.

    Args:
        template: a file of `templates`.
        data: what it shows, beside the small print; where it says `simulated`, the sheet does so everywhere.
        small_print: the last lines of the page.
    """
    import typst

    if data.get(KEY):
        data = label_data(data)
    try:
        return _compiled(template, {**data, "small_print": small_print}, accessible=True)
    except typst.TypstError as error:
        if _NO_FONT not in str(error):
            raise
    return _compiled(template, {**data, "small_print": [*small_print, _MISSING_LETTERS]}, accessible=False)


def _compiled(template: str, data: Mapping[str, object], *, accessible: bool) -> bytes:
    import typst

    source = resources.files("cleardays.report").joinpath("templates", template).read_bytes()
    if data.get(KEY):
        source = _MARKED.encode() + source
    inputs = {"page": json.dumps(data, ensure_ascii=False)}
    made: bytes = typst.compile(source, sys_inputs=inputs, pdf_standards="ua-1" if accessible else None, timestamp=0)
    return made
