"""The strip chart: one column per day, regimen above, unknown days hollow.

A day with the outcome is a solid bar (its height is the severity where that was
recorded), a clear day a short foot, an unknown day a thin dotted outline with
nothing inside. No stripes or hatching: they are aversive in migraine. Every
day carries its words, so that the chart can be read without seeing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.diary.series import AmountSeries
from cleardays.report import words
from cleardays.report.amounts import judged_amounts
from cleardays.trial.review import Review

_DAY = 10.0  # width of one column, in the picture's own units
_GAP = 12.0  # between rows
_MARGIN = 6.0
_LONGEST = 364  # days drawn; earlier ones are said to be left out
_LEAST_NAME = 24  # letters of a treatment's name worth showing
_HEIGHTS = {"mild": 0.4, "moderate": 0.7, "severe": 1.0}
_LEAST_BAR = 0.1  # of the tallest, that a small amount is still seen


class Layout(NamedTuple):
    """How a chart is laid out: days in a row, the fewest to leave room for, letters, height of a full bar.

    Letters are given in the picture's own units (a day is 10 wide), so a chart
    that is shown smaller needs larger ones.
    """

    per_row: int
    least: int
    letters: float
    tall: float

    @property
    def lane(self) -> float:
        """Height of the regimen above the days."""
        return self.letters + 19.0

    @property
    def foot(self) -> float:
        """Height of the dates below the days."""
        return self.letters + 14.0

    def wide(self, label: str) -> float:
        """About how wide a label is."""
        return 0.56 * self.letters * len(label)


WIDE = Layout(per_row=126, least=112, letters=19.0, tall=84.0)
NARROW = Layout(per_row=28, least=28, letters=12.5, tall=54.0)


class Palette(NamedTuple):
    """Colours (or CSS variables) of the picture."""

    had: str
    soft: str
    clear: str
    unknown: str
    treatment: str
    ink: str
    muted: str
    paper: str


SCREEN = Palette(*(f"var(--{role})" for role in ("had", "soft", "clear", "unknown", "treat", "ink", "muted", "paper")))
PAPER = Palette("#1d4e66", "#a9c3cf", "#7b8790", "#6b747b", "#8a5a00", "#1b1f22", "#4a5258", "#ffffff")


def draw_strip(review: Review, layout: Layout, *, palette: Palette, font: str, name: str, longest: int = _LONGEST) -> str:
    """The chart as an SVG element.

    Args:
        review: whose days to draw.
        layout: days in a row and size of letters; the treatment begins a row of its own
            where one row does not hold all days.
        palette: colours.
        font: the font family of the labels.
        name: prefix of the element ids, unique on its page.
        longest: at most so many days, the last ones.
    """
    first, last = _drawn(review, longest)
    rows = list(_rows(first, last, review.exposure.start, layout.per_row))
    columns = max((last - first).days + 1, layout.least) if len(rows) == 1 else layout.per_row
    width = columns * _DAY + 2 * _MARGIN
    row_height = layout.lane + layout.tall + layout.foot
    height = len(rows) * row_height + (len(rows) - 1) * _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="{layout.letters:g}">',
        f'<title id="{name}-title">{escape(_title(review))}</title>',
        f'<desc id="{name}-desc">{escape(describe(review, longest))}</desc>',
    ]
    for index, (start, stop) in enumerate(rows):
        offset = layout.per_row - ((stop - start).days + 1) if index == 0 and len(rows) > 1 else 0
        left = _MARGIN + _DAY * offset
        top = index * (row_height + _GAP)
        parts += _regimen(review, start, stop, left, top, layout, palette)
        parts += _days(review, start, stop, left, top + layout.lane, layout, palette)
        parts += _dates(start, stop, left, top + layout.lane + layout.tall, layout, palette)
    return "".join([*parts, "</svg>"])


def describe(review: Review, longest: int = _LONGEST) -> str:
    """The chart in words."""
    series, outcome = review.series, _spoken(review)
    unknown = len(series.states) - series.known
    first, _ = _drawn(review, longest)
    text = (
        f"One column for each day from {words.day(first)} to {words.day(series.last_day)}. In the whole diary: "
        f"{series.had} {outcome.many}, {series.known - series.had} {outcome.without[1]}, {unknown} unknown days. "
        f"{review.exposure.treatment} begins on {words.day(review.exposure.start)}."
    )
    if first > series.first_day:
        text += f" {(first - series.first_day).days} earlier days are not drawn."
    return text


def legend(review: Review) -> tuple[tuple[str, str], ...]:
    """Mark and meaning of what occurs in this chart."""
    outcome, states = _spoken(review), review.series.states
    amounts = judged_amounts(review.amounts, review.series.outcome)
    marks = []
    if True in states:
        taller = f": the taller, the {'more severe' if amounts is None else outcome.more}"
        marks.append(("had", f"{outcome.one}{taller}" if amounts is not None or _graded(review) else outcome.one))
    if _graded(review) and "present" in review.severity.values():
        marks.append(("soft", f"{outcome.one}, strength not recorded"))
    if amounts is not None and amounts.unnumbered:
        marks.append(("soft", outcome.uncounted))
    if False in states:
        marks.append(("clear", outcome.without[0]))
    if None in states:
        marks.append(("unknown", "unknown day"))
    return tuple(marks)


def _spoken(review: Review) -> words.Outcome:
    return words.outcome_words(review.about, review.series.outcome)


def _title(review: Review) -> str:
    return f"{words.sentence(_spoken(review).many)}, day by day"


def _drawn(review: Review, longest: int) -> tuple[date, date]:
    last = review.series.last_day
    return max(review.series.first_day, last - timedelta(days=longest - 1)), last


def _rows(first: date, last: date, anchor: date, per_row: int) -> Iterator[tuple[date, date]]:
    """Rows of days; one row when all fit, else rows counted from the anchor."""
    if (last - first).days < per_row:
        yield first, last
        return
    length = timedelta(days=per_row)
    start = anchor + ((first - anchor) // length) * length
    while start <= last:
        yield max(start, first), min(start + length - timedelta(days=1), last)
        start += length


def _graded(review: Review) -> bool:
    return review.series.outcome == "headache_day" and any(level in _HEIGHTS for level in review.severity.values())


def _days(review: Review, first: date, last: date, left: float, top: float, layout: Layout, palette: Palette) -> Iterator[str]:
    """A column for each day; neighbouring unknown days share one outline, or they would look like stripes."""
    begin = (first - review.series.first_day).days
    states = review.series.states[begin : begin + (last - first).days + 1]
    for start, length in _unknown_runs(states):
        x, wide = left + _DAY * start + 1.5, _DAY * length - 3
        yield (
            f'<rect x="{x:g}" y="{top + 1:g}" width="{wide:g}" height="{layout.tall - 2:g}" '
            f'style="fill:none;stroke:{palette.unknown};stroke-width:1.2;stroke-linecap:round;stroke-dasharray:0.1 3.5"/>'
        )
    for offset, state in enumerate(states):
        yield _column(review, first + timedelta(days=offset), state, left + _DAY * offset, top, layout.tall, palette)


def _unknown_runs(states: tuple[bool | None, ...]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of unknown days."""
    for unknown, run in groupby(range(len(states)), key=lambda i: states[i] is None):
        if unknown:
            days = list(run)
            yield days[0], len(days)


def _column(review: Review, when: date, state: bool | None, x: float, top: float, tall: float, palette: Palette) -> str:
    said = words.day(when)
    if state is None:
        return _rect(x, top, tall, "fill:none", f"{said}: unknown")
    outcome = _spoken(review)
    if state is False:
        return _rect(x, top + tall - 3, 3, f"fill:{palette.clear}", f"{said}: {outcome.without[0].removesuffix(' day')}")
    amounts = judged_amounts(review.amounts, review.series.outcome)
    if amounts is not None:
        share, fill, told = _tall(amounts, when, outcome, palette)
        return _rect(x, top + tall * (1 - share), tall * share, f"fill:{fill}", f"{said}: {told}")
    level = review.severity.get(when, "")
    if not _graded(review):
        return _rect(x, top, tall, f"fill:{palette.had}", f"{said}: {outcome.one}")
    height = tall * _HEIGHTS.get(level, _HEIGHTS["moderate"])
    fill, kind = (palette.had, level) if level in _HEIGHTS else (palette.soft, "some")
    return _rect(x, top + tall - height, height, f"fill:{fill}", f"{said}: {kind} headache")


def _tall(amounts: AmountSeries, when: date, outcome: words.Outcome, palette: Palette) -> tuple[float, str, str]:
    """How tall a day with an amount is, as a share of the tallest; its colour; and in words."""
    value = amounts.values[(when - amounts.first_day).days]
    if value is None:
        return _HEIGHTS["moderate"], palette.soft, outcome.uncounted
    most = amounts.most or max(each or 0.0 for each in amounts.values)
    return max(_LEAST_BAR, value / most), palette.had, outcome.each.format(figure=f"{value:g}")


def _rect(x: float, y: float, height: float, style: str, said: str) -> str:
    return (
        f'<rect x="{x + 0.6:g}" y="{y:g}" width="{_DAY - 1.2:g}" height="{height:g}" style="{style}">'
        f"<title>{escape(said)}</title></rect>"
    )


def _regimen(
    review: Review, first: date, last: date, left: float, top: float, layout: Layout, palette: Palette
) -> Iterator[str]:
    """The treatment as a line above the days on which it is taken, named where it begins."""
    steps = review.exposure.steps
    for index, step in enumerate(steps):
        until = steps[index + 1].from_day - timedelta(days=1) if index + 1 < len(steps) else last
        begins, ends = max(step.from_day, first), min(until, last)
        if begins > ends or step.level <= 0:
            continue
        x = left + _DAY * (begins - first).days
        wide = _DAY * ((ends - begins).days + 1)
        yield f'<rect x="{x:g}" y="{top + layout.lane - 12:g}" width="{wide:g}" height="4" style="fill:{palette.treatment}"/>'
        if begins == step.from_day and (not index or steps[index - 1].level <= 0):
            here = x - left
            room = _DAY * ((last - first).days + 1) - here
            label = _shorten(f"{review.exposure.treatment} from {words.day(begins)}", max(room, here), layout)
            crowded = room < layout.wide(label)  # then end where the row ends instead
            at, anchor = (x + wide, "end") if crowded else (x, "start")
            yield _label(at, top + layout.letters, label, palette.ink, anchor)


def _dates(first: date, last: date, left: float, top: float, layout: Layout, palette: Palette) -> Iterator[str]:
    """A tick and a name at the first day drawn and at each first of a month with room for it."""
    free_from = left - 1.0
    for offset in range((last - first).days + 1):
        when = first + timedelta(days=offset)
        if offset and when.day != 1:
            continue
        x = left + _DAY * offset
        label = words.day(when, year=offset == 0 or when.month == 1)
        room = left + _DAY * ((last - first).days + 1) - x
        crowded = room < layout.wide(label)
        if x < free_from or (offset and crowded):
            continue
        free_from = x + layout.wide(label) + 10
        yield f'<rect x="{x:g}" y="{top + 3:g}" width="1" height="6" style="fill:{palette.muted}"/>'
        at, anchor = (x + room, "end") if crowded and left + room > layout.wide(label) else (x, "start")
        yield _label(at, top + 8 + layout.letters, label, palette.muted, anchor)


def _shorten(label: str, room: float, layout: Layout) -> str:
    """The label, cut in the middle of its name if it is wider than there is room."""
    most = max(12, int(room / layout.wide("x")))
    if len(label) <= most:
        return label
    started = f"started{label[label.rindex(' from ') + 5 :]}"
    tail = label[label.rindex(" from ") :]
    # a name of which only a stump would be left is in the title anyway
    return started if most < _LEAST_NAME + len(tail) else f"{label[: most - len(tail) - 1]}\N{HORIZONTAL ELLIPSIS}{tail}"


def _label(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="fill:{colour}">{escape(text)}</text>'
