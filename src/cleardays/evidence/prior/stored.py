"""What one person may expect of a treatment before the diary: an object with where it is from and what it assumes.

The person's rate on treatment is G times the rate without, G over people with mean R. log R is the natural change seen on
placebo plus the effect against placebo; both are known up to a standard error and differ from trial to trial (`shared_sd`,
the same for all people whom the prior is for). nu = log G on placebo and gamma, the treatment's own part, make up theta =
log G.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.reading import data_folder
from cleardays.sources import Reason

Array = NDArray[np.float64]


class Part(NamedTuple):
    """A part of log G, over people and over what trials leave open: mean and variance."""

    mean: float
    variance: float


class Expected(NamedTuple):
    """A prior of one treatment for people with one indication.

    `multiplier` are equally likely values of G; `natural` is nu, `own` gamma. `placebo` are those of G without the treatment.
    """

    treatment: str
    indication: str
    multiplier: Array
    placebo: Array
    natural: Part
    own: Part
    ratio: float  # R, the mean multiplier of people like those in the trials
    ratio_placebo: float
    shared_sd: float
    studies: tuple[str, ...]  # of the effect
    people: int  # in these, on the treatment and what it was compared with
    certainty: str  # of the evidence: high, moderate, low, very low
    sources: tuple[str, ...]
    confidence: str  # as sure as the least sure figure that was used
    natural_studies: tuple[str, ...]
    spread_studies: tuple[str, ...]
    used: tuple[str, ...]  # which figures, as "study arm outcome cell"
    family: str
    phi: float

    def chance_of(self, reduction: float, *, treated: bool = True) -> float:
        """P(a reduction of so much or more), with or without the treatment."""
        values = self.multiplier if treated else self.placebo
        return float((values <= 1.0 - reduction).mean())


def from_document(told: dict[str, Any]) -> Expected:
    """A prior from how it is stored."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    values |= {name: np.array(told[name]) for name in ("multiplier", "placebo")}
    values |= {name: Part(*told[name]) for name in ("natural", "own")}
    return Expected(**values)


@cache
def stored(treatment: str) -> dict[str, Any] | None:
    """What was worked out of a treatment, as `build` writes it; None where no study names it."""
    file = data_folder("expected").joinpath(f"{treatment}.json")
    if not treatment.isidentifier() or not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def network_of_all() -> dict[str, Any]:
    """What is stored of the network that all pooled trials make."""
    found = stored("network")
    assert found is not None  # it ships with the package
    return found


def no_prior_of(treatment: str, indication: str) -> Reason | None:
    """Why the trials of a treatment give no prior for such people; None where they do, or where no study names it."""
    document = stored(treatment)
    told = None if document is None else document["no_prior"].get(indication)
    if told is None:
        return None
    return Reason(told["rule"], told["because"], tuple(told["source"]), told["confidence"])


def expected_of(treatment: str, indication: str) -> Expected | None:
    """The stored prior of a treatment for people with an indication; None where no trial of such people compares it."""
    document = stored(treatment)
    told = None if document is None else document["indications"].get(indication)
    return None if told is None else from_document(told["expected"])
