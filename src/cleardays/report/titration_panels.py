"""The panels of the picture of a titration: doses as stairs or as single doses, and the level that they are predicted to bring.

Each draws from a height downwards, adds to the parts of the picture and gives the height below it. Every dose
carries its words; a label goes where nothing else is, and one without a place is written below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import floor, log10
from xml.sax.saxutils import escape

from cleardays.clock import say_day
from cleardays.kinetics.parameters import COVERAGE
from cleardays.plan.plan import Plan
from cleardays.plan.steps import Step, plain
from cleardays.report.plan_doses import amount_said, dose_days, interval_said
from cleardays.report.strip import Palette
from cleardays.report.titration_frame import GAP, Frame, Taken, wide, wrapped
from cleardays.report.titration_levels import DailyLevels
from cleardays.report.vitals_panels import Layout, text

_DAY = timedelta(days=1)
_WEEK = 7
_TALLEST = 210.0  # of the stairs; then labels go below
_NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def step_label(step: Step) -> str:
    """The dose as short as it is clear: a day's dose, or what is taken on some days only."""
    if step.every_days == 1:
        said = amount_said(step.daily, step.unit)
    else:
        said = f"{amount_said(sum(step.amounts, Decimal(0)), step.unit)} {_often(step.every_days)}"
    return f"{said} if needed" if step.if_needed else said


def _often(days: int) -> str:
    return f"every {days} days" if days <= _WEEK else interval_said(days)


def step_said(step: Step) -> str:
    """The dose with its days, for a reader who does not see the picture."""
    until = "on" if step.last is None else f"to {say_day(step.last)}"
    mean = "" if step.every_days == 1 else f" ({plain(step.daily.quantize(Decimal('0.1')))} {step.unit} a day)"
    a_day = " a day" if step.every_days == 1 else ""
    return f"from {say_day(step.first)} {until}: {step_label(step)}{a_day}{mean}"


def are_far_apart(steps: Sequence[Step]) -> bool:
    """Whether every dose is a day of its own, weeks from the next."""
    return bool(steps) and all(step.every_days > _WEEK for step in steps)


def dose_panel(plan: Plan, review: float | None, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    """The doses over the days: stairs, or a stem for each dose where they are weeks apart."""
    layout, apart = frame.layout, are_far_apart(plan.steps)
    unit = plan.steps[0].unit
    title = f"Each dose, {unit}" if apart else f"Dose, {unit} a day"
    parts.append(text(layout, 2, top + layout.letters, title, palette.ink, weight="600"))
    y = top + layout.row
    taken = Taken(2.0, layout.width - 2)
    if review is not None:
        taken.add((review - 2, top, review + 2, y + 2 * _TALLEST))
    return (_stems if apart else _stairs)(plan.steps, taken, y, frame, palette, parts)


def _stairs(steps: Sequence[Step], taken: Taken, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    layout = frame.layout
    highest = max((float(step.daily) for step in steps), default=0.0) or 1.0
    tall = _tall(steps, highest, layout)
    head = top + layout.row  # room for the label of the highest
    foot = head + tall
    heights = [foot - tall * float(step.daily) / highest for step in steps]
    parts.append(_ground(steps, heights, foot, frame, palette))
    for step, y in zip(steps, heights, strict=True):
        parts.append(_tread(step, y, foot, frame, palette))
        taken.add((frame.x(step.first), y - 2, _end(step, frame), y + 2))
    for (one, y0), (other, y1) in pairwise(zip(steps, heights, strict=True)):
        x = frame.x(other.first)
        parts.append(_line(x - 0.75, min(y0, y1), 1.5, abs(y1 - y0), palette.treatment))
        taken.add((x - 2, min(y0, y1), x + 2, max(y0, y1)))
        assert one.last is not None
    parts.append(_line(layout.gutter, foot, layout.right - layout.gutter, 0.8, palette.muted))
    taken.add((0, foot - 1, layout.width, foot + layout.row))
    left = [step for step, y in zip(steps, heights, strict=True) if not _labelled(step, y, foot, taken, frame, palette, parts)]
    return _below(left, foot + 4, layout, palette, parts) + GAP


def _tall(steps: Sequence[Step], highest: float, layout: Layout) -> float:
    """So tall that neighbouring steps are a line of text apart, where that is possible."""
    rises = [abs(float(other.daily - one.daily)) for one, other in pairwise(steps)]
    rises += [float(steps[0].daily)] if steps else []
    least = min((rise for rise in rises if rise > 0), default=highest)
    return min(max(layout.tall, 1.12 * layout.row * highest / least), _TALLEST)


def _end(step: Step, frame: Frame) -> float:
    return frame.layout.right if step.last is None else frame.after(step.last)


def _ground(steps: Sequence[Step], heights: Sequence[float], foot: float, frame: Frame, palette: Palette) -> str:
    """The soft ground below what is planned, in one piece."""
    path = "".join(
        f"M{frame.x(step.first):g} {foot:g}V{y:g}H{_end(step, frame):g}V{foot:g}Z"
        for step, y in zip(steps, heights, strict=True)
        if not step.if_needed
    )
    return f'<path d="{path}" style="fill:{palette.soft};stroke:{palette.soft};stroke-width:0.5"/>'


def _tread(step: Step, y: float, foot: float, frame: Frame, palette: Palette) -> str:
    """One step: a bold line, broken where there are days without; what is taken only if needed is hollow."""
    x0, x1 = frame.x(step.first), _end(step, frame)
    ground = f"fill:none;stroke:{palette.muted};stroke-width:1;stroke-dasharray:3 3" if step.if_needed else "fill:none"
    dashes = ";stroke-dasharray:7 5" if step.if_needed or step.every_days > 1 else ""
    return (
        f'<g class="step"><rect x="{x0:g}" y="{y:g}" width="{max(x1 - x0, 0):g}" height="{foot - y:g}" style="{ground}"/>'
        f'<path d="M{x0:g} {y:g}H{x1:g}" style="fill:none;stroke:{palette.treatment};stroke-width:3{dashes}"/>'
        f"<title>{escape(step_said(step))}</title></g>"
    )


def _labelled(step: Step, y: float, foot: float, taken: Taken, frame: Frame, palette: Palette, parts: list[str]) -> bool:
    """Write the label of a step at the first free place: above it, left of it, under it, right of it."""
    layout, said = frame.layout, step_label(step) if any(step.amounts) else "none"
    across, tall = wide(said, layout), layout.letters
    x0, x1 = frame.x(step.first), _end(step, frame)
    middle = y + tall * 0.35
    places = [(x0 + 2, y - 5), (x0 - 5 - across, middle), (x0 + 3, y + tall + 3), (x1 + 4, middle), (x1 - across, y - 5)]
    for x, base in places:
        box = (x, base - tall * 0.85, x + across, base + tall * 0.25)
        if taken.is_free(box) and box[3] <= foot:
            taken.add(box)
            parts.append(text(layout, x, base, said, palette.ink))
            return True
    return False


def _below(steps: Sequence[Step], top: float, layout: Layout, palette: Palette, parts: list[str]) -> float:
    """The doses that have no place in the stairs, in words."""
    if not steps:
        return top
    said = "; ".join(f"{say_day(step.first, year=False)} {step_label(step)}" for step in steps)
    for line in wrapped(f"Also: from {said}.", layout):
        top += layout.row
        parts.append(text(layout, 2, top, line, palette.ink))
    return top + 4


def _stems(steps: Sequence[Step], taken: Taken, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    """A stem for each dose that is drawn, as high as the dose."""
    layout = frame.layout
    highest = max(float(sum(step.amounts)) for step in steps) or 1.0
    foot = top + layout.row + layout.tall * 0.6
    parts.append(_line(layout.gutter, foot, layout.right - layout.gutter, 0.8, palette.muted))
    for step in steps:
        for day in dose_days(step, frame.last):
            if day > frame.last:
                continue
            amount = sum(step.amounts, Decimal(0))
            x, y = frame.x(day), foot - layout.tall * 0.6 * float(amount) / highest
            said = amount_said(amount, step.unit)
            parts.append(
                f'<g class="step">{_line(x - 2, y, 4, foot - y, palette.treatment)}<circle cx="{x:g}" cy="{y:g}" r="5" '
                f'style="fill:{palette.treatment}"/><title>{escape(f"{say_day(day)}: {said}")}</title></g>'
            )
            taken.add((x - 5, y - 5, x + 5, foot))
            _beside(said, x, y, taken, layout, palette, parts)
    return foot + GAP


def _beside(said: str, x: float, y: float, taken: Taken, layout: Layout, palette: Palette, parts: list[str]) -> None:
    """The amount beside its stem; where doses crowd, the first of them speaks for the others."""
    across, tall = wide(said, layout), layout.letters
    for at in (x + 8, x - 8 - across):
        box = (at, y - tall * 0.6, at + across, y + tall * 0.6)
        if taken.is_free(box):
            taken.add(box)
            parts.append(text(layout, at, y + tall * 0.35, said, palette.ink))
            return


def level_panel(found: DailyLevels, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    """The predicted level: a thick line for the middle person, shaded between the people of the band."""
    layout = frame.layout
    for line in wrapped("Level in the blood, mg/l: predicted, not measured", layout, bold=True):
        parts.append(text(layout, 2, top + layout.letters, line, palette.ink, weight="600"))
        top += layout.row
    tall, high = layout.tall * 0.8, _nice(found.highest)
    foot = top + 6 + tall
    xs = [(frame.x(day) + frame.after(day)) / 2 for day in _days(found)]
    for value in (0.0, high):
        at = foot - tall * value / high
        parts.append(_line(layout.gutter, at, layout.right - layout.gutter, 0.7, palette.clear))
        parts.append(
            text(layout, layout.gutter - 4, at + layout.letters * 0.35, f"{value:g}", palette.muted, "end", small=True)
        )
    parts += _curves(found, xs, lambda value: foot - tall * value / high, palette)
    y = foot + 2
    for line in wrapped(_level_caption(found), layout):
        y += layout.row
        parts.append(text(layout, 2, y, line, palette.muted, small=True))
    return y + GAP


def _days(found: DailyLevels) -> Iterator[date]:
    yield from (found.first + _DAY * at for at in range(len(found.middle)))


def _curves(found: DailyLevels, xs: Sequence[float], at: Callable[[float], float], palette: Palette) -> Iterator[str]:
    path = " ".join(f"{x:.1f},{at(float(value)):.1f}" for x, value in zip(xs, found.middle, strict=True))
    if found.lower is not None and found.upper is not None:
        over = [f"{x:.1f},{at(float(value)):.1f}" for x, value in zip(xs, found.upper, strict=True)]
        under = [f"{x:.1f},{at(float(value)):.1f}" for x, value in zip(xs, found.lower, strict=True)]
        yield f'<polygon points="{" ".join([*over, *reversed(under)])}" style="fill:{palette.soft}"/>'
        for edge in (over, under):
            yield f'<polyline points="{" ".join(edge)}" style="fill:none;stroke:{palette.muted};stroke-width:0.9"/>'
    yield f'<polyline points="{path}" style="fill:none;stroke:{palette.had};stroke-width:2.6"/>'


def _level_caption(found: DailyLevels) -> str:
    end = f"about {float(found.middle[-1]):.2g}"
    if found.lower is None or found.upper is None:
        return f"Mean of each day; at the end {end}. The sources do not say how far people differ."
    between = f"{float(found.lower[-1]):.2g} to {float(found.upper[-1]):.2g}"
    people = f"{COVERAGE * 10:.0f} people in 10"
    return f"Mean of each day. Thick line: the middle person, at the end {end}. Shaded: {people}, {between} at the end."


def _nice(value: float) -> float:
    """The next round number.

    >>> _nice(0.31), _nice(7.4)
    (0.4, 8.0)
    """
    size = 10.0 ** floor(log10(value)) if value > 0 else 1.0
    return next(size * each for each in _NICE if size * each >= value)


def _line(x: float, y: float, across: float, tall: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{max(across, 0):g}" height="{max(tall, 0):g}" style="fill:{colour}"/>'
