"""What was studied, beside what came of it. It is no dose: no amount is drafted from it.

What a clinician gave is compared with it, in the unit of the study.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isclose
from typing import Any, NamedTuple

from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.results import results_of
from cleardays.plan.units import in_unit
from cleardays.sources import all_sources, source_keys

NOT_A_DOSE = "What was studied, not a dose: amount and rate are the clinician's."
# A figure from memory vouches for nothing; it is shown, and nothing is compared with it.
_FROM_MEMORY = "unconfirmed"
_IN_HOURS = {"h": 1.0, "hour": 1.0, "min": 60.0, "minute": 60.0}


class Result(NamedTuple):
    """What came of a study: of which kind it was and what it found."""

    study: str
    kind: str
    finding: str
    outcome: str
    bias: str | None
    source: tuple[str, ...]
    confidence: str


class Studied(NamedTuple):
    """An amount or a rate that was studied or is named for something else; `low` alone is one figure.

    `verdict`: negative, mixed or positive in randomised trials, uncontrolled, not for migraine, or no result here.
    """

    use: str
    route: str | None
    low: float | None
    high: float | None
    unit: str | None
    says: str
    indication: str | None
    verdict: str
    results: tuple[Result, ...]
    source: tuple[str, ...]
    confidence: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        results = [{**each._asdict(), "source": list(each.source)} for each in self.results]
        return {**self._asdict(), "results": results, "source": list(self.source), "is": NOT_A_DOSE}


class Quantity(NamedTuple):
    """An amount (`per_h` false) or a rate; `per_kg` where it is for each kg."""

    mg: float
    per_kg: bool
    per_h: bool


class Compared(NamedTuple):
    """What was given against the studied figures of its route: inside one of them, above or below all, between, or none."""

    what: str
    given: float
    unit: str
    where: str
    ranges: tuple[Studied, ...]
    weight_assumed: float | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "ranges": [each.document() for each in self.ranges]}


def studied(treatment: Treatment) -> tuple[Studied, ...]:
    """Every figure of the catalogue, those for migraine first."""
    found = [_studied(row, treatment) for row in treatment.facts("study_dose")]
    return tuple(sorted(found, key=lambda each: not for_migraine(each)))


def for_migraine(row: Studied) -> bool:
    """Whether it was studied in migraine; a row that names no indication was."""
    return row.indication is None


def _studied(row: Mapping[str, Any], treatment: Treatment) -> Studied:
    results = tuple(_result(each) for each in results_of(treatment) if set(source_keys(each)) & _studies(row))
    indication = row.get("indication")
    verdict = _verdict(results) if indication is None else "not for migraine"
    return Studied(
        row["use"], row.get("route"), row.get("low"), row.get("high"), row.get("unit"), row["says"], indication, verdict,
        results if indication is None else (), source_keys(row), row["confidence"],
    )  # fmt: skip


def _studies(row: Mapping[str, Any]) -> set[str]:
    """The sources of a row that are studies: what comes from memory or policy has no result of its own."""
    return {key for key in source_keys(row) if all_sources()[key].kind != "policy"}


def _result(row: Mapping[str, Any]) -> Result:
    kinds = {all_sources()[key].kind for key in source_keys(row)}
    kind = "randomised" if "RCT" in row["design"] else "guideline" if "guideline" in kinds else "uncontrolled"
    return Result(
        row["study"], kind, row["finding"], row["outcome"], row.get("bias"), source_keys(row), row["confidence"]
    )  # fmt: skip


def _verdict(results: Iterable[Result]) -> str:
    """The randomised trials speak first, the gravest of them; without one it is uncontrolled."""
    found = list(results)
    randomised = {each.finding for each in found if each.kind == "randomised"}
    for finding, verdict in (("against", "negative"), ("mixed", "mixed"), ("unclear", "mixed"), ("for", "positive")):
        if finding in randomised:
            return verdict
    return "uncontrolled" if any(each.kind == "uncontrolled" for each in found) else "no result in this catalogue"


def quantity(amount: float, unit: str) -> Quantity | None:
    """An amount or rate in mg and hours; None where the unit is no weight, such as a spray.

    >>> quantity(5, "ug/kg/min")
    Quantity(mg=0.3, per_kg=True, per_h=True)
    """
    mass, *per = unit.replace(" ", "").split("/")
    mg = in_unit(amount, mass, "mg")
    times = [_IN_HOURS[each] for each in per if each in _IN_HOURS]
    kilograms = [each for each in per if each == "kg"]
    if mg is None or len(times) > 1 or len(kilograms) > 1 or len(times) + len(kilograms) != len(per):
        return None
    return Quantity(round(mg * (times[0] if times else 1.0), 12), bool(kilograms), bool(times))


def compare(what: str, given: float, unit: str, route: str, weight_kg: float | None, rows: Iterable[Studied]) -> Compared:
    """One amount or rate against what was studied in migraine by the same route."""
    own = quantity(given, unit)
    usual = float(general()["limits"]["usual_weight_kg"])
    ranges, places, assumed = list[Studied](), set[str](), False
    for row in rows:
        figure = None if row.low is None and row.high is None else quantity(1.0, row.unit or "")
        if own is None or figure is None or row.route != route or figure.per_h != own.per_h:
            continue
        if not for_migraine(row) or row.confidence == _FROM_MEMORY:
            continue
        assumed = assumed or (figure.per_kg != own.per_kg and weight_kg is None)
        ranges.append(row)
        places.add(_place(_in_unit_of(own, figure, weight_kg or usual), row))
    where = "none" if not places else "inside" if "inside" in places else places.pop() if len(places) == 1 else "between"
    return Compared(what, given, unit, where, tuple(ranges), usual if assumed else None)


def _in_unit_of(own: Quantity, figure: Quantity, weight_kg: float) -> float:
    for_weight = {(True, False): weight_kg, (False, True): 1 / weight_kg}.get((own.per_kg, figure.per_kg), 1.0)
    return own.mg * for_weight / figure.mg


def _place(value: float, row: Studied) -> str:
    """One figure alone is no open range: what was begun with says nothing of what is above it."""
    ends = [end for end in (row.low, row.high) if end is not None]
    low, high = min(ends), max(ends)
    if value < low and not isclose(value, low, rel_tol=1e-6):
        return "below"
    return "above" if value > high and not isclose(value, high, rel_tol=1e-6) else "inside"
