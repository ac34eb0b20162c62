"""Long NUTS runs of the single-diary model: the answers that the fast engine is tested against.

Run by hand, with the `bench` extra, when the model changes:

    python benchmarks/nuts_reference.py tests/reference/nuts_answers.json

The model is written here a second time, in NumPyro, straight from
docs/explanation/response-model.md; it shares no code with the engine but the
priors' numbers. 4 chains of 4,000 draws after 2,000 of warm-up.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.diagnostics import effective_sample_size, gelman_rubin
from numpyro.infer import MCMC, NUTS

jax.config.update("jax_enable_x64", True)
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))
sys.path.insert(0, str(HERE.parent / "tests"))

from cleardays.response.fit import pretreatment_rate
from cleardays.response.priors import default_priors, reference_priors
from reference.diaries import reference_diaries

BASELINE_DAYS, HORIZON = 84, 28


def arrays(days, exposure):
    """Rows of the model, laid out without the engine's help."""
    start = (exposure.start - days.first_day).days
    known = [i for i, s in enumerate(days.states) if s is not None]
    y = np.array([float(days.states[i]) for i in known])
    c = (y.sum() + 2) / (len(y) + 4)
    lag = np.array([0.0 if i == 0 or days.states[i - 1] is None else float(days.states[i - 1]) - c for i in known])
    first_week = (0 - start) // 7
    week_of = np.array([(i - start) // 7 - first_week for i in range(len(days.states) + HORIZON)])
    return y, c, lag, np.array(known) - start, week_of[known], week_of


def model(y, lag, since, week, weeks, priors):
    mu = numpyro.sample("mu", dist.Normal(priors.level_mean, priors.level_sd))
    rho = numpyro.sample("rho", dist.Normal(priors.carry_mean, priors.carry_sd))
    effect = priors.effect
    delta = numpyro.sample(
        "delta",
        dist.MixtureSameFamily(
            dist.Categorical(jnp.array(effect.weights)), dist.Normal(jnp.array(effect.means), jnp.array(effect.sds))
        ),
    )
    s = jnp.exp(numpyro.sample("log_s", dist.Normal(np.log(priors.spread_median), priors.spread_log_sd)))
    q = priors.persistence_median
    phi = jax.nn.sigmoid(numpyro.sample("logit_phi", dist.Normal(np.log(q / (1 - q)), priors.persistence_logit_sd)))
    tau = jnp.exp(numpyro.sample("log_tau", dist.Normal(np.log(priors.onset_median_days), priors.onset_log_sd)))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([weeks]).to_event(1))

    def step(u, shock):
        u = phi * u + s * jnp.sqrt(1 - phi**2) * shock
        return u, u

    first = s * z[0]
    _, rest = jax.lax.scan(step, first, z[1:])
    u = numpyro.deterministic("u", jnp.concatenate([first[None], rest]))
    numpyro.deterministic("tau", tau)
    e = jnp.where(since >= 0, 1 - jnp.exp(-jnp.maximum(since, 0) / tau), 0.0)
    numpyro.sample("y", dist.Bernoulli(logits=mu + rho * lag + delta * e + u[week]), obs=y)


def long_run(a, rho, c):
    p1, p0 = 1 / (1 + np.exp(-(a + rho * (1 - c)))), 1 / (1 + np.exp(-(a - rho * c)))
    return p0 / (1 - p1 + p0)


def summary(x):
    q = np.quantile(x, [0.05, 0.5, 0.95])
    return {"mean": float(x.mean()), "sd": float(x.std()), "q05": float(q[0]), "q50": float(q[1]), "q95": float(q[2])}


def forecast_days(flat, days, exposure, week_of, c):
    """Expected days in the next 28 of each draw, going on with the treatment."""
    start = (exposure.start - days.first_day).days
    last = len(days.states) - 1
    rate, total = None, 0.0
    for h in range(HORIZON):
        since = last + 1 + h - start
        e = np.where(since >= 0, 1 - np.exp(-max(since, 0) / flat["tau"]), 0.0)
        a = flat["mu"] + flat["u"][:, week_of[last + 1 + h]] + flat["delta"] * e
        p1, p0 = 1 / (1 + np.exp(-(a + flat["rho"] * (1 - c)))), 1 / (1 + np.exp(-(a - flat["rho"] * c)))
        if rate is None:
            known = days.states[last] is not None
            rate = np.full(len(a), float(days.states[last])) if known else p0 / (1 - p1 + p0)
        rate = rate * p1 + (1 - rate) * p0
        total = total + rate
    return total


def answer(days, exposure, priors):
    y, c, lag, since, week, week_of = arrays(days, exposure)
    kernel = NUTS(model, target_accept_prob=0.95)
    run = MCMC(kernel, num_warmup=2000, num_samples=4000, num_chains=4, chain_method="sequential", progress_bar=False)
    run.run(jax.random.PRNGKey(20260101), y, lag, since, week, int(week_of[-1]) + 1, priors)
    by_chain = {k: np.asarray(v) for k, v in run.get_samples(group_by_chain=True).items()}
    flat = {k: v.reshape((-1, *v.shape[2:])) for k, v in by_chain.items()}
    watched = ("mu", "rho", "delta", "log_s")
    ahead = len(days.states) - 1 - (exposure.start - days.first_day).days
    e = np.where(ahead >= 0, 1 - np.exp(-max(ahead, 0) / flat["tau"]), 0.0)
    last_week = week_of[len(days.states) - 1]
    level = flat["mu"] + flat["u"][:, max(0, last_week - 3) : last_week + 1].mean(axis=1)
    untreated = 28 * long_run(level, flat["rho"], c)
    current = 28 * long_run(level + flat["delta"] * e, flat["rho"], c)
    r = 1 - current / untreated
    before = week[since < 0][-BASELINE_DAYS:]
    baseline = 28 * np.mean([long_run(flat["mu"] + flat["u"][:, w], flat["rho"], c) for w in before], axis=0)
    return {
        "level": summary(level),
        "rho": summary(flat["rho"]),
        "delta": summary(flat["delta"]),
        "baseline": summary(baseline),
        "untreated": summary(untreated),
        "current": summary(current),
        "reduction": summary(r),
        "forecast_mean": float(forecast_days(flat, days, exposure, week_of, c).mean()),
        "p50": float((r >= 0.5).mean()),
        "p30": float((r >= 0.3).mean()),
        "worse": float((r < 0).mean()),
        "max_rhat": max(float(gelman_rubin(by_chain[k])) for k in watched),
        "min_ess": min(float(effective_sample_size(by_chain[k])) for k in watched),
    }


def main(out: Path) -> None:
    answers = {}
    for name, days, exposure in reference_diaries():
        rate = pretreatment_rate(days, exposure)
        for kind, priors in (
            ("reference", reference_priors(rate, centre_of(days))),
            ("default", default_priors(rate, centre_of(days), exposure.treatment)),
        ):
            answers[f"{name}/{kind}"] = answer(days, exposure, priors)
            print(name, kind, answers[f"{name}/{kind}"]["current"], answers[f"{name}/{kind}"]["max_rhat"], flush=True)
            out.write_text(json.dumps(answers, indent=1) + "\n")


def centre_of(days) -> float:
    return (days.had + 2) / (days.known + 4)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
