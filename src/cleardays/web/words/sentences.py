"""Sentences that other rooms composed in English, said in another language: whole, or with what is named in them.

No room below this one knows of languages. Their sentences stand in the catalogue as their source writes them, each part
that varies as %(named)s. A sentence is found again by its fixed words; what stands between them is a day, a number, a
name, or a sentence itself. What is not found stays English, and the page says so: half a sentence is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from cleardays.clock import parse_day

CONTEXT = "told"
PLACE = re.compile(r"%\((\w+)\)s")
# What people wrote in their own words, and names: it stays as it is.
_AS_IT_IS = frozenset({"why", "name", "by", "names", "login", "label", "words", "text", "term", "error", "folder", "address"})
_LONGEST = 1500
_LONGEST_SENTENCE = 500
_ENOUGH = 8  # letters
_MANY = 2000  # sentences at hand
_FEW_WORDS = 3  # up to so many are taken for a name, where none of them is a word of English sentences
_OF_SENTENCES = re.compile(
    r"\b(?:a|about|all|an|and|any|are|as|at|be|been|before|but|by|can|days?|do|for|from|has|have|how|if|in|into|is|its?|more|most|no|"
    r"none|not|of|on|one|only|or|over|so|some|such|than|that|the|their|them|then|there|these|they|this|those|to|told|under|until|"
    r"was|what|when|which|who|will|with|without|worked|you|your)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(\d{1,2}) ([A-Z][a-z]{2})(?: (\d{4}))?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NUMBER = re.compile(r"[-−+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-−+]?\d+(?:\.\d+)?")
_LEAP_YEAR = 2024  # of a day that names none
_SENTENCES = re.compile(r"(?<=[.?!]) (?=[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]{3}")  # fewer are a unit
_MOST_LISTED = 13
_LISTED = re.compile(r", (?:and )?|; ")
_HEAD = re.compile(r"([^:]{1,80}): (.+)", re.DOTALL)
_FIELD = re.compile(r"[a-z][\w.,-]*(?: [\w.,-]+)?")
_WITH_MONTH = re.compile(r"[A-Z][a-z]{2}$")


class Locally(NamedTuple):
    """How a language writes a day, given by a pattern, and a number with so many digits behind the point."""

    day: Callable[[date, str], str]
    number: Callable[[float, int], str]


class _Pattern(NamedTuple):
    """A sentence that holds places: its fixed words, all of it, and how it reads in another language."""

    fixed: tuple[str, ...]
    pattern: re.Pattern[str]
    there: str


class Sentences:
    """The sentences of one language."""

    def __init__(self, texts: Mapping[str, str], locally: Locally) -> None:
        self._texts, self._locally = texts, locally
        found = [(english, there) for english, there in texts.items() if PLACE.search(english)]
        # what says more by itself goes first
        found.sort(key=lambda each: -len(PLACE.sub("", each[0])))
        self._patterns = [_Pattern(_fixed(english), _pattern(english), there) for english, there in found]
        self._known = lru_cache(_MANY)(self._found)

    def said(self, english: str) -> str | None:
        """A text, in one sentence or several; None where not all of it is known."""
        return self._said(english) if _LETTERS.search(english) else english

    def _said(self, english: str) -> str | None:
        if len(english) > _LONGEST:
            return None
        whole = self._written(english.strip().replace("\N{NO-BREAK SPACE}", " ")) or self._known(english)
        if whole is not None:
            return whole
        return self._in_pieces(_SENTENCES.split(english), " ") or self._in_pieces(english.split("; "), "; ")

    def _in_pieces(self, pieces: Sequence[str], between: str) -> str | None:
        """Several sentences or signs: each time as many as stand in the catalogue as one text."""
        said, at = list[str](), 0
        if len(pieces) not in range(2, _MOST_LISTED):
            return None
        while at < len(pieces):
            runs = (
                (self._known(between.join(pieces[at:end])), end) for end in range(len(pieces), at, -1) if end - at < len(pieces)
            )
            known, at = next(((found, end) for found, end in runs if found is not None), (None, len(pieces)))
            if known is None:
                return None
            said.append(known)
        return between.join(said)

    def _found(self, english: str) -> str | None:
        exact = self._exact(english)
        if exact is not None:
            return exact
        plain = english.replace("\N{NO-BREAK SPACE}", " ")
        for each in self._patterns if len(plain) <= _LONGEST_SENTENCE else ():
            match = each.pattern.fullmatch(plain) if all(part in plain for part in each.fixed) else None
            if match and (said := self._filled(each, match.groupdict())) is not None:
                return said
        head = _HEAD.fullmatch(english)  # the name of a field, and what is wrong with it
        first = None if head is None else self._head(head[1])
        rest = None if head is None or first is None else self._said(head[2])
        return None if rest is None else f"{first}: {rest}"

    def _head(self, english: str) -> str | None:
        """Days, a text, or the name of a field, which stays."""
        days = self._days(english.replace("\N{NO-BREAK SPACE}", " "))
        return days or self._exact(english) or (english if _FIELD.fullmatch(english) else None)

    def _days(self, value: str) -> str | None:
        """Several days one after the other, the month once: "Sat 28 and Mon 30 Mar, Wed 1 Apr"."""
        said, month = list[str](), ""
        for each in reversed(re.split(r", | and ", value)):
            month = each.rpartition(" ")[2] if _WITH_MONTH.search(each) else month
            day = self._written(each if _WITH_MONTH.search(each) else f"{each} {month}")
            if day is None:
                return None
            said.append(day)
        return "; ".join(reversed(said))

    def _exact(self, english: str) -> str | None:
        """As the catalogue has it, whatever the first letter; a full stop more or less is the same text."""
        for text in (english, _first(english, str.lower), _first(english, str.upper)):
            for bare, end in ((text, ""), (text.removesuffix("."), "."), (f"{text}.", None)):
                if bare in self._texts and (bare != text or end == ""):
                    there = self._texts[bare]
                    there = there.removesuffix(".") if end is None else there + end
                    return _first(there, str.upper) if english[:1].isupper() else there
        return None

    def _filled(self, pattern: _Pattern, values: Mapping[str, str]) -> str | None:
        # words of somebody's own are taken for that only where enough stands around them
        own = _AS_IT_IS if sum(map(len, pattern.fixed)) >= _ENOUGH else frozenset[str]()
        said = {
            name: self._value(value) or (value if name in own and _is_own(value) else None) for name, value in values.items()
        }
        if any(each is None and values[name].strip() for name, each in said.items()):
            return None
        return PLACE.sub(lambda place: said[place[1]] or "", pattern.there)

    def _value(self, value: str) -> str | None:
        """What is named in a sentence: a day or a number as they are written there, a text, else a name as it is."""
        bare = value.strip()
        there = self._written(bare.replace("\N{NO-BREAK SPACE}", " ")) or self._said(bare) or self._listed(bare)
        if there is None and not _is_name(bare):
            return None
        return value.replace(bare, bare if there is None else there) if bare else value

    def _listed(self, value: str) -> str | None:
        listed = _LISTED.split(value)
        parts = [self._value(each) for each in listed] if len(listed) in range(2, _MOST_LISTED) else [None]
        return ", ".join(each for each in parts if each is not None) if None not in parts else None

    def _written(self, value: str) -> str | None:
        """A day or a number; None where it is neither."""
        if _NUMBER.fullmatch(value):
            return _signed(value, self._locally.number)
        day = parse_day(value)
        if day is not None:
            return self._locally.day(day, "d MMM y")
        found = _DAY.fullmatch(value)
        if found is None or found[3] not in _MONTHS:
            return None
        day = _day_of(found[1], int(found[2]), _MONTHS.index(found[3]) + 1, found[4])
        pattern = f"{'EEE ' if found[1] else ''}d MMM{' y' if found[4] else ''}"
        return None if day is None else self._locally.day(day, pattern)


def _day_of(weekday: str | None, day: int, month: int, year: str | None) -> date | None:
    """The day that is said; where no year is, some year in which it is that day of the week."""
    for each in (int(year),) if year else range(_LEAP_YEAR, _LEAP_YEAR + 28):
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if weekday is None or _WEEKDAYS[found.weekday()] == weekday:
            return found
    return None


def _is_own(value: str) -> bool:
    """Whether a text may be somebody's own words: more than a day or a number, and one sentence at most."""
    return not (_NUMBER.fullmatch(value) or _DAY.fullmatch(value) or _SENTENCES.search(value))


def _is_name(value: str) -> bool:
    """Whether a text that no catalogue knows may stand in a sentence of another language as it is."""
    return len(value.split()) <= _FEW_WORDS and _OF_SENTENCES.search(value) is None


def _signed(value: str, number: Callable[[float, int], str]) -> str:
    sign = value[0] if value[0] in "+-−" else ""
    bare = value.removeprefix(sign).replace(",", "")
    return sign + number(float(bare), len(bare.partition(".")[2]))


def _first(text: str, how: Callable[[str], str]) -> str:
    return how(text[:1]) + text[1:]


def _fixed(english: str) -> tuple[str, ...]:
    return tuple(each for each in PLACE.split(english)[::2] if each)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("".join(_parts(english)), re.DOTALL)


def _parts(english: str) -> Iterator[str]:
    """Fixed words as they are, each place as a group; spaces that keep a line together are spaces."""
    at, seen = 0, set[str]()
    for place in PLACE.finditer(english):
        yield re.escape(english[at : place.start()])
        name = place[1]
        yield f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
        seen.add(name)
        at = place.end()
    yield re.escape(english[at:])
