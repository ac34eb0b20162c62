"""What the trials of a treatment found, and what popular articles say, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_expected import expected_section
from cleardays.report.treatment_page_words import (
    Row,
    capital,
    is_migraine,
    lay,
    mark,
    plain_bias,
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
    ("placebo-controlled", "trial against a dummy"), ("single-blind", "half-blind trial"),
    ("open", _UNFAIR), ("uncontrolled", _UNFAIR), ("no control", _UNFAIR),
    ("retrospective", _UNFAIR), ("series", _UNFAIR), ("observational", _UNFAIR),
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
    yield from _read_first(treatment, [row for row in preventing if _is_study(row)])
    yield from expected_section(treatment)
    yield from _studies(preventing)
    for title, group in (("To end an attack, which is another matter", attacks), ("For other illnesses", elsewhere)):
        if group:
            yield from (f"**{title}**", "")
            yield from _studies(group)
    yield from _claims(treatment.facts("popular_claim"))


_BLIND = "In a blind trial, the fairest kind of test, neither the people nor the staff know who gets the real treatment."
_DUMMY = "People also get better with a dummy. So look at the difference between two groups, not at one figure."


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


def _read_first(treatment: Treatment, rows: Sequence[Row]) -> Iterator[str]:
    """What must be known to read the results rightly. They are not counted: several may come from one study."""
    if not rows:
        yield from ("We found no study of it to prevent migraine.", "")
        return
    if not treatment.facts("protocol") and not treatment.facts("site"):
        yield "These are the results on migraine, apart from ending an attack."
        yield "No trial in this list shows that it prevents migraine."
    else:
        yield "These are the results on preventing migraine. Several of them may come from one study."
    kinds = {kind_of(row["design"]) for row in rows}
    good = {kind_of(row["design"]) for row in rows if row["finding"] == "for" and row["confidence"] != "unconfirmed"}
    if good and "blind trial" not in good:
        if good == {_UNFAIR}:
            yield "None of those that speak for it comes from a blind trial."
        else:
            yield "Of those that speak for it, none is noted as a blind trial."
    if good or "blind trial" in kinds:
        yield _BLIND
    yield from (_DUMMY, "")


def _studies(rows: Sequence[Row]) -> Iterator[str]:
    """One point for each study; several results of one study stand below its name."""
    studies: dict[str, list[Row]] = {}
    for row in rows:
        studies.setdefault(row["study"].partition(":")[0], []).append(row)
    for study, same in studies.items():
        if len(same) == 1:
            (row,) = same
            verdict = [f"{_verdict(row, capital)}."] if _is_study(row) else []
            told = (f"**{capital(lay(row['study']))}:**", *verdict, *_setting(row), outcome_said(row), *_weak_points(row))
            yield f"- {' '.join(told)}{mark(row['confidence'])}"
            continue
        alike = len({row.get("n") for row in same} - {None}) <= 1
        fullest = max(same, key=lambda row: (bool(row.get("n")), "duration" in row))
        shared = same[0].get("bias") if len({row.get("bias") for row in same}) == 1 else None
        yield " ".join([f"- **{capital(lay(study))}:**", *_setting(fullest, people=alike), *_weak_points({"bias": shared})])
        for row in same:
            part, outcome = lay(row["study"].partition(": ")[2]), outcome_said(row)
            # The name of the part is said where the result does not speak of it.
            beside = [part] if part and part.split(",")[0].lower() not in outcome.lower() else []
            beside += [f"{row['n']} people"] if row.get("n") and not alike else []
            brackets = f" ({', '.join(beside)})" if beside else ""
            told = (f"{_verdict(row, capital)}{brackets}.", outcome, *(_weak_points(row) if shared is None else ()))
            yield f"    - {' '.join(told)}{mark(row['confidence'])}"
    yield ""


def _weak_points(row: Row) -> Iterator[str]:
    """What may have made a result look better or worse than it is."""
    if row.get("bias"):
        yield f"Weak points: {plain_bias(row['bias'])}."


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


_LEDGER = (
    "Untraced means that the page names no study that we could find.",
    "A seller has something to gain. One person's story is no study.",
)


def _claims(rows: Sequence[Row]) -> Iterator[str]:
    """Each claim with who says it, what it leans on, and what is known."""
    if not rows:
        return
    yield from ("**What popular articles say, and what is known**", "", *_LEDGER, "")
    for row in rows:
        behind = f" ({_behind(row)}.)" if _behind(row) else ""
        yield f"- *{sentence(row['says'])}*{behind} {sentence(row['answer'])}{mark(row['confidence'])}"
    yield ""


def _behind(row: Row) -> str:
    """Who says it, and what study it leans on; empty where an article only leaves something out."""
    if row["traced"]:
        return f"It leans on {lay(row['leans_on'].partition(' (')[0])}"
    if row["by"] == "personal-story":
        return "One person's story, no study"
    return "Page of a seller, untraced" if row["by"] == "sellers-page" else "Untraced" if row["leans_on"] else ""
