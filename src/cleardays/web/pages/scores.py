"""Questionnaires: what each came to, each time; their items by number, for their wording may not ship."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from cleardays.diary.conditions import condition_of
from cleardays.diary.instruments import instruments
from cleardays.diary.measure import measure
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.web.asked import Asked
from cleardays.web.days import day_asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.keeping import kept, new_name
from cleardays.web.roles import DIARY, WRITE, Need

_ALL, _ONE, _TOLD = "/scores", "/scores/{name}", "score.told"
_ITEM = re.compile(r"Item (\d+) ")
_FIGURE = re.compile(r"-?\d{1,6}", re.ASCII)


def scores(asked: Asked) -> Response:
    """All that were filled in, the latest first, and those of this diary to fill in."""
    told = [(name, each.cells) for (kind, name), each in asked.known.entries.items() if kind == _TOLD]
    told.sort(key=lambda row: row[1]["date"], reverse=True)
    shown = {
        "told": [(name, date.fromisoformat(cells["date"]), cells, _scored(cells)) for name, cells in told],
        "instruments": [(name, instruments()[name]) for name in condition_of(dict(asked.known.about)).instruments],
        "here": "/more",
    }
    return asked.page("scores.html", shown)


def score(asked: Asked) -> Response:
    """One questionnaire, to write down what was answered."""
    return _page(asked, Form({"date": asked.today.isoformat()}))


def _page(asked: Asked, form: Form, status: int = 200) -> Response:
    name, table = _which(asked)
    least, most = table.get("item", (0, 1))
    answers = table.get("answers") or (range(least, most + 1) if most - least <= 10 else None)
    shown: dict[str, Any] = {
        "name": name,
        "table": table,
        "form": form,
        "items": range(1, table["items"] + 1),
        "answers": None if answers is None else [("", "–"), *((str(each), str(each)) for each in answers)],
        "range": (least, most),
        "here": "/more",
    }
    return asked.page("score.html", shown, status=status)


def _which(asked: Asked) -> tuple[str, Mapping[str, Any]]:
    name = asked.request.path_params["name"]
    table = instruments().get(name)
    if table is None or "items" not in table:
        raise BadInput(Problem("questionnaire", "it is not known here.", f"Use one of {', '.join(instruments())}."))
    return name, table


async def tell_score(asked: Asked) -> Response:
    """Keep it, with its total where there is one."""
    bad = await kept(asked, _told)
    if bad is not None:
        return await run_in_threadpool(_page, asked, written(asked, bad), 422)
    return RedirectResponse(_ALL, 303)


def _told(asked: Asked) -> list[Event]:
    name, table = _which(asked)
    problems: list[Problem] = []
    items = [_figure(asked, f"item-{n}", problems) for n in range(1, table["items"] + 1)]
    total = _figure(asked, "total", problems)
    if problems:
        raise BadInput(problems)
    day = _day(asked)
    asks = {"items": items} if any(item is not None for item in items) else {}
    if not asks and total is None:
        raise BadInput(Problem("total", "nothing is answered.", "Write the figure of each answer, or the total."))
    found = measure({"instrument": name, **asks, **({} if total is None else {"total": total})})
    if not found["valid"]:
        raise BadInput(_placed(reason["because"]) for reason in found["reasons"])  # type: ignore[attr-defined]
    cells = {"date": day.isoformat(), "instrument": name, "filled_by": asked.by.role}
    if found["total"] is not None:
        cells["total"] = str(found["total"])
    if asks:
        cells["items"] = ";".join(str(item) for item in items)
    return [Event(_TOLD, asked.now, asked.by, {"entry": new_name(), "cells": cells})]


def _day(asked: Asked) -> date:
    try:
        return day_asked(asked.field("date"), asked.today)
    except BadInput as bad:
        raise BadInput(problem._replace(where="date") for problem in bad.problems) from None


def _figure(asked: Asked, name: str, problems: list[Problem]) -> int | None:
    typed = asked.field(name)
    if not typed:
        return None
    if not _FIGURE.fullmatch(typed):
        problems.append(Problem(name, "that is no whole number.", "Write the figure that stands on the form."))
        return None
    return int(typed)


def _placed(because: str) -> Problem:
    """A reason beside the item that it names."""
    found = _ITEM.match(because)
    return Problem(f"item-{found[1]}" if found else "total", because, "" if found else "Look at the form again.")


def _scored(cells: Mapping[str, str]) -> Mapping[str, Any]:
    """What the instrument says of the figures; nothing where they cannot be read."""
    document: dict[str, object] = {"instrument": cells["instrument"]}
    if "items" in cells:
        document["items"] = [int(each) if _FIGURE.fullmatch(each) else None for each in cells["items"].split(";")]
    if _FIGURE.fullmatch(cells.get("total", "")):
        document["total"] = int(cells["total"])
    try:
        return measure(document)
    except BadInput:
        return {}


ROWS = (
    Endpoint("GET", _ALL, scores, Need(DIARY), "questionnaires that were filled in"),
    Endpoint("GET", _ONE, score, Need(DIARY), "a questionnaire to fill in"),
    Endpoint("POST", _ONE, tell_score, Need(DIARY, WRITE), "keep what was answered"),
)
