"""Encrypted stores: nothing in them can be read, nothing is lost on the way, and a wrong passphrase harms nothing."""

from __future__ import annotations

import json
import sqlite3
import stat

import pytest

from cleardays.problems import BadInput
from cleardays.store import Conflict, StoreFault, encrypting, open_store
from cleardays.store.cipher import key_file_of, new_key
from cleardays.store.encrypting import change, encrypt, is_encrypted, key_of, make_key
from cleardays.store.faults import Busy
from cleardays.store.keyfile import Cost, WrongPassphrase
from reference.stories import START, days, journey, placed

CHEAP = Cost(1, 64, 1)
WORDS, OTHER = "four words, quite apart", "another four words"
SAM = "sam"
EVENTS = journey()


@pytest.fixture
def plain(tmp_path):
    file = tmp_path / "diary.sqlite3"
    with open_store(file) as store:
        store.add_person(SAM)
        store.append(SAM, EVENTS)
        store.add_person("nobody told anything of her")
    return file


def everything(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_encrypted_store_holds_the_same_and_goes_on_by_its_passphrase(plain):
    with open_store(plain) as store:
        head = store.head(SAM)
    done = encrypt(plain, WORDS, cost=CHEAP)
    assert (done.people, done.events) == (2, len(EVENTS))
    with open_store(plain, key=key_of(plain, WORDS)) as store:
        assert store.head(SAM) == head
        assert list(store.events(SAM)) == placed(EVENTS)
        store.append(SAM, days(START, "0"), expected=head.seq)
        with pytest.raises(Conflict):
            store.append(SAM, days(START, "0"), expected=head.seq)
    with open_store(plain, key=key_of(plain, WORDS)) as store:
        assert store.head(SAM).seq == head.seq + 1


def test_nothing_of_an_encrypted_store_can_be_read_without_its_key(plain):
    said = "nobody may read this"
    with open_store(plain) as store:
        store.append(SAM, [e._replace(body={"cells": {**e.body["cells"], "note": said}}) for e in days(START, "X")])
    assert SAM.encode() in plain.read_bytes()
    encrypt(plain, WORDS, keep_plain=False, cost=CHEAP)
    with open_store(plain, key=key_of(plain, WORDS)) as store:
        assert said in json.dumps([event.document() for _, event in store.events(SAM)])
        store.append(SAM, days(START, "X"))  # so that there is a log beside it
        for name, content in everything(plain.parent).items():
            assert said.encode() not in content, name
            assert b"lamotrigine" not in content, name
            assert b"CREATE TABLE" not in content, name
            assert stat.S_IMODE((plain.parent / name).stat().st_mode) == 0o600, name


def test_the_plain_file_stays_until_somebody_says_that_it_may_go(plain):
    kept = encrypt(plain, WORDS, cost=CHEAP).plain
    assert kept is not None
    with open_store(kept) as store:
        assert list(store.events(SAM)) == placed(EVENTS)
    kept.unlink()
    assert sorted(everything(plain.parent)) == [plain.name, f"{plain.name}.key"]


def test_told_to_remove_it_no_plain_file_is_left(plain):
    assert encrypt(plain, WORDS, keep_plain=False, cost=CHEAP).plain is None
    assert sorted(everything(plain.parent)) == [plain.name, f"{plain.name}.key"]


@pytest.mark.parametrize("act", [lambda file: key_of(file, OTHER), lambda file: change(file, OTHER, "yet four other words")])
def test_a_wrong_passphrase_says_so_and_not_one_byte_changes(plain, act):
    encrypt(plain, WORDS, keep_plain=False, cost=CHEAP)
    before = everything(plain.parent)
    with pytest.raises(WrongPassphrase, match=r"does not open this store.*Nothing was changed"):
        act(plain)
    assert everything(plain.parent) == before


def test_without_a_key_or_with_another_one_it_says_what_is_missing_and_not_one_byte_changes(plain, tmp_path):
    encrypt(plain, WORDS, keep_plain=False, cost=CHEAP)
    before = everything(plain.parent)
    with pytest.raises(BadInput, match=r"this store is encrypted\. Give its passphrase"):
        open_store(plain)
    with pytest.raises(BadInput, match="the key file belongs to another store"):
        open_store(plain, key=new_key())
    assert everything(plain.parent) == before
    key_file_of(plain).unlink()
    with pytest.raises(BadInput, match="encrypted, or damaged"):
        open_store(plain)
    with pytest.raises(BadInput, match="without it nobody can open the store"):
        key_of(plain, WORDS)
    assert plain.read_bytes() == before[plain.name]


def test_after_a_change_only_the_new_passphrase_opens_it_and_the_data_were_not_touched(plain):
    encrypt(plain, WORDS, cost=CHEAP)
    before = plain.read_bytes()
    change(plain, WORDS, OTHER, CHEAP)
    assert plain.read_bytes() == before
    with pytest.raises(WrongPassphrase):
        key_of(plain, WORDS)
    with open_store(plain, key=key_of(plain, OTHER)) as store:
        assert list(store.events(SAM)) == placed(EVENTS)


def test_a_new_store_is_encrypted_from_its_first_byte(tmp_path):
    file = tmp_path / "new" / "diary.sqlite3"
    key = make_key(file, WORDS, CHEAP)
    assert is_encrypted(file)
    with open_store(file, key=key) as store:
        store.add_person(SAM)
        store.append(SAM, EVENTS)
        assert not any(b"SQLite format 3" in content for content in everything(file.parent).values())
    with open_store(file, key=key_of(file, WORDS)) as store:
        assert store.story(SAM).seq == len(EVENTS)
    with pytest.raises(BadInput, match="already"):
        make_key(file, OTHER, CHEAP)


def test_a_store_is_not_made_for_a_key_that_nobody_keeps(tmp_path):
    with pytest.raises(BadInput, match="a key that is kept nowhere"):
        open_store(tmp_path / "diary.sqlite3", key=new_key())
    assert everything(tmp_path) == {}


def test_while_somebody_else_has_it_open_it_stays_plain_and_theirs(plain, monkeypatch):
    monkeypatch.setattr(encrypting, "PATIENCE_S", 0.1)
    with open_store(plain) as other:
        head = other.head(SAM)
        with pytest.raises(Busy, match="somebody else has it open"):
            encrypt(plain, WORDS, cost=CHEAP)
        assert other.append(SAM, days(START, "0")).seq == head.seq + 1
    assert not is_encrypted(plain)
    with open_store(plain) as store:
        assert store.head(SAM).seq == head.seq + 1


def test_who_opened_the_plain_file_just_before_cannot_write_into_it_any_more(plain, monkeypatch):
    """Their entry would be acknowledged, and lie in a file that nobody opens again."""
    late = []
    take_place = encrypting._take_place

    def somebody_comes(part, file):
        late.append(sqlite3.connect(file, isolation_level=None, timeout=0))
        take_place(part, file)

    monkeypatch.setattr(encrypting, "_take_place", somebody_comes)
    encrypt(plain, WORDS, keep_plain=False, cost=CHEAP)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        late[0].execute("INSERT INTO person VALUES ('p0', 'late', 'now', 0, ?)", ("0" * 64,))
    late[0].close()
    with open_store(plain, key=key_of(plain, WORDS)) as store:
        assert store.people() == tuple(sorted((SAM, "nobody told anything of her")))


@pytest.mark.parametrize("step", ["_exported", "_checked", "write_key_file", "_second_name", "_take_place"])
def test_where_it_breaks_off_the_plain_store_is_as_it_was(plain, monkeypatch, step):
    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(encrypting, step, refuse)
    with pytest.raises(StoreFault, match=r"No space left on device.*plain store is as it was"):
        encrypt(plain, WORDS, cost=CHEAP)
    assert not [name for name in everything(plain.parent) if ".part" in name]
    with open_store(plain) as store:
        assert list(store.events(SAM)) == placed(EVENTS)
    monkeypatch.undo()
    encrypt(plain, WORDS, cost=CHEAP)
    with open_store(plain, key=key_of(plain, WORDS)) as store:
        assert list(store.events(SAM)) == placed(EVENTS)


def test_a_broken_chain_is_told_and_not_encrypted(plain):
    with sqlite3.connect(plain) as tampering:
        tampering.execute("DROP TRIGGER event_no_update")
        tampering.execute("UPDATE event SET sealed = 'A' || sealed WHERE seq = 2")
    tampering.close()
    with pytest.raises(BadInput, match="the chain breaks"):
        encrypt(plain, WORDS, cost=CHEAP)
    assert not is_encrypted(plain)


def test_what_is_encrypted_missing_or_another_database_cannot_be_encrypted(plain, tmp_path, postgres_url):
    encrypt(plain, WORDS, cost=CHEAP)
    with pytest.raises(BadInput, match="encrypted already"):
        encrypt(plain, WORDS, cost=CHEAP)
    with pytest.raises(BadInput, match="there is no store"):
        encrypt(tmp_path / "none.sqlite3", WORDS, cost=CHEAP)
    with pytest.raises(BadInput, match="PostgreSQL"):
        encrypt(postgres_url, WORDS, cost=CHEAP)
    with pytest.raises(BadInput, match=r"this is PostgreSQL.*whoever keeps the server"):
        open_store(postgres_url, key=new_key())
    with pytest.raises(BadInput, match="12 characters"):
        encrypt(tmp_path / "none.sqlite3", "short", cost=CHEAP)
