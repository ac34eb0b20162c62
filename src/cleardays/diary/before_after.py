"""Windows after the start of a treatment against the 28 days before: the payers' arithmetic, exact.

Visible change only: it holds regression to the mean and whatever else happened.
Whether the treatment did it is the response model's question.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from cleardays.diary.fields import as_json
from cleardays.diary.measures import measure_windows
from cleardays.diary.records import Diary
from cleardays.diary.responder import responders
from cleardays.diary.rules import day_rules
from cleardays.diary.stop_data import stop_rules
from cleardays.diary.windows import INSUFFICIENT

METRICS = ("hd", "md")


def before_after(diary: Diary, start: date, profile: str = "leiden") -> dict[str, object]:
    """Reduction of headache and migraine days in each whole window after the start.

    `last` is the latest whole window, `mean` the first three together, and a
    response is `consistent` if half or more were gone in each of those three.
    Null where a window is missing, insufficient, or its migraine days are not all known.
    """
    windows = measure_windows(diary, profile=profile, anchor=start)
    whole = [window for window in windows if window["n_days"] == day_rules().window_days]
    before = next((window for window in reversed(whole) if str(window["end"]) < start.isoformat()), None)
    after = [window for window in whole if str(window["start"]) >= start.isoformat()]
    return {
        "start": start.isoformat(),
        "baseline_from": None if before is None else before["start"],
        "windows": len(after),
        "contaminated": [window["start"] for window in after if window["contaminated"]],
        **{metric: _of(metric, before, after) for metric in METRICS},
    }


def _of(metric: str, before: dict[str, Any] | None, after: list[dict[str, Any]]) -> dict[str, object]:
    baseline = None if before is None else _per_28(before, metric)
    rates = [_per_28(window, metric) for window in after]
    rule = stop_rules()["responder"]
    windows: int = rule["first_windows"]
    first = rates[:windows]
    mean = None if len(first) < windows or None in first else sum((r for r in first if r is not None), Fraction(0)) / windows
    last = rates[-1] if rates else None
    falls = [_reduction(baseline, rate) for rate in rates]
    enough = [None if fall is None else fall >= rule["consistent_pct"] for fall in falls[:windows]]
    return {
        "baseline": as_json(baseline),
        "reductions_pct": [as_json(fall) for fall in falls],
        "last": {"reduction_pct": as_json(_reduction(baseline, last)), "responder": _responder(baseline, last)},
        "mean": {"reduction_pct": as_json(_reduction(baseline, mean)), "responder": _responder(baseline, mean)},
        "consistent": None if len(enough) < windows else False if False in enough else None if None in enough else True,
    }


def _responder(baseline: Fraction | None, rate: Fraction | None) -> dict[str, bool | None]:
    return responders(_reduction(baseline, rate), stop_rules()["responder"]["shares_pct"])


def _per_28(window: dict[str, Any], metric: str) -> Fraction | None:
    """28 x days / logged days; none where the window is insufficient or some days are open."""
    if window["quality"] == INSUFFICIENT or (metric == "md" and window["md_open"]):
        return None
    return Fraction(day_rules().window_days * window[metric], window["n_logged"])


def _reduction(baseline: Fraction | None, rate: Fraction | None) -> Fraction | None:
    return None if not baseline or rate is None else 100 * (baseline - rate) / baseline
