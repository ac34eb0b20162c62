"""`cleardays evidence nma`: pool a table of studies, two treatments or a network of them."""

from __future__ import annotations

from cleardays.cli.files import read_bytes, text_lines
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.evidence.synthesis.document import as_document
from cleardays.evidence.synthesis.gls import METHODS
from cleardays.evidence.synthesis.measures import MEASURES, RATIOS
from cleardays.evidence.synthesis.network import Synthesis, shown, synthesise
from cleardays.evidence.synthesis.table import Read, read_table
from cleardays.numerics.distributions import chi_square_beyond
from cleardays.problems import BadInput, Problem

_SMALL = ("desirable", "undesirable")


def run(arguments: list[str], *, prog: str) -> int:
    """Read, pool and print."""
    parser = Parser(prog, "Pool studies of two treatments or of a network of them; for researchers, no advice on a person.")
    parser.add_argument("file", metavar="FILE", help="a CSV table, one row an arm or one row a pair; - for standard input")
    parser.add_argument("--measure", choices=MEASURES, help="default: OR for events, MD for means, IRR for events by exposure")
    parser.add_argument("--method", choices=METHODS, default="REML", help="how the differences between studies are estimated")
    parser.add_argument("--reference", metavar="NAME", help="what effects are told against (default: the first by name)")
    parser.add_argument("--small-values", choices=_SMALL, help="which end is good, for the ranking")
    args = parser.parse_args(arguments)
    raw, name = read_bytes(args.file)
    try:
        read = read_table(text_lines(raw, name), args.measure)
    except BadInput as bad:
        raise BadInput(problem._replace(where=f"{name}, {problem.where}") for problem in bad.problems) from None
    found = synthesise(
        read.studies,
        read.measure or "MD",  # estimates that say nothing of what they are stay on the scale that they came in
        method=args.method,
        reference=_reference(args.reference, read),
        small_values=args.small_values,
    )
    if args.json:
        print_json(as_document(found, read.measure, read.notes))
    else:
        _print(found, read)
    return 0


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
    unit = "the estimates' own scale" if read.measure is None else read.measure
    print(f"{len(found.network.studies)} studies, {len(found.treatments)} treatments, {unit}, against {reference}:\n")
    lower, upper = found.interval
    width = max(len(treatment) for treatment in found.treatments)
    print(f"  {'':{width}}  {'estimate':>9}  {'95 % interval':>18}  {'P-score':>7}  {'direct':>6}")
    scores = found.p_scores
    for i in sorted(range(len(found.treatments)), key=lambda at: -scores[found.treatments[at]]):
        name = found.treatments[i]
        if i == 0:
            print(f"  {name:{width}}  {'.':>9}  {'':18}  {scores[name]:7.2f}  {'':>6}")
            continue
        told = [shown(found, float(matrix[i, 0])) for matrix in (found.effect, lower, upper)]
        between = f"{told[1]:.2f} to {told[2]:.2f}"
        share = f"{found.direct_share[i, 0]:.0%}"
        print(f"  {name:{width}}  {told[0]:9.2f}  {between:>18}  {scores[name]:7.2f}  {share:>6}")
    _print_spread(found)
    for note in read.notes:
        print(f"\n{note}")


def _print_spread(found: Synthesis) -> None:
    method = "taken as 0" if found.method == "common" else f"by {found.method}"
    scale = " (log scale)" if found.measure in RATIOS else ""
    print(f"\nBetween studies: tau {found.tau:.3f}{scale}, {method}; ", end="")
    if not found.df:
        print("nothing is left over to judge by.")
        return
    print(f"Q {found.q:.2f} with {found.df} degrees of freedom, {_p(found.q, found.df)}; I2 {found.i2:.0%}.")
    parts = found.decomposition
    if parts.df_between:
        said = f"Q {parts.between:.2f} with {parts.df_between}, {_p(parts.between, parts.df_between)}"
        print(f"Direct against indirect evidence (between designs): {said}.")
    print("P-score: how sure one may be, on average, that it is better than another one; no share of people helped.")


def _p(q: float, df: int) -> str:
    p = chi_square_beyond(q, df)
    return "p < 0.001" if p is not None and p < 0.001 else f"p = {p:.3f}"
