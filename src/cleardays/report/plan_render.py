"""The one-page plan as HTML, as one sheet of paper (PDF), and as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from importlib import resources

from cleardays import __version__
from cleardays.plan.journal import PlanFile
from cleardays.report.head_map import describe_sites, draw_head_map, table_html
from cleardays.report.plan_doses import NO_BREAK, DoseRow
from cleardays.report.plan_page import DRAFT, PlanPage
from cleardays.report.sheet import FONT, PAPERS, typeset
from cleardays.report.simulated import KEY, label_html, label_text, stamp
from cleardays.report.strip import PAPER, SCREEN
from cleardays.report.titration import describe_titration, draw_titration
from cleardays.report.titration_frame import NARROW, WIDE
from cleardays.report.treatment_page_words import plain_mark

_SCREEN_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_WIDTH = 78
_BLANK = "_" * 24


def plan_html(page: PlanPage) -> str:
    """A self-contained HTML document: no network, no script; light or dark as the reader has set it."""
    import jinja2
    from markupsafe import Markup

    source = resources.files("cleardays.report").joinpath("templates", "plan.html.j2").read_text(encoding="utf-8")
    # Everything is escaped but the pictures that we draw ourselves (their labels are escaped there).
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
    lapsed = page.band.kind == DRAFT
    drawn = {
        layout: Markup(draw_titration(page.file, frame, palette=SCREEN, font=_SCREEN_FONT, name=layout, lapsed=lapsed))
        for layout, frame in (("wide", WIDE), ("narrow", NARROW))
        if page.has_doses
    }
    sites = bool(page.sites)
    found = template.render(
        page=page,
        mark=plain_mark,
        missed_head=missed_head(page),
        picture_wide=drawn.get("wide"),
        picture_narrow=drawn.get("narrow"),
        head_map=Markup(draw_head_map(page.sites, palette=SCREEN, font=_SCREEN_FONT, name="head")) if sites else None,
        site_table=Markup(table_html(page.sites)) if sites else None,
    )
    return label_html(found) if page.file.simulated else found


def missed_head(page: PlanPage) -> str:
    """What may be missed."""
    return "If you miss a session" if page.sessions else "If you miss a dose"


def plan_pdf(page: PlanPage, *, paper: str = "a4") -> bytes:
    """One sheet as a tagged PDF (PDF/UA-1); `paper` is "a4" or "letter".

    Letters are as large as the sheet allows.
    """
    return typeset("plan.typ", _as_data(page, PAPERS[paper]), page.small_print)


def _as_data(page: PlanPage, paper: str) -> dict[str, object]:
    lapsed = page.band.kind == DRAFT
    picture = draw_titration(page.file, WIDE, palette=PAPER, font=FONT, name="plan", lapsed=lapsed, brief=True)
    head_map = draw_head_map(page.sites, palette=PAPER, font=FONT, name="head") if page.sites else ""
    return {
        "paper": paper,
        KEY: page.file.simulated,
        "version": f"cleardays {__version__}",
        "standing": f"{page.title} {page.what_for}: {page.band.head}",
        "title": page.title,
        "what_for": page.what_for,
        "band": page.band._asdict(),
        "over": page.over,
        "doses": [row._asdict() for row in page.doses],
        "sessions": [row._asdict() for row in page.sessions],
        "prepare": page.prepare,
        "watches": [{"signs": each.signs, "when": each.when, "action": each.action} for each in page.watches],
        "emergencies": page.emergencies,
        "missed_head": missed_head(page),
        "missed": page.missed,
        "stopping": page.stopping,
        "checks": page.checks,
        "review_day": page.review_day,
        "review": page.review,
        "also": page.also,
        "to_weigh": page.to_weigh,
        "notices": [each._asdict() for each in page.notices],
        "questions": page.questions,
        "more_questions": page.more_questions,
        "sources": [{"key": key, "citation": citation} for key, citation in page.sources],
        "picture": {"svg": picture, "alt": describe_titration(page.file, lapsed=lapsed)} if page.has_doses else None,
        "head_map": {"svg": head_map, "alt": describe_sites(page.sites)} if page.sites else None,
    }


def plan_text(page: PlanPage) -> str:
    """The page as text, at most 78 columns wide."""
    rule = "=" * _WIDTH
    lines = [rule, page.band.head, *_wrap(page.band.text)]
    if page.band.sign:
        lines += ["", f"Clinician {_BLANK}  Date {_BLANK}", f"Signature {_BLANK}"]
    lines += [rule, "", *_wrap(page.title.upper()), *_wrap(page.what_for), f"For (name) {_BLANK}"]
    for notice in page.notices:
        lines += ["", *_wrap(f"{notice.what}. {notice.why}"), *_wrap(f"What to do: {notice.do}")]
    lines += _section("Must be answered first", [f"{question} {_BLANK}" for question in page.questions])
    lines += _section("Good to know as well", page.more_questions)
    lines += _section("What to take, and when", [*([page.over] if page.over else []), *map(_row, page.doses)])
    lines += _section("Sessions at the clinic", [*map(_row, page.sessions), *page.prepare])
    if page.sites:
        lines += ["", *_wrap(describe_sites(page.sites))]
    signs = [f"{each.signs}. {each.when + '. ' if each.when else ''}{each.action}" for each in page.watches]
    lines += _section(f"Watch for these {len(signs)} things", [f"{at}. {sign}" for at, sign in enumerate(signs, 1)])
    if page.emergencies:
        lines += ["", *_wrap(f"Get help at once for these too: {'; '.join(page.emergencies)}.")]
    lines += _section(missed_head(page), page.missed)
    lines += _section("Stopping", page.stopping)
    if page.review_day:
        lines += _section("The day we look if it helps", [page.review_day.upper(), *page.review])
    lines += _section("Whom to call", [f"Clinic {_BLANK}  Phone {_BLANK}", f"At night {_BLANK}", _EMERGENCY])
    lines += _section("Tests and checks", page.checks)
    lines += _section("Also part of the plan", page.also)
    lines += _section("For the clinician to weigh before confirming", page.to_weigh)
    lines += _section("Why this plan", (f"{reason.because}{plain_mark(reason.confidence)}" for reason in page.reasons))
    lines += _section("Small print", page.small_print)
    lines += _section("Sources", (f"[{key}] {citation}" for key, citation in page.sources))
    text = "\n".join(lines).replace(NO_BREAK, " ") + "\n"
    return label_text(text) if page.file.simulated else text


_EMERGENCY = "In an emergency: the emergency number."


def _row(row: DoseRow) -> str:
    return f"{row.days}: {row.dose}.{' ' + row.beside if row.beside else ''}"


def _section(head: str, rows: Iterable[str]) -> list[str]:
    told = list(rows)
    return ["", head.upper(), *(line for row in told for line in _wrap(row, "    "))] if told else []


def _wrap(said: str, hang: str = "") -> list[str]:
    return textwrap.wrap(said, _WIDTH, subsequent_indent=hang, break_on_hyphens=False)


def plan_svg(file: PlanFile, *, lapsed: bool = False) -> str:
    """The picture alone, as a file of its own."""
    from cleardays.report.titration import standalone_titration

    found = standalone_titration(file, lapsed=lapsed)
    return stamp(found) if file.simulated else found
