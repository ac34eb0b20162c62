"""What a method says of one diary."""

from __future__ import annotations

from typing import NamedTuple

Range = tuple[float, float]


class Answer(NamedTuple):
    """One method's answer.

    `half` and `third` are P(R >= 50 %) and P(R >= 30 %); a method that only says yes or no gives 1 or 0. `reduction`
    and `current` are 90 % intervals of R (a share) and of the days per 28 now, None where a method has none.
    """

    half: float
    third: float
    verdict: str
    reduction: Range | None = None
    current: Range | None = None

    @property
    def says_yes(self) -> bool:
        """Whether it calls a reduction of at least half more likely than not."""
        return self.half >= 0.5
