"""The list of a clinic's day: of each person what waits for somebody, worked out once for a story as it stands and a day.

Nothing is decided here: reviews, signs and limits of acute medicines are those of the trial's own rules. A page asks for
the ends of all chains, and reads again only the stories that moved on; what takes too long is left to the next look.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from cleardays.problems import BadInput
from cleardays.report.answer_card import called
from cleardays.report.treatment_page_words import capital
from cleardays.store.rosters import heads_of
from cleardays.trial.acute_use import Limit, acute_use
from cleardays.trial.story import phases
from cleardays.trial.story.safety_told import ADVISE
from cleardays.trial.told_signs import told_signs
from cleardays.web.medicine_names import CLASSES
from cleardays.web.roles import DIARY, PLAN, RECOVERY

if TYPE_CHECKING:
    from cleardays.store import Head
    from cleardays.trial.story.story import Story
    from cleardays.web.stories import Stories

FLAG, OVERUSE, DECISION, DUE, SILENT = "flags", "overuse", "decision", "due", "silent"
# The worst first.
KINDS = (FLAG, DECISION, DUE, OVERUSE, SILENT)
SILENT_AFTER_DAYS = 4  # days without an entry after which somebody asks; how a clinic works, no fact of medicine
_BUDGET_S = 0.15  # of one page, for stories that moved on
_REMEMBERED = 5000  # entries of the audit
# What somebody of the clinic did about a row: it stands in the audit, where the person sees it too.
CALLED, SEEN = "called", "seen"
ACTS = (CALLED, SEEN)


class Why(NamedTuple):
    """One reason to look at somebody: of which kind, in which words, since when, and which families it is of."""

    kind: str
    says: str
    since: date
    of: frozenset[str]


class Row(NamedTuple):
    """A person on the list."""

    person: str
    why: tuple[Why, ...]
    done_at: datetime | None = None
    done: str = ""

    @property
    def worst(self) -> tuple[int, date]:
        """By which rows are sorted."""
        return min((KINDS.index(each.kind), each.since) for each in self.why)


class Shown(NamedTuple):
    """The rows, and how many people were not looked through yet."""

    rows: tuple[Row, ...]
    waiting: int


class Board:
    """Lists for a clinic, kept up with what is told."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, date, tuple[Why, ...]]] = {}
        self._done: dict[str, tuple[datetime, str]] = {}
        self._listed: set[tuple[str, str, date]] = set()
        self._remembered = False
        self._lock = Lock()
        self._turn = Lock()  # one story at a time is looked through, and none while somebody is forgotten

    def rows(self, stories: Stories, shown: Mapping[str, frozenset[str]], day: date, *, budget_s: float = _BUDGET_S) -> Shown:
        """What waits, of the people who show something, as far as they show it.

        Args:
            stories: of the store.
            shown: families by person.
            day: the clinic's.
            budget_s: how long stories may be read for this look.
        """
        self._remember(stories)
        heads, until, found, waiting = heads_of(stories.store), monotonic() + budget_s, list[Row](), 0
        for person, families in shown.items():
            head = heads.get(person)
            if head is None or head.seq == 0:
                continue
            if not self._is_known(person, head, day) and monotonic() > until:
                waiting += 1
                continue
            why = tuple(each for each in self._why(stories, person, head, day) if each.of <= families)
            if why:
                at, act = self._done.get(person, (None, ""))
                found.append(Row(person, why, at, act))
        return Shown(tuple(sorted(found, key=lambda row: (row.worst, row.person))), waiting)

    def why(self, stories: Stories, person: str, families: frozenset[str], day: date) -> tuple[Why, ...]:
        """Why somebody should look at one person, as far as they show it."""
        head = heads_of(stories.store).get(person)
        if head is None or head.seq == 0:
            return ()
        return tuple(each for each in self._why(stories, person, head, day) if each.of <= families)

    def look_ahead(self, stories: Stories, day: date, *, ended: Callable[[], bool]) -> None:
        """Look through every story that moved on, before anybody asks.

        Args:
            stories: of the store.
            day: the clinic's.
            ended: whether to stop before the next one.
        """
        for person, head in heads_of(stories.store).items():
            if ended():
                return
            if head.seq and not self._is_known(person, head, day):
                self._why(stories, person, head, day)

    def _is_known(self, person: str, head: Head, day: date) -> bool:
        known = self._known.get(person)
        return known is not None and known[:2] == (head.digest, day)

    def _why(self, stories: Stories, person: str, head: Head, day: date) -> tuple[Why, ...]:
        with self._turn:
            if not self._is_known(person, head, day):
                self._known[person] = (head.digest, day, _looked_through(stories, person, day))
            return self._known[person][2]

    def _remember(self, stories: Stories) -> None:
        """What was done before this server began, from the audit."""
        with self._lock:
            if self._remembered:
                return
            self._remembered = True
        for each in reversed(stories.store.accounts.audit.latest(most=_REMEMBERED)):
            if each.seen.act in ACTS and each.seen.person is not None:
                self._done[each.seen.person] = (each.seen.at, each.seen.act)

    def done(self, person: str, at: datetime, act: str) -> None:
        """Somebody called, or saw it."""
        with self._lock:
            self._done[person] = (at, act)

    def forget(self, person: str) -> None:
        """Know nothing any more of somebody who is erased: whoever comes after them under their name was not called."""
        with self._turn, self._lock:
            self._known.pop(person, None)
            self._done.pop(person, None)
            self._listed = {each for each in self._listed if each[1] != person}

    def newly_listed(self, account: str, people: Collection[str], day: date) -> list[str]:
        """Of those on the list, whom this account has not been shown on it today."""
        with self._lock:
            self._listed = {each for each in self._listed if each[2] == day}
            new = [person for person in people if (account, person, day) not in self._listed]
            self._listed |= {(account, person, day) for person in new}
        return new


def _looked_through(stories: Stories, person: str, day: date) -> tuple[Why, ...]:
    try:
        return tuple(why_of(stories.of(person), day))
    except BadInput:  # a story that cannot be read needs somebody too
        return (Why(SILENT, "The story cannot be read; ask whoever keeps the server.", day, frozenset()),)


def why_of(story: Story, day: date) -> list[Why]:
    """Why somebody should look at a person on a day, the worst first."""
    found = [*_signs(story, day), *_trials(story, day), *_overuse(story, day), *_silence(story, day)]
    if story.diary.about.get("condition") == "recovery":  # a space of its own, all of it
        found = [each._replace(of=each.of | {RECOVERY}) for each in found]
    return sorted(found, key=lambda each: (KINDS.index(each.kind), each.since))


def _signs(story: Story, day: date) -> list[Why]:
    shown = [flag for flag in story.told.flags.values() if flag.on <= day]
    found = [Why(FLAG, flag.shown, flag.on, frozenset({DIARY})) for flag in shown if flag.open and flag.tier != ADVISE]
    for trial in story.trials.values():  # what came in another way: from a file, or told by somebody else
        if trial.plan is not None and trial.begun_on is not None and trial.phase != phases.ENDED:
            told = told_signs(trial.plan.file, story.diary, day, shown={(flag.on, flag.code) for flag in shown}, every=True)
            found += [Why(FLAG, capital(sign.shown), sign.on, frozenset({DIARY})) for sign in told]
    return found


def _trials(story: Story, day: date) -> list[Why]:
    found = list[Why]()
    for trial in story.trials.values():
        families = frozenset({PLAN, RECOVERY} if "recovery" in trial.indication else {PLAN})
        if trial.phase == phases.DECISION:
            since = max((each.as_of for each in trial.answers), default=day)
            found.append(
                Why(DECISION, f"{called(trial.treatment)}: the answer is there, and nobody has decided yet.", since, families)
            )
        elif trial.phase in (*phases.RUNNING, phases.REVIEW) and trial.review_on is not None and trial.review_on <= day:
            found.append(Why(DUE, f"{called(trial.treatment)}: the review is due.", trial.review_on, families))
    return found


def _overuse(story: Story, day: date) -> list[Why]:
    if not story.diary.records and not story.diary.beside.doses:
        return []
    use = acute_use(story.diary, day)
    return [
        Why(OVERUSE, _reached(CLASSES[each.classes[0]], each, use.days), use.first, frozenset({DIARY}))
        for each in use.limits
        if each.reached == "yes"
    ]


def _reached(name: str, limit: Limit, days: int) -> str:
    return f"{name} on {limit.told} of {days} days; the limit is {limit.days}."


def _silence(story: Story, day: date) -> list[Why]:
    """Only of somebody whose trial runs: nobody else was asked to write every day."""
    if not any(trial.phase in (phases.BASELINE, *phases.RUNNING, phases.REVIEW) for trial in story.trials.values()):
        return []
    days = [record.date for record in story.diary.records if record.date <= day]
    days += [each.date for each in story.diary.beside.attacks if each.date <= day]
    days += [each.date for each in story.diary.beside.doses if each.date <= day]
    last = max(days, default=min(trial.opened_on for trial in story.trials.values()))
    if day - last < timedelta(days=SILENT_AFTER_DAYS):
        return []
    return [Why(SILENT, "Nothing was written in the diary.", last, frozenset({DIARY}))]
