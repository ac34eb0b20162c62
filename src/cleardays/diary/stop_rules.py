"""Does a preventive treatment go on, pause or stop? The rules of payers and societies.

The rules with their numbers and sources are in `stop_rules.toml`; here and in
`stop_reduction.py` is how each kind of rule is judged. A verdict is advice to the
clinician, with its reasons. A part that was not told is taken as not met, and named;
a part told to be unknown leaves the verdict open where it could decide.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cleardays.diary.fields import as_json
from cleardays.diary.kleene import Tri, any_of
from cleardays.diary.responder import UNITS, Change, Figure, responders
from cleardays.diary.stop_data import (
    CONTINUE,
    NO_RESPONSE,
    PAUSE,
    TOO_EARLY,
    Judged,
    Rule,
    because,
    not_computed,
    policy,
    reached,
    rule_names,
    stop_rules,
)
from cleardays.diary.stop_inputs import Told, read_told
from cleardays.diary.stop_reduction import by_reduction
from cleardays.sources import Reason

_NO_FIGURES = Change(None, Figure(None), Figure(None))


def judge_stop(document: object, where: str = "response") -> dict[str, object]:
    """Judge one JSON object; its keys and the answer's are in docs/reference/rules-and-questionnaires.md.

    Raises:
        BadInput: with everything that cannot be read.

    >>> judge_stop({"rule": "NICE_TA260", "baseline_hd": 16, "current_hd": 11.2, "cycles": 2})["verdict"]
    'continue'
    """
    told = read_told(document, where, rule_names())
    rule = stop_rules()[told.rule]
    judged = _KINDS[rule["kind"]](told, rule)
    return {
        "rule": told.rule,
        "verdict": judged.verdict,
        "reduction_pct": as_json(judged.reduction_pct),
        "responder": responders(judged.reduction_pct, stop_rules()["responder"]["shares_pct"]),
        "metric": judged.change.metric,
        "metric_assumed": bool(rule.get("metric_assumed")),
        "action": rule["action"],
        "reasons": [reason.document() for reason in [*judged.reasons, *_notes(told, rule, judged)]],
    }


def _notes(told: Told, rule: Rule, judged: Judged) -> list[Reason]:
    """What the source adds to this verdict, and what was assumed or left aside."""
    notes = []
    if judged.verdict in rule.get("notes", {}):
        notes.append(because(told.rule, rule["notes"][judged.verdict]))
    if rule.get("metric_assumed"):
        text = (
            "The source does not say which days it means; migraine days are taken, or headache days where only those were told."
        )
        notes.append(policy("metric-assumed", text))
    unused = told.unused()
    if unused:
        notes.append(policy("not-used", f"Not looked at: {', '.join(unused)}."))
    return notes


def _by_shares(told: Told, rule: Rule) -> Judged:
    """Response in shares; there is no verdict to give."""
    change = told.change(rule["metrics"], rule["plain"])
    fall = change.reduction_pct
    return Judged(None, change, fall, [not_computed(change) if fall is None else because(told.rule, change.said())])


def _by_parts(told: Told, rule: Rule) -> Judged:
    """Several signs, one of which is enough."""
    on_time, when = _on_time(told, rule)
    change = told.change(rule["metrics"], None)
    fall = change.reduction_pct
    answers = _answers(told, rule, change)
    reasons = [because(told.rule, when)]
    if on_time is False:
        return Judged(TOO_EARLY, change, fall, reasons)
    if change.metric is not None:
        reasons.append(not_computed(change) if fall is None else because(told.rule, change.said()))
    reasons += _say_parts(told, rule, answers)
    enough = any_of(*answers.values()) if answers else None
    verdict = None if on_time is None or enough is None else CONTINUE if enough else NO_RESPONSE
    return Judged(verdict, change, fall, reasons)


def _answers(told: Told, rule: Rule, change: Change) -> dict[str, Tri]:
    """Whether each part that was told is met."""
    answers: dict[str, Tri] = {}
    for what, pieces in rule["parts"].items():
        if what in rule["metrics"]:
            fall = change.reduction_pct
            if change.metric is not None:
                answers[what] = None if fall is None else fall >= pieces[0]["fall_pct"]
        elif told.has(what):
            answers[what] = _gained(told.lists[what], pieces)
    return answers


def _say_parts(told: Told, rule: Rule, answers: dict[str, Tri]) -> list[Reason]:
    names = {what: UNITS.get(what, what) for what in rule["parts"]}
    reasons = []
    for answer, words in ((True, "Enough of a fall"), (False, "Not enough of a fall"), (None, "Not known")):
        listed = [names[what] for what, found in answers.items() if found is answer]
        if listed:
            reasons.append(because(told.rule, f"{words}: {', '.join(listed)}."))
    left_out = [name for what, name in names.items() if what not in answers]
    if left_out:
        taken = ", and so taken as not met" if answers else ""
        reasons.append(policy("not-told", f"Not told{taken}: {', '.join(left_out)}."))
    return reasons


def _on_time(told: Told, rule: Rule) -> tuple[Tri, str]:
    """Whether it is time to judge, which may depend on how often the medicine is given."""
    by_interval: dict[str, dict[str, int]] = rule.get("judge_at_interval", {})
    interval = told.words["interval"] if by_interval and told.has("interval") else None
    if not by_interval or interval is not None:
        return reached(told, by_interval[interval] if interval else rule["judge_at"])
    sooner, later = (reached(told, times) for times in by_interval.values())
    if sooner[0] is False:
        return sooner
    if later[0] or (sooner[0] is None and later[0] is None):
        return later
    return None, "How often it is given is not known, and by that it may be too early; give interval, monthly or quarterly."


def _gained(pair: list[Fraction | None], pieces: list[dict[str, int]]) -> Tri:
    """Whether a score fell as far as is asked of its baseline; so low a baseline as no piece has is not met."""
    before, now = pair
    if before is None:
        return None
    for piece in pieces:
        if piece.get("above", -1) < before <= piece.get("up_to", before):
            if now is None:
                return None
            fell = before - now
            return fell >= piece["fall"] if "fall" in piece else 100 * fell >= piece["fall_pct"] * before
    return False


def _by_course(told: Told, rule: Rule) -> Judged:
    """The clinician's own word for the response, and how long the treatment has gone on."""
    on_time, when = reached(told, rule["judge_at"])
    response = told.words["response"] if told.has("response") else None
    reasons = [because(told.rule, when)]
    verdict: str | None = TOO_EARLY if on_time is False else None
    if on_time is not False and response is None:
        reasons.append(policy("not-told", "The response is not known; give response: good, partial or none."))
    if on_time and response is not None:
        reasons.append(because(told.rule, f"The response is called {response}."))
        long, how_long = reached(told, rule["pause_at"])
        if response in rule["pause_words"]:
            verdict = {True: PAUSE, False: CONTINUE, None: None}[long]
            reasons.append(because(told.rule, f"For a pause: {how_long}"))
        else:
            verdict = NO_RESPONSE if response in rule["stop_words"] else CONTINUE
    return Judged(verdict, _NO_FIGURES, None, reasons)


_KINDS: dict[str, Callable[[Told, Rule], Judged]] = {
    "shares": _by_shares,
    "reduction": by_reduction,
    "parts": _by_parts,
    "course": _by_course,
}
