"""One preventive that was tried: how much, for how long, with what outcome, and how that is known."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from cleardays.catalogue.names import find_medicine
from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.packaged import PACKAGE, read_toml

NO_EFFECT, PARTIAL, GOOD = "no effect", "partial", "good"
INTOLERABLE, CONTRAINDICATED = "intolerable", "contraindicated"
OTHERWISE, ONGOING = "stopped for another reason", "ongoing"
OUTCOMES = (NO_EFFECT, PARTIAL, GOOD, INTOLERABLE, CONTRAINDICATED, OTHERWISE, ONGOING)
FROM_DIARY, PHARMACY, RECALL, FROM_CHART = "diary", "pharmacy", "recall", "chart"
EVIDENCE = (FROM_DIARY, PHARMACY, RECALL, FROM_CHART)
# What `max_dose` is the greatest of.
DOSE_TAKEN, DOSE_CONFIRMED, DOSE_TOLD = "taken", "confirmed", "told"


class Tried(NamedTuple):
    """One preventive that was tried; None was not told, and is never 0.

    `treatment` is the id of the catalogue, or the name as it was told where that is not in it. `last` None: it goes on, or
    nobody said when it ended; `outcome` tells these apart. `weeks` is how long it was taken in all where that was told in
    place of days. `max_dose` is the greatest dose a day, `dose_is` says whether it was taken, confirmed, or told later.
    `assumed` is the share of its doses of which nothing was told and which count as taken; `weeks_told` are the weeks at the
    target without them, None where the weeks themselves were told.
    """

    treatment: str
    classes: tuple[str, ...]
    max_dose: str | None
    weeks_at_target: float | None
    first: date | None
    last: date | None
    outcome: str | None
    reason_stopped: str | None
    evidence: str
    trial: str | None
    weeks: float | None = None
    dose_is: str | None = None
    assumed: float | None = None
    told_as: str | None = None
    weeks_told: float | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output; `read_tried` makes the same of it."""
        days = {name: None if (day := getattr(self, name)) is None else day.isoformat() for name in ("first", "last")}
        return {**self._asdict(), "classes": list(self.classes), **days}


def read_tried(document: dict[str, Any]) -> Tried:
    """One from its own document."""
    days = {name: None if document[name] is None else date.fromisoformat(document[name]) for name in ("first", "last")}
    return Tried(**{**document, "classes": tuple(document["classes"]), **days})


def known_as(name: str) -> tuple[str, tuple[str, ...]]:
    """The one name under which a medicine is counted, whatever it was called, and its classes.

    >>> known_as("Topamax"), known_as("Nadolol"), known_as("examplamide")
    (('topiramate', ('antiseizure', 'carbonic_anhydrase_inhibitor')), ('nadolol', ('beta_blocker',)), ('examplamide', ()))
    """
    medicine = find_medicine(name)
    known = " ".join(name.casefold().split()) if medicine is None else medicine.id
    if known in treatment_ids():
        return known, load_treatment(known).classes
    found = resolve(name) if medicine is not None else None
    return known, () if found is None else tuple(sorted({_preventive()[each] for each in found.classes & _preventive().keys()}))


@cache
def _preventive() -> dict[str, str]:
    """Which classes by effect are classes of preventives, and how those are called there."""
    classes: dict[str, str] = read_toml(PACKAGE / "trial" / "data" / "adequacy.toml")["classes"]["by_effect"]
    return classes
