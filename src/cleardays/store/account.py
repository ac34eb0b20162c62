"""One account, as everybody sees it: nothing in it proves who somebody is."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Account(NamedTuple):
    """Who signs in. `person` names whose story is theirs, None of anybody else or once that person was erased."""

    id: str
    login: str
    name: str
    role: str
    person: str | None
    active: bool
    created_at: datetime
