"""The arms of a study as ratios of rates: follow-up over baseline, with the noise of each and the spread between people.

A study gives one outcome, the first in `PREFERRED` that it has for two arms at least: rates of different outcomes are
comparable as ratios only. Only figures that were read somewhere are used, and each arm keeps the names of those that were.
"""

from __future__ import annotations

from collections.abc import Collection
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
# Days in 28 that let people in where a trial's file does not say it: by definition an episodic migraine has fewer than 15
# headache days and a chronic one 8 migraine days at least; 4 is where prevention begins (our choice of what is usual).
_USUAL_LIMITS = {"episodic": Limits(4.0, 14.0), "chronic": Limits(8.0, _MONTH)}
# Days per 28 before the start in people of whom no baseline was read, and the standard deviation of their logarithm between
# trials: as in the trials whose baseline was read (our choice).
_USUAL_DAYS, _USUAL_LOG_SD = {"chronic": 17.0}, 0.15
_EPISODIC_DAYS = 8.5
# Responders of completers only, against a placebo period, or with the baseline carried forward are other shares.
_ON_THE_MEAN = ("period-mean", "average-of-months", "last-month", "unclear")


class Assumptions(NamedTuple):
    """What the trials do not print; each is varied by a sensitivity analysis."""

    phi: float = 0.5  # variance over mean of a person's months
    family: str = "gamma"
    entry: bool = True  # whether entry limits are corrected for
    c2_unknown: float = 0.35  # of an arm that prints no spread, treated or on placebo, with a factor that it may be off by
    c2_off: float = 1.8
    scale: str = "log"  # of rates; "logit": of the share of days, where a rate near 28 days cannot fall as freely
    own_months: bool = True  # whether responders are read by the months that each trial averages; else by one month
    covariates: bool = True  # whether chronic migraine and failed preventives are told apart
    days_only: bool = False  # whether attacks are left out


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
    before: float | None  # days per 28 at baseline, where that was read
    by_means: bool  # from means of days or attacks, not from shares of responders


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
    """Of one arm: from its means where it has some, else from its share of responders."""
    size, error, unit = _size(study, row), _standard_error(study, row), row.of.get("unit_days")
    scale = _MONTH / float(unit or _MONTH)
    read = row.sure("baseline_mean")
    base = read if read is not None else _usual_days(study) / scale
    level, change = row.sure("followup_mean"), row.sure("change_mean")
    crossover = study.head.get("design") == "crossover" or (read is None and change is None)
    if change is not None:
        level = base + change
    if unit is None or level is None or level <= 0.0 or (size is None and error is None):
        return _rate_from_responders(study, row, size, assumed)
    printed = Printed(
        (level if crossover else base) * scale, level * scale, *_months(row, scale),
        *(None if value is None else value * scale for value in _spreads(row)),
    )  # fmt: skip
    people = let_in(printed.m0, printed.s0, printed.k0, assumed.phi, _limits(study, row, assumed))
    spread = None if crossover or read is None else _spread(row, printed, people, assumed)
    c2 = assumed.c2_unknown if spread is None else spread.c2
    if error is None:
        variance = (c2 + noise(printed, assumed.phi) ** 2) / float(size or 1.0)
    else:
        variance = (error * scale / printed.m1) ** 2
    if read is None and not crossover:  # log(1 + change / base): what an unread baseline leaves open
        variance += (_USUAL_LOG_SD * (1.0 - printed.m1 / printed.m0) * printed.m0 / printed.m1) ** 2 / 2.0
    before = None if crossover else printed.m1 / true_ratio(printed, people)
    on_scale, stretch = _on_scale(printed.m1, assumed)
    told = None if before is None else on_scale - _on_scale(before, assumed)[0]
    return ArmRate(
        study, str(row.of["outcome"]), study.treatment_of(str(row.of["arm"])), told, on_scale, variance * stretch**2,
        float(size or 0.0), spread, _used(row), None if read is None or crossover else printed.m0, by_means=True,
    )  # fmt: skip


def _usual_days(study: Study) -> float:
    return _USUAL_DAYS.get(study.population, _EPISODIC_DAYS)


def _months(row: Row, scale: float) -> tuple[float, float]:
    """How many 28-day months baseline and follow-up average; the weeks of the follow-up where it is not said in units."""
    weeks = row.of.get("weeks")
    whole = 1.0 / scale if weeks is None else (weeks[1] - weeks[0] + 1) / 4.0
    told = row.of.get("followup_units")
    return float(row.of.get("baseline_units", 1.0)) / scale, whole if told is None else float(told) / scale


def _size(study: Study, row: Row) -> float | None:
    """People in the arm: analysed, else randomised, else analysed for another outcome, else an equal share of everybody."""
    others = [other.sure("analysed") for other in study.results if other.of["arm"] == row.of["arm"]]
    arm = study.arms[str(row.of["arm"])].sure("randomised")
    all_of_them = study.head.get("people_analysed")
    share = None if all_of_them is None else float(all_of_them) / len(study.arms)
    return next((each for each in (row.sure("analysed"), arm, *others, share) if each is not None), None)


def _used(row: Row) -> tuple[tuple[str, Cell], ...]:
    return tuple((f"{row.of['arm']} {row.of['outcome']} {name}", cell) for name, cell in row.cells.items() if cell.sure)


def _rate_from_responders(study: Study, row: Row, size: float | None, assumed: Assumptions) -> ArmRate | None:
    """Where only the share with half the days or fewer is printed: the R that makes it so, with the spread taken as usual.

    What that spread leaves open goes into the variance: R is looked for with a spread larger and smaller by a factor.
    """
    share = _share(row, 50)
    if share is None or size is None or not 0.0 < share < 1.0 or row.of.get("responder_rule") not in _ON_THE_MEAN:
        return None
    before = row.sure("baseline_mean") or _usual_days(study)
    k1 = float(row.of.get("followup_units", 1.0)) if assumed.own_months else 1.0
    middle = _ratio_with(share, before, k1, assumed.c2_unknown, assumed)
    nearer = _ratio_with(min(share + 0.01, 0.995), before, k1, assumed.c2_unknown, assumed)
    ends = [_ratio_with(share, before, k1, assumed.c2_unknown * off, assumed) for off in (assumed.c2_off, 1.0 / assumed.c2_off)]
    variance = share * (1.0 - share) / size * ((nearer - middle) / 0.01) ** 2 + ((ends[0] - ends[1]) / 2.0) ** 2
    after = before * float(np.exp(middle))
    on_scale, stretch = _on_scale(after, assumed)
    told = on_scale - _on_scale(before, assumed)[0]
    used = ((f"{row.of['arm']} {row.of['outcome']} responders50_percent", row.cells["responders50_percent"]),)
    treatment = study.treatment_of(str(row.of["arm"]))
    return ArmRate(
        study, str(row.of["outcome"]), treatment, told, on_scale, variance * stretch**2, size, None, used, None, by_means=False
    )


def _ratio_with(share: float, before: float, k1: float, c2: float, assumed: Assumptions) -> float:
    """log R at which so large a share is seen at half of the days or fewer."""

    def seen(log_ratio: float) -> float:
        printed = Printed(before, before * float(np.exp(log_ratio)), k1=k1)
        return seen_below(family_of(assumed.family, printed.r, c2), 0.5, noise(printed, assumed.phi))

    lower, upper = -4.0, 1.5
    for _ in range(_BISECTIONS):
        middle = 0.5 * (lower + upper)
        lower, upper = (middle, upper) if seen(middle) > share else (lower, middle)
    return middle


def _on_scale(days: float, assumed: Assumptions) -> tuple[float, float]:
    """A rate on the log or logit scale, and by how much the scale stretches a relative change there."""
    if assumed.scale == "log":
        return float(np.log(days)), 1.0
    share = min(days / _MONTH, 0.98)
    return float(np.log(share / (1.0 - share))), 1.0 / (1.0 - share)


def _spreads(row: Row) -> tuple[float | None, float | None, float | None]:
    return row.sure("baseline_sd"), row.sure("followup_sd"), row.sure("change_sd")


def _limits(study: Study, row: Row, assumed: Assumptions) -> Limits:
    """The entry limits in days; those usual for such people where none are told, and none where attacks let people in."""
    entry: dict[str, Any] = study.head.get("entry", {})
    if not assumed.entry or row.of["outcome"] not in _DAYS:
        return Limits()
    if not entry:
        return _USUAL_LIMITS.get(study.population, Limits())
    if entry["outcome"] not in _DAYS:
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
    size = _size(study, row)
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


def people_in(rates: Collection[ArmRate]) -> float:
    """Everybody in these arms of one study; in a crossover the arms hold the same people."""
    each = [rate.people for rate in rates]
    crossover = any(rate.study.head.get("design") == "crossover" for rate in rates)
    return max(each) if crossover else sum(each)
