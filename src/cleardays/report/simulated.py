"""What was simulated says so: inside each picture, on each page, in text and in JSON.

The label is drawn into the picture itself, so that it stays with one that is cut out of its page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LABEL = "SIMULATED"
SAID = f"{LABEL}: nobody real is in it"
KEY = "simulated"  # in JSON, in the data of a page, and as `kind` of a diary

# A picture with a meaning; small marks of a legend have none and stay as they are.
_PICTURE = re.compile(r'<svg\b[^>]*\brole="img"[^>]*>')
_BOX = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"')
_LETTERS = re.compile(r'font-size="([\d.]+)"')
_NAMED = re.compile(r"<(title|desc)( id=\"[^\"]*\")>")
_USUAL_LETTERS = 13.0
_AROUND = 1.9  # height of the label's line, in letters
_WIDE = 0.66  # of a letter of the label
_ACROSS = 0.9  # of the picture's width that the faint word takes up
_FAINT = 0.09


def is_simulated(about: Mapping[str, str]) -> bool:
    """Whether a diary says that nobody real kept it."""
    return about.get("kind") == KEY


def stamp(picture: str, *, word: bool = True) -> str:
    """The label inside a picture: a line above it, a faint word across it, and first in its title and description.

    Args:
        picture: an SVG element with a `viewBox`; one that has its label already stays as it is.
        word: False leaves out the faint word, where the sheet has one behind all its pictures.
    """
    head = _PICTURE.search(picture)
    box = None if head is None else _BOX.search(head.group())
    if head is None or box is None or f">{LABEL}" in picture:
        return picture
    x, y, wide, tall = (float(number) for number in box.groups())
    told = _LETTERS.search(head.group())
    letters = min(_USUAL_LETTERS if told is None else float(told.group(1)), wide / (_WIDE * len(SAID)))
    line = _AROUND * letters
    taller = head.group().replace(box.group(), f'viewBox="{x:g} {y - line:g} {wide:g} {tall + line:g}"')
    ink, paper = ("var(--ink)", "var(--paper)") if "var(--" in picture else ("#1b1f22", "#ffffff")
    above = (
        f'<rect x="{x:g}" y="{y - line:g}" width="{wide:g}" height="{line:g}" style="fill:{paper}"/>'
        f'<text x="{x + wide / 2:g}" y="{y - 0.55 * letters:g}" text-anchor="middle" font-size="{letters:g}" '
        f'font-weight="700" style="fill:{ink}">{SAID}</text>'
    )
    body, end = picture[head.end() :], picture.rindex("</svg>") - head.end()
    named = _NAMED.sub(rf"<\1\2>{LABEL}. ", body[:end], count=2)
    at = max((found.end() for found in re.finditer(r"</(?:title|desc)>", named[: _first_mark(named)])), default=0)
    across = _across(x, y, wide, tall, ink) if word else ""
    return f"{picture[: head.start()]}{taller}{named[:at]}{above}{named[at:]}{across}{body[end:]}"


def _first_mark(body: str) -> int:
    """Where the drawing begins: behind the picture's own title and description."""
    found = re.search(r"<(?:rect|text|path|circle|line|g|polygon|polyline|ellipse)\b", body)
    return len(body) if found is None else found.start()


def _across(x: float, y: float, wide: float, tall: float, ink: str) -> str:
    """The faint word, once or, on a tall picture, several times."""
    size = _ACROSS * min(wide / (_WIDE * len(LABEL) + 1), tall)
    many = max(1, int(tall // (wide * 0.8)))
    return "".join(
        f'<text aria-hidden="true" x="{x + wide / 2:g}" y="{y + tall * (at + 0.5) / many + 0.35 * size:g}" '
        f'text-anchor="middle" font-size="{size:g}" font-weight="700" style="fill:{ink};opacity:{_FAINT}">{LABEL}</text>'
        for at in range(many)
    )


def label_html(page: str) -> str:
    """An HTML document with the label in its title, on top and below, and in each of its pictures."""
    stamped, last = list[str](), 0
    for found in _PICTURE.finditer(page):
        end = page.index("</svg>", found.end()) + len("</svg>")
        stamped += [page[last : found.start()], stamp(page[found.start() : end])]
        last = end
    page = "".join([*stamped, page[last:]])
    style = "margin:0;padding:.4rem 1rem;text-align:center;font-weight:700;border-block:2px solid currentColor"
    note = f'<p role="note" style="{style}">{SAID}</p>'
    page = page.replace("<title>", f"<title>{LABEL}: ", 1)
    opened = page.index(">", page.index("<body")) + 1
    page = f"{page[:opened]}\n{note}{page[opened:]}"
    return page.replace("</body>", f"{note}\n</body>", 1)


def label_text(page: str) -> str:
    """A text with the label in its first and its last line."""
    return f"{SAID}.\n\n{page.rstrip()}\n\n{SAID}.\n"


def label_json(document: Mapping[str, object]) -> dict[str, object]:
    """A JSON document that says it."""
    return {KEY: True, **document}


def label_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a page on paper: its title, each picture in it, and each description of one."""
    found: dict[str, Any] = _labelled(data)
    return {**found, "title": f"{LABEL}: {data['title']}", KEY: True}


def _labelled(value: Any) -> Any:  # noqa: ANN401  # whatever a page is made of
    if isinstance(value, Mapping):
        return {key: _of_picture(key, each) for key, each in value.items()}
    return [_labelled(each) for each in value] if isinstance(value, list | tuple) else value


def _of_picture(key: str, value: Any) -> Any:  # noqa: ANN401  # as above
    if isinstance(value, str):
        if "<svg" in value:
            return stamp(value, word=False)
        return f"{LABEL}. {value}" if key == "alt" and value else value
    return _labelled(value)
