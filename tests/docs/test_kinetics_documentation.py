"""The pages on kinetics describe every key, and their figures are those that come out."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

from cleardays.plan.kinetic_series import PillCycle, pauses_of
from cleardays.plan.kinetic_variant import kinetics_of

DOCS = Path(__file__).resolve().parents[2] / "docs"


def keys(schema):
    """Of the document and of the objects in it that are its own."""
    for name, about in schema["properties"].items():
        yield name
        if name in ("series", "pill_cycle", "css_avg_band"):
            yield from keys(about)


def test_each_key_is_described():
    schema = json.loads(
        resources.files("cleardays.cli").joinpath("schemas", "kinetics.schema.json").read_text(encoding="utf-8")
    )
    described = set(re.findall(r"`([a-z_0-9]+)`", (DOCS / "reference" / "kinetics-json.md").read_text(encoding="utf-8")))
    assert set(keys(schema)) <= described


def test_the_figures_of_the_explanation_come_out():
    page = " ".join((DOCS / "explanation" / "levels.md").read_text(encoding="utf-8").split())
    alone, beside = (kinetics_of("lamotrigine", beside=names, daily_mg=100) for names in ([], ["valproate"]))
    pauses = pauses_of("lamotrigine", kinetics_of("lamotrigine", beside=["Microgynon"]), PillCycle(21, 7))
    for told in (
        f"comes to {alone.accumulation:.1f} times",
        f"({beside.half_life_h:g} h) to {beside.accumulation:.1f} times",
        f"half of it is done after {pauses.half_time_h / 24:.1f} days",
        f"{alone.clearance_cv_percent:g} % for lamotrigine",
        f"{kinetics_of('baclofen').clearance_cv_percent:.0f} % for baclofen",
    ):
        assert told in page, told
