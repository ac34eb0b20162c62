"""`cleardays evidence nma`: pool a table of studies, two treatments or a network of them."""

from __future__ import annotations

import math

from cleardays.cli.files import read_bytes, text_lines
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.evidence.synthesis.document import as_document
from cleardays.evidence.synthesis.gls import METHODS
from cleardays.evidence.synthesis.measures import MEASURES, RATIOS
from cleardays.evidence.synthesis.network import Synthesis, synthesise
from cleardays.evidence.synthesis.table import Read, read_table
from cleardays.numerics.distributions import chi_square_beyond
from cleardays.problems import BadInput, Problem

_SMALL = ("desirable", "undesirable")
_NEEDS = "It needs a header row such as study,treatment,events,n and one row for each arm."
_NAMES = {
    "OR": "odds ratios",
    "RR": "risk ratios",
    "RD": "risk differences",
    "MD": "differences of means",
    "SMD": "standardised differences of means",
    "ROM": "ratios of means",
    "IRR": "ratios of rates",
    None: "on the scale of the estimates",
}
_NEW_STUDY = 3  # the column
_MOST_DECIMALS, _LARGEST_SHOWN = 6, 1e6


def run(arguments: list[str], *, prog: str) -> int:
    """Read, pool and print."""
    parser = Parser(prog, "Pool studies of two treatments or of a network of them; for researchers, no advice on a person.")
    parser.add_argument("file", metavar="FILE", help="a CSV table, one row an arm or one row a pair; - for standard input")
    parser.add_argument("--measure", choices=MEASURES, help="default: OR for events, MD for means, IRR for events by exposure")
    parser.add_argument("--method", choices=METHODS, default="REML", help="how the differences between studies are estimated")
    parser.add_argument("--reference", metavar="NAME", help="what effects are told against (default: the first by name)")
    parser.add_argument("--small-values", choices=_SMALL, help="for the ranking (default: desirable; undesirable for events)")
    args = parser.parse_args(arguments)
    raw, name = read_bytes(args.file)
    try:
        read = read_table(text_lines(raw, name, needs=_NEEDS), args.measure)
        found = synthesise(
            read.studies,
            read.measure or "MD",  # estimates that say nothing of what they are stay on the scale that they came in
            method=args.method,
            reference=_reference(args.reference, read),
            small_values=args.small_values,
        )
    except BadInput as bad:
        raise BadInput(_in_file(name, problem) for problem in bad.problems) from None
    if args.json:
        print_json(as_document(found, read.measure, read.notes))
    else:
        _print(found, read)
    return 0


def _in_file(name: str, problem: Problem) -> Problem:
    about_the_file = not problem.where.startswith(("--", name))
    return problem._replace(where=f"{name}, {problem.where}") if about_the_file else problem


def _reference(name: str | None, read: Read) -> str | None:
    known = sorted({treatment for study in read.studies for treatment in study.treatments})
    if name is None or name in known:
        return name
    folded = [each for each in known if each.casefold() == name.casefold()]
    if len(folded) == 1:
        return folded[0]
    raise BadInput(Problem("--reference", f"no study has {name}.", f"Its treatments are {', '.join(known)}."))


def _print(found: Synthesis, read: Read) -> None:
    reference = found.treatments[0]
    print(f"{_count(len(found.network.studies), 'study', 'studies')}, {len(found.treatments)} treatments")
    print(f"Each treatment against {reference}, {_NAMES[read.measure]}; highest P-score first:\n")
    scores = found.p_scores
    rows: list[tuple[str, ...]] = [("", "estimate", "95 % interval", "in a new study", "direct", "P-score")]
    for i in sorted(range(len(found.treatments)), key=lambda at: (-scores[found.treatments[at]], found.treatments[at])):
        rows.append((found.treatments[i], *_against_reference(found, i), f"{scores[found.treatments[i]]:.2f}"))
    if found.prediction is None:
        rows = [row[:_NEW_STUDY] + row[_NEW_STUDY + 1 :] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        name, *cells = (f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        print("  ".join(["", f"{row[0]:<{len(name)}}", *cells]).rstrip())
    _print_spread(found)
    _print_legend(found)
    for note in read.notes:
        print(f"\n{note.what[0].upper()}{note.what[1:]} {note.try_this}")


def _against_reference(found: Synthesis, i: int) -> tuple[str, str, str, str]:
    """Estimate, interval, prediction interval and share of direct evidence, in words."""
    if i == 0:
        return ".", "", "", ""
    lower, upper = found.interval
    wide = found.prediction
    decimals = _decimals(found)
    between = f"{_told(found, lower[i, 0], decimals)} to {_told(found, upper[i, 0], decimals)}"
    new = "" if wide is None else f"{_told(found, wide[0][i, 0], decimals)} to {_told(found, wide[1][i, 0], decimals)}"
    return _told(found, found.effect[i, 0], decimals), between, new, f"{found.direct_share[i, 0]:.0%}"


def _decimals(found: Synthesis) -> int:
    """Enough that the smallest standard error against the reference shows; two for ratios."""
    if found.measure in RATIOS:
        return 2
    least = float(found.se[1:, 0].min())
    return min(_MOST_DECIMALS, max(2, 1 - math.floor(math.log10(least))))


def _told(found: Synthesis, value: float, decimals: int) -> str:
    """A value on the scale that people read: ratios no longer as logs."""
    if found.measure in RATIOS:
        value = math.exp(min(float(value), 700.0))
    if abs(value) >= _LARGEST_SHOWN:
        return f"{value:.0e}"
    return f"{value:.{decimals}f}"


def _print_spread(found: Synthesis) -> None:
    if not found.df:
        print("\nNo study is left over to tell differences between studies from chance; tau is taken as 0.")
        return
    method = "taken as 0 (common effect)" if found.method == "common" else f"by {found.method}"
    scale = " on the log scale" if found.measure in RATIOS else ""
    print(f"\nBetween studies: tau {found.tau:.3g}{scale}, {method}.")
    i2 = f"I2 {found.i2:.0%} of their variation is more than chance"
    print(f"Q {found.q:.2f} with {_degrees(found.df)}, {_p(found.q, found.df)}; {i2}.")
    parts = found.decomposition
    if parts.df_between:
        said = f"Q {parts.between:.2f} with {_degrees(parts.df_between)}, {_p(parts.between, parts.df_between)}"
        print(f"Direct against indirect evidence (between designs): {said}.")


def _print_legend(found: Synthesis) -> None:
    end = "small" if found.small_values == "desirable" else "large"
    print()
    if found.prediction is not None:
        print("in a new study: where the effect in a further study like these lies with 95 % probability.")
    print("direct: the share of the evidence that comes from studies of the two treatments themselves.")
    print(f"P-score: how sure one may be, on average, that it is better than another one, {end} values being good")
    print("(--small-values turns that round); no share of people helped.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _degrees(df: int) -> str:
    return _count(df, "degree of freedom", "degrees of freedom")


def _p(q: float, df: int) -> str:
    p = chi_square_beyond(q, df)
    return "p < 0.001" if p is not None and p < 0.001 else f"p = {p:.3f}"
