"""A sheet of paper set by typst: a template of this room filled with data, as a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from importlib import resources

from cleardays.report.simulated import KEY, LABEL, SAID, label_data

PAPERS = {"a4": "a4", "letter": "us-letter"}
# What typst has built in; pictures that go on the sheet use the same.
FONT = "Libertinus Serif"

_MISSING_LETTERS = (
    "Some letters exist in no font of the machine that made this page and stand here by their codes (U+...); the HTML page "
    "shows them."
)
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_MOST_SCRIPTS = 12
_MOST_CODES = 8
_SYMBOL = "symbol"
_JOINED = "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"
# On every sheet of what was simulated, behind all: a line on top, and a faint word across.
_MARKED = f"""#set page(background: {{
  place(top + center, dy: 4mm, text(size: 9pt, weight: "bold", tracking: 0.08em)[{SAID}])
  rotate(-32deg, text(size: 84pt, weight: "bold", fill: luma(93%))[{LABEL}])
}})
"""


def typeset(template: str, data: Mapping[str, object], small_print: Sequence[str]) -> bytes:
    """A page as PDF bytes. Same data, same bytes on the same machine.

    All words reach typst as JSON, so nothing a person wrote can act as markup. Letters that no
    font on this machine has would stand as empty boxes and break the accessibility standard; they
    stand by their codes instead, all of a script together, and the small print says so.

    Args:
        template: a file of `templates`.
        data: what it shows, beside the small print; where it says `simulated`, the sheet does so everywhere.
        small_print: the last lines of the page.
    """
    import typst

    marked = bool(data.get(KEY))
    if marked:
        data = label_data(data)
    said = json.dumps({**data, "small_print": small_print}, ensure_ascii=False)
    for _ in range(_MOST_SCRIPTS):
        try:
            return _compiled(template, said, marked=marked, accessible=True)
        except typst.TypstError as error:
            missing = _NO_FONT.search(str(error))
            if missing is None:
                raise
            if _MISSING_LETTERS not in said:
                said = json.dumps({**data, "small_print": [*small_print, _MISSING_LETTERS]}, ensure_ascii=False)
            said = _by_codes(said, missing[1])
    return _compiled(template, said, marked=marked, accessible=False)


def _by_codes(said: str, missing: str) -> str:
    """The same with the letters of the scripts of `missing` by their codes; what only joins such letters goes."""
    scripts = {_script(letter) for letter in missing} - {""}
    gone = {letter for letter in set(said) if not letter.isascii() and (_script(letter) in scripts or letter in missing)}
    if _SYMBOL in scripts:
        said = said.translate(dict.fromkeys(map(ord, _JOINED), ""))
    letters = "".join(sorted(gone - set(_JOINED)))
    return re.sub(f"[{re.escape(letters)}]+", _codes, said) if letters else said


def _codes(run: re.Match[str]) -> str:
    """The codes of a run of letters, the first ones of a long one: a sheet is no place for a thousand of them."""
    codes = "".join(f"[U+{ord(letter):04X}]" for letter in run[0][:_MOST_CODES])
    more = len(run[0]) - _MOST_CODES
    return f"{codes}[and {more} more]" if more > 0 else codes


def _script(letter: str) -> str:
    """What letters of one script have in common: the first word of their names; symbols are one script."""
    if letter.isascii() or letter in _JOINED:
        return ""
    return _SYMBOL if unicodedata.category(letter) == "So" else unicodedata.name(letter, "").split(" ")[0].split("-")[0]


def _compiled(template: str, said: str, *, marked: bool, accessible: bool) -> bytes:
    import typst

    source = resources.files("cleardays.report").joinpath("templates", template).read_bytes()
    if marked:
        source = _MARKED.encode() + source
    inputs = {"page": said}
    made: bytes = typst.compile(source, sys_inputs=inputs, pdf_standards="ua-1" if accessible else None, timestamp=0)
    return made
