"""The table of everything the app answers."""

from __future__ import annotations

from cleardays.web.api import entries
from cleardays.web.api.description import with_description
from cleardays.web.endpoint import Endpoint
from cleardays.web.pages import attack, first_run, theme, today

ENDPOINTS: tuple[Endpoint, ...] = with_description((*entries.ROWS, *attack.ROWS, *first_run.ROWS, *theme.ROWS, *today.ROWS))
from cleardays.web.pages import answer, attack, first_run, today

ENDPOINTS: tuple[Endpoint, ...] = with_description(
    (
        *entries.ROWS,
        *answer.ROWS,
        *attack.ROWS,
        *first_run.ROWS,
        *today.ROWS,
    )
)
from cleardays.web.pages import attack, first_run, goals, helpers, today

ENDPOINTS: tuple[Endpoint, ...] = with_description((
    *attack.ROWS,
    *entries.ROWS,
    *first_run.ROWS,
    *goals.ROWS,
    *helpers.ROWS,
    *today.ROWS,
))  # fmt: skip
