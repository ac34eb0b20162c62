"""What the trials of a treatment found, and what popular articles say, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_words import (
    Row,
    capital,
    is_migraine,
    lay,
    listed,
    mark,
    sentence,
    without_statistics,
    word,
)

# What one finding says, and what several say.
_FINDINGS = {
    "for": ("speaks for it", "speak for it"),
    "against": ("speaks against it", "speak against it"),
    "mixed": ("points both ways", "point both ways"),
    "unclear": ("settles nothing", "settle nothing"),
}

# What kind of study a design is, by the first phrase that it contains. Order matters: a trial that was blind and went on
# openly counts as blind, a review of trials as a review.
_UNFAIR = "study without a fair comparison"
_KINDS = (
    ("none found", "search for trials"), ("no controlled trial", "search for trials"), ("none in", "search for trials"),
    ("search", "search for trials"), ("guideline", "advice of experts"),
    ("review", "several studies together"), ("meta-analysis", "several studies together"),
    ("pooled", "several studies together"), ("triple-blind", "blind trial"), ("double-blind", "blind trial"),
    ("placebo-controlled", "blind trial"), ("single-blind", "half-blind trial"), ("open", _UNFAIR), ("uncontrolled", _UNFAIR),
    ("no control", _UNFAIR), ("retrospective", _UNFAIR), ("series", _UNFAIR), ("observational", _UNFAIR),
    ("extension", _UNFAIR), ("secondary analysis", "second look at a trial"), ("rct", "trial"),
    ("crossover", "trial"), ("trial", "trial"),
    ("comparison", "comparison with another medicine"),
)  # fmt: skip


def found_section(treatment: Treatment) -> Iterator[str]:
    """The whole section as lines, without its heading."""
    rows = [row for row in treatment.facts("evidence") if not _says_nothing(row)]
    preventing = on_prevention(treatment)
    attacks = [row for row in rows if _of_attacks(row)]
    elsewhere = [row for row in rows if row not in preventing and row not in attacks]
    yield from _counted(studied(preventing))
    yield from _studies(preventing)
    for title, group in (("To end an attack, which is another matter", attacks), ("For other illnesses", elsewhere)):
        if group:
            yield from (f"**{title}**", "")
            yield from _studies(group)
    yield from _claims(treatment.facts("popular_claim"))


_BLIND = (
    "In a blind trial, the fairest kind of test, neither the people nor the staff know who gets the real treatment.",
    "People also get better with a dummy. So look at the difference between two groups, not at one figure.",
)


def kind_of(design: str) -> str:
    """The kind of a study in plain words.

    >>> kind_of("triple-blind crossover"), kind_of("open, uncontrolled"), kind_of("inference")
    ('blind trial', 'study without a fair comparison', 'worked out from other results')
    """
    return next((kind for phrase, kind in _KINDS if phrase in design.lower()), "worked out from other results")


def on_prevention(treatment: Treatment) -> list[Row]:
    """The results on preventing migraine that say more than how many people there were."""
    rows = [row for row in treatment.facts("evidence") if not _says_nothing(row) and not _of_attacks(row)]
    return [row for row in rows if is_migraine(row.get("indication"))]


def studied(rows: Sequence[Row]) -> list[Row]:
    """The results of studies; a search that found none is no result."""
    return [row for row in rows if _is_study(row)]


def _is_study(row: Row) -> bool:
    return kind_of(row["design"]) != "search for trials"


def _of_attacks(row: Row) -> bool:
    return "attack" in row.get("indication", "")


def _says_nothing(row: Row) -> bool:
    """A row that holds nothing but how many people or studies there were; it stands in the part for clinicians."""
    return str(row["outcome"]).rstrip(".").endswith(("size only", "scope only"))


def outcome_said(row: Row) -> str:
    """What came out, for a reader who is not a clinician."""
    return sentence(without_statistics(row["outcome"]))


def _counted(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield from ("We found no study of it to prevent migraine.", "")
        return
    counts = {finding: sum(row["finding"] == finding for row in rows) for finding in _FINDINGS}
    parts = [f"{count} {_FINDINGS[finding][count > 1]}" for finding, count in counts.items() if count]
    if len(rows) == 1:
        yield f"There is one result on preventing migraine here. It {_FINDINGS[rows[0]['finding']][0]}."
    else:
        yield f"There are {len(rows)} results on preventing migraine here{_all_of_them(counts) or f': {listed(parts)}'}."
    blind = sum(kind_of(row["design"]) == "blind trial" for row in rows)
    yield f"{_how_many(blind, len(rows))} {' '.join(_BLIND)}"
    yield ""


def _all_of_them(counts: Mapping[str, int]) -> str:
    """What all results say, where they say the same."""
    (finding, *others) = [each for each, count in counts.items() if count]
    if others:
        return ""
    return ". None of them settles anything" if finding == "unclear" else f". All of them {_FINDINGS[finding][1]}"


def _how_many(blind: int, every: int) -> str:
    if every == 1:
        return f"It comes from {'a' if blind else 'no'} blind trial."
    said = {
        every: "All of them come from blind trials.",
        0: "None of them comes from a blind trial.",
        1: "One of them comes from a blind trial.",
    }
    return said.get(blind, f"{blind} of them come from blind trials.")


def _studies(rows: Sequence[Row]) -> Iterator[str]:
    """One point for each study; several results of one study stand below its name."""
    studies: dict[str, list[Row]] = {}
    for row in rows:
        studies.setdefault(row["study"].partition(":")[0], []).append(row)
    for study, same in studies.items():
        if len(same) == 1:
            (row,) = same
            verdict = [f"{_verdict(row, capital)}."] if _is_study(row) else []
            told = (f"**{capital(lay(row['study']))}:**", *verdict, *_setting(row), outcome_said(row))
            yield f"- {' '.join(told)}{mark(row['confidence'])}"
            continue
        alike = len({row.get("n") for row in same} - {None}) <= 1
        fullest = max(same, key=lambda row: (bool(row.get("n")), "duration" in row))
        yield " ".join([f"- **{capital(lay(study))}:**", *_setting(fullest, people=alike)])
        for row in same:
            part, outcome = lay(row["study"].partition(": ")[2]), outcome_said(row)
            # The name of the part is said where the result does not speak of it.
            beside = [part] if part and part.split(",")[0].lower() not in outcome.lower() else []
            beside += [f"{row['n']} people"] if row.get("n") and not alike else []
            brackets = f" ({', '.join(beside)})" if beside else ""
            yield f"    - {_verdict(row, capital)}{brackets}. {outcome}{mark(row['confidence'])}"
    yield ""


def _verdict(row: Row, case: Callable[[str], str] = str) -> str:
    said = case(_FINDINGS[row["finding"]][0])
    return f"**{said}**" if row["finding"] == "against" else said


def _setting(row: Row, *, people: bool = True) -> Iterator[str]:
    """What kind of study it was, in what, with how many people and for how long; of a search nothing."""
    kind = kind_of(row["design"])
    if _is_study(row):
        link = "on" if kind in ("advice of experts", "several studies together") else "in"
        link = "against" if _of_attacks(row) else link
        head = f"{kind} {link} {lay(word('indication', row['indication']))}" if "indication" in row else kind
        counted = [f"{row['n']} people"] if row.get("n") and people else []
        yield f"{capital(', '.join([head, *counted, *([lay(row['duration'])] if 'duration' in row else [])]))}."


def _claims(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    yield from ("**What popular articles say, and what is known**", "")
    for row in rows:
        yield f"- *{sentence(row['says'])}* {sentence(row['answer'])}{mark(row['confidence'])}"
    yield ""
