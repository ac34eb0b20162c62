"""What a reader of an answer should know of the diary: doses taken, effects that may be the illness, what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from cleardays.clock import say_day, zone_named
from cleardays.diary.records import Diary
from cleardays.diary.rules import read_rules
from cleardays.quantities import percent
from cleardays.sources import Reason

if TYPE_CHECKING:
    from cleardays.diary.entries import Event
    from cleardays.plan.journal import PlanFile

_MOST = 3


def notes_of(diary: Diary, treatment: str, start: date, as_of: date, plan: PlanFile | None = None) -> tuple[Reason, ...]:
    """Reasons to print with an answer, from the diary alone.

    Args:
        diary: the diary.
        treatment: the judged one, as the reader calls it.
        start: its first day.
        as_of: the last day that is read.
        plan: by which it was taken.
    """
    taken = () if plan is None else _taken(plan, diary, as_of)
    return (*taken, *_to_attribute(diary, treatment, start, as_of), *_co_intervention(diary, treatment), *_left_out(diary))


def _taken(plan: PlanFile, diary: Diary, as_of: date) -> Iterator[Reason]:
    """How many of the doses that were due were taken; nothing where none is told."""
    from cleardays.plan.dose_table import log_of_diary  # most reviews have no plan
    from cleardays.plan.intake import intakes

    log = log_of_diary(diary.beside.doses, plan.plan.treatment, zone_named(diary.about.get("zone", "")))
    due, _ = intakes(plan, log, as_of, as_of)
    told = [each for each in due if not each.unlogged]
    if not told:
        return
    taken = sum(each.taken for each in told)
    because = (
        f"Of {len(due)} doses due up to {say_day(as_of)}, {len(told)} are told: {taken} taken ({percent(taken / len(told))} of "
        f"them), {len(told) - taken} not. The answer goes by what was taken, not by what was planned."
    )
    yield Reason("exposure.taken", because)


def _to_attribute(diary: Diary, treatment: str, start: date, as_of: date) -> Iterator[Reason]:
    """Side effects since the start that may be the illness itself, whoever they were said to be an effect of."""
    events = [event for event in diary.beside.events if event.date <= as_of and (event.since or event.date) >= start]
    if not events:
        return
    from cleardays.diary.findings import to_attribute  # most diaries have no events

    rule = read_rules("effects")["attribution"]
    asked = to_attribute(events)
    if asked:
        because = (
            f"Told as a side effect since the start: {_listed(asked)}. Was it an effect of {treatment}, or the illness itself? "
            "Nobody said; the column attribution of events.csv takes the answer. By itself it makes no headache day: only the "
            "day's own answer does, so that nothing is counted twice."
        )
        yield Reason("attribution.effect-or-illness", because, tuple(rule["source"]))
    own = [
        event
        for event in events
        if event.kind == "side_effect" and event.term.casefold() in rule["terms"] and event.attribution in ("treatment", "both")
    ]
    if own:
        because = (
            f"Said to be an effect of {treatment}: {_listed(own)}. It is listed as a side effect. The day counts once, as its "
            "own answer has it, and then against the treatment: what a treatment itself brings is no fewer days."
        )
        yield Reason("attribution.effect-counted-once", because, tuple(rule["source"]))


def _listed(events: list[Event]) -> str:
    """Each term with the first day it was told, the first few of them."""
    first: dict[str, date] = {}
    for event in sorted(events, key=lambda event: (event.date, event.term)):
        first.setdefault(event.term.casefold(), event.date)
    more = f" and {len(first) - _MOST} more" if len(first) > _MOST else ""
    return ", ".join(f"{term} ({say_day(day)})" for term, day in list(first.items())[:_MOST]) + more


def _co_intervention(diary: Diary, treatment: str) -> Iterator[Reason]:
    changed = diary.about.get("co_intervention")
    if changed:
        text = f"Beside {treatment}: {changed}. One diary cannot tell which of the two did what."
        yield Reason("attribution.co-intervention", text, ("response-model",))


def _left_out(diary: Diary) -> Iterator[Reason]:
    if diary.lost:
        listed = "; ".join(f"{lost.where}: {lost.what}" for lost in diary.lost[:_MOST])
        more = f"; and {len(diary.lost) - _MOST} more" if len(diary.lost) > _MOST else ""
        yield Reason("diary.left-out", f"Left out of the file: {listed}{more}", ("counting-policy",))
