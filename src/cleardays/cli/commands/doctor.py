"""`cleardays doctor`: is the store whole, is it safe where it lies, and what is to be done."""

from __future__ import annotations

from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.cli.passphrases import key_for
from cleardays.cli.trials import add_store

_BAD_CODE = 1


def run(arguments: list[str], *, prog: str) -> int:
    """Look, change nothing, and say it; 1 where something is bad."""
    parser = Parser(prog, "Look the store over: integrity, schema, chain, what was derived, durability, permissions, disk.")
    add_store(parser)
    args = parser.parse_args(arguments)
    from cleardays.store.doctor import BAD, CARE, examine
    from cleardays.store.engines import place_of

    place = place_of(args.store)
    found = examine(place, key=key_for(args.store, args))
    bad = [finding for finding in found if finding.state == BAD]
    if args.json:
        checks = [finding._asdict() for finding in found]
        print_json({"store": place.words, "healthy": not bad, "checks": checks})
        return _BAD_CODE if bad else 0
    print(place.words)
    for finding in found:
        print(f"{finding.state.upper() if finding.state == BAD else finding.state:<8}{finding.check}: {finding.found}")
        if finding.do is not None:
            print(f"        {finding.do}")
    care = sum(finding.state == CARE for finding in found)
    print(f"{len(bad)} bad, {care} to take care of, of {len(found)} looked at.")
    return _BAD_CODE if bad else 0
