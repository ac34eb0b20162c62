"""Of the whole plan: warning signs that stand now, and those to know of every treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cleardays.clock import say_day
from cleardays.diary.red_flags import NOTHING_EXCLUDED
from cleardays.plan.plan import PROPOSAL, Plan
from cleardays.report.plan_watch import Watch, other_emergencies, three_things
from cleardays.report.sections import Lines, Notice, Row, Rows, Section, section, told
from cleardays.report.treatment_page_words import capital, plain_mark, sentence
from cleardays.report.whole_trials import name_of
from cleardays.trial.story.safety_told import Flag
from cleardays.trial.whole import WholePlan

_TIERS = {"emergency": "Emergency", "soon": "Soon", "advise": "To bring up"}


def signs_section(whole: WholePlan) -> Section | None:
    """What was told or shows in the diary, and nobody has answered; what to do stands with it."""
    notices = [*_of_trials(whole), *_of_diary(whole), *(_shown(each) for each in whole.open_flags)]
    return section("Warning signs now", *notices, Lines((NOTHING_EXCLUDED,), listed=False)) if notices else None


def _of_trials(whole: WholePlan) -> Iterator[Notice]:
    for trial in whole.trials:
        for alert in () if trial.follow is None else trial.follow.findings.alerts:
            because = f"{told(alert.because)}{plain_mark(alert.confidence)}"
            what = f"{name_of(trial.trial.treatment)}: {told(alert.subject)}"
            yield Notice(what, (because, f"What to do: {sentence(alert.action)}"))


def _of_diary(whole: WholePlan) -> Iterator[Notice]:
    for flag in whole.flags:
        what = f"{_TIERS[flag.tier]}: {told(flag.shown)}"
        yield Notice(what, (f"{say_day(flag.on)}: {told(flag.because)}.", f"What to do: {sentence(flag.do)}"))


def _shown(flag: Flag) -> Notice:
    what = f"{_TIERS[flag.tier]}: {told(flag.shown)}"
    return Notice(what, (f"Of {say_day(flag.on)}. It was shown, and no clinician has answered it yet.",))


def known_signs_section(whole: WholePlan) -> Section | None:
    """The things to watch with each open treatment, and the emergencies of all of them."""
    plans = [_from(each.file.plan, whole.on) for each in whole.trials if each.file is not None]
    plans = [plan for plan in plans if plan.status == PROPOSAL]
    things = [(plan, three_things(plan)) for plan in plans]
    rows = tuple(row for plan, watches in things for row in _watched(plan, watches))
    others = "; ".join(dict.fromkeys(sign for plan, watches in things for sign in other_emergencies(plan, watches)))
    lines = (f"Get help at once for these too: {others}.",) if others else ()
    return section("Signs to know", Rows(rows), Lines(lines, listed=False))


def _from(plan: Plan, on: date) -> Plan:
    """Without the watches that are over."""
    return plan._replace(monitoring=tuple(each for each in plan.monitoring if each.until is None or each.until >= on))


def _watched(plan: Plan, watches: Sequence[Watch]) -> Iterator[Row]:
    for thing in watches:
        when = f" {thing.when}." if thing.when else ""
        yield Row(name_of(plan.treatment), f"{capital(thing.signs)}.{when}", f"{thing.action}{plain_mark(thing.confidence)}")
