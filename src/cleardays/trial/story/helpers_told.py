"""Whom the person lets act for them: in what, from when, until when. A consent is given and taken back; both stay."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from unicodedata import normalize

from cleardays.plan.reader import Read, choice, day, many
from cleardays.problems import BadInput, Problem
from cleardays.texts import clean
from cleardays.trial.story.diary_told import DIARY_KINDS
from cleardays.trial.story.events import HELPER, LONGEST_NAME, Event
from cleardays.trial.story.kinds import CONSENT_WITHDRAWN, FOR_HELPERS
from cleardays.trial.story.reading import body_of, said
from cleardays.trial.story.versions import Versions, told_again

DIARY = "diary"  # stands for every kind of entry of the diary
_GIVEN: dict[str, Read] = {
    "helper": said(LONGEST_NAME),
    "may": many(choice(DIARY, *FOR_HELPERS)),
    "from": day,
    "until": day,
    "words": said(),
}
_TAKEN_BACK: dict[str, Read] = {"helper": said(LONGEST_NAME), "why": said()}


class Consent(NamedTuple):
    """Whom the person lets act for them, in which kinds of events, from the first to the last day; `until` None: for good."""

    helper: str
    may: tuple[str, ...]
    since: date
    until: date | None = None
    words: str | None = None

    def covers(self, kind: str, on: date) -> bool:
        """Whether it lets this be told on that day."""
        return kind in self.may and self.since <= on and (self.until is None or on <= self.until)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        until = None if self.until is None else self.until.isoformat()
        return {**self._asdict(), "may": list(self.may), "since": self.since.isoformat(), "until": until}


def hear_consent(known: Versions[Consent], event: Event, where: str) -> Versions[Consent]:
    """With a consent more, or one that was taken back; the last word about a helper counts.

    Raises:
        BadInput: its body cannot be read, or there is nothing to take back.
    """
    if event.kind == CONSENT_WITHDRAWN:
        told = body_of(event, _TAKEN_BACK, ("helper",), where)
        name = _named(told["helper"])
        if name not in known or known[name][-1].value is None:
            what = f"{name} has no consent that could be taken back."
            raise BadInput(Problem(f"{where}, helper", what, "Write the name as it stands in the consent."))
        return told_again(known, name, None, event, told.get("why"))
    told = body_of(event, _GIVEN, ("helper", "may"), where)
    name = _named(told["helper"])
    since, until = told.get("from", event.at.date()), told.get("until")
    if until is not None and until < since:
        raise BadInput(Problem(f"{where}, until", f"it ends on {until}, before {since}.", "Correct one of the two days."))
    kinds = {kind for each in told["may"] for kind in (DIARY_KINDS if each == DIARY else (each,))}
    if not kinds:
        raise BadInput(Problem(f"{where}, may", "it lets nothing be told.", f"Name kinds of events, or {DIARY}."))
    may = tuple(kind for kind in FOR_HELPERS if kind in kinds)
    return told_again(known, name, Consent(name, may, since, until, told.get("words")), event)


def require_consent(known: Versions[Consent], event: Event, where: str) -> None:
    """Refuse what a helper tells without the person's consent to just that, on that day (by UTC).

    Raises:
        BadInput: no consent that stands; says what the person could do.
    """
    if event.by.role != HELPER:
        return
    name = _named(event.by.name)
    consent = known[name][-1].value if name in known else None
    on = event.at.date()
    if event.kind == CONSENT_WITHDRAWN:
        if consent is not None and _named(str(event.body.get("helper"))) == name:
            return
        raise BadInput(Problem(f"{where}, by", f"{name} can take back no other helper's consent.", "The person does that."))
    if consent is not None and consent.covers(event.kind, on):
        return
    what = f"{name} has no consent to tell {event.kind} for this person on {on}"
    if consent is not None:
        until = "" if consent.until is None else f" to {consent.until}"
        what += f"; it covers {', '.join(consent.may)} from {consent.since}{until}"
    raise BadInput(Problem(f"{where}, by", f"{what}.", "The person gives it (helper.consented), or tells it themselves."))


def _named(name: str) -> str:
    """A name as it is compared: however a keyboard puts its accents together."""
    return normalize("NFC", clean(name, LONGEST_NAME))
