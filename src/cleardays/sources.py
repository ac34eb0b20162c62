"""Where each fact comes from, and the reason attached to each decision.

`sources.toml` beside this file lists every source by key. A `Reason` names the
rule that was applied, says why in words, points to its sources and tells how sure
they are; it is never surer than the facts that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from cleardays.packaged import PACKAGE, read_toml

# How sure a fact is, best first: read in the source, in a page that quotes it, worked out
# from confirmed figures, a choice of this project, or from memory.
CONFIDENCES = ("confirmed", "secondary", "derived", "design", "unconfirmed")
UNCONFIRMED = CONFIDENCES[-1]
# The source of what was read in none.
MEMORY = "label-knowledge"
# How a doubtful fact is marked wherever it is shown; a confirmed one has no mark.
MARKS = {
    "unconfirmed": "not confirmed",
    "secondary": "read at second hand",
    "derived": "worked out",
    "design": "our choice",
}
Row = Mapping[str, Any]


class Source(NamedTuple):
    """One source: its key, what kind of thing it is, how to find it, when it was read and how sure that is.

    `confidence` is confirmed (the source itself was read), secondary (a page that
    quotes it) or unconfirmed; None where it was not graded.
    """

    key: str
    kind: str
    citation: str
    year: int | None = None
    jurisdiction: str | None = None
    checked: str | None = None
    confidence: str | None = None


class Reason(NamedTuple):
    """Why something was decided: a stable rule name, plain words, source keys, and how sure these are.

    `confidence` None is no fact of a source: what somebody decided, or what was counted or worked out here.
    """

    rule: str
    because: str
    source: tuple[str, ...] = ()
    confidence: str | None = None

    @classmethod
    def of(cls, rule: str, because: str, *rows: Row) -> Reason:
        """A reason that rests on rows of data: their sources together, and as sure as the least sure of them.

        >>> read, ours = {"source": ["LABEL 4"], "confidence": "confirmed"}, {"source": ["POLICY"], "confidence": "design"}
        >>> Reason.of("gap", "Ask.", read, ours)
        Reason(rule='gap', because='Ask.', source=('LABEL', 'POLICY'), confidence='design')
        """
        return cls(rule, because, source_keys(*rows), least_sure(row["confidence"] for row in rows))

    def resting_on(self, other: Reason) -> Reason:
        """The same, of what another one rests on too: with its sources, and no surer than it."""
        sure = least_sure(each for each in (self.confidence, other.confidence) if each is not None)
        return self._replace(source=tuple(dict.fromkeys((*self.source, *other.source))), confidence=sure)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output; how sure it is only where it rests on facts of a source."""
        said: dict[str, object] = {"rule": self.rule, "because": self.because, "source": list(self.source)}
        return said if self.confidence is None else {**said, "confidence": self.confidence}


def source_keys(*rows: Row) -> tuple[str, ...]:
    """The keys of the sources of rows of data, each once and in their order, without the place in the source.

    >>> source_keys({"source": ["LABEL 4.2", "STUDY"]}, {"source": ["LABEL 5.1"]})
    ('LABEL', 'STUDY')
    """
    return tuple(dict.fromkeys(key.partition(" ")[0] for row in rows for key in row["source"]))


def least_sure(confidences: Iterable[str]) -> str | None:
    """The worst of several; None of none.

    >>> least_sure(["confirmed", "design", "secondary"])
    'design'
    """
    return max(confidences, key=CONFIDENCES.index, default=None)


@cache
def all_sources() -> dict[str, Source]:
    """Every known source by key, read from the packaged `sources.toml`."""
    return {
        key: Source(
            key,
            str(entry["kind"]),
            str(entry["citation"]),
            entry.get("year"),
            entry.get("jurisdiction"),
            None if "checked" not in entry else str(entry["checked"]),
            entry.get("confidence"),
        )
        for key, entry in read_toml(PACKAGE / "sources.toml").items()
    }
