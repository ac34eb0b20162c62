"""Writes the numbers and pictures of "Four decisions" and "What a number out of 100 means" into the documentation.

Run it after the model has changed:

    .venv/bin/python examples/explanations.py

Text between `<!-- made: NAME -->` and `<!-- end -->` is replaced; the rest of the pages is written by hand.
`--check` changes nothing and exits with 1 where a page or picture is not as it would be written.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from _explanations.blocks import anyway_block, case_block, how_block, middle_block, mirror_block, number_block, overview_block
from _explanations.cases import Case, Found, all_cases, diary, find, hundred
from _explanations.pictures import people, strip

from cleardays.trial.review import judging_rules

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOUR, ONE = Path("explanation/four-decisions.md"), Path("explanation/for-a-person.md")
PICTURED = "regression-to-the-mean"  # the case of the one picture
TITLES = {
    "clear-responder": "Clear responder",
    "regression-to-the-mean": "Regression to the mean",
    "too-early": "Too early",
    "informative-missingness": "Informative missingness",
}

_BLOCK = re.compile(r"<!-- made: ([a-z-]+) -->\n(.*?)\n<!-- end -->", re.DOTALL)


def blocks_of(text: str) -> dict[str, str]:
    """The made parts of a page by name, as they stand."""
    return dict(_BLOCK.findall(text))


def blocks(found: dict[str, Found]) -> dict[str, str]:
    """Every made part of both pages, for these people."""
    cases = {case.id: case for case in all_cases()}
    made = {name: case_block(case, found[name]) for name, case in cases.items()}
    missing, pictured = "informative-missingness", cases[PICTURED]
    states = diary(pictured, found[PICTURED].seed)
    kinds = hundred(states)
    return made | {
        "how": how_block(pictured.world),
        "overview": overview_block(TITLES, tuple(cases.values()), found),
        "only-clear-days": mirror_block(cases[missing], found[missing]),
        "number": number_block(kinds),
        "anyway": anyway_block(kinds, states),
        "middle": middle_block(pictured, found[PICTURED], judging_rules()),
    }


def pictures(found: dict[str, Found]) -> dict[Path, str]:
    """Every picture, by its path in the documentation."""
    cases = {case.id: case for case in all_cases()}
    drawn = {Path(f"images/diary-{name}.svg"): _strip(case, found[name]) for name, case in cases.items()}
    kinds = hundred(diary(cases[PICTURED], found[PICTURED].seed))
    return drawn | {Path("images/a-hundred-people.svg"): people("people", kinds)}


def _strip(case: Case, found: Found) -> str:
    return strip(case.id, TITLES[case.id], diary(case, found.seed))


def filled(text: str, made: dict[str, str]) -> str:
    """A page with its made parts written anew."""
    return _BLOCK.sub(lambda match: f"<!-- made: {match[1]} -->\n{made[match[1]]}\n<!-- end -->", text)


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where something is out of date")
    check = parser.parse_args().check
    found = {case.id: find(case) for case in all_cases()}
    made = blocks(found)
    wanted = {page: filled((DOCS / page).read_text(encoding="utf-8"), made) for page in (FOUR, ONE)} | pictures(found)
    old = [path for path, text in wanted.items() if not (DOCS / path).exists() or (DOCS / path).read_text("utf-8") != text]
    for path in old:
        if not check:
            (DOCS / path).write_text(wanted[path], encoding="utf-8", newline="\n")
        print(f"{'out of date' if check else 'written'}: docs/{path}")
    return 1 if check and old else 0


if __name__ == "__main__":
    raise SystemExit(main())
