"""The commands as a new user runs them, wrong input included."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from cleardays.cli.main import main
from conftest import EXAMPLE

COMMANDS = [["demo"], ["diary", "import"], ["diary", "measures"], ["response"], ["report"]]
ASK = ["--treatment", "examplamide", "--start", "2024-03-04"]


def run(*arguments, stdin: bytes = b"", env: dict[str, str] | None = None, cwd: Path | None = None):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "cleardays", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def schema(name: str):
    text = resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


def document(name: str, *arguments, **options):
    code, out, err = run(*arguments, "--json", **options)
    assert code == 0, err
    found = json.loads(out)
    jsonschema.validate(found, schema(name), format_checker=jsonschema.FormatChecker())
    return found


def problems(*arguments, **options):
    code, out, err = run(*arguments, "--json", **options)
    assert code == 2
    found = json.loads(out)
    jsonschema.validate(found, schema("problems"))
    assert err.startswith("cleardays: ")
    return found["problems"]


def test_version_and_help_answer():
    assert re.fullmatch(r"cleardays \d+\.\d+\.\d+\n", run("--version")[1])
    code, out, _ = run("--help")
    assert code == 0
    for words in COMMANDS:
        assert " ".join(words[-1:]) in out or words[0] in out


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words):
    code, out, _ = run(*words, "--help")
    assert code == 0
    assert "--json" in out
    assert "usage: cleardays" in out


def test_help_and_version_load_no_numerics():
    code = "import sys; from cleardays.cli.main import main; main(['--version']); main(['--help']); "
    done = subprocess.run([sys.executable, "-c", code + "assert 'numpy' not in sys.modules"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_response_gives_the_document_of_its_schema():
    found = document("response", "response", EXAMPLE, *ASK)
    assert found["coverage"] == {"days": 121, "known": 121, "recalled": 0}
    assert found["verdict"] == "cannot_tell"
    assert found["provenance"]["threshold"] == 0.3


def test_response_reads_standard_input_and_repeats_itself_byte_for_byte():
    first = run("response", "-", *ASK, "--json", stdin=EXAMPLE.read_bytes())
    assert first == run("response", EXAMPLE, *ASK, "--json")


def test_as_of_reads_nothing_later():
    text = EXAMPLE.read_text(encoding="utf-8")
    cut = "".join(line for line in text.splitlines(keepends=True) if not "2024-05-01" < line[:10] < "2025")
    planted = re.sub(r"(?m)^(2024-0[56]-\d\d,.*),(clear|present)$", r"\1,severe", text.replace("2024-05-01,", "2024-05-01 ,"))
    planted = planted.replace("2024-05-01 ,", "2024-05-01,")
    options = ["response", "-", *ASK, "--as-of", "2024-04-30", "--json"]
    assert run(*options, stdin=planted.encode()) == run(*options, stdin=cut.encode())
    assert run(*options, stdin=text.encode()) == run(*options, stdin=cut.encode())


def test_measures_give_the_document_of_their_schema():
    found = document("diary-measures", "diary", "measures", EXAMPLE)
    assert [(w["n_days"], w["n_logged"], w["hd"]) for w in found[1:]] == [(28, 28, 24), (28, 28, 24), (28, 28, 12), (28, 28, 9)]
    assert document("diary-measures", "diary", "measures", EXAMPLE, "--window", "cal")[1]["start"] == "2024-03-01"
    anchored = document("diary-measures", "diary", "measures", EXAMPLE, "--anchor", "2024-03-04", "--profile", "ihs")
    assert anchored[1]["start"] == "2024-03-04"
    assert {window["profile"] for window in anchored} == {"ihs"}


def test_the_catalogue_lists_shows_and_checks_itself():
    code, out, _ = run("catalogue", "check", "--json")
    assert code == 0
    assert json.loads(out)["problems"] == []
    code, out, _ = run("catalogue", "list", "--json")
    assert "lamotrigine" in {each["id"] for each in json.loads(out)["treatments"]}
    code, out, _ = run("catalogue", "show", "Botox")
    assert code == 0
    assert "not confirmed" in out  # doubtful facts carry their mark
    assert problems("catalogue", "show", "examplamide")[0]["where"] == "treatment"
    assert problems("catalogue", "show")[0]["where"] == "TREATMENT"
    assert problems("catalogue", "list", "baclofen")[0]["where"] == "TREATMENT"


@pytest.mark.parametrize("name", ["lamotrigine", "ketamine", "topiramate"])
def test_no_doubtful_fact_is_shown_without_its_mark(name):
    marks = {"unconfirmed": "[not confirmed]", "secondary": "[read at second hand]", "derived": "[worked out]"}
    marks["design"] = "[our choice]"
    facts = json.loads(run("catalogue", "show", name, "--json")[1])
    lines = [line for line in run("catalogue", "show", name)[1].splitlines() if line.startswith("  ")]
    told = [fact for rows in facts.values() if isinstance(rows, list) for fact in rows if isinstance(fact, dict)]
    assert len(lines) == len(told) > 20
    for line, fact in zip(lines, told, strict=True):
        for confidence, mark in marks.items():
            assert (mark in line) == (fact["confidence"] == confidence)


def test_findings_give_the_document_of_their_schema():
    found = document("diary-findings", "diary", "findings", EXAMPLE, "--start", "2024-03-04")
    assert found["before_after"]["windows"] == 3
    assert found["before_after"]["baseline_from"] is None
    assert found["months"] == 5
    assert found["patterns"]["cm_gt3mo"] == "no"
    assert "ruled out" in found["note"]


def test_measures_of_a_diary_with_everything(tmp_path):
    days = "date,headache,hours,migraine,acute_classes,function\n" + "".join(
        f"2026-03-{n:02d},severe,6,yes,triptan,2\n" if n % 3 == 0 else f"2026-03-{n:02d},clear,,,antiemetic,0\n"
        for n in range(1, 31)
    )
    path = tmp_path / "days.csv"
    path.write_text(days)
    (window,) = document("diary-measures", "diary", "measures", path, "--window", "cal")
    assert (window["hd"], window["md"], window["md28"]) == (10, 10, 28 * 10 / 30)
    assert window["acute_days"] == {"any": 10, "triptan": 10}
    assert window["overuse_month"]["8.2.2"] == "yes"
    assert window["headache_hours"] == 60
    assert [warning["code"] for warning in window["warnings"]] == ["acute-use-high"]
    _, text, _ = run("diary", "measures", path, "--window", "cal")
    assert "acute medicines on 10 of 30 days" in text


@pytest.mark.parametrize("ending", ["csv", "zip"])
def test_import_round_trips_through_our_files(tmp_path, ending):
    out = tmp_path / f"diary.{ending}"
    found = document("diary-import", "diary", "import", EXAMPLE, "--out", out, "--zone", "Europe/Berlin")
    assert found["format"] == "cleardays"
    assert found["days"] == 121
    assert len(found["headache_days"]) + len(found["clear_days"]) == 121
    again = tmp_path / f"again.{ending}"
    run("diary", "import", out if ending == "csv" else EXAMPLE, "--out", again, "--zone", "Europe/Berlin")
    assert out.read_bytes() == again.read_bytes()
    assert document("response", "response", out, *ASK) == document("response", "response", EXAMPLE, *ASK)


def test_a_changed_zip_is_not_trusted(tmp_path):
    import zipfile

    out = tmp_path / "diary.zip"
    run("diary", "import", EXAMPLE, "--out", out)
    with zipfile.ZipFile(out) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content.replace(b"clear", b"present") if name == "days.csv" else content)
    assert "hash differs" in problems("response", out, *ASK)[0]["what"]


@pytest.mark.parametrize("ending", ["pdf", "html", "txt", "json"])
def test_report_writes_what_was_asked_for(tmp_path, ending):
    out = tmp_path / f"answer.{ending}"
    found = document("report", "report", EXAMPLE, *ASK, "--out", out)
    assert found["out"] == str(out)
    content = out.read_bytes()
    assert content.startswith({"pdf": b"%PDF", "html": b"<!doctype html>", "txt": b"Examplamide", "json": b"{"}[ending])
    if ending == "json":
        jsonschema.validate(json.loads(content)["response"], schema("response"))


def test_demo_does_the_whole_job(tmp_path):
    out = tmp_path / "pages"
    found = document("demo", "demo", "--out", out)
    assert sorted(path.name for path in out.iterdir()) == ["answer.html", "answer.json", "answer.pdf", "answer.txt"]
    assert found["response"]["coverage"]["known"] == 121
    code, printed, _ = run("demo", "--out", out, "--no-serve")
    assert code == 0
    assert "THIS DIARY CANNOT TELL" in printed


def test_a_terminal_without_unicode_gets_ascii():
    code, out, _ = run("response", EXAMPLE, *ASK, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert code == 0
    assert out.isascii()


GOOD = b"date,headache\n2026-03-01,mild\n2026-03-02,clear\n"
BAD_DIARIES = {
    "empty": (b"", "standard input", "empty"),
    "blank": (b"\n\n  \n", "standard input", "empty"),
    "only a header": (b"date,headache\n", "standard input", "no rows"),
    "binary": (bytes(range(256)) * 40, "standard input, line", "UTF-8"),
    "utf-16": (GOOD.decode().encode("utf-16"), "standard input, line 1", "UTF-8"),
    "nul": (b"date,headache\n2026-03-01,mi\x00ld\n", "standard input, line 2", "NUL"),
    "foreign date": (b"date,headache\n02/03/2026,mild\n", "standard input, line 2, date", "02/03/2026"),
    "conflict": (b"date,headache\n2026-03-01,mild\n2026-03-01,clear\n", "standard input, line 3", "second time"),
    "unknown word": (b"date,headache\n2026-03-01,ouch\n", "standard input, line 2, headache", "ouch"),
    "no date column": (b"day,headache\n2026-03-01,mild\n", "standard input", "no column date"),
    "nothing known": (b"date,status,headache\n2026-03-01,declined,\n", "diary", "no day"),
    "another zip": (b"PK\x03\x04garbage", "standard input", "zip"),
    "long cell": (b"date,headache\n2026-03-01," + b"x" * 10**6 + b"\n", "standard input, line", ""),
}


@pytest.mark.parametrize("case", BAD_DIARIES)
def test_bad_diaries_are_named_by_place_and_never_crash(case):
    content, where, what = BAD_DIARIES[case]
    found = problems("response", "-", "--treatment", "x", "--start", "2026-03-01", stdin=content)
    assert found[0]["where"].startswith(where)
    assert what in found[0]["what"]
    assert len(found[0]["what"]) < 300


def test_ten_megabytes_of_garbage_are_refused_in_one_line(tmp_path):
    import random

    garbage = tmp_path / "garbage.csv"
    garbage.write_bytes(random.Random(1).randbytes(10_000_000))
    assert len(problems("response", garbage, *ASK)) == 1
    letters = tmp_path / "letters.csv"
    letters.write_text("date,headache\n" + "lorem,ipsum\n" * 900_000, encoding="utf-8")
    code, _, err = run("response", letters, *ASK)
    assert code == 2
    assert "more problems like these" in err
    assert len(err.splitlines()) < 12


BAD_CALLS = [
    (["response", "no-such-file.csv", *ASK], "no-such-file.csv"),
    (["response", str(EXAMPLE.parent), *ASK], str(EXAMPLE.parent)),
    (["response", EXAMPLE], "command line"),
    (["response", EXAMPLE, "--treatment", "x", "--start", "4.3.2024"], "--start"),
    (["response", EXAMPLE, "--treatment", " ", "--start", "2024-03-04"], "--treatment"),
    (["response", EXAMPLE, *ASK, "--as-of", "tomorrow"], "--as-of"),
    (["response", EXAMPLE, *ASK, "--as-of", "2020-01-01"], "--as-of"),
    (["response", EXAMPLE, *ASK, "--as-of", "2199-01-01"], "--as-of"),
    (["response", EXAMPLE, *ASK, "--threshold", "50"], "--threshold"),
    (["response", EXAMPLE, *ASK, "--threshold", "nan"], "--threshold"),
    (["response", EXAMPLE, *ASK, "--seed", "-1"], "--seed"),
    (["response", EXAMPLE, *ASK, "--outcome", "joy"], "--outcome"),
    (["response", EXAMPLE, *ASK, "--outcome", "migraine_day"], "diary"),
    (["response", EXAMPLE, *ASK, "--outcome", "temper"], "--outcome"),
    (["response", EXAMPLE, *ASK, "--outcome", "aura_day"], "diary"),
    (["response", EXAMPLE, *ASK, "--colour", "red"], "command line"),
    (["report", EXAMPLE, *ASK, "--out", "answer.docx"], "--out"),
    (["report", EXAMPLE, *ASK, "--out", "/no/such/folder/answer.pdf"], "/no/such/folder/answer.pdf"),
    (["diary", "import", EXAMPLE, "--out", "x.csv", "--zone", "Mars/Base"], "--zone"),
    (["diary", "import", EXAMPLE, "--out", "x.csv", "--format", "kostecki-dillon"], EXAMPLE.name),
    (["diary", "measures", EXAMPLE, "--anchor", "x"], "--anchor"),
    (["diary", "sing"], "command line"),
    (["screen", "lamotrigine"], "command line"),
    (["demo", "--case", "unreal"], "--case"),
    (["response", EXAMPLE, *ASK, "--json=1"], "command line"),
    (["diary", "measures", EXAMPLE, "--window", "cal", "--anchor", "2024-03-04"], "--anchor"),
    (["demo", "--out", str(EXAMPLE)], "--out"),
]


@pytest.mark.parametrize(("arguments", "where"), BAD_CALLS)
def test_bad_calls_say_what_to_do(arguments, where, tmp_path):
    found = problems(*arguments, cwd=tmp_path)
    assert found[0]["where"] == where
    assert found[0]["try_this"]
    assert list(tmp_path.iterdir()) == []


def test_a_failed_import_leaves_what_was_there(tmp_path):
    out = tmp_path / "days.csv"
    run("diary", "import", EXAMPLE, "--out", out)
    before = out.read_bytes()
    problems("diary", "import", "-", "--out", out, stdin=b"date,headache\n2026-03-01,ouch\n")
    assert out.read_bytes() == before


def test_our_own_zip_can_be_imported(tmp_path):
    out, again = tmp_path / "diary.zip", tmp_path / "again.zip"
    run("diary", "import", EXAMPLE, "--out", out)
    assert document("diary-import", "diary", "import", out, "--out", again)["days"] == 121
    assert out.read_bytes() == again.read_bytes()


def test_a_damaged_zip_is_a_problem_wherever_it_is_damaged(tmp_path):
    import random

    from cleardays.cli.files import load_diary
    from cleardays.problems import BadInput

    out = tmp_path / "diary.zip"
    run("diary", "import", EXAMPLE, "--out", out)
    whole, dice = out.read_bytes(), random.Random(3)
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 3)):
            broken[dice.randrange(4, len(broken))] ^= 1 << dice.randrange(8)
        out.write_bytes(broken)
        with contextlib.suppress(BadInput):
            assert len(load_diary(str(out)).records) == 121


def test_a_zip_bomb_is_refused(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("days.csv", b"a" * 70_000_000)
    assert "would unpack" in problems("response", tmp_path / "bomb.zip", *ASK)[0]["what"]


def test_overwriting_keeps_a_file_private(tmp_path):
    out = tmp_path / "days.csv"
    run("diary", "import", EXAMPLE, "--out", out)
    out.chmod(0o600)
    run("diary", "import", EXAMPLE, "--out", out)
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "arguments", [["--help"], ["response", str(EXAMPLE), *ASK, "--json"], ["diary", "measures", str(EXAMPLE)]]
)
def test_an_answer_that_cannot_be_written_is_said(arguments):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-m", "cleardays", *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("cleardays: the answer could not be written")


def test_closed_streams_crash_nothing():
    shell = f"{sys.executable} -m cleardays diary measures - --json <&- 2>&-; echo $?; "
    shell += f"{sys.executable} -m cleardays response {EXAMPLE} {' '.join(ASK)} >&-; echo $?"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, check=False)
    lines = done.stdout.decode().splitlines()
    assert json.loads(lines[0])["problems"]
    assert lines[1:] == ["2", "0"]
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_json_in_every_terminal(encoding):
    env = {"PYTHONIOENCODING": encoding}
    code, out, _ = run("response", EXAMPLE, *ASK, "--json", env=env)
    assert code == 0
    assert json.loads(out)["verdict"]
    assert problems("diary", "measures", "no\udcff\N{UMBRELLA}.csv", env=env)


def test_a_link_is_followed_and_a_pipe_is_written_to(tmp_path):
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    run("diary", "import", EXAMPLE, "--out", link)
    assert link.is_symlink()
    assert target.read_bytes().startswith(b"#version=1")
    code, _, _ = run("diary", "import", EXAMPLE, "--out", "/dev/null")
    assert code == 0
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("start", ["1900-01-01", "2024-02-11", "2024-06-12", "2199-12-31"])
def test_a_start_outside_the_diary_is_answered_truthfully(start):
    found = document("response", "response", EXAMPLE, "--treatment", "x", "--start", start)
    assert found["verdict"] in ("too_early", "cannot_tell")


def test_the_installed_command_is_the_module():
    command = Path(sys.executable).with_name("cleardays")
    done = subprocess.run([command, "--version"], capture_output=True, check=True)
    assert done.stdout.decode() == run("--version")[1]


def test_classify_answers_line_by_line_and_goes_on_after_a_bad_one():
    lines = b'{"headache_min": 300}\n{"nausia": true}\nnot json\n\n{"logged": false}\n'
    code, out, err = run("diary", "classify", "--level", "day", "-", stdin=lines)
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert err == ""
    assert [answer.get("status") for answer in answers] == ["logged", None, None, "missing"]
    for answer in answers[1:3]:
        jsonschema.validate(answer, schema("problems"))
    assert "line 2" in answers[1]["problems"][0]["where"]
    for answer in (answers[0], answers[3]):
        jsonschema.validate(answer, schema("diary-classify-day"))


SHARES = {"30": True, "50": True, "75": False, "100": False}


@pytest.mark.parametrize(
    ("level", "line", "key", "value"),
    [
        (
            "episode",
            b'{"day": "2026-03-02", "tz": "UTC", "episodes": [{"start": "2026-03-01T20:00", "end": "2026-03-02T02:00"}]}',
            "min_on_day",
            120,
        ),
        ("window", b'{"pattern": "MMMMMMMM0000000HHHHHHH......"}', "cm_month", "yes"),
        ("series", b'{"months": [{"hd": 16, "cm_c": 9, "n_days": 30, "n_logged": 30}]}', "cm_3mo", "no"),
        ("response", b'{"rule": "NICE_TA260", "baseline_hd": 16, "current_hd": 11.2, "cycles": 2}', "reduction_pct", 30),
        ("response", b'{"rule": "responder", "baseline": 0.3, "current": 0.15}', "responder", SHARES),
        ("response", b'{"rule": "EHF_2022_mAb", "months_on": 12, "response": "good"}', "verdict", "consider_pause"),
        ("measure", b'{"instrument": "PHQ9", "items": [0, 0, 0, 0, 0, 0, 0, 0, 1]}', "safety_screen", True),
        ("measure", b'{"instrument": "TLFB", "drinks": [0, 0.5, 4, null], "sex": "female"}', "ddd", 2.25),
        ("measure", b'{"instrument": "WHO_RISK", "g_per_day": 20.01, "sex": "female"}', "level", "medium"),
        ("measure", b'{"instrument": "MENSTRUAL_WINDOW", "day1": "2026-03-04", "attack": "2026-03-06"}', "in_window", True),
    ],
)
def test_classify_answers_at_each_level(level, line, key, value):
    code, out, _ = run("diary", "classify", "--level", level, "--json", stdin=line)
    assert code == 0
    found = json.loads(out)
    jsonschema.validate(found, schema(f"diary-classify-{level}"))
    assert found[key] == value


def test_a_number_that_no_computer_holds_is_a_problem_and_not_a_crash():
    lines = b'{"rule": "responder", "baseline": 1e999999999999999999999999}\n{"rule": "responder", "baseline": NaN}\n'
    code, out, _ = run("diary", "classify", "--level", "response", stdin=lines)
    assert code == 2
    for line in out.splitlines():
        jsonschema.validate(json.loads(line), schema("problems"))


def test_main_leaves_the_collector_of_its_caller_alone(capsys):
    frozen = gc.get_freeze_count()
    assert main(["kinetics", "lamotrigine"]) == 0
    assert "half" in capsys.readouterr().out
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, frozen)


def test_a_process_of_its_own_collects_while_it_works_and_not_what_was_imported():
    code = "import gc, sys; from cleardays.cli.main import main; sys.argv = ['cleardays', 'kinetics', 'lamotrigine']; main(); "
    code += "print(gc.isenabled(), gc.get_freeze_count() > 1000)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert told.stdout.decode().splitlines()[-1] == "True True"
