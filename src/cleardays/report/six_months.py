"""Six months in one strip: a column a day, the dose as steps above it, sessions as ticks, the baseline as a band behind.

A taller column is a more severe headache, and darker too, so that grey paper tells as much as colour; a clear day is a
short foot, an unknown day a dotted outline with nothing inside. A dot below a column: it was written down from memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.report import words
from cleardays.report.sheet_words import name_of, span
from cleardays.report.strip import Palette
from cleardays.trial.account.account import Account
from cleardays.trial.account.read import DayMark

_DAY = 5.0  # width of one column
_LEAST_COLUMNS = 84
_LETTERS = 12.5
_LANE, _TALL, _FOOT, _MARGIN = 40.0, 62.0, 26.0, 4.0
_HEIGHTS = {"mild": 0.36, "moderate": 0.68, "severe": 1.0, "some": 0.68}
_WORDS = {"mild": "mild", "moderate": "moderate", "severe": "severe"}
_WIDE = 0.52  # of a letter, as a share of its size
_BAND = "#8a8f94"


class _Frame(NamedTuple):
    first: date
    last: date
    palette: Palette

    @property
    def columns(self) -> int:
        return max((self.last - self.first).days + 1, _LEAST_COLUMNS)

    @property
    def width(self) -> float:
        return self.columns * _DAY + 2 * _MARGIN

    def x(self, day: date) -> float:
        inside = min(max(day, self.first), self.last + timedelta(days=1))
        return _MARGIN + _DAY * (inside - self.first).days


def draw_six_months(account: Account, *, palette: Palette, font: str, name: str) -> str:
    """The strip as an SVG element.

    Args:
        account: whose days; their marks are the chart's.
        palette: colours.
        font: the font family of the labels.
        name: prefix of the element ids, unique on its page.
    """
    frame = _Frame(account.days[0].date, account.days[-1].date, palette)
    height = _LANE + _TALL + _FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="{_LETTERS:g}">',
        f'<title id="{name}-title">{escape(title(account))}</title>',
        f'<desc id="{name}-desc">{escape(describe(account))}</desc>',
        *_baseline(account, frame),
        *_columns(account, frame),
        *_doses(account, frame),
        *_sessions(account, frame),
        *_start(account, frame),
        *_dates(frame),
        "</svg>",
    ]
    return "".join(parts)


def title(account: Account) -> str:
    """What the picture is of."""
    return f"Day by day, {span(account.days[0].date, account.days[-1].date)}"


def describe(account: Account) -> str:
    """The picture in words: what was drawn, counted."""
    days = account.days
    counted = [
        f"{words.counted(sum(day.level == level for day in days), 'day')} {said}"
        for level, said in _levels(account)
        if any(day.level == level for day in days)
    ]
    text = f"One column for each of {words.counted(len(days), 'day')}: {', '.join(counted)}."
    late = sum(day.recalled for day in days)
    if late:
        text += f" {words.counted(late, 'day')} written down from memory."
    doses = [f"{'nothing' if each.daily is None else each.daily} from {words.day(each.first)}" for each in account.course.doses]
    if doses:
        text += f" Daily dose by the plan: {', '.join(doses)}."
    elif account.start is not None:
        text += f" {name_of(account.treatment)} begins on {words.day(account.start)}."
    held = [words.day(each.on) for each in account.course.sessions]
    if held:
        text += f" Sessions on {', '.join(held)}."
    if account.span.before is not None:
        text += f" Baseline: {span(*account.span.before)}."
    return text


def _levels(account: Account) -> tuple[tuple[str, str], ...]:
    if account.headache:
        had = tuple((level, f"with {said} headache") for level, said in _WORDS.items())
        some = "with headache of unrecorded strength"
    else:
        had, some = (), "with it"
    return (*had, ("some", some), ("clear", "without"), ("unknown", "unknown"))


def legend(account: Account) -> tuple[tuple[str, str], ...]:
    """Mark and meaning of what occurs in this strip."""
    seen = {day.level for day in account.days}
    headache = {"mild": "mild", "moderate": "moderate", "severe": "severe", "some": "strength not told"}
    found = [(level, said if account.headache else "had it") for level, said in headache.items() if level in seen]
    found += [(level, said) for level, said in (("clear", "none"), ("unknown", "unknown")) if level in seen]
    if any(day.recalled for day in account.days):
        found.append(("recalled", "from memory"))
    if account.span.before is not None and account.span.before[1] >= account.days[0].date:
        found.append(("baseline", "baseline"))
    if account.course.sessions:
        found.append(("session", "session"))
    return tuple(found)


def draw_sign(mark: str, palette: Palette) -> str:
    """One mark of the strip, as in its legend."""
    tall = 16.0
    if mark in _HEIGHTS:
        height = tall * _HEIGHTS[mark]
        inside = f'<rect x="2" y="{1 + tall - height:g}" width="6" height="{height:g}" style="{_fill(mark, palette)}"/>'
    else:
        inside = {
            "clear": f'<rect x="2" y="15" width="6" height="2" style="fill:{palette.clear}"/>',
            "unknown": f'<rect x="2" y="2" width="6" height="14.5" style="{_dotted(palette)}"/>',
            "recalled": f'<circle cx="5" cy="14" r="1.8" style="fill:{palette.ink}"/>',
            "baseline": f'<rect x="0" y="1" width="10" height="16" style="fill:{_BAND};fill-opacity:0.22"/>',
            "session": f'<path d="M1 4h8l-4 9z" style="fill:{palette.ink}"/>',
        }[mark]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 18" aria-hidden="true">{inside}</svg>'


def _fill(level: str, palette: Palette) -> str:
    opacity = {"mild": 0.45, "moderate": 0.72, "some": 0.45}.get(level)
    shade = "" if opacity is None else f";fill-opacity:{opacity:g}"
    return f"fill:{palette.had}{shade}"


def _dotted(palette: Palette) -> str:
    return f"fill:none;stroke:{palette.unknown};stroke-width:1.1;stroke-linecap:round;stroke-dasharray:0.1 2.6"


def _baseline(account: Account, frame: _Frame) -> Iterator[str]:
    before = account.span.before
    if before is None or before[1] < frame.first:
        return
    x, end = frame.x(before[0]), frame.x(before[1] + timedelta(days=1))
    yield (
        f'<rect x="{x:g}" y="{_LANE - 3:g}" width="{end - x:g}" height="{_TALL + 5:g}" style="fill:{_BAND};fill-opacity:0.22"/>'
    )


def _columns(account: Account, frame: _Frame) -> Iterator[str]:
    """A column for each day; neighbouring unknown days share one outline, or they would look like stripes."""
    for unknown, run in groupby(account.days, key=lambda day: day.level == "unknown"):
        days = list(run)
        if unknown:
            x, end = frame.x(days[0].date), frame.x(days[-1].date) + _DAY
            yield (
                f'<rect x="{x + 0.8:g}" y="{_LANE + 1:g}" width="{end - x - 1.6:g}" height="{_TALL - 2:g}" '
                f'style="{_dotted(frame.palette)}"/>'
            )
        most = max((day.amount or 0.0 for day in account.days), default=0.0)
        yield from (_column(day, frame, most) for day in days)


def _column(day: DayMark, frame: _Frame, most: float) -> str:
    share = _HEIGHTS.get(day.level, 0.0) if not day.amount else max(0.1, day.amount / most)
    height = {"clear": 2.5, "unknown": _TALL}.get(day.level, _TALL * share)
    style = {"clear": f"fill:{frame.palette.clear}", "unknown": "fill:none"}.get(day.level) or _fill(day.level, frame.palette)
    said = {"some": "had, strength not told", "clear": "none"}.get(day.level, day.level)
    note = ", from memory" if day.recalled else ""
    x = frame.x(day.date)
    dot = f'<circle cx="{x + _DAY / 2:g}" cy="{_LANE + _TALL + 4.2:g}" r="1.3" style="fill:{frame.palette.ink}"/>'
    return (
        f'<rect x="{x + 0.45:g}" y="{_LANE + _TALL - height:g}" width="{_DAY - 0.9:g}" height="{height:g}" style="{style}">'
        f"<title>{escape(words.day(day.date))}: {said}{note}</title></rect>{dot if day.recalled else ''}"
    )


def _doses(account: Account, frame: _Frame) -> Iterator[str]:
    """The dose by the plan as steps; each is named where there is room for it."""
    doses, palette = account.course.doses, frame.palette
    greatest = max((float(each.daily.amount) for each in doses if each.daily is not None), default=0.0)
    if not greatest:
        return
    low, room, free_from = _LANE - 6, 17.0, 0.0
    points = list[str]()
    for index, dose in enumerate(doses):
        until = doses[index + 1].first if index + 1 < len(doses) else frame.last + timedelta(days=1)
        if until <= frame.first or dose.first > frame.last:
            continue
        level = 0.0 if dose.daily is None else float(dose.daily.amount) / greatest
        x, end, y = frame.x(dose.first), frame.x(until), low - room * level
        points += [f"{x:g},{y:g}", f"{end:g},{y:g}"]
        last = index + 1 == len(doses)
        label = "0" if dose.daily is None else str(dose.daily) if last else str(dose.daily).split(" ", 1)[0]
        wide = _WIDE * _LETTERS * len(label)
        if x >= free_from and x + wide <= frame.width:
            free_from = x + wide + 3
            yield _label(x + 2, y - 4, label, palette.ink)
    yield f'<polyline points="{" ".join(points)}" style="fill:none;stroke:{palette.treatment};stroke-width:2"/>'


def _sessions(account: Account, frame: _Frame) -> Iterator[str]:
    for held in account.course.sessions:
        if frame.first <= held.on <= frame.last:
            x = frame.x(held.on) + _DAY / 2
            fill = f"fill:{frame.palette.ink}" if held.told else f"fill:none;stroke:{frame.palette.ink}"
            told = "session" if held.told else "session, not told whether it was held"
            yield (
                f'<path d="M{x - 5:g} {_LANE - 19:g}h10l-5 11z" style="{fill}">'
                f"<title>{escape(words.day(held.on))}: {told}</title></path>"
            )


def _start(account: Account, frame: _Frame) -> Iterator[str]:
    """A line where the treatment begins."""
    if account.start is None or not frame.first <= account.start <= frame.last:
        return
    x = frame.x(account.start)
    yield f'<rect x="{x - 0.6:g}" y="{_LANE - 26:g}" width="1.2" height="{_TALL + 28:g}" style="fill:{frame.palette.ink}"/>'
    if not account.course.doses:
        label = f"{name_of(account.treatment, 24)} from {words.day(account.start)}"
        wide = _WIDE * _LETTERS * len(label)
        crowded = x + wide > frame.width
        yield _label(x - 4 if crowded else x + 4, _LANE - 26, label, frame.palette.ink, "end" if crowded else "start")


def _dates(frame: _Frame) -> Iterator[str]:
    """A tick and a name at the first day and at each first of a month with room for it."""
    free_from = 0.0
    for offset in range((frame.last - frame.first).days + 1):
        day = frame.first + timedelta(days=offset)
        if offset and day.day != 1:
            continue
        x, label = frame.x(day), words.day(day, year=offset == 0 or day.month == 1)
        wide = _WIDE * _LETTERS * len(label)
        if x < free_from or x + wide > frame.width:
            continue
        free_from = x + wide + 8
        yield f'<rect x="{x:g}" y="{_LANE + _TALL + 3:g}" width="1" height="6" style="fill:{frame.palette.muted}"/>'
        yield _label(x, _LANE + _TALL + 9 + _LETTERS, label, frame.palette.muted)


def _label(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="fill:{colour}">{escape(text)}</text>'
