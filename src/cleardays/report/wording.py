"""The sentences of the page. Each says no more than the answer knows."""

from __future__ import annotations

from cleardays.diary.windows import Window
from cleardays.quantities import percent
from cleardays.report import words
from cleardays.report.amounts import Told, judged_amounts
from cleardays.report.treatment_page_words import in_sentence
from cleardays.response.answer import Response
from cleardays.response.summary import Interval
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY
from cleardays.trial.account.standing import is_judged, is_silent, is_thin
from cleardays.trial.review import Review

HEADLINES = {
    RESPONDING: "Probably helps",
    NOT_RESPONDING: "Probably does not help enough",
    TOO_EARLY: "Too early to say",
    CANNOT_TELL: "This diary cannot tell",
}
_LONGEST_NAME = 40
# Below this chance of being worse off, an undecided answer may say that it probably helps some.
HARDLY_WORSE = 0.10
_NOTICEABLE = 0.05  # share of what was before; a smaller rise is not spoken of
# From this probability on that there are more than before, a headline may say so.
_SURELY_MORE = 0.80
INTERVAL = "90\N{NO-BREAK SPACE}% interval"


def spoken(review: Review) -> words.Outcome:
    """How the judged outcome is spoken of."""
    return words.outcome_words(review.about, review.response.outcome)


def name_of(review: Review) -> str:
    """The treatment's name where a sentence can hold it."""
    name = in_sentence(review.exposure.treatment)
    return name if len(name) <= _LONGEST_NAME else "the treatment"


def treated_days(review: Review) -> int:
    """Days of treatment up to the last day read; 0 or less before it begins."""
    return (review.series.last_day - review.exposure.start).days + 1


def headline(review: Review) -> str:
    """The verdict in a few words."""
    response = review.response
    # with another change at the same time the headline must not credit the treatment
    helps = "Something probably helps" if "co_intervention" in review.about else HEADLINES[RESPONDING]
    if response.verdict == RESPONDING:
        return helps
    if response.verdict == CANNOT_TELL and is_judged(review) and _helps_some(response):
        return f"{helps}; whether by {_half(response.question.threshold)} is not settled"
    if response.verdict == NOT_RESPONDING and _perhaps_worse(review) and _have_risen(response):
        return f"Probably does not help; {_risen(spoken(review))}"
    return HEADLINES[response.verdict]


def _have_risen(response: Response) -> bool:
    return (response.probability_visible["worse"] or 0.0) >= _SURELY_MORE


def _risen(outcome: words.Outcome) -> str:
    return outcome.risen or f"{outcome.many} have increased"


def _helps_some(response: Response) -> bool:
    return (response.probability["worse"] or 0.0) <= HARDLY_WORSE


def plain(review: Review) -> str:
    """A few sentences for the person whose diary it is: what was counted, and what it means."""
    sentences = [_counts(review), _meaning(review)]
    if is_judged(review) and "co_intervention" in review.about:
        sentences.append(f"Something else changed too: {review.about['co_intervention']}.")
    return " ".join(sentences)


def _counts(review: Review) -> str:
    has, name = spoken(review).has, name_of(review)
    before, recent = review.counted.before, review.counted.recent
    if recent.n_days == 1 and recent.n_logged:
        return _first_day(review)
    last = "the last day" if recent.n_days == 1 else f"the last {recent.n_days} days"
    of = last if recent.n_logged == recent.n_days else f"the {words.counted(recent.n_logged, 'known day')} of {last}"
    amounts = judged_amounts(review.amounts, review.response.outcome)
    if amounts is not None and before is not None and treated_days(review) > 0 and not is_silent(review):
        then, now = Told(amounts, before), Told(amounts, recent)
        if then.fair and now.fair:
            return _means(review, then, now)
    lately = f"on {recent.hd} of {of}" if recent.n_logged else f"unknown on all of {last}"
    if treated_days(review) <= 0:
        return f"{words.sentence(has)} {lately}; {name} has not begun yet."
    if before is None or not before.n_logged:
        return f"{words.sentence(has)} {lately}. How it was before {name} is not in the diary."
    return f"{words.sentence(has)} on {_share(before)} before {name}; {lately}."


def _first_day(review: Review) -> str:
    """A diary of one day."""
    had = f"{words.sentence(spoken(review).has)} on" if review.counted.recent.hd else f"No {spoken(review).has} on"
    begun = f"How it was before {name_of(review)} is not in the diary." if treated_days(review) > 0 else ""
    return f"{had} the only day told. {begun}".strip()


def _means(review: Review, then: Told, now: Told) -> str:
    """What a day held on average, before and lately."""
    first = spoken(review).average.format(figure=f"{then.mean:.1f}")
    on, lately = (words.counted(len(each.known), "known day") for each in (then, now))
    last = f"{now.mean:.1f} on the {lately} of the last {review.counted.recent.n_days} days"
    return f"{words.sentence(first)} on the {on} before {name_of(review)}, and {last}."


def _share(window: Window) -> str:
    if not window.n_logged:
        return "none known"
    if window.n_logged == window.n_days:
        return f"{window.hd} of {words.counted(window.n_days, 'day')}"
    return f"{window.hd} of the {words.counted(window.n_logged, 'known day')}"


def _half(share: float) -> str:
    return "half" if share == 0.5 else percent(share)


def _meaning(review: Review) -> str:
    response, name, down = review.response, name_of(review), spoken(review).down
    if response.verdict == TOO_EARLY:
        when = words.day(response.question.judge_on)
        return f"{words.sentence(name)} is judged from {when} at the earliest; until then these figures may still change."
    if not is_judged(review):
        return f"Whether {name} helps cannot be told. {response.reasons[0].because}"
    half = _half(response.question.threshold)
    cause = f"starting {name}, or what else changed," if "co_intervention" in review.about else f"starting {name}"
    if response.verdict == RESPONDING:
        return f"It is likely that {cause} brought {down} down by at least {half}."
    if response.verdict == NOT_RESPONDING:
        return f"It is unlikely that {cause} brought {down} down by {half} or more.{_perhaps_worse(review)}"
    return _undecided(review, cause, half)


def _perhaps_worse(review: Review) -> str:
    response = review.response
    worse = response.probability["worse"] or 0.0
    if worse < 0.5 or response.baseline is None:
        return ""
    rise = response.current.estimate - response.baseline.estimate
    if rise <= 0 or rise < _NOTICEABLE * response.baseline.estimate:  # with a headache every day before and now, nothing rose
        return ""
    return f" The chance that {spoken(review).worse} is {words.hundred(worse)}."


def _undecided(review: Review, cause: str, half: str) -> str:
    response, outcome = review.response, spoken(review)
    open_ = f"whether by at least {half} is not settled: the chance is {words.hundred(response.chance)}."
    if _helps_some(response):
        return f"{words.sentence(cause)} probably brought {outcome.down} down; {open_}"
    alone, now = response.untreated, response.current.estimate
    if alone.lower <= now <= alone.upper and (outcome.amount or review.series.had < review.series.known):
        waves = outcome.waves.format(range=_range(alone, outcome))
        return f"Whether {name_of(review)} is the reason cannot be told: {waves}."
    return f"Whether {name_of(review)} brought {outcome.down} down, and {open_[0].lower()}{open_[1:]}"


def verdict_line(review: Review) -> str:
    """The clinician's line: what since when, rates with interval, probabilities."""
    response, start, outcome = review.response, review.exposure.start, spoken(review)
    name = words.sentence(review.exposure.treatment)
    if treated_days(review) <= 0:
        return f"{name} starts on {words.day(start)}, after the last day of the diary. Nothing to judge."
    since = f"{name} since {words.day(start)} ({words.counted(treated_days(review), 'day')})."
    if is_silent(review):
        return f"{since} No rate is given: the days in the diary may not stand for those that are missing."
    rate, decimals = f"{words.sentence(outcome.line or outcome.many)}, smoothed: ", outcome.decimals
    if response.baseline is not None and not is_thin(review):
        rate += f"{words.figure(response.baseline.estimate, decimals)} \N{RIGHTWARDS ARROW} "
    rate += f"{words.figure(response.current.estimate, decimals)}{outcome.per} "
    rate += f"({INTERVAL} now {words.figure_range(response.current, decimals)})."
    if not is_judged(review):
        return f"{since} {rate}"
    chances = ", ".join(
        [
            *(
                f"P(\N{GREATER-THAN OR EQUAL TO}{size}\N{NO-BREAK SPACE}% {outcome.less}) {_chance(response, size)}"
                for size in (30, 50)
            ),
            f"P({outcome.more}) {words.probability(response.probability['worse'] or 0.0)}",
        ]
    )
    return f"{since} {rate} Against not starting it: {chances}."


def _chance(response: Response, size: int) -> str:
    return words.probability(response.probability[f"reduction_ge_{size}"] or 0.0)


def beside(review: Review) -> tuple[str, ...]:
    """The visible change beside the change that came with the treatment, and what the diary added."""
    response, name, outcome = review.response, name_of(review), spoken(review)
    if not is_judged(review):
        return ()
    lines = []
    if response.change_pct is not None:
        seen = Interval(-response.change_pct.estimate, -response.change_pct.upper, -response.change_pct.lower)
        told = outcome.told or outcome.many
        lines.append(f"Estimated change, for whatever reason: {_spread(seen, outcome)} {told} than before {name}.")
    lines.append(f"Estimated from having started {name}: {_spread(response.reduction_pct, outcome)} than without it.")
    lines.append(
        f"Chance of at least {percent(response.question.threshold)} {outcome.less} from having started it: "
        f"{words.hundred(response.chance_before)} before the diary was read, {words.hundred(response.chance)} after."
    )
    lines.append("How much of this is the treatment itself and how much is expectation, one start cannot show.")
    return tuple(lines)


def _spread(reduction: Interval, outcome: words.Outcome) -> str:
    between = words.fewer_or_more_range(reduction.lower, reduction.upper, outcome.less, outcome.more)
    return f"{words.fewer_or_more(reduction.estimate, outcome.less, outcome.more)} ({INTERVAL} {between})"


def next_step(review: Review) -> str:
    """What the person can do now; never to start, change or stop alone."""
    response, outcome = review.response, spoken(review)
    without = outcome.better or outcome.without[1]
    if is_silent(review):
        return f"What helps: write every day for some weeks, the {without} above all. Change nothing by yourself."
    if response.verdict == TOO_EARLY:
        return f"Keep writing, {without} too. Change nothing by yourself; bring this page to the appointment."
    if response.verdict == RESPONDING:
        return "Whether to go on is decided with your clinician. Keep writing, so that it would show if it wore off."
    if response.verdict == NOT_RESPONDING:
        return "Bring this page to your clinician: changing or stopping is decided together, never alone."
    if is_thin(review):
        return (
            "Days from now on cannot replace those missing before the start: if there are older notes, add them. Bring "
            "this page to your clinician, and change nothing by yourself."
        )
    if any(reason.rule == "attribution.cannot-separate" for reason in response.reasons):
        return (
            "More days of the same cannot tell them apart. Whether to go on with all, or to change one at a time, is decided "
            "with your clinician; change nothing by yourself."
        )
    return f"More days may settle it: keep writing, {without} too. Going on or stopping is decided with your clinician."


def coming(review: Review) -> tuple[str, ...]:
    """The forecast in words."""
    response, outcome = review.response, spoken(review)
    if is_silent(review):
        return ("No forecast is given: the days in the diary may not stand for those that are missing.",)
    going, stop = response.continuing.days, response.stopping.days
    expected = (outcome.coming or f"{{range}} {outcome.many} in the next 28").format(range=_range(going, outcome))
    lines = [f"Going on: {expected} (middle {words.figure(going.estimate, outcome.decimals)})."]
    if is_judged(review):
        lines.append(
            f"If it were stopped, with a clinician: {_range(stop, outcome)} (middle "
            f"{words.figure(stop.estimate, outcome.decimals)}), supposing that it wears off as it came on."
        )
    if response.residual_bands is not None:
        lines.append(_residual(response.residual_bands, outcome))
    return tuple(lines)


def _range(interval: Interval, outcome: words.Outcome) -> str:
    return words.figure_range(interval, outcome.decimals)


def _residual(bands: dict[str, float], outcome: words.Outcome) -> str:
    not_one = words.probability(bands["0"])
    if not outcome.few:
        return f"Going on, the chance of not a single {outcome.one} is {not_one}."
    fewer_than_4 = words.probability(bands["0"] + bands["lt4"])
    return f"Going on, the chance of fewer than 4 is {fewer_than_4}; of not a single {outcome.one}, {not_one}."
