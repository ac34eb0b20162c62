"""What is read from posterior draws of the reference model: rates, reduction, forecast; without the engine's help."""

from __future__ import annotations

import numpy as np

from reference.day_rows import BRIDGED_DAYS, HORIZON, evidence

BASELINE_DAYS, RECENT_WEEKS = 84, 4


class Draws:
    """The joint posterior draws of one fit, flat over the chains, and what is read from them; arrays have one entry a draw."""

    def __init__(self, by_chain, rows):
        flat = {name: value.reshape((-1, *value.shape[2:])) for name, value in by_chain.items()}
        count = len(flat["mu"])
        self.rows, self.flat = rows, flat
        self.mu, self.rho, self.delta, self.u = flat["mu"], flat["rho"], flat["delta"], flat["u"]
        self.tau = np.exp(flat["log_tau"])
        self.delta_2 = flat.get("delta_2", np.zeros((count, 0)))
        self.gamma = flat.get("gamma", np.zeros((count, 0)))
        always = np.full(count, np.inf)
        self.sens, self.spec = (1 / (1 + np.exp(-flat.get(name, always))) for name in ("logit_sens", "logit_spec"))
        self.last = len(rows.y) - 1
        recent = slice(max(0, rows.week[self.last] - RECENT_WEEKS + 1), rows.week[self.last] + 1)
        self.level = self.mu + self.u[:, recent].mean(axis=1)

    def exposure(self, day):
        return (1 - np.exp(-self.rows.since[:, day] / self.tau[:, None])) @ self.rows.change

    def others(self, day):
        return self.delta_2 @ self.rows.others[:, day]

    def steps(self, a):
        """P(had | clear before) and P(had | had before)."""
        return 1 / (1 + np.exp(-(a - self.rho * self.rows.centre))), 1 / (1 + np.exp(-(a + self.rho * (1 - self.rows.centre))))

    def long_run(self, a):
        p0, p1 = self.steps(a)
        return p0 / (1 - p1 + p0)

    def predictor(self, day):
        rows = self.rows
        covariates = self.gamma @ rows.covariates[:, day]
        return self.mu + self.u[:, rows.week[day]] + self.delta * self.exposure(day) + self.others(day) + covariates

    def untreated(self):
        return 28 * self.long_run(self.level + self.others(self.last))

    def current(self):
        return 28 * self.long_run(self.level + self.others(self.last) + self.delta * self.exposure(self.last))

    def baseline(self):
        known = np.flatnonzero(np.isfinite(self.rows.y))
        before = known[known < self.rows.start][-BASELINE_DAYS:]
        if not len(before):
            return None
        return 28 * np.mean([self.long_run(self.mu + self.u[:, self.rows.week[d]] + self.others(d)) for d in before], axis=0)

    def state_at_the_end(self):
        """P(had on the last day) given the diary: filtered forward, or the long-run share where the last entry is too old."""
        rows = self.rows
        if self.last - np.flatnonzero(np.isfinite(rows.y))[-1] > BRIDGED_DAYS:
            return self.long_run(self.predictor(self.last))
        had = np.full(len(self.mu), np.nan)  # before the first entry
        for day in range(int(np.flatnonzero(rows.restart)[-1]), self.last + 1):
            a = self.predictor(day)
            p0, p1 = self.steps(a)
            had = self.long_run(a) if rows.restart[day] else had * p1 + (1 - had) * p0
            if np.isfinite(rows.y[day]):
                seen = evidence(rows.y[day], rows.recalled[day], self.sens, self.spec, np) * np.stack([1 - had, had], axis=-1)
                had = seen[:, 1] / seen.sum(axis=1)
        return had

    def forecast(self):
        """P(had) on each of the 28 days to come, the treatments going on as they do; shape (draws, 28)."""
        days, had = [], self.state_at_the_end()
        for day in range(self.last + 1, self.last + 1 + HORIZON):
            p0, p1 = self.steps(self.predictor(day))
            had = had * p1 + (1 - had) * p0
            days.append(had)
        return np.array(days).T


def summary(x):
    if x is None:
        return None
    q = np.quantile(x, [0.05, 0.5, 0.95])
    return {"mean": float(x.mean()), "sd": float(x.std()), "q05": float(q[0]), "q50": float(q[1]), "q95": float(q[2])}


def functionals(draws):
    untreated, current = draws.untreated(), draws.current()
    reduction = 1 - current / untreated
    daily = draws.forecast().mean(axis=0)
    found = {
        "level": draws.level,
        "rho": draws.rho,
        "delta": draws.delta,
        "baseline": draws.baseline(),
        "untreated": untreated,
        "current": current,
        "reduction": reduction,
    }
    found |= {name: draws.flat[name] for name in ("log_s", "logit_phi", "log_tau")}
    found |= {f"delta_{j + 2}": draws.delta_2[:, j] for j in range(len(draws.rows.others))}
    found |= {f"gamma_{k + 1}": draws.gamma[:, k] for k in range(len(draws.rows.covariates))}
    if draws.rows.recalled.any():
        found |= {"sens": draws.sens, "spec": draws.spec}
    return {name: summary(x) for name, x in found.items()} | {
        "forecast_mean": float(daily.sum()),
        "daily_probability": [float(p) for p in daily],
        **{f"p{round(100 * t)}": float((reduction >= t).mean()) for t in (0.3, 0.5, 0.75)},
        "worse": float((reduction < 0).mean()),
    }
