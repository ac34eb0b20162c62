"""Every input that the fuzzer starts from or that once found a fault ends in a diary or a problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.fuzz_import import import_bytes

CORPUS = sorted(path for path in (Path(__file__).parent / "corpus").iterdir() if path.is_file())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_each_kept_input_becomes_a_diary_or_a_problem(path):
    raw = path.read_bytes()
    found = import_bytes(raw)
    import_bytes(raw, partial=True)
    if path.name.startswith("good-"):
        assert found is not None
        assert found.layout == path.name.removeprefix("good-").partition(".")[0]
