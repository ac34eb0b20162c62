"""A dose log as a table, and the doses of a diary as a dose log.

A table has the columns of an entry (`day`, `slot`, `status`, ...). That of a diary, doses.csv, is read too: it
tells on which day something was taken, so that the first intake of a day is taken for its first planned dose.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo

from cleardays.catalogue.names import find_medicine
from cleardays.diary.cells import DAY, INSTANT, TEXT, decimal, one_of, whole
from cleardays.diary.entries import DoseEntry
from cleardays.diary.sheet_rows import read_rows
from cleardays.diary.sheets import Sheet
from cleardays.diary.sheets_beside import DOSES
from cleardays.diary.tables import open_table
from cleardays.plan.dose_log import LATE, MOST_AMOUNT, MOST_SLOTS, SKIPPED, STATUSES, TAKEN, DoseLog, LoggedDose, contradictions
from cleardays.problems import BadInput, Problem

LOG = Sheet(
    "dose log",
    {
        "day": DAY,
        "slot": whole(1, MOST_SLOTS),
        "status": one_of(*STATUSES),
        "at": INSTANT,
        "amount": decimal(0, MOST_AMOUNT),
        "unit": TEXT,
        "note": TEXT,
        "logged_at": INSTANT,
    },
    LoggedDose,
    ("day", "status"),
)
_STATUS = {"taken": TAKEN, "given": TAKEN, "late": LATE, "skipped": SKIPPED}
_KINDS = (None, "preventive", "session")


def read_table(lines: Iterable[str], name: str, treatment: str) -> DoseLog:
    """A log from the lines of a table.

    Args:
        lines: with their header.
        name: how to call the file in a problem.
        treatment: whose doses a table of a diary is looked through for.

    Raises:
        BadInput: with every cell of every row that cannot be used.
    """
    table = open_table(lines, name)
    if {"date", "state"} <= set(table.header):
        rows, lost = read_rows(table, DOSES, name)
        return log_of_diary(rows, treatment)._replace(lost=lost)
    entries, lost = read_rows(table, LOG, name, contradictions)
    return DoseLog(tuple(entries), lost)


def log_of_diary(doses: Iterable[DoseEntry], treatment: str, zone: tzinfo | None = None) -> DoseLog:
    """The doses of one treatment that a diary tells of, in the order of their times.

    A row that only plans a dose says nothing of it. A time counts where the zone is known.

    Raises:
        BadInput: a row that cannot be true.
    """
    own = [dose for dose in doses if dose.kind in _KINDS and _is_of(dose, treatment) and dose.state in _STATUS]
    found, of_day = list[LoggedDose](), dict[date, int]()
    for dose in sorted(own, key=lambda dose: (dose.date, dose.time or "")):
        slot = of_day[dose.date] = of_day.get(dose.date, 0) + 1
        if slot > MOST_SLOTS:
            what = f"{dose.date} has more than {MOST_SLOTS} doses of {treatment}."
            raise BadInput(Problem("doses", what, "Correct their days."))
        found.append(_entry(dose, slot, zone))
    return DoseLog(tuple(found))


def _entry(dose: DoseEntry, slot: int, zone: tzinfo | None) -> LoggedDose:
    status = _STATUS[dose.state or ""]
    taken = status != SKIPPED
    at = None
    if taken and zone is not None and dose.time is not None:
        at = datetime.combine(dose.date, time.fromisoformat(dose.time), zone)
    amount = dose.amount if taken and dose.amount else None
    return LoggedDose(day=dose.date, slot=slot, status=status, at=at, amount=amount, unit=None if amount is None else dose.unit)


def _is_of(dose: DoseEntry, treatment: str) -> bool:
    name = dose.drug or dose.name
    medicine = None if name is None else find_medicine(name)
    return name == treatment or (medicine is not None and medicine.id == treatment)
