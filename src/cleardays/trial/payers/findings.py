"""What was found of one rule, and of a pack as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cleardays.diary.kleene import Tri
from cleardays.sources import Reason
from cleardays.trial.payers.days import Count
from cleardays.trial.payers.packs import PARTS, Criterion, Pack

MEETS, FAILS, NOT_YET, CANNOT_TELL = "meets", "does not meet", "not yet", "cannot tell"
# Best first. Of several rules that all count, the worst holds; of several that stand in for each other, the best.
BEST_FIRST = (MEETS, NOT_YET, CANNOT_TELL, FAILS)
_OF_ANY = (MEETS, CANNOT_TELL, NOT_YET, FAILS)


class Found(NamedTuple):
    """How one rule came out: the verdict, why, the figure where there is one, the days, and the same by calendar month.

    `others` is what else must be said: that unknown days could turn it, that another way of counting would.
    """

    verdict: str
    because: str
    number: str | None = None
    counts: tuple[Count, ...] = ()
    months: tuple[Count, ...] = ()
    others: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class Finding(NamedTuple):
    """One rule of a pack with how it came out."""

    criterion: Criterion
    found: Found

    @property
    def verdict(self) -> str:
        """One of `BEST_FIRST`."""
        return self.found.verdict

    @property
    def reason(self) -> Reason:
        """Why, with the sources of the rule and of what it was judged by."""
        row = self.criterion
        keys = dict.fromkeys((*(key.partition(" ")[0] for key in row.source), *self.found.source))
        return Reason(f"payer.{row.id}", self.found.because, tuple(keys), row.confidence)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        row = self.criterion
        return {
            "id": row.id,
            "part": row.part,
            "says": row.says,
            "any_of": row.any_of,
            "verdict": self.verdict,
            "number": self.found.number,
            "reason": self.reason.document(),
            "also": list(self.found.others),
            "reading": row.reading,
            "counts": [count.document() for count in self.found.counts],
            "by_calendar_month": [count.document() for count in self.found.months],
        }


class Evaluated(NamedTuple):
    """A whole pack held against one person: each rule, what follows for each part, and for all of it."""

    pack: Pack
    findings: tuple[Finding, ...]

    def of(self, part: str) -> tuple[Finding, ...]:
        """The rules of one part, in the order of the pack."""
        return tuple(each for each in self.findings if each.criterion.part == part)

    def verdict(self, part: str | None = None) -> str:
        """What follows from the rules of a part, or from all."""
        return worst(self.findings if part is None else self.of(part))

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "pack": self.pack.document(),
            "verdict": self.verdict(),
            "parts": {part: self.verdict(part) for part in PARTS if self.of(part)},
            "rules": [each.document() for each in self.findings],
        }


def worst(findings: Iterable[Finding]) -> str:
    """The verdict of several rules: the worst of them, where those that stand in for each other count as their best.

    Without a rule there is nothing that is not met.
    """
    alone, groups = list[str](), dict[str, list[str]]()
    for each in findings:
        group = each.criterion.any_of
        if group is None:
            alone.append(each.verdict)
        else:
            groups.setdefault(group, []).append(each.verdict)
    parts = [*alone, *(min(verdicts, key=_OF_ANY.index) for verdicts in groups.values())]
    return max(parts, key=BEST_FIRST.index, default=MEETS)


def by_answer(answer: Tri) -> str:
    """The verdict of an answer that may not be known."""
    return {True: MEETS, False: FAILS, None: CANNOT_TELL}[answer]
