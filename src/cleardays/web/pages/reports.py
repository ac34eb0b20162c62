"""Pages to take along: choose one, look at it, save it. A page is a document of its own with a policy of its own."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from cleardays.problems import BadInput, Problem
from cleardays.report.answer_card import called
from cleardays.trial.payers.packs import packs
from cleardays.web import reports
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, wrong_of
from cleardays.web.marked import N_
from cleardays.web.pages.answer import account_at, trials_shown
from cleardays.web.places import base_of, for_both
from cleardays.web.problem_answers import Refused
from cleardays.web.reports import Source, Wanted
from cleardays.web.roles import ANSWER, PLAN, Need, allowed

PATH = "/reports"
# A page brings its own styles and nothing else; it runs nothing, and reaches nothing of the app.
POLICY = "; ".join((
    "sandbox", "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "base-uri 'none'", "form-action 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
_SAYS = {
    reports.CLINICIAN: N_("For a visit: one sheet for your clinician, with an annex"),
    reports.PERSON: N_("For you: large letters, few words"),
    reports.PAYER: N_("For a payer: what their rules ask for, and what is met"),
    reports.WHOLE: N_("The whole plan: everything you do at once"),
    reports.DOSES: N_("The doses one after the other"),
}


def choose(asked: Asked) -> Response:
    """Which page, of which trial, as of which day; what the address says stands in the form already."""
    return form_page(asked, Form(_fields(asked)))


def choose_again(asked: Asked) -> Response:
    """The same form with what was typed, and with the questions of the rules that were chosen."""
    return form_page(asked, Form(_fields(asked)))


def form_page(asked: Asked, form: Form, *, status: int = 200) -> Response:
    """The form, with what was typed and what is wrong with it."""
    trials = trials_shown(asked)
    offered = [page for page in reports.PAGES if _may(asked, page) and (trials or page == reports.WHOLE)]
    pack = form.value("pack")
    shown = {
        "form": form,
        "pages": [(page, asked.words._(_SAYS[page])) for page in offered],
        "trials": [(each.id, called(each.treatment)) for each in trials],
        "packs": [(each.id, f"{each.name} ({each.mark})" if each.mark else each.name) for each in packs().values()],
        "questions": [(f"{reports.SAID}{rule}", asks) for rule, asks in reports.questions(pack)],
        "today": asked.today.isoformat(),
        "name": asked.known.about.get("person", ""),
        "endings": tuple(reports.ENDINGS),
        **place(asked),
    }
    return asked.page("reports.html", shown, status=status)


def report(asked: Asked) -> Response:
    """The page itself, to look at or to keep."""
    return _made(asked)


def report_asked(asked: Asked) -> Response:
    """The page itself, asked for by a form: what was typed then stands in no address."""
    return _made(asked)


def _fields(asked: Asked) -> dict[str, str]:
    return {"pack": "", **(asked.request.query_params if asked.form is None else asked.form)}


def _made(asked: Asked) -> Response:
    ending, fields = asked.request.path_params["ending"], _fields(asked)
    if ending not in reports.ENDINGS:
        raise Refused(404, Problem("address", "no page ends like that.", f"Use one of {', '.join(reports.ENDINGS)}."))
    try:
        wanted = wanted_of(asked, fields)
        content = reports.writers_of(wanted, source_of(asked))[ending]()
    except BadInput as bad:
        return form_page(asked, wrong_of(fields, bad), status=422)
    return document(content, wanted, ending, keep="keep" in fields)


def wanted_of(asked: Asked, fields: Mapping[str, str]) -> Wanted:
    """What the fields ask for, of what this viewer may see.

    Raises:
        BadInput: they ask for something that cannot be made.
    """
    wanted = reports.read_wanted(fields, [each.id for each in trials_shown(asked)], asked.today)
    if not _may(asked, wanted.page):
        raise BadInput(Problem("page", "this page is not for you.", "Choose one of the list."))
    return wanted


def source_of(asked: Asked) -> Source:
    """What the pages of this person are made from, as it stands now."""
    trials, store = asked.known.deciding.trials, asked.house.store
    return Source(
        asked.story,
        lambda trial, day: account_at(asked, trials[trial], day),
        lambda: store.events(asked.person),
    )


def document(content: bytes, wanted: Wanted, ending: str, *, keep: bool = False) -> Response:
    """A page as an answer: with its own policy, and with a name that says nothing of health where it is kept."""
    headers = {"Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    if keep:
        headers["Content-Disposition"] = f'attachment; filename="cleardays-{wanted.page}-{wanted.on.isoformat()}.{ending}"'
    return Response(content, headers=headers, media_type=reports.ENDINGS[ending])


def place(asked: Asked) -> dict[str, object]:
    """What the screens of pages say of where they are."""
    return {"here": f"{base_of(asked)}{PATH}", "base": base_of(asked)}


def _may(asked: Asked, page: str) -> bool:
    """Whether the viewer may see what a page is of; the whole plan only where nothing of it is private to them."""
    about = PLAN if page in reports.OF_A_PLAN else ANSWER
    whole = page != reports.WHOLE or len(trials_shown(asked)) == len(asked.known.deciding.trials)
    return whole and allowed(asked.viewer, Need(about), asked.person)


_NEED, _PAGE, _ENDINGS = Need(ANSWER), f"{PATH}/page.{{ending}}", "as HTML, PDF, text or JSON"
ROWS = for_both(
    Endpoint("GET", PATH, choose, _NEED, "choose a page to take along"),
    Endpoint("POST", PATH, choose_again, _NEED, "the same with the questions of a payer"),
    Endpoint("GET", _PAGE, report, _NEED, f"a page to take along, {_ENDINGS}", often=30),
    Endpoint("POST", _PAGE, report_asked, _NEED, f"a page to take along, {_ENDINGS}, asked for by a form", often=30),
)
