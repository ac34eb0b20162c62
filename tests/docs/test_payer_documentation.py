"""What the documentation says of packs is what the packs say."""

from __future__ import annotations

import json
from pathlib import Path

from cleardays.cli.payers import read_tried_file
from cleardays.trial.payers.evaluate import KINDS
from reference.payer_tables import PAGE, written

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-to-a-payer.md"


def test_the_tables_of_packs_are_those_of_the_data():
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "run tests/reference/payer_tables.py"


def test_each_kind_of_rule_is_described():
    described = PAGE.read_text(encoding="utf-8").partition("## Adding a pack")[2]
    assert all(f"`{kind}`" in described for kind in KINDS)


def test_the_list_of_preventives_in_the_guide_can_be_read(tmp_path):
    example = HOW_TO.read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    path = tmp_path / "tried.json"
    path.write_text(example, encoding="utf-8")
    assert [each.treatment for each in read_tried_file(str(path))] == [row["treatment"] for row in json.loads(example)]
