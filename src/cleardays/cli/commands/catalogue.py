"""`cleardays catalogue list|show|check`: what the catalogue holds, one treatment in words, and whether it holds together."""

from __future__ import annotations

from collections.abc import Mapping

from cleardays.catalogue.treatments import Treatment, catalogue_version, find_treatment, load_treatment, treatment_ids
from cleardays.cli.marks import mark
from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.plan.results import with_results
from cleardays.problems import BadInput, Problem


def run(arguments: list[str], *, prog: str) -> int:
    """List, show or check."""
    parser = Parser(prog, "What is known of each treatment, every fact with its source and how sure it is.")
    parser.add_argument("what", choices=("list", "show", "check"), help="list all, show one, or check that all holds together")
    parser.add_argument("treatment", nargs="?", metavar="TREATMENT", help="for show: any name of the treatment")
    args = parser.parse_args(arguments)
    if args.what == "show":
        if args.treatment is None:
            raise BadInput(Problem("TREATMENT", "no treatment is named.", "Say which: cleardays catalogue show lamotrigine."))
        return _show(with_results(find_treatment(args.treatment)), as_json=args.json)
    if args.treatment is not None:
        raise BadInput(Problem("TREATMENT", f"{args.what} takes no treatment.", "Leave it out."))
    return _list(as_json=args.json) if args.what == "list" else _check(as_json=args.json)


def _list(*, as_json: bool) -> int:
    treatments = [load_treatment(name) for name in treatment_ids()]
    if as_json:
        print_json({"catalogue_version": catalogue_version(), "treatments": [_head(each) for each in treatments]})
        return 0
    for each in treatments:
        print(f"{each.id:22}{', '.join(each.indications)}")
    print(f"Catalogue {catalogue_version()}.")
    return 0


def _head(treatment: Treatment) -> dict[str, object]:
    return {"id": treatment.id, "indications": list(treatment.indications), "class": list(treatment.classes)}


def _show(treatment: Treatment, *, as_json: bool) -> int:
    if as_json:
        tables = {name: [dict(row) for row in rows] for name, rows in treatment.tables.items()}
        print_json({**_head(treatment), "catalogue_version": catalogue_version(), "checked": treatment.checked, **tables})
        return 0
    print(f"{treatment.id} ({', '.join(treatment.classes)})")
    for table, rows in treatment.tables.items():
        print(f"\n{table.replace('_', ' ')}")
        for row in rows:
            print(f"  {_line(row)}{mark(row['confidence'])} [{', '.join(row['source'])}]")
    print(f"\nInformation, no advice. Checked {treatment.checked}; catalogue {catalogue_version()}.")
    return 0


def _line(row: Mapping[str, object]) -> str:
    shown = {key: value for key, value in row.items() if key not in ("source", "confidence", "checked", "when", "steps")}
    return "; ".join(f"{key}: {_said(value)}" for key, value in shown.items())


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _check(*, as_json: bool) -> int:
    from cleardays.catalogue.checking import check_everything
    from cleardays.evidence.check import check_studies
    from cleardays.evidence.check_claims import check_claims
    from cleardays.plan.pairs import check_pairs
    from cleardays.plan.results import check_results

    problems = [*check_everything(), *check_studies(), *check_claims(treatment_ids())] or [*check_results(), *check_pairs()]
    if problems:
        raise BadInput(problems)
    facts = sum(1 for name in treatment_ids() for _ in with_results(load_treatment(name)).all_facts())
    document = {"catalogue_version": catalogue_version(), "treatments": len(treatment_ids()), "facts": facts, "problems": []}
    if as_json:
        print_json(document)
    else:
        print(f"{facts:,} facts of {len(treatment_ids())} treatments hold together. Catalogue {catalogue_version()}.")
    return 0
