"""Rules that ask for one reduction: of any baseline, or by whether that was episodic or chronic.

Some of them also look at three consecutive months with few headache days.
"""

from __future__ import annotations

from fractions import Fraction

from cleardays.diary.fields import say
from cleardays.diary.kleene import Tri, all_of
from cleardays.diary.responder import say_pct
from cleardays.diary.stop_data import (
    CONTINUE,
    NO_RESPONSE,
    TOO_EARLY,
    Judged,
    Rule,
    because,
    chronic_from,
    not_computed,
    policy,
    reached,
)
from cleardays.diary.stop_inputs import ANY, Told
from cleardays.sources import Reason


def by_reduction(told: Told, rule: Rule) -> Judged:
    """Judge one: the reduction after long enough, and the three months where the rule has them."""
    change = told.change(rule["metrics"], rule.get("plain"))
    fall = change.reduction_pct
    on_time, when = reached(told, rule["judge_at"])
    enough, asked = _enough(told, rule, fall)
    few, few_said = _three_months(told, rule)
    time = [because(told.rule, when)]
    figures = [not_computed(change) if fall is None else because(told.rule, change.said()), *asked]
    if on_time is False and not rule.get("three_months", {}).get("before_judging"):
        few, few_said = False, []
    verdict = _verdict(rule, on_time, enough, few)
    if on_time is False:
        reasons = [*few_said, *time] if few else [*time, *few_said]
    else:
        first, then = (few_said, figures) if few and verdict != NO_RESPONSE else (figures, few_said)
        reasons = [*first, *then, *time]
    return Judged(verdict, change, fall, reasons)


def _verdict(rule: Rule, on_time: Tri, enough: Tri, few: Tri) -> str | None:
    """What is known for sure comes first; a part that is open and could decide leaves the verdict open."""
    if on_time and enough is False:
        return NO_RESPONSE
    if few:
        return str(rule["three_months"]["verdict"])
    if on_time is None or few is None:
        return None
    if not on_time:
        return TOO_EARLY
    return CONTINUE if enough else None


def _enough(told: Told, rule: Rule, fall: Fraction | None) -> tuple[Tri, list[Reason]]:
    """Whether the reduction is the one asked for; which one may depend on the baseline month."""
    asked: dict[str, int] = rule["continue_from_pct"]
    if ANY in asked:
        kinds, reason = [ANY], because(told.rule, f"{say_pct(Fraction(asked[ANY]))} or more is asked for.")
    else:
        kinds, reason = _kind_of_baseline(told, asked)
    answers = set() if fall is None else {fall >= asked[kind] for kind in kinds}
    return (answers.pop() if len(answers) == 1 else None), [reason]


def _kind_of_baseline(told: Told, asked: dict[str, int]) -> tuple[list[str], Reason]:
    """Episodic or chronic, judged on the baseline month; both where that is not known."""
    limit = chronic_from()
    kind, how = told.words["baseline_type"] if told.has("baseline_type") else None, "as told"
    days = told.numbers["baseline_hd"] if kind is None and told.has("baseline_hd") else None
    if days is not None:
        kind = "chronic" if days >= limit else "episodic"
        how = f"{say(days)} headache days in the baseline month; from {limit} on it is chronic"
    if kind is None:
        both = " or ".join(f"{say_pct(Fraction(share))} in {name}" for name, share in asked.items())
        text = (
            f"Whether the baseline was episodic or chronic is not known, so {both} migraine is asked for; give baseline_type."
        )
        return list(asked), policy("baseline-type", text)
    return [kind], because(
        told.rule, f"The baseline was {kind} ({how}): {say_pct(Fraction(asked[kind]))} or more is asked for."
    )


def _three_months(told: Told, rule: Rule) -> tuple[Tri, list[Reason]]:
    """Whether three consecutive months all lie below a number of headache days; not told is not met."""
    few = rule.get("three_months")
    if few is None:
        return False, []
    below = few["below"]
    if not told.has("last3_hd"):
        return False, [policy("not-told", f"last3_hd was not told; three months below {below} headache days are not assumed.")]
    months = told.lists["last3_hd"]
    answer = all_of(*(None if days is None else days < below for days in months))
    listed = ", ".join("not known" if days is None else say(days) for days in months)
    found = {True: "all", False: "not all", None: "perhaps all"}[answer]
    return answer, [because(told.rule, f"Headache days of the last three months: {listed}; {found} below {below}.")]
