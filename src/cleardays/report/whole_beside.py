"""Of the whole plan: what goes on beside the trials. Goals, other medicines, medicines for attacks, care."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleardays.catalogue.names import find_medicine
from cleardays.clock import say_day
from cleardays.quantities import counted
from cleardays.report.plan_doses import interval_said, said
from cleardays.report.sections import Lines, Notice, Row, Rows, Section, Table, quoted, section, told
from cleardays.report.treatment_page_words import capital, listed, plain_mark, sentence
from cleardays.report.whole_trials import name_of
from cleardays.trial.acute_use import AcuteUse, Limit
from cleardays.trial.medicines_taken import Concern, Taken
from cleardays.trial.story.goals_told import GoalAnswer
from cleardays.trial.whole import CareNow, GoalNow, WholePlan

_NOT_ASKED = "Nobody was asked which other medicines are taken. What stands here is what the diary tells, and may not be all."
_REACHED = {
    "yes": "The limit is reached: tell your clinician.",
    "no": "The limit is not reached.",
    "indeterminate": "Days of which nothing is known leave open whether the limit is reached.",
}
_CARE_NOT_ASKED = "Nobody was asked about complementary therapies."


# ---- goals


def goals_section(whole: WholePlan) -> Section | None:
    """What the person wants to reach, in their own words."""
    rows = Rows(tuple(_goal(each) for each in whole.goals))
    none = Lines(() if whole.goals else ("No goal was told yet.",), listed=False)
    return section("What you want to reach", rows, none)


def _goal(each: GoalNow) -> Row:
    found, lead = list[str](), f"Since {say_day(each.since)}"
    if each.goal.outcome is not None:
        limit = f"at most {each.goal.at_most}" if each.goal.at_most is not None else f"at least {each.goal.at_least}"
        found.append(f"Counted as {limit} {said('outcome', each.goal.outcome)} in 28 days.")
    if each.counted is not None:
        found.append(f"In the last 28 days: {_answered(each.counted)}.")
    if each.answer is None or each.answered_on is None:
        found.append("No review has answered it yet.")
    else:
        found.append(f"Review of {say_day(each.answered_on)}: {_answered(each.answer)}.")
    return Row(lead, quoted(each.goal.words), " ".join(found))


def _answered(answer: GoalAnswer) -> str:
    days = "" if answer.counted is None else f", {answer.counted.had} of {counted(answer.counted.known, 'known day')}"
    return f"{answer.answer}{days}{f', {quoted(answer.words)}' if answer.words else ''}"


# ---- medicines


def medicines_section(whole: WholePlan) -> Section | None:
    """Other medicines with what the screens of the open treatments say of them."""
    medicines = whole.medicines
    standing = [each for each in medicines.taken if not each.is_acute]
    lines = [] if medicines.asked else [_NOT_ASKED]
    lines += ["Asked, and told: none."] if medicines.asked and not standing else []
    lines += [_no_rules(medicines.unscreened)] if medicines.unscreened else []
    if standing and not whole.trials:
        lines.append("No treatment is on trial, so that nothing was screened.")
    notices = [_between(each) for each in whole.between]
    rows = Rows(tuple(_medicine(each, whole) for each in standing))
    return section("Other medicines", *notices, Lines(tuple(lines), listed=False), rows)


def _no_rules(treatments: Sequence[str]) -> str:
    names = listed(map(name_of, treatments))
    return f"The catalogue holds no rules for {names}: what goes together with it has to be asked."


def _between(concern: Concern) -> Notice:
    alert = concern.alert
    what = f"{name_of(concern.treatment)} together with the other treatment: {alert.subject} ({alert.severity})"
    return Notice(what, (f"{sentence(alert.because)}{plain_mark(alert.confidence)}", f"What to do: {sentence(alert.action)}"))


def _medicine(each: Taken, whole: WholePlan) -> Row:
    dose = f", {told(each.dose)}" if each.dose else ""
    main, beside = _concerns(each, whole)
    return Row(f"{told(each.name)}{dose}", main, f"{beside} (Told in: {listed(each.told_in)}.)".lstrip())


def _concerns(each: Taken, whole: WholePlan) -> tuple[str, str]:
    """How grave it is with which treatment, and what is said of it."""
    if each.ask or (each.known_as is None and not each.concerns):
        asked = " ".join(map(told, each.ask))
        return "Not known here, so that nothing can be ruled out.", " ".join([asked, *_said(each.concerns)]).strip()
    if each.concerns:
        grave = dict.fromkeys(f"{capital(found.alert.severity)} with {name_of(found.treatment)}." for found in each.concerns)
        return " ".join(grave), " ".join(_said(each.concerns))
    if not whole.medicines.screened:
        return "", "Not screened."
    names = listed(map(name_of, whole.medicines.screened))
    return "", f"Our rules name nothing for it with {names}."


def _said(concerns: Sequence[Concern]) -> Iterator[str]:
    for concern in concerns:
        alert = concern.alert
        yield f"{sentence(alert.because)}{plain_mark(alert.confidence)} {sentence(alert.action)}"


# ---- medicines for attacks


def acute_section(whole: WholePlan) -> Section | None:
    """Medicines for attacks beside their limits, and the days of the last month."""
    acute, use = [each for each in whole.medicines.taken if each.is_acute], whole.acute
    window = f"From {say_day(use.first)} to {say_day(use.last)}"
    if not use.known:
        days = f"{window} nothing was told of medicines for attacks. On how many days one was taken is not known."
    else:
        days = f"{window}: {counted(use.any_days, 'day')} with a medicine for attacks, of {use.known} known days of {use.days}."
    rows = tuple(_acute(each, use) for each in acute)
    named = {_limit_of(each, use) for each in acute}
    more = tuple(_class(each) for each in use.limits if each.told and each not in named)
    return section("Medicines for attacks", Lines((days,), listed=False), Rows((*rows, *more)))


def _limit_of(each: Taken, use: AcuteUse) -> Limit | None:
    medicine = find_medicine(each.name)
    return None if medicine is None else use.limit_of(medicine.acute_class)


def _acute(each: Taken, use: AcuteUse) -> Row:
    medicine, limit = find_medicine(each.name), _limit_of(each, use)
    said_of = " ".join(
        f"With {name_of(concern.treatment)} ({concern.alert.severity}): {sentence(concern.alert.action)}"
        for concern in each.concerns
    )
    if limit is not None:
        return Row(told(each.name), _days(limit), f"{_REACHED[limit.reached]} {said_of}".rstrip())
    if medicine is None:
        return Row(told(each.name), "Not known here: no limit can be named.", said_of)
    return Row(told(each.name), "No limit of days is known for it.", said_of)


def _class(limit: Limit) -> Row:
    return Row(capital(_classes(limit)), _days(limit), _REACHED[limit.reached])


def _days(limit: Limit) -> str:
    return f"Told on {counted(limit.told, 'day')} as {_classes(limit)}; the limit is {limit.days} days a month."


def _classes(limit: Limit) -> str:
    return listed((each.replace("_", "-") for each in limit.classes), "or")


# ---- care


def care_section(whole: WholePlan) -> Section | None:
    """Sleep, exercise, therapy, groups, complementary therapies: of the plans, and told beside them."""
    rows = tuple(_care(each) for each in whole.care)
    heads = ("What", "How often", "Came", "Did not come", "Not written down", "Last told")
    beside = Rows(
        tuple(
            Row(
                told(each.what),
                "Told in the intake." if each.last is None else f"Last told on {say_day(each.last)}.",
                told(each.words or "") if each.last is None else f"Lately: came {each.came}, did not come {each.missed}.",
            )
            for each in whole.care_told
        )
    )
    asked = Lines(() if whole.care_asked else (_CARE_NOT_ASKED,), listed=False)
    lifestyle = Lines(() if rows else ("No plan holds care beside the medicine.",), listed=False)
    table = Table("What the plans hold, up to this day.", heads, rows, (1.5, 1.3, 0.8, 0.9, 1, 0.9))
    return section("Care beside medicines", lifestyle, table, beside, asked)


def _care(each: CareNow) -> tuple[str, ...]:
    found, part = each.attendance, each.attendance.part
    often = "every day" if part.every_days == 1 else interval_said(part.every_days)
    last = "" if each.last is None else say_day(each.last)
    what = f"{told(part.what)} ({part.kind.replace('-', ' ')})"
    counts = (f"{count} of {found.due}" for count in (found.came, found.missed, found.unlogged))
    return what, f"{often}, from {say_day(part.on)}", *counts, last
