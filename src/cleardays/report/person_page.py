"""The person's page, composed once from an account: one sentence, one picture, what happens next and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from cleardays import __version__
from cleardays.report import wording, words
from cleardays.report.person_days import Block, blocks_of
from cleardays.report.person_goals import GoalLine, goals_of_account
from cleardays.report.person_help import help_now
from cleardays.report.person_words import chance_line, counts_line, of_ten, short_name
from cleardays.report.simulated import is_simulated, label_json
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY
from cleardays.trial.account.account import Account
from cleardays.trial.account.standing import is_judged, is_silent, is_thin
from cleardays.trial.review import Review

# The states of the page; those of an answer bear its names.
SAFETY, NOT_BEGUN, NO_DAY = "safety", "not_begun", "no_day"
STATES = (SAFETY, NOT_BEGUN, NO_DAY, TOO_EARLY, RESPONDING, NOT_RESPONDING, CANNOT_TELL)
_ALONE = "Do not stop it or change it by yourself."
_TONIGHT = "Tonight, write down one day: was there pain, or was it a good day? That is all."
_KEEP = "Write down each day, the good days too. Once a week is fine if each day is too much."


class PersonPage(NamedTuple):
    """Everything on the page, in reading order. `why` is what stands behind the sentence, `blocks` is the picture."""

    state: str
    sign: str  # verdict whose icon it bears
    title: str
    sentence: str
    why: tuple[str, ...]
    blocks: tuple[Block, ...]
    no_picture: str
    next: tuple[str, ...]
    goals: tuple[GoalLine, ...]
    own: str
    help_head: str
    help: tuple[str, ...]
    badge: str
    simulated: bool
    small_print: tuple[str, ...]
    document: dict[str, object]


def compose_person(account: Account, goals: Sequence[GoalLine] | None = None) -> PersonPage:
    """Put an account into the words of the person whose diary it is.

    Args:
        account: the trial on a day.
        goals: what the diary says of the person's goals; None takes what the account knows of them.
    """
    state = state_of(account)
    blocks = blocks_of(account)
    told = tuple(goals) if goals is not None else goals_of_account(account)
    head, signs = help_now(account.treatment)
    page = PersonPage(
        state=state,
        sign=state if state in (TOO_EARLY, RESPONDING, NOT_RESPONDING) else CANNOT_TELL,
        title="Is it working?",
        sentence=_sentence(account, state),
        why=_why(account, state),
        blocks=blocks,
        no_picture="" if blocks else "No day is written down yet, so there is nothing to draw.",
        next=_next(account, state),
        goals=told,
        own=account.own.sentence or "",
        help_head=head,
        help=signs,
        badge="A real person's diary" if account.about.get("kind") == "real" else "",
        simulated=is_simulated(account.about),
        small_print=_small_print(account),
        document={},
    )
    document = _document(page, account)
    return page._replace(document=label_json(document) if page.simulated else document)


def state_of(account: Account) -> str:
    """Which of the states it is; an open warning sign comes before any answer."""
    if account.safety.in_the_way:
        return SAFETY
    if account.start is None or account.start > account.as_of:
        return NOT_BEGUN
    return NO_DAY if account.review is None else account.review.response.verdict


def _sentence(account: Account, state: str) -> str:
    name, review = short_name(account.treatment), account.review
    if state == RESPONDING and "co_intervention" in account.about:
        return f"Something helps you, it seems. It may be {name}."
    if state == CANNOT_TELL and review is not None and helps_some(review):
        return f"{words.sentence(name)} seems to help you some, but how much is not clear yet."
    return {
        SAFETY: "Call your clinic first: there is a warning sign.",
        NOT_BEGUN: f"You have not begun {name} yet.",
        NO_DAY: f"Nobody can say yet if {name} helps: no day is written down.",
        TOO_EARLY: f"It is too early to say if {name} helps.",
        RESPONDING: f"It looks like {name} helps you.",
        NOT_RESPONDING: f"It looks like {name} does not help you enough.",
        CANNOT_TELL: f"Your diary cannot tell yet if {name} helps.",
    }[state]


def helps_some(review: Review) -> bool:
    """Whether an answer that is open still says that it hardly made things worse."""
    return is_judged(review) and (review.response.probability["worse"] or 0.0) <= wording.HARDLY_WORSE


def _why(account: Account, state: str) -> tuple[str, ...]:
    review = account.review
    if state == SAFETY:
        told = ((flag, flag.do or "Call your clinic.") for flag in account.safety.in_the_way)
        return tuple(f"On {words.day(flag.on)} you told of this: {flag.shown.rstrip('.')}. {do}" for flag, do in told)
    if review is None:
        return ()
    lines = [counts_line(account, review)]
    if state in (RESPONDING, NOT_RESPONDING, CANNOT_TELL) and is_judged(review):
        lines.append(chance_line(account, review))
    if state == RESPONDING:
        lines.append("Some of it may have come by itself. How much is due to the medicine, one try cannot show for sure.")
    if state == NOT_RESPONDING:
        lines.append("That is not your fault.")
    if state == CANNOT_TELL and not is_judged(review):
        lines.append(_open(review, headache=account.headache))
    return tuple(line for line in lines if line)


def _open(review: Review, *, headache: bool) -> str:
    if is_silent(review):
        hard = "Days with pain" if headache else "Some days"
        return (
            f"Too many days are not known. {hard} may be written down more often than {'good ones' if headache else 'others'}."
        )
    if is_thin(review):
        return "Too few days before you began are known, so there is nothing to hold the new days against."
    return "Something else changed at the same time, or the days go up and down too much by chance."


def _next(account: Account, state: str) -> tuple[str, ...]:
    """What happens next, and on which day; never to start, change or stop alone."""
    lines = list(_STEPS[state](account))
    if state in (TOO_EARLY, RESPONDING, CANNOT_TELL, NO_DAY) and account.course.next_rise is not None:
        lines.append(f"Your plan has a higher dose from {words.day(account.course.next_rise)} on.")
    if state not in (SAFETY, NOT_RESPONDING, NOT_BEGUN):
        lines.append(_ALONE)
    return tuple(line for line in lines if line)


def _when_known(account: Account) -> str:
    assert account.review is not None  # only an answer is too early
    day = account.review.response.question.judge_on
    again = _to_come(account.course.review_on, account.as_of)
    visit = f" You and your clinician look at it on {words.day(again)}." if again and again >= day else ""
    return f"We can tell on {words.day(day)} at the soonest.{visit}"


def _when_settled(account: Account) -> str:
    review, again = account.review, _to_come(account.course.review_on, account.as_of)
    wait = None if review is None else review.response.wait
    if wait is not None and wait.on is not None and wait.on > account.as_of:
        told = f"If you go on like this, your diary will likely tell by {words.day(wait.on)}. "
        return told + (f"You look at it with your clinician on {words.day(again)}." if again else _ASK)
    return _look_again(account)


_ASK = "Ask your clinician which day you look at it together."


def _look_again(account: Account) -> str:
    again = _to_come(account.course.review_on, account.as_of)
    return _ASK if again is None else f"You and your clinician look at it on {words.day(again)}."


_STEPS: dict[str, Callable[[Account], tuple[str, ...]]] = {
    SAFETY: lambda _: ("Do what it says above now. The diary can wait.",),
    NOT_BEGUN: lambda _: ("Write down each day until you begin. These days show later if it helps.",),
    NO_DAY: lambda account: (_TONIGHT if account.headache else "Tonight, write down how one day was. That is all.",),
    TOO_EARLY: lambda account: (_when_known(account), _KEEP),
    RESPONDING: lambda account: (_look_again(account), _KEEP),
    NOT_RESPONDING: lambda account: (f"{_look_again(account)} Then you choose with your clinician what comes next.", _ALONE),
    CANNOT_TELL: lambda account: (_when_settled(account), _KEEP),
}


def _to_come(day: date | None, as_of: date) -> date | None:
    return None if day is None or day <= as_of else day


def _small_print(account: Account) -> tuple[str, ...]:
    coverage = account.coverage
    known = words.known_of(coverage.known, coverage.days)
    memory = f", {coverage.recalled} of them written down later" if coverage.recalled else ""
    return (
        f"Read up to {words.day(account.as_of)}: {known}{memory}. A day that is not known counts as neither good nor bad.",
        "This page informs. What to do is for you and your clinician to decide.",
        f"cleardays {__version__}.",
    )


def _document(page: PersonPage, account: Account) -> dict[str, object]:
    review = account.review
    return {
        "state": page.state,
        "sentence": page.sentence,
        "why": list(page.why),
        "picture": [block.document() for block in page.blocks],
        "next": list(page.next),
        "next_days": {
            "judge_on": None if review is None else review.response.question.judge_on.isoformat(),
            "review_on": None if account.course.review_on is None else account.course.review_on.isoformat(),
            "next_rise": None if account.course.next_rise is None else account.course.next_rise.isoformat(),
        },
        "goals": [goal.document() for goal in page.goals],
        "own_words": page.own,
        "of_ten": None if review is None or not is_judged(review) else of_ten(review.response.chance),
        "help": {"say": page.help_head, "signs": list(page.help)},
        "coverage": account.coverage.document(),
        "treatment": account.treatment,
        "as_of": account.as_of.isoformat(),
        "response": None if review is None else review.document(),
        "small_print": list(page.small_print),
    }
