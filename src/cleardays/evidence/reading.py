"""The packaged studies: one TOML file each, read when it is asked for."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from cleardays.evidence.records import Figure, Study, as_study
from cleardays.packaged import PACKAGE, read_toml
from cleardays.problems import BadInput, Problem, shown


def data_folder(name: str = "") -> Path:
    """The folder of the evidence's files, or one within it."""
    return PACKAGE / "evidence" / "data" / name


@cache
def study_ids() -> tuple[str, ...]:
    """All studies, sorted."""
    names = (file.name for file in data_folder("studies").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_tables(text: str) -> dict[str, Any]:
    """The tables of a file; its figures keep the noughts that they were printed with.

    Raises:
        tomllib.TOMLDecodeError: it is no TOML.
    """
    return tomllib.loads(text, parse_float=Figure)


def read_data(name: str) -> dict[str, Any]:
    """One file of the evidence as tables, for example "studies/strive"."""
    return read_toml(data_folder() / f"{name}.toml", Figure)


def file_text(name: str) -> str:
    """One file as it stands."""
    return data_folder().joinpath(f"{name}.toml").read_text(encoding="utf-8")


def study_text(study_id: str) -> str:
    """The file of a study as it stands."""
    return file_text(f"studies/{study_id}")


@cache
def load_study(study_id: str) -> Study:
    """One study by its id.

    Raises:
        BadInput: there is no such study.
    """
    if study_id not in study_ids():
        raise BadInput(Problem("study", f"{shown(study_id)} is not among the studies.", "See docs/reference/evidence-data.md."))
    return as_study(read_data(f"studies/{study_id}"))


def all_studies() -> tuple[Study, ...]:
    """Every study, by id."""
    return tuple(load_study(name) for name in study_ids())
