"""An address as a picture that a phone reads: dark on light whatever the theme, as cameras need it."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup, escape


def qr(address: str, title: str) -> Markup:
    """The code as an SVG element with a title, without styles or scripts.

    Args:
        address: what it leads to.
        title: what it is, for whoever does not see it.
    """
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        drawn, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=4, dark="#000", light="#fff"
    )
    head, body = drawn.getvalue().decode("ascii").strip().split(">", 1)
    return Markup(
        f'{head} role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>{body}'
    )  # only squares and escaped text
