"""Long NUTS runs of the single-diary model: the answers that the fast engine is tested against.

Run by hand, with the `bench` extra, when the model changes (for the real diaries set CLEARDAYS_REFERENCE_DATA):

    python benchmarks/nuts_reference.py tests/reference/nuts_answers.json [NAME or NAME/KIND ...]

Answers that the file already holds are kept and not computed again; remove them to have them anew. The model is written
here a second time, in NumPyro, straight from docs/explanation/response-model.md; it shares no code with the engine but
the priors' numbers. 4 chains of 4,000 draws after 2,000 of warm-up, and more where R-hat or the effective sample size
asks for it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS

jax.config.update("jax_enable_x64", True)
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from cleardays.response.priors import default_priors, reference_priors
from reference.day_rows import evidence, lay_out
from reference.diaries import reference_diaries
from reference.reading import BASELINE_DAYS, Draws, functionals

OTHER_MEAN, OTHER_SD = -0.3, 0.8
COVARIATE_SD = 0.3
SENSITIVITY, SENSITIVITY_LOGIT_SD = 0.85, 0.7
SPECIFICITY, SPECIFICITY_LOGIT_SD = 0.97, 0.5
TRIES = ((4000, 0.95), (8000, 0.98), (24000, 0.99))  # draws a chain, target acceptance
MOST_RHAT, LEAST_ESS = 1.005, 3000.0


def logit(p):
    return np.log(p / (1 - p))


def log_likelihood(a, rho, centre, entries, restart):
    """The forward sums of all runs at once: the product of one 2 x 2 matrix a day, multiplied in pairs.

    A restart day's matrix has two equal rows, so that whatever came before is summed up and forgotten.
    """
    from_clear, from_had = a - rho * centre, a + rho * (1 - centre)
    beginning, ending = jax.nn.sigmoid(from_clear), jax.nn.sigmoid(-from_had)
    anew = restart[:, None]
    to_had = jnp.where(anew, (beginning / (beginning + ending))[:, None], jax.nn.sigmoid(jnp.stack([from_clear, from_had], -1)))
    to_clear = jnp.where(anew, (ending / (beginning + ending))[:, None], jax.nn.sigmoid(-jnp.stack([from_clear, from_had], -1)))
    product = jnp.stack([to_clear, to_had], axis=-1) * entries[:, None, :]  # (n, from, to)
    total = 0.0
    while product.shape[0] > 1:
        if product.shape[0] % 2:
            product = jnp.concatenate([product, jnp.eye(2)[None]])
        product = product[0::2] @ product[1::2]
        scale = jax.lax.stop_gradient(product.max(axis=(1, 2)))
        product, total = product / scale[:, None, None], total + jnp.log(scale).sum()
    return total + jnp.log(product[0, 0].sum())


def weekly_level(z, s, phi):
    """Stationary AR(1): u_w is the sum of phi^(w - v) times shock v, the first shock as wide as the stationary law."""
    w = jnp.arange(len(z))
    distance = w[:, None] - w
    pull = jnp.where(distance >= 0, jnp.exp(jnp.maximum(distance, 0) * jnp.log(phi)), 0.0)
    return s * (pull @ (z * jnp.where(w == 0, 1.0, jnp.sqrt(1 - phi**2))))


def normals(name, mean, sd, count):
    return numpyro.sample(name, dist.Normal(mean, sd).expand([count]).to_event(1)) if count else jnp.zeros(0)


def model(rows, priors):
    mu = numpyro.sample("mu", dist.Normal(priors.level_mean, priors.level_sd))
    rho = numpyro.sample("rho", dist.Normal(priors.carry_mean, priors.carry_sd))
    weights, means, sds = (jnp.array(part) for part in priors.effect[:3])
    delta = numpyro.sample("delta", dist.MixtureSameFamily(dist.Categorical(weights), dist.Normal(means, sds)))
    log_s = numpyro.sample("log_s", dist.Normal(np.log(priors.spread_median), priors.spread_log_sd))
    logit_phi = numpyro.sample("logit_phi", dist.Normal(logit(priors.persistence_median), priors.persistence_logit_sd))
    log_tau = numpyro.sample("log_tau", dist.Normal(np.log(priors.onset_median_days), priors.onset_log_sd))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([int(rows.week[-1]) + 1]).to_event(1))
    delta_2 = normals("delta_2", OTHER_MEAN, OTHER_SD, len(rows.others))
    gamma = normals("gamma", 0.0, COVARIATE_SD, len(rows.covariates))
    sens = spec = 1.0
    if rows.recalled.any():
        sens = jax.nn.sigmoid(numpyro.sample("logit_sens", dist.Normal(logit(SENSITIVITY), SENSITIVITY_LOGIT_SD)))
        spec = jax.nn.sigmoid(numpyro.sample("logit_spec", dist.Normal(logit(SPECIFICITY), SPECIFICITY_LOGIT_SD)))
    u = numpyro.deterministic("u", weekly_level(z, jnp.exp(log_s), jax.nn.sigmoid(logit_phi)))
    n = len(rows.y)
    e = rows.change @ (1 - jnp.exp(-rows.since[:, :n] / jnp.exp(log_tau)))
    a = mu + u[rows.week[:n]] + delta * e + delta_2 @ rows.others[:, :n] + gamma @ rows.covariates[:, :n]
    entries = evidence(rows.y, rows.recalled, sens, spec, jnp)
    numpyro.factor("diary", log_likelihood(a, rho, rows.centre, entries, rows.restart))


def convergence(by_chain, draws):
    """The largest split R-hat and the smallest effective sample size of all scalars, R included."""
    scalars = {k: v for k, v in by_chain.items() if k not in ("z", "u")}
    scalars["reduction"] = (1 - draws.current() / draws.untreated()).reshape(by_chain["mu"].shape)
    return {
        "max_rhat": max(float(np.max(split_gelman_rubin(v))) for v in scalars.values()),
        "min_ess": min(float(np.min(effective_sample_size(v))) for v in scalars.values()),
    }


def watch_compilations():
    """A clock that notes the CPU time at the end of each long compilation, so that sampling can be timed apart."""
    ended = []

    def note(event, seconds, **_):
        if event.endswith("backend_compile_duration") and seconds > 1:
            ended.append(time.process_time())

    jax.monitoring.register_event_duration_secs_listener(note)
    return ended


COMPILED = watch_compilations()


def sample(rows, priors, count, target):
    """Draws by chain, how they were made, and the CPU seconds of warm-up and draws without compiling."""
    run = MCMC(
        NUTS(model, target_accept_prob=target),
        num_warmup=2000,
        num_samples=count,
        num_chains=4,
        chain_method="vectorized",
        progress_bar=False,
    )
    run.run(jax.random.PRNGKey(20260101), rows, priors, extra_fields=("diverging", "num_steps"))
    by_chain = {k: np.asarray(v) for k, v in run.get_samples(group_by_chain=True).items()}
    seconds = time.process_time() - COMPILED[-1]
    extra = run.get_extra_fields()
    effort = {
        "draws": 4 * count,
        "target_accept": target,
        "divergences": int(extra["diverging"].sum()),
        "mean_steps": float(extra["num_steps"].mean()),
    }
    return by_chain, effort, seconds


def answer(rows, priors):
    """Draw until the chains agree; the last try stands whether they do or not, and its figures say so."""
    for count, target in TRIES:
        by_chain, effort, seconds = sample(rows, priors, count, target)
        draws = Draws(by_chain, rows)
        agreement = convergence(by_chain, draws)
        if agreement["max_rhat"] < MOST_RHAT and agreement["min_ess"] > LEAST_ESS:
            break
    effect = priors.effect
    believed = {"centre": rows.centre, "weights": effect.weights, "means": effect.means, "sds": effect.sds}
    return functionals(draws) | {"prior": believed} | agreement | effort, seconds


def priors_of(case, kind, centre):
    before = case.days.before(case.exposure.start, BASELINE_DAYS) or case.days
    rate = (before.had + 2) / (before.known + 4)
    return reference_priors(rate, centre) if kind == "reference" else default_priors(rate, centre, case.exposure.treatment)


def main(out: Path, wanted: list[str]) -> None:
    answers = json.loads(out.read_text()) if out.exists() else {}
    for kind in ("reference", "default"):
        for case in reference_diaries():
            key = f"{case.name}/{kind}"
            if key in answers or (wanted and case.name not in wanted and key not in wanted):
                continue
            rows = lay_out(case)
            found, seconds = answer(rows, priors_of(case, kind, rows.centre))
            told = " ".join(
                f"{name} {found[name]:.6g}" for name in ("max_rhat", "min_ess", "draws", "divergences", "mean_steps")
            )
            print(f"{key}: {told}; {seconds:.1f} CPU seconds", flush=True)
            answers[key] = found
            out.write_text(json.dumps(answers, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
