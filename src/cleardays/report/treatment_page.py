"""The treatment pages: one page for each treatment of the catalogue, an index, and all side effects side by side.

Everything is written from the catalogue's facts; `treatment_words.toml` adds plain words and no facts. The part before
the fold is for the person, the folded part for the clinician. Regenerate all pages with

    python -m cleardays.report.treatment_page docs/reference/treatments
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cleardays.catalogue.treatments import Treatment, catalogue_version, load_treatment, treatment_ids
from cleardays.plan.results import with_results
from cleardays.report.treatment_page_clinician import clinician_part
from cleardays.report.treatment_page_effects import side_by_side
from cleardays.report.treatment_page_expected import PICTURES, pictures_of
from cleardays.report.treatment_page_plain import MARKS_MEAN, hope_said, plain_part
from cleardays.report.treatment_page_words import (
    Row,
    best_confidence,
    capital,
    is_migraine,
    listed,
    mark,
    own_words,
    table,
    word,
)

ADVICE = "Information, no advice. A plan is a draft until a clinician confirms it."


def treatment_page(treatment_id: str) -> str:
    """The page of one treatment as Markdown.

    Raises:
        BadInput: there is no such treatment in the catalogue.
    """
    treatment = with_results(load_treatment(treatment_id))
    return "\n".join([plain_part(treatment), clinician_part(treatment), _foot(f"Checked {treatment.checked}.")])


def side_effect_page() -> str:
    """The side effects of all treatments side by side, as Markdown."""
    without = [own_words(each)["name"] for each in treatment_ids() if not load_treatment(each).facts("side_effect")]
    lines = ["# Side effects side by side", "", *_SIDE_BY_SIDE, "", MARKS_MEAN, ""]
    if without:
        lines += [f"We list no side effects yet for {listed(without)}. That does not mean that they have none.", ""]
    return "\n".join([*lines, *side_by_side(), _foot()])


_SIDE_BY_SIDE = (
    "One row for each effect and treatment, effects of most treatments first. Each figure has its source.",
    "Where sources differ, all of their figures are shown, with their own word for the effect in quotation marks.",
    "",
    "Compare with care. The figures come from different studies, doses and illnesses, so small differences mean nothing.",
    "That an effect is not listed does not mean that it never happens.",
)


def index_page() -> str:
    """All treatments with what they are, whether they are approved for migraine, and what the studies say, as Markdown."""
    rows = (_index_row(with_results(load_treatment(each))) for each in treatment_ids())
    head = ("Treatment", "Group", "Approved for migraine", "What one may hope for")
    lines = ["# Treatments", "", *_INDEX, "", MARKS_MEAN, "", *table(head, rows), _foot()]
    return "\n".join(lines)


_INDEX = (
    "One page for each preventive treatment: when to call for help, what it is, how a trial of it runs, what the trials found.",
    "The part at the end of each page is for clinicians. [All side effects side by side](side-effects.md)",
    "",
    "Approved or not is one thing, how strong the proof is another. So they stand in columns of their own.",
    "What one may hope for is a summary in a line or two. The results behind it stand on the page.",
)


def _index_row(treatment: Treatment) -> tuple[str, str, str, str]:
    return (
        f"[{own_words(treatment.id)['name']}]({treatment.id}.md)",
        listed(word("class", each) for each in treatment.classes),
        _approved(treatment),
        hope_said(treatment),
    )


def _approved(treatment: Treatment) -> str:
    """Where a treatment is approved for migraine, each place once with its surest fact."""
    rows = [row for row in treatment.facts("status") if is_migraine(row["indication"])]
    said = []
    for standing, before in (("on-label", ""), ("partly", "in part in ")):
        by_place: dict[str, list[Row]] = {}
        for row in rows:
            for code in row.get("jurisdiction", ()) if row["standing"] == standing else ():
                by_place.setdefault(word("place", code), []).append(row)
        said += [f"{before}{place}{mark(best_confidence(same))}" for place, same in by_place.items()]
    return capital("; ".join(said)) if said else f"No (off-label){mark(best_confidence(rows))}"


def _foot(checked: str = "") -> str:
    return f"---\n\nCatalogue {catalogue_version()}. {checked}".rstrip() + f"\n\n{ADVICE}\n"


def all_pages() -> dict[str, str]:
    """Every page by its file name."""
    pages = {f"{each}.md": treatment_page(each) for each in treatment_ids()}
    return {**pages, "index.md": index_page(), "side-effects.md": side_effect_page()}


def all_pictures() -> dict[str, str]:
    """Every picture of these pages by its file name."""
    return {name: svg for each in treatment_ids() for name, svg in pictures_of(load_treatment(each)).items()}


def main(arguments: Sequence[str]) -> int:
    """Write every page into the folder that is named."""
    if len(arguments) != 1:
        print("Say where the pages go: python -m cleardays.report.treatment_page docs/reference/treatments", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    for name, text in {**all_pages(), **all_pictures()}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
