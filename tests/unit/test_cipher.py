"""The key of an encrypted file: it opens that file and no other, and says which of the two is wrong."""

from __future__ import annotations

import sqlite3

import pytest

from cleardays.problems import BadInput
from cleardays.store.cipher import PLAIN_START, Key, begins_plain, new_key


def opened(path, key):
    connection = key.driver.connect(str(path), isolation_level=None)
    try:
        key.unlock(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def told(path, key):
    connection = opened(path, key)
    connection.execute("CREATE TABLE told (words TEXT)")
    connection.execute("INSERT INTO told VALUES ('nobody may read this')")
    connection.close()


def test_the_key_opens_its_file_and_nothing_in_the_file_can_be_read(tmp_path):
    path, key = tmp_path / "a.sqlite3", new_key()
    told(path, key)
    connection = opened(path, key)
    assert connection.execute("SELECT words FROM told").fetchall() == [("nobody may read this",)]
    connection.close()
    written = path.read_bytes()
    assert not begins_plain(path)
    assert b"nobody" not in written
    assert b"CREATE" not in written


def test_another_key_says_so_changes_no_byte_and_prints_nothing(tmp_path, capfd):
    path = tmp_path / "a.sqlite3"
    told(path, new_key())
    before = path.read_bytes()
    with pytest.raises(BadInput, match="the key does not open it") as bad:
        opened(path, new_key())
    assert str(path) in str(bad.value)
    assert path.read_bytes() == before
    assert capfd.readouterr() == ("", "")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_key_for_a_plain_file_is_told_that_the_file_is_plain(tmp_path):
    path = tmp_path / "plain.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE told (words TEXT)")
    connection.close()
    assert path.read_bytes().startswith(PLAIN_START)
    with pytest.raises(BadInput, match="not encrypted"):
        opened(path, new_key())


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_none(length):
    with pytest.raises(ValueError, match="32 bytes"):
        Key(bytes(length))
