"""The answer on one card: one sentence, one interval, one date. Every state has its own, and none says more than is known."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cleardays.catalogue.treatments import treatment_ids
from cleardays.diary.rules import day_rules
from cleardays.report import wording, words
from cleardays.report.person_page import NO_DAY, NOT_BEGUN, SAFETY, PersonPage, compose_person
from cleardays.report.simulated import SAID, is_simulated
from cleardays.report.treatment_page_words import own_words
from cleardays.response.verdict import CANNOT_TELL, TOO_EARLY
from cleardays.trial.account.account import Account
from cleardays.trial.account.standing import is_silent, is_thin
from cleardays.trial.ledger.tried import known_as
from cleardays.trial.review import Review

_NO_FIGURE = {
    SAFETY: "The figures can wait.",
    NOT_BEGUN: "There is nothing to compare yet.",
    NO_DAY: "There is no figure, because no day is known.",
}


class Card(NamedTuple):
    """What stands on the card. `interval` are figures or why there are none (`has_figures`); `day` None: not set yet.

    `page` is the person's page, of which the card is the top.
    """

    treatment: str
    state: str
    sign: str
    sentence: str
    interval: str
    has_figures: bool
    day_says: str
    day: date | None
    badge: str
    page: PersonPage


def card_of(account: Account) -> Card:
    """The card of an account."""
    page = compose_person(account)
    review = account.review if page.state not in _NO_FIGURE else None
    interval, has_figures = (_NO_FIGURE.get(page.state, ""), False) if review is None else _interval(review)
    says, day = _day(account, page.state)
    return Card(
        treatment=called(account.treatment),
        state=page.state,
        sign=page.state,
        sentence=page.sentence,
        interval=interval,
        has_figures=has_figures,
        day_says=says,
        day=day,
        badge=SAID if is_simulated(account.about) else page.badge,
        page=page,
    )


def called(treatment: str) -> str:
    """A treatment by its name in the catalogue, else as it was told."""
    known = known_as(treatment)[0]
    return own_words(known)["name"] if known in treatment_ids() else treatment


def _interval(review: Review) -> tuple[str, bool]:
    """The level now with what it may be, beside the one before where enough of that is known."""
    response, outcome = review.response, wording.spoken(review)
    if is_silent(review):
        return "No figure is given: the days in the diary may not stand for those that are missing.", False
    unit = words.sentence(outcome.line or f"{outcome.many} in {day_rules().window_days}")
    now = words.figure(response.current.estimate, outcome.decimals)
    between = f"({wording.INTERVAL} {words.figure_range(response.current, outcome.decimals)})"
    if response.baseline is None or is_thin(review):
        return f"{unit}, smoothed: about {now} now {between}.", True
    before = words.figure(response.baseline.estimate, outcome.decimals)
    return f"{unit}, smoothed: about {before} before, {now} now {between}.", True


def _day(account: Account, state: str) -> tuple[str, date | None]:
    """The one date of the card, and what it is; a whole sentence where there is no day yet."""
    if state == SAFETY:
        return "Open since", min(flag.on for flag in account.safety.in_the_way)
    if state == NOT_BEGUN:
        return _dated("Begins on", "No first day is set yet.", _to_come(_planned(account), account.as_of))
    if state == NO_DAY:
        return "Write down one day", account.as_of
    review, again = account.review, _to_come(account.course.review_on, account.as_of)
    assert review is not None  # only an answer has the other states
    if state == TOO_EARLY:
        return "Can be told from", review.response.question.judge_on
    wait = review.response.wait
    if state == CANNOT_TELL and wait is not None and (settled := _to_come(wait.on, account.as_of)) is not None:
        return "Likely settled by", settled
    return _dated("Looked at together on", "No day is set yet to look at it together.", again)


def _dated(says: str, otherwise: str, day: date | None) -> tuple[str, date | None]:
    return (otherwise, None) if day is None else (says, day)


def _planned(account: Account) -> date | None:
    """The first day of treatment as the plan has it; one that nobody confirmed sets no day."""
    plan = account.plan
    return account.start if plan is None or plan.confirmation is None else plan.plan.start


def _to_come(day: date | None, as_of: date) -> date | None:
    return None if day is None or day <= as_of else day
