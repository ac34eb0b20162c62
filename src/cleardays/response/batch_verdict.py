"""The three-way verdict of many diaries at once: the rules of `verdict`, on arrays.

A test holds it to `verdict.judge` and `verdict.reasons_to_decline` on generated diaries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.response.batch import NO_START, Answers, Diaries
from cleardays.response.fit import BASELINE_DAYS
from cleardays.response.reporting import CRITICAL_Z, STRATUM_DAYS
from cleardays.response.verdict import CANNOT_TELL, MONTH, NOT_RESPONDING, RESPONDING, TOO_EARLY, JudgingRules

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class _Days(NamedTuple):
    """Every day of every diary: whose it is, its offset, whether it is known and had; and each diary's length and start."""

    diary: Whole
    day: Whole
    known: Flags
    had: Flags
    length: Whole
    start: Whole

    def per_diary(self, which: Flags) -> Array:
        """How many days of each diary are so."""
        return np.bincount(self.diary[which], minlength=len(self.length)).astype(float)


class _Stretch(NamedTuple):
    """A stretch of each diary: days, known days, days had; 0 where it has none."""

    days: Array
    known: Array
    had: Array


def verdicts(diaries: Diaries, answers: Answers, rules: JudgingRules) -> list[str | None]:
    """The verdict of each diary; None where it is not answered or nothing was started.

    Args:
        diaries: headache days.
        answers: of the same diaries.
        rules: the judging rules; the threshold follows the count of the baseline, as in `verdict.ask`.
    """
    days = _days(diaries)
    before, treated = _before(days), _treated(days)
    frequent = _frequent(before, answers, rules)
    chance = np.where(frequent, answers.chance("reduction_ge_30"), answers.chance("reduction_ge_50"))
    found = np.full(len(days.length), CANNOT_TELL, dtype=object)
    found[chance >= rules.responding_from] = RESPONDING
    found[chance <= rules.not_responding_up_to] = NOT_RESPONDING
    found[_declined(days, before, treated, rules)] = CANNOT_TELL
    found[days.length - 1 < days.start + rules.judge_after_days] = TOO_EARLY
    found[~answers.answered | (diaries.start == NO_START)] = None
    return [None if verdict is None else str(verdict) for verdict in found]


def _days(diaries: Diaries) -> _Days:
    length = np.diff(diaries.first)
    diary = np.repeat(np.arange(len(length)), length)
    day = np.arange(len(diary)) - diaries.first[:-1][diary]
    start = np.where(diaries.start == NO_START, length, diaries.start)
    return _Days(diary, day, diaries.state >= 0, diaries.state == 1, length, start)


def _before(days: _Days) -> _Stretch:
    """The stretch before the start that holds the last known days, at most 84."""
    known = days.known & (days.day < days.start[days.diary])
    total = np.cumsum(known)
    at_end = np.concatenate([[0], total])[np.cumsum(days.length)]
    from_end = at_end[days.diary] - total + 1
    kept = known & (from_end <= BASELINE_DAYS)
    first = np.full(len(days.length), np.iinfo(np.int64).max)
    np.minimum.at(first, days.diary[kept], days.day[kept])
    counted = days.per_diary(kept)
    length = np.where(counted > 0, days.start - np.minimum(first, days.start), 0)
    return _Stretch(length.astype(float), counted, days.per_diary(kept & days.had))


def _treated(days: _Days) -> _Stretch:
    since = days.day >= days.start[days.diary]
    length = np.clip(days.length - days.start, 0, None)
    return _Stretch(length.astype(float), days.per_diary(since & days.known), days.per_diary(since & days.had))


def _frequent(before: _Stretch, answers: Answers, rules: JudgingRules) -> Flags:
    """Whether the lower threshold holds: by the count, and by the estimate where unknown days leave it open."""
    asked = rules.frequent_from_days * before.days / MONTH
    surely, surely_not = before.had >= asked, before.had + before.days - before.known < asked
    estimate = answers.of("baseline")[1] >= rules.frequent_from_days
    return (before.known > 0) & (surely | (~surely_not & estimate))


def _declined(days: _Days, before: _Stretch, treated: _Stretch, rules: JudgingRules) -> Flags:
    whole = _Stretch(days.length.astype(float), days.per_diary(days.known), days.per_diary(days.had))
    few = np.zeros(len(days.length), dtype=bool)
    for stretch, there in ((whole, whole.days > 0), (before, before.known > 0), (treated, treated.days > 0)):
        few |= there & (stretch.known < rules.least_known_share * stretch.days)
    all_had = (treated.had == treated.known) & (treated.known < (1 - rules.unknown_without_clear_share) * treated.days)
    thin = (before.known < rules.least_baseline_days) | (before.had < rules.least_baseline_had)
    return np.asarray(few | ((treated.days > 0) & all_had) | thin | _selective(days))


def _selective(days: _Days) -> Flags:
    """Whether being logged depends on the neighbouring day (Cochran-Mantel-Haenszel, as in `reporting`)."""
    pair = np.flatnonzero(days.diary[1:] == days.diary[:-1])
    stratum = (days.day[pair] - days.start[days.diary[pair]]) // STRATUM_DAYS
    found = np.zeros(len(days.length), dtype=bool)
    for state, neighbour in ((pair, pair + 1), (pair + 1, pair)):
        told = days.known[state]
        z = _mantel_haenszel(
            days.diary[pair][told], stratum[told], days.had[state][told], days.known[neighbour][told], len(found)
        )
        found |= np.abs(z) > CRITICAL_Z
    return found


def _mantel_haenszel(diary: Whole, stratum: Whole, had: Flags, logged: Flags, diaries: int) -> Array:
    if not len(diary):
        return np.zeros(diaries)
    low = stratum.min()
    strata = int(stratum.max() - low) + 1
    key = ((diary * strata + stratum - low) * 2 + ~had) * 2 + ~logged
    a, b, c, d = np.bincount(key, minlength=diaries * strata * 4).reshape(-1, 4).T.astype(float)
    n = a + b + c + d
    enough = n > 1
    n = np.where(enough, n, 2.0)
    excess = np.where(enough, a - (a + b) * (a + c) / n, 0.0).reshape(diaries, strata).sum(axis=1)
    each = np.where(enough, (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1)), 0.0)
    variance = each.reshape(diaries, strata).sum(axis=1)
    size = np.maximum(0.0, np.abs(excess) - 0.5)
    return np.where(variance > 0.0, np.sign(excess) * size / np.sqrt(np.where(variance > 0.0, variance, 1.0)), 0.0)
