"""Questionnaires on the page: MIDAS with its five items, HIT-6 with its total; before the treatment and last."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.diary.entries import Score
from cleardays.diary.fields import Fields
from cleardays.diary.instruments import instruments, score_questionnaire
from cleardays.diary.records import Diary
from cleardays.problems import BadInput
from cleardays.trial.account.rules import page_rules


class Filled(NamedTuple):
    """A questionnaire as it was filled in. `total` None: it cannot be scored, `said` tells why.

    `items` are the answers as they were told, None where only a total was; `band` is what its source calls the total.
    """

    date: date
    items: tuple[str, ...] | None
    total: float | None
    band: str | None
    said: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        items = None if self.items is None else list(self.items)
        return {**self._asdict(), "date": self.date.isoformat(), "items": items, "said": list(self.said)}


class Scale(NamedTuple):
    """One questionnaire: the last time before the treatment, and the last time at all; None where there was none."""

    name: str
    recall: str
    before: Filled | None
    last: Filled | None
    source: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "name": self.name,
            "recall": self.recall,
            "before": None if self.before is None else self.before.document(),
            "last": None if self.last is None else self.last.document(),
            "source": list(self.source),
        }


def scales_of(diary: Diary, start: date | None) -> tuple[Scale, ...]:
    """The questionnaires of the page that were filled in at all."""
    found = []
    for name in page_rules()["scales"]["shown"]:
        filled = sorted((score for score in diary.beside.scores if _is(score, name)), key=lambda score: score.date)
        before = [score for score in filled if start is not None and score.date <= start]
        after = [score for score in filled if start is None or score.date > start]
        table = instruments()[name]
        if filled:
            sides = [_filled(each[-1], name, table) if each else None for each in (before, after)]
            found.append(Scale(name, table["recall"], sides[0], sides[1], tuple(table["source"])))
    return tuple(found)


def _is(score: Score, name: str) -> bool:
    return "".join(c for c in score.instrument.upper() if c.isalnum()) == name


def _filled(score: Score, name: str, table: dict[str, Any]) -> Filled:
    told: dict[str, object] = {} if score.total is None else {"total": float(score.total)}
    if score.items is not None:
        told["items"] = [_number(item) for item in score.items]
    try:
        scored: dict[str, Any] = score_questionnaire(Fields(told, name), name)
    except BadInput as problem:
        return Filled(score.date, score.items, None, None, tuple(each.what for each in problem.problems))
    said = () if scored["valid"] else tuple(reason["because"] for reason in scored["reasons"])
    band = scored[table["bands_are"]] if "bands_are" in table else None
    total = scored["total"]
    return Filled(score.date, score.items, None if total is None else float(total), band, said)


def _number(item: str) -> int | None:
    try:
        return int(Decimal(item))
    except ArithmeticError:
        return None
