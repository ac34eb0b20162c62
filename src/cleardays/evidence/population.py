"""Which people a prior is for, and how the people of a study differ from others: chronic or not, preventives failed or not."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.evidence.records import Study

MIGRAINE = ("episodic", "chronic", "episodic-or-chronic", "refractory", "migraine-with-aura", "chronic-daily-headache")
# Trials that let in both kinds hold mostly people with an episodic migraine: about ten days at baseline, or fewer.
_CHRONIC = {"chronic": 1.0, "chronic-daily-headache": 1.0, "episodic-or-chronic": 0.25, "refractory": 1.0}


class People(NamedTuple):
    """What a covariate says of people: 1 where all have it, 0 where nobody has, in between where some do."""

    chronic: float
    failed: float

    @property
    def values(self) -> tuple[float, float]:
        """As covariates, in this order."""
        return (self.chronic, self.failed)


# Of the indications of the catalogue. A refractory migraine has by definition not been helped by several preventives.
INDICATIONS = {
    "episodic-migraine": People(0.0, 0.0),
    "chronic-migraine": People(1.0, 0.0),
    "refractory-migraine": People(1.0, 1.0),
}
COVARIATES = ("chronic", "failed preventives")


def people_of(study: Study) -> People:
    """The people of a study."""
    return People(_CHRONIC.get(study.population, 0.0), 1.0 if study.failed_preventives >= 2 else 0.0)


def same_kind(one: People, other: People) -> bool:
    """Whether both have, mostly, a chronic migraine, or both an episodic one."""
    return (one.chronic >= 0.5) == (other.chronic >= 0.5)


def alike(study: People, wanted: People) -> bool:
    """Whether a study speaks of such people. The few trials that ask for failures speak of failures in either kind."""
    if wanted.failed:
        return study.failed == wanted.failed
    return study.failed == wanted.failed and same_kind(study, wanted)
