"""What a study says about a treatment, in words; its figures are put in from the study's own cells.

In `says`, `{active headache_day change_mean size}` stands for a figure: the arm, then the outcome (and the part, where
there are several), then the cell; `size` leaves out the sign. `{active randomised}` is a figure of the arm itself, and
`{active placebo headache_day MD lower}` one of a difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.evidence.records import ARM_CELLS, DIFFERENCE_CELLS, Cell, Study

PLACE = re.compile(r"\{([^{}]+)\}")
_SIZE = "size"


def finding_of(study: Study, finding_id: str) -> Mapping[str, Any]:
    """One finding of a study as pages show it: the words with their figures.

    Raises:
        KeyError: the study has no such finding, or it names a figure that is not there.
    """
    for finding in study.findings:
        if finding["id"] == finding_id:
            return filled(study, finding)
    raise KeyError((study.id, finding_id))


def treatments_of(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """What a finding speaks of."""
    named = finding["treatment"]
    return (named,) if isinstance(named, str) else tuple(named)


def filled(study: Study, finding: Mapping[str, Any]) -> Mapping[str, Any]:
    """A finding with the study's name, year and figures put in."""
    whole = {"study": study.name, "design": "", **finding, "trial": study.id}
    if "year" in study.head:
        whole["year"] = study.head["year"]
    whole["outcome"] = PLACE.sub(lambda place: _figure(study, place[1]), whole.pop("says"))
    if isinstance(whole.get("n"), str):
        whole["n"] = int(_total(study, whole["n"]))
    return whole


def cells_of(study: Study, finding: Mapping[str, Any]) -> Iterator[Cell]:
    """The figures in the words of a finding."""
    for place in PLACE.finditer(finding["says"]):
        yield cell_at(study, _path(place[1]))


def _path(place: str) -> list[str]:
    """The words of a place without the one that says how the figure is told."""
    words = place.split()
    return words[:-1] if words[-1] == _SIZE else words


def _total(study: Study, places: str) -> float:
    """People of several arms together: "{active randomised} + {placebo randomised}"."""
    return sum(cell_at(study, place[1].split()).value for place in PLACE.finditer(places))


def _figure(study: Study, place: str) -> str:
    printed = str(cell_at(study, _path(place)).value)
    return printed.removeprefix("-") if place.endswith(_SIZE) else printed


def cell_at(study: Study, words: list[str]) -> Cell:
    """The figure that the words point to.

    Raises:
        KeyError: there is none.
    """
    if len(words) == 2 and words[1] in ARM_CELLS:
        return study.cell(words[0], words[1])
    if words[-1] in DIFFERENCE_CELLS and len(words) >= 5:
        arm, against, outcome, *part, measure, name = words
        for row in study.differences:
            found = [row.of["arm"], row.of["against"], row.of["outcome"], row.of["measure"]]
            if found == [arm, against, outcome, measure] and ([row.of.get("part")] if part else []) == part:
                return row.cells[name]
        raise KeyError(" ".join(words))
    return study.cell(words[0], *words[1:])
