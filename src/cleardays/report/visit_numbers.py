"""The five numbers of the clinician's page in words, acute medicines against their limits, the band of what is left."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.report import words
from cleardays.trial.account.account import Account
from cleardays.trial.account.acute import AcuteUse
from cleardays.trial.account.numbers import Number
from cleardays.trial.account.stretches import Stretch

_REACHED = {"yes": "reached", "no": "not reached", "indeterminate": "cannot tell: unknown days"}
_FREE = "no limit known"
_OVERUSE = {
    "yes": "a monthly limit is reached",
    "no": "no limit reached in the last month",
    "indeterminate": "cannot tell, because of unknown days",
    None: "not recorded",
}
NONE = "not known"


class Figure(NamedTuple):
    """A rate in 28 days, and the days that it was counted on; `rate` empty where none is given."""

    rate: str
    of: str

    @property
    def said(self) -> str:
        """Both in one."""
        return f"{self.rate} ({self.of})" if self.rate else self.of


class NumberLine(NamedTuple):
    """One row of the table; `code` is its paragraph in the annex."""

    code: str
    label: str
    judged: bool
    before: Figure
    recent: Figure
    change: str
    interval: str
    note: str = ""


class AcuteLine(NamedTuple):
    """One class of acute medicines: before, lately, and the last month against its limit."""

    code: str
    label: str
    before: Figure
    recent: Figure
    month: str
    limit: str


def number_lines(account: Account, codes: dict[str, str]) -> tuple[NumberLine, ...]:
    """The rows; what the diary never answers is not among them."""
    return tuple(_line(number, codes[number.item]) for number in account.numbers if number.recorded)


def not_recorded(account: Account) -> str:
    """What the diary never answers, in one sentence; empty where it answers all."""
    missing = [number.label[0].lower() + number.label[1:] for number in account.numbers if not number.recorded]
    return f"Not recorded in this diary: {', '.join(missing)}." if missing else ""


def _line(number: Number, code: str) -> NumberLine:
    change = "" if number.change is None else words.signed(number.change, 1)
    interval = "" if number.interval is None else " to ".join(words.signed(each, 1) for each in number.interval)
    before = Figure("", NONE) if number.before is None else _figure(number.before, number.unit)
    note = ""
    if number.fixed is not None:
        had = f"{number.fixed.had} of {words.counted(number.fixed.known, 'known day')}"
        note = f"Fixed on {words.day(number.fixed.on)} as {had}; the diary was changed since."
    return NumberLine(code, number.label, number.judged, before, _figure(number.recent, number.unit), change, interval, note)


def _figure(stretch: Stretch, unit: str) -> Figure:
    if not stretch.known:
        return Figure("", NONE)
    of = f"{stretch.tally}/{stretch.known} d" if unit == "days" else f"{words.counted(stretch.known, 'day')} known"
    return Figure("" if stretch.per_28 is None else f"{stretch.per_28:.1f}", of)


def acute_lines(account: Account, codes: dict[str, str]) -> tuple[AcuteLine, ...]:
    """Each class that was taken."""
    return tuple(_acute(use, codes[f"acute.{use.name}"]) for use in account.acute)


def _acute(use: AcuteUse, code: str) -> AcuteLine:
    before = Figure("", NONE) if use.before is None else _figure(use.before, "days")
    month = f"{use.month.tally}/{use.month.known} d"
    limit = _FREE if use.limit is None else f"{use.limit} a month: {_REACHED[use.reached or 'indeterminate']}"
    return AcuteLine(code, words.sentence(use.name), before, _figure(use.recent, "days"), month, limit)


def overuse(account: Account) -> str:
    """Whether a limit is reached, in a few words: what the eye looks for."""
    if not account.headache:
        return ""
    return f"Overuse of acute medicines: {_OVERUSE[account.overuse]}."


def band(account: Account) -> str:
    """The band of the days that are left."""
    left = account.residual
    if left is None:
        return ""
    of = {"migraine_day": "migraine", "moderate_or_severe": "moderate or severe headache"}
    what = " or ".join(of[item] for item in left.items)
    known = f"{left.days.tally} of {words.counted(left.days.known, 'known day')} with {what}"
    return f"Left in the last {left.days.days} days: {known}. IHS band: {left.says}."
