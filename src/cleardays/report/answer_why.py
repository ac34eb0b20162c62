"""Why the answer is as it is: what speaks for it, the parts of the change, what was assumed, what is known, what comes.

Every figure is the answer's own; here they are only said in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cleardays.quantities import percent
from cleardays.report import wording, words
from cleardays.report.page import Page, compose
from cleardays.report.person_page import NOT_BEGUN, SAFETY, PersonPage, compose_person
from cleardays.report.person_words import chance_line
from cleardays.report.sections import cited
from cleardays.response.summary import Interval
from cleardays.response.verdict import TOO_EARLY
from cleardays.sources import Reason
from cleardays.trial.account.account import Account
from cleardays.trial.account.standing import is_judged
from cleardays.trial.review import Review


class Part(NamedTuple):
    """A part of the change: what it is, and how much."""

    name: str
    says: str


class Why(NamedTuple):
    """Everything on the page, in reading order; `page` is the answer's own, None where there is none."""

    person: PersonPage
    page: Page | None
    speaks: tuple[str, ...]
    parts: tuple[Part, ...]
    parts_note: str
    assumed: tuple[str, ...]
    coverage: tuple[str, ...]
    reasons: tuple[Reason, ...]
    when: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]


def why_of(account: Account) -> Why:
    """What stands behind the answer of an account."""
    person, review = compose_person(account), account.review
    if review is None or person.state in (SAFETY, NOT_BEGUN):
        told = (*person.why, *(() if account.nothing_known is None else (account.nothing_known.what,)))
        return Why(person, None, told, (), "", (), _coverage(account), (), person.next, ())
    page = compose(review)
    reasons = (*review.response.reasons, *review.over_time.lines)
    return Why(
        person=person,
        page=page,
        speaks=tuple(_speaks(account, review)),
        parts=tuple(_parts(review)),
        parts_note=_parts_note(review),
        assumed=tuple(_assumed(review)),
        coverage=_coverage(account),
        reasons=reasons,
        when=tuple(_when(review, person)),
        sources=cited(key for reason in reasons for key in reason.source),
    )


def _speaks(account: Account, review: Review) -> Iterator[str]:
    yield wording.plain(review)
    if is_judged(review):
        yield chance_line(account, review)
    yield from wording.beside(review)[:2]


def _parts(review: Review) -> Iterator[Part]:
    """What came by itself and what came with the treatment; only once it is judged."""
    response = review.response
    if not is_judged(review) or response.natural_change is None or response.baseline is None:
        return
    outcome = wording.spoken(review)
    unit = outcome.line or f"{outcome.many} in 28"
    decimals = max(1, outcome.decimals)
    yield Part(f"{words.sentence(unit)}, before", words.figure(response.baseline.estimate, decimals))
    yield Part("Came by itself", _signed(response.natural_change, decimals))
    yield Part(f"Came with {wording.name_of(review)}", _signed(response.treatment_effect, decimals))
    yield Part(f"{words.sentence(unit)}, now", words.figure(response.current.estimate, decimals))


def _signed(change: Interval, decimals: int) -> str:
    between = f"{words.signed(change.lower, decimals)} to {words.signed(change.upper, decimals)}"
    return f"{words.signed(change.estimate, decimals)} ({wording.INTERVAL} {between})"


def _parts_note(review: Review) -> str:
    if not is_judged(review):
        return "The parts of the change are told once the answer is judged."
    if review.response.natural_change is None:
        return "What came by itself cannot be told apart: nothing is known of the time before."
    return (
        "By itself: good and bad times take turns, a bad time often brings people to a treatment, and expectation helps too. "
        "One start cannot show these parts for sure; the figures rest on trials too. Each has its own middle, so they need "
        "not add up to the last digit."
    )


def _assumed(review: Review) -> Iterator[str]:
    response = review.response
    known = 1.0 - response.prior_share
    yield (
        f"Before the diary was read, a good deal was open. Your diary has settled {percent(known)} of that; "
        f"{percent(response.prior_share)} is still as open as it was before."
    )
    if is_judged(review):
        yield (
            f"The chance of at least {percent(response.question.threshold)} {wording.spoken(review).less}: "
            f"{words.hundred(response.chance_before)} before the diary, {words.hundred(response.chance)} with it."
        )
    if review.expected is None:
        yield "No trials of this treatment in people like you were read, so the start was a cautious one."


def _coverage(account: Account) -> tuple[str, ...]:
    coverage = account.coverage
    known = words.known_of(coverage.known, coverage.days)
    memory = f"; {coverage.recalled} of them were written down later from memory" if coverage.recalled else ""
    return (
        f"From {words.day(coverage.first)} to {words.day(coverage.last)}: {known}{memory}.",
        "A day that is not known counts as neither good nor bad.",
    )


def _when(review: Review, person: PersonPage) -> Iterator[str]:
    response, last = review.response, review.series.last_day
    yield from person.next[:1]
    wait = response.wait
    if wait is not None and response.verdict != TOO_EARLY and wait.on is not None and wait.on > last:
        yield (
            f"Futures were drawn from what is known today. In {words.hundred(wait.probability)} of them the question is "
            f"settled within {words.counted(wait.weeks, 'week')}."
        )
    elif wait is not None and wait.on is None:
        yield f"In most futures drawn from today, {words.counted(wait.weeks, 'more week')} would not settle it."
