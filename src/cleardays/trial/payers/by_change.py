"""Rules that compare with before: a share of fewer days, fewer at all, a lower score, any one of several signs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cleardays.clock import say_day
from cleardays.diary.entries import Score
from cleardays.diary.instruments import instruments
from cleardays.diary.responder import say_pct
from cleardays.diary.stop_data import CONTINUE, NO_RESPONSE, PAUSE, TOO_EARLY, stop_rules
from cleardays.diary.stop_rules import judge_stop
from cleardays.trial.payers.by_days import NOT_BEGUN, baseline_type
from cleardays.trial.payers.days import ONE, Count
from cleardays.trial.payers.facts import Facts
from cleardays.trial.payers.findings import CANNOT_TELL, FAILS, MEETS, NOT_YET, Found
from cleardays.trial.payers.packs import Criterion
from cleardays.trial.payers.spans import (
    AFTER_SESSION,
    BEFORE,
    NAMES,
    NoSpan,
    after_session,
    all_said,
    enough_days,
    latest,
    length,
    months_before,
)

_METRICS = {"hd": "headache_day", "md": "migraine_day", "attacks": "attacks"}
_VERDICTS = {CONTINUE: MEETS, PAUSE: MEETS, TOO_EARLY: NOT_YET, NO_RESPONSE: FAILS, None: CANNOT_TELL}
_SCORES = {"midas": "MIDAS", "hit6": "HIT6", "mpfid": "MPFID"}
_LEFT_OUT = "stop.not-told"


def by_reduction(row: Criterion, facts: Facts) -> Found:
    """A share of fewer days after long enough, by a stop rule; what the unknown days could do to it is said."""
    rule = row.asks_for["rule"]
    source = tuple(stop_rules()[rule]["source"])
    if not facts.begun:
        return Found(NOT_YET, NOT_BEGUN, source=source)
    cycles = stop_rules()[rule]["judge_at"].get("cycles", 0)
    if facts.sessions_told and len(facts.sessions) < cycles:
        why = f"It is judged after {cycles} sessions; {len(facts.sessions)} is told of."
        return Found(NOT_YET, why, source=source)
    key = stop_rules()[rule]["metrics"][0]
    before, now = _before(facts, _METRICS[key]), _now(row, facts, _METRICS[key])
    if before is None or now is None:
        what = "no table of attacks" if key == "attacks" else "no session that 28 days have passed since"
        return Found(CANNOT_TELL if key == "attacks" else NOT_YET, f"There is {what}.", source=source)
    asked = {"rule": rule, "weeks": facts.treated_days // 7} | _class(facts, rule)
    judged = judge_stop(asked | _figures(key, before, now))
    verdict = _VERDICTS[_word(judged)]
    others = [enough_days(count) for count in (before, now) if count.too_few]
    if cycles and not facts.sessions_told:
        others.append("The sessions are not told; it is judged by the weeks since the first.")
    if verdict in (MEETS, FAILS) and key != "attacks":
        others += _sure(asked, key, before, now, verdict)
    fall = judged["reduction_pct"]
    number = None if fall is None else f"{say_pct(Fraction(str(fall)))} fewer"
    return Found(verdict, _because(judged), number, (before, now), (), tuple(others), source)


def _class(facts: Facts, rule: str) -> dict[str, object]:
    return {} if "any" in stop_rules()[rule]["continue_from_pct"] else {"baseline_type": baseline_type(facts)}


def _before(facts: Facts, metric: str) -> Count | None:
    if metric == "attacks":
        assert facts.start is not None  # only asked of what has begun
        return facts.days.count_attacks(facts.start - length(), facts.start - ONE, "28 days before treatment")
    counts = months_before(BEFORE, facts, metric, 1)
    assert not isinstance(counts, NoSpan)  # these days always have an end
    return counts[0]


def _now(row: Criterion, facts: Facts, metric: str) -> Count | None:
    if metric == "attacks":
        return facts.days.count_attacks(facts.as_of - length() + ONE, facts.as_of, "latest 28 days")
    return after_session(facts, metric) if row.asks_for.get("window") == AFTER_SESSION else latest(facts, metric)[0]


def _figures(key: str, before: Count, now: Count) -> dict[str, object]:
    sides = {"baseline": before, "current": now}
    if key == "attacks":  # attacks have no window of their own: scaled here, over the days that are known
        rates = {side: count.per_28 for side, count in sides.items()}
        return {f"{side}_attacks": None if rate is None else float(rate) for side, rate in rates.items()}
    return {f"{side}_window": _window(key, len(count.days), count.known, count.had) for side, count in sides.items()}


def _window(key: str, days: int, known: int, had: int) -> dict[str, int]:
    return {"n_days": days, "n_logged": known, key: had}


def _word(judged: dict[str, object]) -> str | None:
    verdict = judged["verdict"]
    assert verdict is None or isinstance(verdict, str)
    return verdict


def _because(judged: dict[str, Any]) -> str:
    return " ".join(text for rule, text in _reasons(judged) if rule not in (_LEFT_OUT, "stop.not-used"))


def _reasons(judged: dict[str, Any]) -> list[tuple[str, str]]:
    return [(reason["rule"], reason["because"]) for reason in judged["reasons"]]


def _sure(asked: dict[str, object], key: str, before: Count, now: Count, verdict: str) -> list[str]:
    """Whether it would come out otherwise if every unknown day counted against it, or for it."""
    unknown = before.unknown + now.unknown
    if not unknown:
        return []
    against = (before.had, now.had + now.unknown) if verdict == MEETS else (before.had + before.unknown, now.had)
    worst = {side: _window(key, 28, 28, had) for side, had in zip(("baseline_window", "current_window"), against, strict=True)}
    same = _VERDICTS[_word(judge_stop(asked | worst))] == verdict
    days = "The unknown day" if unknown == 1 else f"The {unknown} unknown days"
    return [f"{days} cannot change that." if same else f"{days} could change that; the known ones are taken to stand for them."]


def by_fall(row: Criterion, facts: Facts) -> Found:
    """A share of fewer days that the pack itself names, after so many weeks."""
    ask = row.asks_for
    if facts.treated_days < 7 * ask["after_weeks"]:
        weeks = f"It is judged after {ask['after_weeks']} weeks; {facts.treated_days // 7} have passed."
        return Found(NOT_YET, weeks if facts.begun else NOT_BEGUN)
    return _compared(row, facts, int(ask["at_least_pct"]))


def by_fewer(row: Criterion, facts: Facts) -> Found:
    """Fewer days than before, however few fewer."""
    if facts.treated_days < length().days:
        return Found(NOT_YET, "Treatment has gone on for less than 28 days." if facts.begun else NOT_BEGUN)
    return _compared(row, facts, None)


def _compared(row: Criterion, facts: Facts, least_pct: int | None) -> Found:
    before, now = _before(facts, row.asks_for["metric"]), latest(facts, row.asks_for["metric"])[0]
    assert before is not None  # only attacks may be missing
    counts, few = (before, now), [enough_days(count) for count in (before, now) if count.too_few]
    then, lately = before.per_28, now.per_28
    both = f"{all_said(counts)}."
    if then is None or lately is None:
        return Found(CANNOT_TELL, both, None, counts, (), tuple(few))
    fall = None if not then else 100 * (then - lately) / then
    met = _fell(then, lately, least_pct)
    asked = "Asked for: fewer" if least_pct is None else f"Asked for: {say_pct(Fraction(least_pct))} fewer"
    others = []
    if before.unknown + now.unknown:
        pair = (before.had, now.had + now.unknown) if met else (before.had + before.unknown, now.had)
        same = _fell(Fraction(pair[0]), Fraction(pair[1]), least_pct) == met
        others.append("The unknown days cannot change that." if same else "The unknown days could change that.")
    if least_pct is None and met:
        others.append("A fall of any size is asked for; how sure this one is, stands with the probabilities.")
    number = None if fall is None else f"{say_pct(abs(fall))} {'fewer' if fall >= 0 else 'more'}"
    return Found(MEETS if met else FAILS, f"{both} {asked} {NAMES[before.metric][1]}.", number, counts, (), tuple(others))


def _fell(then: Fraction, lately: Fraction, least_pct: int | None) -> bool:
    return lately < then if least_pct is None else bool(then) and 100 * (then - lately) >= least_pct * then


def by_signs(row: Criterion, facts: Facts) -> Found:
    """Any one of several signs, days and scores, by a stop rule."""
    rule = row.asks_for["rule"]
    source = tuple(stop_rules()[rule]["source"])
    if not facts.begun:
        return Found(NOT_YET, NOT_BEGUN, source=source)
    before, now = _before(facts, "headache_day"), latest(facts, "headache_day")[0]
    assert before is not None
    asked: dict[str, object] = {"rule": rule, "weeks": facts.treated_days // 7} | _figures("hd", before, now)
    interval = row.asks_for.get("interval", {}).get(facts.treatment)
    asked |= {} if interval is None else {"interval": interval}
    for key, instrument in _SCORES.items():
        pair = scores_around(facts, instrument)
        if key in stop_rules()[rule]["parts"] and pair != (None, None):
            asked[key] = [None if score is None else float(total_of(score) or 0) for score in pair]
    judged = judge_stop(asked)
    others = [enough_days(count) for count in (before, now) if count.too_few]
    not_told = [text for rule, text in _reasons(judged) if rule == _LEFT_OUT]
    return Found(_VERDICTS[_word(judged)], _because(judged), None, (before, now), (), (*others, *not_told), source)


def by_course(row: Criterion, facts: Facts) -> Found:
    """The clinician's own word for the response, once enough time has passed."""
    rule, word = row.asks_for["rule"], facts.said.get(row.id)
    source = tuple(stop_rules()[rule]["source"])
    if not facts.begun:
        return Found(NOT_YET, NOT_BEGUN, source=source)
    months = facts.treated_days // length().days
    asked = {"rule": rule, "months": months, "months_on": months}
    judged = judge_stop(asked | ({} if word is None else {"response": "good" if word else "none"}))
    verdict = _VERDICTS[_word(judged)]
    if word is None and verdict != NOT_YET:
        return Found(CANNOT_TELL, f"Not answered: {row.asks}", source=source)
    return Found(verdict, _because(judged), source=source)


def by_score(row: Criterion, facts: Facts) -> Found:
    """A lower score than before treatment."""
    name = row.asks_for["instrument"]
    before, now = scores_around(facts, name)
    if before is None or now is None:
        missing = "before treatment" if before is None else "on treatment"
        return Found(NOT_YET if before is not None and not facts.begun else CANNOT_TELL, f"No {name} score {missing} is told.")
    then, lately = total_of(before), total_of(now)
    assert then is not None  # chosen so
    assert lately is not None
    because = f"{name} {then:g} on {say_day(before.date)}, {lately:g} on {say_day(now.date)}. Asked for: a lower score."
    return Found(MEETS if lately < then else FAILS, because, f"{then:g} to {lately:g}")


def scores_around(facts: Facts, instrument: str) -> tuple[Score | None, Score | None]:
    """The last score with a total before treatment, and the latest one on it."""
    known = [score for score in facts.scores if score.instrument == instrument and total_of(score) is not None]
    start = facts.start if facts.begun else None
    before = [score for score in known if start is None or score.date <= start]
    after = [score for score in known if start is not None and score.date > start]
    return (before[-1] if before else None), (after[-1] if after else None)


def total_of(score: Score) -> Decimal | None:
    """Its total, as told or from all of its answers; None where an answer is missing. What is missing is never 0."""
    if score.total is not None:
        return score.total
    table = instruments().get(score.instrument, {})
    if score.items is None or len(score.items) != table.get("items") or "total" not in table:
        return None
    try:
        return sum((Decimal(item) for item in score.items), Decimal(0))
    except ArithmeticError:
        return None


KINDS: dict[str, Callable[[Criterion, Facts], Found]] = {
    "reduction": by_reduction,
    "fall": by_fall,
    "fewer": by_fewer,
    "signs": by_signs,
    "course": by_course,
    "lower_score": by_score,
}
