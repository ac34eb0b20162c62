"""Of the whole plan: what was changed at about the same time, and what was revised and why."""

from __future__ import annotations

from collections.abc import Iterator

from cleardays.clock import say_day
from cleardays.report.sections import Lines, Row, Rows, Section, section, told
from cleardays.report.treatment_page_words import capital
from cleardays.report.whole_trials import name_of
from cleardays.trial.avenues import TRIAL, Avenues, Change, amount_said
from cleardays.trial.revisions import Revision, is_of_note
from cleardays.trial.whole import WholePlan

_MOST = 12
_KINDS = {
    "hold": "the dose was held", "step-back": "one step back", "slow": "the steps were slowed", "gap": "doses were missed",
    "told": "something new was told", "go-on": "it goes on", "stop": "it was stopped", "taper": "the way down began",
    "session": "a session was moved, added or left out", "review": "a review was entered", "confirmed": "confirmed",
    "drafted": "drafted anew", "decided": "decided", "ended": "it ended",
}  # fmt: skip


def overlap_section(whole: WholePlan) -> Section | None:
    """Everything that changed, in order, and which of it cannot be told apart."""
    avenues = whole.avenues
    if len({each.avenue for each in avenues.changes}) < 2 and not avenues.reasons:
        return None
    changes = avenues.changes[-_MOST:]
    earlier = len(avenues.changes) - len(changes)
    more = (f"{earlier} earlier changes are in the JSON of this page.",) if earlier else ()
    return section(
        "What cannot be told apart",
        Lines(tuple(_said(avenues))),
        Lines(("What was changed, as far as it is told:", *more), listed=False),
        Rows(tuple(_change(each) for each in changes)),
    )


def _said(avenues: Avenues) -> Iterator[str]:
    pairs = [each for each in avenues.reasons if each.rule == "avenues.joined"]
    yield from (told(each.because) for each in pairs[:_MOST])
    if len(pairs) > _MOST:
        yield f"{len(pairs) - _MOST} more pairs lie as near; they are in the JSON of this page."
    yield from (told(each.because) for each in avenues.reasons if each not in pairs)
    yield from (told(each.because) for each in avenues.found)


def _change(each: Change) -> Row:
    name = name_of(each.avenue) if each.kind == TRIAL else capital(told(each.avenue, 200))
    return Row(say_day(each.on), f"{name}: {each.what}.")


def revised_section(whole: WholePlan) -> Section | None:
    """What was revised in the plans, the latest first, with why and by whom."""
    noted = [each for each in reversed(whole.revisions) if is_of_note(each)]
    more = len(noted) - _MOST
    lines = (f"{more} earlier revisions are in the JSON of this page.",) if more > 0 else ()
    return section("What was revised, and why", Rows(tuple(map(_revision, noted[:_MOST]))), Lines(lines, listed=False))


def _revision(each: Revision) -> Row:
    what = _KINDS.get(each.kind, each.kind.replace("-", " "))
    dose = ""
    if each.was is not None and each.now is not None and each.moves_the_dose:
        was, now = ("nothing" if dose.kind == "nothing" else amount_said(dose) for dose in (each.was, each.now))
        dose = f", from {was} to {now}"
    by = f" By {told(each.by)}." if each.by else ""
    return Row(say_day(each.on), f"{name_of(each.treatment)}: {what}{dose}.", f"{told(each.why)}{_stop(each.why)}{by}")


def _stop(text: str) -> str:
    return "" if text.endswith((".", "!", "?")) else "."
