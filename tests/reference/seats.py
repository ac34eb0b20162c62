"""Other people in front of the app: a clinician, a nurse, a helper, each with what the person let them see."""

from __future__ import annotations

from contextlib import contextmanager

from cleardays.web.roles import CLINICIAN, FAMILIES, HELPER, NOBODY, NURSE, RESEARCHER, Viewer


def seeing(role, *families, name="Dr Ada Field", person="me"):
    """Somebody with a role who may see some families of one person's data."""
    shown = {person: frozenset(families or FAMILIES)}
    return Viewer(role, name, account=f"of-{role}", shown=shown)


DOCTOR = seeing(CLINICIAN)
NURSING = seeing(NURSE, name="Nora Nurse")
HELPING = seeing(HELPER, name="Hal Helper")
COUNTING = Viewer(RESEARCHER, "Rae Reader", account="of-researcher")
STRANGER = seeing(CLINICIAN, name="Dr No One", person="somebody else")
NONE = Viewer(NOBODY)


@contextmanager
def sits(desk, viewer):
    """Somebody else asks for a while."""
    viewers = desk.app.state.house.viewers
    before = viewers.of
    viewers.of = lambda _: viewer
    try:
        yield desk
    finally:
        viewers.of = before
