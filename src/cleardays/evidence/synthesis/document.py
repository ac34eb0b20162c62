"""A fitted network as it stands in JSON."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.synthesis.consistency import Split, split_nodes
from cleardays.evidence.synthesis.network import Synthesis
from cleardays.numerics.distributions import chi_square_beyond
from cleardays.problems import Problem

Array = NDArray[np.float64]


def as_document(found: Synthesis, measure: str | None, notes: Sequence[Problem] = ()) -> dict[str, object]:
    """The keys and their meaning are in docs/reference/evidence.md; differences are row minus column, ratios as logs."""
    parts, lower_upper = found.decomposition, found.interval
    prediction = found.prediction
    return {
        "measure": measure,
        "method": found.method,
        "k": len(found.network.studies),
        "treatments": list(found.treatments),
        "reference": found.treatments[0],
        "tau": found.tau,
        "tau2": found.pooled.tau2,
        "tau2_interval": None if found.tau2_interval is None else list(found.tau2_interval),
        "Q": found.q,
        "df_Q": found.df,
        "p_Q": chi_square_beyond(found.q, found.df),
        "I2": found.i2,
        "q_decomposition": {
            "within": parts.within,
            "df_within": parts.df_within,
            "p_within": chi_square_beyond(parts.within, parts.df_within),
            "between": parts.between,
            "df_between": parts.df_between,
            "p_between": chi_square_beyond(parts.between, parts.df_between),
            "designs": [{"treatments": list(design), "Q": q, "df": df} for design, q, df in parts.by_design],
        },
        "league": _square(found, {"estimate": found.effect, "se": found.se, "lower": lower_upper[0], "upper": lower_upper[1]}),
        "small_values": found.small_values,
        "p_scores": found.p_scores,
        "prediction": None if prediction is None else _square(found, {"lower": prediction[0], "upper": prediction[1]}),
        "direct_share": {
            one: {other: float(found.direct_share[i, j]) for j, other in enumerate(found.treatments) if j != i}
            for i, one in enumerate(found.treatments)
        },
        "splits": [_split(each) for each in split_nodes(found.network, found.pooled.tau2, found.effect, found.se)],
        "problems": [note._asdict() for note in notes],
    }


def _square(found: Synthesis, matrices: dict[str, Array]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        one: {
            other: {name: float(matrix[i, j]) for name, matrix in matrices.items()}
            for j, other in enumerate(found.treatments)
            if j != i
        }
        for i, one in enumerate(found.treatments)
    }


def _split(split: Split) -> dict[str, object]:
    def told(pair: tuple[float, float] | None) -> dict[str, float] | None:
        return None if pair is None else {"estimate": pair[0], "se": pair[1]}

    return {
        "treatment": split.treatment,
        "against": split.against,
        "studies": split.studies,
        "direct_share": split.share,
        "direct": told(split.direct),
        "indirect": told(split.indirect),
        "difference": told(split.difference),
        "p": split.p,
    }
