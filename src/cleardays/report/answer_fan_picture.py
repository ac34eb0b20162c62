"""The fan: levels before, counts of 28 days, and from the start on three futures that spread to the right.

Each future has a line and an end of its own kind, so that it is known without colour: a dashed line to a square (stays as
it was), a dotted one to a triangle (as in the trials), a full one in a soft band to a disc (this diary; hollow while it is
too early). The ends are known; between them and the start a line is drawn straight.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.report import words
from cleardays.report.answer_fan import PERSON, SAME, TRIALS, Arm, Fan
from cleardays.report.strip import Palette
from cleardays.response.summary import Interval

_WIDTH, _LETTERS = 340.0, 14.0
_LEFT, _RIGHT, _ENDS = 34.0, 8.0, 44.0  # beside the drawing; and the room for the ends of the lines
_TOP, _TALL, _FOOT, _ROW = 12.0, 170.0, 27.0, 41.0
_APART = 14.0  # between the ends


class _Frame(NamedTuple):
    fan: Fan
    palette: Palette
    first: date
    start: date
    today: date
    until: date
    top: float

    def x(self, day: date) -> float:
        whole = max((self.until - self.first).days, 1)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT - _ENDS) * (day - self.first).days / whole

    def y(self, level: float) -> float:
        return _TOP + _TALL * (1.0 - min(level, self.top) / self.top)


def draw_fan(fan: Fan, *, palette: Palette, font: str, name: str) -> str:
    """The picture as an SVG element without any style of its own; empty where there is none.

    Args:
        fan: the futures.
        palette: colours.
        font: the font family of the labels.
        name: prefix of the element ids, unique on its page.
    """
    if fan.days is None or fan.scale is None:
        return ""
    frame = _Frame(fan, palette, *fan.days, float(fan.scale.ticks[-1]))
    height = _TOP + _TALL + _FOOT + _ROW * len(fan.arms)
    parts = [
        *_axis(frame),
        *_band(frame),
        *_counts(frame),
        *(part for place, arm in enumerate(fan.arms) for part in _line(frame, arm, place)),
        *_names(frame),
    ]
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="img" '
            f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="{_LETTERS:g}">',
            f'<title id="{name}-title">{escape(fan.title)}</title>',
            f'<desc id="{name}-desc">{escape(" ".join(fan.says))}</desc>',
            *parts,
            "</svg>",
        ]
    )


def _axis(frame: _Frame) -> Iterator[str]:
    palette, scale = frame.palette, frame.fan.scale
    assert scale is not None  # asked before
    yield _text(_LEFT - 6, _TOP - 1, scale.end.partition(" ")[0], palette.muted, "end", lift=True)
    for tick in scale.ticks[:-1]:
        yield _text(_LEFT - 6, frame.y(tick), f"{tick:,}", palette.muted, "end", lift=True)
    floor = _TOP + _TALL
    yield _stroke([(_LEFT, floor), (_WIDTH - _RIGHT, floor)], palette.muted, 1.0)
    began, today = frame.x(frame.start), frame.x(frame.today)
    yield _stroke([(began, _TOP), (began, floor)], palette.treatment, 1.4)
    yield _stroke([(today, floor), (today, floor + 5)], palette.muted, 1.4)
    said = _short(frame.start)
    room = _wide(said) / 2.0
    at = min(max(began, _LEFT + room), _WIDTH - _RIGHT - room)
    yield _text(at, floor + 18, said, palette.ink, "middle")
    if today - at > room + _wide("today") / 2.0 + 8:
        yield _text(today, floor + 18, "today", palette.muted, "middle")


def _short(day: date) -> str:
    return f"begun {words.day(day, year=False)}"


def _band(frame: _Frame) -> Iterator[str]:
    """Before the start: the level with what it may have been; after it: what this diary lets it be."""
    before = _of(frame, SAME).level
    first, start, today, until = (frame.x(day) for day in (frame.first, frame.start, frame.today, frame.until))
    yield _area([(first, frame.y(before.lower)), (start, frame.y(before.lower)),
                 (start, frame.y(before.upper)), (first, frame.y(before.upper))], frame.palette.soft)  # fmt: skip
    yield _stroke([(first, frame.y(before.estimate)), (start, frame.y(before.estimate))], frame.palette.ink, 1.8)
    now = _of(frame, PERSON).level
    edge = [(start, frame.y(before.estimate)), (today, frame.y(now.lower)), (until, frame.y(now.lower)),
            (until, frame.y(now.upper)), (today, frame.y(now.upper))]  # fmt: skip
    if frame.fan.early:
        yield _stroke([*edge, edge[0]], frame.palette.unknown, 1.2, "0.1 4")
    else:
        yield _area(edge, frame.palette.soft)


def _counts(frame: _Frame) -> Iterator[str]:
    """A dot for each 28 days that were counted, hollow where days of them are unknown."""
    for each in frame.fan.counted:
        whole, hollow = f'fill="{frame.palette.muted}"', f'fill="none" stroke="{frame.palette.muted}" stroke-width="1.2"'
        x, y = frame.x(each.middle), frame.y(each.rate)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" {whole if each.whole else hollow}/>'


_DASHES = {SAME: "7 4", TRIALS: "1 5", PERSON: ""}


def _line(frame: _Frame, arm: Arm, place: int) -> Iterator[str]:
    before, colour = _of(frame, SAME).level.estimate, _colour(frame, arm)
    start, today, until = (frame.x(day) for day in (frame.start, frame.today, frame.until))
    bend = [(today, frame.y(arm.level.estimate))] if arm.kind == PERSON else []
    path = [(start, frame.y(before)), *bend, (until, frame.y(arm.level.estimate))]
    yield _stroke(path, colour, 2.2, _DASHES[arm.kind])
    yield from _end(frame, arm, until + 10 + _APART * place, colour)


def _end(frame: _Frame, arm: Arm, x: float, colour: str) -> Iterator[str]:
    """The end of a line: what it may be as a bar, and its mark."""
    level: Interval = arm.level
    yield _stroke([(x, frame.y(level.lower)), (x, frame.y(level.upper))], colour, 1.6)
    yield _mark(frame, arm, x, frame.y(level.estimate), colour)


def _mark(frame: _Frame, arm: Arm, x: float, y: float, colour: str) -> str:
    hollow = f'fill="{frame.palette.paper}" stroke="{colour}" stroke-width="1.8"'
    if arm.kind == SAME:
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" {hollow}/>'
    if arm.kind == TRIALS:
        return f'<polygon points="{x:.1f},{y - 5:.1f} {x + 5:.1f},{y + 4:.1f} {x - 5:.1f},{y + 4:.1f}" {hollow}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.8" ' + (f"{hollow}/>" if frame.fan.early else f'fill="{colour}"/>')


def _names(frame: _Frame) -> Iterator[str]:
    """Below: each future with its line, its mark, its name and its figures."""
    for place, arm in enumerate(frame.fan.arms):
        y, colour = _TOP + _TALL + _FOOT + _ROW * place + 14, _colour(frame, arm)
        yield _stroke([(2.0, y - 4), (30.0, y - 4)], colour, 2.2, _DASHES[arm.kind])
        yield _mark(frame, arm, 16.0, y - 4, colour)
        yield _text(40.0, y, arm.name, frame.palette.ink)
        yield _text(40.0, y + 17, arm.figures, frame.palette.muted)


def _of(frame: _Frame, kind: str) -> Arm:
    return next(arm for arm in frame.fan.arms if arm.kind == kind)


def _colour(frame: _Frame, arm: Arm) -> str:
    palette = frame.palette
    return {SAME: palette.ink, TRIALS: palette.clear, PERSON: palette.unknown if frame.fan.early else palette.had}[arm.kind]


def _wide(said: str) -> float:
    return 0.56 * _LETTERS * len(said)


def _points(path: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in path)


def _area(path: list[tuple[float, float]], colour: str) -> str:
    return f'<polygon points="{_points(path)}" fill="{colour}" fill-opacity="0.55"/>'


def _stroke(path: list[tuple[float, float]], colour: str, wide: float, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}" stroke-linecap="round"' if dashes else ""
    return f'<polyline points="{_points(path)}" fill="none" stroke="{colour}" stroke-width="{wide:g}"{dashed}/>'


def _text(x: float, y: float, said: str, colour: str, anchor: str = "start", *, lift: bool = False) -> str:
    down = f"{y + 0.35 * _LETTERS if lift else y:.1f}"
    return f'<text x="{x:.1f}" y="{down}" text-anchor="{anchor}" fill="{colour}">{escape(said)}</text>'
