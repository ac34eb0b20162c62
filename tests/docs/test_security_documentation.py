"""The page on security names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

from cleardays.web.accounts import passwords, tries
from cleardays.web.accounts.entrance import DEVICE_LASTS
from cleardays.web.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs/explanation/security.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_is_there():
    named = set(re.findall(r"`(test_\w+)`", _PAGE))
    there = {
        name for file in (_ROOT / "tests").rglob("test_*.py") for name in re.findall(r"^def (test_\w+)", file.read_text(), re.M)
    }
    assert len(named) > 20
    assert named - there == set()


def test_every_room_that_the_page_names_is_there():
    web = _ROOT / "src/cleardays/web"
    for name in re.findall(r"`((?:web|store|guard|accounts|pages)/[\w/]*(?:\.py)?)`", _PAGE):
        assert (web.parent / name).exists() or (web / name).exists(), name


def test_the_numbers_of_the_page_are_those_of_the_program():
    settings = Settings()
    assert (passwords.MEMORY_KIB, passwords.PASSES, passwords.LANES, passwords.SHORTEST) == (64 * 1024, 3, 4, 12)
    assert (tries.OF_LOGIN, tries.OF_ADDRESS) == (20, 100)
    assert [settings.idle[role].total_seconds() / 60 for role in ("clinician", "nurse", "researcher", "keeper")] == [
        30,
        30,
        30,
        15,
    ]
    assert [settings.idle[role].days for role in ("person", "helper")] == [30, 7]
    assert (settings.longest.days, DEVICE_LASTS.days) == (90, 365)
