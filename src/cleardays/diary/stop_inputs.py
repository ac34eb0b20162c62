"""What was told for a stop rule: one JSON object, read with everything that is wrong in it.

A key that is absent was not told; an explicit null was told to be unknown.
Every rule takes every key here; what a rule did not look at is said in its reasons.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from cleardays.diary.fields import Fields
from cleardays.diary.instruments import total_range
from cleardays.diary.responder import Change, Figure, WindowCounts, read_window
from cleardays.problems import BadInput, Problem

ANY = "any"
_PCT, _PCT_METRIC = "hd_reduction_pct", "hd"
_LONGEST_MONTH = 31
_SIDES = ("baseline", "current")
_TIMES = ("cycles", "weeks", "months", "months_on")
_FREE = (*_SIDES, *_TIMES, *(f"{side}_attacks" for side in _SIDES))
_MONTHLY = tuple(f"{side}_{metric}" for side in _SIDES for metric in ("hd", "md"))
_WORDS = {
    "interval": ("monthly", "quarterly"),
    "baseline_type": ("episodic", "chronic"),
    "response": ("good", "partial", "none"),
}
_SCORES = {"midas": "MIDAS", "hit6": "HIT6", "mpfid": None}  # key -> instrument with a known range
_WINDOWS = tuple(f"{side}_window" for side in _SIDES)
KEYS = ("rule", *_FREE, *_MONTHLY, _PCT, "last3_hd", *_WORDS, *_SCORES, *_WINDOWS)


class Told:
    """What was told, and which of it a rule has looked at."""

    def __init__(self, rule: str, where: str) -> None:
        self.rule = rule
        self.where = where
        self.numbers: dict[str, Fraction | None] = {}
        self.words: dict[str, str | None] = {}
        self.lists: dict[str, list[Fraction | None]] = {}
        self.windows: dict[str, WindowCounts | None] = {}
        self.looked_at: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether it was told, null included; asking counts as looking."""
        found = any(key in kind for kind in (self.numbers, self.words, self.lists, self.windows))
        if found:
            self.looked_at.add(key)
        return found

    def unused(self) -> list[str]:
        """What the rule did not look at."""
        return [key for key in KEYS if key not in self.looked_at and self.has(key)]

    def change(self, metrics: Collection[str], plain: str | None) -> Change:
        """Baseline and current of the first metric that was told of both sides, else the reduction as it was told."""
        gaps: tuple[Figure, Figure] | None = None
        for metric in metrics:
            baseline, current = (self._figure(side, metric, plain) for side in _SIDES)
            if baseline is not None and current is not None:
                return Change(metric, baseline, current)
            if gaps is None:
                gaps = baseline or self._gap(0, metric, plain), current or self._gap(1, metric, plain)
        if _PCT_METRIC in metrics and self.has(_PCT):
            return Change(_PCT_METRIC, Figure(None, f"{_PCT} is not known."), Figure(None), self.numbers[_PCT])
        return Change(None, *(gaps or (Figure(None), Figure(None))))

    def _gap(self, side: int, metric: str, plain: str | None) -> Figure:
        key = _SIDES[side] if plain in (metric, ANY) else f"{_SIDES[side]}_{metric}"
        return Figure(None, f"{key} was not told.")

    def _figure(self, side: str, metric: str, plain: str | None) -> Figure | None:
        """One side's count per 28 days; None where it was not told. Told twice, it must be the same."""
        told = []
        for key in (f"{side}_{metric}", side if plain in (metric, ANY) else ""):
            if self.has(key):
                told.append(Figure(self.numbers[key], f"{key} is not known." if self.numbers[key] is None else ""))
        window = f"{side}_window"
        if self.has(window):
            counted = self.windows[window]
            if counted is None:
                told.append(Figure(None, f"{window} is not known."))
            elif metric in counted.counts:
                figure = counted.per_28(metric, side)
                if figure.value is None:
                    return figure  # too few days were logged, whatever figure stands beside it
                told.append(figure)
        known = [figure for figure in told if figure.value is not None]
        if len({figure.value for figure in known}) > 1:
            said, try_this = "it is told twice, and not the same.", "Give it once, as a figure or as a window."
            raise BadInput(Problem(f"{self.where}, {side}", said, try_this))
        return next(iter(known or told), None)


def read_told(document: object, where: str, rules: Collection[str]) -> Told:
    """Read the object of one rule.

    Raises:
        BadInput: with an unknown rule, every unknown key, and every value that cannot be used.
    """
    fields = Fields(document, where)
    rule = fields.word("rule", sorted(rules))
    if rule is None and not fields.problems:
        fields.add("rule", "no rule is named.", f"Use one of {', '.join(sorted(rules))}.")
    fields.only(KEYS)
    told = Told(rule or "", where)
    for key in filter(fields.told, (*_FREE, *_MONTHLY)):
        told.numbers[key] = fields.number(key, 0, _LONGEST_MONTH if key in _MONTHLY else None)
    if fields.told(_PCT):
        told.numbers[_PCT] = fields.number(_PCT, None, 100)
    for key, words in _WORDS.items():
        if fields.told(key):
            told.words[key] = fields.word(key, words)
    if fields.told("last3_hd"):
        told.lists["last3_hd"] = _numbers(fields, "last3_hd", 3, 0, _LONGEST_MONTH)
    for key, instrument in _SCORES.items():
        if fields.told(key):
            least, most = total_range(instrument) if instrument else (0, None)
            told.lists[key] = _numbers(fields, key, 2, least, most)
    for key in filter(fields.told, _WINDOWS):
        told.windows[key] = _window(fields, key)
    fields.done()
    return told


def _numbers(fields: Fields, key: str, count: int, least: int, most: int | None) -> list[Fraction | None]:
    if fields.get(key) is None:
        return [None] * count
    return fields.numbers(key, count, least, most)


def _window(fields: Fields, key: str) -> WindowCounts | None:
    document = fields.get(key)
    if document is None:
        return None
    try:
        return read_window(document, f"{fields.where}, {key}")
    except BadInput as bad:
        fields.problems.extend(bad.problems)
        return None
