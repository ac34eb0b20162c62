"""One simulated trial from its opening to its end, through the same rooms as anybody's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cleardays.plan.alerts import Alert
from cleardays.plan.care import Part
from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import screen
from cleardays.trial.demonstration.deciding import STOP, Decided, decide
from cleardays.trial.demonstration.keeping import DOSE
from cleardays.trial.demonstration.life import Lived
from cleardays.trial.demonstration.person import (
    answers_counted,
    answers_felt,
    before_day_one,
    findings_answered,
    given,
    session_record,
    sign_answered,
    sign_shown,
)
from cleardays.trial.demonstration.revealed import Revealed, reveal
from cleardays.trial.demonstration.telling import Telling
from cleardays.trial.demonstration.truth import Case, SideEffect, read_case
from cleardays.trial.review import Review
from cleardays.trial.reviewed import review_of
from cleardays.trial.story import phases, steps
from cleardays.trial.story.events import SOFTWARE, Actor, Event
from cleardays.trial.story.kinds import SESSION_HELD
from cleardays.trial.story.story import Story

_DAY, _MINUTE, _SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
_SCREEN_BEFORE_D, _CONFIRM_BEFORE_D = 6, 5
_HOUR = timedelta(hours=1)
_FIRST_DOSE, _SESSION, _ANSWER, _VISIT_ENDS = time(8, 0), time(14, 0), time(21, 0), time(16, 0)
_SEED_OF_FIT = 1


class Simulated(NamedTuple):
    """A whole demonstration: what was told, what it came to, and the truth behind it.

    `reviews` are those that were answered, the last one the one that the truth is held against. `beside` are, for each of
    them, the answers about the other outcomes that the plan is judged by. `revealed` is by outcome.
    """

    case: Case
    seed: int
    events: tuple[Event, ...]
    story: Story
    reviews: tuple[Review, ...]
    beside: tuple[tuple[Review, ...], ...]
    decisions: tuple[Decided, ...]
    lived: Lived
    revealed: tuple[Revealed, ...]


def simulate(name: str, seed: int | None = None) -> Simulated:
    """The whole trial of a case.

    Args:
        name: of the case.
        seed: fixes what happens; None takes the seed that follows from the name.

    Raises:
        BadInput: there is no such case.
    """
    return Journey(read_case(name), seed).whole()


class Journey:
    """The steps of one trial, in their order."""

    def __init__(self, case: Case, seed: int | None = None) -> None:
        self.case = case
        self.telling = Telling(case, case.seed if seed is None else seed)
        self.reviews: list[Review] = []
        self.beside: list[tuple[Review, ...]] = []
        self.decisions: list[Decided] = []
        self._done = set[tuple[int, str]]()

    def whole(self) -> Simulated:
        """From the opening to the end."""
        self._open()
        self._plan()
        self._begin()
        while (coming := self._next()) is not None:
            on, what = coming
            if isinstance(what, SideEffect):
                self._meet(what, on)
            elif what == "session":
                self._hold(on)
            else:
                self._review(on)
        return self._found()

    # ---- before the first dose

    def _open(self) -> None:
        case, telling = self.case, self.telling
        about = {
            "kind": "simulated", "person": case.person, "zone": case.zone, "condition": case.indication,
            "treatment": case.treatment, "start": case.start.isoformat(), "sex": str(case.told["sex"]),
            "source": "Simulated by cleardays from a declared truth; nobody real is in it",
        }  # fmt: skip
        telling.introduce(about)
        at = telling.at(case.begins) + timedelta(minutes=5)
        opened = steps.opening(telling.trial, case.treatment, case.indication, case.why, case.begins, at=at, by=telling.person)
        telling.tell(opened)
        for number, (kind, body) in enumerate(before_day_one(case)):
            telling.tell(Event(kind, at + (number + 1) * _MINUTE, telling.person, body))

    def _plan(self) -> None:
        """Screened with the diary as it is, drafted, and confirmed by the clinician."""
        case, telling = self.case, self.telling
        on = case.start - _SCREEN_BEFORE_D * _DAY
        telling.write_until(telling.at(on))
        self._screen(case.told, on)
        parts = tuple(Part(each.kind, each.what, case.begins + each.from_day * _DAY, each.every_days) for each in case.care)
        wish, person = Wish(case.treatment, case.indication, case.start, parts=parts), read_person(case.told)
        telling.propose(
            begin(wish, person, draft(wish, person))._replace(simulated=True), telling.at(on) + timedelta(minutes=15)
        )
        on = case.start - _CONFIRM_BEFORE_D * _DAY
        self._look(on)
        telling.confirm(telling.at(on) + _MINUTE)

    def _screen(self, told: object, on: date) -> tuple[Alert, ...]:
        case, telling = self.case, self.telling
        found = screen(case.treatment, read_person(told), indication=case.indication, diary=telling.story().diary)
        at, by = telling.at(on) + timedelta(minutes=5), Actor("cleardays", SOFTWARE)
        telling.tell(steps.screening(telling.trial, found.document(), on, at=at, by=by))
        return found.alerts

    def _look(self, on: date) -> None:
        """A visit: what the diary shows by itself is looked at, and answered."""
        telling = self.telling
        at = telling.at(on)
        telling.write_until(at)
        for number, (shown, answered) in enumerate(findings_answered(self.case, telling.story(), on)):
            software = Actor("cleardays", SOFTWARE)
            telling.tell(Event(shown[0], at + number * _SECOND, software, shown[1], telling.trial))
            telling.tell(Event(answered[0], at + number * _SECOND, telling.clinician, answered[1], telling.trial))

    def _begin(self) -> None:
        case, telling = self.case, self.telling
        at = telling.at(case.start, _FIRST_DOSE)
        telling.write_until(at)
        telling.tell(steps.beginning(telling.story(), telling.trial, case.start, at=at, by=telling.person))

    # ---- on treatment

    def _next(self) -> tuple[date, SideEffect | str] | None:
        """What comes next of all that is planned or happens; None at the end."""
        telling = self.telling
        if telling.plan is None or telling.of.phase not in phases.RUNNING:
            return None
        coming: list[tuple[date, int, SideEffect | str]] = []
        for effect in self.case.side_effects:
            if (effect.day, effect.term) not in self._done and (effect.change is not None or effect.ends):
                coming.append((self.case.start + (effect.day + 1) * _DAY, 1, effect))
        coming += [(each.on, 0, "session") for each in telling.plan.plan.sessions if each.on not in telling.sessions]
        review_on = telling.of.review_on
        if review_on is not None and len(self.reviews) < self.case.looks:
            coming.append((review_on, 2, "review"))
        if not coming or (len(self.reviews) >= self.case.looks and not self._is_to_come(coming)):
            return None
        on, _, what = min(coming, key=lambda each: each[:2])
        return on, what

    def _is_to_come(self, coming: list[tuple[date, int, SideEffect | str]]) -> bool:
        """Whether something is still declared to happen after the last look."""
        return any(isinstance(what, SideEffect) for _, _, what in coming)

    def _hold(self, on: date) -> None:
        """A session is given as planned, and recorded."""
        telling = self.telling
        at = telling.at(on, _SESSION)
        telling.write_until(at)
        assert telling.plan is not None
        session = next(each for each in telling.plan.plan.sessions if each.on == on)
        kind, record = session_record(self.case, session, telling.of.review_on)
        held = {"entry": f"session-{on}", kind: record}
        telling.tell(Event(SESSION_HELD, at + 3 * _HOUR, telling.clinician, held, telling.trial))
        telling.tell(Event(DOSE, at + 3 * _HOUR, telling.clinician, given(self.case, session)))
        telling.sessions = (*telling.sessions, on)

    def _meet(self, effect: SideEffect, on: date) -> None:
        """A side effect that changes the plan or ends it."""
        case, telling = self.case, self.telling
        self._done.add((effect.day, effect.term))
        at = telling.at(on)
        if effect.flag is None:
            self._look(on)
        telling.write_until(at)
        assert effect.why is not None
        if effect.flag is not None:
            week = (on - case.start).days / 7
            alert = self._screen({**case.told, "diary_flags": [effect.flag], "week_of_treatment": week}, on)[0]
            for by, (kind, body) in (
                (Actor("cleardays", SOFTWARE), sign_shown(case, alert, on)),
                (telling.clinician, sign_answered(on, effect.why)),
            ):
                telling.tell(Event(kind, at + 6 * _MINUTE, by, body, telling.trial))
        if not effect.ends:
            change = dict(effect.change or {})
            telling.change(str(change.pop("kind")), on, effect.why, change, at + timedelta(minutes=10))
            return
        self._stop(Decided(STOP, (effect.why,), None), on, at + timedelta(minutes=10), "stop", {})

    def _review(self, on: date) -> None:
        """Answered on the evening of the planned day, decided on the next morning."""
        telling = self.telling
        self._look(on)
        telling.write_until(telling.at(on, _ANSWER))
        story = telling.story()
        found = review_of(story, telling.trial, on, seed=_SEED_OF_FIT)
        self.reviews.append(found)
        assert telling.plan is not None
        rule = telling.plan.plan.stop_rule
        others = [each for each in (() if rule is None else rule.outcomes) if each != found.series.outcome]
        asked = (review_of(story, telling.trial, on, outcome=each, seed=_SEED_OF_FIT) for each in others)
        self.beside.append(tuple(asked))
        at = telling.at(on, _ANSWER) + timedelta(minutes=1)
        goals = answers_counted(story, on)
        for event in steps.reviewing(telling.trial, on, found.document(), at=at, by=telling.person, goals=goals):
            telling.tell(event)
        on += _DAY
        at = telling.at(on)
        telling.write_until(at)
        decided = decide(self.case, (found, *self.beside[-1]), looks_left=self.case.looks - len(self.reviews))
        if decided.decision == STOP:
            self._stop(decided, on, at, "review", {"decision": "stop"})
            return
        self._go_on(decided, on, at, {"decision": "continue"})

    def _go_on(self, decided: Decided, on: date, at: datetime, data: dict[str, str]) -> None:
        telling = self.telling
        assert telling.plan is not None
        later = change(telling.plan, Change("review", on, decided.reasons[0], telling.clinician.name, data))
        assert later.plan.review is not None
        again = later.plan.review.on
        self._decide(decided._replace(again=again), on, at)
        telling.propose(later, at + timedelta(minutes=5))
        telling.confirm(at + timedelta(minutes=6))

    def _decide(self, decided: Decided, on: date, at: datetime) -> None:
        """The decision, with what the person says of the goals that no diary can count."""
        telling = self.telling
        felt = answers_felt(telling.story(), self.reviews[-1]) if self.reviews else ()
        self.decisions.append(decided)
        made = (telling.trial, decided.decision, decided.reasons, on)
        telling.tell(steps.deciding(*made, again=decided.again, at=at, by=telling.clinician, goals=felt))

    def _stop(self, decided: Decided, on: date, at: datetime, kind: str, data: dict[str, str]) -> None:
        """Down by the way that the plan holds, or at once; the trial ends with the last dose."""
        telling, case = self.telling, self.case
        self._decide(decided, on, at)
        telling.change(kind, on, decided.reasons[-1], data, at + timedelta(minutes=5))
        assert telling.plan is not None
        last = max((step.first for step in telling.plan.plan.steps), default=on)
        last = max(last, on)
        at = telling.at(last, _VISIT_ENDS)
        telling.write_until(at)
        telling.tell(steps.ending(telling.trial, phases.FINISHED, decided.reasons[-1], last, at=at, by=telling.clinician))
        telling.write_until(telling.at(last + case.after_days * _DAY, _ANSWER))

    def _found(self) -> Simulated:
        telling = self.telling
        story = telling.story()
        last = max(story.diary.records[-1].date, self.reviews[-1].series.last_day)
        days = (last - self.case.begins).days + 1
        lived = telling.lived(days)
        revealed = tuple(reveal(self.case, lived, each) for each in (self.reviews[-1], *self.beside[-1]))
        done = (tuple(telling.events), story, tuple(self.reviews), tuple(self.beside), tuple(self.decisions))
        return Simulated(self.case, telling.seed, *done, lived, revealed)
