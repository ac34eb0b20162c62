"""Studies as a network reads them: estimates against each study's first treatment, with their covariance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.problems import BadInput, Problem

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

# How far the three sides of a triangle may disagree: printed figures are rounded.
_ROUNDED = 0.02
_SINGULAR = 1e-9  # of the largest variance of a study; beyond it one of its pairs adds nothing to the others
# How many times larger than another's a standard error may be: beyond it no arithmetic can carry both.
MOST_APART = 1e6
# How many standard errors of the most precise study an estimate may be away from 0: beyond it its own digits do not reach.
MOST_SIGNIFICANT = 1e10


class Study(NamedTuple):
    """One study: its treatments, and the estimates of all but the first against the first."""

    name: str
    treatments: tuple[str, ...]
    estimate: Array  # (a - 1,)
    covariance: Array  # (a - 1, a - 1)

    @property
    def design(self) -> tuple[str, ...]:
        """Which treatments it compares, in a fixed order."""
        return tuple(sorted(self.treatments))


class Pair(NamedTuple):
    """An estimate of one treatment against another, as printed."""

    treatment: str
    against: str
    estimate: float
    se: float


def from_pairs(name: str, pairs: Sequence[Pair]) -> Study:
    """A study from all its pairs: cov(i - 0, j - 0) = (v_i0 + v_j0 - v_ij) / 2, which holds whatever the arms' variances are.

    Args:
        name: of the study.
        pairs: each pair of its treatments once.

    Raises:
        BadInput: a pair is missing or there twice, the estimates contradict each other (by more than a fiftieth of a
            standard error and 0.02), or no covariance has these variances.
    """
    treatments = tuple(dict.fromkeys(side for pair in pairs for side in (pair.against, pair.treatment)))
    size = len(treatments)
    at = {treatment: index for index, treatment in enumerate(treatments)}
    value, variance = np.zeros((size, size)), np.full((size, size), np.nan)
    np.fill_diagonal(variance, 0.0)
    for pair in pairs:
        i, j = at[pair.treatment], at[pair.against]
        if i == j:
            raise _refused(name, f"{pair.treatment} is compared with itself.", "Name the two treatments.")
        if not np.isnan(variance[i, j]):
            raise _refused(name, f"{pair.treatment} and {pair.against} stand there twice.", "Keep one of them.")
        value[i, j], value[j, i] = pair.estimate, -pair.estimate
        variance[i, j] = variance[j, i] = pair.se**2
    if np.isnan(variance).any():
        i, j = (int(index[0]) for index in np.nonzero(np.isnan(variance)))
        what = f"it compares {size} treatments, but not {treatments[i]} with {treatments[j]}."
        raise _refused(name, what, "A study of several arms needs all its pairs.")
    _require_triangles(name, treatments, value, np.sqrt(variance))
    covariance = (variance[1:, :1] + variance[:1, 1:] - variance[1:, 1:]) / 2.0
    least, *_, most = (*np.linalg.eigvalsh(covariance), float(variance.max()))
    if least <= _SINGULAR * most:
        raise _refused(name, "no study can have these standard errors together.", "Look them up again.")
    return Study(name, treatments, value[1:, 0], covariance)


def _require_triangles(name: str, treatments: tuple[str, ...], value: Array, se: Array) -> None:
    for i in range(1, len(treatments)):
        for j in range(1, i):
            off = abs(value[i, 0] - value[j, 0] - value[i, j])
            if off > max(_ROUNDED, _ROUNDED * float(se[i, j])):
                one, other = treatments[i], treatments[j]
                what = f"{one} against {other} is {value[i, j]:g}, but by way of {treatments[0]} {value[i, 0] - value[j, 0]:g}."
                raise _refused(name, what, "Look up which of the three is wrong.")


def _refused(where: str, what: str, try_this: str) -> BadInput:
    return BadInput(Problem(where, what, try_this))


class Network(NamedTuple):
    """All studies together: y = X d + error, d the effects of all treatments but the first against it.

    The error's covariance is `covariance` + tau^2 `between`, both block-diagonal by study: in `between` a study's
    diagonal is 1 and the rest 1/2, since each arm's own deviation has variance tau^2 / 2 (Higgins & Whitehead 1996).
    """

    studies: tuple[Study, ...]
    treatments: tuple[str, ...]
    design: Array  # X (m, t - 1)
    estimate: Array  # y (m,)
    covariance: Array  # (m, m)
    between: Array  # (m, m)
    rows: tuple[slice, ...]  # of each study


def join(studies: Sequence[Study], reference: str) -> Network:
    """The studies as a network around a reference treatment.

    Raises:
        BadInput: nothing compares the reference with some treatment, not even by way of others; or standard errors are
            more than `MOST_APART` times apart.
    """
    require_connected(studies)
    _require_alike_in_size(studies)
    named = dict.fromkeys(t for study in studies for t in study.treatments)
    if reference not in named:
        raise _refused("network", f"no study has {reference}.", f"Its treatments are {', '.join(sorted(named))}.")
    treatments = (reference, *sorted(t for t in named if t != reference))
    at = {treatment: index - 1 for index, treatment in enumerate(treatments)}
    count = sum(len(study.estimate) for study in studies)
    design, estimate = np.zeros((count, len(treatments) - 1)), np.empty(count)
    covariance, between, rows = np.zeros((count, count)), np.zeros((count, count)), []
    first = 0
    for study in studies:
        here = slice(first, first + len(study.estimate))
        rows.append(here)
        estimate[here], covariance[here, here] = study.estimate, study.covariance
        between[here, here] = 0.5 + 0.5 * np.eye(len(study.estimate))
        for index, treatment in enumerate(study.treatments[1:]):
            if at[treatment] >= 0:
                design[first + index, at[treatment]] += 1.0
            if at[study.treatments[0]] >= 0:
                design[first + index, at[study.treatments[0]]] -= 1.0
        first = here.stop
    return Network(tuple(studies), treatments, design, estimate, covariance, between, tuple(rows))


def require_connected(studies: Sequence[Study]) -> None:
    """Refuse a network in parts: nothing can be said of a treatment in one against a treatment in another.

    Raises:
        BadInput: with the treatments of each part.
    """
    parts = parts_of(studies)
    if len(parts) > 1:
        said = "; ".join(", ".join(part[:6]) + (", ..." if len(part) > 6 else "") for part in parts)
        what = f"the studies form {len(parts)} parts that nothing connects: {said}."
        raise _refused("network", what, "Pool each part by itself, or add a study that compares treatments of two of them.")


def _require_alike_in_size(studies: Sequence[Study]) -> None:
    spectra = [np.linalg.eigvalsh(study.covariance) for study in studies]
    least = min(range(len(spectra)), key=lambda at: float(spectra[at][0]))
    most = max(range(len(spectra)), key=lambda at: float(spectra[at][-1]))
    small, large = (float(np.sqrt(max(value, 0.0))) for value in (spectra[least][0], spectra[most][-1]))
    if not large <= MOST_APART * small:
        what = f"standard errors reach from {small:.2g} ({studies[least].name}) to {large:.2g} ({studies[most].name})."
        raise _refused("network", what, "They cannot be of one outcome in one unit; look them up.")
    farthest = max(studies, key=lambda study: float(np.abs(study.estimate).max()))
    away = float(np.abs(farthest.estimate).max())
    if away > MOST_SIGNIFICANT * small:
        what = f"an estimate of {away:.2g} ({farthest.name}) beside a standard error of {small:.2g} ({studies[least].name})."
        raise _refused("network", what, "No study is that precise; look both up.")


def parts_of(studies: Sequence[Study]) -> list[list[str]]:
    """The treatments, part by part: within a part each can be compared with each, directly or by way of others."""
    parts: list[set[str]] = []
    for study in studies:
        mine = set(study.treatments)
        touched = [part for part in parts if part & mine]
        parts = [part for part in parts if not part & mine] + [mine.union(*touched)]
    return sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))
