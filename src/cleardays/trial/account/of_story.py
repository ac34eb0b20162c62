"""The account of a trial in a person's story: with goals, intake, sessions and what was done about warning signs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cleardays.diary.red_flags import RedFlag
from cleardays.problems import Problem
from cleardays.quantities import counted
from cleardays.trial.account.account import Account
from cleardays.trial.account.making import account, first_known
from cleardays.trial.account.provenance import Origin
from cleardays.trial.account.who import Goal, Own, Who
from cleardays.trial.goals import GoalBeside, goals_beside
from cleardays.trial.preventives import followed, ledger_of
from cleardays.trial.review import Review
from cleardays.trial.reviewed import review_of
from cleardays.trial.sessions_of_story import diary_with_sessions
from cleardays.trial.story.safety_told import Flag
from cleardays.trial.story.steps import trial_of
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing

_NOT_BEGUN = Problem("start", "the treatment has not begun.", "Begin it, or ask about a later day.")
_POLICY = ("page-policy",)


def account_of(
    story: Story, trial: str, as_of: date, *, who: Who | None = None, sentence: str | None = None, digest: str | None = None
) -> Account:
    """The account of a trial in a person's story.

    Args:
        story: everything that was told.
        trial: the name of the trial.
        as_of: the last day that is read.
        who: as the person wants to be named; None, only by the code of the story.
        sentence: what the person says for this visit; None takes what the intake tells of the impact.
        digest: of the last event of the story, where it comes from a store.

    Raises:
        BadInput: there is no such trial, or its doses do not fit its plan.
    """
    of = trial_of(story, trial)
    begun = of.begun_on if of.begun_on is not None and of.begun_on <= as_of else None
    plan = followed(of) or (None if of.plan is None else of.plan.file)
    review: Review | None = None
    problem: Problem | None = _NOT_BEGUN
    if begun is not None:
        review, problem = first_known(lambda outcome: review_of(story, trial, as_of, outcome=outcome), plan)
    return account(
        diary_with_sessions(story, of),
        of.treatment,
        begun,
        as_of,
        review=review,
        nothing_known=problem,
        plan=plan,
        indication=of.indication,
        who=who or Who(code=story.person),
        own=own_of(story, trial, sentence),
        ledger=ledger_of(story, as_of=as_of),
        trial=trial,
        baseline=of.baseline,
        decisions=tuple(each for each in of.decisions if each.on <= as_of),
        review_on=of.review_on,
        why=of.why,
        entries=story.entries,
        origin=Origin(story.person, story.seq, digest),
        flags=tuple(_flags(story, of, as_of)),
        pregnancy=_pregnancy(story),
    )


def own_of(story: Story, trial: str, sentence: str | None = None) -> Own:
    """The person's own sentence and goals, with what was said of each last.

    Raises:
        BadInput: there is no such trial.
    """
    impact = standing(story.told.intake).get("impact")
    said = sentence or (None if impact is None else impact.words)
    return Own(said, tuple(_goal(each) for each in goals_beside(story, trial)))


def _goal(beside: GoalBeside) -> Goal:
    goal, answers = beside.goal, beside.answers
    limit = "at most" if goal.at_most is not None else "at least"
    days = goal.at_most if goal.at_most is not None else goal.at_least
    measured = "" if days is None else f" ({limit} {counted(days, 'day')} in 28)"
    on, last = answers[-1] if answers else (None, None)
    return Goal(f"{goal.words}{measured}", beside.told_at.date(), None if last is None else last.answer, on)


def _flags(story: Story, of: Trial, as_of: date) -> Iterator[RedFlag]:
    """Signs of the person and of this trial that were shown by that day."""
    for flag in story.told.flags.values():
        if flag.trial in (None, of.id) and flag.on <= as_of:
            yield RedFlag(flag.code, flag.tier, flag.on, flag.shown, "", _done(flag), flag.open, None, _POLICY)


def _done(flag: Flag) -> str:
    done = [f"{each.done} ({each.by.name}{'' if each.words is None else f': {each.words}'})" for each in flag.done]
    return "; ".join(done) or "shown, and nothing told of what was done"


def _pregnancy(story: Story) -> str | None:
    told = standing(story.told.intake).get("pregnancy")
    plans = None if told is None or not told.entries else told.entries[0].get("plans")
    return None if plans is None else str(plans)
