"""The arms of a study as ratios of rates: follow-up over baseline, with the noise of each and the spread between people.

A study gives one outcome, the first in `PREFERRED` that it has for two arms at least: rates of different outcomes are
comparable as ratios only. Only figures that were read somewhere are used, and each arm keeps the names of those that were.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cleardays.evidence.prior.multiplier import family_of, seen_below
from cleardays.evidence.prior.selection import (
    LetIn,
    Limits,
    by_change_sd,
    by_followup_sd,
    by_responders,
    let_in,
    true_ratio,
)
from cleardays.evidence.prior.spread import Printed, Spread, noise
from cleardays.evidence.records import PLACEBO, Cell, Row, Study

PREFERRED = ("migraine_day", "headache_day", "mod_sev_headache_day", "attack", "headache_episode", "improvement")
_MONTH = 28.0
_BISECTIONS = 50
_Z = 1.959963984540054  # of a 95 % interval
_DAYS = ("migraine_day", "headache_day", "mod_sev_headache_day")
# Responders of completers only, against a placebo period, or with the baseline carried forward are other shares.
_ON_THE_MEAN = ("period-mean", "average-of-months", "last-month", "unclear")


class Assumptions(NamedTuple):
    """What the trials do not print; each is varied by a sensitivity analysis."""

    phi: float = 0.5  # variance over mean of a person's months
    family: str = "gamma"
    entry: bool = True  # whether entry limits are corrected for
    c2_unknown: float = 0.35  # of an arm that prints no spread
    scale: str = "log"  # of rates; "logit": of the share of days, where a rate near 28 days cannot fall as freely
    own_months: bool = True  # whether responders are read by the months that each trial averages; else by one month
    covariates: bool = True  # whether chronic migraine and failed preventives are told apart
    days_only: bool = False  # whether attacks are left out
    days_unknown: float = 8.0  # per 28, of an arm that prints shares of responders only; it matters for the noise alone


class ArmRate(NamedTuple):
    """One treatment in one study (its doses together)."""

    study: Study
    outcome: str
    treatment: str
    log_ratio: float | None  # log of follow-up over baseline, without regression to the mean; None in a crossover
    log_level: float  # log of the follow-up rate; in a crossover all that there is
    variance: float  # of either, sampling only
    people: float
    spread: Spread | None
    used: tuple[tuple[str, Cell], ...]  # which figures, by their place: "arm outcome cell"
    before: float  # days per 28 at baseline; of a crossover those on treatment


def rates_of(study: Study, assumed: Assumptions) -> list[ArmRate]:
    """The treatments of a study; empty where it compares nothing or prints too little."""
    if not study.compares:
        return []
    for outcome in _DAYS if assumed.days_only else PREFERRED:
        by_treatment: dict[str, list[ArmRate]] = {}
        for row in _one_part(study, outcome):
            found = _rate(study, row, assumed)
            if found is not None:
                by_treatment.setdefault(found.treatment, []).append(found)
        if len(by_treatment) > 1:
            return [_together(doses) for doses in by_treatment.values()]
    return []


def _one_part(study: Study, outcome: str) -> list[Row]:
    """The results of an outcome; of several parts (the same people at other times) the first one."""
    rows = list(study.of_outcome(outcome))
    first = next((row.of.get("part") for row in rows), None)
    return [row for row in rows if row.of.get("part") == first]


def _rate(study: Study, row: Row, assumed: Assumptions) -> ArmRate | None:
    unit = row.of.get("unit_days")
    size = row.sure("analysed") or _randomised(study, row)
    if size is None:
        return None
    scale = _MONTH / float(unit or _MONTH)
    base, level = row.sure("baseline_mean"), _level(row)
    if level is None or level <= 0.0 or unit is None:
        return _rate_from_responders(study, row, size, assumed)
    months = {when: float(row.of.get(f"{when}_units", 1.0)) / scale for when in ("baseline", "followup")}
    crossover = study.head.get("design") == "crossover" or base is None
    printed = Printed(
        (base or level) * scale, level * scale, months["baseline"], months["followup"],
        *(None if value is None else value * scale for value in _spreads(row)),
    )  # fmt: skip
    people = let_in(printed.m0, printed.s0, printed.k0, assumed.phi, _limits(study, row, assumed))
    spread = None if crossover else _spread(row, printed, people, assumed)
    error = _standard_error(study, row)
    c2 = assumed.c2_unknown if spread is None else spread.c2
    variance = (c2 + noise(printed, assumed.phi) ** 2) / size if error is None else (error * scale / printed.m1) ** 2
    used = tuple((f"{row.of['arm']} {row.of['outcome']} {name}", cell) for name, cell in row.cells.items() if cell.sure)
    treatment = study.treatment_of(str(row.of["arm"]))
    before = None if crossover else printed.m1 / true_ratio(printed, people)
    level, stretch = _on_scale(printed.m1, assumed)
    change = None if before is None else level - _on_scale(before, assumed)[0]
    return ArmRate(
        study, str(row.of["outcome"]), treatment, change, level, variance * stretch**2, size, spread, used, before or printed.m1
    )


def _rate_from_responders(study: Study, row: Row, size: float, assumed: Assumptions) -> ArmRate | None:
    """Where only the share with half the days or fewer is printed: the R that makes it so, with the spread taken as usual."""
    share = _share(row, 50)
    if share is None or not 0.0 < share < 1.0 or row.of.get("responder_rule") == "against-placebo-period":
        return None
    before = row.sure("baseline_mean") or assumed.days_unknown

    def seen(log_ratio: float) -> float:
        printed = Printed(before, before * float(np.exp(log_ratio)), k1=float(row.of.get("followup_units", 1.0)))
        return seen_below(family_of(assumed.family, printed.r, assumed.c2_unknown), 0.5, noise(printed, assumed.phi))

    lower, upper = -4.0, 1.5
    for _ in range(_BISECTIONS):
        middle = 0.5 * (lower + upper)
        lower, upper = (middle, upper) if seen(middle) > share else (lower, middle)
    slope = (seen(middle + 0.01) - seen(middle - 0.01)) / 0.02
    variance = share * (1.0 - share) / size / slope**2
    after = before * float(np.exp(middle))
    level, stretch = _on_scale(after, assumed)
    change = level - _on_scale(before, assumed)[0]
    used = ((f"{row.of['arm']} {row.of['outcome']} responders50_percent", row.cells["responders50_percent"]),)
    treatment = study.treatment_of(str(row.of["arm"]))
    return ArmRate(study, str(row.of["outcome"]), treatment, change, level, variance * stretch**2, size, None, used, before)


def _on_scale(days: float, assumed: Assumptions) -> tuple[float, float]:
    """A rate on the log or logit scale, and by how much the scale stretches a relative change there."""
    if assumed.scale == "log":
        return float(np.log(days)), 1.0
    share = min(days / _MONTH, 0.98)
    return float(np.log(share / (1.0 - share))), 1.0 / (1.0 - share)


def _level(row: Row) -> float | None:
    base, change = row.sure("baseline_mean"), row.sure("change_mean")
    return base + change if base is not None and change is not None else row.sure("followup_mean")


def _randomised(study: Study, row: Row) -> float | None:
    return study.arms[str(row.of["arm"])].sure("randomised")


def _spreads(row: Row) -> tuple[float | None, float | None, float | None]:
    return row.sure("baseline_sd"), row.sure("followup_sd"), row.sure("change_sd")


def _limits(study: Study, row: Row, assumed: Assumptions) -> Limits:
    """The entry limits, where they were counted in days of the same kind; attacks let in people with any number of days."""
    entry: dict[str, Any] = study.head.get("entry", {})
    if not assumed.entry or entry.get("outcome") not in _DAYS or row.of["outcome"] not in _DAYS:
        return Limits()
    scale = _MONTH / float(entry.get("unit_days", _MONTH))
    return Limits(float(entry.get("least", 0.0)) * scale, min(_MONTH, float(entry.get("most", _MONTH)) * scale))


def _spread(row: Row, printed: Printed, people: LetIn, assumed: Assumptions) -> Spread | None:
    """By the first route that the figures allow, the surest first."""
    shares = (None, None)
    if row.of.get("responder_rule") in _ON_THE_MEAN:
        shares = tuple(None if (share := _share(row, at)) is None else share for at in (50, 75))  # type: ignore[assignment]
    k1 = 1.0 if row.of.get("responder_rule") == "average-of-months" or not assumed.own_months else printed.k1
    return (
        by_followup_sd(printed, people, assumed.phi)
        or by_change_sd(printed, people, assumed.phi)
        or by_responders(printed._replace(k1=k1), people, assumed.phi, shares, assumed.family)
    )


def _share(row: Row, reduction: int) -> float | None:
    percent = row.sure(f"responders{reduction}_percent")
    return None if percent is None else percent / 100.0


def _standard_error(study: Study, row: Row) -> float | None:
    """Of change or level: as printed, from its interval or SD, or from the interval of its difference from another arm."""
    for name in ("change_se", "followup_se"):
        if (error := row.sure(name)) is not None:
            return error
    for prefix in ("change", "followup"):
        lower, upper = row.sure(f"{prefix}_lower"), row.sure(f"{prefix}_upper")
        if lower is not None and upper is not None:
            return (upper - lower) / (2.0 * _Z)
    size = row.sure("analysed") or _randomised(study, row)
    spread = row.sure("change_sd") or row.sure("followup_sd")
    if spread is not None and size is not None:
        return spread / float(np.sqrt(size))
    return _from_difference(study, row)


def _from_difference(study: Study, row: Row) -> float | None:
    """Half of the variance of a printed difference that the arm takes part in: as if both arms were as noisy."""
    arm = row.of["arm"]
    for difference in study.differences:
        same = difference.of["outcome"] == row.of["outcome"] and difference.of["measure"] == "MD"
        lower, upper = difference.sure("lower"), difference.sure("upper")
        if same and arm in (difference.of["arm"], difference.of["against"]) and lower is not None and upper is not None:
            return (upper - lower) / (2.0 * _Z) / float(np.sqrt(2.0))
    return None


def _together(doses: list[ArmRate]) -> ArmRate:
    """Arms of one treatment as one: ratios weighted by precision, spreads by people."""
    if len(doses) == 1:
        return doses[0]
    weight = np.array([1.0 / dose.variance for dose in doses])
    people = np.array([dose.people for dose in doses])
    ratios = [dose.log_ratio for dose in doses]
    log_ratio = None if None in ratios else float(weight @ np.array(ratios, dtype=float) / weight.sum())
    spreads = [(dose.spread.c2, size) for dose, size in zip(doses, people, strict=True) if dose.spread is not None]
    spread = None
    if spreads:
        c2, sizes = (np.array(part) for part in zip(*spreads, strict=True))
        route = next(dose.spread.route for dose in doses if dose.spread is not None)
        spread = Spread(float(np.exp(sizes @ np.log(c2) / sizes.sum())), route)
    return doses[0]._replace(
        log_ratio=log_ratio,
        log_level=float(weight @ np.array([dose.log_level for dose in doses]) / weight.sum()),
        variance=float(1.0 / weight.sum()),
        people=float(people.sum()),
        spread=spread,
        used=tuple(name for dose in doses for name in dose.used),
    )


def is_placebo(rate: ArmRate) -> bool:
    """Whether nobody in the arm got an active treatment."""
    return rate.treatment == PLACEBO
