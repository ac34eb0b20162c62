"""What is said of sessions, each sentence with its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.clock import say_day
from cleardays.diary.conditions import Outcome
from cleardays.plan.session_effect import Onset
from cleardays.quantities import counted, percent, say_probability
from cleardays.response.summary import Interval
from cleardays.sources import Reason
from cleardays.trial.sessions_held import Held

LIKELY, UNLIKELY, CANNOT_TELL, NOT_EXPECTED = "likely", "unlikely", "cannot_tell", "not_expected"
Rules = Mapping[str, Any]
ROUGH = "sessions.rough-fit"
_NAMED = 4
_TWICE = "about twice as many"
_PREVENTION = "Prevention is the other question; the verdict answers it."


class Counted(NamedTuple):
    """Days of a stretch: with the outcome, known, and all."""

    had: int
    known: int
    days: int

    def plus(self, other: Counted) -> Counted:
        """Both together."""
        return Counted(*(one + two for one, two in zip(self, other, strict=True)))


class Figures(NamedTuple):
    """What the sentences on relief are made of; `chance` is that of at least the reduction asked for, `more` of more days."""

    before: Counted
    first: Counted
    counted: int
    reduction_pct: Interval
    chance: float
    more: float


def held(sessions: Sequence[Held]) -> Reason:
    """Which sessions there were, and which of them nobody told of."""
    if len(sessions) == 1 and sessions[0].by_start:
        because = f"Only the start is known ({say_day(sessions[0].on)}); tell later ones with doses, --session or --plan."
        return Reason("sessions.held", because)
    days = [say_day(each.on) for each in sessions[-_NAMED:]]
    listed = days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"
    last = "" if len(sessions) <= _NAMED else ", the last ones of them"
    because = f"{counted(len(sessions), 'session')} so far{last}: {listed}."
    assumed = sum(not each.told for each in sessions)
    if assumed:
        because += f" Of {assumed} nobody told whether it took place; it counts as held on its planned day."
    return Reason("sessions.held", because)


def not_final(sessions: Sequence[Held], known: Treatment | None, rules: Rules) -> Iterator[Reason]:
    """After fewer sessions than the sources judge after, and after one in any case, nothing is final."""
    because = f"After {counted(len(sessions), 'session')} no answer here is final; several may be needed."
    rows = [] if known is None else [row for row in known.facts("judge") if int(row.get("sessions", 0)) > len(sessions)]
    if rows or len(sessions) < rules["sessions"]:
        yield Reason("sessions.not-final", because, tuple(rules["source"]))
    yield from (Reason.of("sessions.judged-after", row["says"], row) for row in rows)


def too_few(before: Counted, first: Counted, before_days: int, first_days: int) -> str:
    """Why one session is not counted."""
    return (
        f"{before.known} of the {before_days} days before and {first.known} of the {first_days} first days are known and "
        "belong to no other session; half of each is needed."
    )


def not_expected(onset: Onset, rules: Rules) -> Reason:
    """The effect sets in later than that."""
    because = f"Relief in the first {rules['first_days']} days is not looked for: {onset.reason.because} {_PREVENTION}"
    return onset.reason._replace(rule="sessions.relief-not-expected", because=because)


def none_counted(rows: int, rules: Rules) -> Reason:
    """Around no session is enough known."""
    of = "the one session" if rows == 1 else f"any of {rows} sessions"
    because = (
        f"Whether a session relieves at once cannot be told: around {of} too few days are known. Half of the "
        f"{rules['before_days']} days before and of the {rules['first_days']} first days is needed, and no unknown day counts "
        f"as clear. {_PREVENTION}"
    )
    return Reason("sessions.too-few-days", because, tuple(rules["source"]))


def selective(figures: Figures, said: Outcome, why: Reason, rules: Rules) -> Reason:
    """The known days do not stand for the others."""
    because = f"{_seen(figures, said, rules)} Whether that is relief cannot be told. {why.because}"
    return Reason("sessions.relief-cannot-tell", because, (*rules["source"], *why.source))


def nothing_to_relieve(figures: Figures, said: Outcome, rules: Rules) -> Reason:
    """Too few days before had it."""
    because = f"{_seen(figures, said, rules)} There was hardly anything to relieve, so relief cannot be told."
    return Reason("sessions.nothing-to-relieve", because, tuple(rules["source"]))


def one_session(figures: Figures, said: Outcome, rules: Rules) -> Reason:
    """One can always be chance."""
    because = (
        f"{_seen(figures, said, rules)} One session cannot tell relief from a wave that would have passed anyway: the "
        f"probability that it is {_size(rules)} is {say_probability(figures.chance)} so far, and it takes "
        f"{rules['sessions']} sessions for an answer. {_PREVENTION}"
    )
    return Reason("sessions.one-session", because, tuple(rules["source"]))


def relief_found(figures: Figures, answer: str, said: Outcome, rules: Rules) -> Reason:
    """The answer, with what was counted and how sure it is."""
    found = {
        LIKELY: "Relief at once is likely",
        UNLIKELY: "Relief at once is unlikely",
        CANNOT_TELL: "Whether it relieves at once is not settled",
    }[answer]
    because = (
        f"{found}. {_seen(figures, said, rules)} Waves allowed for, that comes at this diary's usual level to "
        f"{_change(figures, rules)}. {_PREVENTION}"
    )
    return Reason(f"sessions.relief-{answer.replace('_', '-')}", because, tuple(rules["source"]))


def rough_fit(rules: Rules) -> Reason:
    """The model did not come to rest, or few of its draws count."""
    because = "On relief the model's own check failed for this diary: take the figures as rough."
    return Reason(ROUGH, because, (*rules["source"], "response-model"))


def compared(rules: Rules) -> Reason:
    """Which days are compared, and which are not."""
    because = (
        "Each session is compared with itself, and all of them together; the days of a session itself are neither before nor "
        "after, because part of such a day lies before what was given. Days before that belong to an earlier session are left "
        "out. A session counts where half of both stretches is known."
    )
    return Reason("sessions.compared", because, tuple(rules["source"]))


def not_the_cause(rules: Rules) -> Reason:
    """What the comparison cannot show."""
    because = (
        "Less in the first days need not come from what was given: a session is often held when it is worst, and rest, other "
        "medicines of that day and expectation relieve too. That bad weeks pass by themselves is allowed for as far as this "
        "diary shows its waves. The first days belong to the weeks of the verdict as well, so the two answers are not added up."
    )
    return Reason("sessions.not-the-cause", because, (*rules["source"], "response-model"))


def pain(each: Sequence[tuple[date, float, float]], rules: Rules) -> Reason:
    """Medians of what was scored in the sessions."""
    before, after = median(row[1] for row in each), median(row[2] for row in each)
    because = (
        f"Pain in the session, 0 to 10: median {before:g} before it, {after:g} at the last reading "
        f"({counted(len(each), 'session')} with both). Pain falls by itself and with other medicines too."
    )
    return Reason("sessions.pain", because, tuple(rules["source"]))


def _seen(figures: Figures, said: Outcome, rules: Rules) -> str:
    first, before = figures.first, figures.before
    sessions = "the session" if figures.counted == 1 else f"{figures.counted} sessions"
    return (
        f"{said.had[1][:1].upper()}{said.had[1][1:]} in the first {rules['first_days']} days after {sessions}: {first.had} of "
        f"{first.known} known days; in the {rules['before_days']} days before: {before.had} of {before.known}."
    )


def _change(figures: Figures, rules: Rules) -> str:
    """By how much fewer or how many times as many, and how sure that is."""
    middle, low, high = figures.reduction_pct[:3]
    asked = f"with a probability of {say_probability(figures.chance)}"
    if middle >= 0:
        interval = f"90\N{NO-BREAK SPACE}% interval {low:.0f} to {high:.0f}"
        return f"a reduction of {percent(middle / 100)} ({interval}), of {_size(rules)} {asked}"
    times, least, most = (f"{1 - each / 100:.1f}" for each in (middle, high, low))
    plain = {"1.0": "about as many", "1.9": _TWICE, "2.0": _TWICE, "2.1": _TWICE}
    about = plain.get(times, f"about {times} times as many")
    more = f", more with a probability of {say_probability(figures.more)}" if figures.more >= rules["likely"] else ""
    return (
        f"{about} (90\N{NO-BREAK SPACE}% interval {least} to {most} times){more}, and to a reduction of {_size(rules)} {asked}"
    )


def _size(rules: Rules) -> str:
    return f"at least {percent(rules['reduction'])}"
