"""Ask at the terminal what the columns of a table mean, and write the answers down as a mapping."""

from __future__ import annotations

import json
from collections.abc import Callable

from cleardays.cli.files import read_bytes
from cleardays.cli.incoming import decoded
from cleardays.diary.layouts.foreign_tables import open_foreign
from cleardays.diary.layouts.mapping import ATTACKS, SEVERAL, TARGETS, WHOLE_DAYS, Mapping, read_mapping
from cleardays.diary.layouts.words import fold
from cleardays.diary.tables import Row, Table
from cleardays.texts import clean

_SAMPLES, _LONGEST_SAMPLE = 3, 24
# What a name most probably means; offered, never taken unasked.
_GUESSES = {
    "date": "date", "day": "date", "time": "start_time", "start": "start", "start time": "start_time", "end": "end",
    "end time": "end_time", "end date": "end_date", "duration": "duration", "pain": "pain", "pain level": "pain",
    "severity": "pain", "intensity": "pain", "headache": "headache", "location": "place", "symptoms": "symptoms",
    "triggers": "triggers", "medication": "medicines", "medications": "medicines", "medicine": "medicines", "dose": "amounts",
    "dosage": "amounts", "note": "note", "notes": "note", "aura": "aura", "sleep": "sleep_h", "mood": "mood",
}  # fmt: skip


def ask_mapping(
    path: str, encoding: str | None, *, ask: Callable[[str], str] = input, say: Callable[[str], None] = print
) -> tuple[Mapping, str]:
    """Ask column by column.

    Args:
        path: the table.
        encoding: how its text is encoded, if not UTF-8.
        ask: puts a question and returns the answer.
        say: shows a line.

    Returns:
        The mapping, and its text as a file.
    """
    raw, name = read_bytes(path)
    table = open_foreign(decoded(raw, name, encoding), name, bad=[])
    samples = _samples(table)
    say(f"{name} has {len(table.header)} columns. For each, say what it is, or press Enter to leave it out.")
    say(f"You can say: {', '.join(TARGETS)}.")
    told: dict[str, list[str]] = {}
    for index, column in enumerate(table.header):
        if column:
            target = _ask_column(column, samples[index], told, ask, say)
            if target:
                told.setdefault(target, []).append(column)
    rows = _ask_one("Is each row an attack, or a whole day?", {"attack": ATTACKS, "day": WHOLE_DAYS}, ask, say)
    settings = {"rows": rows}
    if "duration" in told:
        settings["duration_unit"] = _ask_one(
            "A bare number in the duration is in", {"hours": "hours", "minutes": "minutes"}, ask, say
        )
    if rows == ATTACKS and "pain" in told:
        zero = {"a day without headache": "clear", "an attack without pain": "attack"}
        settings["zero_pain"] = _ask_one("A pain of 0 is", zero, ask, say)
    text = mapping_text(settings, told)
    return read_mapping({**settings, "columns": told}, "the answers"), text


def _samples(table: Table) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in table.header]
    for number, row in enumerate(table.rows):
        if number >= 200 or all(len(seen) >= _SAMPLES for seen in found):
            break
        _look(row, found)
    return found


def _look(row: Row, found: list[list[str]]) -> None:
    for seen, value in zip(found, row.values, strict=True):
        short = clean(value, _LONGEST_SAMPLE)
        if short and short not in seen and len(seen) < _SAMPLES:
            seen.append(short)


def _ask_column(
    column: str, samples: list[str], told: dict[str, list[str]], ask: Callable[[str], str], say: Callable[[str], None]
) -> str:
    guess = _GUESSES.get(fold(column), "")
    guess = "" if guess in told else guess
    hint = f" [{guess}, - for none]" if guess else ""
    while True:
        answer = ask(f"{clean(column, 60)} ({', '.join(samples) or 'empty'}){hint}: ").strip().lower() or guess
        if answer in ("", "-"):
            return ""
        if answer not in TARGETS:
            say(f"{clean(answer, 40)} is nothing that a diary holds.")
        elif answer in told and answer not in SEVERAL:
            say(f"{answer} is {told[answer][0]} already.")
        else:
            return answer


def _ask_one(question: str, choices: dict[str, str], ask: Callable[[str], str], say: Callable[[str], None]) -> str:
    listed = ", ".join(f"{number} {words}" for number, words in enumerate(choices, start=1))
    while True:
        answer = ask(f"{question}: {listed}? ").strip().lower()
        for number, (words, value) in enumerate(choices.items(), start=1):
            if answer in (str(number), words, value):
                return value
        say("Give the number of your answer.")


def mapping_text(settings: dict[str, str], columns: dict[str, list[str]]) -> str:
    """The mapping as a file that --mapping reads."""
    lines = [f"{key} = {_quoted(value)}" for key, value in settings.items()]
    lines += ["", "[columns]"]
    lines += [f"{target} = [{', '.join(map(_quoted, names))}]" for target, names in columns.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A string as TOML writes it: as in JSON, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
