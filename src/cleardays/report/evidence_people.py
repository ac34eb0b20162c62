"""The picture of a hundred people like those in the trials: how many come down to half of their days, with and without.

Two arrays of 10 x 10 figures, one for the treatment and one for placebo. Who has half as many days or fewer is solid with a
tick, who has 30 % fewer (if that is asked for) has a dash, everybody else is hollow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.evidence.prior.stored import from_document
from cleardays.report.evidence_sheet import (
    LAYOUT,
    LEFT,
    Look,
    Sheet,
    lines_of,
    named,
    nothing,
    part_of,
    people_with,
    shape,
    spoken,
)

_ACROSS = 10
_STEP, _RISE, _TALL = 15.6, 26.0, 24.0  # from figure to figure, from row to row, and a figure
_SECOND = 176.0  # where the second array begins
_MUCH, _SOME = 0.5, 0.3
_NOBODY_KNOWS = "Nobody can say beforehand who."


def draw_people(document: Mapping[str, Any], indication: str, look: Look | None = None, *, some: bool = False) -> str:
    """A hundred people on the treatment beside a hundred on placebo, as an SVG element.

    Args:
        document: what is stored of the treatment.
        indication: one of its indications.
        look: colours, font, prefix of the ids.
        some: whether those with 30 to 50 % fewer days are told apart from the others.
    """
    look = look or Look("people")
    treatment, part = str(document["treatment"]), part_of(document, indication)
    title = f"{named(treatment)}: of 100 people like those in the trials"
    if part is None:
        return nothing(title, treatment, indication, look)
    with_it, without = counts(part["expected"])
    sheet = Sheet(look)
    sheet.say(title, bold=True)
    sheet.say(f"{people_with(indication)}, a few months after they began".capitalize(), muted=True, small=True)
    sheet.y += 8.0
    names = [lines_of(name, _STEP * _ACROSS, bold=True) for name in (f"On {spoken(treatment)}", "On placebo")]
    for left, lines in zip((LEFT, _SECOND), names, strict=True):
        for at, line in enumerate(lines):
            sheet.put(left, sheet.y + LAYOUT.letters + at * LAYOUT.row, line, bold=True)
    sheet.y += max(map(len, names)) * LAYOUT.row + 4.0
    sheet.y = 8.0 + max(
        _column(sheet, left, (much, more - much if some else 0)) for left, (much, more) in ((LEFT, with_it), (_SECOND, without))
    )
    _key(sheet, some=some)
    told = [_difference(treatment, with_it[0], without[0]), _NOBODY_KNOWS, _sureness(part)]
    for said in told:
        sheet.say(said, bold=said == _NOBODY_KNOWS)
    return sheet.finish(title, _described(treatment, indication, with_it, without, told, some=some))


def counts(expected: Mapping[str, Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Of 100 people, on the treatment and on placebo: with half as many days or fewer, and with 30 % fewer or better."""
    prior = from_document(dict(expected))
    with_it, without = (
        (round(100 * prior.chance_of(_MUCH, treated=treated)), round(100 * prior.chance_of(_SOME, treated=treated)))
        for treated in (True, False)
    )
    return with_it, without


def _column(sheet: Sheet, left: float, kinds: tuple[int, int]) -> float:
    """One array with its number below; where it ends."""
    much, some = kinds
    looks = ["much"] * much + ["some"] * some + ["less"] * (100 - much - some)
    for at, look in enumerate(looks):
        x, y = left + _STEP * (at % _ACROSS + 0.5), sheet.y + _RISE * (at // _ACROSS)
        sheet.parts.append(_figure(sheet, x, y, look))
    y = sheet.y + _RISE * _ACROSS + 4.0
    sheet.put(left, y + LAYOUT.letters, f"{much} of 100", bold=True)
    y += LAYOUT.row
    for said in ("would have half as many days or fewer", *([f"and {some} would have 30 to 50 % fewer"] if some else [])):
        for line in lines_of(said, _STEP * _ACROSS + 6.0, small=True):
            sheet.put(left, y + LAYOUT.letters, line, small=True)
            y += LAYOUT.row
    return y


def _key(sheet: Sheet, *, some: bool) -> None:
    marks = [
        ("much", "half as many days or fewer"),
        ("some", "30 to 50 % fewer days"),
        ("less", "less of a change, or more days"),
    ]
    for look, said in marks:
        if look == "some" and not some:
            continue
        sheet.parts.append(_figure(sheet, LEFT + _STEP / 2, sheet.y, look))
        sheet.put(LEFT + _STEP + 8.0, sheet.y + 16.0, said, muted=True)
        sheet.y += _RISE
    sheet.y += 4.0


def _figure(sheet: Sheet, x: float, top: float, look: str) -> str:
    """A head and a body, 11 wide and 24 tall: solid with a tick, with a dash across, or hollow."""
    palette = sheet.palette
    fill = palette.had if look == "much" else palette.paper
    edge = palette.unknown if look == "less" else palette.had
    ink = palette.paper if look == "much" else palette.had
    line = f"fill:none;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round;stroke:{ink}"
    inside = {
        "much": shape("path", d=f"M{x - 2.4:.1f} {top + 17:.1f}l1.8 2.2l3-4.6", style=line),
        "some": shape("path", d=f"M{x - 2.6:.1f} {top + 18:.1f}h5.2", style=line),
        "less": "",
    }[look]
    body = f"M{x - 4.6:.1f} {top + _TALL - 0.7:.1f}v-8.6a4.6 5 0 0 1 9.2 0v8.6z"
    return (
        f'<g class="{look}" style="fill:{fill};stroke:{edge};stroke-width:1.2">'
        f'<circle cx="{x:.1f}" cy="{top + 4.6:.1f}" r="3.4"/><path d="{body}"/>{inside}</g>'
    )


def _difference(treatment: str, much: int, without: int) -> str:
    name, more = spoken(treatment), much - without
    if more > 0:
        return f"That is {more} more of 100 with {name} than with placebo. {_they(without)}"
    if more < 0:
        return f"That is {-more} fewer of 100 with {name} than with placebo."
    return f"That is as many with {name} as with placebo."


def _they(without: int) -> str:
    return f"{without} of 100 got there without its help." if without else "Nobody got there on placebo."


def _sureness(part: Mapping[str, Any]) -> str:
    level = part["expected"]["certainty"]
    return f"How sure we can be of these numbers: {level} certainty."


def _described(
    treatment: str, indication: str, with_it: tuple[int, int], without: tuple[int, int], told: list[str], *, some: bool
) -> str:
    said = [f"Of 100 {people_with(indication)} like those in the trials:"]
    for name, (much, more) in ((f"on {spoken(treatment)}", with_it), ("on placebo", without)):
        also = f", {more} would have at least 30 % fewer" if some else ""
        said.append(f"{name}, {much} would have half as many days or fewer{also}.")
    return " ".join([*said, *told])
