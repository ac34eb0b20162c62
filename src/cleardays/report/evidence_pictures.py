"""The pictures of the evidence by name."""

from __future__ import annotations

from typing import Any

from cleardays.evidence.prior.stored import stored
from cleardays.report.evidence_curve import draw_curve
from cleardays.report.evidence_forest import draw_forest
from cleardays.report.evidence_network import draw_network
from cleardays.report.evidence_people import draw_people
from cleardays.report.evidence_sensitivity import draw_sensitivity


def draw(kind: str, treatment: str, indication: str, days_before: float | None = None) -> str:
    """A picture as an SVG element; where no trial compares anything it says so.

    Args:
        kind: people, trials, network, assumed (sensitivity), or futures of one person.
        treatment: catalogue id.
        indication: catalogue id.
        days_before: of futures, the person's own days per 28 before.
    """
    document: dict[str, Any] = stored(treatment) or {"treatment": treatment, "indications": {}}
    if kind == "network":
        return draw_network(stored("network") or {}, treatment)
    if kind == "futures":
        return draw_curve(document, indication, float(days_before or 0.0))
    if kind == "trials":
        told = document["indications"].get(indication)
        names = {trial["study"]: trial["name"] for trial in told["trials"]} if told else {}
        return draw_forest(document, indication, names=names)
    return draw_people(document, indication) if kind == "people" else draw_sensitivity(document, indication)
