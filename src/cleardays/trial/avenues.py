"""Everything that is done at once, and which changes of it fall within the same weeks: those cannot be told apart.

An avenue is a treatment of a trial, another treatment, or a part of care. What the diary can say of one of them rests on
days on which it changed and the others did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from cleardays.clock import say_day
from cleardays.diary.entries import Event
from cleardays.diary.known import entries_read
from cleardays.diary.rules import read_rules
from cleardays.plan.changes import state_of
from cleardays.plan.steps import plain
from cleardays.problems import BadInput
from cleardays.quantities import counted
from cleardays.sources import Reason
from cleardays.trial.dose_levels import NOTHING, PLANNED, Amount, Stretch, level_rules
from cleardays.trial.dose_response import levels_of
from cleardays.trial.preventives import followed
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.told_treatments import PART, Told, TreatmentRules, key, told_treatments
from cleardays.trial.whole_trial import OpenTrial

_DAY = timedelta(days=1)
_NOBODY = "no treatment is judged here"
_ATTRIBUTION = "attribution."
_PLANNED = ", as planned; nobody told"
TRIAL, OTHER, CARE = "trial", "other treatment", "care"


class Change(NamedTuple):
    """Something that changed: which avenue, of what kind it is, on which day, and what happened in words."""

    avenue: str
    kind: str
    on: date
    what: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "on": self.on.isoformat()}


class Joined(NamedTuple):
    """Two changes of different avenues that lie so near to one another that no diary tells which of them did what."""

    one: Change
    other: Change

    @property
    def days(self) -> int:
        """How far apart."""
        return abs((self.other.on - self.one.on).days)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"one": self.one.document(), "other": self.other.document(), "days_apart": self.days}


class Avenues(NamedTuple):
    """The changes in order, the pairs that cannot be told apart, what has to be said; `found`: what the last answers say."""

    changes: tuple[Change, ...]
    joined: tuple[Joined, ...]
    reasons: tuple[Reason, ...]
    found: tuple[Reason, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {name: [each.document() for each in getattr(self, name)] for name in self._fields}


def avenues(story: Story, trials: Sequence[OpenTrial], on: date) -> Avenues:
    """What was changed since the first open trial was begun, or lately, and what of it overlaps.

    Args:
        story: everything that was told.
        trials: those that are open.
        on: the day; what is planned for later is not read, unless it begins within the weeks that cannot be told apart.
    """
    rules, near = level_rules(), timedelta(days=int(level_rules()["same-weeks"]["days"]))
    begun = [each.trial.begun_on for each in trials if each.trial.begun_on is not None]
    since = min([*begun, on - timedelta(days=int(rules["ahead"]["lately"]))]) - near
    unread = list[Reason]()
    changes = list(_of_trials(story, on, unread))
    changes += _of_others(story, trials, on)
    changes += _of_care(trials, on + near)
    changes += _of_medicines(trials, on)
    kept = sorted(
        {each for each in changes if since <= each.on <= on + near}, key=lambda each: (each.on, each.avenue, each.what)
    )
    joined = _joined(kept, near)
    return Avenues(tuple(kept), joined, (*_said(kept, joined), *unread), tuple(_answered(trials)))


# ---- the changes


def _of_trials(story: Story, on: date, unread: list[Reason]) -> Iterator[Change]:
    """Begun, raised, lowered, paused, ended: as taken, as far as it is told."""
    for trial in story.trials.values():
        if trial.begun_on is None or trial.begun_on > on:
            continue
        try:
            stretches = levels_of(story, trial, on, followed(trial)).stretches
        except BadInput as error:
            because = f"The doses of {trial.treatment} cannot be read against its plan: {error.problems[0].what}"
            unread.append(Reason("avenues.unread", because))
            stretches = ()
        yield Change(trial.treatment, TRIAL, trial.begun_on, "begun")
        for one, after in pairwise(stretches):
            what = _moved(one, after)
            yield Change(trial.treatment, TRIAL, after.first, f"{what}{_PLANNED if after.evidence == PLANNED else ''}")
        if trial.ended_on is not None and trial.ended_on <= on:
            yield Change(trial.treatment, TRIAL, trial.ended_on, "ended")


def _moved(one: Stretch, after: Stretch) -> str:
    """What became of a dose."""
    if after.dose.kind == NOTHING:
        return "left out" if after.by_diary else "stopped"
    if one.dose.kind == NOTHING:
        return f"taken up at {amount_said(after.dose)}"
    before, now = _a_day(one.dose), _a_day(after.dose)
    if before is None or now is None or before == now:
        return f"changed to {amount_said(after.dose)}"
    return f"{'raised' if now > before else 'lowered'} to {amount_said(after.dose)}"


def _a_day(dose: Amount) -> float | None:
    return None if dose.amount is None else float(dose.amount) / dose.every_days


def amount_said(dose: Amount) -> str:
    """An amount with its unit and how often it is taken, in plain words."""
    if dose.amount is None:
        return "an amount that is not told"
    often = "" if dose.every_days == 1 else f" every {dose.every_days} days"
    return f"{plain(dose.amount)} {dose.unit or ''}".rstrip() + often


def _of_others(story: Story, trials: Iterable[OpenTrial], on: date) -> Iterator[Change]:
    """Treatments that the diary tells of beside the trials, and beside the care that their plans hold."""
    own = {key(trial.treatment) for trial in story.trials.values()}
    parts = [part for each in trials if each.file is not None for part in each.file.plan.parts]
    own |= {name for part in parts for name in (key(part.what), key(part.kind))}
    diary = story.diary
    days = [*(record.date for record in entries_read(diary, on)), *(each.date for each in diary.beside.doses),
            *(each.date for each in diary.beside.events)]  # fmt: skip
    first = min((day for day in days if day <= on), default=None)
    if first is None:
        return
    rules = TreatmentRules.of(read_rules("circumstances"))
    told, _ = told_treatments(diary, _NOBODY, first, on, rules)
    care = {key(event.term) for event in diary.beside.events if event.kind == "care"}
    for at, each in told.items():
        if at.partition(PART)[0] not in own:
            yield from _steps(each, CARE if at in care else OTHER)


def _steps(told: Told, kind: str) -> Iterator[Change]:
    series, level = told.series(), 0.0
    for step in () if series is None else series.steps:
        what = "begun" if not level else "stopped" if not step.level else "raised" if step.level > level else "lowered"
        yield Change(told.name, kind, step.from_day, what)
        level = step.level


def _of_care(trials: Iterable[OpenTrial], until: date) -> Iterator[Change]:
    """The parts of the plans beside the medicine."""
    for trial in trials:
        for part in () if trial.file is None else trial.file.plan.parts:
            if part.on <= until:
                yield Change(part.what, CARE, part.on, "begun")
            if part.until is not None and part.until + _DAY <= until:
                yield Change(part.what, CARE, part.until + _DAY, "over")


def _of_medicines(trials: Iterable[OpenTrial], on: date) -> Iterator[Change]:
    """Other medicines of which was told how long ago they were begun, changed or stopped."""
    for trial in trials:
        person = None if trial.file is None else state_of(trial.file).at(on)
        for each in () if person is None else person.medicines or ():
            for ago, what in (
                (each.started_days_ago, "begun"), (each.dose_changed_days_ago, "changed"), (each.stopped_days_ago, "stopped"),
            ):  # fmt: skip
                if ago is not None and ago < (on - date.min).days:
                    yield Change(each.name, OTHER, on - timedelta(days=round(ago)), what)


# ---- what overlaps


def _joined(changes: Sequence[Change], near: timedelta) -> tuple[Joined, ...]:
    """For each two avenues the two changes that lie nearest, where that is within the weeks; one of them is a trial's."""
    best: dict[tuple[str, str], Joined] = {}
    for number, one in enumerate(changes):
        for other in changes[number + 1 :]:
            if other.on - one.on > near:
                break
            if key(one.avenue) == key(other.avenue) or TRIAL not in (one.kind, other.kind):
                continue
            pair = Joined(one, other)
            names = (min(key(one.avenue), key(other.avenue)), max(key(one.avenue), key(other.avenue)))
            if names not in best or pair.days < best[names].days:
                best[names] = pair
    return tuple(sorted(best.values(), key=lambda each: (each.one.on, each.other.on, each.one.avenue)))


def _said(changes: Sequence[Change], joined: Sequence[Joined]) -> Iterator[Reason]:
    rule = level_rules()["same-weeks"]
    source = tuple(rule["source"])
    for pair in joined:
        apart = "on the same day" if not pair.days else f"{counted(pair.days, 'day')} apart"
        because = (
            f"{pair.one.avenue} ({say_day(pair.one.on)}: {pair.one.what}) and {pair.other.avenue} ({say_day(pair.other.on)}: "
            f"{pair.other.what}) lie {apart}: which of the two did what cannot be told from these weeks."
        )
        yield Reason("avenues.joined", because, source)
    if joined:
        yield Reason("avenues.rule", f"Changes up to {rule['days']} days apart count as one. {rule['says']}", source)
    elif len({key(each.avenue) for each in changes}) > 1:
        because = (
            f"No two of these lie within {rule['days']} days of one another. That alone does not show which of them did what: "
            "each answer says how far its own diary tells."
        )
        yield Reason("avenues.apart", because, source)


def _answered(trials: Iterable[OpenTrial]) -> Iterator[Reason]:
    """What the last answer of each trial said about telling treatments apart, word for word."""
    for trial in trials:
        yield from _last_answer(trial.trial)


def _last_answer(trial: Trial) -> Iterator[Reason]:
    if not trial.answers:
        return
    last = trial.answers[-1]
    reasons = last.answer.get("reasons")
    for each in reasons if isinstance(reasons, list) else ():
        rule, because = (str(each.get(name, "")) for name in ("rule", "because")) if isinstance(each, dict) else ("", "")
        if rule.startswith(_ATTRIBUTION) and because:
            yield Reason(rule, f"{trial.treatment}, answer of {say_day(last.as_of)}: {because}", tuple(each.get("source", ())))


def care_told(events: Iterable[Event], on: date) -> dict[str, list[Event]]:
    """Events of care up to a day, by their name."""
    found: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.date):
        if event.kind == "care" and event.date <= on:
            found.setdefault(key(event.term), []).append(event)
    return found
