"""Records of supervised sessions to judge, made up for the tests."""

from __future__ import annotations

from typing import Any

NEEDS = ("continuous-monitoring", "airway-equipment", "staff-trained-in-sedation-and-life-support", "fasting")
DUE = (0, 5, 10, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150)


def reading(minute: float, **other: Any) -> dict[str, Any]:
    """One reading with nothing wrong in it."""
    steady = {"sbp": 128, "dbp": 80, "heart_rate": 76, "spo2": 97, "respiratory_rate": 14, "rousable": True}
    return {key: value for key, value in {"minute": minute, **steady, **other}.items() if value is not None}


def quiet(**other: Any) -> dict[str, Any]:
    """A session in which nothing happened, up to a discharge in order."""
    return {
        "treatment": "ketamine",
        "on": "2026-03-02",
        "start": "09:30",
        "entered_by": "Dr A. Moreau",
        "place": "clinic",
        "supervised": True,
        "weight_kg": 72,
        "medicines": [{"name": "paracetamol", "hours_before": 5}],
        "prepared": dict.fromkeys(NEEDS, True),
        "given": [{"from_minute": 0, "until_minute": 30, "route": "intravenous", "rate": 18, "rate_unit": "mg/h"}],
        "vitals": [reading(minute) for minute in DUE],
        "events": [],
        "actions": [],
        "discharge": {"minute": 155, "escort": True, "steady": True, "told_no_driving": True, "review_on": "2026-03-30"},
        **other,
    }


def with_reading(minute: float, **values: Any) -> list[dict[str, Any]]:
    """The quiet readings with other values at one minute."""
    return [reading(each, **(values if each == minute else {})) for each in DUE]
