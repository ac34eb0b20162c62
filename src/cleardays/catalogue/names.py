"""Which medicine a written name stands for: for certain, or not at all.

A name is looked up as a whole; then what may stand beside a name (amounts,
forms, salts, counts) is put aside word by word, and the rest is looked up again.
Nothing is completed, corrected or taken for something similar: a name that is
unknown, or that several products share, gives None, so that the person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from cleardays.catalogue.medicine_table import Entry, name_table, name_words
from cleardays.catalogue.spelling import COMMA, JOIN, is_aside, is_joining, is_number, is_stronger, plain, words_of
from cleardays.medicines import Medicine

_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


class _Known(NamedTuple):
    medicine: Medicine | None  # None: a name that leaves the medicine open
    generic: bool


class _Index(NamedTuple):
    names: dict[str, _Known]
    combinations: dict[frozenset[str], Entry]
    most_parts: int


@cache
def _index() -> _Index:
    table = name_table()
    names: dict[str, _Known] = {}
    for entry in table.entries:
        names.update({key_of(name): _Known(entry.medicine, True) for name in (*entry.names, *entry.misspellings)})
        names.update({key_of(name): _Known(entry.medicine, False) for name in entry.brands})
    for group in table.unresolved:
        names.update({key_of(name): _Known(None, False) for name in group.names})
    combinations = {entry.ingredients: entry for entry in table.entries if entry.ingredients and not entry.by_name_only}
    return _Index(names, combinations, max(map(len, combinations)))


def key_of(name: str) -> str:
    """Under which key a name is kept; names with one key are one name.

    >>> key_of("Co-Codamol") == key_of("cocodamol")
    True
    """
    lower = name.lower()
    if name.isascii() and name.isalpha() and not is_joining(lower):
        return lower  # one plain word, which most names are
    return "".join(words_of(name))


def find_medicine(text: str) -> Medicine | None:
    """The medicine that a name stands for, or None when that is not certain.

    >>> find_medicine("Acetaminophen (500 mg)").id
    'paracetamol'
    >>> find_medicine("caffeine + aspirin").acute_class
    'combination'
    >>> find_medicine("sumatripan"), find_medicine("botulinum toxin")
    (None, None)
    """
    return _find(text) if len(text) <= name_words().longest_text else None


@lru_cache(maxsize=4096)
def _find(text: str) -> Medicine | None:
    written = plain(text)
    found = _resolve(words_of(written))
    if found is not None or _BRACKETS.search(written) is None:
        return found
    # "Paracetamol (Tylenol)": outside and inside the brackets must say the same.
    outside = _resolve(words_of(_BRACKETS.sub(" ", written)))
    inside = [words for words in map(words_of, _BRACKETS.findall(written)) if not all(map(is_aside, words))]
    return outside if all(_resolve(words) == outside for words in inside) else None


def _resolve(words: Sequence[str]) -> Medicine | None:
    found = _one(words)
    if found is not None or not {JOIN, COMMA} & set(words):
        return found
    parts = _parts(words)
    medicines = [_one(part) for part in parts]
    ingredients = frozenset(medicine.id for medicine in medicines if medicine is not None)
    entry = _index().combinations.get(ingredients)
    if entry is None or len(ingredients) < len(parts) or (COMMA in words and not entry.written_with_commas):
        return None
    return entry.medicine


def _parts(words: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word not in (JOIN, COMMA):
            parts[-1].append(word)
        elif parts[-1]:  # ", and" joins once
            parts.append([])
    return parts


def _one(words: Sequence[str]) -> Medicine | None:
    """A name as listed, else what is left of it when the words beside it are put aside."""
    names = _index().names
    known = names.get("".join(words))
    if known is not None:
        return known.medicine
    doubtful = _may_be_a_product_number(words)
    rest = list(words)
    while rest:
        if is_aside(rest[-1]):
            doubtful |= is_stronger(rest.pop())
        elif is_aside(rest[0]):
            rest.pop(0)
        else:
            return None
        known = names.get("".join(rest))
        if known is not None:
            certain = (known.generic or not doubtful) and not _counts_another(rest, known)
            return known.medicine if certain else None
    return None


def _may_be_a_product_number(words: Sequence[str]) -> bool:
    """A lone low number at the end: "Tylenol 3" is another medicine than Tylenol, "Advil x2" is not."""
    if len(words) < 2 or not words[-1].isdecimal() or words[-2] == "x":
        return False
    return int(words[-1]) < name_words().product_numbers_below


def _counts_another(rest: Sequence[str], known: _Known) -> bool:
    """Whether a number in the name might as well count: three tablets of Tylenol, or tablets of Tylenol 3."""
    stem = _index().names.get("".join(rest[:-1])) if is_number(rest[-1]) else None
    return stem is not None and stem.medicine != known.medicine


# ---- several names in one writing

_LISTS = re.compile(r"[;|\n\r；、]")


@cache
def _between() -> re.Pattern[str]:
    words = "|".join(map(re.escape, name_words().joining_and))
    # a comma between two digits is a decimal comma
    return re.compile(rf"[+&，]|,(?!\d)|(?<!\d),|(?<=\s)(?:{words})(?=\s)", re.IGNORECASE)


def split_names(text: str) -> list[str]:
    """Cut a list of medicines into its names, as they were written.

    A combination that the table knows stays whole ("aspirin + caffeine"); "/" cuts
    only where every part is a name for certain.

    >>> split_names("1x Naproxen, 1x Sumatriptan; aspirin + caffeine and Zomig | Tylenol/Advil")
    ['1x Naproxen', '1x Sumatriptan', 'aspirin + caffeine', 'Zomig', 'Tylenol', 'Advil']
    """
    return [name for line in _LISTS.split(text) for piece in _pieces(line) for name in _slashed(piece)]


def _pieces(line: str) -> list[str]:
    """Cut at commas, "+" and "and", the longest known combination first."""
    ends = [(match.start(), match.end()) for match in _between().finditer(line)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(line)]
    spans = [(a, b) for a, b in zip(starts, stops, strict=True) if line[a:b].strip()]
    pieces: list[str] = []
    at = 0
    while at < len(spans):
        for size in range(min(_index().most_parts, len(spans) - at), 0, -1):
            piece = line[spans[at][0] : spans[at + size - 1][1]].strip()
            if size == 1 or find_medicine(piece) is not None:
                pieces.append(piece)
                at += size
                break
    return pieces


def _slashed(piece: str) -> list[str]:
    if "/" not in piece or len(piece) > name_words().longest_text or find_medicine(piece) is not None:
        return [piece]
    parts = [part.strip() for part in piece.split("/")]
    return parts if all(find_medicine(part) is not None for part in parts) else [piece]


# ---- a name and its amount


@cache
def _amount() -> tuple[re.Pattern[str], dict[str, str]]:
    units = {plain(written): unit for unit, group in name_words().units.items() for written in group}
    longest_first = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    return re.compile(rf"(?<![\d.,])(\d{{1,9}}(?:[.,]\d{{1,9}})?)\s*({longest_first})(?![^\W\d_])"), units


# "2 x 50 mg", "5/325 mg" and "25-50 mg" are more than one amount.
_PART_OF_MORE = re.compile(r"\d\s*[x*×/–-]\s*$")
# 1,000 and 1.000 are a thousand to some and one to others.
_TWO_READINGS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def split_amount(text: str) -> tuple[str, Decimal | None, str | None]:
    """Part "Sumatriptan 50mg" into the name, the amount as written and its unit.

    The amount is that of one piece: a count ("2x") stays with the name. Where there
    is no amount, or more than one, or it can be read in two ways, the text comes
    back whole, with None and None.

    >>> split_amount("Sumatriptan (50 mg)")
    ('Sumatriptan', Decimal('50'), 'mg')
    >>> split_amount("Percocet 5/325 mg")
    ('Percocet 5/325 mg', None, None)
    """
    pattern, units = _amount()
    whole = (text.strip(), None, None)
    folded = text.replace("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}").lower()
    if len(text) > name_words().longest_text or len(folded) != len(text):
        return whole
    found = list(pattern.finditer(folded))
    if len(found) != 1 or _PART_OF_MORE.search(folded[: found[0].start()]) or _TWO_READINGS.fullmatch(found[0][1]):
        return whole
    name = f"{text[: found[0].start()]} {text[found[0].end() :]}"
    name = " ".join(re.sub(r"[(\[]\s*[)\]]", " ", name).split()).strip(" ,:;-")
    return name, Decimal(found[0][1].replace(",", ".")), units[found[0][2]]
