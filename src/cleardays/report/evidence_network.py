"""The picture of who was compared with whom: treatments on a ring, a line between two that one study compares.

The area of a node goes by people, the thickness of a line by studies. Nodes keep even distances in height, so that the words
outside the ring never meet, however many there are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cleardays.report.evidence_sheet import LAYOUT, LEFT, RIGHT, Look, Sheet, named, shape, spoken, wide
from cleardays.report.treatment_page_words import listed

_ROW = 29.0  # between neighbours on one side
_LARGEST, _SMALLEST = 12.0, 2.6  # radius of a node
_MOST_LETTERS = 13  # of a name in one line
_THIN, _THICK = 1.3, 7.0  # of a line
_BEND = 0.55  # how far a line bends to the middle of the ring
_GAP = 6.0  # between a node and its name


class _Node(NamedTuple):
    """One treatment and where it stands."""

    treatment: str
    people: int
    x: float
    y: float
    radius: float
    right: bool
    lines: tuple[str, ...]


def draw_network(document: Mapping[str, Any], treatment: str, look: Look | None = None) -> str:
    """The network of all comparisons with one treatment marked, as an SVG element.

    Args:
        document: what is stored of the network: people by treatment, and studies by pair.
        treatment: which node to mark; it may be one that no study compares.
        look: colours, font, prefix of the ids.
    """
    look = look or Look("network")
    title = f"{named(treatment)}: who was compared with whom"
    pairs = [(each["one"], each["other"], int(each["studies"])) for each in document["pairs"]]
    sheet = Sheet(look)
    sheet.say(title, bold=True)
    own = _own_words(treatment, pairs)
    sheet.say(own)
    if document["people"]:
        sheet.y += 8.0
        _ring(sheet, document["people"], pairs, treatment)
        _key(sheet, document["people"], treatment)
    return sheet.finish(title, " ".join([own, *_all_words(document["people"], pairs)]))


def _own_words(treatment: str, pairs: Sequence[tuple[str, str, int]]) -> str:
    mine = [(other if one == treatment else one, studies) for one, other, studies in pairs if treatment in (one, other)]
    name = named(treatment).split(" (")[0]
    if not mine:
        return f"No study that we hold compares {spoken(treatment)} with any of these."
    told = [f"with {spoken(other)} in {_studies(count)}" for other, count in sorted(mine, key=lambda pair: (-pair[1], pair[0]))]
    return f"{name} was compared {listed(told)}."


def _all_words(people: Mapping[str, int], pairs: Sequence[tuple[str, str, int]]) -> list[str]:
    compared = [f"{spoken(one)} with {spoken(other)} in {_studies(count)}" for one, other, count in pairs]
    took = [f"{spoken(name)} {count:,}" for name, count in sorted(people.items())]
    said = [f"All comparisons: {'; '.join(compared)}."] if compared else ["There is no comparison."]
    return [*said, f"People: {', '.join(took)}."] if took else said


def _studies(count: int) -> str:
    return f"{count} studies" if count != 1 else "1 study"


def _ring(sheet: Sheet, people: Mapping[str, int], pairs: Sequence[tuple[str, str, int]], asked: str) -> None:
    nodes = {node.treatment: node for node in _placed(people, sheet.y, asked)}
    most = max((studies for *_, studies in pairs), default=1)
    heights = [node.y for node in nodes.values()]
    middle = ((LEFT + RIGHT) / 2.0, (min(heights) + max(heights)) / 2.0)
    for one, other, studies in sorted(pairs, key=lambda pair: asked in pair[:2]):  # those of the asked treatment on top
        mine = asked in (one, other)
        thick = min(_THIN * studies, _THIN + (_THICK - _THIN) * (studies - 1) / max(most - 1, 1)) + (1.0 if mine else 0.0)
        colour = sheet.palette.treatment if mine else sheet.palette.clear
        style, said = f"stroke:{colour};stroke-width:{thick:.2g}", f"{named(one)} and {named(other)}: {_studies(studies)}"
        sheet.parts.append(_edge(nodes[one], nodes[other], middle, style, said))
    for node in nodes.values():
        _draw_node(sheet, node, asked=node.treatment == asked)
    sheet.y = max(node.y for node in nodes.values()) + _ROW


def _placed(people: Mapping[str, int], top: float, asked: str) -> list[_Node]:
    """Clockwise by name from the top: down on the right, up on the left."""
    names = sorted(people, key=lambda name: named(name).lower())
    rights = (len(names) + 1) // 2
    rows = {name: (at, True) for at, name in enumerate(names[:rights])}
    rows |= {name: (at, False) for at, name in enumerate(reversed(names[rights:]))}
    words = {name: tuple(_broken(named(name).split(" (")[0])) for name in names}
    most, middle, half = max(people.values()) or 1, (LEFT + RIGHT) / 2.0, rights * _ROW / 2.0
    rises = {name: ((row + 0.5) * _ROW - half) / half if half else 0.0 for name, (row, _) in rows.items()}
    radii = {name: max(_SMALLEST, _LARGEST * math.sqrt(people[name] / most)) for name in names}
    across = [
        ((RIGHT - LEFT) / 2.0 - _LARGEST - _GAP - max(wide(line, bold=name == asked, small=True) for line in words[name]))
        / max(math.sqrt(1.0 - rises[name] ** 2), 0.2)
        for name in names
    ]
    reach = max(min([*across, 130.0]), 20.0)
    return [
        _Node(
            name, people[name], middle + (1.0 if right else -1.0) * reach * math.sqrt(1.0 - rises[name] ** 2),
            top + half * (1.0 + rises[name]), radii[name], right, words[name],
        )
        for name, (_, right) in rows.items()
    ]  # fmt: skip


def _broken(name: str) -> list[str]:
    """A name in at most two lines, cut at a space or hyphen where there is one."""
    if len(name) <= _MOST_LETTERS:
        return [name]
    cut = 1 + max(name.rfind(mark, 0, _MOST_LETTERS) for mark in " -")
    head, tail = (name[:cut].rstrip(), name[cut:]) if cut else (f"{name[: _MOST_LETTERS - 1]}-", name[_MOST_LETTERS - 1 :])
    return [head, tail if len(tail) <= _MOST_LETTERS else f"{tail[: _MOST_LETTERS - 1]}\N{HORIZONTAL ELLIPSIS}"]


def _edge(one: _Node, other: _Node, middle: tuple[float, float], style: str, said: str) -> str:
    """A line that bends to the middle of the ring, so that it keeps clear of the nodes between its ends."""
    bent = [
        (a + b) / 2.0 + _BEND * (m - (a + b) / 2.0) for a, b, m in ((one.x, other.x, middle[0]), (one.y, other.y, middle[1]))
    ]
    path = f"M{one.x:.1f} {one.y:.1f}Q{bent[0]:.1f} {bent[1]:.1f} {other.x:.1f} {other.y:.1f}"
    return shape("path", said, d=path, style=f"fill:none;{style}")


def _draw_node(sheet: Sheet, node: _Node, *, asked: bool) -> None:
    palette = sheet.palette
    said = f"{named(node.treatment)}: {node.people:,} people"
    if asked:  # a ring around it, so that it is found without colour
        ring = f"fill:{palette.paper};stroke:{palette.treatment};stroke-width:2"
        sheet.parts.append(shape("circle", cx=node.x, cy=node.y, r=node.radius + 4.0, style=ring))
    fill = palette.treatment if asked else palette.had
    sheet.parts.append(
        shape("circle", said, cx=node.x, cy=node.y, r=node.radius, style=f"fill:{fill};stroke:{palette.paper};stroke-width:1")
    )
    away = node.radius + _GAP + (3.0 if asked else 0.0)
    x, anchor = (node.x + away, "start") if node.right else (node.x - away, "end")
    for at, line in enumerate(node.lines):
        y = node.y + LAYOUT.letters * (0.32 + 0.95 * (at - (len(node.lines) - 1) / 2.0))
        sheet.put(x, y, line, anchor, bold=asked, small=True)


def _key(sheet: Sheet, people: Mapping[str, int], treatment: str) -> None:
    least, most = min(people.values()), max(people.values())
    mark = f" The ringed dot is {spoken(treatment)}." if treatment in people else ""
    sheet.say(
        f"Dot: a treatment, larger where more people took part ({least:,} to {most:,}). Line: compared in the same study, "
        f"thicker with more studies.{mark}",
        muted=True, small=True,
    )  # fmt: skip
