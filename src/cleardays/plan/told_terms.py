"""What the words of an event mean: warning signs, reactions to a medicine, effects that are known.

A term is read by the spellings of the catalogue, also inside a longer one ("rash with fever").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from cleardays.catalogue.planning import policy
from cleardays.catalogue.screening_rules import general, screening_words
from cleardays.catalogue.spelling import plain
from cleardays.catalogue.suggesting import letters
from cleardays.catalogue.treatments import load_treatment

_HARMLESS = "other"  # told as a reaction, and of no consequence beyond "it did not agree"
_WORD = re.compile(r"[a-z0-9]+")
_NEGATED = ("no", "without")
_ARTICLES = ("a", "an")
_PLURALS = ("", "s", "es")


def flags_in(term: str) -> frozenset[str]:
    """The contract's diary flags in a term.

    >>> sorted(flags_in("Skin rash, with fever")), sorted(flags_in("suicidal thoughts")), sorted(flags_in("no fever"))
    (['fever', 'rash'], ['suicidal_thoughts'], [])
    """
    whole = screening_words().flags.get(letters(term))
    return frozenset({whole}) if whole else _in(term, _flag_spellings())


def reactions_in(term: str) -> frozenset[str]:
    """The reactions to a medicine in a term, as rules name them; none that are of no consequence."""
    whole = screening_words().reactions.get(letters(term))
    if whole:
        return frozenset() if whole == _HARMLESS else frozenset({whole})
    return _in(term, _reaction_spellings())


def words_in(text: str) -> list[str]:
    """Its words without capital letters, accents and marks."""
    return _WORD.findall(plain(text))


def _in(term: str, spellings: Mapping[tuple[str, ...], str]) -> frozenset[str]:
    """What a term holds word by word; what it says is not there does not count."""
    words = words_in(term)
    found = set[str]()
    for spelling, name in spellings.items():
        for at in range(len(words) - len(spelling) + 1):
            part = words[at : at + len(spelling)]
            same = all(word in {f"{each}{ending}" for ending in _PLURALS} for word, each in zip(part, spelling, strict=True))
            if same and (at == 0 or words[at - 1] not in _NEGATED):
                found.add(name)
    return frozenset(found)


@cache
def _flag_spellings() -> Mapping[tuple[str, ...], str]:
    found = dict[tuple[str, ...], str]()
    for flag, row in general()["red_flags"]["flags"].items():
        for spelling in (flag, row["says"], *row.get("names", ())):
            words = words_in(spelling.replace("_", " "))
            found[tuple(words[1:] if words[0] in _ARTICLES else words)] = flag
    return found


@cache
def _reaction_spellings() -> Mapping[tuple[str, ...], str]:
    """Without letter words such as TEN, which are other words too; those count only where they are the whole term."""
    groups = general()["words"]["reactions"]
    named = [(each, name) for name, told in groups.items() if name != _HARMLESS for each in (name, *told)]
    short = {each.casefold() for each, _ in named if each.isupper()}
    return {tuple(words_in(each)): name for each, name in named if each.casefold() not in short}


@cache
def harmless(treatment: str) -> frozenset[str]:
    """Effects that the catalogue knows of the treatment, or of any medicine, by spelling."""
    own = [row["term"] for row in load_treatment(treatment).facts("side_effect")]
    gone = [term for row in policy().effects_gone for term in row.get("terms", ())]
    any_ = [spelling for spelling, name in screening_words().reactions.items() if name == _HARMLESS]
    return frozenset(map(letters, (*own, *gone, *any_)))
