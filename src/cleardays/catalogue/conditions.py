"""Which illness a written name stands for: as listed, or not at all."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from cleardays.catalogue.reading import read_data
from cleardays.catalogue.suggesting import letters, suggestions


class Condition(NamedTuple):
    """What a name stands for: an illness, all that it is a kind of, and what the name says of it.

    `kinds` holds the id itself and every broader illness, `may_be` what a vague name leaves open.
    """

    id: str
    says: str
    kinds: frozenset[str]
    severity: str | None = None
    active: bool | None = None
    graded: tuple[tuple[str, str], ...] = ()
    may_be: frozenset[str] = frozenset()

    def with_grade(self, severity: str | None) -> Condition:
        """The illness that this one is when it is so severe: uncontrolled hypertension has rules of its own."""
        narrower = dict(self.graded).get(severity or "")
        return self if narrower is None else _index().by_id[narrower]


class _Index(NamedTuple):
    by_id: dict[str, Condition]
    by_spelling: dict[str, Condition]
    open: dict[str, str]


@cache
def _index() -> _Index:
    tables = read_data("condition_names")
    rows = {row["id"]: row for row in tables["condition"]}
    by_id = {
        name: Condition(
            name,
            row["says"],
            _kinds(name, rows),
            graded=tuple(row.get("graded", {}).items()),
            may_be=frozenset(row.get("may_be", ())),
        )
        for name, row in rows.items()
    }
    by_spelling: dict[str, Condition] = {}
    for name, row in rows.items():
        for written in (name, row["says"], *row.get("names", ())):
            by_spelling[letters(written)] = by_id[name]
        for stated in row.get("stated", ()):
            more = {key: stated[key] for key in ("severity", "active") if key in stated}
            by_spelling.update({letters(written): by_id[name]._replace(**more) for written in stated["names"]})
    left_open = {letters(written): row["question"] for row in tables["unresolved"] for written in row["names"]}
    return _Index(by_id, by_spelling, left_open)


def _kinds(name: str, rows: dict[str, dict[str, list[str]]]) -> frozenset[str]:
    found, waiting = set[str](), [name]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += rows[at].get("broader", [])
    return frozenset(found)


def condition_ids() -> frozenset[str]:
    """Every illness that rules can speak of."""
    return frozenset(_index().by_id)


def find_condition(text: str) -> Condition | None:
    """The illness that a name stands for, or None.

    >>> find_condition("Myasthenia gravis").id
    'myasthenia'
    """
    return _index().by_spelling.get(letters(text))


def ask_condition(text: str) -> str:
    """The question to ask about a name for which there is no illness here."""
    index = _index()
    asked = index.open.get(letters(text))
    if asked is not None:
        return f"{text.strip()!r}: {asked}"
    near = suggestions(text, {spelling: found.says for spelling, found in index.by_spelling.items()})
    meant = f" Is it {' or '.join(near)}?" if near else " Which illness is it, in other words?"
    return f"{text.strip()!r} is no illness that is known here.{meant}"
