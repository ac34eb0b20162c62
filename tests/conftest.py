"""Fixtures and helpers shared by every kind of test."""

from __future__ import annotations

import io
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cleardays.diary.own_csv import read_days
from cleardays.diary.records import Diary
from cleardays.diary.series import DaySeries
from reference.in_full import THOROUGH, is_left
from reference.postgres import REQUIRED, NoPostgres, Server, start_server

# A slow or busy machine is no failure; examples are many enough to mean something, and the same in every run.
settings.register_profile(
    "cleardays",
    deadline=None,
    max_examples=60 if THOROUGH else 25,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cleardays")

START = date(2026, 3, 2)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the default run leaves out is slow."""
    for item in items:
        if is_left(item.nodeid):
            item.add_marker(pytest.mark.slow)


EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "kostecki_dillon_55.csv"


@pytest.fixture
def reference_data() -> Path:
    """The folder of real diaries that may not be shipped; skips where it is absent."""
    folder = os.environ.get("CLEARDAYS_REFERENCE_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CLEARDAYS_REFERENCE_DATA names no folder: the real diaries are not on this machine")
    return Path(folder)


@pytest.fixture
def example() -> Diary:
    """The real diary that ships with the repository."""
    return read_days(io.StringIO(EXAMPLE.read_text(encoding="utf-8"), newline=""), EXAMPLE.name)


@pytest.fixture
def pattern_series():
    """Build a day series from a pattern: X had, 0 clear, . unknown; `before` days lie before START."""

    def build(before: str, after: str = "", outcome: str = "headache_day") -> DaySeries:
        marks = {"X": True, "0": False, ".": None}
        states = tuple(marks[mark] for mark in before + after)
        return DaySeries(outcome, START - timedelta(days=len(before)), states, (False,) * len(states))

    return build


@pytest.fixture
def pattern_csv():
    """The text of a days.csv from a pattern, as in `pattern_series`; unknown days have no row."""

    def build(before: str, after: str = "", about: str = "") -> str:
        words = {"X": "present", "0": "clear"}
        first = START - timedelta(days=len(before))
        rows = [f"{first + timedelta(days=i)},{words[mark]}\n" for i, mark in enumerate(before + after) if mark in words]
        return f"#version=1\n{about}date,headache\n{''.join(rows)}"

    return build


def postgres_or_reason(**settings) -> Server:
    """A server of the test run's own; skips, saying why, where none can be started, and fails there if one is required."""
    try:
        return start_server(**settings)
    except NoPostgres as why:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, but: {why}")
        pytest.skip(f"no PostgreSQL for the tests: {why}")


@pytest.fixture(scope="session")
def postgres_server():
    """One server for the session (for the worker, where several share the work); nothing in it survives a crash."""
    server = postgres_or_reason()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server):
    """The address of an empty PostgreSQL database of this test's own."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_place(request, tmp_path) -> str:
    """A place without a store, on each engine: a file that is not there, an empty database."""
    return str(tmp_path / "diary.sqlite3") if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def store(store_place):
    """A store that is open and empty, on each engine."""
    from cleardays.store import open_store

    with open_store(store_place) as opened:
        yield opened
