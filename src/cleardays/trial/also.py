"""Another treatment, as the caller of a review names it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Also(NamedTuple):
    """Its name, its first day, and its last one (None: it goes on)."""

    name: str
    first: date
    last: date | None = None
