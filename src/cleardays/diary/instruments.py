"""Questionnaires, scored from their items or from a typed total; no wording ships.

Ranges, bands and sources are in `instruments.toml`. A total or an answer outside
its range is rejected: `valid` is false and there is no total. A missing answer is
never filled in. What can be said in spite of that, is: an answer above 0 to item 9
of the PHQ-9 asks for the safety screen whatever else is missing.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from cleardays.diary.fields import Fields, as_json, say
from cleardays.diary.kleene import Tri
from cleardays.diary.rules import read_rules
from cleardays.sources import Reason

Instrument = dict[str, Any]
Answers = list[Fraction | None]
UNSTATED = "other"
_SEX, _POLICY = "sex", ("advice-policy",)


@cache
def instruments() -> dict[str, Instrument]:
    """The packaged instruments by name."""
    return {name: table for name, table in read_rules("instruments").items() if isinstance(table, dict) and name != _SEX}


@cache
def sexes() -> dict[str, str]:
    """The words that `sex` may be, and the row of limits that each is scored by."""
    return {word: row for row, words in read_rules("instruments")[_SEX].items() if row != "source" for word in words}


def total_range(name: str) -> tuple[int, int]:
    """The lowest and the highest total of a questionnaire."""
    least, most = instruments()[name]["total"]
    return least, most


def read_sex(fields: Fields) -> tuple[str, list[Reason]]:
    """The row of limits to use, and what was assumed where it was not said."""
    told = fields.get("sex")
    if isinstance(told, str):
        fields.document = {**fields.document, "sex": told.lower()}
    word = fields.word("sex", tuple(sexes()))
    row = sexes().get(word or UNSTATED, UNSTATED)
    if row != UNSTATED:
        return row, []
    return row, [Reason("measure.sex", "Neither female nor male was said; the more cautious limit is used.", _POLICY)]


def score_questionnaire(fields: Fields, name: str) -> dict[str, object]:
    """Score one questionnaire from `items` or `total`.

    Raises:
        BadInput: with every key and value that cannot be read.
    """
    table = instruments()[name]
    fields.only(("instrument", "items", "total", "sex", *table.get("beside", ())))
    sex, assumed = read_sex(fields)
    items = _items(fields, table)
    typed = fields.number("total")
    beside = {key: fields.number(key) for key in table.get("beside", ())}
    if not fields.told("items") and not fields.told("total"):
        fields.add("items", "there are neither items nor a total.", 'Give {"items": [...]}, or {"total": ...} alone.')
    fields.done()
    faults = [*_faulty_items(table, items), *_faulty_total(table, items, typed), *_faulty_beside(table, beside)]
    total = None
    if not faults and "total" in table:
        total = typed if items is None else sum((item for item in items if item is not None), Fraction(0))
    found = _say_total(table, total, sex)
    safety, ask = _safety(table, items, total)
    review, look = _all_from_review_item(table, items, total, found["positive"])
    scales = _scales(table, [] if faults or items is None else items)
    said = [*faults, *ask, *found.pop("said"), *look]
    if table["unconfirmed"] and not faults:
        said.append(f"Known from memory only, not seen in a source: {', '.join(table['unconfirmed'])}.")
    reasons = [Reason(f"measure.{name}", text, tuple(table["source"])) for text in said]
    return {
        "instrument": name,
        "total": as_json(total),
        **found,
        "valid": not faults,
        "safety_screen": safety,
        "review_item1_only": review,
        **scales,
        "reasons": [reason.document() for reason in [*reasons, *(assumed if _by_sex(table) else [])]],
    }


def _items(fields: Fields, table: Instrument) -> Answers | None:
    given = fields.get("items")
    if given is None:
        return None
    beside = table.get("unscored_items", ())
    if isinstance(given, list) and beside and len(given) == table["items"] + len(beside):
        given = given[: table["items"]]  # the last ones stand on the form and are not scored
        fields.document = {**fields.document, "items": given}
    if table.get("yes_no") and isinstance(given, list):
        fields.document = {**fields.document, "items": [int(item) if isinstance(item, bool) else item for item in given]}
    return fields.numbers("items")


def _faulty_items(table: Instrument, items: Answers | None) -> list[str]:
    if items is None:
        return []
    if len(items) != table["items"]:
        return [f"There are {len(items)} items; {table['items']} are scored."]
    faults = []
    least, most = table.get("item", (None, None))
    wanted = f"a whole number from {least} to {most}" if "item" in table else "one of " + ", ".join(map(str, table["answers"]))
    for number, item in enumerate(items, start=1):
        if item is None:
            faults.append(f"Item {number} is not answered; nothing is filled in.")
        elif (
            item not in table.get("answers", (item,))
            or item.denominator != 1
            or ("item" in table and not least <= item <= most)
        ):
            faults.append(f"Item {number} is {say(item)}; an answer is {wanted}.")
    for together in table.get("share_the_period", ()):
        days = sum((items[number - 1] or Fraction(0) for number in together), Fraction(0))
        if days > table["period_days"]:
            listed = " and ".join(map(str, together))
            faults.append(f"Items {listed} together are {say(days)} days; the period has {table['period_days']}.")
    return faults


def _faulty_total(table: Instrument, items: Answers | None, typed: Fraction | None) -> list[str]:
    if "total" not in table:
        return ["It has no total; give the items."] if items is None else []
    if typed is None:
        return ["The total is not known."] if items is None else []
    least, most = table["total"]
    if typed.denominator != 1 or not least <= typed <= most:
        return [f"The total is {say(typed)}; it is a whole number from {least} to {most}."]
    if items is not None and None not in items and sum(item or 0 for item in items) != typed:
        return [f"The total is {say(typed)}, and the items do not add up to it."]
    return []


def _faulty_beside(table: Instrument, beside: dict[str, Fraction | None]) -> list[str]:
    faults = []
    for key, value in beside.items():
        least, most = table["beside"][key]
        if value is not None and not least <= value <= most:
            faults.append(f"{key} is {say(value)}; it is from {least} to {most}.")
    return faults


def _say_total(table: Instrument, total: Fraction | None, sex: str) -> dict[str, Any]:
    """Grade, band or level, and whether it is positive; all None without a total."""
    found: dict[str, Any] = {**dict.fromkeys(("grade", "band", "level", "positive", "positive_screen")), "said": []}
    if total is None:
        return found
    for band in table.get("bands", ()):
        if total >= band["from"]:
            found[table["bands_are"]] = band["is"]
    if "bands_are" in table:
        found["said"].append(f"A total of {say(total)} is {table['bands_are']} {_words(found[table['bands_are']])}.")
    for key in ("positive", "positive_screen"):
        if key in table:
            ((how, limit),) = table[key].items()
            limit = limit[sex] if isinstance(limit, dict) else limit
            found[key] = {"from": total >= limit, "above": total > limit, "up_to": total <= limit}[how]
            words = {"from": f"{limit} or more", "above": f"above {limit}", "up_to": f"{limit} or less"}[how]
            found["said"].append(f"{_words(key).capitalize()} is {words}; the total is {say(total)}.")
    return found


def _words(key: str) -> str:
    return key.replace("_", " ")


def _by_sex(table: Instrument) -> bool:
    return any(isinstance(limit, dict) for limit in table.get("positive", {}).values())


def _safety(table: Instrument, items: Answers | None, total: Fraction | None) -> tuple[Tri, list[str]]:
    """Whether the safety item is above 0; from a bare total only where no other answers could add up to it."""
    number = table.get("safety_item")
    if number is None:
        return None, []
    if items is not None:
        answer = items[number - 1] if len(items) >= number else None
        screen = None if answer is None or answer < 0 else answer > 0
    elif total is None:
        screen = None
    else:
        without = (table["items"] - 1) * table["item"][1]
        screen = True if total > without else False if total == 0 else None
    if screen is None:
        return None, [f"Item {number} is not known: ask it."]
    return screen, [f"Item {number} is above 0: ask about safety now, whatever the total."] if screen else []


def _all_from_review_item(
    table: Instrument, items: Answers | None, total: Fraction | None, positive: Tri
) -> tuple[Tri, list[str]]:
    """Whether it is positive with every point from one item; open from a bare total that this item could hold alone."""
    number = table.get("review_item")
    if number is None or total is None or positive is None:
        return None, []
    if not positive:
        return False, []
    if items is None:
        return (None if total <= table["item"][1] else False), []
    if items[number - 1] != total:
        return False, []
    return True, [f"All points come from item {number}: drinking is probably within limits; look at it again."]


def _scales(table: Instrument, items: Answers) -> dict[str, float | int | None]:
    """Separate scores from 0 to 100; all None where the questionnaire has none."""
    scores: dict[str, float | int | None] = dict.fromkeys(("rfr", "rfp", "ef"))
    if items:
        for scale, (first, last) in table.get("scales", {}).items():
            answers = [item for item in items[first - 1 : last] if item is not None]
            least, most = (limit * len(answers) for limit in table["item"])
            scores[scale] = as_json(100 * (sum(answers, Fraction(0)) - least) / (most - least))
    return scores
