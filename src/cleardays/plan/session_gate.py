"""May a session start? The screen's answer, and one session at a time: no second one before the review of the last.

The answer is "refused", "ask" or "ready". Ready only says that nothing here forbids it:
the clinician decides, and writes amount and rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cleardays.catalogue.resolving import ask_medicine, resolve
from cleardays.catalogue.treatments import Treatment
from cleardays.clock import say_day
from cleardays.plan.alerts import Alert, grave, joined
from cleardays.plan.person import LastSession, Person, Proposed
from cleardays.plan.screening import Question, screen
from cleardays.plan.session_alerts import REFUSES, own_alert
from cleardays.plan.session_rules import review_day, review_row, session_row, session_treatments, supervised_treatment
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason, source_keys

REFUSED, ASK, READY = "refused", "ask", "ready"
_ASKS = "major"
_WEEK = 7
_QUESTION = "Which earlier sessions were there, with what, and when was each reviewed? An empty list says none."


class Review(NamedTuple):
    """The review of a session: the day, who did it, and whether they decided for another session."""

    on: date
    by: str
    another: bool


class Earlier(NamedTuple):
    """An earlier session and its review, None where there was none yet."""

    on: date
    product: str
    review: Review | None = None


class Gate(NamedTuple):
    """Whether a session may start, why, and what must be answered first."""

    treatment: str
    on: date
    answer: str
    alerts: tuple[Alert, ...]
    unknown: tuple[Question, ...]
    reasons: tuple[Reason, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            **self._asdict(),
            "on": self.on.isoformat(),
            "alerts": [each.document() for each in self.alerts],
            "unknown": [each.document() for each in self.unknown],
            "reasons": [each.document() for each in self.reasons],
        }


def may_start(
    treatment: str,
    person: Person,
    *,
    on: date,
    earlier: Sequence[Earlier] | None,
    indication: str | None = None,
    jurisdiction: str | None = None,
) -> Gate:
    """Whether one session may start on a day.

    Args:
        treatment: any name of a treatment that is given as one supervised session.
        person: what was told of the person that day.
        on: local calendar day of the session.
        earlier: earlier sessions; empty says that there was none, None that nobody told.
        indication: for what it is given.
        jurisdiction: us, eu or uk.

    Raises:
        BadInput: the treatment is not given so, or an earlier session or review lies after `on`.
    """
    found = supervised_treatment(treatment)
    _refuse_later(on, earlier or ())
    counted, unclear = _counted(earlier or ())
    screened = screen(found.id, _today(found, person, on, counted), indication=indication, jurisdiction=jurisdiction)
    alerts = joined([*screened.alerts, *_by_review(found, counted)])
    unknown = (*screened.unknown, *unclear)
    if earlier is None:
        unknown = (*unknown, Question("earlier", _QUESTION, True))
    return Gate(found.id, on, _answer(alerts, unknown), alerts, unknown, tuple(_reasons(found)))


def _refuse_later(on: date, earlier: Sequence[Earlier]) -> None:
    problems = []
    for at, each in enumerate(earlier, 1):
        if each.on > on:
            problems.append(Problem(f"earlier[{at}].on", f"{each.on} lies after {on}.", "Write only sessions before this one."))
        if each.review is not None and not each.on <= each.review.on <= on:
            what = f"a review on {each.review.on} cannot be, with a session on {each.on} and another on {on}."
            problems.append(Problem(f"earlier[{at}].review.on", what, "Write the day on which the review was held."))
    if problems:
        raise BadInput(problems)


def _counted(earlier: Iterable[Earlier]) -> tuple[list[Earlier], list[Question]]:
    """The sessions of these treatments, and what to ask of products that stand for nothing here."""
    counted, unclear = list[Earlier](), list[Question]()
    for each in sorted(earlier, key=lambda each: each.on):
        product = resolve(each.product)
        if product is None:
            unclear.append(Question(f"earlier.{each.product}", ask_medicine(each.product), True))
        elif product.possible_ids & set(session_treatments()):
            counted.append(each)
    return counted, unclear


def _today(treatment: Treatment, person: Person, on: date, counted: Sequence[Earlier]) -> Person:
    """The person with what is proposed and when the last session was, unless they were told."""
    told = person
    if told.proposed is None:
        route = session_row(treatment)["route"]
        told = told._replace(proposed=Proposed("continue" if counted else "start", route=route))
    if counted:
        last = counted[-1]
        told = told._replace(last_session=LastSession((on - last.on).days / _WEEK, last.product))
    return told


def _by_review(treatment: Treatment, counted: Sequence[Earlier]) -> Iterable[Alert]:
    """No second session before the last was reviewed, nor against what the review decided."""
    if not counted:
        return
    last, row = counted[-1], review_row(treatment)
    first, said = review_day(treatment, last.on), (source_keys(row), row["confidence"])
    after = f"The last session was on {say_day(last.on)}; it may be reviewed from {say_day(first)} on."
    if last.review is None or last.review.on < first:
        what = "It was not reviewed." if last.review is None else f"The review of {say_day(last.review.on)} came too early."
        subject = "a second session before the 28-day review"
        yield own_alert("before-review", REFUSES, subject, f"{after} {what}", row["action"], *said)
    elif not last.review.another:
        because = f"{last.review.by} decided on {say_day(last.review.on)} against another session."
        yield own_alert("review-against", REFUSES, "a session against the review", because, "No session.", *said)


def _answer(alerts: Sequence[Alert], unknown: Iterable[Question]) -> str:
    if any(grave(each.severity) <= grave(REFUSES) for each in alerts):
        return REFUSED
    doubtful = any(grave(each.severity) <= grave(_ASKS) for each in alerts)
    return ASK if doubtful or any(each.required for each in unknown) else READY


def _reasons(treatment: Treatment) -> Iterator[Reason]:
    row = session_row(treatment)
    yield Reason.of("session.one-at-a-time", row["says"], row)
    for stopping in treatment.facts("stopping"):
        yield Reason.of("session.going-on", stopping["says"], stopping)
