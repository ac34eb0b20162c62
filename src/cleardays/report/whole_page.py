"""The whole plan of a person on a day, composed once in plain words; the renderers only lay it out."""

from __future__ import annotations

from collections.abc import Iterator

from cleardays import __version__
from cleardays.catalogue.treatments import catalogue_version
from cleardays.report.plan_doses import weekday
from cleardays.report.sections import Fill, Lines, Section, SectionsPage, cited, section, sections, told
from cleardays.report.sections_render import sections_html, sections_json, sections_pdf, sections_text
from cleardays.report.whole_beside import acute_section, care_section, goals_section, medicines_section
from cleardays.report.whole_overlap import overlap_section, revised_section
from cleardays.report.whole_signs import known_signs_section, signs_section
from cleardays.report.whole_trials import coming_section, ended_section, today_section, trial_sections
from cleardays.trial.whole import WholePlan

_NOTHING = "No trial is open, and nothing is planned."


def compose_whole(whole: WholePlan) -> SectionsPage:
    """Put the whole plan of a person into words."""
    return SectionsPage(
        title=f"The whole plan of {told(whole.person)}",
        about=(f"As of {weekday(whole.on, year=True)}. What was told, and what the plans say.",),
        sections=sections(_sections(whole)),
        small_print=(
            "This page informs; it is no prescription. It decides nothing: a plan is followed as a clinician confirmed it. "
            "What nobody was asked is said to be not asked, and is never taken for a no.",
            f"Catalogue {catalogue_version()}. cleardays {__version__}.",
        ),
        sources=cited(_keys(whole)),
        simulated=whole.simulated,
    )


def _sections(whole: WholePlan) -> Iterator[Section | None]:
    yield signs_section(whole)
    yield today_section(whole) if whole.trials else section("Today", Lines((_NOTHING,), listed=False))
    yield coming_section(whole)
    yield from trial_sections(whole)
    yield goals_section(whole)
    yield medicines_section(whole)
    yield acute_section(whole)
    yield care_section(whole)
    yield overlap_section(whole)
    yield known_signs_section(whole)
    yield _whom_to_call(whole)
    yield revised_section(whole)
    yield ended_section(whole)


def _whom_to_call(whole: WholePlan) -> Section | None:
    named = [f"The plans rest on the word of {', '.join(map(told, whole.clinicians))}."] if whole.clinicians else []
    lines = (*named, "In an emergency: the emergency number.")
    return section("Whom to call", Lines(lines, listed=False), Fill(("Clinic", "Phone", "At night")))


def _keys(whole: WholePlan) -> Iterator[str]:
    """The sources of what is said."""
    yield from whole.acute.source
    for reason in (*whole.avenues.reasons, *whole.avenues.found):
        yield from reason.source
    for concern in (*whole.between, *(each for taken in whole.medicines.taken for each in taken.concerns)):
        yield from concern.alert.source
    for trial in whole.trials:
        if trial.follow is not None:
            yield from (key for alert in trial.follow.findings.alerts for key in alert.source)
        yield from (key for due in trial.checks for key in due.check.source)
    for flag in whole.flags:
        yield from flag.source


def whole_html(whole: WholePlan) -> str:
    """A self-contained HTML document."""
    return sections_html(compose_whole(whole))


def whole_pdf(whole: WholePlan, *, paper: str = "a4") -> bytes:
    """A tagged PDF; `paper` is "a4" or "letter"."""
    return sections_pdf(compose_whole(whole), paper=paper)


def whole_text(whole: WholePlan) -> str:
    """Plain text."""
    return sections_text(compose_whole(whole))


def whole_json(whole: WholePlan) -> str:
    """The words of the page and the whole answer behind them."""
    return sections_json(compose_whole(whole), whole.document())
