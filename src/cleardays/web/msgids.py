"""The texts that a catalogue of words holds: gathered from templates, code and data. `python -m cleardays.web.msgids`.

Without an option it brings the catalogue of each language up to date: new texts come in without a translation, texts that
nobody shows any more go. With --check it changes nothing, lists what is missing, and fails where something is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from cleardays.web.msgids_of_code import told_in_code
from cleardays.web.msgids_of_data import told_in_data
from cleardays.web.words import LANGUAGES
from cleardays.web.words.sentences import CONTEXT, PLACE

_ROOM = Path(__file__).parent
_WORDS = _ROOM / "words"
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
_SOURCE = "en"
_WIDTH = 120


def gathered() -> Catalog:
    """Every text that somebody may be shown, in English; those that other rooms compose in a context of their own."""
    catalogue = Catalog()
    for name, _, text, _, context in extract_from_dir(_ROOM, _METHODS, _OPTIONS, keywords=_KEYWORDS):
        if text and text != ("", ""):
            catalogue.add(text, locations=[(name, 0)], context=context)
    for name, told in (*told_in_code(), *told_in_data()):
        if any(letter.isalpha() for letter in PLACE.sub("", told)):
            catalogue.add(told, locations=[(name, 0)], context=CONTEXT)
    return catalogue


def languages() -> tuple[str, ...]:
    """Those that are translated into."""
    return tuple(each for each in LANGUAGES if each != _SOURCE)


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands; an empty one where there is none yet."""
    path = _path(language)
    return read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)


def wrong_with(language: str) -> list[str]:
    """What is missing in a language, or too much, one line each."""
    return [*_missing(read(language), gathered()), *_left_over(read(language), gathered())]


def _missing(there: Catalog, wanted: Catalog) -> Iterator[str]:
    for message in wanted:
        if not message.id:
            continue
        found = there.get(message.id, message.context)
        if found is None:
            yield f"not in the catalogue: {_said(message)}"
        elif found.fuzzy or not all(_forms(found)):
            yield f"not translated: {_said(message)}"
        elif message.pluralizable and len(_forms(found)) != there.num_plurals:
            yield f"a plural form is missing: {_said(message)}"
        elif any(not _same_places(message, each) for each in _forms(found)):
            yield f"names other things than the English: {_said(message)}"


def _left_over(there: Catalog, wanted: Catalog) -> Iterator[str]:
    for message in there:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"shown nowhere any more: {_said(message)}"


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (str(message.string or ""),)


def _same_places(message: Message, translated: str) -> bool:
    """Whether it names what the English names; one of a plural may leave out the number, as the English does."""
    ids = tuple(message.id) if isinstance(message.id, (list, tuple)) else (str(message.id),)
    wanted, found = [set(PLACE.findall(each)) for each in ids], set(PLACE.findall(translated))
    return found in wanted or (len(ids) > 1 and found | {"num"} in [each | {"num"} for each in wanted])


def _said(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{text!r} ({', '.join(sorted({name for name, _ in message.locations}))})" if message.locations else repr(text)


def _path(language: str) -> Path:
    return _WORDS / f"{language}.po"


def bring_up_to_date(language: str) -> None:
    """Add what is new without a translation, and drop what is shown nowhere."""
    before, wanted = read(language), gathered()
    after = Catalog(locale=language, project="cleardays", charset="utf-8", fuzzy=False, header_comment=_HEAD)
    for message in sorted((each for each in wanted if each.id), key=_order):
        known = before.get(message.id, message.context)
        names = sorted({name for name, _ in message.locations})
        after.add(message.id, None if known is None else known.string, [(name, 0) for name in names], context=message.context)
    written = BytesIO()
    write_po(written, after, width=_WIDTH, include_lineno=False, omit_header=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    kept = (line for line in lines if not line.startswith(_DATED))
    _path(language).write_text("".join(kept), "utf-8")


def _order(message: Message) -> tuple[bool, str, str]:
    """By where it is shown, so that what stands together is translated together."""
    return (bool(message.context), min((name for name, _ in message.locations), default=""), "")


_DATED = ('"POT-Creation', '"PO-Revision')  # of the run, not of the texts
_HEAD = "# Texts of the app. Brought up to date by `python -m cleardays.web.msgids`."


def main() -> int:
    """Bring all catalogues up to date, or check them."""
    wrong = 0
    for language in languages():
        if "--check" not in sys.argv:
            bring_up_to_date(language)
        for line in wrong_with(language):
            print(f"{language}: {line}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
