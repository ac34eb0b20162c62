"""Warning signs: which was shown, to whom and when, and what was done about it. It stays open until it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from cleardays.diary.red_flags import TIERS
from cleardays.plan.reader import Read, choice, day, text
from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.story.events import CLINICIAN, HELPER, NURSE, PERSON, ROLES, SOFTWARE, Actor, Event
from cleardays.trial.story.kinds import FLAG_ANSWERED
from cleardays.trial.story.reading import body_of, entry_name, exactly, said

CALLED, SEEN_BY, HELD, STOPPED, CHANGED, NOTHING = (
    "called somebody", "examined", "dose held", "treatment stopped", "plan changed", "no change needed",
)  # fmt: skip
DONE = (CALLED, SEEN_BY, HELD, STOPPED, CHANGED, NOTHING)
ADVISE = "advise"
# What only a clinician can have done.
_CLINICIANS = (SEEN_BY, CHANGED, NOTHING)
_SHOWN: dict[str, Read] = {
    "entry": entry_name,
    "code": text,
    "tier": choice(*TIERS),
    "on": day,
    "shown": said(),
    "treatment": text,
    "to": exactly({"name": said(120), "role": choice(*(role for role in ROLES if role != SOFTWARE))}, ("name", "role")),
}
_ANSWERED: dict[str, Read] = {"entry": entry_name, "done": choice(*DONE), "on": day, "words": said()}


class Seen(NamedTuple):
    """Who saw it, and when."""

    by: Actor
    at: datetime


class Done(NamedTuple):
    """What was done about it, by whom, and when that was told."""

    done: str
    by: Actor
    at: datetime
    on: date | None = None
    words: str | None = None


class Flag(NamedTuple):
    """One warning sign, as it was shown first; `trial` is the one it is about, None of the person."""

    code: str
    tier: str
    on: date
    shown: str
    treatment: str | None = None
    trial: str | None = None
    seen: tuple[Seen, ...] = ()
    done: tuple[Done, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it still waits: for a clinician, or for anybody where it only advises."""
        return not any(self.tier == ADVISE or each.by.role == CLINICIAN for each in self.done)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        seen = [{"by": each.by.document(), "at": each.at.isoformat()} for each in self.seen]
        done = [
            {
                **each._asdict(),
                "by": each.by.document(),
                "at": each.at.isoformat(),
                "on": None if each.on is None else each.on.isoformat(),
            }
            for each in self.done
        ]
        return {**self._asdict(), "on": self.on.isoformat(), "seen": seen, "done": done, "open": self.open}


Flags = Mapping[str, Flag]


def hear_flag(known: Flags, event: Event, where: str) -> Flags:
    """With a sign that was shown (again), or what was done about one.

    Raises:
        BadInput: its body cannot be read, it is another sign under the same name, or there is none to answer.
    """
    return (_answered if event.kind == FLAG_ANSWERED else _shown)(known, event, where)


def _shown(known: Flags, event: Event, where: str) -> Flags:
    told = body_of(event, _SHOWN, ("entry", "code", "tier", "on", "shown"), where)
    name, to = told.pop("entry"), told.pop("to", None)
    if to is None and event.by.role == SOFTWARE:
        raise BadInput(Problem(f"{where}, to", "it does not say who saw it.", 'Write {"name": ..., "role": ...}.'))
    saw = Seen(event.by if to is None else Actor(to["name"], to["role"]), event.at)
    flag = Flag(**told, trial=event.trial, seen=known[name].seen if name in known else (), done=())
    before = known.get(name)
    if before is not None and (before.code, before.on, before.trial) != (flag.code, flag.on, flag.trial):
        what = f"{shown(name)} is the sign {before.code} of {before.on}."
        raise BadInput(Problem(f"{where}, entry", what, "Give another sign a name of its own."))
    if before is not None:
        flag = before
    return {**known, name: flag._replace(seen=(*flag.seen, saw))}


def _answered(known: Flags, event: Event, where: str) -> Flags:
    told = body_of(event, _ANSWERED, ("entry", "done"), where)
    name, done = told.pop("entry"), told["done"]
    if name not in known:
        raise BadInput(Problem(f"{where}, entry", f"no sign {shown(name)} was shown.", "Name one that was shown."))
    if done in _CLINICIANS and event.by.role in (PERSON, HELPER, NURSE) and known[name].tier != ADVISE:
        how = f"Have a clinician tell it; others tell one of {', '.join(each for each in DONE if each not in _CLINICIANS)}."
        raise BadInput(Problem(f"{where}, done", f"{done} is for a clinician to tell.", how))
    return {**known, name: known[name]._replace(done=(*known[name].done, Done(by=event.by, at=event.at, **told)))}
