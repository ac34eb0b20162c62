"""The lanes below the doses: sessions, tests and checks, what is watched for a while, the days, and the line of the review.

Each draws from a height downwards, adds to the parts of the picture and gives the height below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.clock import say_day
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan
from cleardays.plan.sessions import Session
from cleardays.report.plan_doses import amount_said, weekday
from cleardays.report.plan_watch import check_said, is_of_staff
from cleardays.report.strip import Palette
from cleardays.report.titration_frame import GAP, Frame, watches_of, wide, wrapped
from cleardays.report.treatment_page_words import capital, listed
from cleardays.report.vitals_panels import text

_DAY = timedelta(days=1)
_HOUR_MIN = 60
_REVIEW = "review"
_MOST_WATCHES = 4
_NEAR = 9.0  # marks nearer than this are one
_BALL = 4.2


def review_label(plan: Plan, top: float, frame: Frame, palette: Palette, parts: list[str]) -> tuple[float, float | None]:
    """The day of the review as a label; gives the height below it and where its line stands."""
    if plan.review is None:
        return top, None
    layout, x = frame.layout, frame.x(plan.review.on)
    said = f"Review: {weekday(plan.review.on, year=True)}"
    end = x > layout.width / 2
    parts.append(text(layout, x, top + layout.letters, said, palette.ink, "end" if end else "start", weight="600"))
    return top + layout.row + 3, x


def review_line(x: float, top: float, foot: float, palette: Palette) -> str:
    """The line of the review through everything, with an arrow at its foot."""
    return (
        f'<path d="M{x:g} {top:g}V{foot:g}" style="fill:none;stroke:{palette.ink};stroke-width:1.4;stroke-dasharray:6 3"/>'
        f'<path d="M{x - 4:g} {foot - 7:g}L{x:g} {foot:g}L{x + 4:g} {foot - 7:g}" '
        f'style="fill:none;stroke:{palette.ink};stroke-width:1.4"/>'
    )


def session_words(session: Session) -> tuple[str, ...]:
    """The day, the amount and for how long somebody watches."""
    amount = "amount: the clinician's"
    if session.amount is not None and session.unit is not None:
        amount = amount_said(session.amount, session.unit)
        amount += f" in {len(session.sites)} places" if session.sites else ""
    watched = () if session.observe_min is None else (f"watched {watch_time(session.observe_min)}",)
    return weekday(session.on), amount, *watched


def watch_time(minutes: int) -> str:
    """For how long, in words.

    >>> watch_time(120), watch_time(90), watch_time(60)
    ('2 hours', '90 minutes', '1 hour')
    """
    hours, rest = divmod(minutes, _HOUR_MIN)
    return f"{minutes} minutes" if rest else f"{hours} hour{'' if hours == 1 else 's'}"


def session_lane(plan: Plan, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    """A diamond for each session, its words below; where they would touch, in rows."""
    if not plan.sessions:
        return top
    layout = frame.layout
    parts.append(text(layout, 2, top + layout.letters, "Sessions", palette.ink, weight="600"))
    y, rows = top + layout.row + 9, list[float]()
    tall = max(len(session_words(session)) for session in plan.sessions) * layout.row + 3
    for session in plan.sessions:
        x, words = frame.x(session.on), session_words(session)
        points = f"{x:g},{y - 8:g} {x + 8:g},{y:g} {x:g},{y + 8:g} {x - 8:g},{y:g}"
        parts.append(
            f'<g class="session"><polygon points="{points}" style="fill:{palette.treatment}"/>'
            f"<title>{escape(', '.join(words))}</title></g>"
        )
        across = max(wide(word, layout, bold=word == words[0]) for word in words)
        left = max(min(x - 8, layout.width - 4 - across), 2.0)
        row = next((at for at, free in enumerate(rows) if free <= left), len(rows))
        if row == len(rows):
            rows.append(0.0)
        rows[row] = left + across + 8
        for at, line in enumerate(words):
            base = y + 10 + row * tall + layout.row * (at + 0.8)
            parts.append(text(layout, left, base, line, palette.ink, weight="600" if at == 0 else "400", halo=palette.paper))
    return y + 10 + len(rows) * tall + GAP


class _Mark(NamedTuple):
    """Checks on days that lie side by side."""

    x: float
    days: tuple[date, ...]
    said: tuple[str, ...]


def single_checks(plan: Plan) -> list[Check]:
    """What others than staff do on one day; the review has a line of its own, and the way back is only an example."""
    own = [check for check in plan.monitoring if check.until == check.on and not is_of_staff(check)]
    down = {step.first for step in plan.taper}
    coming = {check.what for check in own if check.on not in down}
    return [check for check in own if check.what in coming and check.what != _REVIEW]


def check_lane(plan: Plan, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    """A ring for each day with a check, and below in words what is checked."""
    checks = [check for check in single_checks(plan) if frame.first <= check.on <= frame.last]
    if not checks:
        return top
    layout = frame.layout
    parts.append(text(layout, 2, top + layout.letters, "Tests and checks", palette.ink, weight="600"))
    y = top + layout.row + 8
    for mark in _marks(checks, frame):
        said = f"{', '.join(map(weekday, mark.days))}: {', '.join(mark.said)}"
        parts.append(
            f'<circle class="check" cx="{mark.x:g}" cy="{y:g}" r="{_BALL:g}" '
            f'style="fill:{palette.paper};stroke:{palette.had};stroke-width:2.2"><title>{escape(said)}</title></circle>'
        )
    y += 8
    for line in wrapped(capital(f"{listed(check_said(check.what) for check in checks)}."), layout):
        parts.append(text(layout, 2, y + layout.letters, line, palette.muted, small=True, halo=palette.paper))
        y += layout.row
    return y + GAP


def _marks(checks: Sequence[Check], frame: Frame) -> Iterator[_Mark]:
    """Rings that would touch are one."""
    held: _Mark | None = None
    for day in sorted({check.on for check in checks}):
        said = tuple(dict.fromkeys(check_said(check.what) for check in checks if check.on == day))
        x = frame.x(day)
        if held is not None and x - held.x < _NEAR:
            held = _Mark(held.x, (*held.days, day), tuple(dict.fromkeys((*held.said, *said))))
            continue
        if held is not None:
            yield held
        held = _Mark(x, (day,), said)
    if held is not None:
        yield held


def watch_lanes(plan: Plan, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    """A bar for each stretch of days: full where it is every day or for help at once, else hollow."""
    layout, y = frame.layout, top
    by_what: dict[str, list[Check]] = {}
    for check in watches_of(plan):
        if check.on <= frame.last and (check.until or check.on) >= frame.first:
            by_what.setdefault(check.what, []).append(check)
    if not by_what:
        return top
    parts.append(text(layout, 2, y + layout.letters, "Watch", palette.ink, weight="600"))
    y += layout.row
    shown = list(by_what.items())[:_MOST_WATCHES]
    for what, checks in shown:
        for line in wrapped(f"{capital(_stretches(checks))}: {check_said(what)}", layout):
            parts.append(text(layout, 2, y + layout.letters, line, palette.ink, halo=palette.paper))
            y += layout.row
        parts += [_bar(check, y + 4, frame, palette) for check in checks if check.on <= frame.last]
        y += 17
    if len(by_what) > len(shown):
        parts.append(text(layout, 2, y + layout.letters, f"and {len(by_what) - len(shown)} more", palette.muted, small=True))
        y += layout.row
    return y + GAP


def _stretches(checks: Sequence[Check]) -> str:
    daily = [check for check in checks if check.every_days == 1]
    told = daily or checks
    spans = listed(
        f"{say_day(check.on, year=False)} to {say_day(check.until, year=False)}" for check in told if check.until is not None
    )
    return f"every day, {spans}" if daily else spans


def _bar(check: Check, y: float, frame: Frame, palette: Palette) -> str:
    assert check.until is not None
    x0, x1 = frame.x(check.on), frame.after(check.until)
    full = check.every_days == 1 or "emergency" in check.action
    style = f"fill:{palette.had}" if full else f"fill:none;stroke:{palette.had};stroke-width:1.5"
    said = f"{say_day(check.on)} to {say_day(check.until)}: {check_said(check.what)}, {check.at}"
    return (
        f'<rect class="watch" x="{x0 + 0.75:g}" y="{y:g}" width="{max(x1 - x0 - 1.5, 2):g}" height="7" rx="2" style="{style}">'
        f"<title>{escape(said)}</title></rect>"
    )


def day_axis(plan: Plan, top: float, frame: Frame, palette: Palette, parts: list[str]) -> float:
    """The days: the first one, those on which something changes, and first days of months where there is room."""
    layout = frame.layout
    across = f'x="{layout.gutter:g}" y="{top:g}" width="{layout.right - layout.gutter:g}"'
    parts.append(f'<rect {across} height="1" style="fill:{palette.muted}"/>')
    taken: list[tuple[float, float]] = []
    for day in _ticks(plan, frame):
        x, said = frame.x(day), say_day(day, year=day.year != plan.start.year)
        room = wide(said, layout)
        left = min(max(x - room / 2, 2.0), layout.width - 2 - room)
        if any(left < b + 4 and a < left + room + 4 for a, b in taken):
            continue
        taken.append((left, left + room))
        parts.append(f'<rect x="{x - 0.5:g}" y="{top:g}" width="1" height="6" style="fill:{palette.muted}"/>')
        middle = left + room / 2
        parts.append(text(layout, middle, top + 8 + layout.letters, said, palette.muted, "middle", halo=palette.paper))
    return top + 8 + layout.letters * 1.5


def _ticks(plan: Plan, frame: Frame) -> Iterator[date]:
    """Days in the order in which they deserve a label."""
    yield plan.start
    yield from (session.on for session in plan.sessions)
    yield from (step.first for step in reversed(plan.steps))
    yield frame.first
    months = (frame.last.year - frame.first.year) * 12 + frame.last.month - frame.first.month
    for ahead in range(months + 1):
        year, month = divmod(frame.first.month - 1 + ahead, 12)
        day = date(frame.first.year + year, month + 1, 1)
        if frame.first <= day <= frame.last:
            yield day
