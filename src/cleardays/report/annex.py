"""The audit annex: for each number of the page its formula, the days it was counted on, and how these came to be known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from cleardays.report import words
from cleardays.report.annex_days import MonthLine, month_lines
from cleardays.report.sheet_words import listed, name_of, span
from cleardays.report.visit_boxes import Line
from cleardays.sources import Reason, all_sources
from cleardays.trial.account.account import Account
from cleardays.trial.account.acute import AcuteUse
from cleardays.trial.account.cent import CentItem, cent_items
from cleardays.trial.account.numbers import Number
from cleardays.trial.account.provenance import Told
from cleardays.trial.account.stretches import Stretch
from cleardays.trial.ledger.adequacy import adequacy_rule

ANSWER = "answer"
_LIVE = "A day that is not named as recalled or corrected was written down by the end of the next day, or nobody kept when."
_ACUTE_FORMULA = (
    "Days on which a medicine of the class was taken. The limit is reached where so many days of the last 30 are known to have "
    "had it, and cannot be told where unknown days could reach it."
)
_BAND_FORMULA = "Days with migraine, or with moderate or severe headache, in the last 28; unknown days could each be one."


class Entry(NamedTuple):
    """One paragraph: of what, by which formula, from which days, from which sources."""

    code: str
    title: str
    formula: str
    lines: tuple[Line, ...]
    source: tuple[str, ...] = ()


class Annex(NamedTuple):
    """All of it: the numbers, whatever the page has no room for, the checklist, every day, and where it was stored."""

    entries: tuple[Entry, ...]
    whole: tuple[Line, ...]
    checklist: tuple[CentItem, ...]
    days: tuple[MonthLine, ...]
    origin: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]


def codes_of(account: Account) -> dict[str, str]:
    """The code of each number: A1 is the answer, then the numbers, then acute medicines and the band of what is left."""
    names = [ANSWER, *(number.item for number in account.numbers), *(f"acute.{use.name}" for use in account.acute)]
    names += ["band", "ledger"]
    return {name: f"A{place}" for place, name in enumerate(names, 1)}


def annex_of(account: Account, codes: dict[str, str]) -> Annex:
    """The annex of an account.

    Args:
        account: what the page says.
        codes: of its numbers.
    """
    entries = _shortened(_entries(account, codes))
    checklist = cent_items(account)
    cited = {key for entry in entries for key in entry.source} | {key for item in checklist for key in item.source}
    cited |= {key for question in account.questions for key in question.source}
    cited |= {key for each in account.safety.findings for key in each.source}
    return Annex(
        entries,
        (*_whole(account),),
        checklist,
        month_lines(account),
        _origin(account),
        tuple((key, all_sources()[key].citation) for key in sorted(cited) if key in all_sources()),
    )


def _entries(account: Account, codes: dict[str, str]) -> Iterator[Entry]:
    yield _answer(account, codes[ANSWER])
    for number in account.numbers:
        yield _number(account, number, codes[number.item])
    for use in account.acute:
        yield _acute(account, use, codes[f"acute.{use.name}"])
    left = account.residual
    if left is not None:
        yield Entry(
            codes["band"], "Band of the days that are left", _BAND_FORMULA, (*_days(account, "last", left.days),), left.source
        )
    if account.ledger:
        yield _ledger(account, codes["ledger"])


def _shortened(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """A formula that was told already is named by its code."""
    told, found = dict[str, str](), list[Entry]()
    for entry in entries:
        first = told.setdefault(entry.formula, entry.code)
        found.append(entry if first == entry.code else entry._replace(formula=f"As {first}."))
    return tuple(found)


def _answer(account: Account, code: str) -> Entry:
    review = account.review
    if review is None:
        why = "nothing was asked" if account.nothing_known is None else account.nothing_known.what
        return Entry(code, "The answer", "None: there is nothing to judge.", (Line("Why", why),))
    response = review.response
    lines = [Line("Why", reason.because) for reason in response.reasons]
    coverage = f"{response.known} of {words.counted(response.days, 'day')}, {response.recalled} recalled"
    made = ", ".join(f"{key} {value}" for key, value in response.provenance.items() if isinstance(value, str | int | float))
    lines += [Line("Days read", coverage), Line("Made by", made)]
    formula = (
        f"Model {response.provenance['model']}: median and central 90 % interval of the rate of {response.outcome} in 28 days, "
        "over the known days before the start (at most the last 84) and over the last 4 weeks; chances are of the reduction "
        "against not having started. docs/explanation/response-model.md has the equations."
    )
    sources = tuple(sorted({key for reason in response.reasons for key in reason.source}))
    return Entry(code, "The answer", formula, tuple(lines), sources)


def _number(account: Account, number: Number, code: str) -> Entry:
    if not number.recorded:
        return Entry(code, number.label, "None: the diary never answers it.", ())
    before = () if number.before is None else _days(account, "before", number.before)
    fixed = number.fixed
    held = []
    if fixed is not None:
        held = [Line("Fixed baseline", f"{fixed.had} of {fixed.known} known days, on {words.day(fixed.on)}")]
    lines = (*before, *held, *_days(account, "last", number.recent))
    return Entry(code, number.label, number.formula.because, lines, number.formula.source)


def _acute(account: Account, use: AcuteUse, code: str) -> Entry:
    before = () if use.before is None else _days(account, "before", use.before)
    lines = (*before, *_days(account, "last", use.recent), *_days(account, "month", use.month))
    return Entry(code, f"Acute medicines: {use.name}", _ACUTE_FORMULA, lines, use.source)


def _ledger(account: Account, code: str) -> Entry:
    rows = [
        Line(
            name_of(row.treatment), " ".join(filter(None, (_course(row.first, row.last), row.reason_stopped, _fair(row.fair))))
        )
        for row in account.ledger
    ]
    fair = next((row.fair for row in account.ledger if row.fair is not None), None)
    if fair is None:
        return Entry(code, "Ledger", "No rule applies.", tuple(rows))
    rule = adequacy_rule(fair.rule)
    return Entry(code, "Ledger", f"A fair trial: {rule.says}.", tuple(rows), rule.source)


def _course(first: date | None, last: date | None) -> str:
    begun = "Begun on a day that was not told" if first is None else f"From {words.day(first)}"
    return f"{begun}{'' if last is None else f', to {words.day(last)}'}."


def _fair(fair: object) -> str:
    because = getattr(fair, "because", "")
    return str(because)


_TITLES = {"before": "Before", "last": "Lately", "month": "Last month"}


def _days(account: Account, which: str, stretch: Stretch) -> Iterator[Line]:
    """The days that had it, and those of which nobody knows: the rest is known not to have had it."""
    rate = "no rate" if stretch.per_28 is None else f"{stretch.per_28:.2f} in 28 days"
    amount = "" if stretch.amount is None else f", {stretch.amount:g} in all"
    said = (
        f"{span(stretch.first, stretch.last)}: {stretch.tally} of {words.counted(stretch.known, 'known day')}{amount}; {rate}."
    )
    yield Line(_TITLES[which], said)
    yield Line("  had", _told(account, stretch.had))
    yield Line("  unknown", listed(stretch.unknown))


def _told(account: Account, days: Iterable[date]) -> str:
    """Days, and how those came to be known that were not written down live; the events where they are stored."""
    days = tuple(days)
    text = listed(days)
    told = [(day, account.told[day]) for day in days if day in account.told]
    for how in ("recalled", "corrected"):
        found = [f"{words.day(day, year=False)}{_written(each)}" for day, each in told if each.how == how]
        if found:
            text += f". {words.sentence(how)}: {', '.join(found)}"
    events = [each.event for _, each in told if each.event is not None]
    if events:
        text += f". Events {', '.join(map(str, events))}"
    return text


def _written(told: Told) -> str:
    before = "" if not told.earlier else f", in place of event {', '.join(map(str, told.earlier))}"
    return "" if told.written is None else f" (written {words.day(told.written)}{before})"


def _whole(account: Account) -> Iterator[Line]:
    """What the page cuts for want of room, at its full length."""
    own = account.own
    if own.sentence:
        yield Line("In the person's words", own.sentence)
    for goal in own.goals:
        set_on = "" if goal.set_on is None else f" (set on {words.day(goal.set_on)})"
        yield Line("Goal", f"{goal.text}{set_on}: {goal.reached or 'not answered yet'}")
    yield from (_question(question) for question in account.questions)
    for flag in account.safety.findings:
        state = "open" if flag.open else "answered"
        yield Line(
            "Finding", f"{words.day(flag.on)}, {flag.code.replace('_', ' ')}, {state}: {flag.because}. {flag.shown} {flag.do}"
        )
    for effect in account.safety.effects:
        yield Line("Side effect", f"{words.day(effect.on)}: {effect.term} ({effect.severity or 'severity not told'})")
    for each in (*account.safety.interactions, *account.safety.alerts, *account.safety.of_pregnancy):
        alert = each.alert
        yield Line("Alert", f"{alert.code} ({alert.severity}): {alert.because} {alert.action} [{', '.join(alert.source)}]")
    if account.review is not None:
        yield from (Line("Over time", reason.because) for reason in account.review.over_time.lines)
    for check in account.safety.standing:
        yield Line("Every contact", f"{check.what}: {check.action} [{', '.join(check.source)}]")
    for decision in account.decisions:
        yield Line("Decision", f"{words.day(decision.on)}, {decision.by}: {decision.decision}. {'; '.join(decision.reasons)}")


def _question(question: Reason) -> Line:
    return Line("Question", f"{question.because} [{', '.join(question.source)}]")


def _origin(account: Account) -> tuple[str, ...]:
    origin = account.origin
    if origin is None:
        return ("Made from a diary file, not from a store: no chain of events stands behind it.", _LIVE)
    head = "no digest was given" if origin.digest is None else f"digest {origin.digest}"
    return (f"Made from the story of {origin.person}, up to event {origin.seq}; {head}.", _LIVE)
