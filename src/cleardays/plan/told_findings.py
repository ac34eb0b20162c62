"""Warning signs told in a diary since a plan began: what the treatment says of them, and since when no step up is taken.

Every event counts, under whatever kind it was told. The screen of the treatment says how grave it is and what to do;
what is not known is shown as told and asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from cleardays.catalogue.screening_rules import general, screening_words
from cleardays.catalogue.suggesting import letters
from cleardays.diary.entries import Event
from cleardays.diary.records import Diary
from cleardays.diary.rules import read_rules
from cleardays.plan.alerts import Alert, grave, joined
from cleardays.plan.changes import state_of
from cleardays.plan.journal import PlanFile
from cleardays.plan.person import PastReaction
from cleardays.plan.screening import ANY, Question, Screening, screen
from cleardays.plan.told_terms import flags_in, harmless, reactions_in, words_in
from cleardays.sources import Reason, source_keys

_RED_FLAG = "red_flag"
_KINDS = (_RED_FLAG, "side_effect", "withdrawal", "other")
_ASKED_ABOUT = (_RED_FLAG, "side_effect", "withdrawal")
_SETTLED = ("resolved", "resolved_with_sequelae")
_HOLDS = "major"
_SEVERE = "severe"
_BY_TIER = {"emergency": "critical", "soon": "major", "advise": "moderate"}
_NOT_UP = re.compile(r"[Dd]o not go up|[Dd]o not raise|[Ss]tay on this step")
_WEEK = 7
_UNTIL = "Until it is settled, no step up is taken."

Ask = Callable[[date, Collection[str], Collection[str]], Screening]


class Told(NamedTuple):
    """An event that may be a warning sign: the flags and the reactions in its term, and when it was settled.

    `settled` None with `open` false: it was settled, and nobody wrote down when.
    """

    event: Event
    flags: frozenset[str]
    reactions: frozenset[str]
    is_known: bool
    open: bool
    settled: date | None

    @property
    def is_sign(self) -> bool:
        """Whether it is one, and not only an effect that is known, or a term that is not."""
        event = self.event
        return bool(self.flags or self.reactions or event.serious or event.severity == _SEVERE or event.kind == _RED_FLAG)

    def lasts(self, day: date) -> bool:
        """Whether it was told by a day and was open on it."""
        return self.event.date <= day and (self.open if self.settled is None else day < self.settled)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        event = self.event
        return {"on": event.date.isoformat(), "kind": event.kind, "term": event.term, "flags": sorted(self.flags)}


class Held(NamedTuple):
    """No step up is taken from one day on; `until` is the first day on which it may be again, None is not known yet."""

    first: date
    until: date | None
    reason: Reason


class Findings(NamedTuple):
    """What is open on a day, what the treatment says of it, what has to be asked, and when steps up were held back."""

    told: tuple[Told, ...] = ()
    alerts: tuple[Alert, ...] = ()
    asked: tuple[Question, ...] = ()
    held: tuple[Held, ...] = ()


def findings(file: PlanFile, diary: Diary, on: date) -> Findings:
    """Look at the events of a diary from the first day of a plan to a day."""
    treatment, start = file.plan.treatment, file.plan.start
    events = [event for event in diary.beside.events if may_be_sign(event) and start <= event.date <= on]
    told = [_told(event, treatment, on) for event in events]
    signs = [each for each in told if each.is_sign]
    if not told:
        return Findings()
    ask = _asker(file)
    alerts = cache(lambda there: _alerts(there, ask))
    there = tuple(each for each in signs if each.lasts(on))
    asked = (*_unknown(told, on, ask), *_without_a_day(signs))
    return Findings(there, alerts(there), asked, tuple(_held(signs, on, alerts)))


def may_be_sign(event: Event) -> bool:
    """Whether it is something that was felt or seen, and not what was done about it."""
    return event.kind in _KINDS


def is_settled(event: Event, on: date) -> bool:
    """Whether it was told as over by a day."""
    return event.outcome in _SETTLED and (event.until is None or event.until <= on)


def holds_back(alert: Alert) -> bool:
    """Whether no step up is taken while it stands: it is critical, contraindicated or major, or says so itself."""
    return grave(alert.severity) <= grave(_HOLDS) or bool(_NOT_UP.search(alert.action))


def _told(event: Event, treatment: str, on: date) -> Told:
    flags = flags_in(event.term)
    reactions = frozenset[str]() if flags else reactions_in(event.term)
    answered = is_settled(event, on)
    is_known = bool(flags or reactions or _diary_row(event)) or letters(event.term) in harmless(treatment)
    settled = max(event.until, event.date) if event.until is not None and event.outcome in _SETTLED else None
    return Told(event, flags, reactions, is_known, not answered, settled)


def _asker(file: PlanFile) -> Ask:
    """The screen of the person of a plan with what was told, in the week of a day."""
    plan, state = file.plan, state_of(file)
    where = None if plan.jurisdiction == ANY else plan.jurisdiction

    def ask(day: date, flags: Collection[str], reactions: Collection[str]) -> Screening:
        person = state.at(day)
        past = tuple(PastReaction(plan.treatment, each, None) for each in sorted(reactions))
        told = person._replace(
            diary_flags=tuple(sorted(flags)),
            past_reactions=(*(person.past_reactions or ()), *past) if past else person.past_reactions,
            week_of_treatment=float((day - plan.start).days // _WEEK + 1),
            proposed=None,
        )
        return screen(plan.treatment, told, indication=plan.indication, jurisdiction=where)

    return ask


def _alerts(there: tuple[Told, ...], ask: Ask) -> tuple[Alert, ...]:
    """What the treatment says of open signs: of each in the week in which it was told, of several also together."""
    found = list[Alert]()
    for day in sorted({each.event.date for each in there}):
        until = [each for each in there if each.event.date <= day]
        flags = frozenset[str]().union(*(each.flags for each in until))
        reactions = frozenset[str]().union(*(each.reactions for each in until))
        if flags or reactions:
            without = set(ask(day, (), ()).alerts)
            found += [alert for alert in ask(day, flags, reactions).alerts if alert not in without]
    grave_ones = any(grave(alert.severity) <= grave(_HOLDS) for alert in found)
    for each in there:
        if not grave_ones or not (each.flags or each.reactions):
            found += _as_told(each)
    return joined(found)


def _as_told(told: Told) -> Iterator[Alert]:
    """What stands for an event of which the screen says nothing grave: the words of the diary, or the term itself."""
    event, of_all = told.event, general()["red_flags"]
    because = f"Told on {event.date}: {event.term}."
    row = _diary_row(event)
    if row is not None and letters(event.term) not in screening_words().flags:
        code, what = event.term.replace("_", "-"), event.term.replace("_", " ")
        said = (what, f"{because} {row['shown']}", row["do"], tuple(row["source"]), "confirmed")
        yield Alert(f"red-flag.{code}", _BY_TIER[row["tier"]], *said)
    elif how := _why_grave(told):
        own = (event.term, f"{because} {how}", of_all["today"], source_keys(of_all), of_all["confidence"])
        yield Alert(f"told.{'-'.join(words_in(event.term)) or 'told'}", _HOLDS, *own)


def _diary_row(event: Event) -> Mapping[str, Any] | None:
    """What the diary itself says of a warning sign; None for other kinds and terms."""
    return read_rules("red_flags")["told"].get(event.term) if event.kind == _RED_FLAG else None


def _why_grave(told: Told) -> str | None:
    if told.event.serious:
        return "It was told as serious."
    if told.event.severity == _SEVERE:
        return "It was told as severe."
    if told.reactions:
        return "It is a reaction to a medicine."
    return None if told.flags else "It was told as a warning sign; what it means for this treatment is not known here."


def _held(signs: list[Told], on: date, alerts: Callable[[tuple[Told, ...]], tuple[Alert, ...]]) -> Iterator[Held]:
    """The stretches in which something critical or major was open, the last one without an end where it still is."""
    turns = {each.event.date for each in signs} | {each.settled for each in signs if each.settled and each.settled <= on}
    days: list[date | None] = [*sorted(turns), None]
    for first, until in pairwise(days):
        assert first is not None  # only the last one is
        there = tuple(each for each in signs if each.lasts(first))
        grave_ones = [alert for alert in alerts(there) if holds_back(alert)]
        if grave_ones:
            told = "; ".join(f"{each.event.date}: {each.event.term}" for each in there)
            worst = grave_ones[0]
            because = f"Told on {told}. {worst.action} {_UNTIL}"
            yield Held(first, until, Reason("gate.red-flag", because, worst.source, worst.confidence))


def _unknown(told: list[Told], on: date, ask: Ask) -> tuple[Question, ...]:
    """What to ask about terms that stand for nothing here."""
    terms = [each.event.term for each in told if not each.is_known and each.event.kind in _ASKED_ABOUT and each.lasts(on)]
    if not terms:
        return ()
    return tuple(each for each in ask(on, terms, ()).unknown if each.name.startswith("diary_flags."))


def _without_a_day(signs: list[Told]) -> Iterator[Question]:
    for each in signs:
        if not each.open and each.settled is None:
            name = f"{each.event.term} of {each.event.date}"
            yield Question(f"until.{each.event.term}", f"On which day was it settled: {name}? Write it as its end.", False)
