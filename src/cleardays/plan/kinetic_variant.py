"""Which kinetics hold for a person on a treatment: chosen from sourced facts, never from invented factors.

The variant is the first of the treatment's whose condition holds; half-life and restart gap are those
of the restart table, clearance the one of the label's row for repeated doses, changed only by modifiers
that the catalogue marks for it. How far people differ is the published coefficient of variation of that
row, else the one of all studies. Where the sources hold no figure there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from cleardays.catalogue.resolving import ask_medicine, resolve
from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import Treatment, find_treatment
from cleardays.kinetics.parameters import (
    COVERAGE,
    Parameters,
    absorption_from_peak,
    accumulation,
    spread,
    steady_mean,
    time_to_steady_h,
)
from cleardays.plan.case import Case, case_of
from cleardays.plan.holds import ALWAYS, no_surer
from cleardays.plan.person import Person, TakenMedicine
from cleardays.plan.when import holds
from cleardays.problems import BadInput, Problem
from cleardays.sources import Reason, Row, least_sure, source_keys

_DAY_H = 24.0
_ML_MIN_TO_L_H = 0.06
RESTART = "restart"
_STANDARD, _PLAIN, _ALL = "standard", "neutral", "all"
_NOT_SHOWN = ("absorption_per_h", "person_factor", "levels_from")
_CLEARANCES = ("clearance_ml_min_kg", "clearance_ml_min", "clearance_l_h", "clearance_l_h_70kg")


class Kinetics(NamedTuple):
    """What is known of how one person handles one treatment; None where the sources hold no figure.

    Clearance and volume are apparent (divided by the bioavailability), for repeated dosing.
    """

    variant: str
    half_life_h: float | None
    clearance_l_per_h: float | None
    volume_l: float | None
    time_to_steady_state_days: float | None
    css_avg_mg_per_l: float | None
    restart_after_gap_h: float | None
    source: tuple[str, ...]
    reasons: tuple[Reason, ...]
    absorption_per_h: float | None = None
    accumulation: float | None = None  # of the daily dose, taken once a day
    clearance_cv_percent: float | None = None
    person_factor: float = 1.0  # what is known of the person multiplies clearance by; half-life and gap are not rescaled
    confidence: str | None = None  # of the least sure of the figures; None where there are none
    levels_from: Reason = Reason("levels", "")  # the same without what speaks of the restart gap only

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        told = {name: value for name, value in self._asdict().items() if name not in _NOT_SHOWN}
        reasons = [reason.document() for reason in self.reasons]
        return {**told, "source": list(self.source), "reasons": reasons, "css_avg_band": self.steady_band}

    @property
    def restart(self) -> Reason | None:
        """Where the restart gap comes from; None where there is no such gap."""
        return next((reason for reason in self.reasons if reason.rule == RESTART), None)

    @property
    def steady_band(self) -> dict[str, float] | None:
        """The mean steady level of the stated share of people."""
        if self.css_avg_mg_per_l is None or self.cv is None:
            return None
        factor = spread(self.cv)
        return {"coverage": COVERAGE, "lower": self.css_avg_mg_per_l / factor, "upper": self.css_avg_mg_per_l * factor}

    @property
    def cv(self) -> float | None:
        """How far clearance differs between people, as a fraction."""
        return None if self.clearance_cv_percent is None else self.clearance_cv_percent / 100

    @property
    def parameters(self) -> Parameters | None:
        """For the model, where both figures are known: what changes clearance leaves the volume and moves the half-life."""
        if self.clearance_l_per_h is None or self.half_life_h is None:
            return None
        return Parameters(self.clearance_l_per_h, self.half_life_h / self.person_factor, self.absorption_per_h)


class _Figures:
    """The figures found so far, with the rows they come from and what was done to them."""

    def __init__(self, treatment: Treatment, case: Case) -> None:
        self.treatment, self.case = treatment, case
        self.used: list[Row] = []
        self.reasons: list[Reason] = []
        self.person_factor = 1.0
        self.chosen_by = ALWAYS  # the answer by which the variant holds
        self.gap_only: Row | None = None  # a row of the restart table that has no half-life

    def take(self, row: Row) -> Row:
        self.used.append(row)
        return row

    def say(self, rule: str, because: str, *rows: Row) -> None:
        self.reasons.append(Reason.of(rule, because, *rows))

    def rows(self, table: str, role: str) -> list[Row]:
        return [row for row in self.treatment.facts(table) if row.get("role") == role]


def kinetics_of(
    treatment: str,
    *,
    beside: Sequence[str] = (),
    person: Person | None = None,
    weight_kg: float | None = None,
    daily_mg: float | None = None,
) -> Kinetics:
    """The kinetics of a treatment for a person.

    Args:
        treatment: any of its names.
        beside: names of other medicines that are taken, added to those of the person.
        person: what was told; without it nobody in particular.
        weight_kg: used before the person's; 70 kg where neither is known.
        daily_mg: for the mean steady level.

    Raises:
        BadInput: a name is not known, or leaves open which variant holds.
    """
    found, told = find_treatment(treatment), person or Person()
    itself = resolve(found.id)
    assert itself is not None  # every treatment has its name in the table
    medicines = (*(told.medicines or ()), *(TakenMedicine(name) for name in beside))
    case = case_of(itself, told._replace(medicines=medicines), None)
    _refuse_unread(case)
    figures = _Figures(found, case)
    variant = _variant(figures)
    half_life, gap = _half_life_and_gap(figures, variant)
    clearance = _clearance(figures, variant, weight_kg or told.weight_kg)
    volume = mean = None
    if clearance is not None and half_life is not None:
        volume = clearance * half_life / log(2)
        figures.say("volume", "Worked out: clearance x half-life / ln 2.")
        mean = None if daily_mg is None else steady_mean(Parameters(clearance, half_life), daily_mg, _DAY_H)
    absorption = _absorption(figures, half_life)
    cv = None if clearance is None else _between_people(figures)
    repeats = None if daily_mg is None or half_life is None else accumulation(half_life / figures.person_factor, _DAY_H)
    if figures.person_factor != 1 and half_life is not None:
        moved = f"In a series the volume stays, so that the half-life there is {half_life / figures.person_factor:.1f} h."
        figures.say("half-life", f"Half-life and restart gap are those of the table. {moved}")
    days = None if half_life is None else time_to_steady_h(half_life) / _DAY_H
    sources, sure = source_keys(*figures.used), least_sure(row["confidence"] for row in figures.used)
    figured = (variant, half_life, clearance, volume, days, mean, gap, sources, tuple(figures.reasons))
    levels_from = Reason.of("levels", "", *(row for row in figures.used if row is not figures.gap_only))
    return Kinetics(*figured, absorption, repeats, cv, figures.person_factor, sure, levels_from)


def _refuse_unread(case: Case) -> None:
    """An interaction with a medicine that is not known cannot be ruled out, so no variant can be chosen."""
    names = [each.name for each in case.unread if each.where == "medicines"]
    if names:
        raise BadInput([Problem("--with", ask_medicine(name), "Write its international name.") for name in names])


def _variant(figures: _Figures) -> str:
    for row in figures.treatment.facts("variant"):
        answer = holds(row["when"], figures.case) if "when" in row else None
        open_names = [] if answer is None or answer.value is not None else sorted(answer.missing)
        vague = [name.partition(".")[2] for name in open_names if name.startswith("medicines.")]
        if vague:
            what = f"{', '.join(vague)} leaves open which figures hold."
            raise BadInput(Problem("--with", what, "Name the medicine itself."))
        if answer is None or answer.value:
            figures.chosen_by = ALWAYS if answer is None else answer
            figures.say("variant", row["says"], no_surer(row, figures.chosen_by))
            return str(row["id"])
    return _STANDARD


def shortest_gap_h(row: Row) -> float:
    """The gap of a row of restart facts: of a range the shorter one."""
    gap = row["gap_h"]
    return float(min(gap) if isinstance(gap, list) else gap)


def _half_life_and_gap(figures: _Figures, variant: str) -> tuple[float | None, float | None]:
    """Of the restart table; of a range of gaps the shorter, and a half-life that it lacks from the treatment's own rows."""
    row = next((row for row in figures.treatment.facts("restart") if row.get("variant") == variant), None)
    if row is None:
        return _half_life_of_the_treatment(figures), None
    row = figures.take(no_surer(row, figures.chosen_by))
    shortest = shortest_gap_h(row)
    half_lives = f", {row['half_lives']:g} half-lives of {row['half_life_h']:g} h" if "half_lives" in row else ""
    figures.say(RESTART, f"{shortest:g} h from dose to dose{half_lives}. {row['says']}", row)
    if "half_life_h" in row:
        return float(row["half_life_h"]), shortest
    figures.gap_only = row
    change = next(iter(_changes(figures, variant)), None)
    plain = next((row for row in figures.treatment.facts("restart") if row.get("variant") == _PLAIN), None)
    if change is None or plain is None:
        return _half_life_of_the_treatment(figures), shortest
    worked_out = f"Worked out: {plain['half_life_h']:g} h divided by {change['factor']:g}, as clearance changes."
    figures.say("half-life", worked_out, plain, change)
    return float(figures.take(plain)["half_life_h"]) / float(change["factor"]), shortest


def _half_life_of_the_treatment(figures: _Figures) -> float | None:
    """The standard one, or the only one; several that differ are not settled here."""
    rows = [row for row in figures.treatment.facts("kinetics") if "half_life_h" in row]
    chosen = [row for row in rows if row.get("variant") == _STANDARD] or (rows if len(rows) == 1 else [])
    if chosen and "mean" in chosen[0]["half_life_h"]:
        return float(figures.take(chosen[0])["half_life_h"]["mean"])
    if rows:
        figures.say("half-life", "The sources give a range, or several figures and none for all.")
    return None


def _changes(figures: _Figures, variant: str) -> list[Row]:
    """How a variant that has no row of its own differs from the plain one."""
    return [row for row in figures.rows("modifier", "model") if row.get("variant") == variant and variant != _STANDARD]


def _clearance(figures: _Figures, variant: str, weight_kg: float | None) -> float | None:
    """The one of repeated doses, with the changes that the catalogue marks for this variant and this person."""
    rows = figures.rows("kinetics", "repeated")
    own = [row for row in rows if row.get("variant") == variant] or (rows if variant == _STANDARD else [])
    changes = [] if own else _changes(figures, variant)
    if not own and changes:
        own = [row for row in rows if row.get("variant") == _PLAIN]
    clearance = _in_l_per_h(figures, own[0], weight_kg) if own else None
    if clearance is None:
        return None
    figures.take(own[0])
    of_person = [row for row in figures.rows("modifier", "model") if row.get("variant") in (None, _STANDARD)]
    for row in changes:
        clearance *= _worked_in(figures, row)
    for row in of_person:
        answer = holds(row["when"], figures.case)
        if answer.value:
            figures.person_factor *= _worked_in(figures, no_surer(row, answer))
    return clearance * figures.person_factor


def _worked_in(figures: _Figures, row: Row) -> float:
    """What a modifier multiplies clearance by."""
    figures.take(row)
    figures.say("modifier", f"{row['what']}: {row['says']}", row)
    return float(1 / row["factor"] if row["on"] == "auc" else row["factor"])


def _between_people(figures: _Figures) -> float | None:
    """The published coefficient of variation of clearance in percent: of the row it comes from, else of all studies."""
    own = [row for row in figures.used if row.get("role") == "repeated"]
    general_rows = [row for row in figures.treatment.facts("kinetics") if row.get("variant") == _ALL]
    for row in [*own, *general_rows]:
        for told in (row[name] for name in _CLEARANCES if name in row):
            cv = told.get("cv_percent", 100 * told["sd"] / told["mean"] if "sd" in told else None)
            if cv is not None:
                figures.take(row)
                figures.say("band", f"Between people clearance varies by {cv:.3g} % (coefficient of variation).", row)
                return float(cv)
    figures.say("band", "The sources do not say how far people differ, so there is no band.")
    return None


def _in_l_per_h(figures: _Figures, row: Row, weight_kg: float | None) -> float | None:
    if "clearance_ml_min_kg" in row:
        usual = general()["limits"]["usual_weight_kg"]
        if weight_kg is None:
            figures.say("weight", f"No weight is known; {usual:g} kg is taken.", general()["limits"])
        return float(row["clearance_ml_min_kg"]["mean"]) * (weight_kg or usual) * _ML_MIN_TO_L_H
    return float(row["clearance_ml_min"]["mean"]) * _ML_MIN_TO_L_H if "clearance_ml_min" in row else None


def _absorption(figures: _Figures, half_life: float | None) -> float | None:
    """The rate of absorption that puts the peak where the row of the clearance has it."""
    peak = next((row["tmax_h"]["mean"] for row in figures.used if "mean" in row.get("tmax_h", {})), None)
    if peak is None or half_life is None:
        return None
    figures.say("absorption", f"Worked out from a peak after {peak:g} h.")
    return absorption_from_peak(half_life, peak)
