"""The days to come: the kernel tells them as numpy does."""

from __future__ import annotations

import numpy as np
import pytest

from cleardays.numerics.compiled import kernel
from cleardays.response.days_ahead import compiled, in_numpy
from cleardays.response.design import HORIZON_DAYS, Circumstances, centring_constant
from cleardays.response.fit import fit, pretreatment_rate
from cleardays.response.forecast import today
from cleardays.response.priors import default_priors
from reference.diaries import simulated


@pytest.mark.skipif(kernel() is None, reason="the kernel was not built here: no C compiler")
@pytest.mark.parametrize("draws", [2048, 1030, 61])
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("name", ["gaps", "daily", "rare", "second-treatment-added", "near-daily-gaps"])
def test_the_kernel_tells_the_days_to_come_as_numpy_does(name, shared, draws):
    case = simulated(name)
    priors = default_priors(pretreatment_rate(case.days, case.exposure), centring_constant(case.days), "x")
    fitted = fit(case.days, case.exposure, priors, seed=1, beside=Circumstances(case.others), draws=draws)
    days = np.arange(fitted.design.n_days, fitted.design.n_days + HORIZON_DAYS)
    share = np.random.default_rng(1).random((HORIZON_DAYS, draws)) if shared else None
    given = (fitted, case.exposure, days, today(fitted), share)
    plain, quick = in_numpy(*given), compiled(*given, kernel())
    np.testing.assert_allclose(quick.daily, plain.daily, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(quick.counts, plain.counts, rtol=1e-11, atol=1e-15)
    assert float(quick.counts.sum()) == pytest.approx(1.0, abs=1e-12)
    assert float(quick.counts @ np.arange(HORIZON_DAYS + 1)) == pytest.approx(float(quick.daily.sum()), abs=0.3)
