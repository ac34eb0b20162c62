"""The fields of one JSON object, read exactly, with everything that is wrong collected.

Numbers are kept as they were written: 11.2 is 112/10 and no float beside it, so
that a threshold is met exactly or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from cleardays.problems import BadInput, Problem, shown

# Beyond these no diary or questionnaire goes; exact arithmetic on such a number could fill the memory.
_MOST_DIGITS, _LARGEST_EXPONENT, _SMALLEST_EXPONENT = 40, 9, -30


def as_written(text: str) -> Decimal | str:
    """A JSON number with its decimals as they stand; for `json.loads(parse_float=...)`."""
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that not even a Decimal holds: no number we can use
        return text


def exact(value: object) -> Fraction | None:
    """The number that a JSON value stands for; None where it is none that we can use.

    A float stands for the shortest decimal that is written the same.

    >>> exact(11.2), exact(True), exact(float("nan"))
    (Fraction(56, 5), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, int):
        return Fraction(value) if abs(value) < 10**_LARGEST_EXPONENT else None
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not number.is_finite() or len(number.as_tuple().digits) > _MOST_DIGITS:
        return None
    if not number:
        return Fraction(0)
    return Fraction(number) if _SMALLEST_EXPONENT < number.adjusted() < _LARGEST_EXPONENT else None


def as_json(value: Fraction | None) -> int | float | None:
    """A whole number as int, any other as the nearest float."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def say(value: Fraction) -> str:
    """A number in words' company: two decimals at most, cut and not rounded, so that 29.999 never reads as 30.

    >>> say(Fraction(112, 10)), say(Fraction(30)), say(Fraction(29999, 1000))
    ('11.2', '30', '29.99')
    """
    cut = int(value * 100)  # towards zero
    return f"{'-' if cut < 0 else ''}{abs(cut) // 100}.{abs(cut) % 100:02d}".rstrip("0").rstrip(".")


class Fields:
    """One JSON object. Absent and null both read as None; `told` keeps them apart."""

    def __init__(self, document: object, where: str) -> None:
        if not isinstance(document, dict):
            raise BadInput(Problem(where, "this is no JSON object.", "Give one object, its keys and values in braces."))
        self.document: dict[str, object] = document
        self.where = where
        self.problems: list[Problem] = []

    def add(self, key: str, what: str, try_this: str) -> None:
        """Note a problem with one key."""
        self.problems.append(Problem(f"{self.where}, {key}", what, try_this))

    def only(self, keys: Collection[str]) -> None:
        """Every other key is a problem: a misspelt one must not pass for "not told"."""
        for key in sorted(map(str, self.document.keys() - set(keys))):
            said = f"the key {shown(key)} is not known here."
            self.problems.append(Problem(self.where, said, f"Use {', '.join(keys)}."))

    def done(self) -> None:
        """Raises `BadInput` with everything found so far."""
        if self.problems:
            raise BadInput(self.problems)

    def told(self, key: str) -> bool:
        """Whether the key is there, null included."""
        return key in self.document

    def get(self, key: str) -> object:
        """The raw value."""
        return self.document.get(key)

    def word(self, key: str, words: Sequence[str]) -> str | None:
        """One of the words."""
        value = self.get(key)
        if value is None or (isinstance(value, str) and value in words):
            return value
        self.add(key, f"{_seen(value)} is not known.", f"Use one of {', '.join(words)}.")
        return None

    def number(self, key: str, least: int | None = None, most: int | None = None) -> Fraction | None:
        """A number, within a range where one is given."""
        return self._number(key, self.get(key), least, most)

    def numbers(
        self, key: str, count: int | None = None, least: int | None = None, most: int | None = None
    ) -> list[Fraction | None]:
        """A list of numbers or nulls; of so many where a count is given."""
        value = self.get(key)
        if isinstance(value, list) and (count is None or len(value) == count):
            return [self._number(f"{key}, number {place}", item, least, most) for place, item in enumerate(value, start=1)]
        wanted = "numbers" if count is None else f"{count} numbers"
        self.add(key, f"{_seen(value)} is no list of {wanted}.", f"Give a list of {wanted}, null where one is not known.")
        return []

    def _number(self, key: str, value: object, least: int | None, most: int | None) -> Fraction | None:
        if value is None:
            return None
        number = exact(value)
        if number is None:
            self.add(key, f"{_seen(value)} is no number we can use.", "Give a number, or null where it is not known.")
        elif (least is not None and number < least) or (most is not None and number > most):
            span = f"from {least} to {most}" if most is not None else f"of {least} or more"
            self.add(key, f"{_seen(value)} is out of range.", f"Use a number {span}.")
            return None
        return number


def _seen(value: object) -> str:
    return shown(value if isinstance(value, str) else json.dumps(value, default=str))
