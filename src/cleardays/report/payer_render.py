"""The payer's page as HTML, as paper (PDF), as plain text and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from importlib import resources

from cleardays import __version__
from cleardays.report.payer_page import CountRow, Part, PayerPage, RuleRow
from cleardays.report.sheet import PAPERS, typeset
from cleardays.report.simulated import label_html, label_text

_WIDTH = 78
_BLANK = "_" * 24
# Signs that the fonts of paper have, or plain letters; the word always stands beside them.
_LISTS = (("Had it", "had"), ("Not", "clear"), ("Unknown", "unknown"), ("From memory", "recalled"), ("Changed later", "edited"))


def payer_html(page: PayerPage) -> str:
    """A self-contained HTML document: no network, no script; light or dark as the reader has set it."""
    import jinja2

    source = resources.files("cleardays.report").joinpath("templates", "payer.html.j2").read_text(encoding="utf-8")
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
    found = template.render(page=page, lists=_LISTS)
    return label_html(found) if page.simulated else found


def payer_pdf(page: PayerPage, *, paper: str = "a4") -> bytes:
    """A tagged PDF (PDF/UA-1); `paper` is "a4" or "letter"."""
    data = page._asdict()
    del data["document"], data["small_print"]
    data |= {
        "paper": PAPERS[paper],
        "version": f"cleardays {__version__}",
        "parts": [{**part._asdict(), "rows": [row._asdict() for row in part.rows]} for part in page.parts],
        "ledger": [row._asdict() for row in page.ledger],
        "counts": [_listed(row) for row in page.counts],
        "months": [_listed(row) for row in page.months],
        "sources": [{"key": key, "citation": citation} for key, citation in page.sources],
    }
    return typeset("payer.typ", data, page.small_print)


def _listed(row: CountRow) -> dict[str, object]:
    lists = [{"name": name, "days": getattr(row, field)} for name, field in _LISTS]
    return {"title": row.title, "days": row.days, "counted": row.counted, "lists": lists}


def payer_json(page: PayerPage) -> str:
    """One JSON document with every day that was counted, indented for people."""
    return json.dumps(page.document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def payer_text(page: PayerPage) -> str:
    """The page as text, at most 78 columns wide."""
    lines = [*_wrap(page.title.upper()), *_wrap(page.about_pack), *_wrap(page.pack_line), *_wrap(f"{page.named}{page.about}")]
    lines += ["", *(line for part in page.parts for line in _wrap(f"{part.title}: {part.verdict.upper()}. {part.tally}"))]
    lines += ["", *_wrap(page.coverage), *_wrap(page.edits), *_paragraphs(page.baselines)]
    for part in page.parts:
        lines += ["", *_part(part)]
    lines += [*_wrap(page.rule_of_all)]
    if page.below:
        lines += ["", "Below the number that was asked for, on treatment", *_paragraphs(page.below)]
    lines += ["", "How sure the change is", *_wrap(page.chances)]
    lines += ["", "Preventives", *_wrap(page.ledger_rule), *_ledger(page)]
    lines += ["", "Questionnaires", *_paragraphs(page.scales)] if page.scales else []
    lines += ["", "Every day that was counted", *(line for row in page.counts for line in _count(row))]
    lines += ["By calendar month", *(line for row in page.months for line in _count(row))] if page.months else []
    lines += ["", *_wrap(f"{page.signed}:"), "", f"Name {_BLANK}  Date {_BLANK}", f"Signature {_BLANK}"]
    lines += ["", *_paragraphs(page.small_print)]
    lines += ["", "Sources", *(line for key, citation in page.sources for line in _wrap(f"[{key}] {citation}", "  "))]
    text = "\n".join(lines) + "\n"
    return label_text(text) if page.simulated else text


def _part(part: Part) -> Iterator[str]:
    yield f"{part.title}: {part.verdict.upper()}"
    for row in part.rows:
        yield from _rule(row)


def _rule(row: RuleRow) -> Iterator[str]:
    mark = f" ({row.mark})" if row.mark else ""
    yield from _wrap(f"[{row.verdict.upper()}] {row.says}.{mark}", "    ")
    beside = [row.because, *row.others, *([row.group] if row.group else []), *([row.reading] if row.reading else [])]
    yield from _paragraphs([*beside, f"[{row.source}]"], "    ")


def _ledger(page: PayerPage) -> Iterator[str]:
    if not page.ledger:
        yield from _wrap("None is told.")
    for row in page.ledger:
        yield from _wrap(
            f"- {row.treatment}: {row.dose}, {row.days}; at target {row.target}; {row.outcome} ({row.evidence})", "  "
        )
        yield from _wrap(f"  Counts: {row.counts}", "  ")


def _count(row: CountRow) -> Iterator[str]:
    yield from _wrap(f"- {row.title}, {row.days}: {row.counted}", "  ")
    for name, field in _LISTS:
        yield from _wrap(f"  {name}: {getattr(row, field)}", "    ")


def _paragraphs(texts: Iterable[str], lead: str = "") -> list[str]:
    return [line for text in texts for line in _wrap(f"{lead}{text}", lead)]


def _wrap(text: str, hang: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=hang, break_on_hyphens=False)


def payer_writers(page: PayerPage, *, paper: str = "a4") -> dict[str, Callable[[], bytes]]:
    """The renderers by file ending; nothing is rendered until asked."""
    return {
        ".html": lambda: payer_html(page).encode("utf-8"),
        ".pdf": lambda: payer_pdf(page, paper=paper),
        ".txt": lambda: payer_text(page).encode("utf-8"),
        ".json": lambda: payer_json(page).encode("utf-8"),
    }
