"""A trial on the screens, step by step, for tests."""

from __future__ import annotations

import re

from reference import seats

HEALTHY = ("conditions", "medicines", "allergies")
FACTS = {"age": "34", "sex": "male", "liver": "normal", "diary_flags": "no", "heart_rate": "64", "egfr_ml_min": "95"}
START = "2026-03-04"


def opened(desk, treatment="lamotrigine", indication="migraine-with-aura"):
    """A trial is opened by somebody without illness, medicine or allergy."""
    for part in HEALTHY:
        desk.post(f"/intake/{part}", data={"do": "none"})
    return desk.post("/plan/new", data={"treatment": treatment, "indication": indication, "why": "aura every week"})


def drafted(desk, treatment="lamotrigine", start=START, **facts):
    """A plan is drafted."""
    form = {"what": "draft", "start": start, **FACTS, **facts}
    return desk.post(f"/plan/{treatment}/suitability", data=form)


def answers_of(page):
    """The fields of the alerts that a page asks a clinician to answer."""
    return dict.fromkeys(re.findall(r'name="(accept-[^"]+)"', page.text), "weighed together")


def confirmed(desk, treatment="lamotrigine"):
    """A clinician confirms it on their own device."""
    with seats.sits(desk, seats.DOCTOR):
        address = f"/people/me/plan/{treatment}/confirm"
        page = desk.get(address)
        (version,) = re.findall(r'name="version" value="(\d+)"', page.text)
        form = {"version": version, "qualification": "neurologist", "seen": "yes", **answers_of(page)}
        return desk.post(address, data=form)


def begun(desk, treatment="lamotrigine", indication="migraine-with-aura", **facts):
    """Opened, drafted, confirmed and begun on the day of the clock."""
    for step in (opened(desk, treatment, indication), drafted(desk, treatment, **facts), confirmed(desk, treatment)):
        assert step.status_code == 200, step.text
    page = desk.post(f"/plan/{treatment}", data={"what": "begin"})
    assert page.status_code == 200, page.text
    return page
