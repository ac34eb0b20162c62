"""The judged treatment in the catalogue, by any name."""

from __future__ import annotations

from cleardays.catalogue.treatments import Treatment, find_treatment, load_treatment, may_name_treatment, treatment_ids
from cleardays.problems import BadInput


def catalogued(treatment: str) -> Treatment | None:
    """The treatment where the catalogue holds it, else None.

    >>> catalogued("ketamine").id, catalogued("Botox").id, catalogued("examplamide")
    ('ketamine', 'onabotulinumtoxina', None)
    """
    name = treatment.strip().lower()
    if name in treatment_ids():  # no name need be looked up for an id
        return load_treatment(name)
    if not may_name_treatment(treatment):
        return None
    try:
        return find_treatment(treatment)
    except BadInput:
        return None
