"""The pages about bringing in a diary name every layout, every column and every key, and their example runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cleardays.diary.importing import FORMATS, Request, import_text
from cleardays.diary.layouts import mapping
from cleardays.diary.sheets_beside import BESIDE

DOCS = Path(__file__).resolve().parents[2] / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_layout_is_listed():
    listed = re.findall(r"(?m)^\| `([a-z_-]+)` \|", read("how-to/bring-in-a-diary.md"))[1:]  # the first is the title
    assert sorted(listed) == sorted(FORMATS)


@pytest.mark.parametrize("sheet", BESIDE.values(), ids=lambda sheet: sheet.file)
def test_every_column_of_the_zip_is_described(sheet):
    section = read("reference/diary-zip.md").split(f"## {sheet.file}\n")[1].split("\n## ")[0]
    assert set(sheet.columns) <= set(re.findall(r"`([a-z_0-9]+)`", section))


def test_everything_that_a_mapping_may_say_is_described():
    page = read("reference/import-mapping.md")
    described = set(re.findall(r"`([a-z_0-9]+)`", page))
    assert set(mapping.TARGETS) <= described
    assert set(mapping._KEYS) - {"columns"} <= described


@pytest.mark.parametrize("page", ["how-to/bring-in-a-diary.md", "reference/import-mapping.md"])
def test_the_examples_of_mappings_are_mappings(page):
    for text in re.findall(r"```toml\n(.*?)```", read(page), re.DOTALL):
        assert mapping.read_mapping(tomllib.loads(text), page).columns


def test_the_example_table_is_read():
    (text,) = re.findall(r"```toml\n(.*?)```", read("how-to/bring-in-a-diary.md"), re.DOTALL)
    table = "Tag;Schmerz;Medikament;Notiz;Bemerkung\n13.3.2026;stark;;a;b\n14.3.2026;keiner;;;\n"
    request = Request(layout="csv", mapping=mapping.read_mapping(tomllib.loads(text), "map.toml"), zone="Europe/Berlin")
    found = import_text(table, "tabelle.csv", request)
    assert [record.headache for record in found.diary.records] == ["severe", "clear"]


def test_every_packaged_layout_knows_a_header_by_itself_alone():
    for layout, known in mapping.known_layouts().items():
        for header in known.recognise:
            found = mapping.recognised(sorted(header))
            assert found is not None, (layout, header)
            assert found.id == layout
