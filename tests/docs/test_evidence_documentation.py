"""The page on the evidence describes every column, key, measure and method of the pooled network."""

from __future__ import annotations

import json
import re
from importlib import import_module, resources
from pathlib import Path

from cleardays.evidence.synthesis.gls import METHODS
from cleardays.evidence.synthesis.measures import MEASURES
from cleardays.evidence.synthesis.rows import _ALSO_CALLED
from cleardays.evidence.synthesis.table import KINDS, MOST_ESTIMATES, MOST_TREATMENTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "evidence.md").read_text(encoding="utf-8")
QUOTED = set(re.findall(r"`([A-Za-z_0-9]+)`", PAGE))


def keys(schema):
    """Of the document and of whatever stands in it."""
    for name, about in schema.get("properties", {}).items():
        yield name
        yield from keys(about)
    for inside in (schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())):
        if isinstance(inside, dict):
            yield from keys(inside)


def test_each_key_is_described():
    text = resources.files("cleardays.cli").joinpath("schemas", "evidence-nma.schema.json").read_text(encoding="utf-8")
    assert set(keys(json.loads(text))) <= QUOTED


def test_each_column_measure_and_method_is_described():
    columns = {column for kind in KINDS for column in kind.columns}
    others = {other for also in _ALSO_CALLED.values() for other in also}
    assert columns | others | set(MEASURES) | set(METHODS) <= QUOTED


def test_the_limits_and_the_count_of_compared_figures_are_those_that_hold():
    published = json.loads((ROOT / "tests" / "spec" / "data" / "published_synthesis.json").read_text(encoding="utf-8"))
    words = " ".join(PAGE.split())
    assert f"more than {MOST_TREATMENTS} treatments, or {MOST_ESTIMATES} estimates" in words
    assert f"{published['taken']:,} figures that others printed for five well-known data sets" in words
    assert len({group.split(" | ")[0] for group in published["groups"]}) == 5


def test_the_modules_that_are_named_exist():
    for name in re.findall(r"`(cleardays(?:\.[a-z_]+)+)`", PAGE):
        try:
            import_module(name)
        except ModuleNotFoundError:
            module, _, member = name.rpartition(".")
            assert hasattr(import_module(module), member)
