"""One diary's answer: did the treatment change this person's days, and how sure is that?

Main nouns: `Fit` (the fitted model), `Response` (the answer), `Question` and
`JudgingRules` (what is asked of it). Reads `diary` series and ground values;
knows nothing of plans, files or screens: a treatment arrives as an
`ExposureSeries`. The model is derived in docs/explanation/response-model.md.

>>> from datetime import date
>>> from cleardays.diary.series import DaySeries
>>> from cleardays.quantities import ExposureSeries
>>> from cleardays.response.fit import fit
>>> from cleardays.response.priors import default_priors
>>> states = (True, False, True, None, True, False, True) * 4 + (False, False, True, False) * 14
>>> days = DaySeries("headache_day", date(2026, 1, 1), states, (False,) * len(states))
>>> exposure = ExposureSeries.started("examplamide", date(2026, 1, 29))
>>> fitted = fit(days, exposure, default_priors(0.6, 0.4, "examplamide"), seed=1)
>>> fitted.effective_share > 0.9
True
"""
