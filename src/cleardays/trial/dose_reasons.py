"""What a reader has to know beside a dose-response log: what it cannot show, how it was counted, what is only assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cleardays.clock import say_day
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules, read_rules
from cleardays.plan.journal import PlanFile
from cleardays.plan.told_findings import findings
from cleardays.quantities import counted, percent
from cleardays.sources import Reason
from cleardays.trial.dose_levels import NOTHING, SESSION, Levels, Stretch, level_rules
from cleardays.trial.story.trial_record import Trial


def log_reasons(trial: Trial, file: PlanFile | None, found: Levels, diary: Diary, as_of: date) -> Iterator[Reason]:
    """Everything that has to be said, what it cannot show first."""
    yield from _reasons(trial, found, found.stretches, as_of)
    if file is not None:
        yield from _held_back(file, diary, found.stretches, as_of)


def _reasons(trial: Trial, found: Levels, levels: Sequence[Stretch], as_of: date) -> Iterator[Reason]:
    if not levels:
        begun = "The treatment was not begun by then" if trial.begun_on is None or trial.begun_on > as_of else "No plan stands"
        yield Reason("doses.none", f"{begun}: there is no dose to log.")
        return
    yield _in_time(trial)
    rule = level_rules()["interval"]
    because = f"The interval is the {percent(rule['level'])} interval of {rule['says']}"
    yield Reason("doses.interval", because, tuple(rule["source"]))
    least = day_rules()
    because = (
        f"A rate is given from {least.least_logged_days} known days on, where at least {percent(least.usable_share)} of the "
        "days are known. Unknown days are no clear days: they are in no count."
    )
    yield Reason("doses.known-days", because, ("counting-policy",))
    doses = sum(each.doses for each in levels)
    assumed = doses - sum(each.told for each in levels)
    if assumed:
        what = "session" if any(each.dose.kind == SESSION for each in levels) else "dose"
        because = f"Of {assumed} of {counted(doses, what)} that were due nobody told: they stand here as planned."
        yield Reason("doses.assumed", because)
    if any(each.by_diary and each.dose.kind != NOTHING for each in levels):
        rule = level_rules()["own-level"]
        because = f"Another dose than the planned one stands here where it was told for {rule['days']} days or more in a row."
        yield Reason("doses.own-level", because, tuple(rule["source"]))
    if found.unread:
        because = f"{counted(len(found.unread), 'dose')} in the diary has a unit that is none of the plan's, and is not read."
        yield Reason("doses.unread", because)


def _in_time(trial: Trial) -> Reason:
    rule = read_rules("judging_rules")["too-early"]
    because = (
        "The doses follow one another in time, so this log alone does not show what a dose did. Days often get better by "
        "themselves after a bad stretch, an effect may set in only weeks after a dose was reached, and what belongs to one "
        f"dose can fall into the days of the next; {trial.treatment} is judged {rule['after_days']} days after it was begun at "
        "the earliest."
    )
    return Reason("doses.in-time", because, ("response-model", *rule["source"]))


def _held_back(file: PlanFile, diary: Diary, levels: Sequence[Stretch], as_of: date) -> Iterator[Reason]:
    """Since when no step up was to be taken, where doses after that stand here as planned."""
    held = findings(file, diary, as_of).held
    first = min((each.first for each in held), default=None)
    if first is not None and any(each.last >= first and each.told < each.doses for each in levels):
        because = (
            f"From {say_day(first)} on a warning sign held steps up back. Where nobody told what was taken, the dose stands "
            "here as planned all the same, and may have been lower."
        )
        yield Reason("doses.held-back", because)
