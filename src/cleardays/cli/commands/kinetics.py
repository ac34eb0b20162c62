"""`cleardays kinetics`: half-life, clearance, steady level and restart gap of a treatment for a person."""

from __future__ import annotations

from math import ceil

import numpy as np

from cleardays.cli.files import json_text
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.kinetics.model import every, levels
from cleardays.plan.kinetic_variant import Kinetics, kinetics_of
from cleardays.plan.person_reading import parse_person
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose

_LIGHTEST_KG, _HEAVIEST_KG = 20.0, 500.0
_DAYS_AFTER_STEADY = 2
_LONGEST_DAYS = 400


def run(arguments: list[str], *, prog: str) -> int:
    """Look up, work out and print."""
    parser = Parser(prog, "Kinetics of a treatment with what else is taken, for repeated dosing. No level was measured.")
    parser.add_argument("treatment", metavar="TREATMENT", help="any name of the treatment")
    parser.add_argument(
        "--with", dest="beside", metavar="MEDICINE", action="append", default=[], help="what else is taken; repeat it"
    )
    parser.add_argument("--weight", metavar="KG", help="weight (default: the person's, else 70)")
    parser.add_argument("--daily-dose", metavar="DOSE", help='for the mean steady level, such as "200 mg"')
    parser.add_argument("--person", metavar="FILE", help="person.json, or - for standard input")
    parser.add_argument("--series", action="store_true", help="hourly levels of the daily dose, taken once a day")
    args = parser.parse_args(arguments)
    person = None if args.person is None else parse_person(*json_text(args.person))
    daily = None if args.daily_dose is None else _mg(args.daily_dose)
    if args.series and daily is None:
        raise BadInput(Problem("--series", "a series needs a dose.", 'Add --daily-dose "200 mg".'))
    found = kinetics_of(args.treatment, beside=args.beside, person=person, weight_kg=_weight(args.weight), daily_mg=daily)
    series = _series(found, daily) if args.series and daily is not None else None
    if args.json:
        print_json({**found.document(), **({"series": series} if args.series else {})})
    else:
        _print(found)
        if args.series:
            _print_series(series)
    return 0


def _weight(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not _LIGHTEST_KG <= weight <= _HEAVIEST_KG:
        raise BadInput(
            Problem("--weight", f"{text!r} is no weight.", f"Write kilograms from {_LIGHTEST_KG:g} to {_HEAVIEST_KG:g}.")
        )
    return weight


def _mg(text: str) -> float:
    try:
        dose = Dose.parse(text)
    except (ValueError, BadInput):
        dose = None
    factor = None if dose is None else {"mg": 1.0, "g": 1000.0, "ug": 0.001}.get(dose.unit)
    if dose is None or factor is None or dose.amount <= 0:
        raise BadInput(Problem("--daily-dose", f"{text!r} is no dose by weight.", 'Write it like "200 mg".'))
    return float(dose.amount) * factor


def _series(found: Kinetics, daily_mg: float) -> dict[str, list[float]] | None:
    """Hour by hour from the first dose until two days after the level is steady; None where figures are missing."""
    if found.parameters is None or found.time_to_steady_state_days is None:
        return None
    days = min(ceil(found.time_to_steady_state_days) + _DAYS_AFTER_STEADY, _LONGEST_DAYS)
    hours = np.arange(0.0, 24.0 * days + 1)
    level = levels(found.parameters, every(daily_mg, 24.0, 24.0 * days), hours)
    return {"hour": hours.tolist(), "mg_per_l": [float(value) for value in level]}


def _print(found: Kinetics) -> None:
    print(f"Variant: {found.variant}")
    lines = (
        ("half-life", found.half_life_h, "h"),
        ("clearance (CL/F)", found.clearance_l_per_h, "l/h"),
        ("volume (V/F)", found.volume_l, "l"),
        ("steady after about", found.time_to_steady_state_days, "days"),
        ("mean steady level", found.css_avg_mg_per_l, "mg/l"),
        ("restart after a gap of more than", found.restart_after_gap_h, "h"),
    )
    for name, value, unit in lines:
        print(f"  {name:34}{'not known' if value is None else f'{value:.3g} {unit}'}")
    for reason in found.reasons:
        where = f" [{', '.join(reason.source)}]" if reason.source else ""
        print(f"  {reason.because}{where}")
    print(f"Sources: {', '.join(found.source) or 'none'}. Worked out for people in general; no level was measured.")


def _print_series(series: dict[str, list[float]] | None) -> None:
    if series is None:
        print("No series: the sources hold no clearance for this.")
        return
    for hour, level in zip(series["hour"], series["mg_per_l"], strict=True):
        print(f"{hour:6.0f} h {level:8.3f} mg/l")
