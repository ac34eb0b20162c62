"""Side effects that the treatment of a plan calls grave, as warning signs that stand until they are settled.

The plan itself goes no step up while one stands; whoever reads a page or a list of the trial has to see why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from cleardays.diary.beside import Beside
from cleardays.diary.records import Diary
from cleardays.diary.red_flags import RedFlag
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.journal import PlanFile
from cleardays.plan.told_findings import Told, findings

OTHER = "told_other"
UNNAMED = "effect"  # the code of a sign that was shown for an effect that no warning sign is named for
_TOLD_AS_SIGN = "red_flag"  # which the diary's own findings show
_EMERGENCY, _SOON = "emergency", "soon"
_GRAVE = "major"


def told_signs(
    file: PlanFile, diary: Diary, on: date, *, shown: Collection[tuple[date, str]] = (), every: bool = False
) -> Iterator[RedFlag]:
    """What was told since the plan began, is open on a day, and is critical or major for its treatment.

    Args:
        file: the plan.
        diary: with the side effects that were told.
        on: the day.
        shown: day and code of signs that were shown to somebody; the effect that one was shown for has its answer there.
        every: what was told as a warning sign too, which the findings of a diary show by themselves.
    """
    for told in findings(file, diary, on).told:
        if (told.event.kind == _TOLD_AS_SIGN and not every) or _is_shown(told, shown):
            continue
        alone = Diary((), {}, (), Beside(events=(told.event,)))
        alerts = [each for each in findings(file, alone, on).alerts if grave(each.severity) <= grave(_GRAVE)]
        if alerts:
            yield _sign(told, alerts[0])


def _is_shown(told: Told, shown: Collection[tuple[date, str]]) -> bool:
    """Another sign of the same day says nothing of this one."""
    return any((told.event.date, code) in shown for code in told.flags or {UNNAMED})


def _sign(told: Told, worst: Alert) -> RedFlag:
    code = min(told.flags, default=OTHER)
    tier = _EMERGENCY if worst.severity == "critical" else _SOON
    said = worst.subject, worst.action, told.event.term
    return RedFlag(code, tier, told.event.date, *said, open=True, snnoop10=None, source=worst.source)
