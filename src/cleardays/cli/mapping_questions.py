"""Ask at the terminal what the columns of a table mean, and write the answers down as a mapping."""

from __future__ import annotations

import json
from collections.abc import Callable

from cleardays.cli.files import read_bytes
from cleardays.diary.cells import Misread
from cleardays.diary.incoming import decoded
from cleardays.diary.layouts.dates import AmbiguousDates, DatedRow, decide_order
from cleardays.diary.layouts.foreign_tables import open_foreign
from cleardays.diary.layouts.mapped_csv import dated_rows
from cleardays.diary.layouts.mapping import ATTACKS, SEVERAL, TARGETS, WHOLE_DAYS, Mapping, read_mapping
from cleardays.diary.layouts.values import read_grade
from cleardays.diary.layouts.words import fold
from cleardays.diary.records import HEADACHE_LEVELS
from cleardays.diary.tables import Row
from cleardays.problems import BadInput, Problem
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


# What a column can be, in groups; the rest stands in docs/reference/import-mapping.md.
_HELP = {
    "When": {
        "date": "the day, or day and time", "start": "day and time of the beginning", "start_time": "time of the beginning",
        "end": "day and time of the end", "end_date": "day of the end", "end_time": "time of the end",
        "duration": "how long it lasted", "hours": "hours of headache that day", "weekday": "Monday, Tuesday ...",
    },
    "The headache": {
        "headache": "none, mild, strong ..., or yes and no", "pain": "0 to 10", "severity": "a word beside the pain",
        "place": "where it hurt", "quality": "pulsating, pressing", "symptoms": "a list of symptoms",
        "aura": "yes or no", "nausea": "yes or no", "vomiting": "yes or no", "light": "yes or no", "sound": "yes or no",
        "migraine": "was it a migraine: yes, no, unsure", "triggers": "a list of triggers",
    },
    "Medicines": {
        "medicines": "names, with amounts", "amounts": "amounts, if in a column of their own",
        "acute_doses": "how many were taken", "preventive_taken": "yes or no", "side_effects": "a list",
    },
    "The day": {
        "sleep_h": "hours asleep", "mood": "0 to 10", "stress": "0 to 10", "menses": "period: yes or no",
        "function": "0 none lost to 3 in bed", "note": "free text",
    },
}  # fmt: skip
_MOST_WORDS = 8
_STRENGTHS = ("headache", "pain")
_Ask = Callable[[str], str]
_Say = Callable[[str], None]


def ask_mapping(
    path: str, encoding: str | None, *, date_order: str | None = None, ask: _Ask = input, say: _Say = print
) -> tuple[Mapping, str]:
    """Ask column by column; at every question "?" shows what can be said, and "q" ends without writing anything.

    Args:
        path: the table.
        encoding: how its text is encoded, if not UTF-8.
        date_order: the order of its dates, if the person said it.
        ask: puts a question and returns the answer.
        say: shows a line.

    Returns:
        The mapping, and its text as a file.

    Raises:
        BadInput: the table cannot be read, or the person stopped.
    """
    raw, name = read_bytes(path)
    table = open_foreign(decoded(raw, name, encoding), name, bad=[])
    rows = list(table.rows)
    samples = _samples(table.header, rows)
    say(f"{name} has {len(table.header)} columns. For each, say what it is, or press Enter to leave it out.")
    _help(say)
    questions = _listening(ask, say)
    told: dict[str, list[str]] = {}
    for index, column in enumerate(table.header):
        if column:
            target = _ask_column(column, samples[index], told, questions, say)
            if target:
                told.setdefault(target, []).append(column)
    settings = _ask_settings(told, questions, say)
    columns = {target: [table.header.index(column) for column in names] for target, names in told.items()}
    order = date_order or _ask_order(dated_rows(rows, columns, name), name, questions, say)
    settings |= {"date_order": order} if order else {}
    words = _ask_words(rows, columns, questions, say)
    text = mapping_text(settings, told, words)
    return read_mapping({**settings, "columns": told, "words": words}, "the answers"), text


def _help(say: _Say) -> None:
    for group, fields in _HELP.items():
        say(f"{group}:")
        for field, meaning in fields.items():
            say(f"  {field:<17} {meaning}")
    say("Also: " + ", ".join(target for target in TARGETS if not any(target in fields for fields in _HELP.values())) + ".")
    say("? shows this again, - leaves a column out, q ends without writing anything.")


def _listening(ask: _Ask, say: _Say) -> _Ask:
    """Questions that can be answered with a question, or with an end."""

    def question(text: str) -> str:
        while True:
            try:
                answer = ask(text).strip()
            except EOFError:
                answer = "q"
            if answer.lower() == "q":
                raise BadInput(Problem("--mapping", "you stopped; nothing was written.", "Run it again to begin anew."))
            if answer != "?":
                return answer
            _help(say)

    return question


def _ask_settings(told: dict[str, list[str]], ask: _Ask, say: _Say) -> dict[str, str]:
    rows = _ask_one("Is each row an attack, or a whole day?", {"attack": ATTACKS, "day": WHOLE_DAYS}, ask, say)
    settings = {"rows": rows}
    if "duration" in told:
        units = {"hours": "hours", "minutes": "minutes"}
        settings["duration_unit"] = _ask_one("A bare number in the duration is in", units, ask, say)
    if rows == ATTACKS and "pain" in told:
        zero = {"a day without headache": "clear", "an attack without pain": "attack"}
        settings["zero_pain"] = _ask_one("A pain of 0 is", zero, ask, say)
    return settings


_ORDERS = {"day/month/year": "dmy", "month/day/year": "mdy", "year/month/day": "ymd"}


def _ask_order(dated: list[DatedRow], name: str, ask: _Ask, say: _Say) -> str | None:
    """The order of the dates, asked only where they leave it open."""
    try:
        decide_order(dated, name, asked=None)
    except AmbiguousDates as open_order:
        fitting = {said: order for said, order in _ORDERS.items() if order in open_order.orders}
        return _ask_one(f"{clean(open_order.row.text, _LONGEST_SAMPLE)} is written as", fitting, ask, say)
    except BadInput:  # dates in two orders: the import will name them
        return None
    return None


def _ask_words(rows: list[Row], columns: dict[str, list[int]], ask: _Ask, say: _Say) -> dict[str, str]:
    """What the words for pain and headache mean that are not known here."""
    cells = (row.values[index] for target in _STRENGTHS for index in columns.get(target, ()) for row in rows)
    open_words = {fold(cell): cell for cell in cells if cell and fold(cell) and not _understood(cell)}
    levels = {level: level for level in HEADACHE_LEVELS}
    found = {}
    for cell in list(open_words.values())[:_MOST_WORDS]:
        shown = clean(cell, _LONGEST_SAMPLE)
        found[cell] = _ask_one(f"What does {shown!r} mean", {**levels, "leave it": ""}, ask, say)
    if len(open_words) > _MOST_WORDS:
        say(f"{len(open_words) - _MOST_WORDS} more words are not known; the import will name them.")
    return {word: level for word, level in found.items() if level}


def _understood(cell: str) -> bool:
    try:
        read_grade(cell)
    except Misread:
        return False
    return True


def _samples(header: list[str], rows: list[Row]) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in header]
    for row in rows[:200]:
        _look(row, found)
    return found


def _look(row: Row, found: list[list[str]]) -> None:
    for seen, value in zip(found, row.values, strict=True):
        short = clean(value, _LONGEST_SAMPLE)
        if short and short not in seen and len(seen) < _SAMPLES:
            seen.append(short)


def _ask_column(column: str, samples: list[str], told: dict[str, list[str]], ask: _Ask, say: _Say) -> str:
    guess = _GUESSES.get(fold(column), "")
    guess = "" if guess in told else guess
    hint = f" [{guess}, - for none]" if guess else ""
    while True:
        answer = ask(f"{clean(column, 60)} ({', '.join(samples) or 'empty'}){hint}: ").strip().lower() or guess
        if answer in ("", "-"):
            return ""
        if answer not in TARGETS:
            say(f"{clean(answer, 40)} is nothing that a diary holds; ? shows what is.")
        elif answer in told and answer not in SEVERAL:
            say(f"{answer} is {told[answer][0]} already.")
        else:
            return answer


def _ask_one(question: str, choices: dict[str, str], ask: _Ask, say: _Say) -> str:
    listed = ", ".join(f"{number} {words}" for number, words in enumerate(choices, start=1))
    while True:
        answer = ask(f"{question}: {listed}? ").strip().lower()
        for number, (words, value) in enumerate(choices.items(), start=1):
            if answer in (str(number), words, value):
                return value
        say("Give the number of your answer.")


def mapping_text(settings: dict[str, str], columns: dict[str, list[str]], words: dict[str, str]) -> str:
    """The mapping as a file that --mapping reads."""
    lines = [f"{key} = {_quoted(value)}" for key, value in settings.items()]
    lines += ["", "[columns]"]
    lines += [f"{target} = [{', '.join(map(_quoted, names))}]" for target, names in columns.items()]
    if words:
        lines += ["", "[words]", *(f"{_quoted(word)} = {_quoted(level)}" for word, level in words.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A string as TOML writes it: as in JSON, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
