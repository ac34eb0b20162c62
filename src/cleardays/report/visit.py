"""The clinician's 60-second page in words, composed once from an account; the renderers only lay it out."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.report import visit_boxes, visit_numbers, visit_words, words
from cleardays.report.annex import Annex, annex_of, codes_of
from cleardays.report.sheet_words import LONGEST_NAME, name_of, span
from cleardays.report.visit_boxes import LedgerLine, Line
from cleardays.report.visit_numbers import AcuteLine, NumberLine
from cleardays.sources import MARKS, Reason
from cleardays.texts import clean
from cleardays.trial.account.account import Account

_LONGEST_SENTENCE, _LONGEST_GOAL, _MOST_GOALS = 240, 110, 2
_BADGES = {"real": "A real person's diary", "simulated": "Simulated: nobody real"}
NO_DAYS = "No day is known, so there is nothing to draw."


class Visit(NamedTuple):
    """Everything on the page, in its fixed order."""

    account: Account
    title: str
    who: str
    facts: tuple[str, ...]
    badge: str
    verdict: str
    headline: str
    line: str
    next_step: str
    numbers: tuple[NumberLine, ...]
    acute: tuple[AcuteLine, ...]
    beside: tuple[str, ...]  # whether a limit is reached first, then the band, what is not recorded
    compared: tuple[str, str]  # heads of the two columns
    ledger: tuple[LedgerLine, ...]
    ledger_more: str
    ledger_rule: str
    safety: tuple[Line, ...]
    scales: tuple[Line, ...]
    questions: tuple[Reason, ...]
    own: tuple[Line, ...]
    small_print: tuple[str, ...]
    annex: Annex

    @property
    def has_days(self) -> bool:
        """Whether there is a day to draw."""
        return bool(self.account.coverage.known)


def compose_visit(account: Account) -> Visit:
    """Put an account into the words of the clinician's page."""
    codes = codes_of(account)
    ledger = visit_boxes.ledger_lines(account)
    shown = ledger[: visit_boxes.MOST_REGIMENS]
    beside = (visit_numbers.overuse(account), visit_numbers.band(account), visit_numbers.not_recorded(account))
    return Visit(
        account=account,
        title=f"{name_of(account.treatment)}: page for the visit of {words.day(account.as_of)}",
        who=_who(account),
        facts=_facts(account),
        badge=_BADGES.get(account.about.get("kind", ""), ""),
        verdict=visit_words.verdict_of(account),
        headline=visit_words.headline(account),
        line=visit_words.verdict_line(account),
        next_step=visit_words.next_step(account),
        numbers=visit_numbers.number_lines(account, codes),
        acute=visit_numbers.acute_lines(account, codes),
        beside=tuple(line for line in beside if line),
        compared=_compared(account),
        ledger=shown,
        ledger_more=_more(ledger[len(shown) :]),
        ledger_rule=visit_boxes.ledger_rule(account),
        safety=visit_boxes.safety_lines(account),
        scales=visit_boxes.scale_lines(account),
        questions=visit_boxes.question_lines(account),
        own=_own(account),
        small_print=_small_print(account),
        annex=annex_of(account, codes),
    )


def _who(account: Account) -> str:
    who = account.who
    if who.name is None and who.code is not None:
        return f"Person {clean(who.code, LONGEST_NAME)}"
    return clean(who.name or "", LONGEST_NAME) or "Name not told"


def _facts(account: Account) -> tuple[str, ...]:
    who, coverage = account.who, account.coverage
    born = "birth year not told" if who.birth_year is None else f"born {who.birth_year}"
    known = (
        f"{coverage.known} of {words.counted(coverage.days, 'day')} known: {coverage.live} live, {coverage.recalled} recalled"
    )
    made = f"cleardays {account.version}, catalogue {account.catalogue_version.split('+')[0]}"
    return born, span(coverage.first, coverage.last), known, made


def _compared(account: Account) -> tuple[str, str]:
    before, recent = account.span
    days = (recent[1] - recent[0]).days + 1
    baseline = "Baseline"
    if before is not None:
        baseline = f"Baseline, {words.counted((before[1] - before[0]).days + 1, 'day')} to {words.day(before[1])}"
    return baseline, f"Last {words.counted(days, 'day')} to {words.day(recent[1])}"


def _more(rest: tuple[LedgerLine, ...]) -> str:
    if not rest:
        return ""
    names = list(dict.fromkeys(line.treatment for line in rest))
    named = ", ".join(names[:8]) + (f" and {len(names) - 8} others" if len(names) > 8 else "")
    return f"{words.counted(len(rest), 'earlier row')} in the annex: {named}."


def _own(account: Account) -> tuple[Line, ...]:
    own = account.own
    sentence = "" if own.sentence is None else clean(own.sentence, _LONGEST_SENTENCE)
    lines = (
        [Line("In the person's words", f"\N{LEFT DOUBLE QUOTATION MARK}{sentence}\N{RIGHT DOUBLE QUOTATION MARK}")]
        if sentence
        else []
    )
    for goal in own.goals[:_MOST_GOALS]:
        reached = "not answered yet" if goal.reached is None else clean(goal.reached, 40)
        lines.append(Line("Goal", f"{clean(goal.text, _LONGEST_GOAL)} ({reached})"))
    if not sentence and not own.goals:
        lines = [Line("In the person's words", "not told")]
    if account.stop_rule is not None:
        marked = MARKS.get(account.stop_rule.confidence or "")
        said = f"{clean(account.stop_rule.because, _LONGEST_SENTENCE)}{f' ({marked})' if marked else ''}"
        lines.insert(0, Line("Rule of stopping, agreed beforehand", said))
    return tuple(lines)


def _small_print(account: Account) -> tuple[str, ...]:
    lines = [
        "Rates are days in 28 over known days; an unknown day is never counted as a day without, and no rate is given from "
        "fewer than 14 known days. Change and its 90\N{NO-BREAK SPACE}% interval are of these counts; the line at the top is "
        "the model's, for whatever reason the change came, with chances against not having started.",
    ]
    if account.headache:
        lines.append(
            "Migraine day: profile leiden. Day of lost function: much lost or in bed. Limits of acute medicines: ICHD-3, in a "
            "month."
        )
    lines.append(
        "Every number is in the annex under its code (A1, A2, ...), with its days and its formula. Not a diagnosis: the "
        "decision is the clinician's."
    )
    return tuple(lines)
