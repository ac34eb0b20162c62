"""What people like those in the trials may expect, on a treatment page: a hundred people, and the pools for clinicians."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.treatments import Treatment
from cleardays.evidence.population import INDICATIONS
from cleardays.evidence.prior.stored import Expected, from_document, stored
from cleardays.quantities import percent
from cleardays.report.evidence_forest import draw_forest
from cleardays.report.evidence_network import draw_network
from cleardays.report.evidence_people import draw_people
from cleardays.report.evidence_sensitivity import draw_sensitivity
from cleardays.report.evidence_sheet import Look
from cleardays.report.treatment_page_words import lay, mark, own_words, word

PICTURES = "pictures"
_NETWORK = "network"
_SHOWN = {
    "trials": "The trials and what they give together",
    "assumed": "Under other assumptions",
    _NETWORK: "Who was compared with whom",
}


def told_of(treatment: Treatment) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The indications of a treatment that trials give a prior for, with what is stored."""
    document = stored(treatment.id)
    for indication in treatment.indications if document is not None else ():
        told = document["indications"].get(indication) if indication in INDICATIONS and document is not None else None
        if told is not None:
            yield indication, told


def pictures_of(treatment: Treatment) -> dict[str, str]:
    """The pictures of a page by their file names."""
    document, network = stored(treatment.id), stored(_NETWORK)
    found = dict[str, str]()
    for indication, told in told_of(treatment):
        assert document is not None  # only then is anything told
        assert network is not None  # built with the others
        names = {trial["study"]: trial["name"] for trial in told["trials"]}
        drawn = {
            "people": draw_people(document, indication, Look("people")),
            "trials": draw_forest(document, indication, Look("trials"), names),
            "assumed": draw_sensitivity(document, indication, Look("assumed")),
            "network": draw_network(network, treatment.id, Look("network")),
        }
        found |= {_file(treatment, indication, kind): f"{svg}\n" for kind, svg in drawn.items()}
    return found


def _file(treatment: Treatment, indication: str, kind: str) -> str:
    at = kind if kind == _NETWORK else f"{indication}-{kind}"
    return f"{PICTURES}/{treatment.id}-{at}.svg"


def expected_section(treatment: Treatment) -> Iterator[str]:
    """For everybody: of a hundred people how many, with the treatment and with a dummy."""
    name = own_words(treatment.id)["name"]
    for indication, told in told_of(treatment):
        expected, people = from_document(told["expected"]), lay(word("indication", indication))
        treated, dummy = (round(100 * expected.chance_of(0.5, treated=on)) for on in (True, False))
        yield f"**Of 100 people with {people} like those in the trials:**"
        yield f"about {treated} would have half as many days or fewer with {name}, about {dummy} with a dummy."
        sure = f"How sure that is: {told['certainty']['level']}.{mark(expected.confidence)}"
        yield f"We work this out from the trials. Nobody can say beforehand who. {sure}"
        yield from ("", f"![{_said(treated, dummy, name)}]({_file(treatment, indication, 'people')})", "")


def _said(treated: int, dummy: int, name: str) -> str:
    return f"Of 100 people {treated} would have half as many days or fewer with {name}, {dummy} with a dummy"


def pooled_section(treatment: Treatment) -> Iterator[str]:
    """For clinicians: what was pooled, how sure it is and why, and what other assumptions would give."""
    for indication, told in told_of(treatment):
        expected = from_document(told["expected"])
        yield from (f"### Trials together: {word('indication', indication)}", "")
        yield from _figures(told, expected)
        yield f"- {told['certainty']['reason']['because']}"
        yield from (f"    - {doubt['domain']}: {doubt['because']}" for doubt in told["certainty"]["domains"])
        yield from _checks(told)
        for kind, words in _SHOWN.items():
            yield from ("", f"![{words}]({_file(treatment, indication, kind)})")
        yield ""


def _figures(told: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    for words, key in (("Days on it against placebo", "effect"), ("Days on placebo against before", "natural_change")):
        found = told[key]
        interval = f"{found['ratio']:.2f} times as many (95 % interval {found['lower']:.2f} to {found['upper']:.2f}"
        yield f"- {words}: {interval}; in a next trial {found['predicted_lower']:.2f} to {found['predicted_upper']:.2f})."
    chances = ", ".join(f"{100 * least:.0f} % or more {expected.chance_of(least):.2f}" for least in (0.3, 0.5, 0.75))
    yield f"- Before any diary, the chance of a reduction of {chances}; of more days {1 - expected.chance_of(0.0):.2f}."
    trials = "1 trial" if len(expected.studies) == 1 else f"{len(expected.studies)} trials"
    yield f"- From {trials}, {expected.people:,} people; sources {', '.join(f'`{key}`' for key in expected.sources)}."


def _checks(told: Mapping[str, Any]) -> Iterator[str]:
    split = told["direct_and_indirect"]
    if split is not None and split["p"] is not None:
        yield (
            f"- Against placebo directly {split['direct']:.2f}, by way of other treatments {split['indirect']:.2f} "
            f"(p = {split['p']:.2g})."
        )
    ratios = [each["ratio"] for each in told["leave_one_out"] if each["ratio"] is not None]
    if len(ratios) > 1:
        yield f"- Without one of its trials at a time: {min(ratios):.2f} to {max(ratios):.2f}."
    if told["stopped_for_harm"] is not None:
        yield f"- Stopped because of harm: {percent(told['stopped_for_harm'])}."
