"""How right a method was about the people of a world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from cleardays.response.study.answers import Answer, Range
from cleardays.response.study.figures import Bin, Figure, mean, reliability, share
from cleardays.response.study.person import Mask, Truth
from cleardays.response.verdict import NOT_RESPONDING, RESPONDING

LOOKS = (28, 42, 56, 70, 84)  # days of treatment
_DECIDED = (RESPONDING, NOT_RESPONDING)
HALF, THIRD = 0.5, 0.3


class Scores(NamedTuple):
    """The figures of one method in one world; None where nobody is left to count.

    Brier scores are of P(R >= 50 %) and P(R >= 30 %). `wrong`: the probability lies on the wrong side of one half.
    `false_yes`: yes among those without a reduction of half, `yes_of_null` among those on whom the treatment does
    nothing, `missed`: no among those with one. `cover_*`: the 90 % interval holds the truth. `decided`: the verdict
    is responding or not responding. The last three look again and again, on some of the people: when P(R >= 50 %)
    first leaves the undecided range, not before the earliest day of judging being asked for; those who stay
    undecided count with the last look.
    """

    brier_half: Figure | None
    brier_third: Figure | None
    wrong: Figure | None
    false_yes: Figure | None
    missed: Figure | None
    yes_of_null: Figure | None
    responding_of_null: Figure | None
    cover_reduction: Figure | None
    cover_current: Figure | None
    decided: Figure | None
    wrong_of_decided: Figure | None
    days_to_decision: Figure | None = None
    decided_by_last_look: Figure | None = None
    wrong_of_first_decisions: Figure | None = None
    reliability: tuple[Bin, ...] = ()

    def figures(self) -> dict[str, Figure | None]:
        """The figures by name."""
        return {name: getattr(self, name) for name in FIGURES}

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        found = {name: None if figure is None else figure.document() for name, figure in self.figures().items()}
        return {**found, "reliability": [each.document() for each in self.reliability]}


FIGURES = tuple(name for name in Scores._fields if name != "reliability")


def score(truths: Sequence[Truth], answers: Sequence[Answer]) -> Scores:
    """Everybody's answers against the truth, looks left out."""
    reduction = np.array([truth.reduction for truth in truths])
    current = np.array([truth.current for truth in truths])
    effective, null = reduction >= HALF, np.array([truth.null for truth in truths], dtype=bool)
    half, third = (np.array([getattr(answer, name) for answer in answers]) for name in ("half", "third"))
    yes = np.array([answer.says_yes for answer in answers], dtype=bool)
    decided, wrong_verdict = _verdicts([answer.verdict for answer in answers], effective)
    return Scores(
        brier_half=mean((half - effective) ** 2),
        brier_third=mean((third - (reduction >= THIRD)) ** 2),
        wrong=share(yes != effective),
        false_yes=share(yes, ~effective),
        missed=share(~yes, effective),
        yes_of_null=share(yes, null),
        responding_of_null=share(np.array([answer.verdict == RESPONDING for answer in answers], dtype=bool), null),
        cover_reduction=_cover(reduction, answers, lambda answer: answer.reduction),
        cover_current=_cover(current, answers, lambda answer: answer.current),
        decided=share(decided),
        wrong_of_decided=share(wrong_verdict, decided),
        reliability=reliability(half, effective),
    )


def _verdicts(verdicts: Sequence[str], effective: Mask) -> tuple[Mask, Mask]:
    """Who was decided, and who was decided wrongly."""
    decided = np.array([verdict in _DECIDED for verdict in verdicts], dtype=bool)
    responding = np.array([verdict == RESPONDING for verdict in verdicts], dtype=bool)
    return decided, decided & (responding != effective)


def _cover(values: np.ndarray, answers: Sequence[Answer], of: Callable[[Answer], Range | None]) -> Figure | None:
    held = []
    for value, answer in zip(values.tolist(), answers, strict=True):
        found = of(answer)
        if found is not None:
            held.append(found[0] <= value <= found[1])
    return share(np.array(held, dtype=bool))


def look_again(scores: Scores, truths: Sequence[Truth], looks: Sequence[Sequence[str]]) -> Scores:
    """Adds how long it took: verdicts at each look (days `LOOKS`, as far as the diary goes) of some of the people.

    Shorter rows stand for shorter diaries. Decided wrongly is meant as of the last day of the diary.
    """
    if not looks:
        return scores
    effective = np.array([truth.reduction >= HALF for truth in truths], dtype=bool)
    first = [next((index for index, verdict in enumerate(row) if verdict in _DECIDED), None) for row in looks]
    days = [float(LOOKS[len(row) - 1 if at is None else at]) for at, row in zip(first, looks, strict=True)]
    verdicts = ["" if at is None else row[at] for at, row in zip(first, looks, strict=True)]
    decided, wrong = _verdicts(verdicts, effective)
    return scores._replace(
        days_to_decision=mean(np.array(days)),
        decided_by_last_look=share(decided),
        wrong_of_first_decisions=share(wrong, decided),
    )
