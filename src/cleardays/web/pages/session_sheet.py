"""The sheet of a supervised session: what is seen to before, readings and medicines while it runs, and when they may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.catalogue.screening_rules import screening_words
from cleardays.plan.alerts import grave
from cleardays.plan.changes import state_of
from cleardays.plan.earlier_sessions import earlier_sessions
from cleardays.plan.journal import PlanFile
from cleardays.plan.screening import ANY
from cleardays.plan.session_gate import Gate, may_start
from cleardays.plan.session_judge import NOT_IN_ORDER, judge
from cleardays.plan.session_leaving import may_leave_from
from cleardays.plan.session_reading import read_session_record
from cleardays.plan.session_record import HOME, PLACES, SessionRecord
from cleardays.plan.session_rules import supervised_treatment
from cleardays.plan.session_sheet import SessionSheet, session_sheet
from cleardays.problems import BadInput, Problem
from cleardays.report.strip import SCREEN
from cleardays.report.vitals_timeline import NARROW, draw_vitals
from cleardays.trial.story.events import CLINICIAN, Event
from cleardays.trial.story.kinds import SESSION_HELD
from cleardays.trial.story.sessions_told import SUPERVISED, HeldSession
from cleardays.trial.story.versions import standing
from cleardays.web.asked import Asked
from cleardays.web.drawing import FONT, inline
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.places import OF_ANOTHER, base_of
from cleardays.web.roles import ADD, PLAN, Need
from cleardays.web.session_rows import ACTS, ANSWERS, BEFORE, LEAVE, NUMBERS, TEXTS, with_row
from cleardays.web.sessions import entry_of, session_asked, staff_only
from cleardays.web.trials import called, plan_asked, trial_asked

_PATH = f"{OF_ANOTHER}/plan/{{trial}}/sheet/{{on}}"


def sheet(asked: Asked) -> Response:
    """The sheet, with the record as far as it goes."""
    staff_only(asked)
    held = _held(asked)
    return _page(asked, Form({} if held is None else _typed(held)))


def _held(asked: Asked) -> HeldSession | None:
    found = standing(asked.known.deciding.told.sessions).get(entry_of(asked))
    return found if found is not None and found.kind == SUPERVISED else None


def _typed(held: HeldSession) -> dict[str, str]:
    """The fields of what was seen to before, as they stand."""
    record = held.record
    medicines = record.get("medicines")
    found = {key: str(record[key]) for key in ("place", "start", "note") if record.get(key) is not None}
    found |= {f"need-{need}": "yes" if met else "no" for need, met in record.get("prepared", {}).items()}
    if record.get("weight_kg") is not None:
        found["weight_kg"] = f"{record['weight_kg']:g}"
    if medicines is not None:
        found |= {"medicines": ", ".join(each["name"] for each in medicines), "no_medicines": "" if medicines else "yes"}
    return {**found, "held_by": held.held_by, "qualification": held.qualification or ""}


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    session, file, trial, held = session_asked(asked), plan_asked(asked), trial_asked(asked), _held(asked)
    of = session_sheet(file.plan.treatment, session.on)
    shown: dict[str, Any] = {
        "form": form,
        "trial": trial,
        "name": called(trial.treatment),
        "session": session,
        "sheet": of,
        "act": (asked.form or {}).get("do", BEFORE),
        "gate": _gate(file, asked),
        "places": [("", ""), *((each, each.replace("_", " ")) for each in PLACES if each != HOME)],
        "routes": [(each, each) for each in dict.fromkeys((of.route, *sorted(set(screening_words().routes.values()))))],
        "numbers": NUMBERS,
        "texts": TEXTS,
        "answers": ANSWERS,
        "nurse": asked.viewer.role != CLINICIAN,
        "confirmed": file.confirmation is not None,
        "begun": held is not None,
        "base": base_of(asked),
        "here": "/plan",
        **_so_far(asked, of, held),
    }
    return asked.page("session_sheet.html", shown, status=status)


def _gate(file: PlanFile, asked: Asked) -> Gate:
    plan, on = file.plan, session_asked(asked).on
    where = None if plan.jurisdiction == ANY else plan.jurisdiction
    before = earlier_sessions(file, on)
    person = state_of(file).person
    return may_start(plan.treatment, person, on=on, earlier=before, indication=plan.indication, jurisdiction=where)


def _so_far(asked: Asked, of: SessionSheet, held: HeldSession | None) -> dict[str, Any]:
    """What the record shows by now."""
    if held is None:
        return {"record": None, "judged": None, "picture": None, "rows": [], "now": "0", "next": of.due[0], "leave_from": None}
    record = read_session_record(held.record)
    now = _minute_now(asked, record)
    judged = judge(record, now_minute=now)
    read = {row.minute for row in record.vitals}
    drawn = draw_vitals(record, judged, NARROW, palette=SCREEN, font=FONT, name="vitals")
    return {
        "record": record,
        "judged": judged,
        "alerts": sorted(judged.alerts, key=lambda each: grave(each.alert.severity)),  # the gravest first, each in its time
        "picture": inline(drawn),
        "rows": list(_rows(held.record)),
        "now": "" if now is None else f"{now:g}",
        "next": next(each for each in of.times.due(record.last_minute + of.observe_min) if each > max(read, default=-1)),
        "leave_from": may_leave_from(record, supervised_treatment(record.treatment)),
    }


def _minute_now(asked: Asked, record: SessionRecord) -> float | None:
    """Minutes since the start, on the day of the session; None on another day, or where nobody wrote when it began."""
    if record.start is None or record.on != asked.today or record.discharge is not None:
        return None
    begun = datetime.combine(record.on, time.fromisoformat(record.start), asked.zone)
    minutes = (asked.now - begun).total_seconds() // 60
    return minutes if minutes >= 0 else None


def _rows(record: Mapping[str, Any]) -> Iterator[tuple[float, str, str]]:
    """Every row of the record in words, in order of time, each with the name by which it can be removed."""
    found = []
    for name in ("vitals", "given", "events", "actions"):
        for at, row in enumerate(record.get(name, ())):
            minute = row.get("minute", row.get("from_minute", 0))
            told = ", ".join(f"{key.replace('_', ' ')} {_plain(value)}" for key, value in row.items()
                             if key not in ("minute", "from_minute"))  # fmt: skip
            found.append((minute, told, f"{name}:{at}"))
    yield from sorted(found)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


async def keep_row(asked: Asked) -> Response:
    """One more row of the record; the record is told anew as a whole, so that what it said before stays."""
    staff_only(asked)
    bad = await kept(asked, _told)
    if bad is not None:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    return RedirectResponse(str(asked.request.url.path), 303)


def _told(asked: Asked) -> list[Event]:
    act, held, session = need_one_of(asked, "do", ACTS), _held(asked), session_asked(asked)
    if session.on > asked.today:
        raise BadInput(Problem("on", "this session is still to come.", "Record it while it is held."))
    if held is None and act != BEFORE:
        raise BadInput(Problem("do", "nothing is written yet.", "Write first what was seen to before."))
    of = session_sheet(plan_asked(asked).plan.treatment, session.on)
    first = {"treatment": of.treatment, "on": session.on.isoformat(), "entered_by": asked.viewer.name}
    before = first if held is None else {key: value for key, value in held.record.items() if value is not None}
    record = with_row(before, act, asked.form or {}, of.conditions)
    document = _read(record)
    if act == LEAVE:
        _require_gate(asked, document)
    body = {"entry": entry_of(asked), SUPERVISED: document, **_who(asked, held, act)}
    return [Event(SESSION_HELD, asked.now, asked.by, body, trial_asked(asked).id)]


def _require_gate(asked: Asked, document: Mapping[str, Any]) -> None:
    """Nobody leaves unnoticed before everything is in order; that they left all the same has to be said.

    Raises:
        BadInput: with what is not in order.
    """
    found = judge(read_session_record(document))
    if found.discharge == NOT_IN_ORDER and asked.field("seen") != "yes":
        why = [each.alert for each in found.alerts if each.minute >= found.alerts[-1].minute] or [found.alerts[-1].alert]
        what = " ".join(f"{each.subject[:1].upper()}{each.subject[1:]}. {each.action}" for each in why)
        raise BadInput(Problem("seen", what, "Tick it where they left all the same."))


def _read(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record, checked as a whole, as it is kept."""
    document = read_session_record(dict(record)).document()
    return {key: value for key, value in document.items() if value is not None}


def _who(asked: Asked, held: HeldSession | None, act: str) -> dict[str, str]:
    """In whose hands it is: as written before it, and the same for every row after."""
    if act == BEFORE or held is None:
        return {key: asked.field(key) for key in ("held_by", "qualification") if asked.field(key)}
    return {"held_by": held.held_by, **({} if held.qualification is None else {"qualification": held.qualification})}


ROWS = (
    Endpoint("GET", _PATH, sheet, Need(PLAN, ADD), "the sheet of a supervised session"),
    Endpoint("POST", _PATH, keep_row, Need(PLAN, ADD), "one row of a supervised session"),
)
