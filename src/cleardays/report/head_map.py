"""The sites of a toxin session drawn on a head: front, both sides, back, with the units at each.

A fixed site is a filled circle, an addition that follows the pain a hollow diamond, so
that they differ without colour. What has no place on the head is named below it, never
left out. The table says the same without the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.plan.steps import plain
from cleardays.plan.toxin_sites import LEFT, MIDLINE, RIGHT, Site, muscle_named, side_named, total_units
from cleardays.report.head_outline import BACK, FRONT, PLACES, TALL, VIEWS, WIDE, View, spot
from cleardays.report.strip import Palette

_CIRCLE, _DIAMOND = 9.0, 12.0
_LINE = 15.0
_MOST_LETTERS = 54  # in a line across the picture
_ABOUT_WHERE = "Shows about where the sites are; not to scale."


class Mark(NamedTuple):
    """One site with its spot; None where the head has no place for it."""

    site: Site
    spot: tuple[float, float] | None


class SiteRow(NamedTuple):
    """One muscle on one side: how many sites, how many of them added, and the units of all."""

    muscle: str
    side: str
    sites: int
    added: int
    units: str


def draw_head_map(
    sites: Iterable[Site],
    *,
    palette: Palette,
    font: str,
    name: str,
    unit: str = "U",
    alone: bool = False,
    fields: Sequence[str] = (),
) -> str:
    """The head map as an SVG element, 360 units wide.

    Args:
        sites: one entry per injection; one of 0 units is a place that may be injected and was not, drawn dotted.
        palette: colours.
        font: the font family of the labels.
        name: prefix of the element ids, unique on its page.
        unit: the unit of the amounts.
        alone: the picture is a file of its own and brings its ground along.
        fields: on a page with a form, the id of the field of each site in turn; its mark leads there.
    """
    marks = place_marks(sites)
    entries = tuple(mark.site for mark in marks if mark.site.units)
    leads = [f"#{field}" for field in fields] or [""] * len(marks)
    below = _below([mark.site for mark in marks if mark.spot is None and mark.site.units], unit)
    height = TALL + _LINE * len(below)
    ground = f'<rect width="{WIDE:g}" height="{height:g}" style="fill:{palette.paper}"/>' if alone else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:g} {height:g}" role="{"group" if fields else "img"}" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="12.5">',
        f'<title id="{name}-title">{escape(_title(entries, unit))}</title>',
        f'<desc id="{name}-desc">{escape(describe_sites(entries, unit))}</desc>',
        ground,
        *_heads(palette),
        *_sums(entries, unit, palette),
        *_legend(entries, unit, palette),
        *(_mark(mark, unit, palette, to) for mark, to in zip(marks, leads, strict=True) if mark.spot is not None),
        *(_text(8, TALL + _LINE * (at + 0.6), line, palette.muted) for at, line in enumerate(below)),
    ]
    return "".join([*parts, "</svg>"])


def place_marks(sites: Iterable[Site]) -> tuple[Mark, ...]:
    """Each site with its spot, counted muscle by muscle and side by side in the order of the list."""
    many: dict[tuple[str, str, bool], int] = {}
    marks = []
    for site in sites:
        muscle, side = muscle_named(site.muscle) or site.muscle, side_named(site.side) or ""
        at = many.get((muscle, side, site.added), 0)
        many[muscle, side, site.added] = at + 1
        marks.append(Mark(site, spot(muscle, side, at, added=site.added) if side else None))
    return tuple(marks)


def site_rows(sites: Iterable[Site]) -> tuple[SiteRow, ...]:
    """The map as a table, in the order of injection and then as told; entries that have no place included."""
    by_place: dict[tuple[str, str], list[Site]] = {}
    for site in sites:
        place = (muscle_named(site.muscle) or site.muscle, side_named(site.side) or site.side or "side not told")
        by_place.setdefault(place, []).append(site)
    return tuple(
        SiteRow(muscle, side, len(found), sum(each.added for each in found), _units(found))
        for (muscle, side), found in by_place.items()
    )


def describe_sites(sites: Iterable[Site], unit: str = "U") -> str:
    """The map in words."""
    entries = tuple(sites)
    rows = (
        f"{_name(row.muscle)}, {row.side}: {row.units} {unit} in {_counted(row.sites)}"
        + (f", {row.added} of them added" if row.added else "")
        for row in site_rows(entries)
    )
    return f"{_title(entries, unit)}. {'; '.join(rows)}."


def table_html(sites: Iterable[Site], unit: str = "U") -> str:
    """The text alternative: one row for each muscle and side, and the total."""
    entries = tuple(sites)
    body = "".join(
        f'<tr><th scope="row">{escape(_name(row.muscle))}</th><td>{escape(row.side)}</td><td>{row.sites}</td>'
        f"<td>{row.added}</td><td>{row.units}</td></tr>"
        for row in site_rows(entries)
    )
    added = sum(site.added for site in entries)
    return (
        f'<table class="sites"><caption>{escape(_title(entries, unit))}</caption>'
        '<thead><tr><th scope="col">Muscle</th><th scope="col">Side</th><th scope="col">Sites</th>'
        f'<th scope="col">of them added</th><th scope="col">{escape(unit)}</th></tr></thead><tbody>{body}</tbody>'
        f'<tfoot><tr><th scope="row">Total</th><td></td><td>{len(entries)}</td><td>{added}</td>'
        f"<td>{_units(entries)}</td></tr></tfoot></table>"
    )


def _heads(palette: Palette) -> Iterator[str]:
    for key, view in VIEWS.items():
        turned = f"translate({view.left + view.wide:g} {view.top:g}) scale(-1 1)" if key == RIGHT else ""
        where = turned or f"translate({view.left:g} {view.top:g})"
        bold = "".join(f'<path d="{line}"/>' for line in view.lines)
        fine = "".join(f'<path d="{line}"/>' for line in view.fine)
        yield (
            f'<g transform="{where}" style="fill:none;stroke:{palette.muted};stroke-width:1.6;stroke-linecap:round;'
            f'stroke-linejoin:round">{bold}<g style="stroke:{palette.clear};stroke-width:1">{fine}</g></g>'
        )
        yield from _headings(key, view, palette)


def _headings(key: str, view: View, palette: Palette) -> Iterator[str]:
    title = {FRONT: "Front", RIGHT: "Right side", LEFT: "Left side", BACK: "Back"}[key]
    middle = view.left + view.wide / 2
    yield _text(middle, view.top - 6, title, palette.ink, anchor="middle", bold=True)
    if key in (FRONT, BACK):
        first, second = ("R", "L") if key == FRONT else ("L", "R")
        away = 82 if key == FRONT else 100
        yield _text(middle - away, view.top + 20, first, palette.muted, anchor="middle", bold=True)
        yield _text(middle + away, view.top + 20, second, palette.muted, anchor="middle", bold=True)


class _Label(NamedTuple):
    """Where the sum of a muscle is written, and the end of the line that leads to its sites."""

    muscle: str
    x: float
    y: float
    to: tuple[float, float]


_FRONT_LABELS = (
    _Label("frontalis", 196, 70, (139, 82)),
    _Label("corrugator", 196, 96, (120, 106)),
    _Label("procerus", 196, 122, (102, 121)),
)
_BACK_LABELS = (_Label("occipitalis", 272, 612, (243, 628)), _Label("cervical-paraspinal", 272, 676, (219, 692)))


def _sums(sites: Sequence[Site], unit: str, palette: Palette) -> Iterator[str]:
    """Every muscle's sum beside it; the temporalis has one on each side of the head."""
    units = {name: _units([site for site in sites if muscle_named(site.muscle) == name]) for name in PLACES}
    for label in _FRONT_LABELS:
        yield _lead(label, palette)
        yield _text(label.x, label.y + 4, f"{_name(label.muscle)} {units[label.muscle]} {unit}", palette.ink)
    for label in _BACK_LABELS:
        lines = [*_name(label.muscle).split(), f"{units[label.muscle]} {unit}"]
        yield _lead(label, palette)
        yield from (_text(label.x, label.y + 4 + _LINE * at, line, palette.ink) for at, line in enumerate(lines))
    back = VIEWS[BACK]
    for at, line in enumerate(("Trapezius", f"{units['trapezius']} {unit}")):
        yield _text(back.left + back.wide / 2, back.top + 232 + _LINE * at, line, palette.ink, anchor="middle")
    for side in (RIGHT, LEFT):
        there = [site for site in sites if muscle_named(site.muscle) == "temporalis" and side_named(site.side) == side]
        view = VIEWS[side]
        said = f"Temporalis {side} {_units(there)} {unit}"
        yield _text(view.left + view.wide / 2, view.top + 234, said, palette.ink, anchor="middle")


def _lead(label: _Label, palette: Palette) -> str:
    return (
        f'<path d="M{label.x - 4:g} {label.y:g}L{label.to[0]:g} {label.to[1]:g}" '
        f'style="fill:none;stroke:{palette.muted};stroke-width:0.8"/>'
    )


def _legend(sites: Sequence[Site], unit: str, palette: Palette) -> Iterator[str]:
    added = sum(site.added for site in sites)
    yield _shape(205, 164, added=False, palette=palette)
    yield _text(222, 168, f"fixed site, {unit}", palette.ink)
    if added:
        yield _shape(205, 190, added=True, palette=palette)
        yield _text(222, 187, "added site,", palette.ink)
        yield _text(222, 187 + _LINE, "follows the pain", palette.ink)
    yield _text(196, 228, f"{_units(sites)} {unit} in {_counted(len(sites))}", palette.ink, bold=True)
    if added:
        yield _text(196, 228 + _LINE, f"{added} of them added", palette.ink)


def _mark(mark: Mark, unit: str, palette: Palette, to: str = "") -> str:
    x, y = mark.spot or (0.0, 0.0)
    site = mark.site
    letters = f"{plain(site.units)}" if site.units else ""
    ink = palette.ink if site.added else palette.paper
    size = 11 if len(letters) <= 2 else 8.5
    number = f'<text x="{x:g}" y="{y + size * 0.36:g}" text-anchor="middle" font-size="{size:g}" font-weight="700"'
    shape = _shape(x, y, added=site.added, palette=palette) if site.units else _empty(x, y, palette)
    drawn = f'<g class="site">{shape}{number} style="fill:{ink}">{letters}</text><title>{escape(_said(site, unit))}</title></g>'
    return f'<a href="{escape(to)}">{drawn}</a>' if to else drawn


def _empty(x: float, y: float, palette: Palette) -> str:
    """A place where nothing is given: dotted, without a fill."""
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{_CIRCLE:g}" '
        f'style="fill:{palette.paper};stroke:{palette.muted};stroke-width:1.5;stroke-dasharray:2 2"/>'
    )


def _shape(x: float, y: float, *, added: bool, palette: Palette) -> str:
    """A filled circle with a rim that keeps it apart from the lines of the head, or a hollow diamond."""
    if not added:
        return (
            f'<circle cx="{x:g}" cy="{y:g}" r="{_CIRCLE:g}" style="fill:{palette.had};stroke:{palette.paper};stroke-width:1"/>'
        )
    r = _DIAMOND
    path = f"M{x:g} {y - r:g}L{x + r:g} {y:g}L{x:g} {y + r:g}L{x - r:g} {y:g}Z"
    return f'<path d="{path}" style="fill:{palette.paper};stroke:{palette.treatment};stroke-width:2;stroke-linejoin:round"/>'


def _said(site: Site, unit: str) -> str:
    side = side_named(site.side) or site.side or "side not told"
    where = f"{_name(muscle_named(site.muscle) or site.muscle)} {'in the midline' if side == MIDLINE else side}"
    return f"{where}: {plain(site.units)} {unit}{', added' if site.added else ''}"


def _title(sites: Sequence[Site], unit: str) -> str:
    return f"Sites of injection: {_units(sites)} {unit} in {_counted(len(sites))}"


def _counted(many: int) -> str:
    return f"{many} site" if many == 1 else f"{many} sites"


def _units(sites: Sequence[Site]) -> str:
    return f"{plain(total_units(sites))}"


def _name(muscle: str) -> str:
    words = muscle.replace("-", " ")
    return words[:1].upper() + words[1:]


def _below(astray: Sequence[Site], unit: str) -> list[str]:
    """What is written below the heads: sites that have no place on them, and what the map can show."""
    missing = "; ".join(_said(site, unit) for site in astray)
    return [*(wrap(f"Not on the map: {missing}.", _MOST_LETTERS) if astray else []), _ABOUT_WHERE]


def _text(x: float, y: float, text: str, colour: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{weight} style="fill:{colour}">{escape(text)}</text>'
