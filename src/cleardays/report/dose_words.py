"""Words of a dose-response log: doses, how they are known, counts and rates."""

from __future__ import annotations

from cleardays.quantities import counted
from cleardays.report.plan_doses import NO_BREAK, amount_said, interval_said, said
from cleardays.report.treatment_page_words import capital
from cleardays.report.words import figure
from cleardays.trial.dose_levels import NOTHING, PLANNED, SESSION, TOLD, Stretch
from cleardays.trial.dose_response import LevelCount

BEFORE = "Before the treatment"
TOO_FEW = "too few days to tell"


def outcome_said(outcome: str) -> str:
    """What is counted, with a capital letter."""
    return capital(said("outcome", outcome))


def dose_name(of: Stretch | None) -> str:
    """A dose with its rhythm; None is before the treatment."""
    if of is None:
        return BEFORE
    dose = of.dose
    if dose.kind == NOTHING:
        return "No dose"
    none = "amount set in the session" if dose.kind == SESSION else "amount not told"
    amount = none if dose.amount is None else amount_said(dose.amount, dose.unit or "")
    if dose.kind == SESSION:
        many = len(of.sessions)
        return f"{amount}, {'1 session' if many == 1 else f'{many} sessions'}"
    return f"{amount} {'a day' if dose.every_days == 1 else interval_said(dose.every_days)}"


def short_dose(of: Stretch) -> str:
    """The amount alone, as it fits into a picture."""
    if of.dose.amount is None:
        return "?"
    every = "" if of.dose.every_days == 1 else f"/{of.dose.every_days}{NO_BREAK}d"
    return f"{amount_said(of.dose.amount, of.dose.unit or '')}{every}"


def known_said(of: Stretch) -> str:
    """How it is known that a dose was taken, and what was told otherwise."""
    if of.dose.kind == NOTHING and not of.doses:
        return "told as left out" if of.by_diary else "nothing was due"
    one, many = ("session", "sessions") if of.dose.kind == SESSION else ("dose", "doses")
    how = {
        TOLD: f"told in the diary ({of.told} of {of.doses} {many})",
        PLANNED: f"planned ({counted(of.doses, one)}); nobody told whether it was taken",
        None: "no dose fell into these days",
    }.get(of.evidence, f"told in part ({of.told} of {of.doses} {many}), the others stand as planned")
    otherwise = f"; {of.otherwise} told as left out or in another amount than planned" if of.otherwise else ""
    beside = f"; {of.unplanned} taken that were not planned" if of.unplanned else ""
    return f"{how}{otherwise}{beside}"


def count_said(count: LevelCount) -> str:
    """Days had of days known, of all."""
    late = f", {count.recalled} written down late" if count.recalled else ""
    return f"{count.had} of {counted(count.known, 'known day')} ({counted(count.days, 'day')} in all{late})"


def rate_said(count: LevelCount) -> str:
    """The rate with its interval; that it cannot be told where too few days are known."""
    if count.per_28 is None or count.lower is None or count.upper is None:
        return f"{TOO_FEW} ({count_said(count)})"
    return f"{figure(count.per_28)} in 28 ({figure(count.lower)} to {figure(count.upper)}), {count_said(count)}"


def short_rate(count: LevelCount) -> str:
    """The rate with its interval, for a table that has the days beside it."""
    if count.per_28 is None or count.lower is None or count.upper is None:
        return TOO_FEW
    return f"{figure(count.per_28)} ({figure(count.lower)} to {figure(count.upper)})"
