"""The plain part of a treatment page: everything before the fold, for a worried adult."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_found import found_section, on_prevention
from cleardays.report.treatment_page_help import stop_and_call
from cleardays.report.treatment_page_trial import trial_section
from cleardays.report.treatment_page_watch import how_long, stopping_section, watch_section
from cleardays.report.treatment_page_who import who_it_is_for
from cleardays.report.treatment_page_words import (
    Row,
    all_words,
    best_confidence,
    lay,
    listed,
    mark,
    number,
    own_words,
    safe,
    sentence,
    word,
)

# The sections in the order in which a worried reader needs them.
SECTIONS = (
    "When to call for help at once",
    "What it is and what it does",
    "Who it is for",
    "How a trial of it runs",
    "What the trials found",
    "What to watch, and side effects",
    "How long until you can tell",
    "How it is stopped",
)
MARKS_MEAN = (
    "Words in brackets, such as *(not confirmed)* or *(our choice)*, say how sure a statement is. "
    "[What they mean](../catalogue.md)"
)
_NO_RESCUE = "A preventive is no rescue: never take it, or more of it, to end an attack."


def plain_part(treatment: Treatment) -> str:
    """Title, lead and the eight sections."""
    writers = (
        stop_and_call, _what_it_is, who_it_is_for, trial_section, found_section, watch_section, how_long, stopping_section,
    )  # fmt: skip
    lines = [*_lead(treatment)]
    for title, write in zip(SECTIONS, writers, strict=True):
        lines += [f"## {title}", "", *write(treatment)]
    text = "\n".join(lines)
    return text + "\n".join(_glossary(text))


def _lead(treatment: Treatment) -> Iterator[str]:
    words = own_words(treatment.id)
    yield from (f"# {words['name']}", "", words.get("what", ""))
    if "hope" in words:
        yield hope_said(treatment)
    yield from ("", words.get("rescue", _NO_RESCUE), "", MARKS_MEAN, "")


def hope_said(treatment: Treatment) -> str:
    """What one may hope for, as sure as the surest result that speaks for or against it, or as any where none does."""
    rows = on_prevention(treatment)
    speaking = [row for row in rows if row["finding"] != "unclear"] or rows
    return f"{own_words(treatment.id).get('hope', '')}{mark(best_confidence(speaking))}"


def _what_it_is(treatment: Treatment) -> Iterator[str]:
    brands = _brands(treatment.id)
    if brands:
        yield f"It is sold as {listed(brands)}{', among other names' if len(brands) > 1 else ''}.{mark('unconfirmed')}"
    lead = own_words(treatment.id).get("what", "").lower()
    groups = [each for each in (word("class", each) for each in treatment.classes) if _stem(each) not in lead]
    if groups:
        yield f"It {'belongs' if len(groups) == len(treatment.classes) else 'also belongs'} to the {listed(groups)}."
    yield ""
    yield from _forms(treatment)
    yield from _mechanism(treatment)


def _stem(group: str) -> str:
    """How a group begins, by which it is known again where one of it is named."""
    return group.lower().rstrip("s")[:12]


def _brands(treatment_id: str) -> list[str]:
    """Trade names that a reader of English can read; of Epilim and Epilim Chrono only the first."""
    names = [name for entry in name_table().entries if entry.medicine.id == treatment_id for name in entry.brands]
    return [name for name in names if name.isascii() and not any(name.startswith(f"{other} ") for other in names)]


def _forms(treatment: Treatment) -> Iterator[str]:
    """Each form once with its strengths; what must be known of it stands beside it."""
    yield "It comes as:"
    yield ""
    told: set[str] = set()
    # Where no steps are drafted, no amount stands on the page that someone could take home.
    amounts = bool(treatment.facts("protocol") or treatment.facts("site"))
    for row in treatment.facts("form"):
        form, doubt = _form(row), mark(row["confidence"])
        # A form without strengths, or a liquid, needs what the note says; other notes are for the clinician.
        needed = "note" in row and ("strengths" not in row or "/" in row["unit"])
        remark = sentence(row["note"]) if needed and row["note"] not in told else ""
        told.update({form, row.get("note", "")} if form not in told or remark else ())
        strengths = f": {_strengths(row)}" if "strengths" in row and amounts else ""
        if form in _forms_before(treatment, row) and not strengths:
            yield f"- {remark}{doubt}"
        else:
            yield f"- {form}{strengths}{f'. {remark}' if remark else ''}{doubt}"
    yield ""


def _forms_before(treatment: Treatment, row: Row) -> set[str]:
    rows = treatment.facts("form")
    return {_form(each) for each in rows[: rows.index(row)]}


def _strengths(row: Row) -> str:
    unit = {"mg/mL": "mg in each mL", "U": "units"}.get(row["unit"], row["unit"])
    return f"{listed(number(each) for each in row['strengths'])} {unit}"


def _form(row: Row) -> str:
    """The form and the way into the body, unless the form says it."""
    said = row["route"] in row["kind"] or row["kind"].startswith(("nose", "oral"))
    return lay(row["kind"]) if said else f"{lay(row['kind'])}, {word('route', row['route'])}"


def _mechanism(treatment: Treatment) -> Iterator[str]:
    rows, works = treatment.facts("mechanism"), own_words(treatment.id).get("works")
    standings = {row["standing"] for row in rows}
    if works and rows:
        yield f"{works}{mark(rows[0]['confidence'])}"
    if "conflicting" in standings:
        yield "Sources contradict each other on how it works."
    elif standings <= {"unproven"}:
        yield f"We found nothing on how it may work against migraine.{mark(best_confidence(rows))}"
    else:
        yield "If it acts against migraine, this is thought to be how. It is not proven."
    yield ""


def _glossary(text: str) -> Iterator[str]:
    """The terms that occur; an abbreviation only as it is written."""
    terms: dict[str, str] = all_words()["term"]
    found = [each for each in terms if re.search(rf"(?<![\w-]){re.escape(each)}s?(?![\w-])", text, _case(each))]
    if found:
        yield from ("", "## Words used on this page", "")
        yield from (f"- **{safe(each)}**: {terms[each]}" for each in found)
        yield ""


def _case(term: str) -> re.RegexFlag:
    return re.IGNORECASE if term.islower() else re.NOFLAG
