"""The packaged rules of the pages."""

from __future__ import annotations

from functools import cache
from typing import Any

from cleardays.packaged import PACKAGE, read_toml


@cache
def page_rules() -> dict[str, Any]:
    """All tables of `data/page_rules.toml`."""
    return read_toml(PACKAGE / "trial" / "account" / "data" / "page_rules.toml")
