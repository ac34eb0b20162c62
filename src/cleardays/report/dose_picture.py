"""The picture of a dose-response log: the doses over time, and below them the days in 28 at each, with their interval.

A dose that is told is filled, one that is only planned is hollow with a dotted outline, and so is a stretch of which too
few days are known. Shapes carry the meaning, so that a greyscale print and any eye can read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.clock import say_day
from cleardays.diary.rules import day_rules
from cleardays.report.colours import own_colours
from cleardays.report.dose_words import dose_name, known_said, outcome_said, rate_said, short_dose
from cleardays.report.simulated import stamp
from cleardays.report.strip import SCREEN, Palette
from cleardays.report.titration_frame import wide
from cleardays.report.vitals_panels import Layout, text
from cleardays.report.whole_trials import name_of
from cleardays.report.words import figure
from cleardays.trial.dose_levels import NOTHING, TOLD, Stretch
from cleardays.trial.dose_response import DoseResponse, LevelCount

LAYOUT = Layout(width=720.0, letters=13.0, tall=0.0, gutter=34.0)
_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_TOP, _DOSES, _RATES, _BETWEEN = 26.0, 74.0, 118.0, 34.0
_TICKS = (0, 7, 14, 21, 28)
_LEAST = 1.5  # width of the shortest stretch that can still be seen
_DOTTED = "stroke-width:1.2;stroke-linecap:round;stroke-dasharray:0.1 3.4"
_DAY = timedelta(days=1)


class _Part(NamedTuple):
    """A stretch of the picture: the days before (no dose), or those of a level."""

    first: date
    last: date
    dose: Stretch | None
    told: LevelCount


class _Scale(NamedTuple):
    first: date
    last: date

    def x(self, day: date) -> float:
        days = (self.last - self.first).days + 1
        across = LAYOUT.right - LAYOUT.gutter
        return LAYOUT.gutter + across * (day - self.first).days / days

    def box(self, part: _Part) -> tuple[float, float]:
        """Where a part begins, and how wide it is."""
        left = self.x(part.first)
        return left, max(self.x(part.last + _DAY) - left - 1.0, _LEAST)


def draw_doses(log: DoseResponse, palette: Palette, font: str, name: str) -> str:
    """The picture as an SVG element; `name` makes its ids unique on a page."""
    return _svg(log, palette, font, name, "")


def dose_svg(log: DoseResponse) -> str:
    """The picture as a file of its own, light or dark as the reader has set it."""
    drawn = _svg(log, SCREEN, _FONT, "doses", own_colours())
    return f"{stamp(drawn) if log.simulated else drawn}\n"


def describe_doses(log: DoseResponse) -> str:
    """The picture in words."""
    outcome = log.outcomes[shown_outcome(log)]
    if not log.levels:
        return "There is no dose to show."
    told = [f"{dose_name(part.dose)}, {_dates(part)}: {rate_said(part.told)}" for part in _parts(log)]
    order = "The doses follow one another in time: the picture does not show what a dose did."
    return f"{_title(log)}. {outcome_said(outcome)} in 28 days. {'; '.join(told)}. {order}"


def shown_outcome(log: DoseResponse) -> int:
    """Which outcome is drawn: the first that has a rate at some dose, else the first of which a day is known."""
    every = range(len(log.outcomes))
    rated = [at for at in every if any(level.counts[at].per_28 is not None for level in log.levels)]
    known = [at for at in every if any(level.counts[at].known for level in log.levels)]
    return next(iter((*rated, *known)), 0)


def _title(log: DoseResponse) -> str:
    return f"{name_of(log.treatment)}: the doses one after the other"


def _parts(log: DoseResponse) -> list[_Part]:
    at = shown_outcome(log)
    levels = [_Part(each.stretch.first, each.stretch.last, each.stretch, each.counts[at]) for each in log.levels]
    if log.before is None or not log.before_counts[at].known:
        return levels
    return [_Part(log.before.first, log.before.last, None, log.before_counts[at]), *levels]


def _svg(log: DoseResponse, palette: Palette, font: str, name: str, style: str) -> str:
    parts = _parts(log)
    height = _TOP + _DOSES + _BETWEEN + _RATES + 76
    body = list(_drawn(log, parts, palette)) if parts else []
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LAYOUT.width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="{LAYOUT.letters:g}">'
        f'{style}<title id="{name}-title">{escape(_title(log))}</title>'
        f'<desc id="{name}-desc">{escape(describe_doses(log))}</desc>{"".join(body)}</svg>'
    )


def _drawn(log: DoseResponse, parts: list[_Part], palette: Palette) -> Iterator[str]:
    scale = _Scale(parts[0].first, parts[-1].last)
    yield text(LAYOUT, 2, LAYOUT.letters, f"Doses{_highest(parts)}", palette.ink, weight="600", small=True)
    yield from _dose_panel(parts, scale, palette)
    top = _TOP + _DOSES + _BETWEEN
    yield text(
        LAYOUT,
        2,
        top - 10,
        f"{outcome_said(log.outcomes[shown_outcome(log)])} in 28 days",
        palette.ink,
        weight="600",
        small=True,
    )
    for part in parts:
        yield from _rate(part, scale, top, palette)
    yield from _axis(top, palette)
    yield from _dates_below(parts, scale, top + _RATES, palette)
    yield from _legend(top + _RATES + 46, palette)


# ---- the doses


def _highest(parts: list[_Part]) -> str:
    """What the tallest dose stands for, where amounts are told."""
    told = [part for part in parts if _daily(part.dose)]
    return f"; the highest is {dose_name(max(told, key=lambda part: _daily(part.dose) or 0.0).dose)}" if told else ""


def _dose_panel(parts: list[_Part], scale: _Scale, palette: Palette) -> Iterator[str]:
    most = max((_daily(part.dose) or 0.0 for part in parts), default=0.0) or 1.0
    foot = _TOP + _DOSES
    yield _bar(LAYOUT.gutter, foot, LAYOUT.right - LAYOUT.gutter, 0.8, palette.muted)
    for part in parts:
        if part.dose is None or part.dose.dose.kind == NOTHING:
            continue
        share = 0.5 if _daily(part.dose) is None else (_daily(part.dose) or 0.0) / most
        left, width = scale.box(part)
        tall = max(4.0, (_DOSES - 18) * share)
        said = f"{dose_name(part.dose)}, {_dates(part)}: {known_said(part.dose)}"
        yield _dose(left, foot - tall, width, tall, said, part.dose, palette)
        label = short_dose(part.dose)
        if wide(label, LAYOUT) < width:
            yield text(LAYOUT, left + 2, foot - tall - 4, label, palette.ink, small=True)


def _dose(x: float, y: float, width: float, tall: float, said: str, of: Stretch, palette: Palette) -> str:
    filled = f"fill:{palette.soft}" if of.told else "fill:none"
    edge = f"stroke:{palette.ink};stroke-width:1" if of.evidence == TOLD else f"stroke:{palette.unknown};{_DOTTED}"
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{tall:g}" style="{filled};{edge}">'
        f"<title>{escape(said)}</title></rect>"
    )


def _daily(of: Stretch | None) -> float | None:
    if of is None or of.dose.amount is None:
        return None
    return float(of.dose.amount) / of.dose.every_days


# ---- the days


def _rate(part: _Part, scale: _Scale, top: float, palette: Palette) -> Iterator[str]:
    left, width = scale.box(part)
    count = part.told
    said = f"<title>{escape(f'{dose_name(part.dose)}, {_dates(part)}: {rate_said(count)}')}</title>"
    if count.per_28 is None or count.lower is None or count.upper is None:
        yield (
            f'<rect x="{left + 1:g}" y="{top:g}" width="{max(width - 2, _LEAST):g}" height="{_RATES:g}" '
            f'style="fill:none;stroke:{palette.unknown};{_DOTTED}">{said}</rect>'
        )
        known = f"{count.had} of {count.known}"
        if wide(known, LAYOUT) < width:
            yield text(LAYOUT, left + width / 2, top + _RATES - 8, known, palette.muted, "middle", small=True)
        return
    high, middle, low = (_y(value, top) for value in (count.upper, count.per_28, count.lower))
    yield (
        f'<rect x="{left:g}" y="{high:g}" width="{width:g}" height="{max(low - high, 1):g}" '
        f'style="fill:{palette.soft}">{said}</rect>'
    )
    yield _bar(left, middle - 1.5, width, 3.0, palette.had)
    label = figure(count.per_28)
    if wide(label, LAYOUT) < width:
        yield text(LAYOUT, left + width / 2, middle - 5, label, palette.ink, "middle", weight="600")


def _y(rate: float, top: float) -> float:
    return top + _RATES * (1 - rate / day_rules().window_days)


def _axis(top: float, palette: Palette) -> Iterator[str]:
    for tick in _TICKS:
        y = _y(tick, top)
        yield _bar(LAYOUT.gutter - 4, y, 4, 0.8, palette.muted)
        yield text(LAYOUT, LAYOUT.gutter - 7, y + 4, str(tick), palette.muted, "end", small=True)
    yield _bar(LAYOUT.gutter, top + _RATES, LAYOUT.right - LAYOUT.gutter, 0.8, palette.muted)


def _dates_below(parts: list[_Part], scale: _Scale, top: float, palette: Palette) -> Iterator[str]:
    """The first day of each part, as far as there is room."""
    free = 0.0
    for part in parts:
        x, said = scale.x(part.first), say_day(part.first)
        if x < free or x + wide(said, LAYOUT) > LAYOUT.width:
            continue
        yield _bar(x, top, 0.8, 5, palette.muted)
        yield text(LAYOUT, x, top + 18, said, palette.muted, small=True)
        free = x + wide(said, LAYOUT) + 8


def _legend(top: float, palette: Palette) -> Iterator[str]:
    x, y = 2.0, top
    dotted = f"fill:none;stroke:{palette.unknown};{_DOTTED}"
    marks = (
        (f"fill:{palette.soft};stroke:{palette.ink};stroke-width:1", "dose told"),
        (f"fill:{palette.soft};stroke:{palette.unknown};{_DOTTED}", "told in part"),
        (dotted, "planned, not told; or too few days to tell (days had of days known)"),
        (f"fill:{palette.soft}", "90 % interval"),
    )
    for style, said in marks:
        needed = 22 + wide(said, LAYOUT)
        if x + needed > LAYOUT.width:
            x, y = 2.0, y + LAYOUT.row
        yield f'<rect x="{x + 1:g}" y="{y - 9:g}" width="13" height="11" style="{style}"/>'
        yield text(LAYOUT, x + 19, y, said, palette.ink, small=True)
        x += needed


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" style="fill:{colour}"/>'


def _dates(part: _Part) -> str:
    return f"{say_day(part.first)} to {say_day(part.last)}"
