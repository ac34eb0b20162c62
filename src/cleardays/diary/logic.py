"""Criteria as expressions in three-valued logic, evaluated for one day, for many days at once, or explained.

A criterion is written once; `ask` answers it for one day, `ask_all` for columns
of days (the same answers, much faster), `because` says what decided it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.kleene import Tri, all_of, any_of, at_least, negate

Day = Mapping[str, Any]  # fact -> True, False, None, or a number
Answers = NDArray[np.int8]  # 1 true, -1 false, 0 unknown: "and" is the minimum, "or" the maximum
Days = Mapping[str, NDArray[Any]]  # fact -> answers, or numbers with NaN for unknown
_WORDS = {True: "yes", False: "no", None: "not answered"}


class Criterion(Protocol):
    """Something that is true, false or unknown of a day."""

    def ask(self, day: Day) -> Tri:
        """Of one day."""

    def ask_all(self, days: Days) -> Answers:
        """Of many days."""

    def because(self, day: Day) -> list[str]:
        """The parts that decided the answer, in words."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An answer of the day, as it was given."""

    name: str
    says: str

    def ask(self, day: Day) -> Tri:
        """The answer."""
        answer: Tri = day[self.name]
        return answer

    def ask_all(self, days: Days) -> Answers:
        """The answers."""
        return days[self.name]

    def because(self, day: Day) -> list[str]:
        """The answer in words."""
        return [f"{self.says}: {_WORDS[day[self.name]]}"]


@dataclass(frozen=True, slots=True)
class Lasts:
    """A number of the day lies in a range: `least` and `most` included, or more than `above`."""

    name: str
    says: str
    least: float | None = None
    most: float | None = None
    above: float | None = None

    def ask(self, day: Day) -> Tri:
        """Whether the number lies in the range."""
        value = day[self.name]
        if value is None:
            return None
        return not (
            (self.least is not None and value < self.least)
            or (self.most is not None and value > self.most)
            or (self.above is not None and value <= self.above)
        )

    def ask_all(self, days: Days) -> Answers:
        """Whether the numbers lie in the range."""
        value = days[self.name]
        inside = np.ones(value.shape, dtype=bool)
        with np.errstate(invalid="ignore"):
            if self.least is not None:
                inside &= value >= self.least
            if self.most is not None:
                inside &= value <= self.most
            if self.above is not None:
                inside &= value > self.above
        answers = np.where(inside, np.int8(1), np.int8(-1))
        answers[np.isnan(value)] = 0
        return answers

    def because(self, day: Day) -> list[str]:
        """The number beside its limits."""
        limits = [f"at least {self.least:g}"] if self.least is not None else []
        limits += [f"at most {self.most:g}"] if self.most is not None else []
        limits += [f"more than {self.above:g}"] if self.above is not None else []
        value = day[self.name]
        return [f"{self.says}: {'not answered' if value is None else f'{value:g}'} ({', '.join(limits)} asked for)"]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Criterion

    def ask(self, day: Day) -> Tri:
        """The opposite answer."""
        return negate(self.part.ask(day))

    def ask_all(self, days: Days) -> Answers:
        """The opposite answers."""
        return np.negative(self.part.ask_all(days))

    def because(self, day: Day) -> list[str]:
        """What decided the part."""
        return self.part.because(day)


class AllOf:
    """Every part holds."""

    def __init__(self, *parts: Criterion) -> None:
        self.parts = parts

    def ask(self, day: Day) -> Tri:
        """Kleene's and."""
        return all_of(*(part.ask(day) for part in self.parts))

    def ask_all(self, days: Days) -> Answers:
        """Kleene's and, day by day."""
        answers = self.parts[0].ask_all(days)
        for part in self.parts[1:]:
            answers = np.minimum(answers, part.ask_all(days))
        return answers

    def because(self, day: Day) -> list[str]:
        """All parts if it holds; else the first that fails, or what is not known."""
        return _decisive(self.parts, day, self.ask(day), every=True)


class AnyOf:
    """At least one part holds."""

    def __init__(self, *parts: Criterion) -> None:
        self.parts = parts

    def ask(self, day: Day) -> Tri:
        """Kleene's or."""
        return any_of(*(part.ask(day) for part in self.parts))

    def ask_all(self, days: Days) -> Answers:
        """Kleene's or, day by day."""
        answers = self.parts[0].ask_all(days)
        for part in self.parts[1:]:
            answers = np.maximum(answers, part.ask_all(days))
        return answers

    def because(self, day: Day) -> list[str]:
        """The first part that holds; else all that fail, or what is not known."""
        return _decisive(self.parts, day, self.ask(day), every=False)


def _decisive(parts: tuple[Criterion, ...], day: Day, answer: Tri, *, every: bool) -> list[str]:
    """Parts that have the answer of the whole; one of them is enough where one decides."""
    deciding = [part for part in parts if part.ask(day) is answer]
    if answer is not None and answer is not every:
        deciding = deciding[:1]
    said = [words for part in deciding for words in part.because(day)]
    return list(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts hold."""

    count: int
    says: str
    parts: tuple[Criterion, ...]

    def ask(self, day: Day) -> Tri:
        """Whether enough parts hold."""
        return at_least(self.count, [part.ask(day) for part in self.parts])

    def ask_all(self, days: Days) -> Answers:
        """Whether enough parts hold, day by day."""
        answers = [part.ask_all(days) for part in self.parts]
        sure = sum((answer == 1 for answer in answers), np.zeros(answers[0].shape, dtype=np.int8))
        possible = sum((answer >= 0 for answer in answers), np.zeros(answers[0].shape, dtype=np.int8))
        return np.where(sure >= self.count, 1, np.where(possible >= self.count, 0, -1)).astype(np.int8)

    def because(self, day: Day) -> list[str]:
        """How many of how many, and which."""
        answers = [(part, part.ask(day)) for part in self.parts]
        sure = sum(answer is True for _, answer in answers)
        named = [words for part, answer in answers if answer is not False for words in part.because(day)]
        which = f": {', '.join(named)}" if named else ""
        return [f"{self.says}: {sure} of {len(self.parts)}, {self.count} needed{which}"]
