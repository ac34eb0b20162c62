"""A plan as the screens show it: composed once, with its pictures, wherever it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from cleardays.plan.confirmation import lapsed
from cleardays.plan.journal import PlanFile
from cleardays.report.head_map import draw_head_map
from cleardays.report.plan_page import DRAFT, compose_plan
from cleardays.report.plan_render import missed_head
from cleardays.report.strip import SCREEN
from cleardays.report.titration import draw_titration
from cleardays.report.titration_frame import NARROW
from cleardays.report.treatment_page_words import plain_mark
from cleardays.trial.story.story import Story
from cleardays.web.drawing import FONT, inline


def whole_page(file: PlanFile, today: date, diary_until: date | None) -> dict[str, Any]:
    """Everything of a plan that a page shows, wherever it is shown."""
    page = compose_plan(file, lapsed(file, today, diary_until) if file.confirmation is not None else ())
    drawn = draw_titration(file, NARROW, palette=SCREEN, font=FONT, name="plan", lapsed=page.band.kind == DRAFT)
    return {
        "page": page,
        "picture": inline(drawn) if page.has_doses else None,
        "head": inline(draw_head_map(page.sites, palette=SCREEN, font=FONT, name="head")) if page.sites else None,
        "missed_head": missed_head(page),
        "mark": plain_mark,
    }


def diary_ends(story: Story) -> date | None:
    """The last day of the diary; None of an empty one."""
    return story.diary.records[-1].date if story.diary.records else None
