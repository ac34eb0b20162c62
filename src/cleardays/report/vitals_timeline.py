"""The picture of a supervised session: what was given, the vital signs with their limits, findings, actions, discharge.

Drawn from the record and what was judged of it. A reading that is missing is a gap: the
line breaks, and a dotted outline stands where it was due. Every reading carries its words.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from cleardays.clock import say_day
from cleardays.plan.session_judge import Judgement
from cleardays.plan.session_leaving import may_leave_from
from cleardays.plan.session_record import SessionRecord
from cleardays.plan.session_rules import limits_of, supervised_treatment
from cleardays.report.colours import own_colours
from cleardays.report.strip import SCREEN, Palette
from cleardays.report.vitals_lanes import (
    GAP,
    given_lane,
    mark_lane,
    marks,
    minute_axis,
    rousable_lane,
    stop_and_leave,
    words_below,
    wrapped,
)
from cleardays.report.vitals_panels import PANELS, Layout, Scale, draw_panel, text

NARROW = Layout(width=340.0, letters=12.5, tall=74.0, gutter=30.0)
WIDE = Layout(width=720.0, letters=13.0, tall=92.0, gutter=34.0)


def standalone(record: SessionRecord, judged: Judgement, layout: Layout = WIDE) -> str:
    """The picture as a file of its own, light or dark as the reader has set it, plain when printed."""
    font = "system-ui, 'Segoe UI', Roboto, sans-serif"
    picture = draw_vitals(record, judged, layout, palette=SCREEN, font=font, name="session")
    at = picture.index("<title")
    return f"{picture[:at]}{own_colours()}{picture[at:]}"


def draw_vitals(record: SessionRecord, judged: Judgement, layout: Layout, *, palette: Palette, font: str, name: str) -> str:
    """The picture as an SVG element.

    Args:
        record: the session.
        judged: what was judged of it.
        layout: `NARROW` for a phone, `WIDE` for a page.
        palette: colours.
        font: the font family of the labels.
        name: prefix of the element ids, unique on its page.
    """
    treatment = supervised_treatment(record.treatment)
    leave_from = may_leave_from(record, treatment)
    scale = Scale(layout, max(record.last_minute, leave_from, *judged.due))
    rows = sorted(record.vitals, key=lambda row: row.minute)
    told, parts, y = marks(record), list[str](), 4.0
    for said in _header(record, layout):
        parts.append(text(layout, 2, y + layout.letters, said, palette.ink, weight="400" if parts else "600"))
        y += layout.row
    y = given_lane(record, y + GAP / 2, scale, palette, parts)
    body, lines = y, len(parts)
    for panel in PANELS:
        parts += draw_panel(panel, y, rows, judged.missed, limits_of(treatment), scale, palette)
        y += layout.row + layout.tall * panel.size + GAP
    y = rousable_lane(record, judged, y, scale, palette, parts)
    y = mark_lane(told, y, scale, palette, parts)
    parts[lines:lines] = stop_and_leave(record, judged, leave_from, body, y, scale, palette)
    y = minute_axis(record, judged, leave_from, y, scale, palette, parts)
    y = words_below(record, judged, leave_from, told, y, layout, palette, parts)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:g} {y + 4:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="{layout.letters:g}">'
        f'<title id="{name}-title">{escape(_title(record))}</title>'
        f'<desc id="{name}-desc">{escape(describe(record, judged))}</desc>'
    )
    return "".join([head, *parts, "</svg>"])


def _title(record: SessionRecord) -> str:
    return f"Supervised session, {record.treatment}, {say_day(record.on)}"


def describe(record: SessionRecord, judged: Judgement) -> str:
    """The picture in words."""
    stops = [each for each in judged.alerts if each.alert.severity == "critical"]
    missed = ", ".join(f"{each.minute:g}" for each in judged.missed)
    said = [
        f"{_title(record)}, entered by {record.entered_by}. {len(record.vitals)} readings to minute {record.last_minute:g}."
    ]
    said.append(f"Readings missing at minute {missed}." if missed else "No reading that was due is missing.")
    said += [f"Minute {each.minute:g}: {each.alert.subject}." for each in stops]
    if record.discharge is None:
        said.append("The person has not left.")
    else:
        said.append(f"Discharge at minute {record.discharge.minute:g}, {judged.discharge.replace('_', ' ')}.")
    return " ".join(said)


def _header(record: SessionRecord, layout: Layout) -> list[str]:
    begun = f", begun {record.start}" if record.start else ""
    return [
        *wrapped(_title(record), layout),
        *wrapped(f"Entered by {record.entered_by}{begun}. Minutes from the start.", layout),
    ]
