"""How many people: of trials, for those who show their plan to the clinic. No names, no ids, no text of anybody's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import distinct, func, select

from cleardays.store import tables
from cleardays.store.tables_accounts import CLINIC, consent
from cleardays.trial.story.events import say_instant

if TYPE_CHECKING:
    from cleardays.store.book import Store

_FAMILY = "plan"


class Cell(NamedTuple):
    """How many people have a trial of a treatment for something in a phase."""

    treatment: str
    indication: str
    phase: str
    people: int


def cells_of(store: Store, *, now: datetime) -> tuple[Cell, ...]:
    """The counts as they are; whoever shows them to others has to withhold small ones."""
    trial, at = tables.trial, say_instant(now)
    asked = (
        select(trial.c.treatment, trial.c.indication, trial.c.phase, func.count(distinct(trial.c.person)))
        .join(consent, consent.c.person == trial.c.person)
        .where(consent.c.shown_to == CLINIC, consent.c.family == _FAMILY, consent.c.withdrawn_at.is_(None))
        .where(consent.c.given_at <= at, consent.c.until.is_(None) | (consent.c.until > at))
        .group_by(trial.c.treatment, trial.c.indication, trial.c.phase)
        .order_by(trial.c.treatment, trial.c.indication, trial.c.phase)
    )
    with store.database.reading() as connection:
        return tuple(Cell(*row) for row in connection.execute(asked))
