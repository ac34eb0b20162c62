"""A medicine of a person with its name read."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.catalogue.resolving import Resolved
from cleardays.plan.person import TakenMedicine


class Medicine(NamedTuple):
    """What it is, and what was told of it."""

    is_a: Resolved
    told: TakenMedicine
