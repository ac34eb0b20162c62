"""In which order the nodes stand, and where the search for each summit sets out.

Neighbours on the grid have summits that hardly differ, and differ in the same way along each axis. The middle is solved
first; a node next to it along one axis continues the line through those solved before, and one that lies off both axes
completes the parallelogram, S(a) + S(b) - S(c). Where a summit is found does not depend on where the search set out, only
how soon.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

NOWHERE = -1


class Order(NamedTuple):
    """K nodes, those that differ in s only next to each other."""

    block: Whole  # (K,) which combination of everything that is no hyperparameter
    onset: Whole  # (K,) index on the axis of tau
    persistence: Whole  # (K,) on that of phi
    spread: Whole  # (K,) on that of s
    starts: Whole  # (3, K) nodes a, b, c solved before, or NOWHERE


@lru_cache(maxsize=16)
def order_of(blocks: int, grid: tuple[int, int, int]) -> Order:
    """The order of `blocks` times a grid of (log s, logit phi, log tau)."""
    spreads, persistences, onsets = grid
    middle = (onsets // 2, persistences // 2)
    layers = sorted(np.ndindex(onsets, persistences), key=lambda at: _solved_before(at, middle))
    place = {layer: index for index, layer in enumerate(layers)}
    rows: list[tuple[int, ...]] = []
    for block in range(blocks):
        first = block * len(layers)
        for layer in layers:
            known = _known_layers(layer, middle, place) or ([-len(layers)] if block else [])
            for s in range(spreads):
                starts = [spreads * (first + index) + s for index in known] or [len(rows) - 1]
                rows.append((block, *layer, s, *starts, *[NOWHERE] * (3 - len(starts))))
    table = np.ascontiguousarray(np.array(rows, dtype=np.int64).T)
    return Order(table[0], table[1], table[2], table[3], table[4:])


def _solved_before(at: tuple[int, ...], middle: tuple[int, int]) -> tuple[int, ...]:
    away = tuple(abs(index - centre) for index, centre in zip(at, middle, strict=True))
    return (min(away) > 0, sum(away), *away, *at)


def _known_layers(at: tuple[int, ...], middle: tuple[int, int], place: dict[tuple[int, ...], int]) -> list[int]:
    """The layers a, b, c, counted from the first of the block; a alone, or none in the middle."""
    along, across = ((index < centre) - (index > centre) for index, centre in zip(at, middle, strict=True))
    inner = (at[0] + along, at[1] + across)
    if along and across:
        return [place[inner[0], at[1]], place[at[0], inner[1]], place[inner]]
    beyond = place.get((inner[0] + along, inner[1] + across))
    if at == middle or beyond is None or beyond > place[at]:
        return [] if at == middle else [place[inner]]
    return [place[inner], place[inner], beyond]
