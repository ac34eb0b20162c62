"""Judging the record of a session: what crossed a limit and when, what was not read, what was not answered, how it ended.

Limits are the catalogue's rules, asked for each reading as the screen asks them. A
reading that is missing when it is due is told as missing; it is never taken as normal.
The order in which rows are given changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleardays.catalogue.treatments import Treatment, catalogue_version
from cleardays.plan.alerts import grave
from cleardays.plan.person import Person, SessionNow, TakenMedicine
from cleardays.plan.session_alerts import STOPS, SessionAlert, asked, own_alert
from cleardays.plan.session_before import before_alerts, compared, given_alerts
from cleardays.plan.session_events import event_alerts
from cleardays.plan.session_leaving import leaving_alerts
from cleardays.plan.session_record import Action, Given, SessionRecord
from cleardays.plan.session_rules import BEFORE, DISCHARGE, DURING, MEASURES, leeway, supervised_treatment, times_of
from cleardays.plan.session_studied import Compared

# A stop that is written down for the minute after the reading is the stop that it asked for.
_A_MINUTE = 1.0
_ANSWERED = "major"
NOT_YET, IN_ORDER, NOT_IN_ORDER = "not_yet", "in_order", "not_in_order"


class Missed(NamedTuple):
    """A reading that was due: the minute, and what was not read then."""

    minute: float
    measures: tuple[str, ...]


class Judgement(NamedTuple):
    """What a record shows. `blocked` is what forbade the start; `stop_from` the minute of the first stop criterion."""

    treatment: str
    catalogue_version: str
    blocked: bool
    stop_from: float | None
    discharge: str
    due: tuple[float, ...]
    missed: tuple[Missed, ...]
    compared: tuple[tuple[float, Compared], ...]
    alerts: tuple[SessionAlert, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            **self._asdict(),
            "due": list(self.due),
            "missed": [{"minute": each.minute, "measures": list(each.measures)} for each in self.missed],
            "compared": [{"minute": minute, **each.document()} for minute, each in self.compared],
            "alerts": [each.document() for each in self.alerts],
        }


def judge(record: SessionRecord, *, now_minute: float | None = None) -> Judgement:
    """Everything that a record shows, by minute.

    Args:
        record: what was entered.
        now_minute: for a session that still runs, the minute it is now; without it the last minute told.
    """
    treatment = supervised_treatment(record.treatment)
    until = max(record.last_minute, now_minute or 0.0) if record.discharge is None else record.last_minute
    due = times_of(treatment).due(until)
    missed = tuple(_missed(record, due, until))
    crossed = [*_readings(record, treatment), *event_alerts(record, treatment)]
    stop_from = min((each.minute for each in crossed if each.stops), default=None)
    found = [*before_alerts(record, treatment), *given_alerts(record, treatment), *crossed, *map(_missing, missed)]
    found += [*_given_by_staff(record, treatment), *_went_on(record.given, stop_from), *_without_result(record)]
    found += _without_reason(record)
    found += [*_unanswered(record, crossed, due), *leaving_alerts(record, treatment)]
    alerts = tuple(sorted(dict.fromkeys(found), key=lambda each: each.order))
    return Judgement(
        treatment.id,
        catalogue_version(),
        any(each.phase == BEFORE and each.forbids for each in alerts),
        stop_from,
        _discharge(record, alerts),
        due,
        missed,
        compared(record, treatment),
        alerts,
    )


def _discharge(record: SessionRecord, alerts: Iterable[SessionAlert]) -> str:
    if record.discharge is None:
        return NOT_YET
    return NOT_IN_ORDER if any(each.phase == DISCHARGE and each.forbids for each in alerts) else IN_ORDER


def _readings(record: SessionRecord, treatment: Treatment) -> Iterator[SessionAlert]:
    """The rules on vital signs, for each reading."""
    for row in record.vitals:
        now = SessionNow(row.minute, *(getattr(row, name) for name in MEASURES))
        alerts, _ = asked(treatment, Person(session=now))
        yield from (SessionAlert(row.minute, DURING if row.minute > 0 else BEFORE, alert) for alert in alerts)


def _missed(record: SessionRecord, due: tuple[float, ...], until: float) -> Iterator[Missed]:
    """What was not read when it was due; a time that may still come is not yet missed."""
    for at, minute in enumerate(due):
        within = leeway(due, at)
        if record.discharge is None and minute + within > until:
            continue
        rows = [row for row in record.vitals if abs(row.minute - minute) <= within]
        measures = tuple(name for name in MEASURES if all(getattr(row, name) is None for row in rows))
        if measures:
            yield Missed(minute, measures)


def _missing(missed: Missed) -> SessionAlert:
    words = ", ".join(MEASURES[name][0] for name in missed.measures)
    because = f"Due at minute {missed.minute:g} and not read: {words}. It is not taken as normal."
    said = ("reading-missing", "major", f"not read: {words}", because, "Read it now; note why it was not read.")
    return SessionAlert(missed.minute, DURING if missed.minute > 0 else BEFORE, own_alert(*said))


def _given_by_staff(record: SessionRecord, treatment: Treatment) -> Iterator[SessionAlert]:
    """The rules on medicines that staff gave for something: in a session some may be given that block its start."""
    for action in record.actions:
        if action.medicine is None:
            continue
        now = SessionNow(max(action.minute, _A_MINUTE))
        person = Person(session=now, medicines=(TakenMedicine(action.medicine, hours_since_last=0.0),))
        alerts, unclear = asked(treatment, person)
        yield from (SessionAlert(action.minute, DURING, alert) for alert in alerts)
        for each in unclear:
            said = ("medicine-unclear", "major", each.name.partition(".")[2], each.question, "Say which medicine it was.")
            yield SessionAlert(action.minute, DURING, own_alert(*said))


def _went_on(given: Iterable[Given], stop_from: float | None) -> Iterator[SessionAlert]:
    """What was still given, or given anew, after a stop criterion."""
    for each in given:
        at_once = each.rate is None and each.until_minute is None
        until = each.from_minute if at_once else each.until_minute
        if stop_from is not None and (until is None or until > stop_from + _A_MINUTE):
            ends = "and has no end" if until is None else f"until minute {until:g}"
            because = f"A limit at which a session is stopped was crossed at minute {stop_from:g}; it was given {ends}."
            said = ("not-stopped", STOPS, "given after a limit for stopping", because, "Stop what is given now, and treat.")
            yield SessionAlert(max(stop_from, each.from_minute), DURING, own_alert(*said))


def _without_reason(record: SessionRecord) -> Iterator[SessionAlert]:
    """A dose or a rate that was changed in the session is written down with its reason."""
    for each in sorted(record.given, key=lambda given: given.from_minute)[1:]:
        if each.why is None:
            because = f"What is given changed at minute {each.from_minute:g}, and no reason is written down."
            said = ("change-without-reason", "moderate", "reason for a change", because, "Write down why it was changed.")
            yield SessionAlert(each.from_minute, DURING, own_alert(*said))


def _unanswered(record: SessionRecord, crossed: Iterable[SessionAlert], due: tuple[float, ...]) -> Iterator[SessionAlert]:
    """A limit that was crossed with nothing done before the next reading was due, and no action still under way."""
    for minute in sorted({each.minute for each in crossed if grave(each.alert.severity) <= grave(_ANSWERED)}):
        until = next((each for each in due if each > minute), record.last_minute)
        if not any(minute <= each.minute <= until or _under_way(each, minute) for each in record.actions):
            because = f"A limit was crossed, and no action is written down up to minute {max(until, minute):g}."
            said = ("no-action", "major", "no action written down", because, "Write down what was done, and what came of it.")
            yield SessionAlert(minute, DURING if minute > 0 else BEFORE, own_alert(*said))


def _under_way(action: Action, minute: float) -> bool:
    return action.result_minute is not None and action.minute <= minute <= action.result_minute


def _without_result(record: SessionRecord) -> Iterator[SessionAlert]:
    for action in record.actions:
        if action.result is None:
            because = f"Done: {action.what}. What came of it is not written down."
            said = ("result-missing", "moderate", f"result of: {action.what}", because, "Write down what came of it.")
            yield SessionAlert(action.minute, DURING, own_alert(*said))
