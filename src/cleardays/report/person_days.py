"""The one picture of the person's page: 28 days before and the last 28 days, a square a day, unknown ones hollow."""

from __future__ import annotations

from datetime import date, timedelta
from textwrap import wrap
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.diary.rules import day_rules
from cleardays.diary.series import DaySeries
from cleardays.report import wording, words
from cleardays.report.strip import Palette
from cleardays.trial.account.account import Account

_ACROSS = 7
_SIDE, _GAP = 26.0, 5.0
_LABEL, _FOOT, _LINE = 32.0, 6.0, 26.0
_BETWEEN = 34.0
_LETTERS = 19  # as many as stand under a block
_WORD = {True: "had", False: "clear", None: "unknown"}


class Block(NamedTuple):
    """28 days in a row: what they are called, and each day as had (True), clear (False) or unknown (None)."""

    title: str
    first: date
    days: tuple[bool | None, ...]
    had_word: str
    clear_word: str

    @property
    def had(self) -> int:
        """Days that had it."""
        return sum(day is True for day in self.days)

    @property
    def clear(self) -> int:
        """Days without it."""
        return sum(day is False for day in self.days)

    @property
    def unknown(self) -> int:
        """Days of which nobody knows."""
        return sum(day is None for day in self.days)

    @property
    def says(self) -> str:
        """The block in words."""
        told = f"{self.had} {self.had_word}, {self.clear} {self.clear_word}"
        return f"{told}, {self.unknown} not known" if self.unknown else told

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "title": self.title,
            "first": self.first.isoformat(),
            "days": [_WORD[day] for day in self.days],
            "had": self.had,
            "clear": self.clear,
            "unknown": self.unknown,
            "says": self.says,
        }


def blocks_of(account: Account) -> tuple[Block, ...]:
    """The 28 days before the start, where the treatment has begun, and the last 28; none where no day of these is known."""
    if account.review is None:
        return ()
    series, length = account.review.series, timedelta(days=day_rules().window_days)
    outcome = wording.spoken(account.review)
    begun = account.start is not None and account.start <= account.as_of
    had, clear = f"with {outcome.has}", "without"
    spans = [("Last 28 days", account.as_of - length + timedelta(days=1))]
    if begun and account.start is not None:
        spans.insert(0, ("28 days before", account.start - length))
    blocks = tuple(_block(title, first, series, had, clear) for title, first in spans)
    return blocks if any(day is not None for block in blocks for day in block.days) else ()


def _block(title: str, first: date, series: DaySeries, had: str, clear: str) -> Block:
    days = series.between(first, first + timedelta(days=day_rules().window_days - 1))
    return Block(title, first, days.states, had, clear)


def describe_blocks(blocks: tuple[Block, ...]) -> str:
    """The picture in words."""
    return " ".join(f"{block.title}: {block.says}." for block in blocks)


def draw_blocks(blocks: tuple[Block, ...], *, palette: Palette, font: str, name: str, stacked: bool = False) -> str:
    """The picture as an SVG element; `stacked` puts one block under the other, for a narrow screen."""
    wide = _ACROSS * (_SIDE + _GAP) - _GAP
    tall = _LABEL + 4 * (_SIDE + _GAP) + _FOOT + _LINE * max((len(_caption(block)) for block in blocks), default=0)
    many = len(blocks)
    width = wide if stacked else many * wide + (many - 1) * _BETWEEN
    height = tall * many if stacked else tall
    parts = []
    for at, block in enumerate(blocks):
        left, top = (0.0, at * tall) if stacked else (at * (wide + _BETWEEN), 0.0)
        parts.append(_draw(block, left, top, palette))
    described = escape(describe_blocks(blocks))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 0 {width + 2:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d" style="font-family:{escape(font, {chr(34): "&quot;"})}">'
        f'<title id="{name}-t">Your days</title><desc id="{name}-d">{described}</desc>{"".join(parts)}</svg>'
    )


def _draw(block: Block, left: float, top: float, palette: Palette) -> str:
    parts = [_text(left, top + 20, block.title, palette.ink, 21, bold=True)]
    for at, day in enumerate(block.days):
        x = left + (at % _ACROSS) * (_SIDE + _GAP)
        y = top + _LABEL + (at // _ACROSS) * (_SIDE + _GAP)
        label = escape(f"{words.day(block.first + timedelta(days=at))}: {_WORD[day]}")
        parts.append(_square(x, y, day, palette, label))
    y = top + _LABEL + 4 * (_SIDE + _GAP) + 20
    for at, (said, known) in enumerate(_caption(block)):
        parts.append(_text(left, y + at * _LINE, said, palette.ink if known else palette.muted, 21))
    return "".join(parts)


def _caption(block: Block) -> list[tuple[str, bool]]:
    """The lines under a block, none wider than it; False marks those of unknown days."""
    had = [(line, True) for line in wrap(f"{block.had} {block.had_word}", _LETTERS)]
    return [*had, (f"{block.unknown} not known", False)] if block.unknown else had


def _square(x: float, y: float, day: bool | None, palette: Palette, label: str) -> str:  # a state, no switch
    title = f"<title>{label}</title>"
    if day is False:
        middle = _SIDE / 2
        return f'<circle cx="{x + middle:g}" cy="{y + middle:g}" r="4" style="fill:{palette.clear}">{title}</circle>'
    inset = 0 if day else 1
    hollow = f"fill:none;stroke:{palette.unknown};stroke-width:1.4;stroke-linecap:round;stroke-dasharray:0.1 3.4"
    size, style = _SIDE - 2 * inset, f"fill:{palette.had}" if day else hollow
    return f'<rect x="{x + inset:g}" y="{y + inset:g}" width="{size:g}" height="{size:g}" rx="4" style="{style}">{title}</rect>'


def _text(x: float, y: float, said: str, ink: str, size: int, *, bold: bool = False) -> str:
    weight = ";font-weight:650" if bold else ""
    return f'<text x="{x:g}" y="{y:g}" style="fill:{ink};font-size:{size}px{weight}">{escape(said)}</text>'
