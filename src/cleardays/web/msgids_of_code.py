"""Sentences that code composes in English: what stands in the way of something, and what plans and answers say.

Each is read from the source as it is written there; a part that varies becomes a place with a name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_PROBLEM = "Problem"
# Whose problems come back to forms and pages: all of the web room, and what it asks to read what people typed.
PROBLEMS = ("web", "trial/story", "trial/goals.py")
# What is not asked by anybody who reads a page: the command line, and programs.
_NOT_SHOWN = ("web/serving.py", "web/settings.py", "web/guard", "web/api/entries.py", "web/local_page.py")
# Whose sentences a person reads in the app.
SPOKEN = (
    "plan/confirmation.py",
    "plan/session_gate.py",
    "report/answer_card.py",
    "report/answer_days.py",
    "report/answer_fan.py",
    "report/answer_why.py",
    "report/person_goals.py",
    "report/person_page.py",
    "report/person_words.py",
    "report/plan_doses.py",
    "report/plan_page.py",
    "report/plan_page_parts.py",
    "plan/day_of_plan.py",
    "plan/step_gate.py",
    "plan/told_changes.py",
    "plan/told_findings.py",
    "trial/whole_trial.py",
    "web/board.py",
)
_LETTERS = re.compile(r"[a-z]{2}")
_DAYS = ("day", "say_day", "weekday", "days_named")


def told_in_code() -> Iterator[tuple[str, str]]:
    """Each sentence with the file that composes it."""
    for path in sorted(_files(PROBLEMS)):
        name = path.relative_to(_PACKAGE).as_posix()
        if not name.startswith(_NOT_SHOWN):
            yield from ((name, text) for text in _of_problems(ast.parse(path.read_text("utf-8"))))
    for path in sorted(_files(SPOKEN)):
        name = path.relative_to(_PACKAGE).as_posix()
        yield from ((name, text) for text in _spoken(ast.parse(path.read_text("utf-8"))))


def _files(places: tuple[str, ...]) -> Iterator[Path]:
    for place in places:
        path = _PACKAGE / place
        yield from path.rglob("*.py") if path.is_dir() else [path]


def _of_problems(tree: ast.Module) -> Iterator[str]:
    """What a problem says of what was seen, and of what to do; a name stands for all that the file gives it."""
    given: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            given.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == _PROBLEM:
            for argument in (*node.args[1:], *(each.value for each in node.keywords if each.arg != "where")):
                for each in given.get(argument.id, []) if isinstance(argument, ast.Name) else [argument]:
                    yield from _texts(each)


def _spoken(tree: ast.Module) -> Iterator[str]:
    """All that reads like words: not what documents the code, nor the names of things in it."""
    silent = {id(node) for each in ast.walk(tree) for node in _documents(each)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in silent or id(node) in inside:
            continue
        for text in _texts(node) if isinstance(node, (ast.Constant, ast.JoinedStr)) else ():
            if " " in text.strip() and _LETTERS.search(text):
                yield text.strip()


def _documents(node: ast.AST) -> Iterator[ast.AST]:
    """A docstring, and what is a pattern or a key and no text."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("compile", "sub", "split"):
        yield from (part for argument in node.args for part in ast.walk(argument))
    if isinstance(node, ast.Assert):
        yield from ast.walk(node)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield _pattern(node)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _pattern(node: ast.JoinedStr) -> str:
    seen: dict[str, int] = {}
    return "".join(_part(each, seen) for each in node.values)


def _part(node: ast.expr, seen: dict[str, int]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    name = _name(node.value)
    seen[name] = seen.get(name, 0) + 1
    return f"%({name if seen[name] == 1 else f'{name}{seen[name]}'})s"


def _name(node: ast.expr) -> str:
    """What a translator may call a part that varies."""
    if isinstance(node, ast.Name):
        return node.id.strip("_").lower()
    if isinstance(node, ast.Attribute):
        return node.attr.strip("_").lower()
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "value")
        if called in _DAYS:
            return "day"
        return _name(node.args[0]) if node.args else called.strip("_")
    return "value"
