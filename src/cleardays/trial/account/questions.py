"""Three questions for the visit: what stands in the way first, then the plan's own rule, then what is left open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cleardays.clock import say_day
from cleardays.diary.windows import WORDS
from cleardays.quantities import percent, say_probability
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY
from cleardays.sources import Reason
from cleardays.trial.account.acute import AcuteUse, Residual
from cleardays.trial.account.course import Course
from cleardays.trial.account.rules import page_rules
from cleardays.trial.account.safety import Safety
from cleardays.trial.account.standing import is_judged, may_tell_chances
from cleardays.trial.review import Review

_POLICY = ("page-policy",)


def questions_of(
    review: Review | None,
    course: Course,
    safety: Safety,
    acute: tuple[AcuteUse, ...],
    left: Residual | None,
    as_of: date,
    stop_rule: Reason | None = None,
) -> tuple[Reason, ...]:
    """The questions of a visit, the most urgent first; never fewer than there is room for.

    Args:
        review: the answer, None where no day is known.
        course: of the treatment.
        safety: what stands on that day.
        acute: intake by class.
        left: the days that are left.
        as_of: the day.
        stop_rule: of the plan, in its words; the first questions rest on it.
    """
    most = page_rules()["questions"]["most"]
    asked = [
        *_of_safety(safety),
        *_of_verdict(review, stop_rule),
        *_of_overuse(acute),
        *_of_dose(course, safety, as_of),
        *_of_what_is_left(left),
        *_standing(),
    ]
    return tuple(asked[:most])


def _ask(rule: str, text: str, source: tuple[str, ...] = ()) -> Reason:
    return Reason(f"ask.{rule}", text, source or _POLICY)


def _of_safety(safety: Safety) -> Iterator[Reason]:
    for flag in safety.in_the_way[:1]:
        found = flag.code.replace("_", " ")
        yield _ask("finding", f"The finding of {say_day(flag.on)} ({found}) is open: what was done about it?", flag.source)


def _of_verdict(review: Review | None, stop_rule: Reason | None) -> Iterator[Reason]:
    if review is None:
        yield _ask(
            "no-days", "Nothing is known that it could be judged by: what would make the diary possible, once a week too?"
        )
        return
    response = review.response
    source = response.question.reason.source if stop_rule is None else stop_rule.source
    asked_for = f"{percent(response.question.threshold)} fewer"
    chance = f" (probability {say_probability(response.chance)})" if may_tell_chances(review) else ""
    if response.verdict == TOO_EARLY:
        when = say_day(response.question.judge_on)
        yield _ask("wait", f"Go on unchanged until {when}, when it can be judged, unless safety says otherwise?", source)
    elif response.verdict == RESPONDING:
        yield _ask("continue", f"At least {asked_for} is likely{chance}: go on, and until when before a pause?", source)
    elif response.verdict == NOT_RESPONDING:
        yield _ask("stop", f"At least {asked_for} is unlikely{chance}: stop, change the dose, or change the medicine?", source)
    elif response.verdict == CANNOT_TELL and is_judged(review):
        text = f"At least {asked_for} is open{chance}: is what was gained worth it to the person, or wait for more days?"
        yield _ask("undecided", text, source)
    else:
        yield _ask("cannot-tell", f"The diary cannot tell: {response.reasons[0].because} What would settle it?", source)


def _of_overuse(acute: tuple[AcuteUse, ...]) -> Iterator[Reason]:
    over = [use for use in acute if use.reached == WORDS[True]]
    for use in over[:1]:
        said = f"{use.name} on {use.month.tally} of the last {use.month.days} days, at or over {use.limit} a month"
        text = f"{said[:1].upper()}{said[1:]}: is overuse treated first?"
        yield _ask("overuse", text, use.source)


def _of_dose(course: Course, safety: Safety, as_of: date) -> Iterator[Reason]:
    below = course.now is not None and course.target is not None and course.now.amount < course.target.amount
    if below and course.next_rise is None:
        yield _ask("dose", f"The dose is {course.now} a day, the target {course.target}: go up, or is this the best tolerated?")
    recent = [effect for effect in safety.effects if effect.outcome not in ("resolved", "resolved_with_sequelae")]
    for effect in recent[:1]:
        yield _ask("effect", f"{effect.term} (from {say_day(effect.on)}) has not been told to be over: is it tolerable?")
    if course.review_on is not None and course.review_on < as_of:
        yield _ask("review", f"The review of {say_day(course.review_on)} is past: what is decided, and when is the next?")


def _of_what_is_left(left: Residual | None) -> Iterator[Reason]:
    if left is not None and left.at_least == "insufficient":
        text = f"{left.days.tally} days with migraine or moderate to severe headache are left in 28: add or change something?"
        yield _ask("left", text, left.source)


def _standing() -> Iterator[Reason]:
    yield _ask("matters", "What matters most to the person now, and is it better?")
    yield _ask("acute", "Do the acute medicines work when they are needed?")
    yield _ask("harm", "Is anything about the treatment hard to bear or to keep up?")
