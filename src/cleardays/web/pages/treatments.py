"""The treatments: plain words first, the tables for clinicians on a page of their own, sources at the end of each."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from cleardays.catalogue.treatments import treatment_ids
from cleardays.problems import Problem
from cleardays.report.treatment_html import (
    MARKS_SAID,
    SIDE_EFFECTS,
    TreatmentHtml,
    facts_html,
    index_html,
    side_effects_html,
    treatment_html,
)
from cleardays.report.treatment_page import ADVICE
from cleardays.trial.ledger.tried import known_as
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import OPEN, Need

_PATH = "/treatments"
_LONGEST_NAME = 200


def treatments(asked: Asked) -> Response:
    """All of them."""
    return _shown(asked, index_html(_PATH))


def side_effects(asked: Asked) -> Response:
    """Side effects of all of them."""
    return _shown(asked, side_effects_html(_PATH), up=True)


def treatment(asked: Asked) -> Response:
    """One treatment, for everybody; any other name of it leads here."""
    found = _known(asked)
    if found != asked.request.path_params["treatment"]:
        return RedirectResponse(f"{_PATH}/{found}", 303)
    return _shown(asked, treatment_html(found, _PATH), up=True, facts=f"{_PATH}/{found}/facts")


def treatment_facts(asked: Asked) -> Response:
    """One treatment, every table of the catalogue."""
    found = _known(asked)
    return _shown(asked, facts_html(found, _PATH), up=True, plain=f"{_PATH}/{found}")


def _known(asked: Asked) -> str:
    """The treatment that the address names, by any of its names.

    Raises:
        Refused: the catalogue has none of that name.
    """
    named = asked.request.path_params["treatment"]
    found = named if named in treatment_ids() else known_as(named[:_LONGEST_NAME])[0]
    if found not in treatment_ids():
        raise Refused(404, Problem("treatment", "there is no page about it.", f"Choose one of the list at {_PATH}."))
    return found


def _shown(asked: Asked, page: TreatmentHtml, *, up: bool = False, facts: str = "", plain: str = "") -> Response:
    shown = {
        "page": page,
        "body": Markup(page.body),  # laid out by the report room, which escapes every text in it
        "up": _PATH if up else "",
        "facts": facts,
        "plain": plain,
        "marks": MARKS_SAID,
        "advice": ADVICE,
        "here": _PATH,
    }
    return asked.page("treatment.html", shown)


_NEED = Need(OPEN)
ROWS = (
    Endpoint("GET", _PATH, treatments, _NEED, "all treatments"),
    Endpoint("GET", f"{_PATH}/{SIDE_EFFECTS}", side_effects, _NEED, "side effects side by side"),
    Endpoint("GET", f"{_PATH}/{{treatment}}", treatment, _NEED, "a treatment in plain words"),
    Endpoint("GET", f"{_PATH}/{{treatment}}/facts", treatment_facts, _NEED, "every fact about a treatment, for clinicians"),
)
