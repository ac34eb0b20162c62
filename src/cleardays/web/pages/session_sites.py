"""A session of injections at fixed sites: the head with its places, the amounts in a list beside it, and the record of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.catalogue.treatments import Treatment, load_treatment
from cleardays.plan.alerts import grave
from cleardays.plan.injection_checks import Earlier, check_record
from cleardays.plan.injection_record import SessionRecord, differences, read_record
from cleardays.plan.sessions import Session
from cleardays.plan.steps import plain
from cleardays.plan.toxin_checks import Finding
from cleardays.plan.toxin_sites import Site, paradigm, tally, total_units
from cleardays.problems import BadInput, Problem
from cleardays.report.head_map import draw_head_map
from cleardays.report.strip import SCREEN
from cleardays.trial.story.events import CLINICIAN, Event
from cleardays.trial.story.kinds import SESSION_HELD
from cleardays.trial.story.sessions_told import INJECTIONS
from cleardays.trial.story.versions import standing
from cleardays.web.asked import Asked
from cleardays.web.drawing import FONT, inline
from cleardays.web.endpoint import Endpoint
from cleardays.web.facts import figure
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, need_one_of
from cleardays.web.places import OF_ANOTHER, base_of
from cleardays.web.roles import ADD, PLAN, Need
from cleardays.web.session_sites import places_of, planned, sites_typed
from cleardays.web.sessions import entry_of, session_asked, staff_only
from cleardays.web.trials import called, plan_asked, trial_asked

_PATH = f"{OF_ANOTHER}/plan/{{trial}}/sites/{{on}}"
_LOOK, _KEEP = "look", "keep"
_GRAVE = "major"
_VIALS = (1, 2, 3)


def sites(asked: Asked) -> Response:
    """The head as planned, or as it was recorded."""
    staff_only(asked)
    session = session_asked(asked)
    places = places_of(_treatment(asked))
    told = _told_before(asked)
    first = planned(places, session.sites if told is None else told.sites)
    return _page(asked, Form({**first, **_written(told), "unit": session.unit or "U"}))


def _treatment(asked: Asked) -> Treatment:
    return load_treatment(trial_asked(asked).treatment)


def _told_before(asked: Asked) -> SessionRecord | None:
    held = standing(asked.known.deciding.told.sessions).get(entry_of(asked))
    return None if held is None or held.kind != INJECTIONS else read_record(held.record)


def _written(told: SessionRecord | None) -> dict[str, str]:
    """The other fields of a record that stands."""
    if told is None:
        return {}
    found = {"product": told.product, "start": told.start or "", "end": told.end or "", "note": told.note or ""}
    for number, vial in zip(_VIALS, told.vials or (), strict=False):
        found |= {f"vial-{number}-units": f"{plain(vial.units)}", f"vial-{number}-lot": vial.lot or ""}
        found[f"vial-{number}-saline"] = "" if vial.saline_ml is None else f"{plain(vial.saline_ml)}"
        found[f"vial-{number}-expires"] = "" if vial.expires is None else vial.expires.isoformat()
    return found


def _page(asked: Asked, form: Form, status: int = 200, findings: Sequence[Finding] = (), *, checked: bool = False) -> Response:
    treatment, session, trial = _treatment(asked), session_asked(asked), trial_asked(asked)
    places, protocol = places_of(treatment), paradigm(treatment)
    try:
        marked = sites_typed(places, form.typed)
    except BadInput:
        marked = tuple(Site(each.muscle, each.side, Decimal(0), each.added) for each in places)
    given = [each for each in marked if each.units]
    drawn = draw_head_map(marked, palette=SCREEN, font=FONT, name="head", fields=[each.field for each in places])
    shown: dict[str, Any] = {
        "form": form,
        "trial": trial,
        "name": called(trial.treatment),
        "session": session,
        "picture": inline(drawn),
        "places": places,
        "tally": tally(treatment, given),
        "total": f"{plain(total_units(given))}",
        "least": f"{plain(protocol.least)}",
        "most": f"{plain(protocol.most)}",
        "above": total_units(given) > protocol.most,
        "unit": protocol.unit,
        "findings": findings,
        "checked": checked,
        "grave": any(_is_grave(each) for each in findings),
        "apart": [] if not checked or form.wrong else [each.says for each in _apart(asked, session)],
        "vials": _VIALS,
        "nurse": asked.viewer.role != CLINICIAN,
        "confirmed": plan_asked(asked).confirmation is not None,
        "base": base_of(asked),
        "here": "/plan",
    }
    return asked.page("session_sites.html", shown, status=status)


def _apart(asked: Asked, session: Session) -> list[Any]:
    try:
        return list(differences(session.sites, _record(asked)))
    except BadInput:
        return []


def _is_grave(finding: Finding) -> bool:
    return grave(finding.severity) <= grave(_GRAVE)


def _record(asked: Asked) -> SessionRecord:
    """What the form says was given.

    Raises:
        BadInput: with every field that cannot be used.
    """
    session = session_asked(asked)
    given = [each for each in sites_typed(places_of(_treatment(asked)), asked.form or {}) if each.units]
    document: dict[str, Any] = {
        "on": session.on.isoformat(),
        "product": asked.field("product"),
        "unit": paradigm(_treatment(asked)).unit,
        "by": asked.field("held_by") or asked.viewer.name,
        "sites": [{**site.document(), "units": float(site.units)} for site in given],
        "vials": _vials(asked) or None,
        **{key: asked.field(key) for key in ("start", "end", "note") if asked.field(key)},
    }
    return read_record({key: value for key, value in document.items() if value not in (None, "")})


def _vials(asked: Asked) -> list[dict[str, Any]]:
    found, problems = [], list[Problem]()
    for number in _VIALS:
        texts = {key: asked.field(f"vial-{number}-{key}") for key in ("units", "saline", "lot", "expires")}
        if not any(texts.values()):
            continue
        for key in ("units", "saline"):
            if texts[key] and figure(texts[key]) is None:
                problems.append(Problem(f"vial-{number}-{key}", "that is no amount.", "Write it in figures."))
        row = {
            "units": figure(texts["units"]),
            "saline_ml": figure(texts["saline"]),
            "lot": texts["lot"],
            "expires": texts["expires"],
        }
        found.append({key: value for key, value in row.items() if value not in (None, "")})
    if problems:
        raise BadInput(problems)
    return found


def _findings(asked: Asked, record: SessionRecord) -> tuple[Finding, ...]:
    """What is not as it should be; earlier sessions of this person count, those that were held before those planned."""
    held = [each.file for each in standing(asked.known.deciding.told.sessions).values() if each.kind == INJECTIONS]
    earlier = [Earlier.of(each) for each in held if isinstance(each, SessionRecord) and each.on < record.on]
    return check_record(_treatment(asked), record, earlier, asked.today)


async def keep_sites(asked: Asked) -> Response:
    """Check what was written; keep it once nothing grave is left unread."""
    staff_only(asked)
    return await run_in_threadpool(_looked_at, asked) if asked.field("do") == _LOOK else await _keep(asked)


def _looked_at(asked: Asked) -> Response:
    try:
        findings = _findings(asked, _record(asked))
    except BadInput as bad:
        return _page(asked, written(asked, bad), 422)
    return _page(asked, Form(asked.form or {}), findings=findings, checked=True)


async def _keep(asked: Asked) -> Response:
    bad = await kept(asked, _told)
    if bad is None:
        return RedirectResponse(f"{base_of(asked)}/plan/{trial_asked(asked).id}", 303)

    def again() -> Response:
        try:
            findings = _findings(asked, _record(asked))
        except BadInput:
            findings = ()
        return _page(asked, written(asked, bad), 422, findings, checked=True)

    return await run_in_threadpool(again)


def _told(asked: Asked) -> list[Event]:
    need_one_of(asked, "do", (_KEEP,))
    record, session = _record(asked), session_asked(asked)
    if session.on > asked.today:
        raise BadInput(Problem("on", "this session is still to come.", "Record it once it has been held."))
    if any(_is_grave(each) for each in _findings(asked, record)) and asked.field("seen") != "yes":
        how = "Correct the amounts, or tick that this is what was given."
        raise BadInput(Problem("seen", "something is not as it should be; see below.", how))
    body: dict[str, Any] = {"entry": entry_of(asked), INJECTIONS: record.document()}
    body |= {key: asked.field(key) for key in ("held_by", "qualification") if asked.field(key)}
    return [Event(SESSION_HELD, asked.now, asked.by, body, trial_asked(asked).id)]


ROWS = (
    Endpoint("GET", _PATH, sites, Need(PLAN, ADD), "the sites of a session on a head"),
    Endpoint("POST", _PATH, keep_sites, Need(PLAN, ADD), "what was injected, and where"),
)
