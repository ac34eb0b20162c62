"""What docs/tutorial/five-trials.md shows of the five trials, made from the trials themselves."""

from __future__ import annotations

import re
from functools import cache

from cleardays.report.what_was_true import compose_truth, truth_text
from cleardays.trial.demonstration.journey import simulate
from cleardays.trial.demonstration.truth import case_names

_BLOCK = re.compile(r"<!-- (\S+) -->\n```text\n(.*?)```\n", re.DOTALL)
_FROM, _UNTIL = "HOW IT WENT", "WHAT NO DIARY CAN TELL APART"


@cache
def of_case(name: str) -> str:
    """How it went, the goals, and what was true, as the text page has it."""
    text = truth_text(compose_truth(simulate(name)))
    return text[text.index(_FROM) : text.index(_UNTIL)].rstrip() + "\n"


@cache
def overview() -> str:
    """One row for each trial: the last answer, the last decision, the truth."""
    rows = [("trial", "last answer", "last decision", "said to be taken away", "true")]
    for name in case_names():
        page = compose_truth(simulate(name))
        taken = page.tables[0].rows[-1]
        review, decided = page.simulated.reviews[-1], page.simulated.decisions[-1]
        verdict = review.response.verdict.replace("_", " ")
        rows.append((name, verdict, decided.decision, f"{taken.said} %", f"{taken.true} %"))
    widths = [max(len(row[at]) for row in rows) + 2 for at in range(len(rows[0]))]
    return "".join("".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows)


def blocks(page: str) -> dict[str, str]:
    """The blocks of a page by their names."""
    return dict(_BLOCK.findall(page))


def made(name: str) -> str:
    """What a block must say."""
    return overview() if name == "overview" else of_case(name)


def renewed(page: str) -> str:
    """The page with every block made anew."""
    return _BLOCK.sub(lambda found: f"<!-- {found.group(1)} -->\n```text\n{made(found.group(1))}```\n", page)
