"""Encrypted stores as somebody uses them at a terminal: the passphrase is asked for or read, and never on the command line."""

from __future__ import annotations

import json
import stat

import pytest

from cleardays.cli import passphrases
from cleardays.cli.main import main
from cleardays.store import encrypting, keyfile, open_store
from cleardays.store.cipher import begins_plain, key_file_of
from cleardays.store.keyfile import Cost
from reference.stories import START, days, journey

WORDS, OTHER = "four words, quite apart", "another four words"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """The usual cost of a key would be most of the time of these tests."""
    right = keyfile._wrapped
    monkeypatch.setattr(keyfile, "_wrapped", lambda key, words, _cost: right(key, words, Cost(1, 64, 1)))


@pytest.fixture
def place(tmp_path, monkeypatch):
    file = tmp_path / "home" / "diary.sqlite3"
    monkeypatch.setenv("CLEARDAYS_STORE", str(file))
    with open_store(file) as store:
        store.add_person("ada")
        store.append("ada", journey())
    return file


@pytest.fixture
def words_in(tmp_path):
    def written(words, name="words"):
        path = tmp_path / name
        path.write_text(words + "\n", encoding="utf-8")
        return str(path)

    return written


@pytest.fixture
def terminal(monkeypatch):
    """Somebody who sits there and types these answers."""

    def types(*answers):
        waiting = list(answers)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("getpass.getpass", lambda _question: waiting.pop(0))
        return waiting

    return types


def told(capsys, *words, code=0):
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_store_is_encrypted_and_from_then_on_every_command_needs_the_passphrase(place, words_in, capsys, monkeypatch):
    digest = told(capsys, "store", "verify")["digest"]
    done = told(capsys, "store", "encrypt", "--passphrase-file", words_in(WORDS))
    assert done["digest"] == digest
    assert not begins_plain(place)
    assert begins_plain(type(place)(done["plain"]))
    refused = told(capsys, "store", "verify", code=2)["problems"][0]
    assert refused["what"] == "it is needed, and there is nobody to ask."
    assert "--passphrase-file FILE" in refused["try_this"]
    assert told(capsys, "store", "verify", "--passphrase-file", words_in(WORDS))["digest"] == digest
    wrong = told(capsys, "store", "verify", "--passphrase-file", words_in(OTHER), code=2)["problems"][0]
    assert "does not open this store" in wrong["what"]
    monkeypatch.setenv(passphrases.VARIABLE, words_in(WORDS))
    assert told(capsys, "doctor")["healthy"]
    assert told(capsys, "store", "verify", "--person", "ada")["seq"] == len(journey())


def test_the_plain_file_is_removed_when_told_and_it_says_what_may_remain(place, words_in, capsys):
    assert main(["store", "encrypt", "--remove-plain", "--passphrase-file", words_in(WORDS)]) == 0
    said = capsys.readouterr().out
    assert "may still be found on the disk" in said
    assert "without it nobody can open the store" in said
    assert sorted(path.name for path in place.parent.iterdir()) == [place.name, f"{place.name}.key"]


def test_who_sits_there_types_a_new_passphrase_twice_and_a_slip_changes_nothing(place, terminal, capsys):
    terminal(WORDS, WORDS + "x")
    assert "not the same" in told(capsys, "store", "encrypt", code=2)["problems"][0]["what"]
    assert begins_plain(place)
    terminal(WORDS, WORDS)
    assert told(capsys, "store", "encrypt")["events"] == len(journey())
    terminal(WORDS)
    assert told(capsys, "store", "verify")["events"] == len(journey())


def test_after_a_change_the_new_passphrase_opens_it_and_the_old_one_does_not(place, words_in, capsys):
    old, new = words_in(WORDS), words_in(OTHER, "new")
    told(capsys, "store", "encrypt", "--passphrase-file", old)
    before = place.read_bytes()
    assert told(capsys, "store", "passphrase", "--passphrase-file", old, "--new-passphrase-file", new)["changed"]
    assert place.read_bytes() == before
    told(capsys, "store", "verify", "--passphrase-file", new)
    told(capsys, "store", "verify", "--passphrase-file", old, code=2)
    refused = told(capsys, "store", "passphrase", "--passphrase-file", old, "--new-passphrase-file", old, code=2)
    assert "does not open this store" in refused["problems"][0]["what"]


def test_a_backup_of_an_encrypted_store_is_encrypted_and_takes_its_key_file_along(place, words_in, capsys, tmp_path):
    words = words_in(WORDS)
    digest = told(capsys, "store", "encrypt", "--remove-plain", "--passphrase-file", words)["digest"]
    safe, back = tmp_path / "safe.sqlite3", tmp_path / "back.sqlite3"
    assert told(capsys, "store", "backup", str(safe), "--passphrase-file", words)["digest"] == digest
    assert not begins_plain(safe)
    assert stat.S_IMODE(key_file_of(safe).stat().st_mode) == 0o600
    for lost in (place, key_file_of(place)):
        lost.unlink()
    found = told(capsys, "store", "restore", str(safe), "--store", str(back), "--passphrase-file", words)
    assert found["digest"] == digest
    assert not begins_plain(back)
    with open_store(back, key=encrypting.key_of(back, WORDS)) as store:
        store.append("ada", days(START, "0"))


def test_an_encrypted_backup_is_not_restored_into_the_open(place, words_in, capsys, tmp_path, postgres_url):
    words, safe, plain = words_in(WORDS), tmp_path / "safe.sqlite3", tmp_path / "plain.sqlite3"
    open_store(plain).close()
    told(capsys, "store", "encrypt", "--passphrase-file", words)
    told(capsys, "store", "backup", str(safe), "--passphrase-file", words)
    for where, said in ((str(plain), "this store is not"), (postgres_url, "in the open")):
        refused = told(capsys, "store", "restore", str(safe), "--store", where, "--passphrase-file", words, code=2)
        assert said in refused["problems"][0]["what"]
    with open_store(plain) as store:
        assert store.people() == ()


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", None])
def test_a_file_without_a_passphrase_is_told(place, tmp_path, capsys, content):
    path = tmp_path / "words"
    if content is not None:
        path.write_bytes(content)
    problem = told(capsys, "store", "encrypt", "--passphrase-file", str(path), code=2)["problems"][0]
    assert problem["where"] == "--passphrase-file"
    assert begins_plain(place)


def test_a_passphrase_for_a_store_that_is_not_encrypted_is_refused_and_nothing_is_told_to_it(place, words_in, capsys, tmp_path):
    for command in (["store", "verify"], ["doctor"], ["serve", "--data", str(tmp_path), "--no-open", "--port", "0"]):
        refused = told(capsys, *command, "--passphrase-file", words_in(WORDS), code=2)["problems"][0]
        assert refused["where"] == "--passphrase-file"
        assert "cleardays store encrypt" in refused["try_this"]
    assert begins_plain(place)
