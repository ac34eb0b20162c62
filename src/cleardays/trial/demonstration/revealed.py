"""At the end: what was true, beside what the page said of it, and whether its intervals held it."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.response.fit import BASELINE_DAYS
from cleardays.response.summary import Interval
from cleardays.trial.demonstration.life import MONTH, Lived, mean_over
from cleardays.trial.demonstration.truth import Case
from cleardays.trial.review import Review


class Held(NamedTuple):
    """One figure: the truth, what the page said, and whether its interval holds the truth. None: the page said nothing."""

    figure: str
    true: float
    said: Interval | None

    @property
    def inside(self) -> bool | None:
        """Whether the interval holds the truth."""
        return None if self.said is None else self.said.lower <= self.true <= self.said.upper

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        said = None if self.said is None else self.said.document()
        return {"figure": self.figure, "true": self.true, "said": said, "inside": self.inside}


class Revealed(NamedTuple):
    """The truth behind the last answer: figures, and whether the threshold was really reached."""

    outcome: str
    rows: tuple[Held, ...]
    threshold: float
    reached: bool
    verdict: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "rows": [row.document() for row in self.rows]}

    def of(self, figure: str) -> Held:
        """One figure by its name."""
        return next(row for row in self.rows if row.figure == figure)


BEFORE, NOW, WITHOUT, REDUCTION = "baseline", "current", "untreated", "reduction_pct"
NATURAL, EFFECT = "natural_change", "treatment_effect"
# What one diary can speak of; how the fall divides into what would have come anyway and the drug's own part it cannot.
CHECKED = (BEFORE, NOW, WITHOUT, REDUCTION)


def reveal(case: Case, lived: Lived, review: Review) -> Revealed:
    """Hold the truth against an answer.

    The true figures are of the same things that the page speaks of: long-run rates at the levels of the days before the
    start, and at those of the last four weeks, with the effect of each of these days and without any.

    Args:
        case: the truth.
        lived: what was lived, at least to the day of the answer.
        review: the answer.
    """
    response, outcome = review.response, review.series.outcome
    last = (review.series.last_day - case.begins).days
    start = (case.start - case.begins).days
    before, lately = slice(max(0, start - BASELINE_DAYS), start), slice(max(start, last - MONTH + 1), last + 1)

    def mean(days: slice, share: float) -> float:
        return mean_over(case, outcome, lived.drift[days].tolist(), (share * lived.effect[days]).tolist())

    baseline, now, without = mean(before, 0.0), mean(lately, 1.0), mean(lately, 0.0)
    expected = mean(lately, case.effect.of_expectation)
    reduction = 100 * (1 - now / without)
    rows = (
        Held(BEFORE, baseline, response.baseline),
        Held(NOW, now, response.current),
        Held(WITHOUT, without, response.untreated),
        Held(REDUCTION, reduction, response.reduction_pct),
        Held(NATURAL, expected - baseline, response.natural_change),
        Held(EFFECT, now - expected, response.treatment_effect),
    )
    threshold = response.question.threshold
    return Revealed(outcome, rows, threshold, reduction >= 100 * threshold, response.verdict)
