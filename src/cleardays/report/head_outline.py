"""A head from four sides, and where on it each site of a toxin protocol lies, about.

Each view is drawn in its own box. Positions are given for one side of the head, from its
midline or on its profile, and are mirrored for the other; they are spread far enough for
every mark to be read, so distances are not to scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cleardays.plan.toxin_sites import LEFT, MIDLINE, RIGHT

FRONT, BACK = "front", "back"


class View(NamedTuple):
    """One drawing: its box in the picture, the middle of its own box, its lines, bold outline first."""

    left: float
    top: float
    wide: float
    lines: tuple[str, ...]
    fine: tuple[str, ...]


class Place(NamedTuple):
    """Where a muscle is shown: on which view, and its sites; those beyond the fixed ones last."""

    view: str
    fixed: tuple[tuple[float, float], ...]
    added: tuple[tuple[float, float], ...] = ()


# On the front and the back x counts from the midline outwards; on a profile it counts from the nose backwards.
PLACES: Mapping[str, Place] = {
    "corrugator": Place(FRONT, ((19, 82),)),
    "procerus": Place(FRONT, ((0, 97),)),
    "frontalis": Place(FRONT, ((14, 56), (39, 60))),
    "temporalis": Place("side", ((104, 87), (104, 62), (80, 76), (128, 62)), ((82, 50), (129, 86))),
    "occipitalis": Place(BACK, ((32, 113), (52, 93), (13, 94)), ((36, 71), (14, 63))),
    "cervical-paraspinal": Place(BACK, ((13, 175), (28, 155))),
    "trapezius": Place(BACK, ((62, 226), (88, 233), (114, 241)), ((76, 257), (102, 264), (50, 250), (128, 270))),
}

_FACE = (
    "M90 12C130 12 150 44 149 88C148 108 146 126 139 146C131 170 113 194 90 195"
    "C67 194 49 170 41 146C34 126 32 108 31 88C30 44 50 12 90 12Z"
)
_FRONT = (
    _FACE,
    "M31 96C22 92 20 106 26 121C29 130 36 133 39 130",
    "M149 96C158 92 160 106 154 121C151 130 144 133 141 130",
    "M63 183C63 198 61 208 56 216M117 183C117 198 119 208 124 216",
)
_FRONT_FINE = (
    "M33 80C35 44 56 32 90 32C124 32 145 44 147 80",
    "M42 109C50 102 62 102 72 107M138 109C130 102 118 102 108 107",
    "M45 121C52 114 65 114 71 122C64 126 52 126 45 121ZM135 121C128 114 115 114 109 122C116 126 128 126 135 121Z",
    "M58 120m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M122 120m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
    "M86 116C86 130 82 140 79 147C83 152 97 152 101 147C98 140 94 130 94 116",
    "M70 169C80 164 86 166 90 167C94 166 100 164 110 169C100 178 80 178 70 169ZM70 169C84 171 96 171 110 169",
)
_SIDE = (
    "M103 12C64 12 38 38 38 74C38 84 40 90 38 97C35 107 26 118 21 127C20 132 27 134 33 134C34 138 29 140 30 144"
    "C31 147 36 147 36 148C34 150 31 152 33 156C35 160 38 160 38 165C37 172 36 178 41 184C50 190 70 186 82 180"
    "C84 192 83 204 79 216",
    "M103 12C146 12 169 46 166 90C165 116 158 134 150 148C146 164 150 196 160 216",
    "M106 118C104 104 110 97 118 98C128 100 128 114 122 122C118 128 118 136 112 136C107 136 106 128 107 124",
)
_SIDE_FINE = (
    "M56 34C60 44 62 50 60 60C58 74 56 84 64 94C71 101 84 101 92 105C98 109 98 116 99 126",
    "M147 152C136 148 126 142 122 132",
    "M44 100C51 94 58 95 63 99M47 109C52 105 58 106 62 111M48 110C51 114 56 114 59 111",
    "M31 147C36 149 42 148 47 146M27 128C31 126 35 127 36 131",
    "M82 180C92 174 102 162 108 144M111 108C116 104 121 108 119 114C117 120 113 118 112 124",
)
_BACK = (
    "M142 150C136 172 140 186 132 196C118 207 84 209 56 221C36 230 28 254 26 290"
    "M218 150C224 172 220 186 228 196C242 207 276 209 304 221C324 230 332 254 334 290",
    "M142 150C118 138 110 108 110 84C110 40 140 12 180 12C220 12 250 40 250 84C250 108 242 138 218 150",
    "M112 98C102 92 99 104 105 118C108 127 114 130 119 127M248 98C258 92 261 104 255 118C252 127 246 130 241 127",
)
_BACK_FINE = (
    "M142 150C150 140 160 136 166 140C172 143 188 143 194 140C200 136 210 140 218 150",
    "M175 116C177 121 183 121 185 116",
)

# Right is drawn on the left of the picture, as the face is seen.
VIEWS: Mapping[str, View] = {
    FRONT: View(0, 24, 180, _FRONT, _FRONT_FINE),
    RIGHT: View(0, 274, 180, _SIDE, _SIDE_FINE),
    LEFT: View(180, 274, 180, _SIDE, _SIDE_FINE),
    BACK: View(0, 538, 360, _BACK, _BACK_FINE),
}
WIDE, TALL = 360.0, 840.0


def spot(muscle: str, side: str, at: int, *, added: bool) -> tuple[float, float] | None:
    """Where the mark of a muscle's site stands in the picture; None where there is no place for it.

    `at` counts the fixed, or the added, sites of that muscle on that side from 0.
    """
    place = PLACES.get(muscle)
    if place is None or (side == MIDLINE) is not all(x == 0 for x, _ in place.fixed):
        return None
    places = place.added if added else place.fixed
    if at >= len(places):
        return None
    view = VIEWS[side if place.view == "side" else place.view]
    x, y = places[at]
    return view.left + _across(place.view, view.wide, x, side), view.top + y


def _across(view: str, wide: float, x: float, side: str) -> float:
    """The nose of the right profile points to the right; from the front a person's right is on the left."""
    if view == "side":
        return wide - x if side == RIGHT else x
    on_the_right = side == (LEFT if view == FRONT else RIGHT)
    return wide / 2 + (x if on_the_right else -x)
