"""Our own pictures inside a page of the app: their styles as attributes, since the page runs no inline style."""

from __future__ import annotations

import re

from markupsafe import Markup

_STYLE = re.compile(r' style="([^"]*)"')
FONT = "system-ui, sans-serif"


def inline(svg: str) -> Markup:
    """A picture that we drew, as it may stand in a page.

    >>> inline('<g style="fill:none;stroke:var(--ink)"/>')
    Markup('<g fill="none" stroke="var(--ink)"/>')
    """
    return Markup(_STYLE.sub(_as_attributes, svg))  # our own drawing, its labels escaped there


def _as_attributes(found: re.Match[str]) -> str:
    pairs = (each.partition(":") for each in found[1].split(";") if each.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)
