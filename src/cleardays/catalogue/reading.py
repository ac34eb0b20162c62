"""The packaged files of the catalogue as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cleardays.packaged import PACKAGE, made_from, read_toml
from cleardays.problems import Problem

_FOLDERS = ("", "groups/", "treatments/")


def data_folder(name: str = "") -> Path:
    """The folder of the catalogue's files, or one within it."""
    return PACKAGE / "catalogue" / "data" / name


def file_text(name: str) -> str:
    """One file as it stands, for example "treatments/lamotrigine"."""
    return _file(name).read_text(encoding="utf-8")


def read_data(name: str) -> dict[str, Any]:
    """One file as tables."""
    return read_toml(_file(name))


def _file(name: str) -> Path:
    return data_folder() / f"{name}.toml"


@cache
def file_names() -> tuple[str, ...]:
    """Every file, sorted, for example "general" and "treatments/lamotrigine"."""
    found = [f"{folder}{file.name}" for folder in _FOLDERS for file in data_folder(folder.strip("/")).iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def check_index() -> Iterator[Problem]:
    """What was made from the files says the same as the files."""
    import tomllib

    for name in file_names():
        content = _file(name).read_bytes()
        made = made_from(_file(name), content)
        if made is not None and made != json.loads(json.dumps(tomllib.loads(content.decode("utf-8")), default=str)):
            yield Problem(f"{name}.toml.json", "it says something else than the TOML.", "Install the package again.")
