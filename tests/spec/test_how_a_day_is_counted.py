"""The reference page "how a day is counted" is true: its tables are run as they stand."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from cleardays.diary.bundle import from_tables
from cleardays.diary.explain import explain_date
from cleardays.diary.measures import measure_windows

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "how-a-day-is-counted.md"
WORDS = {True: "yes", False: "no", None: "?"}


def sections():
    text = PAGE.read_text(encoding="utf-8")
    return {part.partition("\n")[0]: part for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]}


def tables(text):
    """Each table as its header and its rows."""
    for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.strip().splitlines()]
        yield rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def day(text):
    number, _, time = text.partition(" ")
    return f"2026-03-{int(number):02d}" + (f"T{time}" if time else "")


def dates(text):
    first, _, last = text.partition("-")
    return [day(str(n)) for n in range(int(first), int(last or first) + 1)]


def csv_of(header, rows):
    return "\n".join([",".join(header), *(",".join(row[column] for column in header) for row in rows)]) + "\n"


def diary_of(text):
    found = {}
    for header, rows in tables(text):
        if header[0] == "date":
            spread = [{**row, "date": each} for row in rows for each in dates(row["date"])]
            about = re.search(r"`(zone=\S+)`", text)
            found["days.csv"] = (f"#{about[1]}\n" if about else "") + csv_of(header, spread)
        elif header[0] == "start":
            told = [
                {**row, "start": day(row["start"]), "end": row["end"] and day(row["end"]), "date": day(row["start"])[:10]}
                for row in rows
            ]
            found["attacks.csv"] = csv_of([*header, "date"], told)
        elif header[0] == "taken":
            told = [{**row, "date": day(row["taken"])} for row in rows]
            found["doses.csv"] = csv_of([*(h for h in header if h != "taken"), "date"], told)
    return from_tables(found, "page")


def value(window, key):
    for part in re.split(r"\.(?!\d)", key):
        if part.startswith("overuse_month"):
            return window["overuse_month"][key.partition(".")[2]]
        window = window[part]
    return window


def said(found):
    if isinstance(found, list):
        return " ".join(each["code"] for each in found)
    if isinstance(found, bool):
        return WORDS[found]
    return "" if found is None else f"{found:g}" if isinstance(found, float) else str(found)


@pytest.mark.parametrize("title", sections())
def test_the_page_is_true(title):
    text = sections()[title]
    diary = diary_of(text)
    header, rows = list(tables(text))[-1]
    assert header[0] in ("day", "from"), "the last table says what must follow"
    for row in rows:
        if header[0] == "day":
            flags = explain_date(diary, date.fromisoformat(day(row["day"]))).flags
            got = {flag: WORDS[flags[flag]] for flag in header[1:]}
            assert got == {flag: row[flag] for flag in header[1:]}, row["day"]
        else:
            (window,) = (w for w in measure_windows(diary) if w["start"] == day(row["from"]) and w["end"] == day(row["to"]))
            assert {key: said(value(window, key)) for key in header[2:]} == {key: row[key] for key in header[2:]}


def test_there_are_many_situations():
    assert len(sections()) >= 24
