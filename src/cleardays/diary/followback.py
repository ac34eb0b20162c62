"""Drinks day by day (Timeline Followback) and the WHO risk level of a mean a day.

A day that was not assessed is never an abstinent one: rates are per assessed day,
with a line beside them in which every missing day is a day of heavy drinking.
"""

from __future__ import annotations

from fractions import Fraction

from cleardays.diary.fields import Fields, as_json, say
from cleardays.diary.instruments import instruments, read_sex
from cleardays.diary.rules import day_rules
from cleardays.diary.windows import INSUFFICIENT, grade
from cleardays.sources import Reason

_RATES = ("pda", "phdd", "ddd", "drinks_per_day", "g_per_day", "pda_missing_as_use", "phdd_missing_as_heavy")


def count_drinks(fields: Fields, name: str) -> dict[str, object]:
    """Rates from a list of standard drinks a day, null where a day was not assessed.

    `pda` and `phdd` are per cent of the assessed days that were abstinent and heavy,
    `ddd` drinks per drinking day.

    Raises:
        BadInput: with every key and value that cannot be read.
    """
    table = instruments()[name]
    fields.only(("instrument", "drinks", "sex"))
    sex, assumed = read_sex(fields)
    drinks = fields.numbers("drinks")
    fields.done()
    heavy_from = table["heavy_from"][sex]
    known = [day for day in drinks if day is not None]
    quality = grade(len(known), len(drinks), day_rules())
    wrong = [
        f"Day {number} has {say(day)} drinks." for number, day in enumerate(drinks, start=1) if day is not None and day < 0
    ]
    rates: dict[str, Fraction | None] = dict.fromkeys(_RATES)
    said = [*wrong, f"A heavy drinking day has {heavy_from} or more standard drinks of {table['standard_drink_g']} g."]
    if quality == INSUFFICIENT:
        said.append(f"Only {len(known)} of {len(drinks)} days were assessed; that is too few for a rate.")
    elif not wrong:
        rates = _rates(known, len(drinks) - len(known), heavy_from, table["standard_drink_g"])
    reasons = [*(Reason(f"measure.{name}", text, tuple(table["source"])) for text in said), *assumed]
    return {
        "instrument": name,
        "valid": not wrong,
        "n_days": len(drinks),
        "assessed": len(known),
        "quality": quality,
        **{key: as_json(rate) for key, rate in rates.items()},
        "reasons": [reason.document() for reason in reasons],
    }


def _rates(known: list[Fraction], missing: int, heavy_from: int, drink_g: int) -> dict[str, Fraction | None]:
    assessed, total = len(known), sum(known, Fraction(0))
    abstinent = sum(day == 0 for day in known)
    heavy = sum(day >= heavy_from for day in known)
    return {
        "pda": Fraction(100 * abstinent, assessed),
        "phdd": Fraction(100 * heavy, assessed),
        "ddd": total / (assessed - abstinent) if assessed > abstinent else None,
        "drinks_per_day": total / assessed,
        "g_per_day": drink_g * total / assessed,
        "pda_missing_as_use": Fraction(100 * abstinent, assessed + missing),
        "phdd_missing_as_heavy": Fraction(100 * (heavy + missing), assessed + missing),
    }


def risk_level(fields: Fields, name: str) -> dict[str, object]:
    """The level of a mean of grams of ethanol a day; a limit belongs to the lower level.

    Raises:
        BadInput: with every key and value that cannot be read.
    """
    table = instruments()[name]
    fields.only(("instrument", "g_per_day", "sex"))
    sex, assumed = read_sex(fields)
    grams = fields.number("g_per_day")
    if not fields.told("g_per_day"):
        fields.add("g_per_day", "it is missing.", "Give the mean of grams of ethanol a day.")
    fields.done()
    limits, level = table["up_to"][sex], None
    if grams is None:
        text = "The grams a day are not known."
    elif grams < 0:
        text = f"{say(grams)} g a day is less than none."
    else:
        level = table["levels"][sum(grams > limit for limit in limits)] if grams else table["none"]
        listed = ", ".join(f"{of} to {limit} g" for of, limit in zip(table["levels"], limits, strict=False))
        text = f"{say(grams)} g a day; {listed}, {table['levels'][-1].replace('_', ' ')} above."
    reasons = [Reason(f"measure.{name}", text, tuple(table["source"])), *assumed]
    return {
        "instrument": name,
        "level": level,
        "valid": level is not None,
        "reasons": [reason.document() for reason in reasons],
    }
