"""One spelling for all the ways a medicine's name is written: a list of plain words.

Capital letters, accents, hyphens, spaces, dots and widths do not matter; letters
and digits are words of their own ("Sumatriptan50mg", "Co-Q10"). What joins the
parts of a combination becomes "+"; a comma stays, because it also parts lists;
what can only part a list becomes ";".
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from cleardays.catalogue.medicine_table import name_words

JOIN = "+"
COMMA = ","
LIST = ";"
_MARKS = (JOIN, COMMA, LIST)
_WORDS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[+/&,%]|(?P<list>[;|、\n\r])")
# Only the marks of alphabets like ours: those of Indic scripts are vowels, the Japanese ones are other sounds.
_ACCENTS = re.compile("[\u0300-\u036f]")
_TRADE_SIGNS = re.compile("[®™℠©]")


class _Kinds(NamedTuple):
    """The listed words, spelled plainly."""

    aside: frozenset[str]
    units: frozenset[str]
    joining: frozenset[str]
    stronger: frozenset[str]
    apart: re.Pattern[str]


def plain(text: str) -> str:
    """The text without capital letters, accents and typographic widths.

    >>> plain("Gynergène ＣＡＦÉＩＮÉ")
    'gynergene cafeine'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", _TRADE_SIGNS.sub(" ", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).casefold()


@cache
def _kinds() -> _Kinds:
    words = name_words()
    units = frozenset(plain(written) for group in words.units.values() for written in group)
    return _Kinds(
        aside=frozenset(plain(word) for word in (*words.aside, *words.apart, *words.stronger)) | units,
        units=units,
        joining=frozenset(plain(word) for word in (*words.joining_and, *words.joining_with)) | {JOIN, "&"},
        stronger=frozenset(plain(word) for word in words.stronger),
        apart=re.compile("|".join(map(re.escape, sorted(words.apart, key=len, reverse=True)))),
    )


def words_of(text: str) -> tuple[str, ...]:
    """The words of a writing, without a mark that joins or parts at its ends.

    >>> words_of("ASA 250mg/Koffein & Co-Q10")
    ('asa', '250', 'mg', '+', 'koffein', '+', 'co', 'q', '10')
    >>> words_of("co-codamol 30/500")
    ('co', 'codamol', '30', '500')
    """
    kinds = _kinds()
    found = [LIST if match["list"] else match[0] for match in _WORDS.finditer(kinds.apart.sub(r" \g<0> ", plain(text)))]
    words: list[str] = []
    for word, following in zip(found, [*found, ""][1:], strict=True):
        if word == "/":
            # "30/500" and "50 mg/5 ml" are amounts, "aspirin/caffeine" is a combination.
            if not is_number(following) and following not in kinds.units:
                words.append(JOIN)
        else:
            words.append(JOIN if word in kinds.joining else word)
    while words and words[0] in _MARKS:
        words.pop(0)
    while words and words[-1] in _MARKS:
        words.pop()
    return tuple(words)


def is_joining(word: str) -> bool:
    """Whether the word stands between the parts of a combination."""
    return word in _kinds().joining


def is_number(word: str) -> bool:
    """Whether the word is written in digits."""
    return word[:1].isdecimal()


def is_aside(word: str) -> bool:
    """Whether the word may stand beside a name: a number, unit, form, salt or count."""
    return is_number(word) or word in _kinds().aside


def is_stronger(word: str) -> bool:
    """Whether the word says a higher strength, or, after a brand, perhaps another product."""
    return word in _kinds().stronger
