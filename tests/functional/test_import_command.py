"""`cleardays diary import` as a new user runs it: other programs' files, options, and everything that can be wrong."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from cleardays.cli.files import load_diary
from cleardays.cli.mapping_questions import ask_mapping
from cleardays.problems import BadInput

BUDDY = "Date,Time,Pain,Duration,Medication,Triggers,Symptoms,Notes\n"
GOOD = BUDDY + "2026-03-01,22:00,5,4h 0m,Sumatriptan,Stress,Nausea,=1+1\n2026-03-05,10:00,3,1h,,,,\n"
APPLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<HealthData>\n<Record type="HKCategoryTypeIdentifierHeadache" '
    'startDate="2026-03-01 10:00:00 +0100" endDate="2026-03-01 11:00:00 +0100" value="HKCategoryValueSeverityMild"/>\n'
    "</HealthData>"
)


def run(*arguments, stdin: bytes = b""):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "cleardays", "diary", "import", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=os.environ,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def document(*arguments, **options):
    code, out, err = run(*arguments, "--json", **options)
    assert code == 0, err
    found = json.loads(out)
    schema = resources.files("cleardays.cli").joinpath("schemas", "diary-import.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(found, json.loads(schema), format_checker=jsonschema.FormatChecker())
    return found


def problems(*arguments, **options):
    code, out, err = run(*arguments, "--json", **options)
    assert code == 2
    assert err.startswith("cleardays: ")
    return json.loads(out)["problems"]


@pytest.fixture
def good(tmp_path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_an_import_says_what_it_took_and_writes_everything_into_a_zip(good, tmp_path):
    out = tmp_path / "diary.zip"
    found = document(good, "--out", out, "--zone", "Europe/Berlin")
    assert found["format"] == "migraine_buddy_csv"
    assert found["headache_days"] == ["2026-03-01", "2026-03-02", "2026-03-05"]
    assert found["acute_medication_days"] == ["2026-03-01"]
    assert found["attacks"] == 2
    diary = load_diary(str(out))
    assert diary.beside.doses[0].drug == "sumatriptan"
    assert diary.about["zone"] == "Europe/Berlin"
    with zipfile.ZipFile(out) as archive:
        assert b"'=1+1" in archive.read("attacks.csv")


def test_a_table_of_days_says_what_only_a_zip_keeps(good, tmp_path):
    lost = document(good, "--out", tmp_path / "days.csv")["lost"]
    assert "2 attacks, 1 dose; only a zip keeps them" in lost[-1]["what"]


def test_the_words_for_a_person_name_the_counts_and_the_losses(good, tmp_path):
    _, out, _ = run(good, "--out", tmp_path / "days.csv")
    assert out.startswith("Read 3 days (migraine_buddy_csv): 3 with headache, 0 clear. 2 attacks. Written to ")
    assert "Left out:" in out


def test_rows_with_problems_can_be_left_out_and_are_listed(tmp_path):
    path, out = tmp_path / "export.csv", tmp_path / "diary.zip"
    path.write_text(
        GOOD + "2026-03-07,99:00,5,1h,,,,=cmd\n2026-03-08,10:00,5,1h,,,,\n2026-03-08,10:00,6,1h,,,,\n", encoding="utf-8"
    )
    assert len(problems(path, "--out", out)) == 3
    assert not out.exists()
    found = document(path, "--out", out, "--accept-partial")
    assert found["headache_days"] == ["2026-03-01", "2026-03-02", "2026-03-05"]
    assert "3 times" in str(found["lost"])
    with (tmp_path / "diary.zip.refused.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["where"] for row in rows] == ["export.csv, line 4", "export.csv, line 6", "export.csv, line 5"]
    assert rows[0]["row"] == "2026-03-07,99:00,5,1h,,,,=cmd"
    assert "99:00" in rows[0]["problem"]
    _, words, _ = run(path, "--out", out, "--accept-partial")
    assert "Refused 3 rows" in words


def test_of_our_own_table_both_tellings_of_a_day_are_refused(tmp_path):
    path, out = tmp_path / "days.csv", tmp_path / "diary.zip"
    path.write_text("date,headache\n2026-03-01,mild\n2026-03-02,ouch\n2026-03-01,clear\n2026-03-03,clear\n", encoding="utf-8")
    found = document(path, "--out", out, "--accept-partial")
    assert (found["days"], found["headache_days"], found["clear_days"]) == (1, [], ["2026-03-03"])
    assert (tmp_path / "diary.zip.refused.csv").read_text(encoding="utf-8").count("\n") == 4


def test_an_import_is_added_to_a_diary_and_adding_it_again_changes_nothing(good, tmp_path):
    first, both = tmp_path / "first.zip", tmp_path / "both.zip"
    old = tmp_path / "days.csv"
    old.write_text("#version=1\ndate,headache,mood\n2026-02-27,clear,5\n2026-03-01,present,4\n", encoding="utf-8")
    found = document(good, "--out", both, "--into", old)
    assert found["days"] == 4
    assert found["clear_days"] == ["2026-02-27"]
    assert load_diary(str(both)).records[1].mood == 4
    before = both.read_bytes()
    document(good, "--out", both, "--into", both)
    assert both.read_bytes() == before
    old.write_text("date,headache\n2026-03-01,clear\n", encoding="utf-8")
    (problem,) = problems(good, "--out", first, "--into", old)
    assert problem["where"] == "--into, 2026-03-01"
    assert not first.exists()


def test_with_into_the_numbers_are_those_of_the_sum_and_what_was_added_is_said(good, tmp_path):
    both, more = tmp_path / "both.zip", tmp_path / "more.csv"
    document(good, "--out", both)
    more.write_text(GOOD + "2026-03-09,22:00,5,4h 0m,,,,\n", encoding="utf-8")
    found = document(more, "--out", tmp_path / "sum.zip", "--into", both)
    assert (found["days"], found["attacks"]) == (5, 3)
    days = tmp_path / "days.csv"
    days.write_text("date,headache\n2026-02-27,clear\n", encoding="utf-8")
    assert document(days, "--out", tmp_path / "sum.zip", "--into", both)["attacks"] == 2
    _, words, _ = run(more, "--out", tmp_path / "sum.zip", "--into", both)
    assert words.startswith(
        "Added 2 days and 1 attack (migraine_buddy_csv). The diary has 5 days: 5 with headache, 0 clear. 3 attacks."
    )
    _, words, _ = run(days, "--out", tmp_path / "sum.zip", "--into", both)
    assert words.startswith("Added 1 day (cleardays). ")
    _, words, _ = run(good, "--out", both, "--into", both)
    assert words.startswith("Nothing new (migraine_buddy_csv). The diary has 3 days")
    assert "--into" not in words
    days.write_text("date,mood\n2026-03-01,4\n", encoding="utf-8")
    _, words, _ = run(days, "--out", both, "--into", both)
    assert words.startswith("No new day or attack, but new answers")


def test_a_later_export_replaces_and_refused_rows_remove_nothing(good, tmp_path):
    first, path = tmp_path / "first.zip", tmp_path / "later.csv"
    good.write_text(GOOD + "2026-03-09,10:00,3,1h,,,,\n", encoding="utf-8")
    document(good, "--out", first)
    path.write_text(good.read_text(encoding="utf-8").replace("2026-03-05", "2026-03-06"), encoding="utf-8")
    found = document(path, "--out", tmp_path / "sum.zip", "--into", first)
    assert found["headache_days"] == ["2026-03-01", "2026-03-02", "2026-03-06", "2026-03-09"]
    assert {"where": "--into, 2026-03-05", "what": "no longer in the later export; left out."} in found["lost"]
    path.write_text(good.read_text(encoding="utf-8").replace("05,10:00,3", "05,10:00,33"), encoding="utf-8")
    found = document(path, "--out", tmp_path / "sum.zip", "--into", first, "--accept-partial")
    assert "2026-03-05" in found["headache_days"]


def test_a_mapping_file_explains_a_table(tmp_path):
    table, mapping = tmp_path / "mine.csv", tmp_path / "map.toml"
    table.write_bytes("Datum;Schmerz;Höhe\n1.3.2026;7;x\n13.3.2026;0;y\n".encode("windows-1252"))
    mapping.write_text('rows = "days"\n[columns]\ndate = "Datum"\npain = "Schmerz"\n', encoding="utf-8")
    options = [table, "--format", "csv", "--mapping", mapping, "--out", tmp_path / "d.csv"]
    assert "--encoding windows-1252" in problems(*options)[0]["try_this"]
    found = document(*options, "--encoding", "windows-1252")
    assert (found["headache_days"], found["clear_days"]) == (["2026-03-01"], ["2026-03-13"])
    assert "column Höhe" in str(found["lost"])
    mapping.write_text("rows = [", encoding="utf-8")
    assert "TOML" in problems(*options)[0]["what"]
    assert problems(table, "--format", "csv", "--out", "x.csv")[0]["where"] == "--mapping"
    assert problems(table, "--format", "daylio", "--mapping", mapping, "--out", "x.csv")[0]["where"] == "--mapping"


def test_at_a_terminal_the_columns_are_asked_for_one_by_one(tmp_path):
    table, saved = tmp_path / "mine.csv", tmp_path / "map.toml"
    table.write_text("Day,Pain,Length,Colour\n2026-03-01,7,2,red\n", encoding="utf-8")
    answers = iter(["", "pain", "nonsense", "duration", "-", "1", "1", "2"])
    said: list[str] = []
    mapping, text = ask_mapping(str(table), None, ask=lambda question: said.append(question) or next(answers), say=said.append)
    assert mapping.columns == {"date": ("day",), "pain": ("pain",), "duration": ("length",)}
    assert (mapping.rows, mapping.duration_unit, mapping.zero_pain) == ("attacks", "hours", "attack")
    assert "day (2026-03-01) [date, - for none]: " in said
    saved.write_text(text, encoding="utf-8")
    assert document(table, "--mapping", saved, "--out", tmp_path / "d.zip")["attacks"] == 1


def asked(table, *answers, **options):
    told = iter(answers)
    said: list[str] = []
    mapping, text = ask_mapping(
        str(table), None, ask=lambda question: said.append(question) or next(told), say=said.append, **options
    )
    return mapping, text, said


def test_words_and_orders_that_are_not_known_are_asked_for_and_kept(tmp_path):
    table, saved = tmp_path / "mine.csv", tmp_path / "map.toml"
    table.write_text("Tag,Kopf\n1/3/2026,mies\n2/3/2026,gut\n2/4/2026,stark\n2/5/2026,Mies\n", encoding="utf-8")
    mapping, text, said = asked(table, "?", "date", "headache", "2", "1", "5", "1")
    assert mapping.words == {"mies": "severe", "gut": "clear"}
    assert (mapping.rows, mapping.date_order) == ("days", "dmy")
    assert sum("names, with amounts" in line for line in said) == 2
    assert sum("stark" in line and line.endswith("? ") for line in said) == 0
    saved.write_text(text, encoding="utf-8")
    found = document(table, "--mapping", saved, "--out", tmp_path / "d.zip")
    assert (found["headache_days"], found["clear_days"]) == (["2026-03-01", "2026-04-02", "2026-05-02"], ["2026-03-02"])


def test_an_order_that_was_said_is_not_asked_for_and_kept(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("Day,Pain\n1/3/2026,3\n2/3/2026,4\n", encoding="utf-8")
    mapping, text, _ = asked(table, "", "", "2", date_order="mdy")
    assert mapping.date_order == "mdy"
    assert 'date_order = "mdy"' in text
    table.write_text("Day,Pain\n3.4.2026,3\n", encoding="utf-8")
    assert asked(table, "", "", "2")[0].date_order is None


def test_of_very_many_unknown_words_eight_are_asked_for(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("Day,Headache\n" + "".join(f"2026-03-{n:02d},w{chr(96 + n)}\n" for n in range(1, 12)), encoding="utf-8")
    mapping, _, said = asked(table, "", "", "2", *["6"] * 8)
    assert mapping.words == {}
    assert "3 more words are not known; the import will name them." in said


def test_q_ends_the_questions_without_writing(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("Day,Pain\n2026-03-01,3\n", encoding="utf-8")
    for answers in (("q",), ("", "", "Q")):
        with pytest.raises(BadInput, match="nothing was written"):
            asked(table, *answers)

    def closed(_: str) -> str:
        raise EOFError

    with pytest.raises(BadInput, match="nothing was written"):
        ask_mapping(str(table), None, ask=closed, say=lambda _: None)


def test_a_table_in_utf_16_is_read_by_its_mark(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(GOOD.encode("utf-16"))
    assert document(path, "--out", tmp_path / "d.zip")["attacks"] == 2


def test_mixed_line_ends_are_harmless(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(GOOD.replace("\n", "\r\n", 1).encode())
    assert document(path, "--out", tmp_path / "d.zip")["attacks"] == 2


@pytest.mark.parametrize("inside", ["apple_health_export/export.xml", "apple_health_export/Exportación.xml"])
def test_apple_health_comes_in_its_zip_whatever_it_is_called(tmp_path, inside):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
        archive.writestr(inside, APPLE)
    for arguments, stdin in (([path], b""), (["-"], path.read_bytes())):
        found = document(*arguments, "--out", tmp_path / "d.zip", stdin=stdin)
        assert (found["format"], found["headache_days"]) == ("apple_health", ["2026-03-01"])


def test_apple_health_comes_through_a_pipe(tmp_path):
    assert document("-", "--out", tmp_path / "d.zip", stdin=APPLE.encode())["attacks"] == 1
    assert document("-", "--out", tmp_path / "d.zip", stdin=APPLE.replace("UTF-8", "UTF-16").encode("utf-16"))["attacks"] == 1


def test_a_single_file_of_another_program_may_come_in_a_zip(good, tmp_path):
    path = tmp_path / "mail.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(good, "folder/export.csv")
        archive.writestr("__MACOSX/export.csv", "x")
    assert document(path, "--out", tmp_path / "d.zip")["attacks"] == 2


def zipped(**files: bytes) -> bytes:
    import io

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_xml", ".xml").replace("_txt", ".txt"), content)
    return packed.getvalue()


BOMB = APPLE.replace("</HealthData>", "<Workout/>" * 10_000_000 + "</HealthData>").encode()
BAD = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "only a header": (BUDDY.encode(), "nothing about headaches"),
    "binary": (bytes(range(256)) * 50, "UTF-8"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(1000), "this is a picture, not a table"),
    "photo": (b"\xff\xd8\xff\xe0" + bytes(1000), "this is a picture, not a table"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF, not a table"),
    "xls": (b"\xd0\xcf\x11\xe0" + bytes(1000), "this is a spreadsheet"),
    "xlsx": (zipped(**{"[Content_Types]_xml": b"x", "xl/workbook_xml": b"x"}), "this is a spreadsheet, not a table"),
    "docx": (zipped(**{"[Content_Types]_xml": b"x", "word/document_xml": b"x"}), "this is a text document, not a table"),
    "ods": (zipped(mimetype=b"x", content_xml=b"x"), "this is a spreadsheet, not a table"),
    "nul": (GOOD.replace("Stress", "\x00").encode(), "NUL"),
    "half of utf-16": (GOOD.encode("utf-16")[:-1], "UTF-16"),
    "latin-1": (GOOD.replace("Stress", "é").encode("latin-1"), "UTF-8"),
    "huge cell": (BUDDY.encode() + b"2026-03-01,10:00,5,1h,,,," + b"x" * 10**7, "cannot be read"),
    "unclosed quote": (BUDDY.encode() + b'2026-03-01,10:00,5,1h,,,,"oh', "cannot be read"),
    "unknown table": (b"a,b\n1,2\n", "no layout"),
    "unknown json": (b'{"a": 1}', "no layout"),
    "broken json": (b'{"a": ', "no JSON"),
    "deep json": (b"[" * 200_000, "nested"),
    "unknown page": (b"<html>hello</html>", "no layout"),
    "unknown xml": (b'<?xml version="1.0"?><gpx/>', "no layout"),
    "entities": (APPLE.replace("<HealthData>", "<!DOCTYPE HealthData [<!ENTITY a 'b'>]><HealthData>").encode(), "entities"),
    "cut off": (APPLE.encode()[:-5], "breaks off"),
    "damaged zip": (zipped(export_xml=APPLE.encode())[:-30], "cannot be read"),
    "zip of much else": (zipped(a_txt=b"a", b_txt=b"b"), "no days.csv"),
    "zip bomb": (zipped(export_xml=BOMB), "unpacks to far more"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_said_and_nothing_is_written(case, tmp_path):
    content, what = BAD[case]
    path, out = tmp_path / "file", tmp_path / "diary.zip"
    path.write_bytes(content)
    found = problems(path, "--out", out)
    assert what in found[0]["what"]
    assert all(problem["try_this"] and len(problem["what"]) < 400 for problem in found)
    assert not out.exists()


def test_without_a_file_or_a_folder_to_write_to_it_says_so(good, tmp_path):
    assert problems(tmp_path / "no.csv", "--out", tmp_path / "d.zip")[0]["what"].startswith("the file cannot be read")
    assert problems(tmp_path, "--out", tmp_path / "d.zip")[0]["what"].startswith("the file cannot be read")
    assert problems(good, "--out", tmp_path / "no" / "d.zip")[0]["what"].startswith("the file cannot be written")
    assert problems(good, "--out", tmp_path / "d.zip", "--format", "excel")[0]["where"] == "--format"
    assert problems(good, "--out", tmp_path / "d.zip", "--day-zero", "2026-01-01")[0]["where"] == "--day-zero"
