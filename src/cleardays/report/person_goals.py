"""The person's own goals on their page: each in their words, and what the diary or they themselves say of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cleardays.report import words
from cleardays.texts import clean
from cleardays.trial.account.account import Account
from cleardays.trial.goals_now import GoalSaid

_LONGEST = 300
_SAID = {
    "reached": "Yes, you got there.",
    "partly": "In part.",
    "not reached": "Not yet.",
    "cannot tell": "We cannot tell yet.",
}
_ASK = "Only you can say. Is it better?"


class GoalLine(NamedTuple):
    """One goal: the person's words, the answer, and what it was counted on (empty where nothing was counted)."""

    goal: str
    answer: str
    counted: str = ""

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return self._asdict()


def goal_line(goal: str, answer: str | None, *, had: int | None = None, known: int = 0, of: int = 28) -> GoalLine:
    """A goal with its answer.

    Args:
        goal: the person's words.
        answer: reached, partly, not reached or cannot tell; None where only the person can say and did not.
        had: days that were counted for it, None where nothing was.
        known: of how many known days.
        of: in how many days.
    """
    counted = "" if had is None else f"{had} of the last {of} days" + ("" if known == of else f"; {of - known} are not known")
    return GoalLine(clean(goal, _LONGEST), _ASK if answer is None else _SAID.get(answer, clean(answer, _LONGEST)), counted)


def goals_said(goals: Iterable[GoalSaid]) -> tuple[GoalLine, ...]:
    """The goals of a story, as they stand."""
    lines = []
    for goal in goals:
        if goal.counted is None:
            line = goal_line(goal.words, goal.answer)
            on = "" if goal.answered_on is None else f"You said so on {words.day(goal.answered_on)}"
            lines.append(line._replace(counted=on))
        else:
            days = (goal.counted.last - goal.counted.first).days + 1
            lines.append(goal_line(goal.words, goal.answer, had=goal.counted.had, known=goal.counted.known, of=days))
    return tuple(lines)


def goals_of_account(account: Account) -> tuple[GoalLine, ...]:
    """What the account knows of the person's goals, with the day on which they were answered last."""
    lines = []
    for goal in account.own.goals:
        line = goal_line(goal.text, goal.reached)
        on = "" if goal.answered_on is None or goal.reached is None else f"You said so on {words.day(goal.answered_on)}"
        lines.append(line._replace(counted=on))
    return tuple(lines)
