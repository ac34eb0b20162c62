"""The words of other programs' diaries and what they say; the lists are in data/import_words.toml."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from cleardays.diary.rules import read_rules
from cleardays.texts import clean

# A word that is kept as it stands may be so long.
LONGEST_WORD = 80
MOST_WORDS = 100
_ANY_LIST = ",;|、；，\n"
Table = dict[str, str]


def fold(text: str) -> str:
    """How words are compared: capitals, width, "_" and "-" do not matter.

    >>> fold("Light_Sensitivity "), fold("（0－10）")
    ('light sensitivity', '(0 10)')
    """
    return _folded(text) if len(text) <= _LONGEST_KEPT else _fold(text)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[_\-\s]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip(" .,:").split())


_LONGEST_KEPT = 200
_folded = lru_cache(maxsize=8192)(_fold)


class Vocabulary(NamedTuple):
    """Each kind of word: how it is written -> what it says."""

    yes: frozenset[str]
    no: frozenset[str]
    none: frozenset[str]
    unknown: frozenset[str]
    ongoing: frozenset[str]
    no_medicine: frozenset[str]
    some_medicine: frozenset[str]
    levels: Table
    symptoms: Table
    other_symptoms: Table
    triggers: Table
    aura_types: Table
    headaches: Table
    months: Table
    weekdays: Table
    places: dict[str, tuple[str, ...]]


@cache
def vocabulary() -> Vocabulary:
    """The packaged words."""
    told = read_rules("import_words")
    tables = {
        kind: {fold(word): meaning for meaning, words in told[kind].items() for word in words}
        for kind in ("levels", "symptoms", "other_symptoms", "triggers", "aura_types", "headaches", "months", "weekdays")
    }
    # a dash folds to nothing, and stands as it is
    answers = {kind: frozenset(fold(word) or word for word in words) for kind, words in told["answers"].items()}
    return Vocabulary(
        yes=answers["yes"],
        no=answers["no"],
        none=answers["none"],
        unknown=answers["unknown"],
        ongoing=answers["ongoing"],
        no_medicine=answers["no_medicine"],
        some_medicine=answers["some_medicine"],
        levels=tables["levels"],
        symptoms=tables["symptoms"],
        other_symptoms=tables["other_symptoms"],
        triggers=tables["triggers"],
        aura_types=tables["aura_types"],
        headaches=tables["headaches"],
        months=tables["months"],
        weekdays=tables["weekdays"],
        places={side: tuple(words) for side, words in told["places"].items()},
    )


def yes_or_no(text: str) -> bool | None:
    """The answer, or None where it is neither yes nor no."""
    word, words = fold(text), vocabulary()
    return True if word in words.yes else False if word in words.no else None


def not_known(text: str) -> bool:
    """Whether the person said that they could not tell."""
    return fold(text) in vocabulary().unknown


def listed(text: str, marks: str = _ANY_LIST) -> list[str]:
    """The words of a list, in order, each once."""
    parts = re.split(f"[{re.escape(marks)}\n]", text)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


class Symptoms(NamedTuple):
    """Symptoms of a list: those with a column of their own, and the others as words."""

    columns: dict[str, bool]
    others: tuple[str, ...] | None


# What a list of symptoms asks about, so that "None" answers it.
ASKED = ("nausea", "vomiting", "light", "sound")


def read_symptoms(names: list[str]) -> Symptoms:
    """A list of ticked symptoms; the single word None says that there were none of them."""
    words = vocabulary()
    if len(names) == 1 and fold(names[0]) in words.none:
        return Symptoms(dict.fromkeys(ASKED, False), ())
    columns: dict[str, bool] = {}
    others: list[str] = []
    for name in names:
        key = fold(name)
        if key in words.symptoms:
            columns[words.symptoms[key]] = True
        elif key not in words.none and key not in words.unknown:
            others.append(words.other_symptoms.get(key) or as_word(name))
    return Symptoms(columns, kept_words(others) or None)


def read_triggers(names: list[str]) -> tuple[str, ...] | None:
    """A list of triggers under their common names; () where the person said none, None where they could not tell."""
    words = vocabulary()
    if len(names) == 1 and fold(names[0]) in words.none:
        return ()
    kept = [words.triggers.get(fold(n)) or as_word(n) for n in names if fold(n) not in (*words.none, *words.unknown)]
    return kept_words(kept) or None


def as_word(text: str) -> str:
    """A word as it can stand in one of our lists."""
    word = clean(text.replace(";", ","), LONGEST_WORD).strip().lstrip("'")
    return "" if fold(word) == "none" else word


def kept_words(words: list[str]) -> tuple[str, ...]:
    """Words of a list, each once, as many as a list may hold."""
    return tuple(dict.fromkeys(word for word in words if word))[:MOST_WORDS]


def read_sides(text: str) -> dict[str, bool]:
    """What a place of pain says about sides: one_sided, bilateral, or nothing.

    >>> read_sides("Left Temple"), read_sides("left_temple; right_eye"), read_sides("forehead")
    ({'one_sided': True}, {'one_sided': False, 'bilateral': True}, {})
    """
    said, places = fold(text), vocabulary().places
    named = {side for side, words in places.items() if any(word in said for word in words)}
    if "both" in named or {"left", "right"} <= named:
        return {"one_sided": False, "bilateral": True}
    return {"one_sided": True} if named else {}


_LONGEST_NOTE = 20_000
_NOT_IN_NOTES = ("Cc", "Cs", "Co")


def as_note(text: str) -> tuple[str | None, bool]:
    r"""A note with its lines, without what no table can hold; and whether something had to go.

    >>> as_note("  tired\r\nand cold\x00 ")
    ('tired\nand cold', True)
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in _NOT_IN_NOTES).strip()[:_LONGEST_NOTE]
    return kept.strip() or None, kept.strip() != lines
