"""The folded part of a treatment page: every table of the catalogue with source and confidence, for clinicians."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_expected import pooled_section
from cleardays.report.treatment_page_trial import step_days, step_dose
from cleardays.report.treatment_page_words import Row, capital, keys, listed, number, places, safe, table
from cleardays.sources import MARKS, all_sources, source_keys

_SEVERITIES = ("critical", "contraindicated", "major", "moderate", "minor")

# The tables in the order in which they are shown. Keys that a table does not name here are shown after the named ones.
_TABLES = (
    ("status", "Regulatory status", ("indication", "standing", "since", "says")),
    ("form", "Forms", ("product", "kind", "route", "strengths", "unit")),
    ("mechanism", "Mechanism", ("says", "standing")),
    ("session", "Sessions", ("route", "says", "observe_min", "needs")),
    ("site", "Injection sites", ("order", "muscle", "sites", "units", "per_side", "optional_sites", "optional_units")),
    ("interval", "Interval", ("weeks", "says")),
    ("ceiling", "Ceilings", ("amount", "unit", "per", "says")),
    ("study_dose", "Doses in studies and labels: none of them a plan", ("use", "route", "low", "high", "unit", "says")),
    ("variant", "Which figures hold", ("id", "says")),
    ("kinetics", "Kinetics", ("variant", "population", "n", "half_life_h")),
    ("effect", "How the effect comes and goes", ("what", "low", "high", "unit", "says")),
    ("modifier", "What changes the kinetics", ("what", "on", "factor", "low", "high", "says", "variant")),
    ("influence", "What else changes its level", ("id", "says")),
    ("change", "When another medicine comes or goes", ("event", "at_daily", "weeks", "says")),
    ("missed", "Missed doses", ("says",)),
    ("restart", "After a gap", ("variant", "gap_h", "half_life_h", "half_lives", "says")),
    ("stopping", "Stopping", ("says", "over_days_min")),
    ("silent", "Raises no alert", ("names", "about", "because")),
    ("ask", "Asked first", ("name", "question")),
    ("monitor", "Monitoring", ("what", "at", "threshold", "action", "from_day", "to_day", "every_days")),
    ("red_flag", "Red flags", ("says", "severity", "action", "flags")),
    ("side_effect", "Side effects", ("term", "percent", "low", "high", "frequency", "placebo_percent", "population", "says")),
    ("judge", "When it can be judged", ("says", "weeks_at_target", "weeks_from_start", "sessions", "outcome")),
    ("evidence", "Evidence", ("study", "year", "design", "n", "duration", "indication", "outcome", "finding", "bias")),
    ("popular_claim", "Popular claims", ("says", "by", "article", "leans_on", "answer")),
    ("disagreement", "Where sources disagree", ("about", "says")),
)  # fmt: skip
# Shown in a column of their own at the end, or for the machine only.
_TAIL = ("jurisdiction", "note", "source", "confidence", "checked", "when", "role", "trial", "traced", "answered_by")
_HEADINGS = {"half_life_h": "Half-life, h", "at_daily": "At, a day", "gap_h": "Gap, h", "observe_min": "Observe, min"}


def clinician_part(treatment: Treatment) -> str:
    """The folded part, from `<details>` to `</details>`."""
    lines = ['<details markdown="1">', "<summary>For clinicians</summary>", "", *_codes(treatment)]
    lines += [*_protocols(treatment), *_rules(treatment)]
    for name, title, columns in _TABLES:
        if name == "evidence":
            lines += pooled_section(treatment)
        lines += _shown(treatment, name, title, columns)
    return "\n".join([*lines, *_sources(treatment), "</details>", ""])


def _codes(treatment: Treatment) -> Iterator[str]:
    for entry in name_table().entries:
        if entry.medicine.id == treatment.id:
            for system, codes in (("atc", entry.atc), ("rxnorm", entry.rxnorm)):
                doubt = f" *({MARKS['unconfirmed']})*" if system in entry.unconfirmed else ""
                if codes:
                    yield f"{'ATC' if system == 'atc' else 'RxNorm'} {listed(codes)}{doubt}."
    yield f"Classes: {listed(treatment.classes)}."
    yield ""


def _protocols(treatment: Treatment) -> list[str]:
    rows = treatment.facts("protocol")
    if not rows:
        return []
    columns: Sequence[tuple[str, Callable[[Row], str]]] = (
        ("Protocol", lambda row: f"`{row['id']}`"),
        ("For", lambda row: listed(row["indications"])),
        ("Variant", lambda row: str(row["variant"])),
        ("Steps", lambda row: "<br>".join(f"{step_days(step)}: {step_dose(step, row['unit'])}" for step in row["steps"])),
        ("Target", lambda row: _said(row.get("target", ""))),
        ("Usual, study, hard maximum", _maxima),
        ("Pace", _pace),
        ("Says", lambda row: safe(row["says"])),
    )
    return ["### Protocols", "", *_with_tail(rows, columns)]


def _maxima(row: Row) -> str:
    return " / ".join(_said(row.get(key, "–")) for key in ("usual_max", "study_max", "hard_max"))


def _pace(row: Row) -> str:
    parts = (
        ("start_max", "first dose at most {} a day"),
        ("step_max", "at most {} more"),
        ("step_every_days", "every {} d"),
        ("hold_days", "hold {} d"),
    )
    return ", ".join(text.format(_said(row[key])) for key, text in parts if key in row)


def _rules(treatment: Treatment) -> list[str]:
    lines = ["### Interactions, contraindications and cautions", ""]
    columns: Sequence[tuple[str, Callable[[Row], str]]] = (
        ("Code", lambda row: f"`{row['code']}`"),
        ("Severity", lambda row: str(row["severity"])),
        ("Subject", lambda row: safe(row["subject"])),
        ("Because", lambda row: safe(row["because"])),
        ("Action", lambda row: safe(row["action"])),
    )
    for severity in _SEVERITIES:
        rows = [row for row in treatment.facts("rule") if row["severity"] == severity]
        if rows:
            lines += [f"#### {capital(severity)}", "", *_with_tail(rows, columns)]
    return lines


def _shown(treatment: Treatment, name: str, title: str, columns: tuple[str, ...]) -> list[str]:
    rows = treatment.facts(name)
    if not rows:
        return []
    if name == "study_dose" and not treatment.facts("protocol") and not treatment.facts("site"):
        return _study_doses(treatment)
    others = dict.fromkeys(key for row in rows for key in row if key not in columns and key not in _TAIL)
    used = [key for key in (*columns, *others) if any(key in row for row in rows)]
    cells = [(_heading(key), lambda row, key=key: _said(row.get(key, ""))) for key in used]
    flagged = list(_conflicts(treatment)) if name == "mechanism" else []
    return [f"### {title}", "", *_with_tail(rows, cells), *flagged]


NO_REGIMEN = "Doses in studies. No regimen: amount and rate are the clinician's in a supervised session"


def _study_doses(treatment: Treatment) -> list[str]:
    """What was given in studies of a treatment that has no schedule, each row with what came of it."""
    columns: Sequence[tuple[str, Callable[[Row], str]]] = (
        ("Given in", lambda row: safe(row["use"])),
        ("Route", lambda row: row.get("route", "")),
        ("What was given", lambda row: safe(row["says"])),
        ("What came of it", lambda row: _what_came_of_it(treatment, row)),
    )
    return [f"### {NO_REGIMEN}", "", *_with_tail(treatment.facts("study_dose"), columns)]


def _what_came_of_it(treatment: Treatment, dose: Row) -> str:
    """The evidence that rests on the source of a dose."""
    if dose["use"].startswith("label"):
        return "A label; no result in migraine"
    sources = set(dose["source"]) - _NO_STUDY
    found = [row for row in treatment.facts("evidence") if set(row["source"]) & sources]
    said = (f"{safe(row['study'])}: **{row['finding']}**. {safe(row['outcome'])}{_bias(row)}{_doubt(row)}" for row in found)
    return "<br>".join(said) or "No result of this source is held"


# Keys that say where a fact comes from, and name no study.
_NO_STUDY = {"label-knowledge", "catalogue-policy"}


def _bias(row: Row) -> str:
    return f" Bias: {safe(row['bias'])}" if "bias" in row else ""


def _conflicts(treatment: Treatment) -> Iterator[str]:
    """What the sources say against each other about the mechanism (a conflict is flagged, never settled in silence)."""
    for row in treatment.facts("mechanism"):
        if row["standing"] == "conflicting":
            yield from (f"**Conflict:** {safe(row['says'])}{_doubt(row)}", "")
    for row in treatment.facts("disagreement"):
        if "mechanism" in row["about"]:
            yield from (f"**Conflict:** {safe(row['says'])}{_doubt(row)}", "")


def _doubt(row: Row) -> str:
    return f" *({MARKS[row['confidence']]})*" if row["confidence"] in MARKS else ""


def _with_tail(rows: Sequence[Row], columns: Sequence[tuple[str, Callable[[Row], str]]]) -> list[str]:
    """The columns, then where it holds, the remark, the sources and how sure it is; columns without any entry are left out."""
    tail: Sequence[tuple[str, Callable[[Row], str]]] = (
        ("Where", lambda row: capital(places(row))),
        ("Note", lambda row: safe(row.get("note", ""))),
        ("Source", keys),
        ("How sure", lambda row: MARKS.get(row["confidence"], "")),
    )
    every = [*columns, *tail]
    kept = [(head, cell) for head, cell in every if any(cell(row) for row in rows)]
    return table((head for head, _ in kept), ([cell(row) for _, cell in kept] for row in rows))


def _heading(key: str) -> str:
    return _HEADINGS.get(key, capital(key.replace("_", " ")))


def _said(value: object) -> str:
    """A value of the catalogue as text: a spread of figures, a list, a number or words."""
    if isinstance(value, dict):
        spread = f"{number(value['low'])}–{number(value['high'])}" if "low" in value and "high" in value else ""
        parts = [number(value["mean"]) if "mean" in value else "", f"SD {number(value['sd'])}" if "sd" in value else "", spread]
        rest = [f"{key} {_said(inner)}" for key, inner in value.items() if key not in ("mean", "sd", "low", "high")]
        return ", ".join(each for each in (*parts, *rest) if each)
    if isinstance(value, list | tuple):
        return ", ".join(_said(each) for each in value)
    return safe(value) if isinstance(value, str) else number(value) if isinstance(value, int | float) else str(value)


def _sources(treatment: Treatment) -> Iterator[str]:
    used = source_keys(*(row for _, row in treatment.all_facts()))
    yield from ("### Sources", "")
    for key in sorted(used, key=str.lower):
        source = all_sources().get(key)
        yield f"- `{key}` {'' if source is None else safe(source.citation)}"
    yield ""
