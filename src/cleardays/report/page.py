"""What the page says, composed once from a review; the renderers only lay it out."""

from __future__ import annotations

import math
from typing import NamedTuple

from cleardays import __version__
from cleardays.diary.conditions import declared, standard_drink_g
from cleardays.diary.outcomes import CLASSED
from cleardays.diary.rules import day_rules
from cleardays.diary.series import AmountSeries
from cleardays.diary.windows import Window
from cleardays.quantities import percent
from cleardays.report import wording, words
from cleardays.report.amounts import Told, judged_amounts
from cleardays.response.summary import Interval
from cleardays.sources import Reason, all_sources
from cleardays.trial.account.standing import is_judged, is_silent, is_thin
from cleardays.trial.review import ItemCount, Review, judging_rules

_ITEM_WORDS = {
    "headache": "Headache days",
    "own_migraine": "Migraine days (own answer)",
    "moderate_or_severe": "Days of moderate or severe pain",
    "acute_medicine": "Days with an acute medicine",
    "lost_function": "Days of lost function",
}
_ABOUT_WORDS = {
    "usual_medicines": "Usual medicines during the diary",
    "dates": "Dates",
    "source": "Source of the diary",
    "licence": "Licence of the diary",
}
_CAPTION = (
    "Dots are smoothed estimates: a short or wavy diary is not taken at face value, so they may differ from the counts. "
    "Lines are 90\N{NO-BREAK SPACE}% intervals."
)
_HOLLOW = " The hollow dot is an estimate of what nobody saw."
_TICKS = {28: (0, 7, 14, 21, 28), 10: (0, 2, 4, 6, 8, 10)}
_MOST_TICKS = 5  # of a scale that ends where its figures do, beside 0


class Bar(NamedTuple):
    """One estimate on the picture of rates: median and interval in the unit of its scale; was it seen, or only estimated?"""

    label: str
    value: Interval
    estimated: bool = False


class Scale(NamedTuple):
    """The scale of the picture of rates: what it shows, where it has ticks, what is said at its end."""

    title: str
    ticks: tuple[int, ...]
    end: str
    decimals: int


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
    next_step: str
    verdict_line: str
    bars: tuple[Bar, ...]
    beside: tuple[str, ...]
    rows: tuple[NumberRow, ...]
    coming: tuple[str, ...]
    over_time: tuple[Reason, ...]
    reasons: tuple[Reason, ...]
    sources: tuple[tuple[str, str], ...]
    small_print: tuple[str, ...]

    @property
    def caption(self) -> str:
        """What the marks of the picture of rates mean."""
        return _CAPTION + (_HOLLOW if any(bar.estimated for bar in self.bars) else "")

    @property
    def scale(self) -> Scale:
        """What the picture of rates is drawn on."""
        return scale_of(wording.spoken(self.review), [bar.value.upper for bar in self.bars])

    @property
    def not_recorded(self) -> str:
        """The items that this diary never answers, in one sentence; empty when it answers all."""
        missing = [row.label[0].lower() + row.label[1:] for row in self.rows if not row.recorded]
        return f"Not recorded in this diary: {', '.join(missing)}." if missing else ""


def compose(review: Review) -> Page:
    """Put a review into words."""
    reasons = review.response.reasons
    cited = sorted({key for reason in (*reasons, *review.over_time.lines) for key in reason.source})
    return Page(
        review=review,
        title=f"{words.sentence(review.exposure.treatment)}: did it help?",
        about=_about(review),
        badge=_badge(review),
        verdict=review.response.verdict,
        headline=wording.headline(review),
        plain=wording.plain(review),
        next_step=wording.next_step(review),
        verdict_line=wording.verdict_line(review),
        bars=_bars(review),
        beside=wording.beside(review),
        rows=_rows(review),
        coming=wording.coming(review),
        over_time=review.over_time.lines,
        reasons=reasons,
        sources=tuple((key, all_sources()[key].citation) for key in cited),
        small_print=_small_print(review),
    )


def scale_of(outcome: words.Outcome, shown: list[float]) -> Scale:
    """The scale of an outcome for figures that are shown on it."""
    ticks = _TICKS[outcome.most] if outcome.most else _round_ticks(shown)
    return Scale(outcome.scale, ticks, f"{ticks[-1]:,}{outcome.end}", outcome.decimals)


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


def _bars(review: Review) -> tuple[Bar, ...]:
    """Before, now, and (once it can be judged) now without the treatment; none where no rate is given."""
    response = review.response
    if is_silent(review):
        return ()
    bars = [] if response.baseline is None or is_thin(review) else [Bar("Before", response.baseline)]
    bars.append(Bar("Now", response.current))
    if is_judged(review):
        bars.append(Bar("Now, had it not been started", response.untreated, estimated=True))
    return tuple(bars)


def _round_ticks(shown: list[float]) -> tuple[int, ...]:
    """From 0 in steps of 1, 2 or 5 times a power of ten to beyond the greatest figure.

    >>> _round_ticks([150.3, 17.0]), _round_ticks([0.3])
    ((0, 50, 100, 150, 200), (0, 1))
    """
    greatest = max([*shown, 1.0])
    power = 10 ** max(0, math.floor(math.log10(greatest / _MOST_TICKS)))
    step = next(size * power for size in (1, 2, 5, 10) if greatest <= _MOST_TICKS * size * power)
    return tuple(step * index for index in range(math.ceil(greatest / step) + 1))


def _rows(review: Review) -> tuple[NumberRow, ...]:
    """The items; where the outcome is none of headaches, the outcome itself and what else was recorded."""
    rates = not is_silent(review)
    items = [_number_row(item, rates=rates) for item in review.items]
    outcome = wording.spoken(review)
    if outcome.headache:
        return tuple(items)
    # such a diary need not say anything about headaches: its own days are what was reported
    counted = review.counted._replace(before_answered=1.0, recent_answered=1.0)
    own = _number_row(counted, rates=rates, label=words.sentence(outcome.many))
    other = [_number_row(item, rates=rates, label=_many(review, item.item)) for item in review.beside if item.recorded]
    judged = judged_amounts(review.amounts, review.response.outcome)
    first = [_amount_row(review, judged, rates=rates)] if judged else []
    amounts = [_amount_row(review, each, rates=rates) for each in review.amounts if each is not judged]
    rows = (*first, own, *other, *amounts, *(item for item in items if item.recorded))
    return tuple(row for row in rows if row is not None)


def _many(review: Review, outcome: str) -> str:
    return words.sentence(declared(review.about, outcome).had[1])


def _amount_row(review: Review, amounts: AmountSeries, *, rates: bool) -> NumberRow | None:
    """The amounts of the same stretches of days; no mean where no rate is given."""
    if amounts.averaged and not rates:
        return None
    windows = (review.counted.before, review.counted.recent)
    before, recent = (None if w is None or not w.n_logged else Told(amounts, w) for w in windows)
    change = ""
    if rates and before is not None and recent is not None and before.fair and recent.fair:
        change = words.signed(recent.per_month - before.per_month, 1) + ("" if amounts.averaged else " per 28")
    then, now = ("not known" if told is None else told.cell(rates=rates) for told in (before, recent))
    return NumberRow(words.outcome_words(review.about, amounts.outcome).row, then, now, change, recorded=True)


def _number_row(item: ItemCount, *, rates: bool, label: str = "") -> NumberRow:
    label = label or _ITEM_WORDS[item.item]
    if not item.recorded:
        return NumberRow(label, "", "", "", recorded=False)
    before = _per_month(item.before, item.before_answered) if rates else None
    recent = _per_month(item.recent, item.recent_answered) if rates else None
    change = "" if before is None or recent is None else f"{words.signed(recent - before, 1)} per 28"
    return NumberRow(label, _count(item.before, before), _count(item.recent, recent), change, recorded=True)


def _per_month(window: Window | None, answered: float) -> float | None:
    """Days per 28, None where the answered days are too few or no fair sample of the reported ones."""
    rules = day_rules()
    if window is None or answered < rules.complete_share or window.n_logged < rules.least_logged_days:
        return None
    return window.hd28


def _count(window: Window | None, per_month: float | None) -> str:
    if window is None or not window.n_logged:
        return "not known"
    days = words.counted(window.n_logged, "day")
    if per_month is not None:
        return f"{per_month:.1f} per 28 ({window.hd} of {days})"
    return f"{window.hd} of {days}" if window.n_logged == window.n_days else f"{window.hd} of the {days} with an answer"


def _small_print(review: Review) -> tuple[str, ...]:
    response, rules, outcome = review.response, judging_rules(headache=wording.spoken(review).headache), wording.spoken(review)
    definition = outcome.definition.format(grams=f"{standard_drink_g(review.about):g}")
    enough = f"at least {percent(response.question.threshold)} {outcome.less}"
    lines = [
        f"Response: {enough} than in the same weeks without the treatment, judged from "
        f"{words.day(response.question.judge_on)} at the earliest. Helps: probability "
        f"{rules.responding_from:.2f} or more. Does not help enough: {rules.not_responding_up_to:.2f} or less.",
        f"{definition} An unknown day is never counted as a {outcome.without[0]}; {outcome.rates}.",
        "Intervals are credible intervals. Model: carry-over from day to day, a weekly level that drifts and returns, an "
        f"effect of the treatment that comes on slowly.{_second_rows(response.outcome, outcome)}",
    ]
    lines += [f"{label}: {review.about[key].rstrip('.')}." for key, label in _ABOUT_WORDS.items() if key in review.about]
    lines.append(
        "This page informs; it is no diagnosis and no prescription. What to do next is decided with a clinician. Do not "
        "start, change or stop a treatment because of it alone."
    )
    lines.append(f"cleardays {__version__}, model {response.provenance['model']}, seed {response.provenance['seed']}.")
    return tuple(lines)


def _second_rows(outcome_id: str, outcome: words.Outcome) -> str:
    """What else is fitted beside the days, in a sentence or two."""
    if outcome_id in CLASSED:
        headache = words.outcome_words({}, "headache_day").many
        return (
            f" Fitted together with {headache}: how many {headache} there are, and which of them are {outcome.many}. A "
            "treatment may act on the one more than on the other."
        )
    if not outcome.amount:
        return ""
    return f" Fitted together: which are {outcome.many}, and how much it was on those, by steps: more than 1, more than 2, ..."
