"""Rules that count days: so many a month, so many a week, attacks, runs of months below a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cleardays.diary.kleene import Tri, all_of, negate, reaches
from cleardays.diary.stop_data import chronic_from, reached, stop_rules
from cleardays.diary.stop_inputs import read_told
from cleardays.trial.payers.days import ONE, Count
from cleardays.trial.payers.facts import Facts
from cleardays.trial.payers.findings import CANNOT_TELL, FAILS, NOT_YET, Found, by_answer
from cleardays.trial.payers.packs import Criterion
from cleardays.trial.payers.spans import (
    BEFORE,
    LATEST,
    NAMES,
    NoSpan,
    all_said,
    calendar_months,
    end_of,
    enough_days,
    latest,
    length,
    months_before,
    said,
)

_DAYS_OF_WEEK = 7
NOT_BEGUN = "Treatment has not begun."


def by_days(row: Criterion, facts: Facts) -> Found:
    """So many days a month in each of some months; a month is 28 days, and calendar months stand beside it."""
    ask, metric = row.asks_for, row.asks_for["metric"]
    months = int(ask.get("months", 1))
    if ask["window"] == LATEST:
        if facts.treated_days < length().days:
            return Found(NOT_YET, NOT_BEGUN if not facts.begun else "Treatment has gone on for less than 28 days.")
        counts: tuple[Count, ...] | NoSpan = latest(facts, metric, months)
        end = facts.as_of
    else:
        counts, until = months_before(ask["window"], facts, metric, months), end_of(ask["window"], facts)
        end = facts.as_of if isinstance(until, NoSpan) else until
    if isinstance(counts, NoSpan):
        return Found(CANNOT_TELL, counts.because)
    return _with_word(row, facts, _judged(facts, counts, calendar_months(facts, metric, end, months), ask))


def _judged(facts: Facts, counts: tuple[Count, ...], months: tuple[Count, ...], ask: dict[str, Any]) -> Found:
    least, why = _least(facts, ask)
    answer = all_of(*(_in_range(count, ask, least) for count in counts))
    by_month = all_of(*(_in_range(count, ask, least) for count in months))
    number = "; ".join(str(count.had) for count in counts)
    asked = _asked(ask, least, counts[0].metric)
    few = [enough_days(count) for count in counts if count.too_few]
    because = f"{all_said(counts)}. {asked}{why}"
    others = [*few, *_open(answer, counts)]
    if not few and by_month is not None and by_month != answer:
        what = "meets" if by_month else "does not meet"
        others.append(f"By calendar month it {what}: {'; '.join(said(count) for count in months)}.")
    return Found(by_answer(answer), because, number, counts, months, tuple(others))


def _least(facts: Facts, ask: dict[str, Any]) -> tuple[tuple[int, ...], str]:
    """The least number that is asked for; two where that depends on a baseline that is open."""
    if "at_least_by_class" not in ask:
        return ((int(ask["at_least"]),) if "at_least" in ask else ()), ""
    by_class, kind = ask["at_least_by_class"], baseline_type(facts)
    if kind is None:
        return tuple(by_class.values()), " Whether the baseline was episodic or chronic is not known."
    return (int(by_class[kind]),), f" The baseline was {kind}."


def baseline_type(facts: Facts) -> str | None:
    """Episodic or chronic, by the headache days of the 28 days before treatment; None where the unknown days decide."""
    counts = months_before(BEFORE, facts, "headache_day", 1)
    assert not isinstance(counts, NoSpan)  # these days always have an end
    count = counts[0]
    chronic = None if count.too_few else reaches(count.had, count.unknown, chronic_from())
    return None if chronic is None else "chronic" if chronic else "episodic"


def _in_range(count: Count, ask: dict[str, Any], least: Sequence[int]) -> Tri:
    if count.too_few:
        return None
    parts: list[Tri] = []
    if least:
        answers = {reaches(count.had, count.unknown, limit) for limit in least}
        parts.append(answers.pop() if len(answers) == 1 else None)
    if "at_most" in ask:
        parts.append(negate(reaches(count.had, count.unknown, int(ask["at_most"]) + 1)))
    if "below" in ask:
        parts.append(negate(reaches(count.had, count.unknown, int(ask["below"]))))
    return all_of(*parts)


def _asked(ask: dict[str, Any], least: Sequence[int], metric: str) -> str:
    words = [f"{' or '.join(map(str, least))} or more"] if least else []
    words += [f"{ask['at_most']} at most"] if "at_most" in ask else []
    words += [f"fewer than {ask['below']}"] if "below" in ask else []
    return f"Asked for: {' and '.join(words)} {NAMES[metric][1]} a month."


def _open(answer: Tri, counts: Sequence[Count]) -> list[str]:
    unknown = sum(count.unknown for count in counts)
    if not unknown or any(count.too_few for count in counts):
        return []
    days = "The unknown day" if unknown == 1 else f"The {unknown} unknown days"
    return [f"{days} could decide it." if answer is None else f"{days} cannot change that."]


def _with_word(row: Criterion, facts: Facts, found: Found) -> Found:
    """Where more is asked than days tell, only the word of whoever signs makes it met."""
    if row.asks is None or found.verdict == FAILS:
        return found
    word = facts.said.get(row.id)
    if word is None:
        return found._replace(verdict=CANNOT_TELL, others=(*found.others, f"Not answered: {row.asks}"))
    said_so = f"{row.asks} Answered: {'yes' if word else 'no'}."
    return found._replace(verdict=found.verdict if word else FAILS, others=(*found.others, said_so))


def by_attacks(row: Criterion, facts: Facts) -> Found:
    """So many attacks that began in the 28 days; a day of which nothing is known may have held one."""
    end = end_of(row.asks_for["window"], facts)
    if isinstance(end, NoSpan):
        return Found(CANNOT_TELL, end.because)
    count = facts.days.count_attacks(end - length() + ONE, end, "28 days before treatment" if facts.begun else "latest 28 days")
    if count is None:
        return Found(CANNOT_TELL, "The diary tells of days, and of no attacks; attacks cannot be counted from days.")
    least = (int(row.asks_for["at_least"]),) if "at_least" in row.asks_for else ()
    answer = _in_range(count, row.asks_for, least)
    because = f"{all_said([count])}. {_asked(row.asks_for, least, 'attacks')}"
    few = [enough_days(count)] if count.too_few else []
    return Found(by_answer(answer), because, str(count.had), (count,), (), (*few, *_open(answer, (count,))))


def by_days_of_week(row: Criterion, facts: Facts) -> Found:
    """So many days at most in each of the last weeks."""
    ask, end = row.asks_for, end_of(row.asks_for["window"], facts)
    if isinstance(end, NoSpan):
        return Found(CANNOT_TELL, end.because)
    weeks = int(ask["weeks"])
    whole = facts.days.count(ask["metric"], end - weeks * _DAYS_OF_WEEK * ONE + ONE, end, f"{weeks} weeks looked at")
    if whole.too_few:
        return Found(CANNOT_TELL, enough_days(whole), None, (whole,))
    parts = [whole._replace(days=whole.days[at : at + _DAYS_OF_WEEK]) for at in range(0, len(whole.days), _DAYS_OF_WEEK)]
    answer = all_of(*(negate(reaches(part.had, part.unknown, int(ask["at_most"]) + 1)) for part in parts))
    listed = ", ".join(str(part.had) for part in parts)
    because = f"{all_said([whole])}; week by week {listed}. Asked for: {ask['at_most']} a week at most."
    return Found(by_answer(answer), because, listed, (whole,), (), tuple(_open(answer, (whole,))))


def by_few(row: Criterion, facts: Facts) -> Found:
    """Whether the last three months on treatment all lie below a number, for which treatment would be stopped."""
    rule = stop_rules()[row.asks_for["rule"]]
    few, source = rule["three_months"], tuple(rule["source"])
    if facts.treated_days < 3 * length().days:
        why = "Treatment has gone on for less than three months of 28 days." if facts.begun else NOT_BEGUN
        return Found(NOT_YET, why, source=source)
    if not few["before_judging"]:
        on_time, when = reached(_weeks(facts, row.asks_for["rule"]), rule["judge_at"])
        if not on_time:
            return Found(NOT_YET, when, source=source)
    metric = "headache_day"
    counts, months = latest(facts, metric, 3), calendar_months(facts, metric, facts.as_of, 3)

    def below(count: Count) -> Tri:
        return None if count.too_few else negate(reaches(count.had, count.unknown, int(few["below"])))

    all_below = all_of(*(below(count) for count in counts))
    number = "; ".join(str(count.had) for count in counts)
    because = f"{all_said(counts)}. Looked for: all three below {few['below']}."
    others = [*(enough_days(count) for count in counts if count.too_few), *_open(all_below, counts)]
    if all_below:
        others.append("It fails because the days fell so far on treatment; see what is said of that below the rules.")
    return Found(by_answer(negate(all_below)), because, number, counts, months, tuple(others), source)


def _weeks(facts: Facts, rule: str) -> Any:  # noqa: ANN401  # what was told for a stop rule
    return read_told({"rule": rule, "weeks": facts.treated_days // _DAYS_OF_WEEK}, "payer", [rule])


KINDS: dict[str, Callable[[Criterion, Facts], Found]] = {
    "days": by_days,
    "attacks": by_attacks,
    "days_of_week": by_days_of_week,
    "not_few": by_few,
}
