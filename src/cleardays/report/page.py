"""What the page says, composed once from a review; the renderers only lay it out."""

from __future__ import annotations

from typing import NamedTuple

from cleardays import __version__
from cleardays.diary.rules import day_rules
from cleardays.diary.windows import Window
from cleardays.quantities import percent
from cleardays.report import words
from cleardays.response.answer import HEADACHE_DAY, Response
from cleardays.response.summary import Interval
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY
from cleardays.sources import Reason, all_sources
from cleardays.trial.review import ItemCount, Review, judging_rules

OUTCOME_WORDS = {
    "headache_day": ("headache day", "headache days"),
    "aura_day": ("aura day", "aura days"),
    "acute_med_day": ("acute-medicine day", "days with an acute medicine"),
    "use_day": ("use day", "days of use"),
}
_ITEM_WORDS = {
    "headache": "Headache days",
    "own_migraine": "Migraine days (own answer)",
    "moderate_or_severe": "Days of moderate or severe pain",
    "acute_medicine": "Days with an acute medicine",
    "lost_function": "Days of lost function",
}
_DEFINITIONS = {
    "headache_day": "A headache day is a local calendar day with any head pain.",
    "aura_day": "An aura day is a local calendar day with any aura, with or without headache.",
    "acute_med_day": "A day with an acute medicine is the local calendar day of intake; antiemetics do not count.",
    "use_day": "A day of use is a local calendar day with any use.",
}
# Below this share of the full effect the contrast with "no treatment" is nearly empty.
_ACTING_FROM = 0.25
_ABOUT_WORDS = {
    "usual_medicines": "Usual medicines during the diary",
    "dates": "Dates",
    "source": "Source of the diary",
    "licence": "Licence of the diary",
}
_HEADLINES = {
    RESPONDING: "Probably working",
    NOT_RESPONDING: "Probably not working",
    TOO_EARLY: "Too early to say",
    CANNOT_TELL: "This diary cannot tell",
}


class Bar(NamedTuple):
    """One estimate on the picture of rates: median and interval in days per 28; was it seen, or only estimated?"""

    label: str
    value: Interval
    estimated: bool = False


class NumberRow(NamedTuple):
    """One row of the five numbers, already in words."""

    label: str
    before: str
    recent: str
    change: str
    recorded: bool


class Page(NamedTuple):
    """Everything on the page, in reading order."""

    review: Review
    title: str
    about: tuple[str, ...]
    badge: str
    verdict: str
    headline: str
    plain: str
    verdict_line: str
    beside: tuple[str, ...]
    bars: tuple[Bar, ...]
    rows: tuple[NumberRow, ...]
    coming: tuple[str, ...]
    reasons: tuple[Reason, ...]
    sources: tuple[tuple[str, str], ...]
    small_print: tuple[str, ...]


def compose(review: Review) -> Page:
    """Put a review into words."""
    response = review.response
    reasons = response.reasons
    cited = sorted({key for reason in reasons for key in reason.source})
    return Page(
        review=review,
        title=f"{words.sentence(review.exposure.treatment)}: did it help?",
        about=_about(review),
        badge=_badge(review),
        verdict=response.verdict,
        headline=_HEADLINES[response.verdict],
        plain=_plain(review),
        verdict_line=_verdict_line(review),
        beside=_beside(review),
        bars=_bars(response),
        rows=tuple(_number_row(item) for item in review.items),
        coming=_coming(review),
        reasons=reasons,
        sources=tuple((key, all_sources()[key].citation) for key in cited),
        small_print=_small_print(review),
    )


def _outcome(review: Review) -> str:
    return OUTCOME_WORDS[review.response.outcome][1]


def _about(review: Review) -> tuple[str, ...]:
    response, series = review.response, review.series
    person = review.about.get("person")
    known = f"{response.known} of {words.counted(response.days, 'day')} known"
    if response.recalled:
        known += f", {response.recalled} of them written down later from memory"
    period = f"{words.day(series.first_day)} to {words.day(series.last_day)}"
    return tuple(part for part in (person and f"Person {person}", period, known) if part)


def _badge(review: Review) -> str:
    kind = review.about.get("kind", "")
    return {"real": "A real person's diary", "simulated": "Simulated diary: nobody real is in it"}.get(kind, "")


def _treated_days(review: Review) -> int:
    return (review.series.last_day - review.exposure.start).days + 1


def _plain(review: Review) -> str:
    """One or two sentences for the person whose diary it is."""
    response, outcome = review.response, _outcome(review)
    name = review.exposure.treatment
    now = f"about {words.days(response.current.estimate)} days in 28"
    if _treated_days(review) <= 0:
        return f"{words.sentence(name)} has not begun yet on the last day of this diary; {outcome} come on {now}."
    if response.baseline is None:
        seen = f"{outcome.capitalize()} come on {now}. How it was before {name} is not in the diary."
    else:
        before = words.days(response.baseline.estimate)
        seen = f"{outcome.capitalize()} came on about {before} days in 28 before {name}; now they come on {now}."
    return f"{seen} {_meaning(review)}"


def _meaning(review: Review) -> str:
    response, name = review.response, review.exposure.treatment
    share = percent(response.question.threshold)
    return {
        RESPONDING: f"It is likely that {name} takes away at least {share} of them.",
        NOT_RESPONDING: f"It is unlikely that {name} takes away {share} of them or more.",
        TOO_EARLY: f"It is judged from {words.day(response.question.judge_on)} on; until then any figure may still turn.",
        CANNOT_TELL: _undecided(review),
    }[response.verdict]


def _undecided(review: Review) -> str:
    """Why the diary cannot tell, in words."""
    response, name = review.response, review.exposure.treatment
    first = response.reasons[0]
    if first.rule != "judge.undecided":
        return f"Whether {name} is the reason cannot be told. {first.because}"
    return (
        f"Whether {name} is the reason cannot be told: headaches come in waves by themselves, and without it they could "
        f"now be anywhere from {words.days_range(response.untreated)} days in 28."
        if response.outcome == HEADACHE_DAY
        else f"Whether {name} is the reason cannot be told: such days come in waves by themselves, and without it there "
        f"could now be anywhere from {words.days_range(response.untreated)} in 28."
    )


def _acting(review: Review) -> bool:
    """Whether enough of the effect would be there by now to speak of what the treatment explains."""
    return review.response.exposure_now >= _ACTING_FROM


def _verdict_line(review: Review) -> str:
    """The clinician's line: what since when, rates with interval, probabilities."""
    response = review.response
    name, start = words.sentence(review.exposure.treatment), review.exposure.start
    rate = f"{_outcome(review).capitalize()} "
    if response.baseline is not None:
        rate += f"{words.days(response.baseline.estimate)} \N{RIGHTWARDS ARROW} "
    rate += (
        f"{words.days(response.current.estimate)} per 28 (90\N{NO-BREAK SPACE}% interval {words.days_range(response.current)})."
    )
    if _treated_days(review) <= 0:
        return f"{name} starts on {words.day(start)}, after the last day of the diary. {rate} Nothing to judge."
    since = f"{name} since {words.day(start)} ({words.counted(_treated_days(review), 'day')})."
    if not _acting(review):
        share = percent(response.exposure_now)
        return f"{since} {rate} By now about {share} of its effect would be there, if it has one."
    chances = ", ".join(
        f"P(\N{GREATER-THAN OR EQUAL TO}{size}\N{NO-BREAK SPACE}%) "
        f"{words.probability(response.probability[f'reduction_ge_{size}'] or 0.0)}"
        for size in (30, 50)
    )
    return f"{since} {rate} Reduction because of it: {chances}."


def _beside(review: Review) -> tuple[str, ...]:
    """The visible change beside the change because of the treatment."""
    response, outcome, name = review.response, _outcome(review), review.exposure.treatment
    if not _acting(review):
        return ()
    lines = []
    if response.change_pct is not None:
        seen = Interval(-response.change_pct.estimate, -response.change_pct.upper, -response.change_pct.lower)
        lines.append(f"What the diary shows: {_spread(seen)} {outcome}, compared with before {name}, for whatever reason.")
    lines.append(f"What {name} explains: {_spread(response.reduction_pct)}, compared with now without it.")
    lines.append(f"Of that second answer, about {percent(response.prior_share)} rests on what was assumed before the diary.")
    return tuple(lines)


def _spread(reduction: Interval) -> str:
    low, high = words.fewer_or_more(reduction.lower), words.fewer_or_more(reduction.upper)
    return f"{words.fewer_or_more(reduction.estimate)} (90\N{NO-BREAK SPACE}% interval {low} to {high})"


def _bars(response: Response) -> tuple[Bar, ...]:
    bars = [Bar("Now, had there been no treatment", response.untreated, estimated=True), Bar("Now", response.current)]
    if response.baseline is not None:
        bars.append(Bar("Before", response.baseline))
    return tuple(reversed(bars))


def _number_row(item: ItemCount) -> NumberRow:
    label = _ITEM_WORDS[item.item]
    if not item.recorded:
        return NumberRow(label, "", "", "", recorded=False)
    before, recent = _per_month(item.before, item.before_answered), _per_month(item.recent, item.recent_answered)
    change = "" if before is None or recent is None else f"{words.signed(recent - before, 1)} per 28"
    return NumberRow(label, _count(item.before, before), _count(item.recent, recent), change, recorded=True)


def _per_month(window: Window | None, answered: float) -> float | None:
    """Days per 28, None where the answered days are too few or no fair sample of the reported ones."""
    if window is None or answered < day_rules().complete_share:
        return None
    return window.hd28


def _count(window: Window | None, per_month: float | None) -> str:
    if window is None or not window.n_logged:
        return "not known"
    raw = f"{window.hd} of {words.counted(window.n_logged, 'day')}"
    if per_month is None:
        return f"{raw}; too few answers for a rate"
    return f"{per_month:.1f} per 28 ({raw})"


def _coming(review: Review) -> tuple[str, ...]:
    response, (one, many) = review.response, OUTCOME_WORDS[review.response.outcome]
    going, stop = response.continuing.days, response.stopping.days
    none, few = response.residual_bands["0"], response.residual_bands["lt4"]
    return (
        f"Going on: {words.days_range(going)} {many} in the next 28 (middle {going.estimate:.0f}).",
        f"Stopping: {words.days_range(stop)} (middle {stop.estimate:.0f}), if it wears off as it came on.",
        f"Going on, the chance of fewer than 4 {many} is {words.probability(none + few)}; of not a single {one}, "
        f"{words.probability(none)}.",
    )


def _small_print(review: Review) -> tuple[str, ...]:
    response = review.response
    share, judge_on, rules = response.question.threshold, response.question.judge_on, judging_rules()
    lines = [
        f"Response: at least {percent(share)} fewer than in the same weeks without the treatment, judged from "
        f"{words.day(judge_on)} on. Working: probability {rules.responding_from:.2f} or more. Not working: "
        f"{rules.not_responding_up_to:.2f} or less.",
        f"{_DEFINITIONS[response.outcome]} An unknown day is never counted as clear; rates are days per 28, over known days.",
        "Intervals are credible intervals. Model: carry-over from day to day, a weekly level that drifts and returns, an "
        "effect of the treatment that comes on slowly.",
    ]
    lines += [f"{label}: {review.about[key].rstrip('.')}." for key, label in _ABOUT_WORDS.items() if key in review.about]
    lines.append(
        "This page informs; it is no diagnosis and no prescription. What to do next is decided with a clinician. Do not "
        "start, change or stop a treatment because of it alone."
    )
    lines.append(f"cleardays {__version__}, model {response.provenance['model']}, seed {response.provenance['seed']}.")
    return tuple(lines)
