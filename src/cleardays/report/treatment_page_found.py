"""What the trials of a treatment found, and what popular articles say, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_words import Row, capital, is_migraine, lay, listed, mark, safe, sentence, table, word

_FINDINGS = {"for": "for it", "against": "**against it**", "mixed": "both ways", "unclear": "unclear"}
_COUNTED = {
    "for": ("speaks for it", "speak for it"),
    "against": ("speaks against it", "speak against it"),
    "mixed": ("points both ways", "point both ways"),
    "unclear": ("settles nothing", "settle nothing"),
}

# What kind of study a design is, by the first phrase that it contains. Order matters: a trial that was blind and went on
# openly counts as blind, a review of trials as a review.
_KINDS = (
    ("none found", "search"), ("no controlled trial", "search"), ("none in", "search"), ("search", "search"),
    ("guideline", "advice of experts"), ("review", "several studies together"), ("meta-analysis", "several studies together"),
    ("pooled", "several studies together"), ("triple-blind", "blind trial"), ("double-blind", "blind trial"),
    ("placebo-controlled", "blind trial"), ("single-blind", "half-blind trial"), ("open", "no fair comparison"),
    ("uncontrolled", "no fair comparison"), ("no control", "no fair comparison"), ("retrospective", "no fair comparison"),
    ("series", "no fair comparison"), ("observational", "no fair comparison"), ("extension", "no fair comparison"),
    ("secondary analysis", "second look at a trial"), ("rct", "trial"), ("crossover", "trial"), ("trial", "trial"),
    ("comparison", "comparison with another medicine"),
)  # fmt: skip


def found_section(treatment: Treatment) -> Iterator[str]:
    """The whole section as lines, without its heading."""
    rows = [row for row in treatment.facts("evidence") if not _says_nothing(row)]
    preventing = on_prevention(treatment)
    attacks = [row for row in rows if _of_attacks(row)]
    elsewhere = [row for row in rows if row not in preventing and row not in attacks]
    yield from _counted(preventing)
    yield from (*_HOW_TO_READ, "")
    yield from _table(preventing)
    for title, group in (("To end an attack, which is another matter", attacks), ("For other illnesses", elsewhere)):
        if group:
            yield from (f"**{title}**", "")
            yield from _table(group)
    yield from _claims(treatment.facts("popular_claim"))


_HOW_TO_READ = (
    "In a blind trial neither the people nor the staff know who gets the real treatment.",
    "People also get better with a dummy. So look at the difference between two groups, not at one figure.",
    "As a rule the first figure is from people on the treatment, the one after “against” from people on the dummy.",
    "A minus sign means fewer.",
)


def kind_of(design: str) -> str:
    """The kind of a study in plain words.

    >>> kind_of("triple-blind crossover"), kind_of("open, uncontrolled"), kind_of("inference")
    ('blind trial', 'no fair comparison', 'other')
    """
    return next((kind for phrase, kind in _KINDS if phrase in design.lower()), "other")


def on_prevention(treatment: Treatment) -> list[Row]:
    """The results on preventing migraine that say more than how many people there were."""
    rows = [row for row in treatment.facts("evidence") if not _says_nothing(row) and not _of_attacks(row)]
    return [row for row in rows if is_migraine(row.get("indication"))]


def _of_attacks(row: Row) -> bool:
    return "attack" in row.get("indication", "")


def _says_nothing(row: Row) -> bool:
    """A row that holds nothing but how many people there were; it stands in the part for clinicians."""
    return bool(row["outcome"].rstrip(".").endswith("size only"))


def _counted(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield from ("The catalogue holds no study of it to prevent migraine.", "")
        return
    counts = {finding: sum(row["finding"] == finding for row in rows) for finding in _COUNTED}
    parts = [f"{count} {_COUNTED[finding][count > 1]}" for finding, count in counts.items() if count]
    total = "one result" if len(rows) == 1 else f"{len(rows)} results"
    yield f"The catalogue holds {total} on preventing migraine. Of these, {listed(parts)}."
    blind = sum(kind_of(row["design"]) == "blind trial" for row in rows)
    yield f"{_how_many(blind)}, the fairest kind of test."
    yield ""


def _how_many(blind: int) -> str:
    said = {0: "None of them comes from a blind trial", 1: "One of them comes from a blind trial"}
    return said.get(blind, f"{blind} of them come from blind trials")


def _table(rows: Sequence[Row]) -> list[str]:
    head = ("Study", "Tried in", "People", "Kind", "What came out", "Speaks")
    return table(head, (_evidence(row) for row in rows))


def _evidence(row: Row) -> tuple[str, str, str, str, str, str]:
    length = f", {safe(row['duration'])}" if "duration" in row else ""
    return (
        capital(safe(row["study"])),
        word("indication", row["indication"]) if "indication" in row else "",
        f"{row['n']}{length}" if row.get("n") else length.removeprefix(", "),
        kind_of(row["design"]),
        f"{capital(lay(row['outcome']))}{mark(row['confidence'])}",
        _FINDINGS[row["finding"]],
    )


def _claims(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    yield from ("**What popular articles say, and what is known**", "")
    for row in rows:
        yield f"- *{sentence(row['says'])}* {sentence(row['answer'])}{mark(row['confidence'])}"
    yield ""
