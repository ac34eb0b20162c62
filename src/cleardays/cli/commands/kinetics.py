"""`cleardays kinetics`: half-life, clearance, steady level and restart gap of a treatment for a person."""

from __future__ import annotations

import re

from cleardays.cli.files import json_text
from cleardays.cli.marks import mark, reasoned
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.plan.kinetic_series import LevelSeries, PillCycle, series_of
from cleardays.plan.kinetic_variant import Kinetics, kinetics_of
from cleardays.plan.person_reading import parse_person
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.sources import Reason

_LIGHTEST_KG, _HEAVIEST_KG = 20.0, 500.0
_LONGEST_CYCLE_DAYS = 182


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
    parser.add_argument("--pill-cycle", metavar="DAYS", help="in a series: days with and without the pill, such as 21/7")
    args = parser.parse_args(arguments)
    person = None if args.person is None else parse_person(*json_text(args.person))
    daily = None if args.daily_dose is None else _mg(args.daily_dose)
    cycle = None if args.pill_cycle is None else _cycle(args.pill_cycle)
    if args.series and daily is None:
        raise BadInput(Problem("--series", "a series needs a dose.", 'Add --daily-dose "200 mg".'))
    if cycle is not None and not args.series:
        raise BadInput(Problem("--pill-cycle", "a cycle is shown in a series.", "Add --series."))
    found = kinetics_of(args.treatment, beside=args.beside, person=person, weight_kg=_weight(args.weight), daily_mg=daily)
    series = series_of(args.treatment, found, daily, cycle) if args.series and daily is not None else None
    if args.json:
        print_json({**found.document(), **(_series_document(series) if args.series else {})})
    else:
        _print(found)
        if args.series:
            _print_series(series)
    return 0


def _series_document(series: LevelSeries | None) -> dict[str, object]:
    if series is None:
        return {"series": None}
    pauses = series.pauses
    if pauses is None:
        return {"series": series.document()}
    told = {"rise": pauses.rise, "half_time_h": pauses.half_time_h, "reason": pauses.reason.document()}
    return {"series": series.document(), "pill_cycle": told}


def _cycle(text: str) -> PillCycle:
    found = re.fullmatch(r"(\d{1,3})/(\d{1,3})", text.strip())
    cycle = None if found is None else PillCycle(int(found[1]), int(found[2]))
    if cycle is None or min(cycle) < 1 or sum(cycle) > _LONGEST_CYCLE_DAYS:
        how = f"Write days with and without, at most {_LONGEST_CYCLE_DAYS} together, like 21/7."
        raise BadInput(Problem("--pill-cycle", f"{text!r} is no cycle.", how))
    return cycle


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


def _print(found: Kinetics) -> None:
    print(f"Variant: {found.variant}")
    lines = (
        ("half-life", found.half_life_h, "h"),
        ("clearance (CL/F)", found.clearance_l_per_h, "l/h"),
        ("volume (V/F)", found.volume_l, "l"),
        ("steady after about", found.time_to_steady_state_days, "days"),
        ("mean steady level", found.css_avg_mg_per_l, "mg/l"),
        ("accumulation, once a day", found.accumulation, "times the first dose"),
        ("restart after a gap of more than", found.restart_after_gap_h, "h"),
    )
    for name, value, unit in lines:
        print(f"  {name:34}{'not known' if value is None else f'{value:.3g} {unit}'}")
    band = found.steady_band
    if band is not None:
        print(f"  {'mean level in 9 of 10 people':34}{band['lower']:.3g} to {band['upper']:.3g} mg/l")
    for reason in found.reasons:
        _print_reason(reason)
    sources = f"{', '.join(found.source) or 'none'}{mark(found.confidence)}"
    print(f"Sources: {sources}. Worked out for people in general; no level was measured.")


def _print_reason(reason: Reason) -> None:
    print(f"  {reasoned(reason)}")


def _print_series(series: LevelSeries | None) -> None:
    if series is None:
        print("No series: the sources hold no clearance for this.")
        return
    if series.pauses is not None:
        print(
            f"By the end of the last days without the pill the level before a dose is {series.pauses.rise:.1f} times as high."
        )
        _print_reason(series.pauses.reason)
    band = series.lower is not None and series.upper is not None
    print("Hour, level" + (" and in brackets what 9 of 10 people have:" if band else ":"))
    for n, (hour, level) in enumerate(zip(series.hour, series.mg_per_l, strict=True)):
        around = "" if series.lower is None or series.upper is None else f" ({series.lower[n]:.3f} to {series.upper[n]:.3f})"
        print(f"{hour:6.0f} h {level:8.3f} mg/l{around}")
