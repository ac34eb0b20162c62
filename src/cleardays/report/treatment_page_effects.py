"""Side effects: of one treatment, and of all side by side, each figure with its source.

Sources name the same effect in different words and with different figures. They are merged under one plain name, and
every figure keeps its own source, population and confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.report.treatment_page_words import (
    Row,
    capital,
    keys,
    lay,
    listed,
    mark,
    number,
    own_words,
    places,
    safe,
    table,
    without_statistics,
    word,
)

# Frequency words of the labels, most common first.
_FREQUENCIES = ("very common", "common", "uncommon", "rare", "very rare")


def effects_of(treatment_id: str) -> dict[str, list[Row]]:
    """Plain name of each effect with all its facts, the most frequent first."""
    merged: dict[str, list[Row]] = {}
    for row in load_treatment(treatment_id).facts("side_effect"):
        merged.setdefault(word("effect", row["term"]), []).append(row)
    return dict(sorted(merged.items(), key=lambda item: _rank(item[1])))


def effect_rows(treatment_id: str) -> list[str]:
    """The table of one treatment, as lines: the effects of which more is known than the name."""
    effects = {name: rows for name, rows in effects_of(treatment_id).items() if not _bare(rows)}
    return table(
        ("Effect", "How often"), ((_title(name, rows), _figures(name, rows, named="differ")) for name, rows in effects.items())
    )


def named_only(treatment_id: str) -> list[str]:
    """The effects of which a source says the name and no more, one point for each source and how sure it is."""
    alike: dict[str, list[str]] = {}
    for name, rows in effects_of(treatment_id).items():
        for row in rows if _bare(rows) else ():
            alike.setdefault(f"{_origin(row)}{mark(row['confidence'])}", []).append(_title(name, [row]))
    return [
        f"- {capital(listed(each[:1].lower() + each[1:] for each in effects))} {origin}" for origin, effects in alike.items()
    ]


def _bare(rows: Iterable[Row]) -> bool:
    return not any(row.get("says") or _size(row) or row.get("population") for row in rows)


def _title(name: str, rows: Sequence[Row]) -> str:
    """The plain name, and the source's own word where it is one word for all figures and has nothing of the plain name."""
    terms = {row["term"] for row in rows}
    own = terms.pop() if len(terms) == 1 else name
    alike = set(re.findall(r"\w{5,}", name.lower())) & set(re.findall(r"\w{5,}", own.lower()))
    return capital(name) if alike or own == name else f"{capital(name)} ({safe(own)})"


def _figures(name: str, rows: Sequence[Row], *, named: Literal["differ", "always"]) -> str:
    """Every figure of one effect, each with its source and its mark; led by the source's own word for the effect."""
    shown = named == "always" or len({row["term"] for row in rows}) > 1
    return "<br>".join(_one(row, own_word=shown and row["term"] != name) for row in rows)


def _one(row: Row, *, own_word: bool) -> str:
    """A figure, whom it is from, and the remark; a remark that brings its own per cent stands for the figure."""
    says = lay(without_statistics(row.get("says", "")))
    figure, remark = (says.rstrip("."), "") if re.search(r"\d %(?! CI)", says) else (_size(row), says.rstrip("."))
    head = ", ".join(each for each in (figure, _whom(row)) if each)
    text = ". ".join(each for each in (head, remark) if each) or "named, without a figure"
    named = f"“{safe(row['term'])}”: " if own_word else ""
    return f"{named}{text} {_origin(row)}{mark(row['confidence'])}"


def _whom(row: Row) -> str:
    return lay(re.sub(r"\bn=(\d+)", r"\1 people", row.get("population", "")))


def _origin(row: Row) -> str:
    return f"({'; '.join(each for each in (places(row), keys(row)) if each)})"


def _size(row: Row) -> str:
    low, high, percent = row.get("low"), row.get("high"), row.get("percent")
    if percent is not None:
        between = f" ({number(low)} to {number(high)})" if low is not None and high is not None else ""
        said = f"{number(percent)} %{between}"
    elif low is not None and high is not None:
        said = f"{number(low)} to {number(high)} %"
    elif low is not None:
        said = f"{number(low)} % or more"
    else:
        said = f"up to {number(high)} %" if high is not None else row.get("frequency", "")
    dummy = row.get("placebo_percent")
    return said if dummy is None else f"{said}, {number(dummy)} % on a dummy"


def _rank(rows: Iterable[Row]) -> tuple[float, int]:
    figures = [row.get("percent", row.get("high", row.get("low", -1.0))) for row in rows]
    words = [_FREQUENCIES.index(row["frequency"]) for row in rows if row.get("frequency") in _FREQUENCIES]
    # A word without a figure stands after the figures that the word usually means.
    usual = {0: 10.0, 1: 1.0}.get(min(words, default=9), -1.0)
    return -max(*figures, usual), min(words, default=9)


def side_by_side() -> list[str]:
    """One table over all treatments: effect by treatment, effects of most treatments first."""
    effects: dict[str, list[str]] = {}
    for treatment_id in treatment_ids():
        for name in effects_of(treatment_id):
            effects.setdefault(name, []).append(treatment_id)
    order = sorted(effects, key=lambda name: (-len(effects[name]), name.lower()))
    return table(("Effect", "Treatment", "How often"), (row for name in order for row in _rows(name, effects[name])))


def _rows(name: str, ids: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for treatment_id in ids:
        shown = f"[{own_words(treatment_id)['name']}]({treatment_id}.md)"
        rows = effects_of(treatment_id)[name]
        yield f"**{capital(name)}**", shown, _figures(name, rows, named="always")
