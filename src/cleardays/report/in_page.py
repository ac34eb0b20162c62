"""Pictures inside a page of the app, whose policy forbids styles that are written into elements.

What a picture says of its marks as a style stands there as attributes instead; the colours stay the page's own variables.
"""

from __future__ import annotations

import re

# Inside a tag a `<` never stands bare, and a text of ours is escaped, so that only tags are met.
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_STYLE = re.compile(r' style="([^"]*)"')
_SHEET = re.compile(r"<style>.*?</style>", re.DOTALL)


def in_page(picture: str) -> str:
    """An SVG element as it may stand in a page of the app.

    >>> in_page('<rect x="1" style="fill:none;stroke-width:1.2"/>')
    '<rect x="1" fill="none" stroke-width="1.2"/>'
    """
    return _TAG.sub(lambda tag: _STYLE.sub(_attributes, tag.group()), _SHEET.sub("", picture))


def _attributes(style: re.Match[str]) -> str:
    pairs = (each.partition(":") for each in style.group(1).split(";") if each.strip())
    return "".join(f' {name.strip()}="{value.strip().removesuffix("px")}"' for name, _, value in pairs)
