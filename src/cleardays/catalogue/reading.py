"""The packaged files of the catalogue as tables.

Beside `x.toml` an installed package holds `x.toml.json`, made from it when it was
built, because JSON reads ten times faster. It counts only while its digest is
that of the TOML file; otherwise, or where it is missing, the TOML is parsed.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from cleardays.problems import Problem

_FOLDERS = ("", "groups/", "treatments/")


@cache
def data_folder(name: str = "") -> Traversable:
    """The folder of the catalogue's files, or one within it."""
    folder = resources.files("cleardays.catalogue").joinpath("data")
    return folder.joinpath(name) if name else folder


def file_text(name: str) -> str:
    """One file as it stands, for example "treatments/lamotrigine"."""
    return data_folder().joinpath(f"{name}.toml").read_text(encoding="utf-8")


def read_data(name: str) -> dict[str, Any]:
    """One file as tables."""
    text = file_text(name)
    made = _made_from(name, text)
    return tomllib.loads(text) if made is None else made


def _made_from(name: str, text: str) -> dict[str, Any] | None:
    """The tables that were made from just this text, or None."""
    try:
        made = json.loads(data_folder().joinpath(f"{name}.toml.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(made, dict):
        return None
    fresh = made.get("sha256") == hashlib.sha256(text.encode()).hexdigest()
    tables: dict[str, Any] = made["tables"]
    return tables if fresh else None


@cache
def file_names() -> tuple[str, ...]:
    """Every file, sorted, for example "general" and "treatments/lamotrigine"."""
    found = [f"{folder}{file.name}" for folder in _FOLDERS for file in data_folder(folder.strip("/")).iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def check_index() -> Iterator[Problem]:
    """What was made from the files says the same as the files."""
    for name in file_names():
        text = file_text(name)
        made = _made_from(name, text)
        if made is not None and made != json.loads(json.dumps(tomllib.loads(text), default=str)):
            yield Problem(f"{name}.toml.json", "it says something else than the TOML.", "Install the package again.")
