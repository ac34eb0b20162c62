"""The engine through the compiled kernel: the same answers as in numpy, sooner.

`Engine` is what a fit asks of either: solve the nodes, and draw from them.
"""

from __future__ import annotations

import ctypes
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import arrowhead
from cleardays.numerics.compiled import Handed, kernel, structure
from cleardays.response.draws import Drawn, draw_block
from cleardays.response.inner import SETTLED, Inner, solve_inner
from cleardays.response.model import Outline, extent_of, join

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_COUNT = ctypes.c_int64
_DIARY = structure(
    "Diary",
    rows=_COUNT, cells=_COUNT, runs=_COUNT, weeks=_COUNT, columns=_COUNT, days=_COUNT, last_written=_COUNT,
    first_exposed=_COUNT,
    centre=ctypes.c_double, last_had=ctypes.c_double,
    row_day=np.ndarray, row_exposed=np.ndarray, row_also=np.ndarray, yes=np.ndarray, trials=np.ndarray, row_x=np.ndarray,
    run_first=np.ndarray, before=np.ndarray, cell_day=np.ndarray, seen=np.ndarray, day_x=np.ndarray, extent=np.ndarray,
    week_of_day=np.ndarray,
)  # fmt: skip
_GRID = structure(
    "Grid",
    nodes=_COUNT, onsets=_COUNT, resumed=_COUNT, settled=ctypes.c_double, spread=np.ndarray, persistence=np.ndarray,
    mean=np.ndarray, precision=np.ndarray,
    onset=np.ndarray, starts=np.ndarray, sensitivity=np.ndarray, specificity=np.ndarray, exposure=np.ndarray,
    rise=np.ndarray,
)  # fmt: skip
_GAUSSIANS = structure(
    "Gaussians",
    levels=np.ndarray, coefficients=np.ndarray, pivots=np.ndarray, below=np.ndarray, tied=np.ndarray,
    sds=np.ndarray, corner_sds=np.ndarray,
    corner_pivots=np.ndarray, corner_lower=np.ndarray, log_evidence=np.ndarray, log_determinant=np.ndarray,
    summits=np.ndarray,
)  # fmt: skip
_DRAWING = structure(
    "Drawing",
    count=_COUNT, stride=_COUNT, dimensions=_COUNT, every=_COUNT, node=np.ndarray, white=np.ndarray, levels=np.ndarray,
    coefficients=np.ndarray, log_ratio=np.ndarray, had_last=np.ndarray,
)  # fmt: skip
_MOST_COLUMNS = 24  # of the kernel


class Engine(Protocol):
    """Solves a model and draws from it; `name` is said in the answer's diagnostics."""

    name: str

    def solve(self, before: Inner | None = None) -> Inner:
        """The Gaussian of every node; `before` are those of another frame of the same grid, to set out from."""
        ...

    def draw(self, node: Whole, white: Array) -> Drawn:
        """One draw for each column of noise, from its node, once solved."""
        ...


class InNumpy:
    """The engine in numpy, readable as the paper."""

    name = "numpy"

    def __init__(self, outline: Outline) -> None:
        self.model = join(*outline)

    def solve(self, before: Inner | None = None) -> Inner:
        """The Gaussian of every node."""
        self.inner = solve_inner(self.model, before)
        return self.inner

    def draw(self, node: Whole, white: Array) -> Drawn:
        """One draw for each column of noise, from its node, once solved."""
        return draw_block(self.model, self.inner, node, white)


class Compiled:
    """The engine in C, for models it has room for."""

    name = "compiled"

    def __init__(self, outline: Outline, library: ctypes.CDLL) -> None:
        self.library = library
        self.shape = (outline.design.n_weeks, len(outline.nodes.mean), len(outline.nodes.spread))
        self.diary, self.grid = _diary(outline), _grid(outline)

    def solve(self, before: Inner | None = None) -> Inner:
        """The Gaussian of every node; raises `MemoryError` where there is no room."""
        weeks, p, nodes = self.shape
        shapes: dict[str, tuple[int, ...]] = {
            "levels": (weeks, nodes), "coefficients": (p, nodes), "pivots": (weeks, nodes), "below": (weeks, nodes),
            "tied": (weeks, p, nodes), "sds": (weeks, nodes), "corner_sds": (p, nodes),
            "corner_pivots": (p, nodes), "corner_lower": (p, p, nodes),
            "log_evidence": (nodes,), "log_determinant": (nodes,), "summits": (weeks + p, nodes),
        }  # fmt: skip
        made = {name: np.empty(shape) for name, shape in shapes.items()}
        if before is not None:
            np.concatenate([before.levels, before.coefficients], out=made["summits"])
            self.grid.structure.resumed = 1
        steps = ctypes.c_int64()
        self.gaussians = Handed(_GAUSSIANS, **made)
        pointers = (self.diary.pointer, self.grid.pointer, self.gaussians.pointer)
        rested = self.library.cleardays_solve(*pointers, ctypes.byref(steps))
        if rested < 0:
            raise MemoryError("no room for the nodes of this diary")
        chain = arrowhead.Chain(made["pivots"], made["below"])
        schur = arrowhead.Corner(made["corner_pivots"], made["corner_lower"])
        return Inner(
            made["levels"], made["coefficients"], chain, made["tied"], schur, made["log_evidence"], steps.value, bool(rested)
        )

    def draw(self, node: Whole, white: Array) -> Drawn:
        """One draw for each column of noise, from its node, once solved."""
        weeks, p, _ = self.shape
        count = len(node)
        drawn = Drawn(np.empty((p, count)), np.empty((weeks, count)), np.empty(count), np.empty(count))
        drawing = Handed(
            _DRAWING, count=count, stride=count, dimensions=len(white), every=1, node=node, white=white, **drawn._asdict()
        )
        pointers = (self.diary.pointer, self.grid.pointer, self.gaussians.pointer, drawing.pointer)
        if self.library.cleardays_draw(*pointers) < 0:
            raise MemoryError("no room for the draws of this diary")
        return drawn


def engine_for(outline: Outline) -> Engine:
    """The compiled engine where it is there and has room for the columns, else the one in numpy."""
    library = kernel()
    if library is None or len(outline.nodes.mean) > _MOST_COLUMNS:
        return InNumpy(outline)
    return Compiled(outline, library)


def _diary(outline: Outline) -> Handed:
    """The design as the kernel reads it; its runs stand one after the other."""
    design, rows = outline.design, outline.design.rows
    first, order = _run_by_run(outline)
    exposed = np.flatnonzero(outline.exposures.any(axis=0))
    return Handed(
        _DIARY,
        rows=len(rows.day), cells=len(order), runs=len(design.runs.before), weeks=design.n_weeks,
        columns=rows.x.shape[1], days=len(design.week_of_day), last_written=int(design.known_days[-1]),
        first_exposed=int(exposed[0]) if len(exposed) else len(design.week_of_day),
        centre=design.centre, last_had=float(design.last_had),
        row_day=rows.day, row_exposed=rows.exposed, row_also=rows.also, yes=rows.yes, trials=rows.trials, row_x=rows.x,
        run_first=first, before=design.runs.before, cell_day=design.runs.day[order], seen=design.runs.seen[order],
        day_x=design.row_of_day, extent=extent_of(outline.design, outline.exposures), week_of_day=design.week_of_day,
    )  # fmt: skip


def _run_by_run(outline: Outline) -> tuple[Whole, Whole]:
    """The first cell of each run, and the cells in the order of their runs."""
    at = outline.design.runs.at
    run = np.concatenate([np.arange(cells.stop - cells.start) for cells in at])
    order = np.argsort(run, kind="stable")  # positions stand in order already
    return np.concatenate([[0], np.cumsum(np.bincount(run))]), order


def _grid(outline: Outline) -> Handed:
    """The nodes as the kernel reads them."""
    nodes = outline.nodes
    return Handed(
        _GRID,
        nodes=len(nodes.spread), onsets=len(nodes.onset), resumed=0, settled=SETTLED, spread=nodes.spread,
        persistence=nodes.persistence, mean=nodes.mean, precision=nodes.precision, onset=nodes.onset_index,
        starts=nodes.starts, sensitivity=nodes.recall.sensitivity, specificity=nodes.recall.specificity,
        exposure=outline.exposures, rise=_rise(outline.exposures),
    )  # fmt: skip


def _rise(exposures: Array) -> Array:
    """How far the exposure of any onset moves from the day before, (days,)."""
    moved = exposures.copy()
    moved[:, 1:] -= exposures[:, :-1]
    return np.asarray(np.abs(moved).max(axis=0))
