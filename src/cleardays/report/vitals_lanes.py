"""The lanes of the picture of a session: what was given, rousability, findings and actions, minutes, and the list in words.

Each draws from a height downwards, adds to the parts of the picture and gives the height below it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.plan.session_judge import Judgement
from cleardays.plan.session_record import Given, SessionRecord
from cleardays.report.strip import Palette
from cleardays.report.vitals_panels import Layout, Scale, hole, text, triangle

GAP = 9.0
_BALL = 7.5
_TICKS = (5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)
_TICK_ROOM = 46.0
_OUT = {"in_order": "in order", "not_in_order": "not in order"}


class Mark(NamedTuple):
    """A finding (a circle) or an action (a square) with its number in the list."""

    number: int
    minute: float
    said: str
    is_action: bool


def given_lane(record: SessionRecord, top: float, scale: Scale, palette: Palette, parts: list[str]) -> float:
    """What was given, as entered: a bar over its time, a diamond for what was given at once."""
    layout = scale.layout
    parts.append(text(layout, 2, top + layout.letters, "Given, as the clinician entered it", palette.ink, weight="600"))
    y = top + layout.row
    for each in sorted(record.given, key=lambda given: given.from_minute):
        said = _amount(each)
        begin = scale.x(each.from_minute)
        end = scale.x(record.last_minute if each.until_minute is None else each.until_minute)
        if each.until_minute is None and each.rate is None:
            points = f"{begin:g},{y:g} {begin + 6:g},{y + 6:g} {begin:g},{y + 12:g} {begin - 6:g},{y + 6:g}"
            parts.append(f'<polygon points="{points}" style="fill:{palette.treatment}"><title>{escape(said)}</title></polygon>')
            end = begin + 6
        else:
            parts.append(
                f'<rect x="{begin:g}" y="{y + 1:g}" width="{max(end - begin, 2):g}" height="10" rx="2" '
                f'style="fill:{palette.treatment}"><title>{escape(said)}</title></rect>'
            )
        fits = end + 6 + layout.wide(said) < layout.right
        if fits:
            parts.append(text(layout, end + 6, y + 10.5, said, palette.ink))
            y += layout.row + 3
        else:
            for line in wrapped(said, layout, layout.left):
                y += layout.row
                parts.append(text(layout, layout.left, y + layout.letters - 2, line, palette.ink))
            y += layout.row + 2
    if not record.given:
        parts.append(text(layout, layout.left, y + layout.letters, "nothing entered", palette.muted))
        y += layout.row
    return y + GAP


def _amount(given: Given) -> str:
    figures = [
        f"{value:g} {unit}" for value, unit in ((given.amount, given.unit), (given.rate, given.rate_unit)) if value is not None
    ]
    until = "" if given.until_minute is None else f" to {given.until_minute:g}"
    running = ", still running" if given.until_minute is None and given.rate is not None else ""
    return f"{' at '.join(figures) or 'amount not entered'}, {given.route}, minute {given.from_minute:g}{until}{running}"


def rousable_lane(
    record: SessionRecord, judged: Judgement, top: float, scale: Scale, palette: Palette, parts: list[str]
) -> float:
    """Rousable to voice at each reading: a square, a triangle pointing down where not, a dotted outline where not told."""
    layout = scale.layout
    parts.append(text(layout, 2, top + layout.letters, "Rousable to voice", palette.ink, weight="600", halo=palette.paper))
    middle = top + layout.row + 8
    for missed in judged.missed:
        if "rousable" in missed.measures:
            parts.append(hole(scale.x(missed.minute), middle - 6, 12, f"minute {missed.minute:g}: not told", palette))
    for row in record.vitals:
        x = scale.x(row.minute)
        if row.rousable:
            parts.append(
                f'<rect x="{x - 3:g}" y="{middle - 3:g}" width="6" height="6" style="fill:{palette.had}">'
                f"<title>minute {row.minute:g}: rousable</title></rect>"
            )
        elif row.rousable is False:
            parts.append(triangle(x, middle, 7, up=False, said=f"minute {row.minute:g}: not rousable: stop", palette=palette))
            parts.append(text(layout, x, middle + 20, "no", palette.ink, "middle", weight="700", small=True))
    below = 12 if any(row.rousable is False for row in record.vitals) else 0
    return middle + 8 + below + GAP


def marks(record: SessionRecord) -> list[Mark]:
    """Findings and actions in the order of time, numbered."""
    told = []
    for event in record.events:
        until = "still there" if event.until_minute is None else f"to minute {event.until_minute:g}"
        told.append((event.minute, f"{event.what}, {until}", False))
    for action in record.actions:
        came = "no result entered" if action.result is None else f"result: {action.result}"
        when = "" if action.result_minute is None else f" (minute {action.result_minute:g})"
        told.append((action.minute, f"{action.what}; {came}{when}", True))
    told.sort(key=lambda each: (each[0], each[2], each[1]))
    return [Mark(number, *each) for number, each in enumerate(told, 1)]


def mark_lane(marks: list[Mark], top: float, scale: Scale, palette: Palette, parts: list[str]) -> float:
    """Numbers of the findings and actions above each other where they come close."""
    layout = scale.layout
    if not marks:
        return top
    parts.append(
        text(
            layout,
            2,
            top + layout.letters,
            "Findings (round) and actions (square)",
            palette.ink,
            weight="600",
            halo=palette.paper,
        )
    )
    free = list[float]()
    for mark in marks:
        x = min(scale.x(mark.minute), layout.right - _BALL)
        level = next((at for at, end in enumerate(free) if end <= x - _BALL - 1), len(free))
        free[level : level + 1] = [x + _BALL]
        parts.append(_ball(mark, x, top + layout.row + 9 + level * 18, layout, palette))
    return top + layout.row + 18 * len(free) + GAP


def _ball(mark: Mark, x: float, y: float, layout: Layout, palette: Palette) -> str:
    said = f"<title>minute {mark.minute:g}: {escape(mark.said)}</title>"
    style = f"fill:{palette.paper};stroke:{palette.ink};stroke-width:1.3"
    shape = (
        f'<rect x="{x - _BALL:g}" y="{y - _BALL:g}" width="{2 * _BALL:g}" height="{2 * _BALL:g}" style="{style}">{said}</rect>'
        if mark.is_action
        else f'<circle cx="{x:g}" cy="{y:g}" r="{_BALL:g}" style="{style}">{said}</circle>'
    )
    return shape + text(layout, x, y + 4, str(mark.number), palette.ink, "middle", small=True)


def stop_and_leave(
    record: SessionRecord, judged: Judgement, leave_from: float, top: float, bottom: float, scale: Scale, palette: Palette
) -> Iterator[str]:
    """Lines through all panels: the first limit for stopping, the end of observation, discharge."""
    if judged.stop_from is not None:
        yield _through(
            scale.x(judged.stop_from), top, bottom, 1.2, palette.ink, f"stop criterion at minute {judged.stop_from:g}"
        )
    yield _through(scale.x(leave_from), top, bottom, 0.8, palette.muted, f"observation to minute {leave_from:g}")
    if record.discharge is not None:
        said = f"discharge at minute {record.discharge.minute:g}"
        yield _through(scale.x(record.discharge.minute), top, bottom, 2.2, palette.treatment, said)


def _through(x: float, top: float, bottom: float, wide: float, colour: str, said: str) -> str:
    return (
        f'<rect x="{x - wide / 2:g}" y="{top:g}" width="{wide:g}" height="{bottom - top:g}" style="fill:{colour}">'
        f"<title>{escape(said)}</title></rect>"
    )


def minute_axis(
    record: SessionRecord, judged: Judgement, leave_from: float, top: float, scale: Scale, palette: Palette, parts: list[str]
) -> float:
    """Minutes, and below them a letter at each line: S stop criterion, O end of observation, D discharge."""
    layout = scale.layout
    step = next((each for each in _TICKS if scale.x(each) - scale.x(0) >= _TICK_ROOM), _TICKS[-1])
    minute = 0
    while minute <= scale.last:
        parts.append(f'<rect x="{scale.x(minute) - 0.5:g}" y="{top:g}" width="1" height="4" style="fill:{palette.muted}"/>')
        parts.append(text(layout, scale.x(minute), top + layout.row + 2, str(minute), palette.muted, "middle", small=True))
        minute += step
    letters = [("S", judged.stop_from), ("O", leave_from), ("D", None if record.discharge is None else record.discharge.minute)]
    y, free = top + 2 * layout.row + 2, -100.0
    for letter, at in sorted((each for each in letters if each[1] is not None), key=lambda each: each[1] or 0.0):
        x = max(scale.x(at or 0.0), free + layout.letters)
        parts.append(text(layout, x, y, letter, palette.ink, "middle", weight="700"))
        free = x
    return y + GAP


def words_below(
    record: SessionRecord, judged: Judgement, leave_from: float, told: list[Mark], top: float, layout: Layout,
    palette: Palette, parts: list[str],
) -> float:  # fmt: skip
    """The letters, the shapes and the numbers in words."""
    lines = [f"O: observation of what was given ends at minute {leave_from:g}."]
    if judged.stop_from is not None:
        lines.insert(0, f"S: first criterion for stopping, minute {judged.stop_from:g}.")
    if record.discharge is not None:
        lines.append(f"D: discharge at minute {record.discharge.minute:g}, {_OUT[judged.discharge]}.")
    if judged.missed:
        lines.append("Dotted outline: due but not read. It is not taken as normal.")
    lines.append("Triangle: beyond a limit. Thin lines: limits for starting (at minute 0) and for calling help.")
    lines += [f"{mark.number}  min {mark.minute:g}: {mark.said}" for mark in told]
    y = top
    for line in (part for each in lines for part in wrapped(each, layout)):
        y += layout.row
        parts.append(text(layout, 2, y, line, palette.ink))
    return y + layout.letters * 0.5


def wrapped(said: str, layout: Layout, left: float = 2.0) -> list[str]:
    """A text as lines that fit the picture."""
    return textwrap.wrap(said, max(12, int((layout.width - left - 4) / layout.wide("x"))))
