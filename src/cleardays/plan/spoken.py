"""Names and reasons that people give in words: one clean line each, before they are kept."""

from __future__ import annotations

from cleardays.problems import BadInput, Problem
from cleardays.texts import clean

LONGEST_NAME, LONGEST_REASON = 120, 500
_FEWEST_LETTERS = 2


def clean_name(by: str, where: str = "--by") -> str:
    """The name of a clinician as it is kept.

    Raises:
        BadInput: no name, or one that is longer than a name can be.
    """
    name = clean(by, LONGEST_NAME + 1)
    if _letters(name) < _FEWEST_LETTERS or len(name) > LONGEST_NAME:
        how = f'Write who it is in at most {LONGEST_NAME} characters, for example "Dr Ada Field, neurology".'
        raise BadInput(Problem(where, "there is no name of a clinician.", how))
    return name


def clean_reason(text: str, where: str = "--why") -> str:
    """A reason as it is kept; it is never cut, since the end of it may say the most.

    Raises:
        BadInput: no letters, or too many.
    """
    reason = clean(text, LONGEST_REASON + 1)
    if not _letters(reason):
        raise BadInput(Problem(where, "it needs its reason.", 'Write it in words, for example "rash on the arms".'))
    if len(reason) > LONGEST_REASON:
        what = f"the reason is longer than {LONGEST_REASON} characters."
        raise BadInput(Problem(where, what, "Say it shorter; a diary or a letter holds the rest."))
    return reason


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)
