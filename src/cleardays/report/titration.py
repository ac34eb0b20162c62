"""The picture of a titration: doses over the calendar, the level that they are predicted to bring, checks, and the review.

Drawn from a plan. What nobody confirmed carries DRAFT in the picture itself, so that it still does when the
picture is passed on alone. A plan that was refused, or is not complete, has no doses and so no picture of any. How it is
stopped again is not drawn: it depends on the day.
"""

from __future__ import annotations

from datetime import timedelta
from xml.sax.saxutils import escape

from cleardays.clock import say_day
from cleardays.plan.journal import PlanFile
from cleardays.plan.plan import PROPOSAL, REFUSED, Plan
from cleardays.report.colours import own_colours
from cleardays.report.plan_watch import check_said
from cleardays.report.strip import SCREEN, Palette
from cleardays.report.titration_frame import GAP, NARROW, WIDE, frame_of, in_layers, wrapped
from cleardays.report.titration_lanes import (
    check_lane,
    day_axis,
    review_label,
    review_line,
    session_lane,
    session_words,
    single_checks,
    watch_lanes,
)
from cleardays.report.titration_levels import DailyLevels, daily_levels
from cleardays.report.titration_panels import dose_panel, level_panel, step_said
from cleardays.report.treatment_page_words import capital, listed, own_words
from cleardays.report.vitals_panels import Layout, text

__all__ = ["NARROW", "WIDE", "describe_titration", "draw_titration", "standalone_titration"]

DRAFT_SAID = "DRAFT: not to be followed until a clinician confirms it"
_DAY = timedelta(days=1)
_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"


def standalone_titration(file: PlanFile, layout: Layout = WIDE, *, lapsed: bool = False) -> str:
    """The picture as a file of its own, light or dark as the reader has set it, plain when printed."""
    picture = draw_titration(file, layout, palette=SCREEN, font=_FONT, name="titration", lapsed=lapsed)
    at = picture.index("<title")
    return f"{picture[:at]}{own_colours()}{picture[at:]}"


def draw_titration(
    file: PlanFile, layout: Layout, *, palette: Palette, font: str, name: str, lapsed: bool = False, brief: bool = False
) -> str:
    """The picture as an SVG element.

    Args:
        file: the plan.
        layout: `NARROW` for a phone, `WIDE` for a page.
        palette: colours.
        font: the font family of the labels.
        name: prefix of the element ids, unique on its page.
        lapsed: a confirmation that holds no longer counts as none.
        brief: doses, sessions and the review only.
    """
    plan, parts, y = file.plan, list[str](), 4.0
    for at, said in enumerate((_title(plan), standing(file, lapsed=lapsed))):
        for line in wrapped(said, layout, bold=True):
            parts.append(text(layout, 2, y + layout.letters, line, palette.ink, weight="600" if at == 0 else "700"))
            y += layout.row
    y += GAP / 2
    found: DailyLevels | str | None = None
    if plan.status == PROPOSAL and (plan.steps or plan.sessions):
        frame = frame_of(plan, layout)
        found = None if brief else daily_levels(file, frame.last)
        y = _drawn(plan, found, y, layout, palette, parts, brief=brief)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:g} {y + 4:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="{layout.letters:g}">'
        f'<title id="{name}-title">{escape(_title(plan))}</title>'
        f'<desc id="{name}-desc">{escape(describe_titration(file, found, lapsed=lapsed))}</desc>'
    )
    return "".join([head, *parts, "</svg>"])


def _drawn(
    plan: Plan, found: DailyLevels | str | None, top: float, layout: Layout, palette: Palette, parts: list[str], *, brief: bool
) -> float:
    """Panels and lanes from the top down, the line of the review behind them all."""
    frame = frame_of(plan, layout)
    y, review = review_label(plan, top, frame, palette, parts)
    begin = y
    if plan.steps and not plan.sessions:
        y = dose_panel(plan, review, y, frame, palette, parts)
    if isinstance(found, DailyLevels):
        y = level_panel(found, y, frame, palette, parts)
    y = session_lane(plan, y, frame, palette, parts)
    if not brief:
        y = check_lane(plan, y, frame, palette, parts)
        y = watch_lanes(plan, y, frame, palette, parts)
    if review is not None:
        parts[:] = in_layers(parts, review_line(review, begin, y, palette))
    y = day_axis(plan, y, frame, palette, parts)
    if isinstance(found, str) and plan.steps and not plan.sessions:
        for line in wrapped(found, layout):
            parts.append(text(layout, 2, y + layout.letters, line, palette.muted, small=True))
            y += layout.row
    return y


def standing(file: PlanFile, *, lapsed: bool = False) -> str:
    """Whether it may be followed, in a line."""
    said = None if lapsed else file.confirmation
    if file.plan.status != PROPOSAL:
        why = "REFUSED" if file.plan.status == REFUSED else "NOT COMPLETE"
        return f"{why}: there is no plan to follow, and no dose"
    if said is None:
        return DRAFT_SAID
    return f"CONFIRMED by {said.by} on {say_day(said.at.date())}, version {file.version}"


def _title(plan: Plan) -> str:
    return f"{own_words(plan.treatment)['name']}: the plan from {say_day(plan.start)}"


def describe_titration(file: PlanFile, found: DailyLevels | str | None = None, *, lapsed: bool = False) -> str:
    """The picture in words."""
    plan = file.plan
    told = [f"{standing(file, lapsed=lapsed)}."]
    if plan.status != PROPOSAL:
        return told[0]
    if plan.steps and not plan.sessions:
        told.append(f"Doses {'; '.join(map(step_said, plan.steps))}.")
    told += [f"Session {', '.join(session_words(session))}." for session in plan.sessions]
    if isinstance(found, DailyLevels):
        told.append(_level_said(found))
    elif isinstance(found, str) and plan.steps and not plan.sessions:
        told.append(found)
    days = sorted({check.on for check in single_checks(plan)})
    if days:
        whats = listed(check_said(check.what) for check in single_checks(plan))
        told.append(f"{capital(whats)} checked on {', '.join(say_day(day) for day in days)}.")
    if plan.review is not None:
        told.append(f"Review on {say_day(plan.review.on)}.")
    return " ".join(told)


def _level_said(found: DailyLevels) -> str:
    last = found.first + _DAY * (len(found.middle) - 1)
    said = f"Predicted level, not measured, on {say_day(last)}: {float(found.middle[-1]):.2g} mg/l"
    if found.lower is None or found.upper is None:
        return f"{said}."
    return f"{said}, in most people {float(found.lower[-1]):.2g} to {float(found.upper[-1]):.2g}."
