"""Which languages there are, and all that a page needs of one."""

from __future__ import annotations

import gettext
import io
import re
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from cleardays.web.words.sentences import CONTEXT, Locally, Sentences

# By their own names, as somebody looks for them who reads no other.
LANGUAGES = {"en": "English", "de": "Deutsch"}
_WIDTHS = ("short", "medium", "long", "full")
_SOURCE = "en"  # the language that the texts are written in


class Words(NamedTuple):
    """One language. `_` and `ngettext` give texts, the others days, times and numbers as they are written there."""

    language: str
    locale: Locale
    texts: gettext.NullTranslations
    sentences: Sentences | None = None  # none in the language that they are composed in

    @property
    def direction(self) -> str:
        """Which way it is written, as HTML says it: ltr, or rtl from right to left."""
        return str(self.locale.text_direction)

    def _(self, text: str, **named: object) -> str:
        """A text in this language, with what is named in it: `_("Stored %(time)s", time="02:14")`."""
        found = self.texts.gettext(text) if text else ""
        return found % named if named else found

    def ngettext(self, one: str, many: str, number: int, **named: object) -> str:
        """A text for so many of something; the number itself is %(num)s."""
        return self.texts.ngettext(one, many, number) % {"num": self.number(number), **named}

    def told(self, english: str) -> str | None:
        """What another room composed in English, in this language; None where the catalogue does not know all of it."""
        return english if self.sentences is None else self.sentences.said(english)

    def named(self, english: str) -> str:
        """A name or a word of the catalogues of treatments, in this language; itself where none is known."""
        return self.told(english) or english

    def day(self, day: date, width: str = "long") -> str:
        """A day: "4 March 2026", or with `width` "short", "medium", "full" or a pattern as English has it."""
        written = width if width in _WIDTHS or self.sentences is None else _as_written(width, self.locale)
        return str(format_date(day, written, locale=self.locale))

    def time(self, at: time | datetime, zone: tzinfo | None = None) -> str:
        """A time of day, without seconds."""
        return str(format_time(at, "short", tzinfo=zone, locale=self.locale))

    def instant(self, at: datetime, zone: tzinfo | None = None) -> str:
        """A day with its time, in a zone, without seconds."""
        there = at if zone is None else at.astimezone(zone)
        order = str(get_datetime_format("medium", locale=self.locale)).replace("'", "")
        return order.replace("{0}", self.time(at, zone)).replace("{1}", str(format_date(there, "medium", locale=self.locale)))

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many digits behind the point."""
        return str(format_decimal(round(value, digits), f"#,##0{'.' if digits else ''}{'0' * digits}", locale=self.locale))

    def percent(self, share: float) -> str:
        """A share as whole percent."""
        return str(format_percent(share, locale=self.locale))


def _as_written(pattern: str, locale: Locale) -> str:
    """A pattern with the points and commas that a language sets around a day: "Mittwoch, 4. März"."""
    whole = str(locale.date_formats["full"].pattern)
    dotted = re.sub(r"\bd\b(?!\.)", "d.", pattern) if "d." in whole else pattern
    return re.sub(r"(E{3,4}) (?=d)", r"\1, ", dotted) if "EEEE, " in whole else dotted


@lru_cache
def words_in(language: str) -> Words:
    """All of a language; English where we have it not."""
    known = language if language in LANGUAGES else _SOURCE
    # English as it is written in Europe: the day before the month, and the clock of 24 hours
    bare = Words(known, Locale.parse("en_GB" if known == _SOURCE else known), gettext.NullTranslations())
    if known == _SOURCE:
        return bare
    catalogue = read_po(io.BytesIO(source_of(known)), locale=known)
    locally = Locally(lambda day, pattern: bare.day(day, _as_written(pattern, bare.locale)), bare.number)
    told = {str(each.id): str(each.string) for each in catalogue if each.context == CONTEXT and each.string and not each.fuzzy}
    return bare._replace(texts=_compiled(catalogue), sentences=Sentences(told, locally))


def language_of(chosen: str | None, accepted: str | None) -> str:
    """The language for somebody: the one they chose, else the first of their browser that we have.

    >>> language_of(None, "fr;q=0.9, de-AT, en;q=0.5"), language_of("en", "de"), language_of(None, None)
    ('de', 'en', 'en')
    """
    if chosen in LANGUAGES:
        return str(chosen)
    return negotiate_locale(_accepted(accepted or ""), list(LANGUAGES), sep="-") or _SOURCE


def _accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, the best liked first."""
    liked: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            liked.append((-float(quality or 1), name.strip()))
        except ValueError:
            continue
    return [name for _, name in sorted(liked, key=lambda each: each[0]) if name]


def source_of(language: str) -> bytes:
    """The catalogue of a language as it is written."""
    return resources.files("cleardays.web.words").joinpath(f"{language}.po").read_bytes()


def _compiled(catalogue: Catalog) -> gettext.NullTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
