"""`cleardays evidence`: what trials of a treatment found, what a person may expect before the diary, and how sure that is."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleardays.catalogue.treatments import find_treatment
from cleardays.cli.files import save_bytes
from cleardays.cli.marks import mark
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.evidence.answer import describe
from cleardays.evidence.speaking import KNOWN
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import percent

_WIDTH, _MONTH = 78, 28
_ONLY_THE_SPLIT = 4  # the analysis that moves how a change is divided, and not the change
FUTURES = "futures"
PICTURES = ("people", "trials", "network", "assumed", FUTURES)
_VERDICTS = {"for": "Speaks for it", "against": "Speaks against it", "mixed": "Points both ways", "unclear": "Settles nothing"}
_OUTCOMES = {
    "migraine_day": "migraine days",
    "headache_day": "headache days",
    "mod_sev_headache_day": "days of moderate or severe headache",
    "attack": "attacks",
    "headache_episode": "episodes",
    "improvement": "people improved",
}


def run(arguments: list[str], *, prog: str) -> int:
    """Look up and print."""
    parser = Parser(prog, "What trials of a treatment found in people with an indication, and how sure that is. No advice.")
    parser.add_argument("treatment", metavar="TREATMENT", help="any name of the treatment")
    parser.add_argument("--indication", metavar="ID", help="such as chronic-migraine or alcohol-recovery")
    parser.add_argument("--picture", choices=PICTURES, help="draw it instead: people, trials, network, assumed, or futures")
    parser.add_argument("--days", metavar="N", help="of 28 before the treatment, for the picture of futures")
    parser.add_argument("--out", metavar="FILE.svg", help="where the picture goes")
    args = parser.parse_args(arguments)
    treatment = find_treatment(args.treatment)
    indication = _indication(args.indication, treatment.indications)
    if args.picture is not None:
        return _draw(treatment.id, indication, args)
    if args.days is not None or args.out is not None:
        raise BadInput(Problem("--out", "nothing is drawn.", f"Add --picture with one of {', '.join(PICTURES)}."))
    document = describe(treatment.id, indication)
    if args.json:
        print_json(document)
    else:
        print("\n".join(_lines(document)))
    return 0


def _draw(treatment: str, indication: str, args: argparse.Namespace) -> int:
    from cleardays.report.evidence_pictures import draw  # words need none of it

    if args.out is None:
        raise BadInput(Problem("--out", "it is not said where the picture goes.", "Add --out FILE.svg."))
    svg = draw(args.picture, treatment, indication, _days(args.days) if args.picture == FUTURES else None)
    save_bytes(f"{svg}\n".encode(), args.out)
    print_json({"files": [args.out]}) if args.json else print(args.out)
    return 0


def _days(text: str | None) -> float:
    try:
        days = float(text or "")
    except ValueError:
        days = -1.0
    if not 0.0 < days <= _MONTH:
        said = "they are not said" if text is None else f"{shown(text)} are no days of {_MONTH}"
        raise BadInput(Problem("--days", f"{said}.", f"How many of {_MONTH} days had headache before? Such as --days 12."))
    return days


def _indication(wanted: str | None, own: Sequence[str]) -> str:
    if wanted is None:
        raise BadInput(Problem("--indication", "it is not said for whom.", f"Add one, such as --indication {own[0]}."))
    name = wanted.strip().lower()
    plain = name.removesuffix("-bipolar")
    if plain not in KNOWN or (plain != name and not plain.endswith("-recovery")):
        how = f"Known are {', '.join(KNOWN)}; those of recovery also with -bipolar behind."
        raise BadInput(Problem("--indication", f"{shown(wanted)} is not known.", how))
    return name


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    title = f"{told['treatment'].capitalize()} for {told['indication'].replace('-', ' ')}: what trials let expect"
    yield from (title, "=" * len(title), "")
    yield from _expected(told)
    yield from ("", *_wrapped(told["certainty"]["reason"]["because"]))
    for doubt in told["certainty"]["domains"]:
        yield from _wrapped(f"{doubt['domain']}: {doubt['because']}", "  - ")
    yield from _trials(told)
    yield from _findings(told["findings"])
    if told["other_people"]:
        names = "; ".join(f"{each['name']} ({each['people'].replace('-', ' ')})" for each in told["other_people"])
        yield from ("", *_wrapped(f"In other people, and so perhaps not of these: {names}."))
    yield from _claims(told["claims"])
    yield from _sensitivity(told["sensitivity"])
    yield from ("", "It informs; it never prescribes. All figures with their sources: --json.")


def _expected(told: Mapping[str, Any]) -> Iterator[str]:
    of_100 = told["of_100"]
    if of_100 is None:
        yield from _wrapped(told["no_prior"]["because"])
        return
    treated, placebo = of_100["treated"], of_100["placebo"]
    yield from _wrapped(
        f"Of 100 people like those in the trials about {treated['reduction_ge_50']} would have half as many days or fewer "
        f"with it, about {placebo['reduction_ge_50']} with placebo. (30 % fewer: {treated['reduction_ge_30']} and "
        f"{placebo['reduction_ge_30']}; more days than before: {treated['worse']} and {placebo['worse']}.) "
        "Nobody can say beforehand who."
    )
    yield ""
    for name, key in (("Days with it, against placebo", "effect"), ("Days on placebo, against before", "natural_change")):
        found = told[key]
        ratio = f"{found['ratio']:.2f} times as many ({found['lower']:.2f} to {found['upper']:.2f})"
        yield from _wrapped(
            f"{name}: {ratio}; in a next trial {found['predicted_lower']:.2f} to {found['predicted_upper']:.2f}."
        )
    if told["stopped_for_harm"] is not None:
        yield f"Stopped it because of harm: {percent(told['stopped_for_harm'])}."


def _trials(told: Mapping[str, Any]) -> Iterator[str]:
    if not told["trials"]:
        return
    yield from ("", "Trials that this rests on (below 1: fewer days with it)")
    width = max(len(trial["name"]) for trial in told["trials"])
    for trial in told["trials"]:
        low, middle, high = (_ratio(trial["log_ratio"] + side * 1.96 * trial["se"]) for side in (-1, 0, 1))
        against = "" if trial["against"] == "placebo" else f", against {trial['against']}"
        what = f"{_OUTCOMES.get(trial['outcome'], trial['outcome'])}, {trial['people']:,} people{against}"
        yield f"  {trial['name']:{width}}  {middle} ({low} to {high})  {what}"
        if trial["printed"]:
            shares = ", ".join(f"{arm} {share:g} %" for arm, share in trial["printed"].items())
            yield from _wrapped(f"it printed, of people with half as many or fewer: {shares}", "    ")


def _ratio(log_ratio: float) -> str:
    from math import exp

    return f"{exp(log_ratio):.2f}"


def _findings(findings: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    for verdict, title in _VERDICTS.items():
        if findings[verdict]:
            yield from ("", title)
            for each in findings[verdict]:
                alone = "" if each["compares"] else " (without a comparison)"
                said = f"{each['study']}{alone}: {each['says']} [{', '.join(each['source'])}]{mark(each['confidence'])}"
                yield from _wrapped(said, "  - ")


def _claims(claims: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not claims:
        return
    yield from ("", "What popular pages say, and what is known")
    for claim in claims:
        kind = {"sellers-page": "a seller's page", "personal-story": "one person's story"}.get(claim["kind"], "an article")
        leans = f"; {claim['leans_on']}" if claim["leans_on"] and claim["kind"] != "personal-story" else ""
        yield from _wrapped(f'"{claim["says"]}" ({kind}{leans}) {claim["answer"]}{mark(claim["confidence"])}', "  - ")


def _sensitivity(variants: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not variants:
        return
    variants = [variant for variant in variants if variant["number"] != _ONLY_THE_SPLIT]
    chances = [variant["chance_50"] for variant in variants]
    lowest, highest = min(variants, key=lambda v: v["chance_50"]), max(variants, key=lambda v: v["chance_50"])
    yield ""
    yield from _wrapped(
        f"Under {len(variants)} other assumptions the chance of half as many days lies between {min(chances):.2f} "
        f"({lowest['changed']}) and {max(chances):.2f} ({highest['changed']})."
    )


def _wrapped(text: str, first: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first)) or [""]
