"""What a day with the outcome was like: whether a headache day was a migraine day, how strong the craving, how many drinks.

A second row beside the day's own (sequential, or continuation-ratio, logits:
Tutz 1991), given that the day had it. Of an amount n = 1, 2, ... each step asks
"more than k?" for k = 1, 2, ...; steps of one segment share an intercept:

    logit P(more than k | k or more) = alpha_segment + u_week + (delta + extra) e_t + carry (yesterday, standardised)

The alphas are a random walk from segment to segment: the columns of b hold the first and what each further one adds.
"Is it a migraine day?" is the same with one step. Level and effect are shared
with the days themselves; `extra` lets the treatment act otherwise on it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.numerics.logistic import sigmoid
from cleardays.response.chain import level_for_rate, long_run_rate, transitions
from cleardays.response.design import EFFECT, Design, Rows
from cleardays.response.priors import CARRY_MEAN, Curve

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_FARTHEST = 3.0  # standard deviations that yesterday may be away
_ROUNDS = 6  # of the fixed point between yesterday's mean and today's
_MOST_STEPS = 250  # beyond, an amount does not go on
_STEP_MEAN, _STEP_SD = 0.0, 1.5  # of the first segment
_RISE_SD = 1.5  # from a segment to the next, so that one nobody reached is like its neighbour
_EXTRA_SD = 0.5
_CARRY_MEAN, _CARRY_SD = 0.3, 0.3
# Segments of an amount: single drinks differ from a heavy day; a craving of two steps is told alike.
_STARTS, _STARTS_BOUNDED = (1, 3, 6), (1, 3, 5, 7, 9)
_OWN_STARTS = (0.5, 0.9)  # quantiles of the person's own days that had it
_LEAST_SPREAD, _LEAST_SPREAD_OF_MEAN, _LEAST_SPREAD_BOUNDED = 0.5, 0.5, 1.0


class Second(NamedTuple):
    """The second rows of a diary.

    `answers` has one entry a day: for a part 1 or 0 on days had, for an amount its whole number from 1 on; None
    where there is nothing to ask or nothing known. `starts` are the first steps of the segments. `most` ends an
    amount; None, it does not end. `averaged`: the answer is a mean per day, not a sum of 28 days.
    """

    part: bool
    answers: tuple[int | None, ...]
    yesterday: tuple[float, ...]  # the value of the day before, standardised; 0 where it is not known
    mean: float  # of all known days, days without it included
    spread: float
    starts: tuple[int, ...] = (1,)
    most: int | None = None
    averaged: bool = False

    @property
    def columns(self) -> int:
        """How many coefficients it adds: intercepts, extra, and for an amount the carry-over."""
        return len(self.starts) + 1 + (not self.part)

    @property
    def prior(self) -> tuple[tuple[float, float], ...]:
        """Mean and SD of each of them."""
        carry = () if self.part else ((_CARRY_MEAN, _CARRY_SD),)
        rises = ((0.0, _RISE_SD),) * (len(self.starts) - 1)
        return ((_STEP_MEAN, _STEP_SD), *rises, (0.0, _EXTRA_SD), *carry)

    def segment(self, index: int) -> tuple[int, int]:
        """First step of a segment, and the step after its last."""
        end = self.starts[index + 1] if index + 1 < len(self.starts) else (self.most or _MOST_STEPS)
        return self.starts[index], end


def part_of(whole: DaySeries, part: DaySeries) -> Second:
    """Which of the days that had `whole` had `part` too; both series have the same days."""
    both = zip(whole.states, part.states, strict=True)
    answers = tuple(None if not had or is_part is None else int(is_part) for had, is_part in both)
    return Second(True, answers, (0.0,) * len(answers), 0.0, 1.0)


def amount_of(amounts: AmountSeries) -> Second:
    """Amounts a day. They are rounded to whole numbers, what is more than 0 to 1 at least."""
    values = amounts.values
    known = np.array([np.nan if value is None else value for value in values], dtype=float)
    mean = float(np.nanmean(known))
    spread = _spread(amounts, known, mean)
    before = np.concatenate([[np.nan], known[:-1]])
    yesterday = np.where(np.isnan(before), 0.0, np.clip((before - mean) / spread, -_FARTHEST, _FARTHEST))
    answers = tuple(None if value is None or value <= 0 else max(1, int(value + 0.5)) for value in values)
    starts = _starts(amounts, answers)
    return Second(False, answers, tuple(yesterday.tolist()), mean, spread, starts, amounts.most, amounts.averaged)


def _starts(amounts: AmountSeries, answers: tuple[int | None, ...]) -> tuple[int, ...]:
    """The first steps of the segments: fixed ones, and where the person's own usual and heavy days end.

    Who has exactly four drinks a day always goes beyond 3 and never beyond 4; a segment over both would take him for one
    who stops at chance.
    """
    had = [each for each in answers if each is not None]
    own = [int(each) for each in np.quantile(had, _OWN_STARTS, method="lower")] if had else []
    return tuple(sorted({*(_STARTS if amounts.most is None else _STARTS_BOUNDED), *own} - {amounts.most}))


def _spread(amounts: AmountSeries, known: Array, mean: float) -> float:
    """The standard deviation of the known days, and no less than that of rather regular ones.

    Yesterday is told in it. Where all days are alike it would be nothing, and the least misfit of the mean many of it.
    """
    least = _LEAST_SPREAD_BOUNDED if amounts.most is not None else max(_LEAST_SPREAD, _LEAST_SPREAD_OF_MEAN * mean)
    return max(float(np.nanstd(known)), least)


def with_second(design: Design, second: Second) -> Design:
    """The design with the second rows among its rows, in the order of the days, and their columns at the end."""
    first = design.row_of_day.shape[1]
    width = first + second.columns
    extra, carry = first + len(second.starts), first + len(second.starts) + 1
    day, yes, trials, x = [], [], [], []
    for at, answer in enumerate(second.answers):
        if answer is None:
            continue
        for index in range(len(second.starts)):
            tried, passed = _steps(second, index, answer)
            if tried:
                row = np.zeros(width)
                row[first : first + index + 1] = 1.0
                if not second.part:
                    row[carry] = second.yesterday[at]
                day.append(at)
                yes.append(float(passed))
                trials.append(float(tried))
                x.append(row)
    rows = design.rows
    days = np.concatenate([rows.day, np.array(day, dtype=np.int64)])
    order = np.argsort(days, kind="stable")
    added = len(day)
    return design._replace(
        rows=Rows(
            days[order],
            np.concatenate([rows.yes, yes])[order],
            np.concatenate([rows.trials, trials])[order],
            np.vstack([_widened(rows.x, width), np.array(x).reshape(-1, width)])[order],
            np.full(len(days), EFFECT),
            np.concatenate([rows.also, np.full(added, extra)])[order],
            single=second.part and rows.single,
        ),
        row_of_day=_widened(design.row_of_day, width),
    )


def _steps(second: Second, index: int, answer: int) -> tuple[int, int]:
    """How many steps of a segment a day answers, and how many of them with yes."""
    if second.part:
        return 1, answer
    start, end = second.segment(index)
    return max(0, min(answer, end - 1) - start + 1), max(0, min(answer, end) - start)


def _widened(x: Array, width: int) -> Array:
    return np.hstack([x, np.zeros((len(x), width - x.shape[1]))])


def factor(second: Second, b: Array, stays: Array, level: Array, exposure: Array) -> Array:
    """What a day that had it brings on average: the share that is a part, or the amount.

    Args:
        second: the second rows.
        b: all coefficients (p, N).
        stays: P(had | had yesterday) of such a day, (..., N); in the long run also P(had yesterday | had today), because
            a chain of two states runs backwards as it runs forwards.
        level: u, (..., N).
        exposure: (..., N).
    """
    steps = intercepts(second, b)
    moved = level + second_effect(second, b) * exposure
    if second.part:
        return sigmoid(steps[0] + moved)
    carry = b[-1]
    after_clear = mean_amount(second, steps, moved + carry * _away(second, np.zeros(1)))
    brought = after_clear
    for _ in range(_ROUNDS):
        after_had = mean_amount(second, steps, moved + carry * _away(second, brought))
        brought = stays * after_had + (1.0 - stays) * after_clear
    return brought


def _away(second: Second, value: Array) -> Array:
    """A value of yesterday, standardised."""
    return np.clip((value - second.mean) / second.spread, -_FARTHEST, _FARTHEST)


def second_cells(second: Second, amounts: Array) -> tuple[Array, Array]:
    """How many steps of each segment days with these answers (F,) ask, and how many they pass, (F, segments)."""
    if second.part:
        return np.ones((len(amounts), 1)), amounts[:, None]
    bounds = [second.segment(index) for index in range(len(second.starts))]
    asked = [np.clip(np.minimum(amounts, end - 1) - start + 1, 0, None) for start, end in bounds]
    return np.array(asked).T, np.array([np.clip(np.minimum(amounts, end) - start, 0, None) for start, end in bounds]).T


def intercepts(second: Second, b: Array) -> Array:
    """alpha of each segment (segments, N): the first one's, and what each further one rises or falls by, added up."""
    first = len(b) - second.columns
    return np.cumsum(b[first : first + len(second.starts)], axis=0)


def second_effect(second: Second, b: Array) -> Array:
    """delta + extra, the treatment's effect on the second rows, (N,)."""
    return np.asarray(b[EFFECT] + b[len(b) - second.columns + len(second.starts)])


def mean_amount(second: Second, steps: Array, moved: Array) -> Array:
    """1 plus the sum over steps of the chance to get beyond them."""
    total, reached = np.ones(moved.shape), np.ones(moved.shape)
    for index in range(len(second.starts)):
        start, end = second.segment(index)
        on = sigmoid(steps[index] + moved)
        # reached * (on + on^2 + ... ) over the segment
        on = np.minimum(on, 1.0 - 1e-9)  # so that the sum of the steps keeps its digits
        passed = on ** (end - start)
        total = total + reached * on * (1.0 - passed) / (1.0 - on)
        reached = reached * passed
    return np.asarray(total)


def curve_of(second: Second, rate: float, centre: float, days: range) -> Curve:
    """How the value follows from the effect at the person's own level, for the prior of the effect.

    Args:
        second: the second rows.
        rate: the person's rate of days before the treatment.
        centre: the centring constant.
        days: offsets of the days before the treatment.
    """
    base, steps = float(level_for_rate(np.asarray(rate), CARRY_MEAN, centre)), typical(second, days)

    def value(effect: Array, extra: Array) -> Array:
        had = long_run_rate(base + effect, CARRY_MEAN, centre)
        ones = np.ones_like(effect)
        carry = [] if second.part else [_CARRY_MEAN * ones]
        b = np.array([ones, ones, effect, *(rise * ones for rise in np.diff(steps, prepend=0.0)), extra, *carry])
        stays, _ = transitions(base + effect, CARRY_MEAN, centre)
        return np.asarray(had * factor(second, b, stays, np.zeros_like(effect), ones))

    most = 1.0 if second.part else float("inf") if second.most is None else float(second.most)
    return Curve(value, most, _EXTRA_SD)


def drawn_amounts(second: Second, b: Array, moved: Array, yesterday: Array, random: np.random.Generator) -> Array:
    """One amount for each draw, on a day that had it; `yesterday` is the value of the day before (N,)."""
    steps, away = intercepts(second, b), _away(second, yesterday)
    amount, going = np.ones(len(moved)), np.ones(len(moved), dtype=bool)
    for index in range(len(second.starts)):
        on = sigmoid(steps[index] + moved + b[-1] * away)
        for _ in range(*second.segment(index)):
            going &= random.random(len(moved)) < on
            amount += going
            if not going.any():
                return amount
    return amount


def typical(second: Second, days: range) -> Array:
    """The intercepts of the segments over some days, each shrunken towards the one before, for the prior of the effect.

    logit (yes + 2 q) / (trials + 2), q the share of the segment before, one half for the first.
    """
    counts = np.zeros((len(second.starts), 2))
    for at in days:
        answer = second.answers[at]
        for index in range(len(second.starts)):
            if answer is not None:
                counts[index] += _steps(second, index, answer)
    share = np.full(len(second.starts) + 1, 0.5)
    for index, (trials, yes) in enumerate(counts):
        share[index + 1] = (yes + 2.0 * share[index]) / (trials + 2.0)
    return np.asarray(np.log(share[1:] / (1.0 - share[1:])))
