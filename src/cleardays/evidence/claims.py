"""What popular pages say of treatments, which study a page leans on where that can be told, and what is known.

A claim is traced only where the page names its source and the study was found. A page of a seller has something to gain,
and one person's story is the weakest kind of support: both are kept apart from studies, and said wherever they are shown.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from cleardays.evidence.reading import load_study, read_data

SELLER, STORY = "sellers-page", "personal-story"


class Claim(NamedTuple):
    """One claim with its answer; `source` and `confidence` are those of the answer.

    `article` says which kind of page it is from, `cites` what that page gives as its source: nothing, a journal's name or
    a study. An `omission` is what the page leaves out. `study` is the study that it leans on, where that was found; the
    answer rests on the studies `answered_by`.
    """

    id: str
    treatment: str
    says: str
    article: str
    kind: str
    cites: str
    answer: str
    source: tuple[str, ...]
    confidence: str
    study: str | None = None
    answered_by: tuple[str, ...] = ()
    note: str | None = None
    omission: bool = False

    @property
    def traced(self) -> bool:
        """Whether the study that it leans on was found."""
        return self.study is not None

    @property
    def leans_on(self) -> str:
        """In words what it leans on; nothing where the page left something out."""
        if self.study is not None:
            return load_study(self.study).name
        if self.omission:
            return ""
        if self.kind == STORY:
            return "one person's story, no study"
        return "untraced: only a journal is named" if self.cites == "journal" else "untraced: no source is named"


@cache
def all_claims() -> tuple[Claim, ...]:
    """Every claim, in the order of the file."""
    return tuple(
        Claim(
            row["id"],
            row["treatment"],
            row["says"],
            row["article"],
            row["kind"],
            row["cites"],
            row["answer"],
            tuple(row["source"]),
            row["confidence"],
            row.get("study"),
            tuple(row.get("answered_by", ())),
            row.get("note"),
            row.get("omission", False),
        )
        for row in read_data("claims")["claim"]
    )


def claims_about(treatment: str) -> tuple[Claim, ...]:
    """The claims on one treatment, by its id."""
    return tuple(claim for claim in all_claims() if claim.treatment == treatment)
