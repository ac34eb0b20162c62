"""Counts without names, for researchers: how many people, never so few that one of them could be meant."""

from __future__ import annotations

import csv
import io

from starlette.responses import Response

from cleardays.store.counting import Cell, cells_of
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.leading import need_clinic
from cleardays.web.roles import COHORT, Need
from cleardays.web.trials import called, called_for

# A count of fewer people is withheld; others are rounded down, so that two of them taken apart show no few either.
SMALLEST_CELL, ROUNDED_TO = 10, 5
_RECOVERY = "recovery"  # a space of its own: not counted here


def cohort(asked: Asked) -> Response:
    """The table of counts."""
    need_clinic(asked)
    say = asked.words.named
    rows = [
        (say(called(each.treatment)), say(called_for(each.indication)), asked.words._(each.phase), disclosed(each.people))
        for each in _cells(asked)
    ]
    return asked.page("cohort.html", {"rows": rows, "smallest": SMALLEST_CELL, "rounded": ROUNDED_TO, "here": "/cohort"})


def counts(asked: Asked) -> Response:
    """The same as a file."""
    need_clinic(asked)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("treatment", "indication", "phase", "people_at_least"))
    for each in _cells(asked):
        shown = disclosed(each.people)
        table.writerow((each.treatment, each.indication, each.phase, "" if shown is None else shown))
    headers = {"Content-Disposition": 'attachment; filename="cleardays-counts.csv"'}
    return Response(out.getvalue(), headers=headers, media_type="text/csv; charset=utf-8")


def disclosed(people: int) -> int | None:
    """What may be told of a count; None is withheld.

    >>> disclosed(9), disclosed(10), disclosed(23)
    (None, 10, 20)
    """
    return None if people < SMALLEST_CELL else people - people % ROUNDED_TO


def _cells(asked: Asked) -> list[Cell]:
    return [each for each in cells_of(asked.house.store, now=asked.now) if _RECOVERY not in each.indication]


ROWS = (
    Endpoint("GET", "/cohort", cohort, Need(COHORT), "counts without names", often=60),
    Endpoint("GET", "/cohort/counts.csv", counts, Need(COHORT), "the same counts as a file", often=20),
)
