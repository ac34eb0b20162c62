"""Each page of a trial says once, where its answer stands, that it informs and decides nothing."""

from __future__ import annotations

import json

import pytest

from cleardays.cli.main import main
from reference import stories

# What each page says, in any of its forms.
SAYS = {
    "clinician": "Not a diagnosis: the decision is the clinician's.",
    "person": "This page informs. What to do is for you and your clinician to decide.",
    "payer": "a clinician reads it, corrects it and signs it, or does not.",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    (folder / "events.jsonl").write_text("".join(f"{json.dumps(e.document())}\n" for e in stories.journey()), "utf-8")
    place = folder / "store.sqlite3"
    assert main(["trial", "record", str(folder / "events.jsonl"), "--person", "Sam", "--store", str(place)]) == 0
    return place


@pytest.mark.parametrize("page", SAYS)
@pytest.mark.parametrize("ending", [".html", ".txt"])
def test_a_page_says_that_it_informs(store, tmp_path, page, ending):
    out = tmp_path / f"page{ending}"
    more = ["--payer", "ehf-2018"] if page == "payer" else []
    asked = ["trial", "page", "--person", "Sam", "--trial", "first", "--store", str(store), "--on", "2026-06-30"]
    assert main([*asked, "--page", page, "--out", str(out), *more]) == 0
    text = " ".join(out.read_text(encoding="utf-8").replace("&#39;", "'").split()).lower()
    assert text.count(SAYS[page].lower()) == 1
