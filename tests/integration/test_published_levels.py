"""Published levels of theophylline and phenobarbital, fitted with this model, give the published fits.

The curves are those of `cleardays.kinetics.model`; the mixed-effects fit is in tests/reference/mixed_levels.py and is of the
kind that the reference figures were made with (nlme). Both medicines are one compartment, as the model is.
"""

from __future__ import annotations

import csv
import json
from itertools import groupby

import numpy as np
import pytest

from cleardays.kinetics.model import Regimen, levels
from cleardays.kinetics.parameters import Parameters
from reference.mixed_levels import fit

LN2 = float(np.log(2))


@pytest.fixture
def published(reference_data):
    """The rows of a data set by person, and its reference fit."""

    def read(name, key):
        with (reference_data / "pk" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        people = [list(rows) for _, rows in groupby(rows, lambda row: row["subject"])]
        return people, json.loads((reference_data / "expected.json").read_text(encoding="utf-8"))[key]

    return read


def numbers(rows, column):
    return np.array([float(row[column]) for row in rows])


def theophylline(at, person):
    """One dose by mouth in mg/kg; parameters are logarithms of elimination, absorption and clearance per kg."""
    regimen, hours = person
    out, into, clearance = np.exp(at)
    return levels(Parameters(clearance, LN2 / out, into), regimen, hours)


def test_theophylline(published):
    rows, expected = published("theophylline", "theophylline")
    people = [
        ((Regimen(np.zeros(1), numbers(each[:1], "dose_mg_per_kg")), numbers(each, "time_h")), numbers(each, "conc_mg_per_L"))
        for each in rows
    ]
    assert (len(people), sum(seen.size for _, seen in people)) == (12, 132)
    found = fit(theophylline, people, [-2.4, 0.5, -3.2], varies=[0, 1, 2])
    assert found.common == pytest.approx([expected["lKe"], expected["lKa"], expected["lCl"]], abs=5e-4)
    assert found.log_likelihood == pytest.approx(expected["logLik"], abs=0.01)
    assert found.sd[0] < 0.01  # people do not differ in elimination: at the edge, as in the reference fit
    assert (found.sd[1:] > 0.1).all()


def phenobarbital(at, person):
    """Doses that are there at once; parameters are logarithms of clearance and volume."""
    regimen, hours = person
    clearance, volume = np.exp(at)
    return levels(Parameters(clearance, LN2 * volume / clearance), regimen, hours)


def test_phenobarbital(published):
    rows, expected = published("phenobarbital_neonates", "phenobarbital")
    people = []
    for each in rows:
        given, seen = ([row for row in each if row[name]] for name in ("dose_mg", "conc_mg_per_L"))
        regimen = Regimen(numbers(given, "time_h"), numbers(given, "dose_mg"))
        people.append(((regimen, numbers(seen, "time_h")), numbers(seen, "conc_mg_per_L")))
    assert (len(people), sum(seen.size for _, seen in people)) == (59, 155)
    found = fit(phenobarbital, people, [-5.0, 0.3], varies=[0, 1])
    assert found.common == pytest.approx([expected["lCl"], expected["lV"]], abs=5e-4)
    assert found.sd == pytest.approx(expected["sd"], abs=5e-4)
    assert found.residual == pytest.approx(expected["residual"], abs=1e-3)
    assert found.log_likelihood == pytest.approx(expected["logLik"], abs=0.01)
