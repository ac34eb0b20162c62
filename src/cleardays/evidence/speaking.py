"""Which studies speak of a treatment in people with an indication, and why they give no prior where they give none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleardays.evidence.findings import treatments_of
from cleardays.evidence.population import INDICATIONS
from cleardays.evidence.records import Study
from cleardays.sources import Reason

# The people of a study that speak of an indication, by the study's kind of population.
PEOPLE_OF = {
    "migraine-with-aura": ("migraine-with-aura",),
    "episodic-migraine": ("episodic", "episodic-or-chronic"),
    "chronic-migraine": ("chronic", "episodic-or-chronic", "chronic-daily-headache"),
    "refractory-migraine": ("refractory",),
    "alcohol-recovery": ("recovery-alcohol",),
    "cocaine-recovery": ("recovery-cocaine",),
    "methamphetamine-recovery": ("recovery-methamphetamine",),
    "opioid-recovery": ("recovery-opioid",),
}
KNOWN = tuple(PEOPLE_OF)
MIGRAINE_INDICATIONS = tuple(name for name in KNOWN if "migraine" in name)
_FAILED = "refractory-migraine"  # several preventives have not helped
_BIPOLAR = "-bipolar"


def speaking(records: Sequence[Study], treatment: str, indication: str) -> Iterator[Study]:
    """The studies of a treatment in people with an indication; of migraine in general also those that name no kind."""
    for study in records:
        if treatment in named_in(study) and _of(study, indication, treatment):
            yield study


def named_in(study: Study) -> set[str]:
    """What its arms were given and its findings speak of."""
    given = {str(arm.of["treatment"]) for arm in study.arms.values()}
    return given | {name for each in study.findings for name in treatments_of(each)}


def _of(study: Study, indication: str, treatment: str) -> bool:
    named = {str(each.get("indication", "")) for each in study.findings if treatment in treatments_of(each)}
    plain = indication.removesuffix(_BIPOLAR)
    if indication in named or plain in named or (indication == _FAILED and study.failed_preventives >= 2):
        return True
    if indication in INDICATIONS and "migraine" in named:
        return study.population in (*PEOPLE_OF[indication], "elsewhere")
    bipolar = bool(study.head.get("population", {}).get("bipolar"))
    if indication.endswith(_BIPOLAR) and not bipolar:
        return False
    return study.population in PEOPLE_OF.get(plain, ())


def open_studies(studies: Sequence[Study]) -> list[Study]:
    """Those with figures in which nobody was allotted to a comparison by chance."""
    return [study for study in studies if study.results and not study.compares]


def no_prior(treatment: str, indication: str, studies: Sequence[Study]) -> Reason:
    """Why there is none."""
    open_ones = open_studies(studies)
    words = indication.replace("-", " ")
    comparing = [study.name for study in studies if study.compares]
    if comparing:
        said = f"{', '.join(comparing)} compared {treatment}, but on other outcomes or without the figures that a prior needs."
    elif open_ones:
        names = ", ".join(study.name for study in open_ones)
        said = f"Of {treatment} in {words} there are only studies without a comparison ({names})."
    else:
        said = f"No study of {treatment} in {words} is held here that gives figures."
    text = f"{said} So trials give no prior: an answer starts from the default, and what is the treatment's own part is taken "
    return Reason(
        "evidence.no-prior", text + "as none on average, sceptically.", ("evidence-model", "response-model"), "design"
    )
