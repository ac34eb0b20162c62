"""What the pictures of the evidence share: a sheet written from the top down, names in words, the file around it.

One width serves phone and print: 340 units, letters of 12.5. Every text is measured as in the widest common font.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from cleardays.evidence.records import PLACEBO
from cleardays.report.colours import own_colours
from cleardays.report.strip import SCREEN, Palette
from cleardays.report.titration_frame import NARROW, Taken
from cleardays.report.titration_frame import wide as wide_of
from cleardays.report.treatment_page_words import in_sentence, own_words, word
from cleardays.report.vitals_panels import text

LAYOUT = NARROW
LEFT, RIGHT = 4.0, NARROW.width - 4.0
FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_SMALLER = 1.5  # by which `text` draws small letters smaller
_ACRONYM = 7  # letters of the longest one that stands before another word


class Look(NamedTuple):
    """How a picture is shown: its colours, font and the prefix of its ids; `alone` is a file of its own, with its colours."""

    name: str = "evidence"
    palette: Palette = SCREEN
    font: str = FONT
    alone: bool = True


class Label(NamedTuple):
    """A word that belongs to a place on an axis."""

    x: float
    said: str
    colour: str
    small: bool = True


class Sheet:
    """Parts of a picture from the top down; `y` is where the next one begins."""

    def __init__(self, look: Look) -> None:
        self.look, self.palette, self.y = look, look.palette, 4.0
        self.parts: list[str] = []

    def say(self, said: str, *, bold: bool = False, muted: bool = False, small: bool = False, indent: float = 0.0) -> None:
        """A paragraph in lines that fit."""
        for line in lines_of(said, RIGHT - LEFT - indent, bold=bold, small=small):
            self.put(LEFT + indent, self.y + LAYOUT.letters, line, bold=bold, muted=muted, small=small)
            self.y += LAYOUT.row

    def pair(self, left: str, right: str, *, bold: bool = True) -> None:
        """A name and its figure in one line, or below each other where they do not fit."""
        if wide(left, bold=bold) + wide(right) + 8.0 > RIGHT - LEFT:
            self.say(left, bold=bold)
        else:
            self.put(LEFT, self.y + LAYOUT.letters, left, bold=bold)
        self.put(RIGHT, self.y + LAYOUT.letters, right, "end")
        self.y += LAYOUT.row

    def put(
        self, x: float, y: float, said: str, anchor: str = "start", *,
        bold: bool = False, muted: bool = False, small: bool = False,
    ) -> None:  # fmt: skip
        """One word or line where it is told."""
        colour = self.palette.muted if muted else self.palette.ink
        self.parts.append(text(LAYOUT, x, y, said, colour, anchor, small=small, weight="600" if bold else "400"))

    def labels(self, labels: Iterable[Label], rows: int) -> None:
        """Words centred at their places, moved inward from the edges, each in the first of some rows that has room for it."""
        taken, used = Taken(0.0, LAYOUT.width), 0
        for label in labels:
            half = wide(label.said, small=label.small) / 2.0
            x = min(max(label.x, LEFT + half), RIGHT - half)
            for row in range(rows):
                box = (x - half - 1.5, float(row), x + half + 1.5, row + 1.0)
                if taken.is_free((max(box[0], 0.0), box[1], min(box[2], LAYOUT.width), box[3])):
                    taken.add(box)
                    y = self.y + row * LAYOUT.row + LAYOUT.letters
                    self.parts.append(text(LAYOUT, x, y, label.said, label.colour, "middle", small=label.small))
                    used = max(used, row + 1)
                    break
        self.y += used * LAYOUT.row

    def finish(self, title: str, described: str) -> str:
        """The SVG element, with its title and the picture in words."""
        look = self.look
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LAYOUT.width:g} {self.y + 6:g}" role="img" '
                f'aria-labelledby="{look.name}-title {look.name}-desc" font-family="{escape(look.font)}" '
                f'font-size="{LAYOUT.letters:g}">',
                own_colours() if look.alone else "",
                f'<title id="{look.name}-title">{escape(title)}</title>',
                f'<desc id="{look.name}-desc">{escape(described)}</desc>',
                *self.parts,
                "</svg>\n",
            ]
        )


def wide(said: str, *, bold: bool = False, small: bool = False) -> float:
    """How wide a text is at most, in any common font."""
    smaller = (LAYOUT.letters - _SMALLER) / LAYOUT.letters if small else 1.0
    return smaller * wide_of(said, LAYOUT, bold=bold)


def lines_of(said: str, room: float, *, bold: bool = False, small: bool = False) -> list[str]:
    """A text in lines no wider than the room."""
    most = max(6, int(room / wide("x", bold=bold, small=small)))
    return textwrap.wrap(said, most, break_on_hyphens=False)


def shape(tag: str, said: str = "", *, style: str = "", **numbers: float | str) -> str:
    """A shape, with its words where it has some."""
    told = " ".join(f'{key}="{value if isinstance(value, str) else _short(value)}"' for key, value in numbers.items())
    start = f'<{tag} {told} style="{style}"'
    return f"{start}><title>{escape(said)}</title></{tag}>" if said else f"{start}/>"


def points(*pairs: tuple[float, float]) -> str:
    """Corners, as a polygon or polyline has them."""
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in pairs)


def _short(value: float) -> str:
    return f"{round(value, 2):g}"


def part_of(document: Mapping[str, Any], indication: str) -> Mapping[str, Any] | None:
    """What was worked out for people with an indication; None where no trial of such people compares the treatment."""
    found: Mapping[str, Any] | None = document["indications"].get(indication)
    return found


def named(treatment: str) -> str:
    """A treatment as a heading calls it."""
    return PLACEBO.capitalize() if treatment == PLACEBO else own_words(treatment)["name"]


def spoken(treatment: str) -> str:
    """A treatment inside a sentence, without its brand.

    >>> spoken("onabotulinumtoxina"), spoken("placebo")
    ('onabotulinumtoxinA', 'placebo')
    """
    return PLACEBO if treatment == PLACEBO else in_sentence(treatment)


def people_with(indication: str) -> str:
    """Whom the trials were about, in words."""
    return f"people with {word('indication', indication)}"


def study_named(study: str) -> str:
    """A study as readers know it: authors with their year, acronyms in capitals.

    >>> study_named("tfelt-hansen-1984"), study_named("her-mes"), study_named("atenolol-crossover")
    ('Tfelt-Hansen 1984', 'HER-MES', 'Atenolol crossover')
    """
    head, _, year = study.rpartition("-")
    if year.isdigit() and len(year) == 4 and head:
        return f"{head.title()} {year}"
    if any(part in ("crossover", "pooled", "trial", "study") for part in study.split("-")):
        first, *rest = study.split("-")
        return " ".join([first.upper() if len(first) <= _ACRONYM else first.capitalize(), *rest])
    return study.upper()


def nothing(title: str, treatment: str, indication: str, look: Look) -> str:
    """What stands in place of a picture where no trial can be drawn."""
    sheet = Sheet(look)
    sheet.say(title, bold=True)
    said = (
        f"No trial that we hold compares {spoken(treatment)} with placebo or with another treatment in "
        f"{people_with(indication)}. So there is nothing to draw, and no number to give."
    )
    sheet.y += 4.0
    sheet.say(said)
    return sheet.finish(title, said)
