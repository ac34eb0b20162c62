"""One word for each way a unit is written, and amounts from one unit to another of its kind."""

from __future__ import annotations

from cleardays.catalogue.suggesting import letters

# Weights are one family; every other unit is its own.
_IN_MG = {"ug": 0.001, "mcg": 0.001, "microgram": 0.001, "micrograms": 0.001, "mg": 1.0, "milligram": 1.0, "milligrams": 1.0,
          "g": 1000.0, "gram": 1000.0, "grams": 1000.0}  # fmt: skip
_UNITS_OF_TOXIN = ("u", "unit", "units", "allerganunits", "allerganunit")


def unit_of(written: str | None) -> str | None:
    """The unit as rules write it.

    >>> unit_of("units"), unit_of("MG")
    ('U', 'mg')
    """
    if written is None:
        return None
    plain = letters(written)
    return "U" if plain in _UNITS_OF_TOXIN else ("mg" if plain in ("milligram", "milligrams") else plain)


def in_unit(amount: float | None, written: str | None, wanted: str) -> float | None:
    """An amount in another unit of its kind; None where it is not told or is of another kind.

    >>> in_unit(0.5, "g", "mg")
    500.0
    """
    if amount is None or written is None:
        return None
    if unit_of(written) == wanted:
        return amount
    factor, of_wanted = _IN_MG.get(letters(written)), _IN_MG.get(wanted)
    return None if factor is None or of_wanted is None else amount * factor / of_wanted
