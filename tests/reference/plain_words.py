"""How hard a text is to read: the Flesch-Kincaid grade, with syllables counted as groups of vowels."""

from __future__ import annotations

import re
from functools import cache

from cleardays.catalogue.medicine_table import name_table

_NUMBER = "two"  # a figure is read as a short word


@cache
def medicine_names() -> re.Pattern[str]:
    """Every name of a medicine that the catalogue knows."""
    names = (each for entry in name_table().entries for each in (entry.inn, *entry.names, *entry.brands))
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)", re.IGNORECASE)


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out."""
    stem = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$", lambda end: end[0][0], word.lower()) if len(word) > 3 else word.lower()
    return max(1, len(re.findall(r"[aeiouy]+", stem)))


def grade(text: str) -> float:
    """The school years it takes. Source: Kincaid and others 1975. Medicines count as a short word, figures too."""
    said = re.sub(r"\d+", _NUMBER, medicine_names().sub("it", text))
    sentences = [re.findall(r"[A-Za-z][A-Za-z'-]*", one) for one in re.split(r"(?<=[.!?:])\s+", said)]
    told = [words for words in sentences if words]
    words = [word for one in told for word in one]
    return 0.39 * len(words) / len(told) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
