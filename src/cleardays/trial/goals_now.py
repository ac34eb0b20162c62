"""The person's goals as a page of a trial says them: what the diary counts of each now, and what they last said."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cleardays.trial.goals import counted_answers, goals_beside
from cleardays.trial.story.goals_told import Count
from cleardays.trial.story.story import Story


class GoalSaid(NamedTuple):
    """One goal in the person's words. `answer` None: only they can say, and did not; `counted` what the diary holds of it."""

    words: str
    answer: str | None
    counted: Count | None
    answered_on: date | None = None


def goals_now(story: Story, trial: str, as_of: date) -> tuple[GoalSaid, ...]:
    """Every standing goal with its answer on a day: counted anew where a diary can count it, else as it was said last.

    Raises:
        BadInput: there is no such trial.
    """
    counted = {answer.entry: answer for answer in counted_answers(story, as_of)}
    found = []
    for goal in goals_beside(story, trial):
        now = counted.get(goal.entry)
        said = [(on, answer) for on, answer in goal.answers if on <= as_of]
        if now is not None:
            found.append(GoalSaid(goal.goal.words, now.answer, now.counted, as_of))
        elif said:
            found.append(GoalSaid(goal.goal.words, said[-1][1].answer, None, said[-1][0]))
        else:
            found.append(GoalSaid(goal.goal.words, None, None))
    return tuple(found)
