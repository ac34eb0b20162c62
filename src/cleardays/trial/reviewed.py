"""The review of a trial in a person's story: its own diary by its own plan, with the trials that ran beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cleardays.clock import say_day
from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason
from cleardays.trial.also import Also
from cleardays.trial.review import Review, review
from cleardays.trial.sessions_of_story import diary_with_sessions, records_of
from cleardays.trial.story.steps import trial_of
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial


def review_of(
    story: Story,
    trial: str,
    as_of: date,
    *,
    outcome: str | None = None,
    evidence: bool = True,
    seed: int = 1,
    refit: bool = False,
) -> Review:
    """What the story says about the treatment of one of its trials on a day.

    The plan is the last one that a clinician confirmed. Every other trial that was begun counts as another treatment
    from its first to its last day, so that what it did is not laid to this one. Where the same treatment was tried in
    an earlier trial, its days on the medicine are no baseline: nothing up to its end is read, and the answer says so.
    Sessions that were held for the trial count as held; what was recorded in supervised ones is read too.

    Args:
        story: as it stood when it was folded.
        trial: its name.
        as_of: read nothing about, or written down after, a later day.
        outcome: the outcome to judge; None takes the plan's first.
        evidence: False starts from the reference priors.
        seed: fixes the draws.
        refit: look into the future with full fits.

    Raises:
        BadInput: there is no such trial, it was not begun by that day, an earlier one of the same treatment still runs,
            or the diary says nothing about the outcome.
    """
    of = trial_of(story, trial)
    if of.begun_on is None or of.begun_on > as_of:
        what = f"{of.id} was not begun by {as_of}: there is nothing to judge."
        raise BadInput(Problem("trial", what, "Begin it first, or ask about a later day."))
    earlier = _earlier(story, of)
    told = diary_with_sessions(story, of, records_too=False)
    diary = told if earlier is None else _after(told, earlier)
    found = review(
        diary,
        of.treatment,
        of.begun_on,
        outcome=outcome,
        plan=None if of.confirmed is None else of.confirmed.file,
        as_of=as_of,
        also=_beside(story, of, as_of),
        records=tuple(record for record in records_of(story, of) if record.on <= as_of),
        evidence=evidence,
        seed=seed,
        refit=refit,
    )
    if earlier is None:
        return found
    response = found.response
    return found._replace(response=response._replace(reasons=(*response.reasons, _left_out(earlier))))


def _beside(story: Story, of: Trial, as_of: date) -> tuple[Also, ...]:
    """The other trials that were begun, as other treatments."""
    return tuple(
        Also(each.treatment, each.begun_on, each.ended_on)
        for each in story.trials.values()
        if each.treatment != of.treatment and each.begun_on is not None and each.begun_on <= as_of
    )


def _earlier(story: Story, of: Trial) -> date | None:
    """The last day of an earlier trial of the same treatment.

    Raises:
        BadInput: one of them has not ended before this one began.
    """
    assert of.begun_on is not None  # asked before
    ends = list[date]()
    for each in story.trials.values():
        if each.id == of.id or each.treatment != of.treatment or each.begun_on is None or each.begun_on > of.begun_on:
            continue
        if each.ended_on is None or each.ended_on >= of.begun_on:
            what = f"{each.id} is a trial of {of.treatment} too, and had not ended when {of.id} was begun."
            raise BadInput(Problem("trial", what, "Judge the earlier one, which goes on in the later one's days."))
        ends.append(each.ended_on)
    return max(ends, default=None)


def _after(diary: Diary, end: date) -> Diary:
    """The days after one, and of the doses too: those of the earlier trial are not of this one's plan."""
    beside = replace(diary.beside, doses=tuple(dose for dose in diary.beside.doses if dose.date > end))
    return replace(diary, records=tuple(record for record in diary.records if record.date > end), beside=beside)


def _left_out(end: date) -> Reason:
    because = (
        f"An earlier trial of the same treatment ended on {say_day(end)}. Nothing up to that day is read, as it is no "
        f"time before the treatment; what lasts from it longer than that is not known."
    )
    return Reason("trial.earlier", because)
