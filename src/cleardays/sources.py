"""Where each fact comes from, and the reason attached to each decision.

`sources.toml` beside this file lists every source by key. A `Reason` names the
rule that was applied, says why in words, and points to its sources.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple


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
    """Why something was decided: a stable rule name, plain words, source keys."""

    rule: str
    because: str
    source: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"rule": self.rule, "because": self.because, "source": list(self.source)}


@cache
def all_sources() -> dict[str, Source]:
    """Every known source by key, read from the packaged `sources.toml`."""
    import tomllib

    text = resources.files("cleardays").joinpath("sources.toml").read_text(encoding="utf-8")
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
        for key, entry in tomllib.loads(text).items()
    }
