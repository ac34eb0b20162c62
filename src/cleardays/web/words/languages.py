"""Which languages there are, and all that a page needs of one."""

from __future__ import annotations

import gettext
import io
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

# By their own names, as somebody looks for them who reads no other.
LANGUAGES = {"en": "English", "de": "Deutsch"}
_SOURCE = "en"  # the language that the texts are written in


class Words(NamedTuple):
    """One language. `_` and `ngettext` give texts, the others days, times and numbers as they are written there."""

    language: str
    locale: Locale
    texts: gettext.NullTranslations

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

    def day(self, day: date, width: str = "long") -> str:
        """A day: "4 March 2026", or with `width` "short", "medium", "full" or a pattern."""
        return str(format_date(day, width, locale=self.locale))

    def time(self, at: time | datetime, zone: tzinfo | None = None) -> str:
        """A time of day, without seconds."""
        return str(format_time(at, "short", tzinfo=zone, locale=self.locale))

    def instant(self, at: datetime, zone: tzinfo | None = None) -> str:
        """A day with its time, in a zone."""
        return str(format_datetime(at, "medium", tzinfo=zone, locale=self.locale))

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many digits behind the point."""
        return str(format_decimal(round(value, digits), f"#,##0{'.' if digits else ''}{'0' * digits}", locale=self.locale))

    def percent(self, share: float) -> str:
        """A share as whole percent."""
        return str(format_percent(share, "#,##0%", locale=self.locale))


@lru_cache
def words_in(language: str) -> Words:
    """All of a language; English where we have it not."""
    known = language if language in LANGUAGES else _SOURCE
    # English as it is written in Europe: the day before the month, and the clock of 24 hours
    return Words(known, Locale.parse("en_GB" if known == _SOURCE else known), _texts(known))


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


def _texts(language: str) -> gettext.NullTranslations:
    if language == _SOURCE:
        return gettext.NullTranslations()
    source = resources.files("cleardays.web.words").joinpath(f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
