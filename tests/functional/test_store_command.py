"""`cleardays store` and `cleardays doctor` as somebody uses them who keeps a store safe."""

from __future__ import annotations

import io
import json
import sqlite3
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from cleardays.cli.main import main
from cleardays.store import open_store
from reference.plan_files import START
from reference.stories import days, journey


@pytest.fixture
def place(store_place, monkeypatch):
    """A store with two people, which the environment names."""
    monkeypatch.setenv("CLEARDAYS_STORE", store_place)
    with open_store(store_place) as store:
        for person in ("ada", "小林さくら"):
            store.add_person(person)
        store.append("ada", journey())
        store.append("小林さくら", days(START, "X0.X0"))
    return store_place


def told(capsys, *words, code=0):
    """The document that a command prints."""
    assert main([*words, "--json"]) == code
    out = capsys.readouterr().out
    document = json.loads(out)
    if code != 2:
        kind = "doctor" if words[0] == "doctor" else "store"
        text = resources.files("cleardays.cli").joinpath("schemas", f"{kind}.schema.json").read_text(encoding="utf-8")
        jsonschema.validate(document, json.loads(text))
    return document


def test_a_backup_is_made_followed_and_restored_elsewhere_with_the_same_digest(place, capsys, tmp_path):
    digest = told(capsys, "store", "verify")["digest"]
    made = told(capsys, "store", "backup", str(tmp_path / "safe"))
    assert (made["people"], made["events"], made["digest"]) == (2, 112, digest)
    assert made["bytes"] == (tmp_path / "safe").stat().st_size
    back = told(capsys, "store", "restore", str(tmp_path / "safe"), "--store", str(tmp_path / "back.sqlite3"))
    assert (back["digest"], back["kept_before"]) == (digest, None)
    assert told(capsys, "store", "verify", "--store", str(tmp_path / "back.sqlite3"))["digest"] == digest


def test_a_backup_into_a_folder_is_named_by_its_time(place, capsys, tmp_path):
    folder = tmp_path / "safe"
    folder.mkdir()
    made = told(capsys, "store", "backup", str(folder))
    assert [str(path) for path in folder.iterdir()] == [made["backup"]]
    assert Path(made["backup"]).name.startswith("cleardays-")


def test_a_store_with_people_is_replaced_only_when_told_and_what_was_there_is_named(place, capsys, tmp_path):
    told(capsys, "store", "export", str(tmp_path / "lines"))
    with open_store(place) as store:
        store.append("ada", days(START, "X"))
    refused = told(capsys, "store", "restore", str(tmp_path / "lines"), code=2)
    assert "--replace" in refused["problems"][0]["try_this"]
    assert told(capsys, "store", "verify")["events"] == 113
    back = told(capsys, "store", "restore", str(tmp_path / "lines"), "--replace")
    assert back["events"] == told(capsys, "store", "verify")["events"] == 112
    again = told(capsys, "store", "restore", back["kept_before"], "--replace")
    assert again["events"] == 113


def test_a_head_that_was_written_down_is_found_again_and_another_one_is_not(place, capsys):
    assert main(["store", "verify", "--person", "小林さくら"]) == 0
    head = capsys.readouterr().out.split()[-1]
    with open_store(place) as store:
        store.append("小林さくら", days(START, "X"))
    assert main(["store", "verify", "--person", "小林さくら", "--held", head]) == 0
    assert "went through what was held" in capsys.readouterr().out
    other = head[:-1] + ("0" if head[-1] != "0" else "1")
    assert main(["store", "verify", "--person", "小林さくら", "--held", other]) == 2
    assert "was written down" in capsys.readouterr().err
    for words in (["--held", head], ["--person", "小林さくら", "--held", "4:abc"], ["--person", "eve"]):
        assert main(["store", "verify", *words]) == 2
        assert capsys.readouterr().err


def test_an_export_on_standard_output_is_the_same_lines_as_in_a_file(place, capsys, tmp_path):
    assert main(["store", "export"]) == 0
    lines = capsys.readouterr().out.splitlines()
    told(capsys, "store", "export", str(tmp_path / "lines"))
    kept = (tmp_path / "lines").read_text(encoding="ascii").splitlines()
    assert lines[1:] == kept[1:]  # the first says when
    assert json.loads(lines[-1])["people"] == 2
    assert main(["store", "export", "--json"]) == 2


def test_one_persons_story_goes_out_alone_and_a_person_is_left_out_of_the_rest_for_good(place, capsys, tmp_path):
    own = told(capsys, "store", "export", str(tmp_path / "own"), "--person", "小林さくら")
    rest = told(capsys, "store", "export", str(tmp_path / "rest"), "--leave-out", "小林さくら")
    assert (own["people"], own["events"], rest["people"], rest["events"]) == (1, 4, 1, 108)
    told(capsys, "store", "restore", str(tmp_path / "rest"), "--replace")
    with open_store(place) as store:
        assert store.people() == ("ada",)
        assert store.story("ada").seq == 108
    told(capsys, "store", "restore", str(tmp_path / "own"), "--store", str(tmp_path / "own.sqlite3"))
    assert main(["store", "export", "--leave-out", "eve"]) == 2


def test_derived_anew_the_store_says_the_same(place, capsys):
    with open_store(place) as store:
        due = store.due(START.replace(year=2031))
        with store.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM trial")
        assert store.due(START.replace(year=2031)) == ()
    assert told(capsys, "store", "rebuild") == {"people": 2, "events": 112}
    with open_store(place) as store:
        assert store.due(START.replace(year=2031)) == due != ()


def test_the_doctor_says_what_it_found_and_what_to_do_and_its_code_says_whether_it_is_bad(tmp_path, capsys):
    place = tmp_path / "a.sqlite3"
    with open_store(place) as store:
        store.add_person("ada")
        store.append("ada", journey())
    assert told(capsys, "doctor", "--store", str(place))["healthy"]
    with sqlite3.connect(place) as raw:
        raw.execute("DROP TRIGGER event_no_update")
        raw.execute("UPDATE event SET sealed = 'A' || sealed WHERE seq = 4")
    raw.close()
    found = told(capsys, "doctor", "--store", str(place), code=1)
    bad = {check["check"]: check for check in found["checks"] if check["state"] == "bad"}
    assert set(bad) == {"schema", "chain"}
    assert "event 4" in bad["chain"]["found"]
    assert all(check["do"] for check in bad.values())
    assert main(["doctor", "--store", str(place)]) == 1
    out = capsys.readouterr().out
    assert "BAD     chain: " in out
    assert "2 bad, 0 to take care of" in out
    assert main(["store", "verify", "--store", str(place)]) == 2
    assert "event 4" in capsys.readouterr().err
    assert main(["store", "rebuild", "--store", str(place)]) == 2
    assert "event 4" in capsys.readouterr().err


def test_a_backup_of_a_broken_chain_is_kept_and_said(tmp_path, capsys):
    place = tmp_path / "a.sqlite3"
    with open_store(place) as store:
        store.add_person("ada")
        store.append("ada", days(START, "X0X0"))
    with sqlite3.connect(place) as raw:
        raw.execute("DROP TRIGGER event_no_update")
        raw.execute("UPDATE event SET sealed = 'A' || sealed WHERE seq = 2")
    raw.close()
    assert main(["store", "backup", str(tmp_path / "safe"), "--store", str(place)]) == 2
    assert "event 2" in capsys.readouterr().err
    assert (tmp_path / "safe").exists()


@pytest.mark.parametrize("words", [["doctor"], ["store", "verify"], ["store", "backup", "x"], ["store", "rebuild"]])
def test_without_a_store_that_is_said_and_none_is_made(tmp_path, capsys, words, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--store", str(tmp_path / "none.sqlite3")]) == 2
    assert "there is no store" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_readable_export_holds_each_event_beside_its_sealed_text_and_comes_back_all_the_same(place, capsys, tmp_path):
    told(capsys, "store", "export", str(tmp_path / "own"), "--person", "小林さくら", "--readable")
    lines = [json.loads(line) for line in (tmp_path / "own").read_text().splitlines()]
    assert [line["event"]["body"]["cells"]["headache"] for line in lines if "event" in line] == [
        "moderate", "clear", "moderate", "clear",
    ]  # fmt: skip
    told(capsys, "store", "restore", str(tmp_path / "own"), "--store", str(tmp_path / "own.sqlite3"))


def test_who_is_erased_is_gone_and_is_verified_by_the_id_that_is_left(place, capsys):
    words = ["store", "erase", "--person", "小林さくら", "--yes-erase", "--confirm", "小林さくら"]
    done = told(capsys, *words)
    assert (done["events"], done["swept"]) == (4, True)
    with open_store(place) as store:
        assert store.people() == ("ada",)
        head = store.head(done["person"])
    assert told(capsys, "store", "verify")["erased"] == [done["person"]]
    assert main(["store", "verify"]) == 0
    assert f"Erased, so that nobody can read it any more: {done['person']}" in capsys.readouterr().out
    assert told(capsys, "store", "verify", "--person", done["person"])["digest"] == head.digest
    assert told(capsys, "doctor", code=0 if "://" not in place else 1)["checks"]
    assert main(words) == 2
    assert "there is no story of '小林さくら'" in capsys.readouterr().err
    assert told(capsys, "store", "erase", "--sweep")["swept"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--person", "ada"], "add --yes-erase"),
        (["--person", "ada", "--yes-erase"], "nobody can be asked here"),
        (["--person", "ada", "--yes-erase", "--confirm", "Ada"], "nothing was erased"),
        (["--person", "eve", "--yes-erase", "--confirm", "eve"], "there is no story of 'eve'"),
        (["--yes-erase", "--confirm", "ada"], "what is to be erased"),
        (["--person", "ada", "--sweep"], "what is to be erased"),
    ],
)
def test_nobody_is_erased_by_a_slip(place, capsys, words, said):
    assert main(["store", "erase", *words]) == 2
    assert said in capsys.readouterr().err
    with open_store(place) as store:
        assert store.people() == ("ada", "小林さくら")


@pytest.mark.parametrize(("typed", "code"), [("ada\n", 0), ("Ada\n", 2), ("\n", 2), ("", 2)])
def test_at_a_terminal_the_name_is_asked_for_once_more(place, capsys, monkeypatch, typed, code):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert main(["store", "erase", "--person", "ada", "--yes-erase"]) == code
    assert "Write the name once more" in capsys.readouterr().err
    with open_store(place) as store:
        assert ("ada" in store.people()) == (code == 2)
