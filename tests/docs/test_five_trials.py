"""The tutorial shows what the five trials really say."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleardays.trial.demonstration.truth import case_names
from reference.demonstrations import blocks, made

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tutorial" / "five-trials.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["overview", *case_names()])
def test_each_block_of_the_tutorial_is_what_the_trial_says_word_for_word(name):
    assert blocks(PAGE)[name] == made(name)


def test_the_tutorial_shows_every_trial_and_no_other():
    assert list(blocks(PAGE)) == ["overview", *case_names()]
