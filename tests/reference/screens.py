"""What can be seen on a screen: its words, what can be tapped, and how much light it gives."""

from __future__ import annotations

import base64
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

GUARD_MS = 750  # the attack screen takes no second tap before
_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


class Seen(NamedTuple):
    """The words that can be read, and the boxes that can be tapped."""

    words: list[str]
    targets: list[dict[str, float]]

    @property
    def smallest_gap(self) -> float:
        """Between any two targets, in CSS pixels."""
        return min((_gap(*pair) for pair in combinations(self.targets, 2)), default=float("inf"))


def asked(page, what, with_=None):
    """What one of the functions of screens.js says of a page."""
    return page.evaluate(f"(with_) => {_SCRIPT.rstrip()}.{what}(with_)", with_)


def measured(page) -> Seen:
    """What can be seen of a page now."""
    found = asked(page, "seen")
    return Seen(found["words"], found["targets"])


def luminance(browser, picture: bytes) -> float:
    """The mean relative luminance of a picture, from 0 (black) to 1 (white)."""
    page = browser.new_page()
    try:
        return asked(page, "light", f"data:image/png;base64,{base64.b64encode(picture).decode()}")
    finally:
        page.close()


def _gap(one, other) -> float:
    across = max(one["x"], other["x"]) - min(one["x"] + one["width"], other["x"] + other["width"])
    down = max(one["y"], other["y"]) - min(one["y"] + one["height"], other["y"] + other["height"])
    return max(across, down)


def tap(page, name):
    """Tap a button of the attack screen, and wait until it takes the next one."""
    page.get_by_role("button", name=name).click()
    page.wait_for_timeout(GUARD_MS)


def ready(page):
    """The attack screen with its script at work."""
    page.locator("#attack[data-ready]").wait_for()
    return page
