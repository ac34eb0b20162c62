"""Words of the treatment pages: marks of confidence, lists, places, plain words for the catalogue's own.

The data file `treatment_words.toml` holds the words; what it does not hold is shown as the catalogue writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from cleardays.packaged import PACKAGE, read_toml
from cleardays.sources import CONFIDENCES, MARKS

Row = Mapping[str, Any]


def mark(confidence: str) -> str:
    """The mark behind a fact, with the space before it; nothing behind a confirmed one.

    >>> mark("derived"), mark("confirmed")
    (' *(worked out)*', '')
    """
    return f" *({MARKS[confidence]})*" if confidence in MARKS else ""


def plain_mark(confidence: str | None) -> str:
    """The same mark without emphasis; nothing behind what is no fact of a source.

    >>> plain_mark("design"), plain_mark("confirmed"), plain_mark(None)
    (' (our choice)', '', '')
    """
    return f" ({MARKS[confidence]})" if confidence in MARKS else ""


def best_confidence(rows: Iterable[Row]) -> str:
    """The confidence of the surest row; none at all counts as confirmed, because then nothing is shown."""
    found = {row["confidence"] for row in rows}
    return next((each for each in CONFIDENCES if each in found), CONFIDENCES[0])


@cache
def all_words() -> dict[str, Any]:
    """The whole of `treatment_words.toml`."""
    return read_toml(PACKAGE / "report" / "data" / "treatment_words.toml")


def own_words(treatment_id: str) -> dict[str, str]:
    """The hand-written words of one treatment; its id as its name where there are none."""
    words: dict[str, str] = all_words()["treatment"].get(treatment_id, {})
    return {"name": treatment_id.capitalize(), **words}


def in_sentence(treatment: str) -> str:
    """A treatment inside a sentence: as it is written where the catalogue has it, without its brand; else as it was told.

    >>> in_sentence("onabotulinumtoxina"), in_sentence("lamotrigine"), in_sentence("magic beans")
    ('onabotulinumtoxinA', 'lamotrigine', 'magic beans')
    """
    if treatment not in all_words()["treatment"]:
        return treatment
    name = own_words(treatment)["name"].split(" (")[0]
    return name[:1].lower() + name[1:]


def word(table: str, key: str) -> str:
    """An id in plain words.

    >>> word("variant", "renal-severe"), word("indication", "migraine-with-aura")
    ('With very weak kidneys', 'migraine with aura')
    """
    said: str | None = all_words()[table].get(key)
    return key.replace("-", " ").replace("_", " ") if said is None else said


def listed(items: Iterable[str], joined: str = "and") -> str:
    """A list as it is spoken, each item once.

    >>> listed(["headache", "nausea", "headache", "rash"])
    'headache, nausea and rash'
    """
    once = list(dict.fromkeys(items))
    return once[0] if len(once) == 1 else f"{', '.join(once[:-1])} {joined} {once[-1]}" if once else ""


def places(row: Row) -> str:
    """Where a fact holds, in words; empty where it holds everywhere."""
    return listed(word("place", code) for code in row.get("jurisdiction", ()))


def is_migraine(indication: str | None) -> bool:
    """Whether an indication is migraine or headache at large; a row without one speaks of the treatment as such."""
    return indication is None or "migraine" in indication or indication.startswith("headache")


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is; a term such as eGFR keeps its own.

    >>> capital("at each step"), capital("eGFR")
    ('At each step', 'eGFR')
    """
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def number(value: float) -> str:
    """A number as it is said: no empty decimals.

    >>> number(25.0), number(37.5)
    ('25', '37.5')
    """
    return f"{value:g}"


def safe(text: str) -> str:
    """The catalogue's text without anything that Markdown, a table or HTML would take for its own."""
    return re.sub(r"([*_|])", r"\\\1", text.replace("<", "&lt;")).replace("\n", " ")


def lay(text: str) -> str:
    """The catalogue's text for a reader who is not a clinician: words swapped, clauses as sentences, ranges and units said.

    >>> lay("Jaundice within 1-2 weeks; never wait (call; be seen).")
    'Yellow skin or eyes within 1 to 2 weeks. Never wait (call; be seen).'
    >>> lay("eGFR 30-50")
    'eGFR 30 to 50 mL/min'
    """
    for pattern, plain in _swaps():
        text = pattern.sub(plain, text)
    text = re.sub(r"(?<![\w.)\-])-(?=\d)", "\N{MINUS SIGN}", text)
    text = re.sub(r"(?<![\d\-/])(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?![\d\-/])", r"\1 to \2", text)
    for pattern, unit in _UNITS:
        text = pattern.sub(rf"\1 {unit}", text)
    return safe(_as_sentences(text))


# Values that the catalogue writes without their unit, and the unit.
_AMOUNT = r"(?: \(?above| below| of|, when it is)? \d+(?:\.\d+)?(?: to \d+)?(?![\d.]*\d| ?(?:to|mL|mmHg|mmol|/))"
_UNITS = tuple(
    (re.compile(f"({measure})"), unit)
    for measure, unit in (
        (f"(?:[Cc]reatinine clearance|eGFR){_AMOUNT}", "mL/min"),
        (rf"upper \(systolic\) blood pressure{_AMOUNT}", "mmHg"),
        (r"blood pressure of \d+/\d+(?! ?mmHg)", "mmHg"),
        (f"[Hh]eart rate{_AMOUNT}", "beats a minute"),
        (f"[Pp]otassium{_AMOUNT}", "mmol/L"),
    )
)


def without_statistics(text: str) -> str:
    """A result without the brackets that hold statistics only; the part for clinicians keeps them.

    >>> without_statistics("They fell by 2.9 (70 people; 40 %) and by 1.8 (95 % CI 1.2 to 2.4). The gap is 1.0 (0.5 to 1.6).")
    'They fell by 2.9 (70 people; 40 %) and by 1.8. The gap is 1.0.'
    """
    return _STATISTICS.sub("", text)


_STATISTICS = re.compile(r" \((?:(?:95 % CI|SD|SE|IQR|SMD|RR|OR|ITT|p [=<>]|not significant\b)[^()]*|-?[\d.]+ to -?[\d.]+)\)")


def sentence(text: str) -> str:
    """`lay`, with a capital and a full stop."""
    said = capital(lay(text.strip()))
    return said if said.endswith((".", "!", "?", ".)")) else f"{said}."


def plain_subject(subject: str) -> str:
    """What a rule speaks of, as an entry of a list for the person who reads.

    >>> plain_subject("hypotension"), plain_subject("creatinine clearance below 15")
    ('low blood pressure', 'creatinine clearance below 15 mL/min')
    """
    said: str | None = all_words()["subject"].get(subject)
    return lay(subject) if said is None else safe(said)


def plain_check(what: str) -> str:
    """What is checked, in plain words.

    >>> plain_check("flank pain"), plain_check("blood pressure")
    ('pain in the side', 'blood pressure')
    """
    said: str | None = all_words()["check"].get(what)
    return lay(what) if said is None else safe(said)


def plain_bias(bias: str) -> str:
    """What may have made a result look better or worse than it is, as the end of a sentence.

    >>> plain_bias("Uncontrolled."), plain_bias("No placebo.")
    ('no comparison', 'no group with a dummy')
    """
    said: str | None = all_words()["bias"].get(bias)
    parts = bias.rstrip(".").split("; ")
    return "; ".join(lay(f"{each[:1].lower()}{each[1:]}") for each in parts) if said is None else safe(said)


@cache
def _swaps() -> tuple[tuple[re.Pattern[str], str], ...]:
    swaps: dict[str, str] = all_words()["swap"]
    longest_first = sorted(swaps, key=len, reverse=True)
    return tuple((re.compile(rf"(?<![\w/-]){re.escape(each)}(?![\w-])"), swaps[each]) for each in longest_first)


def _as_sentences(text: str) -> str:
    """Clauses parted by a semicolon outside brackets, each as a sentence of its own."""
    depth, parts = 0, [""]
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == ";" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return ". ".join([parts[0], *(capital(part.strip()) for part in parts[1:])])


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table as lines, and the empty line after it; nothing where there are no rows."""
    body = [f"| {' | '.join(cells)} |" for cells in rows]
    titles = list(head)
    return [f"| {' | '.join(titles)} |", f"| {' | '.join('---' for _ in titles)} |", *body, ""] if body else []


def keys(row: Row) -> str:
    """The source keys of a fact, as code."""
    return ", ".join(f"`{each}`" for each in row["source"])
