"""The boxes of the clinician's page in words: the ledger, safety, questionnaires. A box cuts nothing without saying so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cleardays.report import words
from cleardays.report.sheet_words import name_of, span
from cleardays.sources import MARKS, Reason
from cleardays.texts import clean
from cleardays.trial.account.account import Account
from cleardays.trial.account.regimens import Regimen
from cleardays.trial.account.safety import Safety, Warned
from cleardays.trial.account.scales import Filled, Scale
from cleardays.trial.ledger.adequacy import adequacy_rule

MOST_REGIMENS = 6
_MOST_FINDINGS, _MOST_EFFECTS, _MOST_ALERTS = 3, 2, 3
_LONG, _SHORT = 130, 70
_TIERS = {"emergency": "emergency", "soon": "see soon", "advise": "bring up"}
_NOT_TOLD = "not told"
_TOLD_OTHER = "told_other"
_OVER = ("resolved", "resolved_with_sequelae")


class LedgerLine(NamedTuple):
    """One row of the ledger; `judged` marks the treatment of the page."""

    treatment: str
    judged: bool
    dose: str
    days: str
    weeks: str
    fair: str
    effect: str
    reason: str


class Line(NamedTuple):
    """What a line of a box is about, and what it says; `grave` is set in bold, with a word and not by colour alone."""

    about: str
    text: str
    grave: bool = False


def ledger_lines(account: Account) -> tuple[LedgerLine, ...]:
    """The whole ledger, current then past."""
    return tuple(_regimen(row) for row in account.ledger)


def ledger_rule(account: Account) -> str:
    """The rule of a fair trial, in its words."""
    fair = next((row.fair for row in account.ledger if row.fair is not None), None)
    if fair is None:
        return ""
    rule = adequacy_rule(fair.rule)
    mark = MARKS.get(rule.confidence)
    return f"Fair trial: {rule.says} [{', '.join(rule.source)}{f'; {mark}' if mark else ''}]."


def _regimen(row: Regimen) -> LedgerLine:
    since = _NOT_TOLD if row.first is None else f"{words.day(row.first)}"
    days = (
        f"{since} \N{EN DASH} now"
        if row.ongoing
        else _NOT_TOLD
        if row.last is None
        else f"{since} \N{EN DASH} {words.day(row.last)}"
    )
    if row.first is not None and row.last is not None:
        days = span(row.first, row.last)
    weeks = _NOT_TOLD if row.weeks_at_target is None else f"{row.weeks_at_target:.0f}"
    effect = _effect(row)
    reason = "" if row.reason_stopped is None else clean(row.reason_stopped, _SHORT)
    fair = "" if row.fair is None else row.fair.meets
    return LedgerLine(name_of(row.treatment), row.judged, row.dose or _NOT_TOLD, days, weeks, fair, effect, reason)


def _effect(row: Regimen) -> str:
    if row.judged and row.ongoing:
        return "this page"
    return "goes on" if row.ongoing else row.outcome or _NOT_TOLD


def safety_lines(account: Account) -> tuple[Line, ...]:
    """Findings with their days, severe effects, what is due, what the screen found, pregnancy."""
    safety = account.safety
    return (*_findings(safety), *_effects(safety), *_due(safety), *_screened(safety))


def _findings(safety: Safety) -> Iterator[Line]:
    for flag in safety.findings[:_MOST_FINDINGS]:
        state = "open" if flag.open else "answered"
        said = f"{words.day(flag.on)}, {_TIERS[flag.tier]}, {state}: {clean(flag.because, _LONG)}"
        about = "Told by the person" if flag.code == _TOLD_OTHER else words.sentence(flag.code.replace("_", " "))
        yield Line(about, said, grave=flag in safety.in_the_way)
    more = len(safety.findings) - _MOST_FINDINGS
    if more > 0:
        yield Line("More findings", f"{more} more, in the annex.")
    if not safety.findings:
        yield Line("Red flags", "none found in the diary, which rules nothing out.")


def _effects(safety: Safety) -> Iterator[Line]:
    for effect in safety.effects[:_MOST_EFFECTS]:
        how = ", ".join(part for part in (effect.severity, "serious" if effect.serious else "", effect.outcome) if part)
        yield Line(
            "Side effect",
            f"{words.day(effect.on)}: {clean(effect.term, _SHORT)} ({how.replace('_', ' ')})",
            grave=effect.outcome not in _OVER,
        )
    more = len(safety.effects) - _MOST_EFFECTS
    if more > 0:
        yield Line("More severe effects", f"{more} more, in the annex.")


def _due(safety: Safety) -> Iterator[Line]:
    if not safety.screened:
        return
    if safety.due:
        said = "; ".join(f"{words.day(due.on)} {clean(due.check.what, _SHORT)}" for due in safety.due)
        yield Line("Next check", said)
    if safety.standing:
        yield Line("Every contact", _some([check.what for check in safety.standing]))


def _some(texts: list[str]) -> str:
    """As many as there is room for, and how many more there are."""
    shown = list[str]()
    for text in texts:
        if shown and sum(map(len, shown)) + len(text) > _LONG:
            break
        shown.append(clean(text, _LONG))
    more = len(texts) - len(shown)
    return "; ".join([*shown, *([f"{more} more, in the annex"] if more else [])])


def _screened(safety: Safety) -> Iterator[Line]:
    if not safety.screened:
        yield Line("Screen", "no plan was given: interactions, contraindications and pregnancy were not looked at.", grave=True)
        return
    for about, found in (("Interactions", safety.interactions), ("Alerts", safety.alerts)):
        yield Line(about, _alerts(found) or "none found by the screen of the plan", grave=_grave(found))
    told = f"told: {safety.pregnancy}" if safety.pregnancy else "pregnancy was not told"
    flags = _alerts(safety.of_pregnancy)
    yield Line("Pregnancy", f"{told}{f'; {flags}' if flags else ''}", grave=_grave(safety.of_pregnancy))


def _alerts(found: tuple[Warned, ...]) -> str:
    said = [f"{clean(each.alert.subject, _SHORT)} ({each.alert.severity}{_answered(each)})" for each in found[:_MOST_ALERTS]]
    more = len(found) - _MOST_ALERTS
    return "; ".join([*said, *([f"{more} more, in the annex"] if more > 0 else [])])


def _answered(each: Warned) -> str:
    return ", answered by the plan" if each.answered else ""


def _grave(found: tuple[Warned, ...]) -> bool:
    return any(not each.answered and each.alert.severity in ("critical", "contraindicated", "major") for each in found)


def scale_lines(account: Account) -> tuple[Line, ...]:
    """The questionnaires; items in their order, because a total alone hides them."""
    return tuple(Line(scale.name.replace("HIT6", "HIT-6"), _scale(scale)) for scale in account.scales)


def _scale(scale: Scale) -> str:
    told = [f"{when} {_filled(each)}" for when, each in (("before", scale.before), ("last", scale.last)) if each is not None]
    return f"{'; '.join(told)}. Period: {scale.recall}."


def _filled(filled: Filled) -> str:
    on = words.day(filled.date)
    items = "" if filled.items is None else f" = {' + '.join(clean(item, 6) for item in filled.items)}"
    if filled.total is None:
        return f"{on}: cannot be scored ({clean(' '.join(filled.said), _SHORT)}){items}"
    band = "" if filled.band is None else f", {filled.band.replace('_', ' ')}"
    return f"{on}: {filled.total:g}{items}{band}"


def question_lines(account: Account) -> tuple[Reason, ...]:
    """The suggested questions, cut where one is longer than its place; the annex has them whole."""
    return tuple(each._replace(because=clean(each.because, 2 * _LONG)) for each in account.questions)
