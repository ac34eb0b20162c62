"""What the person wants to reach, in their own words and, where they like, in days that a diary counts; and the answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from cleardays.diary.outcomes import AMOUNTS, OUTCOMES
from cleardays.plan.reader import Read, Reader, choice, day, many, number
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story.events import Event
from cleardays.trial.story.reading import body_of, entry_name, exactly, said
from cleardays.trial.story.versions import Versions, standing, told_again

REACHED, PARTLY, NOT_REACHED, CANNOT_TELL = "reached", "partly", "not reached", "cannot tell"
ANSWERS = (REACHED, PARTLY, NOT_REACHED, CANNOT_TELL)
OF_DAYS = 28
COUNTED = tuple(outcome for outcome in OUTCOMES if outcome not in AMOUNTS)


def _days(reader: Reader, where: str, value: object) -> int | None:
    found: float | None = number(0, OF_DAYS, "days")(reader, where, value)
    if found is not None and found != int(found):
        reader.refuse(where, f"{found:g} is no number of days.", "Write whole days.")
        return None
    return None if found is None else int(found)


_GOAL: dict[str, Read] = {
    "entry": entry_name,
    "words": said(),
    "outcome": choice(*COUNTED),
    "at_most": _days,
    "at_least": _days,
    "taken_back": said(),
}
_COUNTED: dict[str, Read] = {"had": _days, "known": _days, "first": day, "last": day}
_ANSWER: dict[str, Read] = {
    "entry": entry_name,
    "answer": choice(*ANSWERS),
    "words": said(),
    "counted": exactly(_COUNTED, tuple(_COUNTED)),
}
_ANSWERS = many(exactly(_ANSWER, ("entry", "answer")))


class Goal(NamedTuple):
    """One goal. `at_most` or `at_least` so many days with the outcome in 28, or neither: then only the person can say."""

    words: str
    outcome: str | None = None
    at_most: int | None = None
    at_least: int | None = None

    @property
    def counted(self) -> bool:
        """Whether a diary can answer it."""
        return self.outcome is not None


class Count(NamedTuple):
    """The days that an answer rests on."""

    had: int
    known: int
    first: date
    last: date

    def document(self) -> dict[str, object]:
        """As it stands in an event."""
        return {**self._asdict(), "first": self.first.isoformat(), "last": self.last.isoformat()}


class GoalAnswer(NamedTuple):
    """What a review said of one goal: in words, or counted in the diary."""

    entry: str
    answer: str
    words: str | None = None
    counted: Count | None = None

    def document(self) -> dict[str, object]:
        """As it stands in an event and in JSON output."""
        return {**self._asdict(), "counted": None if self.counted is None else self.counted.document()}


def hear_goal(known: Versions[Goal], event: Event, where: str) -> Versions[Goal]:
    """With what an event tells of one goal, or that it is none any more (`taken_back`, with why).

    Raises:
        BadInput: its body cannot be read, or it is measured by halves.
    """
    told = body_of(event, _GOAL, ("entry",), where)
    name, why = told.pop("entry"), told.pop("taken_back", None)
    if why is not None:
        if told or name not in known:
            what = "it takes back a goal and tells of it too." if told else f"there is no goal {shown(name)} to take back."
            raise BadInput(Problem(f"{where}, taken_back", what, "Name a goal that was told, and say only why."))
        return told_again(known, name, None, event, why)
    if "words" not in told:
        raise BadInput(Problem(f"{where}, words", "they are missing.", "Write it in the person's own words."))
    limits = [key for key in ("at_most", "at_least") if key in told]
    if len(limits) != ("outcome" in told):
        what = "an outcome and one number of days in 28 go together."
        raise BadInput(Problem(f"{where}, outcome", what, "Tell the outcome with at_most or at_least, or neither."))
    return told_again(known, name, Goal(**told), event)


def read_answers(body: Any, where: str) -> tuple[GoalAnswer, ...]:  # noqa: ANN401  # JSON
    """The answers that an event gives to goals; none where it gives none.

    Raises:
        BadInput: they cannot be read, or one goal is answered twice.
    """
    if body is None:
        return ()
    reader = Reader()
    told = _ANSWERS(reader, where, body) or ()
    names = [each["entry"] for each in told]
    if len(set(names)) < len(names):
        reader.refuse(where, "a goal is answered twice.", "Answer each goal once.")
    if reader.problems:
        raise BadInput(reader.problems)
    counts = [Count(**each["counted"]) if "counted" in each else None for each in told]
    return tuple(
        GoalAnswer(each["entry"], each["answer"], each.get("words"), count) for each, count in zip(told, counts, strict=True)
    )


def require_known(goals: Versions[Goal], answers: Iterable[GoalAnswer], where: str) -> None:
    """Refuse an answer to a goal that was never told.

    Raises:
        BadInput: names it, and the goals that stand.
    """
    there = ", ".join(standing(goals)) or "none"
    unknown = [each.entry for each in answers if each.entry not in goals]
    if unknown:
        raise BadInput(
            Problem(f"{where}, goals", f"there is no goal {shown(name)}.", f"There stand: {there}.") for name in unknown
        )


def require_answered(goals: Versions[Goal], answers: Iterable[GoalAnswer], where: str) -> None:
    """Refuse to close a review that leaves a standing goal of the person without an answer.

    Raises:
        BadInput: a problem for each goal, in the person's words.
    """
    given = {each.entry for each in answers}
    open_ = [(name, goal) for name, goal in standing(goals).items() if name not in given]
    if open_:
        how = f"Ask the person, and answer it with one of {', '.join(ANSWERS)}; one in days is counted in the diary."
        raise BadInput(
            Problem(f"{where}, goals", f"the review leaves the goal {name} without an answer: {shown(goal.words)}", how)
            for name, goal in open_
        )
