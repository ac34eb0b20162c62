"""Which dose was taken on each day of a trial, laid out as levels: stretches of one dose, one after the other.

What the diary tells counts; where nothing is told of a dose, the confirmed plan does, and the level says so. A dose that
was told otherwise for a few days does not make a level of its own: it is counted within the one around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import find_treatment
from cleardays.clock import zone_named
from cleardays.diary.entries import TAKEN
from cleardays.diary.records import Diary
from cleardays.packaged import PACKAGE, read_toml
from cleardays.plan.dose_log import DoseLog, LoggedDose
from cleardays.plan.dose_table import log_of_diary
from cleardays.plan.intake import Intake, intakes
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import days, full_dose, held_on, versions
from cleardays.plan.session_days import given_on
from cleardays.plan.steps import plain
from cleardays.plan.units import in_unit, unit_of
from cleardays.trial.sessions_held import told_sessions
from cleardays.trial.told_treatments import key

DOSE, SESSION, NOTHING = "dose", "session", "nothing"
TOLD, PARTLY, PLANNED = "told", "partly told", "planned, not told"
_DAY = timedelta(days=1)


@cache
def level_rules() -> dict[str, Any]:
    """The rules of `doses_and_avenues.toml`."""
    return read_toml(PACKAGE / "trial" / "data" / "doses_and_avenues.toml")


class Amount(NamedTuple):
    """What is taken on a day with a dose, every so many days; `amount` None is the clinician's, or was not told."""

    kind: str
    amount: Decimal | None
    unit: str | None
    every_days: int = 1

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "amount": None if self.amount is None else plain(self.amount)}


_NONE = Amount(NOTHING, None, None)


class Stretch(NamedTuple):
    """Days of one dose, both ends included.

    `doses` were due, of which `told` are told; `otherwise` were told in another amount or as left out, and `unplanned` were
    taken beside what was due. `sessions` are their days. `by_diary`: the diary tells this dose, and the plan had another one.
    """

    dose: Amount
    first: date
    last: date
    doses: int = 0
    told: int = 0
    otherwise: int = 0
    unplanned: int = 0
    sessions: tuple[date, ...] = ()
    by_diary: bool = False

    @property
    def evidence(self) -> str | None:
        """How it is known that it was taken; None where nothing was due."""
        if not self.doses:
            return TOLD if self.unplanned else None
        return TOLD if self.told == self.doses else PARTLY if self.told else PLANNED


class Levels(NamedTuple):
    """The stretches in order, without a gap from the first to the last day; `unread` are entries in another unit."""

    stretches: tuple[Stretch, ...]
    unread: tuple[LoggedDose, ...] = ()


class _Day(NamedTuple):
    day: date
    planned: Amount
    actual: Amount
    dosed: tuple[Intake, ...]
    unplanned: int


def dose_levels(file: PlanFile, diary: Diary, last: date, given: Mapping[date, Amount] | None = None) -> Levels:
    """The levels of a plan up to a day.

    Args:
        file: the plan that was followed; versions of days after `last` are not read.
        diary: its table of doses tells what was taken.
        last: the last day that is looked at; before the first of the plan there are no levels.
        given: sessions by the records that were told of them.

    Raises:
        BadInput: a stretch longer than any trial, or doses that cannot be true.
    """
    if last < file.plan.start:
        return Levels(())
    full = full_dose(file, last)
    log, unread = _readable(
        log_of_diary(diary.beside.doses, file.plan.treatment, zone_named(diary.about.get("zone", ""))), file
    )
    log = DoseLog(tuple(each for each in log.entries if file.plan.start <= each.day <= last))
    due, extra = intakes(file, log, last, as_of=last)
    if full is None:
        return Levels(tuple(_of_sessions(file, diary, due, last, given or {})), unread)
    return Levels(tuple(_of_doses(list(_by_day(file, due, extra, last)))), unread)


def _readable(log: DoseLog, file: PlanFile) -> tuple[DoseLog, tuple[LoggedDose, ...]]:
    """The entries whose unit is one of the plan's, and the others."""
    units = {step["unit"] for each in file.entries for step in each.after["steps"]}
    units |= {row["unit"] for each in file.entries for row in each.after["sessions"]} - {None}
    wanted = {unit_of(unit) for unit in units}
    kept, unread = list[LoggedDose](), list[LoggedDose]()
    for entry in log.entries:
        amount = None if entry.amount is None else float(entry.amount)
        fits = entry.unit is None or not wanted or any(in_unit(amount, entry.unit, unit or "") is not None for unit in wanted)
        (kept if fits else unread).append(entry)
    return DoseLog(tuple(kept)), tuple(unread)


# ---- what is taken day by day


def _by_day(file: PlanFile, due: Sequence[Intake], extra: Sequence[LoggedDose], last: date) -> Iterator[_Day]:
    """Each day with what the plan had for it and what was taken; between two dose days the earlier one counts."""
    known, of_day, beside = versions(file, last), _grouped(due), _unplanned(extra)
    latest: tuple[Intake, ...] = ()
    for day in days(file.plan.start, last):
        step, dosed = held_on(known, day).due_step(day), of_day.get(day, ())
        more = beside.get(day, ())
        latest = dosed or (latest if step is not None else ())
        if step is None:
            yield _Day(day, _NONE, _sum_of(more, None) or _NONE, (), len(more))
            continue
        planned = Amount(DOSE, sum(step.amounts, Decimal(0)), step.unit, step.every_days)
        yield _Day(day, planned, _taken(planned, latest, more), dosed, len(more))


def _grouped(due: Sequence[Intake]) -> Mapping[date, tuple[Intake, ...]]:
    return {day: tuple(of) for day, of in groupby(due, key=lambda each: each.dose.day)}


def _unplanned(extra: Sequence[LoggedDose]) -> Mapping[date, tuple[LoggedDose, ...]]:
    return {day: tuple(of) for day, of in groupby(extra, key=lambda each: each.day)}


def _taken(planned: Amount, latest: Sequence[Intake], more: Sequence[LoggedDose]) -> Amount:
    """The planned dose, unless another amount is told; what nobody told of counts as planned."""
    amount = sum((each.assumed for each in latest), Decimal(0)) if latest else planned.amount
    if planned.every_days == 1:  # what is taken between two days of a longer interval is no other daily dose
        beside = _sum_of(more, planned.unit)
        amount = (amount or Decimal(0)) + (Decimal(0) if beside is None or beside.amount is None else beside.amount)
    return planned._replace(amount=amount) if amount else _NONE


def _sum_of(more: Sequence[LoggedDose], unit: str | None) -> Amount | None:
    """Doses that were not due, together; without an amount where one of them has none."""
    if not more:
        return None
    unit = unit or next((each.unit for each in more if each.unit is not None), None)
    told = [_in(unit, each) for each in more]
    amounts = [amount for amount in told if amount is not None]
    return Amount(DOSE, sum(amounts, Decimal(0)) if len(amounts) == len(more) else None, unit)


def _in(unit: str | None, entry: LoggedDose) -> Decimal | None:
    if entry.amount is None or entry.unit is None or unit is None or unit_of(entry.unit) == unit_of(unit):
        return entry.amount
    found = in_unit(float(entry.amount), entry.unit, unit_of(unit) or "")
    return None if found is None else Decimal(repr(found)).normalize()


# ---- the stretches


def _of_doses(every: Sequence[_Day]) -> Iterator[Stretch]:
    """Neighbouring days of one dose as one stretch."""
    final = _smoothed(every)
    for dose, of in groupby(zip(final, every, strict=True), key=lambda pair: pair[0]):
        inside = [day for _, day in of]
        due = [each for day in inside for each in day.dosed]
        yield Stretch(
            dose,
            inside[0].day,
            inside[-1].day,
            doses=len(due),
            told=sum(not each.unlogged for each in due),
            otherwise=sum(each.skipped or each.differs for each in due),
            unplanned=sum(day.unplanned for day in inside),
            by_diary=any(day.planned != dose for day in inside),
        )


def _smoothed(every: Sequence[_Day]) -> list[Amount]:
    """The dose of each day: as told where it was told for long enough or goes on, else as planned."""
    least = int(level_rules()["own-level"]["days"])
    runs = [list(of) for _, of in groupby(every, key=lambda day: (day.actual, day.actual == day.planned))]
    sure = [run[0].actual == run[0].planned or len(run) >= least for run in runs]
    final = list[Amount]()
    for number, run in enumerate(runs):
        actual = run[0].actual
        goes_on = bool(final) and final[-1] == actual
        begins = number + 1 < len(runs) and sure[number + 1] and runs[number + 1][0].actual == actual
        final += [actual if sure[number] or goes_on or begins else day.planned for day in run]
    return final


# ---- sessions


def _of_sessions(
    file: PlanFile, diary: Diary, due: Sequence[Intake], last: date, given: Mapping[date, Amount]
) -> Iterator[Stretch]:
    """From each session to the day before the next; sessions of one amount after the other are one level."""
    told = told_sessions(diary, file.plan.treatment, last) | given.keys()
    held = given_on(find_treatment(file.plan.treatment), due, sorted(told), last, last)
    held = tuple(day for day in held if file.plan.start <= day <= last)
    by_day = {each.dose.day: each for each in due}
    amounts = {day: given.get(day) or _session_amount(day, diary, file, by_day) for day in held}
    if not held or held[0] > file.plan.start:
        yield Stretch(_NONE, file.plan.start, held[0] - _DAY if held else last)
    groups = [tuple(of) for _, of in groupby(held, key=lambda day: amounts[day])]
    for number, of in enumerate(groups):
        ends = groups[number + 1][0] - _DAY if number + 1 < len(groups) else last
        known = sum(day in told or (day in by_day and not by_day[day].unlogged) for day in of)
        yield Stretch(amounts[of[0]], of[0], ends, doses=len(of), told=known, sessions=of)


def _session_amount(day: date, diary: Diary, file: PlanFile, due: Mapping[date, Intake]) -> Amount:
    """What was given: as told, else as planned for that day or the nearest one."""
    nearest = due[min(due, key=lambda each: abs((each - day).days))].dose if due else None
    unit = None if nearest is None else nearest.unit
    of_day = [dose for dose in diary.beside.doses if dose.date == day and dose.state in (None, *TAKEN)]
    own = [dose for dose in of_day if dose.amount and key(dose.drug or dose.name or "") == file.plan.treatment]
    if own:
        said = unit if all(unit_of(dose.unit) == unit_of(unit) for dose in own) else own[0].unit
        return Amount(SESSION, sum((dose.amount or Decimal(0) for dose in own), Decimal(0)), said)
    return Amount(SESSION, None if nearest is None else nearest.amount, unit)
