"""Is it gone for months, is it seldomer than it was when it was chronic, and has it come back?

Three looks at the days since the start. The stretch up to the last known day without the outcome: how long, how much of
it is known, and how likely so long a one is at the level of the days before the treatment. For who began with 15 or
more headache days a month: in how many months in a row they are fewer. And what came after a stretch of months that
has ended, or after such months. A stretch ends with a known day that had it; an unknown day is neither, and where many
are, nothing is said. The numbers are in `diary/data/sessions_and_remission.toml`, the chance is from `response.stretch`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.diary.conditions import Outcome
from cleardays.diary.rules import day_rules, read_rules
from cleardays.diary.series import DaySeries
from cleardays.diary.windows import INSUFFICIENT, Window, count_window
from cleardays.response.fit import BASELINE_DAYS
from cleardays.response.stretch import Chances, chances_of_none
from cleardays.sources import Reason
from cleardays.trial import remission_words as words
from cleardays.trial.chronic_months import Months, chronic_months
from cleardays.trial.remission_words import AS_BEFORE, BACK, CANNOT_TELL, LONG, NONE, NOT_BACK, REMISSION, TOO_EARLY, Stretch

_DAY = timedelta(days=1)
# Where the verdict on the diary rests on one of these, its known days do not stand for the others.
SELECTIVE = frozenset({"judge.few-known-days", "judge.selective-logging", "judge.no-clear-days"})
_NO_BASELINE = frozenset({"judge.no-baseline", "judge.short-baseline", "judge.rare-before"})


class Looked(NamedTuple):
    """A stretch and what is said of it; `chance` None where nothing can be said of how likely it is."""

    answer: str
    stretch: Stretch | None
    chance: float | None
    reasons: tuple[Reason, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        nothing = dict.fromkeys(("first", "last", "days", "known", "recalled"))
        told = nothing if self.stretch is None else self.stretch.document()
        reasons = [reason.document() for reason in self.reasons]
        return {"answer": self.answer, **told, "chance_as_before": self.chance, "reasons": reasons}


class Ended(NamedTuple):
    """The last stretch of months that has ended, and the days since: at most the last 28 of them."""

    stretch: Stretch
    chance: float
    ended_on: date
    since: Window
    answer: str
    reasons: tuple[Reason, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        since = {"days": self.since.n_days, "known": self.since.n_logged, "had": self.since.hd, "per_28": self.since.hd28}
        return {
            **self.stretch.document(),
            "chance_as_before": self.chance,
            "ended_on": self.ended_on.isoformat(),
            "since": since,
            "answer": self.answer,
            "reasons": [reason.document() for reason in self.reasons],
        }


class Remission(NamedTuple):
    """The three looks; `ended` and `months` are None where there is nothing of the kind."""

    stretch: Looked
    ended: Ended | None
    months: Months | None

    @property
    def lines(self) -> tuple[Reason, ...]:
        """What a page says; nothing where all is as it was."""
        found = list[Reason]()
        if self.stretch.answer in (REMISSION, LONG):
            found.append(self.stretch.reasons[0])
        if self.ended is not None:
            found.append(self.ended.reasons[0])
        if self.months is not None and self.months.is_news:
            found.append(self.months.reasons[0])
        rough = [reason for reason in self._all_reasons() if reason.rule == words.ROUGH] if found else []
        return (*found, *rough[:1])

    def _all_reasons(self) -> tuple[Reason, ...]:
        parts = (self.stretch, self.ended, self.months)
        return tuple(reason for part in parts if part is not None for reason in part.reasons)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "stretch": self.stretch.document(),
            "ended": None if self.ended is None else self.ended.document(),
            "months": None if self.months is None else self.months.document(),
        }


def remission(
    days: DaySeries, start: date, said: Outcome, *, headache: DaySeries | None, verdict: Sequence[Reason], seed: int
) -> Remission | None:
    """What the days since the start show; None before it.

    Args:
        days: the outcome day by day; its last day is the last one read.
        start: the first day of treatment.
        said: the outcome in words.
        headache: headache days, where the diary is one of headaches.
        verdict: the reasons of the verdict: whether the known days stand for the others.
        seed: fixes the draws.
    """
    if start > days.last_day:
        return None
    rules = read_rules("sessions_and_remission")
    since = days.between(max(start, days.first_day), days.last_day)
    found, earlier = _stretches(since)
    long_enough = [each for each in earlier if each.days >= rules["stretch"]["days"] and _is_known(each, each.last)][-1:]
    asked = [each for each in (found, *long_enough) if each is not None and each.days >= rules["stretch"]["least_days"]]
    before, why_not = days.before(start, BASELINE_DAYS), _why_not(verdict)
    fitted = Chances((), settled=True)
    if asked and before is not None and why_not is None:
        fitted = chances_of_none(before, [days.between(each.first, each.last) for each in asked], seed=seed)
    chances = dict(zip(asked, fitted.each, strict=False))
    looked = _looked(found, chances, since, why_not, said, rules)
    ended = _ended(long_enough, chances, before, since, said, rules)
    if not fitted.settled:
        rough = words.rough_fit(rules["stretch"])
        looked = looked if looked.chance is None else looked._replace(reasons=(*looked.reasons, rough))
        ended = None if ended is None else ended._replace(reasons=(*ended.reasons, rough))
    return Remission(looked, ended, None if headache is None else chronic_months(headache, start, rules, seed=seed))


def _why_not(verdict: Sequence[Reason]) -> Reason | None:
    return next((reason for reason in verdict if reason.rule in SELECTIVE | _NO_BASELINE), None)


def _stretches(since: DaySeries) -> tuple[Stretch | None, list[Stretch]]:
    """The stretch up to the last known day, if that is without, and those before it; each between two days that had it."""
    found, first, recalled, clear = list[Stretch](), since.first_day, 0, list[date]()
    for at, state in enumerate(since.states):
        day = since.first_day + at * _DAY
        if state is False:
            clear.append(day)
            recalled += since.recalled[at]
        if state:
            if clear:
                found.append(Stretch(first, clear[-1], len(clear), recalled, day))
            first, recalled, clear = day + _DAY, 0, []
    return (Stretch(first, clear[-1], len(clear), recalled, None) if clear else None), found


def _is_known(stretch: Stretch, until: date) -> bool:
    """Whether enough of its days up to a day are known: what is complete by the rules of counting."""
    return stretch.known >= day_rules().complete_share * ((until - stretch.first).days + 1)


def _looked(
    found: Stretch | None,
    chances: dict[Stretch, float],
    since: DaySeries,
    why_not: Reason | None,
    said: Outcome,
    rules: dict[str, Any],
) -> Looked:
    limits = rules["stretch"]
    if found is None:
        return Looked(NONE, None, None, (words.no_stretch(said, limits),))
    if found.days < limits["least_days"]:
        return Looked(AS_BEFORE, found, None, (words.short(found, said, limits),))
    if not _is_known(found, since.last_day):
        return Looked(CANNOT_TELL, found, None, (words.unknown(found, since.last_day, said, limits),))
    chance = chances.get(found)
    if chance is None:
        return Looked(CANNOT_TELL, found, None, (words.nothing_to_compare(found, said, why_not, limits),))
    answer = AS_BEFORE if chance > limits["chance"] else REMISSION if found.days >= limits["days"] else LONG
    return Looked(answer, found, chance, (words.stretch(found, chance, answer, said, limits), words.not_the_cause(limits)))


def _ended(
    candidates: Sequence[Stretch],
    chances: dict[Stretch, float],
    before: DaySeries | None,
    since: DaySeries,
    said: Outcome,
    rules: dict[str, Any],
) -> Ended | None:
    """What came after it, where it was no chance; the chance holds for any of the stretches that there could have been."""
    limits = rules["return"]
    for stretch in candidates:
        chance = min(1.0, chances.get(stretch, 1.0) * (1 + since.had))
        if before is None or stretch.ended_on is None or chance > rules["stretch"]["chance"]:
            continue
        first = max(stretch.ended_on, since.last_day - (limits["days"] - 1) * _DAY)
        window, usual = count_window(since.between(first, since.last_day)), count_window(before)
        answer, reason = _returned(stretch, window, usual, said, limits)
        return Ended(stretch, chance, stretch.ended_on, window, answer, (reason,))
    return None


def _returned(stretch: Stretch, since: Window, usual: Window, said: Outcome, limits: dict[str, Any]) -> tuple[str, Reason]:
    """Whether so much is back that half of the gain is lost."""
    if since.n_logged < day_rules().least_logged_days:
        return TOO_EARLY, words.just_ended(stretch, since, said, limits)
    if since.quality == INSUFFICIENT or since.hd28 is None or not usual.n_logged:
        return CANNOT_TELL, words.just_ended(stretch, since, said, limits)
    level = day_rules().window_days * usual.hd / usual.n_logged
    answer = BACK if since.hd >= limits["days_had"] and since.hd28 >= limits["share"] * level else NOT_BACK
    return answer, words.returned(stretch, since, level, answer, said, limits)
