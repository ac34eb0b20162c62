"""The first conversation: one question on a screen, each of which may be skipped; it can be left and taken up at any time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.trial.intake import Intake, intake_of
from cleardays.trial.story.events import Event
from cleardays.trial.story.intake_told import BY_LEDGER, NONE, NOT_ASKED, NOT_KNOWN, NOT_SAID, PARTS, TOLD
from cleardays.trial.story.kinds import INTAKE, TRIED
from cleardays.trial.story.versions import standing
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.facts import figure
from cleardays.web.forms import Form, written
from cleardays.web.intake_words import NUMBER, SCREENS, YES_NO, Asking
from cleardays.web.keeping import kept, need_one_of, new_name
from cleardays.web.marked import N_
from cleardays.web.places import base_of, for_both
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import ADD, HISTORY, Need

_PATH, _ONE = "/intake", "/intake/{part}"
_ONE_ENTRY = ("pregnancy",)
_ANSWERS = {"none": NONE, "not-known": NOT_KNOWN, "not-said": NOT_SAID}
_DO = ("add", "remove", *_ANSWERS)
SAID = {
    TOLD: N_("told"), NONE: N_("none"), NOT_KNOWN: N_("you do not know"), NOT_SAID: N_("you would rather not say"),
    NOT_ASKED: N_("not asked yet"),
}  # fmt: skip


def intake(asked: Asked) -> Response:
    """Where the conversation stands, and where it goes on."""
    found = intake_of(asked.known.deciding)
    answered = [each for each in found.parts if each.answer != NOT_ASKED]
    shown = {
        "parts": [(each.part, SCREENS[each.part].asks, SAID[each.answer], len(_entries(asked, each.part, found)))
                  for each in found.parts],
        "answered": len(answered),
        "next": _next(found, None),
        "base": base_of(asked),
        "here": "/more",
    }  # fmt: skip
    return asked.page("intake.html", shown)


def question(asked: Asked) -> Response:
    """One question."""
    return _page(asked, _part(asked), Form())


def _page(asked: Asked, part: str, form: Form, status: int = 200) -> Response:
    found, names = intake_of(asked.known.deciding), tuple(PARTS)
    entries = _entries(asked, part, found)
    if part in _ONE_ENTRY and entries and not form.typed:
        form = Form({key: _typed(value) for key, value in entries[0][1].items()})
    shown = {
        "form": form,
        "part": part,
        "screen": SCREENS[part],
        "answer": found.part(part).answer,
        "said": SAID[found.part(part).answer],
        "entries": [(name, _in_words(asked, part, entry)) for name, entry in entries],
        "at": names.index(part) + 1,
        "of": len(names),
        "onward": _next(found, part),
        "one": part in _ONE_ENTRY,
        "base": base_of(asked),
        "here": "/more",
    }
    return asked.page("intake_question.html", shown, status=status)


def _part(asked: Asked) -> str:
    part = str(asked.request.path_params["part"])
    if part not in PARTS:
        raise Refused(404, Problem("part", "there is no such question.", "Go back to the first questions."))
    return part


def _next(found: Intake, after: str | None) -> str | None:
    """The first part after this one that nobody asked, else the first of all; None where all were."""
    open_ = found.not_asked
    names = list(PARTS)
    later = [part for part in open_ if after is None or names.index(part) > names.index(after)]
    return next(iter([*later, *(part for part in open_ if part != after)]), None)


def _entries(asked: Asked, part: str, found: Intake) -> list[tuple[str, Mapping[str, Any]]]:
    """What was told of a part, each with the name by which it can be removed."""
    if part == BY_LEDGER:
        tried = standing(asked.known.deciding.told.tried)
        return [(name, {key: value for key, value in each._asdict().items() if value}) for name, each in tried.items()]
    return [(str(at), each) for at, each in enumerate(found.part(part).entries)]


def _in_words(asked: Asked, part: str, entry: Mapping[str, Any]) -> str:
    """An entry as one line, in the words of its fields."""
    said = []
    for field in SCREENS[part].fields:
        value = entry.get(field.key)
        if value is None:
            continue
        word = dict(field.options).get(_typed(value))
        told = asked.words._(word) if word else _typed(value)
        said.append(told if field.kind in ("text", "long") else f"{asked.words._(field.says)}: {told}")
    return "; ".join(said)


def _typed(value: Any) -> str:  # noqa: ANN401  # a JSON value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


async def answer(asked: Asked) -> Response:
    """Keep an answer; one of several stays on the question, any other goes on to the next."""
    part = _part(asked)
    bad = await kept(asked, _told)
    if bad is not None:
        return _page(asked, part, written(asked, bad), 422)
    if asked.field("do") in ("add", "remove") and part not in _ONE_ENTRY:
        return RedirectResponse(f"{base_of(asked)}{_PATH}/{part}", 303)
    onward = _next(intake_of(asked.known.deciding), part)
    return RedirectResponse(f"{base_of(asked)}{_PATH}{'' if onward is None else f'/{onward}'}", 303)


def _told(asked: Asked) -> list[Event]:
    part, what = _part(asked), need_one_of(asked, "do", _DO)
    if what in _ANSWERS:
        _require_nothing_typed(asked, part)
        return [_event(asked, {"part": part, "answer": _ANSWERS[what]})]
    if part == BY_LEDGER:
        return [_tried(asked, what)]
    entries = [dict(each) for each in intake_of(asked.known.deciding).part(part).entries]
    if what == "remove":
        at = asked.field("entry")
        if not at.isdecimal() or int(at) >= len(entries):
            raise BadInput(Problem("entry", "it is not there any more.", "Choose one that is shown."))
        del entries[int(at)]
    else:
        entries = [*([] if part in _ONE_ENTRY else entries), _read(asked, part)]
    if not entries:
        return [_event(asked, {"part": part, "taken_back": "removed on the screen"})]
    return [_event(asked, {"part": part, "answer": TOLD, "entries": entries})]


def _event(asked: Asked, body: Mapping[str, Any]) -> Event:
    return Event(INTAKE, asked.now, asked.by, body)


def _require_nothing_typed(asked: Asked, part: str) -> None:
    """Nobody loses what they typed because they pressed another button."""
    typed = [field.key for field in SCREENS[part].fields if field.kind in ("text", "long") and asked.field(field.key)]
    if typed:
        raise BadInput(Problem(typed[0], "something is written here.", "Keep it with the first button, or clear it."))


def _tried(asked: Asked, what: str) -> Event:
    if what == "remove":
        return Event(TRIED, asked.now, asked.by, {"entry": asked.field("entry"), "taken_back": "removed on the screen"})
    told = _read(asked, BY_LEDGER)
    return Event(TRIED, asked.now, asked.by, {"entry": new_name(), "evidence": "recall", **told})


def _read(asked: Asked, part: str) -> dict[str, Any]:
    """One entry from the fields; what is left empty is not told.

    Raises:
        BadInput: with every field that cannot be used.
    """
    problems, found = list[Problem](), dict[str, Any]()
    for field in SCREENS[part].fields:
        text = asked.field(field.key)
        if text:
            _take(field, text, found, problems)
    first = SCREENS[part].fields[0].key
    if first not in found and not problems:
        problems.append(Problem(first, "it is empty.", "Write it, or choose one of the other answers."))
    if problems:
        raise BadInput(problems)
    return found


def _take(field: Asking, text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    if field.kind == NUMBER:
        found[field.key] = figure(text)
        if found[field.key] is None:
            problems.append(Problem(field.key, "that is no number.", "Write it in figures, or leave it empty."))
    elif field.options and text not in dict(field.options):
        problems.append(Problem(field.key, "that is no choice of this page.", "Choose one of those that are shown."))
    else:
        found[field.key] = text == "yes" if field.kind == YES_NO else text


_READ, _ADD = Need(HISTORY), Need(HISTORY, ADD)
ROWS = for_both(
    Endpoint("GET", _PATH, intake, _READ, "where the first questions stand"),
    Endpoint("GET", _ONE, question, _READ, "one of the first questions"),
    Endpoint("POST", _ONE, answer, _ADD, "an answer to one of the first questions"),
)
