"""Amounts that are made in another way than the model believes: its intervals hold the truth about as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from cleardays.response.answer import respond
from cleardays.trial.review import judging_rules
from reference.amount_worlds import simulate


@pytest.mark.parametrize("kind", ["craving", "drinks"])
def test_intervals_of_amounts_hold_the_truth_of_people_whom_the_model_does_not_describe(kind):
    random = np.random.default_rng(20261122)
    inside: dict[str, list[bool]] = {"current": [], "reduction": []}
    wrong = decided = 0
    for _ in range(80):
        person = simulate(kind, random)
        found = respond(person.days, person.exposure, judging_rules(headache=False), amounts=person.amounts)
        for name, interval, truth in (
            ("current", found.current, person.truth.current),
            ("reduction", found.reduction_pct, 100 * person.truth.reduction),
        ):
            inside[name].append(interval.lower <= truth <= interval.upper)
        if found.verdict in ("responding", "not_responding"):
            decided += 1
            wrong += (found.verdict == "responding") != (person.truth.reduction >= 0.5)
    # 80 looks at a probability of 0.9: standard error 0.034
    for name, covered in inside.items():
        assert 0.80 <= np.mean(covered) <= 0.99, name
    assert decided > 40
    assert wrong <= 0.1 * decided
