"""Two questions to a treatment given in sessions: does a session relieve at once, and does it prevent afterwards?

Prevention is the verdict of the review. Relief is looked for here, in a session's first days against the days just
before it. The days of the session itself are neither: part of such a day lies before what was given, and what else was
done that day is seen on it too. Days of an earlier session and its first days are no days before the next one. The
numbers are in `diary/data/sessions_and_remission.toml`, the model is in `response.relief`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.diary.conditions import Outcome
from cleardays.diary.rules import day_rules, read_rules
from cleardays.diary.series import DaySeries
from cleardays.diary.windows import INSUFFICIENT, grade
from cleardays.plan.session_effect import onset_of
from cleardays.plan.session_record import SessionRecord
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import Response
from cleardays.response.design import Circumstances
from cleardays.response.relief import Pair, Relief, relief
from cleardays.response.summary import Interval
from cleardays.sources import Reason
from cleardays.trial import session_words as words
from cleardays.trial.remission import SELECTIVE
from cleardays.trial.session_words import CANNOT_TELL, LIKELY, NOT_EXPECTED, UNLIKELY, Counted, Figures
from cleardays.trial.sessions_held import Held, later_ones_unknown

_DAY = timedelta(days=1)


class Judged(NamedTuple):
    """What a review has found: the outcome day by day up to the last day read, and the verdict on what is prevented."""

    days: DaySeries
    exposure: ExposureSeries
    prevention: Response
    said: Outcome  # the outcome in words
    known: Treatment | None  # the treatment in the catalogue
    beside: Circumstances
    seed: int


class Session(NamedTuple):
    """One session and what is known around it; `why_not` says why it is not counted, None where it is."""

    held: Held
    that_day: bool | None
    before: Counted
    first: Counted
    why_not: str | None
    reduction_pct: Interval | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "on": self.held.on.isoformat(),
            "until": self.held.until.isoformat(),
            "told": self.held.told,
            "that_day": {True: "had", False: "clear", None: "unknown"}[self.that_day],
            "before": self.before._asdict(),
            "first": self.first._asdict(),
            "counted": self.why_not is None,
            "why_not": self.why_not,
            "reduction_pct": None if self.reduction_pct is None else self.reduction_pct.document(),
        }


class Relieved(NamedTuple):
    """The answer on relief, over the counted sessions; `found` is None where nothing could be compared."""

    answer: str
    before: Counted
    first: Counted
    counted: int
    found: Relief | None
    reasons: tuple[Reason, ...]

    def document(self, rules: Mapping[str, Any]) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "answer": self.answer,
            "first_days": rules["first_days"],
            "before_days": rules["before_days"],
            "threshold": rules["reduction"],
            "before": self.before._asdict(),
            "first": self.first._asdict(),
            "counted": self.counted,
            "reduction_pct": None if self.found is None else self.found.reduction_pct.document(),
            "chance": None if self.found is None else self.found.chance,
            "probability": None if self.found is None else self.found.probability,
            "reasons": [reason.document() for reason in self.reasons],
        }


class Pain(NamedTuple):
    """Pain scores (0-10) of the sessions that have one before and one after: each session's, and their medians."""

    each: tuple[tuple[date, float, float], ...]
    reason: Reason

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "sessions": len(self.each),
            "median_before": median(before for _, before, _ in self.each),
            "median_after": median(after for _, _, after in self.each),
            "median_change": median(after - before for _, before, after in self.each),
            "each": [{"on": on.isoformat(), "before": before, "after": after} for on, before, after in self.each],
            "reasons": [self.reason.document()],
        }


class Sessions(NamedTuple):
    """Everything said of the sessions."""

    sessions: tuple[Session, ...]
    relief: Relieved
    pain: Pain | None
    prevention: Response
    reasons: tuple[Reason, ...]  # which sessions there were; and where that is so, that nothing is final yet

    @property
    def lines(self) -> tuple[Reason, ...]:
        """What a page says."""
        held = " ".join(reason.because for reason in self.reasons[:2])
        first = self.reasons[0]._replace(because=held)
        rough = [reason for reason in self.relief.reasons if reason.rule == words.ROUGH]
        return (first, self.relief.reasons[0], *rough, *(() if self.pain is None else (self.pain.reason,)))

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        verdict, reduction = self.prevention.verdict, self.prevention.reduction_pct
        return {
            "held": [each.document() for each in self.sessions],
            "relief": self.relief.document(_rules()["relief"]),
            "prevention": {"verdict": verdict, "reduction_pct": reduction.document()},
            "pain": None if self.pain is None else self.pain.document(),
            "reasons": [reason.document() for reason in self.reasons],
        }


def sessions_of(held: Sequence[Held], judged: Judged, records: Sequence[SessionRecord] = ()) -> Sessions:
    """What the sessions brought at once, beside the verdict on what they prevent.

    Args:
        held: at least one session, in order.
        judged: the diary and the verdict.
        records: of supervised sessions, for pain before and after; those of other days than `held` are not read.
    """
    rules = _rules()
    rows, pairs = _around(held, judged.days, rules["relief"])
    relieved = _relieved(rows, pairs, judged, rules["relief"])
    if relieved.found is not None:
        each = iter(relieved.found.sessions)
        rows = [row if row.why_not else row._replace(reduction_pct=next(each)) for row in rows]
    return Sessions(
        tuple(rows),
        relieved,
        _pain(records, held, rules["pain-in-a-session"]),
        judged.prevention,
        (words.held(held), *_not_final(held, judged, rules["relief"])),
    )


def _not_final(held: Sequence[Held], judged: Judged, rules: Mapping[str, Any]) -> Iterator[Reason]:
    """Nothing where only the start is known and others were due: how many there were is then not known."""
    if not later_ones_unknown(held, judged.known, judged.days.last_day):
        yield from words.not_final(held, judged.known, rules)


def _rules() -> dict[str, Any]:
    return read_rules("sessions_and_remission")


def _around(held: Sequence[Held], days: DaySeries, rules: Mapping[str, Any]) -> tuple[list[Session], list[Pair]]:
    """The windows of each session: offsets of days within the series that belong to no other."""
    first_days, before_days = int(rules["first_days"]), int(rules["before_days"])
    rows, pairs = [], []
    for at, one in enumerate(held):
        earlier = held[at - 1].until + first_days * _DAY if at else date.min
        following = held[at + 1].on if at + 1 < len(held) else date.max
        before = [day for n in range(before_days, 0, -1) if (day := one.on - n * _DAY) > earlier]
        first = [day for n in range(1, first_days + 1) if (day := one.until + n * _DAY) < following]
        pair = Pair(_offsets(days, before), _offsets(days, first))
        counts = _count(days, pair.before), _count(days, pair.first)
        graded = [grade(each.known, whole, day_rules()) for each, whole in zip(counts, (before_days, first_days), strict=True)]
        why_not = words.too_few(*counts, before_days, first_days) if INSUFFICIENT in graded else None
        rows.append(Session(one, days.between(one.on, one.on).states[0], *counts, why_not))
        pairs.append(pair)
    return rows, pairs


def _offsets(days: DaySeries, window: Iterable[date]) -> tuple[int, ...]:
    return tuple(offset for day in window if 0 <= (offset := (day - days.first_day).days) < len(days.states))


def _count(days: DaySeries, window: Sequence[int]) -> Counted:
    states = [days.states[at] for at in window]
    return Counted(sum(state is True for state in states), sum(state is not None for state in states), len(states))


def _relieved(rows: Sequence[Session], pairs: Sequence[Pair], judged: Judged, rules: Mapping[str, Any]) -> Relieved:
    use = [at for at, row in enumerate(rows) if row.why_not is None]
    before, first = _sum(rows[at].before for at in use), _sum(rows[at].first for at in use)
    onset = None if judged.known is None else onset_of(judged.known)
    if onset is not None and onset.low_days >= rules["first_days"]:
        return Relieved(NOT_EXPECTED, before, first, len(use), None, (words.not_expected(onset, rules),))
    if not use:
        return Relieved(CANNOT_TELL, before, first, 0, None, (words.none_counted(len(rows), rules),))
    found = relief(
        judged.days,
        [pairs[at] for at in use],
        judged.exposure,
        threshold=float(rules["reduction"]),
        beside=judged.beside,
        seed=judged.seed,
    )
    figures = Figures(before, first, len(use), found.reduction_pct, found.chance, found.probability["worse"])
    answer, reason = _answer(figures, judged, rules)
    rough = () if found.settled else (words.rough_fit(rules),)
    return Relieved(answer, *figures[:3], found, (reason, *rough, words.compared(rules), words.not_the_cause(rules)))


def _sum(parts: Iterable[Counted]) -> Counted:
    total = Counted(0, 0, 0)
    for part in parts:
        total = total.plus(part)
    return total


def _answer(figures: Figures, judged: Judged, rules: Mapping[str, Any]) -> tuple[str, Reason]:
    said = judged.said
    selective = next((reason for reason in judged.prevention.reasons if reason.rule in SELECTIVE), None)
    if selective is not None:
        return CANNOT_TELL, words.selective(figures, said, selective, rules)
    if figures.before.had < read_rules("judging_rules")["rare-before"]["days_had"]:
        return CANNOT_TELL, words.nothing_to_relieve(figures, said, rules)
    if figures.counted < rules["sessions"]:
        return CANNOT_TELL, words.one_session(figures, said, rules)
    likely, unlikely = figures.chance >= rules["likely"], figures.chance <= rules["unlikely"]
    answer = LIKELY if likely else UNLIKELY if unlikely else CANNOT_TELL
    return answer, words.relief_found(figures, answer, said, rules)


def _pain(records: Sequence[SessionRecord], held: Sequence[Held], rules: Mapping[str, Any]) -> Pain | None:
    """Of each record of a session the last score of minute 0, before anything is given, and the last one after it."""
    each, own = [], [record for record in records if any(one.on <= record.on <= one.until for one in held)]
    for record in sorted(own, key=lambda one: one.on):
        told = [(row.minute, row.pain) for row in sorted(record.vitals, key=lambda row: row.minute) if row.pain is not None]
        before, after = [pain for minute, pain in told if minute <= 0], [pain for minute, pain in told if minute > 0]
        if before and after:
            each.append((record.on, before[-1], after[-1]))
    return Pain(tuple(each), words.pain(each, rules)) if each else None
