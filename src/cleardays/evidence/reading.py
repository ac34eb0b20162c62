"""The packaged studies: one TOML file each, read when it is asked for."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from cleardays.evidence.records import Figure, Study, as_study
from cleardays.problems import BadInput, Problem, shown


def data_folder(name: str = "") -> Traversable:
    """The folder of the evidence's files, or one within it."""
    folder = resources.files("cleardays.evidence").joinpath("data")
    return folder.joinpath(name) if name else folder


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


def study_text(study_id: str) -> str:
    """The file of a study as it stands."""
    return data_folder("studies").joinpath(f"{study_id}.toml").read_text(encoding="utf-8")


@cache
def load_study(study_id: str) -> Study:
    """One study by its id.

    Raises:
        BadInput: there is no such study.
    """
    if study_id not in study_ids():
        raise BadInput(Problem("study", f"{shown(study_id)} is not among the studies.", "See docs/reference/evidence-data.md."))
    return as_study(read_tables(study_text(study_id)))


def all_studies() -> tuple[Study, ...]:
    """Every study, by id."""
    return tuple(load_study(name) for name in study_ids())
