"""The answer: for each trial one sentence, one interval, one date; then the days, three futures, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from cleardays.problems import BadInput, Problem
from cleardays.report import words as report_words
from cleardays.report.answer_card import Card, called, card_of
from cleardays.report.answer_days import last_days, span_said, stretches
from cleardays.report.answer_fan import fan_of
from cleardays.report.answer_why import why_of
from cleardays.report.person_page import NOT_BEGUN, SAFETY
from cleardays.trial.account.account import Account
from cleardays.trial.story.trial_record import Trial
from cleardays.web import answers, pictures
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.places import base_of, for_both
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import ANSWER, RECOVERY, Need, allowed

_HERE = "/answer"


class Shown(NamedTuple):
    """A trial on the page: its address, and its card or what stands in the way of one."""

    trial: Trial
    address: str
    card: Card | None = None
    wrong: str = ""

    @property
    def name(self) -> str:
        """What the treatment is called."""
        return called(self.trial.treatment)


def answer(asked: Asked) -> Response:
    """All trials that run; where it is one, the whole of its answer."""
    trials = trials_shown(asked)
    running = [trial for trial in trials if trial.ended_on is None]
    if len(running) == 1 and len(trials) == 1:
        return _one(asked, running[0])
    shown = {"running": list(_cards(asked, running)), "ended": [_placed(asked, each) for each in trials if each.ended_on]}
    return asked.page("answers.html", {**_always(asked), **shown})


def answer_of(asked: Asked) -> Response:
    """One trial: the card, what comes next, the days, the futures."""
    return _one(asked, trial_asked(asked))


def why(asked: Asked) -> Response:
    """What speaks for an answer, of what parts the change is, what was assumed, and when more will be known."""
    trial = trial_asked(asked)
    account = account_at(asked, trial)
    found = why_of(account)
    shown = {
        "name": called(trial.treatment),
        "badge": card_of(account).badge,
        "address": _address(asked, trial),
        "why": found,
        "icon": pictures.icon(found.person.state),
        "bars": "" if found.page is None else pictures.bars(found.page),
    }
    return asked.page("answer_why.html", {**_always(asked), **shown})


def trials_shown(asked: Asked) -> list[Trial]:
    """The trials of this person that the viewer may know of."""
    return [trial for trial in asked.known.deciding.trials.values() if not _hidden(asked, trial)]


def trial_asked(asked: Asked) -> Trial:
    """The trial that the address names, of this person.

    Raises:
        Refused: there is none, or the viewer may not know of it; both read the same.
    """
    named = asked.request.path_params["trial"]
    trial = asked.known.deciding.trials.get(named)
    if trial is None or _hidden(asked, trial):
        raise Refused(404, Problem("trial", "there is no such trial.", "Choose one of those that are listed."))
    return trial


def account_at(asked: Asked, trial: Trial, day: date | None = None) -> Account:
    """The account of a trial on a day: today, or the day on which it ended."""
    known, today = asked.known, asked.today
    day = day or (today if trial.ended_on is None else min(trial.ended_on, today))
    which = answers.Asked(asked.person, known.digest, trial.id, day)
    return asked.house.answers.of(which, lambda: asked.story)


def _hidden(asked: Asked, trial: Trial) -> bool:
    """Whether it is of recovery, and the viewer may not see that; a person's own is always shown."""
    return is_private(asked, trial) and not allowed(asked.viewer, Need(RECOVERY), asked.person)


def is_private(asked: Asked, trial: Trial) -> bool:
    """Whether a trial belongs to the private space of recovery."""
    return asked.known.about.get("condition") == "recovery" or "recovery" in trial.indication


def _one(asked: Asked, trial: Trial) -> Response:
    account = account_at(asked, trial)
    card = card_of(account)
    shown = {
        "shown": Shown(trial, _address(asked, trial), card),
        "icon": pictures.icon(card.sign),
        "day": None if card.day is None else report_words.day(card.day),
        "account": account,
        **_pictures(account, card),
    }
    return asked.page("answer.html", {**_always(asked), **shown})


def _pictures(account: Account, card: Card) -> dict[str, object]:
    """The days and the futures; neither where a warning sign comes first, or where there is nothing to draw."""
    review = account.review
    if review is None or card.state in (SAFETY, NOT_BEGUN):
        return {"futures": None, "days": None}
    found = fan_of(review)
    days = {
        "strips": pictures.strips(review),
        "legend": pictures.marks(review),
        "stretches": [(span_said(each), each.says) for each in stretches(review)],
        "last": [(report_words.day(each.day), each.says) for each in last_days(review)],
    }
    return {"futures": found, "fan": pictures.fan(found, account.about), "days": days}


def _cards(asked: Asked, trials: list[Trial]) -> Iterator[tuple[Shown, object, str | None]]:
    """Each with its icon and its day; one that cannot be answered says why, and holds back no other."""
    for trial in trials:
        try:
            card = card_of(account_at(asked, trial))
        except BadInput as bad:
            yield Shown(trial, _address(asked, trial), wrong=" ".join(f"{p.what} {p.try_this}" for p in bad.problems)), "", None
            continue
        day = None if card.day is None else report_words.day(card.day)
        yield Shown(trial, _address(asked, trial), card), pictures.icon(card.sign), day


def _placed(asked: Asked, trial: Trial) -> Shown:
    return Shown(trial, _address(asked, trial))


def _address(asked: Asked, trial: Trial) -> str:
    return f"{base_of(asked)}{_HERE}/{quote(trial.id, safe='')}"


def _always(asked: Asked) -> dict[str, object]:
    return {"here": f"{base_of(asked)}{_HERE}", "base": base_of(asked)}


_NEED = Need(ANSWER)
ROWS = for_both(
    Endpoint("GET", _HERE, answer, _NEED, "the answers of all trials that run"),
    Endpoint("GET", f"{_HERE}/{{trial}}", answer_of, _NEED, "the answer of one trial with its days and futures"),
    Endpoint("GET", f"{_HERE}/{{trial}}/why", why, _NEED, "what stands behind an answer"),
)
