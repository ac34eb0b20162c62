"""The key file: what the passphrase opens, what it does not, and that nothing is lost on the way."""

from __future__ import annotations

import json
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.problems import BadInput
from cleardays.store import cipher, keyfile
from cleardays.store.cipher import Key, new_key
from cleardays.store.keyfile import Cost, WrongPassphrase, change_passphrase, read_key_file, write_key_file

CHEAP = Cost(1, 64, 1)
WORDS = "four words, quite apart"


@pytest.fixture
def wrapped(tmp_path):
    key, path = new_key(), tmp_path / "diary.sqlite3.key"
    write_key_file(path, key, WORDS, CHEAP)
    return key, path


def test_the_passphrase_gives_back_the_key_and_the_file_holds_neither(wrapped):
    key, path = wrapped
    assert read_key_file(path, WORDS) == key
    written = path.read_text()
    assert key.raw.hex() not in written
    assert WORDS not in written
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_never_printed():
    key = new_key()
    assert key.raw.hex() not in repr(key) + str(key) + f"{key}"
    assert repr(key.raw) not in repr(key)


def test_the_usual_cost_is_the_second_choice_of_rfc_9106(tmp_path):
    path = tmp_path / "usual.key"
    write_key_file(path, new_key(), WORDS)
    assert json.loads(path.read_text())["kdf"] == {"name": "argon2id", "rounds": 3, "memory_kib": 65536, "lanes": 4}


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_same_letters_open_it(tmp_path_factory, one, other):
    path = tmp_path_factory.mktemp("keys") / "a.key"
    key = new_key()
    write_key_file(path, key, one, CHEAP)
    assert read_key_file(path, one) == key
    if keyfile.unicodedata.normalize("NFKC", one) != keyfile.unicodedata.normalize("NFKC", other):
        with pytest.raises(WrongPassphrase):
            read_key_file(path, other)


def test_the_same_letters_composed_otherwise_open_it(tmp_path):
    path, key = tmp_path / "a.key", new_key()
    write_key_file(path, key, "\u00fcber vier Berge hinweg", CHEAP)
    assert read_key_file(path, "u\u0308ber vier Berge hinweg") == key


def test_a_wrong_passphrase_says_so_and_changes_nothing(wrapped, capfd):
    _, path = wrapped
    before = path.read_bytes()
    with pytest.raises(WrongPassphrase, match="does not open this store"):
        read_key_file(path, "four words, quite wrong")
    with pytest.raises(WrongPassphrase):
        change_passphrase(path, "four words, quite wrong", "another four words", CHEAP)
    assert path.read_bytes() == before
    assert capfd.readouterr() == ("", "")


def test_after_a_change_the_new_passphrase_gives_the_same_key_and_the_old_one_nothing(wrapped):
    key, path = wrapped
    change_passphrase(path, WORDS, "another four words", CHEAP)
    assert read_key_file(path, "another four words") == key
    with pytest.raises(WrongPassphrase):
        read_key_file(path, WORDS)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("step", ["fsync", "read", "replace"])
def test_a_change_that_breaks_off_leaves_the_old_passphrase_in_force(wrapped, monkeypatch, step):
    key, path = wrapped

    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        if step == "fsync":
            broken.setattr(os, "fsync", refuse)
        elif step == "read":
            right = keyfile.read_key_file
            broken.setattr(keyfile, "read_key_file", lambda file, words: right(file, words) if file == path else refuse())
        else:
            broken.setattr(keyfile.Path, "replace", refuse)
        with pytest.raises(BadInput, match=r"No space.*Nothing was changed"):
            change_passphrase(path, WORDS, "another four words", CHEAP)
    assert read_key_file(path, WORDS) == key
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("field", ["format", "version", "kdf", "cipher", "salt", "nonce", "wrapped", "sha256"])
def test_a_damaged_key_file_is_called_so_and_not_a_wrong_passphrase(wrapped, field):
    _, path = wrapped
    document = json.loads(path.read_text())
    document[field] = 2 if field == "version" else "AAAA" + str(document[field])[4:]
    path.write_text(json.dumps(document))
    with pytest.raises(BadInput) as bad:
        read_key_file(path, WORDS)
    assert not isinstance(bad.value, WrongPassphrase)
    assert str(path) in str(bad.value)


def test_any_part_of_a_key_file_is_refused_in_words(wrapped):
    _, path = wrapped
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(BadInput, match="backup"):
            read_key_file(path, WORDS)


@pytest.mark.parametrize("kdf", [{"rounds": 10**9}, {"memory_kib": 10**9}, {"lanes": 0}, {"rounds": True}, {"rounds": "3"}])
def test_a_key_file_that_asks_for_endless_work_is_refused_at_once(wrapped, kdf):
    _, path = wrapped
    document = json.loads(path.read_text())
    document["kdf"] |= kdf
    document["sha256"] = keyfile._sum({name: value for name, value in document.items() if name != "sha256"})
    path.write_text(json.dumps(document))
    with pytest.raises(BadInput, match="not known"):
        read_key_file(path, WORDS)


def test_what_was_lowered_by_somebody_else_is_noticed(wrapped):
    # The wrapping vouches for its own cost: who changes it, sum included, cannot have the key unwrapped.
    _, path = wrapped
    document = json.loads(path.read_text())
    document["kdf"]["rounds"] = 2
    document["sha256"] = keyfile._sum({name: value for name, value in document.items() if name != "sha256"})
    path.write_text(json.dumps(document))
    with pytest.raises(WrongPassphrase):
        read_key_file(path, WORDS)


def test_without_a_key_file_the_problem_says_that_nothing_else_opens_the_store(tmp_path):
    with pytest.raises(BadInput, match="without it nobody can open the store"):
        read_key_file(tmp_path / "none.key", WORDS)


def test_without_the_extra_the_problem_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(cipher, "find_spec", lambda _name: None)
    with pytest.raises(BadInput, match=r"argon2-cffi, cryptography, sqlcipher3 is not installed.*cleardays\[secure\]"):
        write_key_file(tmp_path / "a.key", Key(bytes(32)), WORDS)


@pytest.mark.parametrize("words", ["", "short", " " * 30, "x" * 2000])
def test_a_passphrase_that_guards_nothing_cannot_be_set(wrapped, words):
    _, path = wrapped
    with pytest.raises(BadInput):
        change_passphrase(path, WORDS, words, CHEAP)
    assert read_key_file(path, WORDS)
