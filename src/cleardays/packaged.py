"""The TOML files of the package as tables.

Beside `x.toml` an installed package holds `x.toml.json`, made from it when it was
built, because JSON reads ten times faster. It counts only while its digest is
that of the TOML file; otherwise, or where it is missing, the TOML is parsed.
Days are text in JSON, so whoever reads a day from a table takes it as text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent


def read_toml(file: Path, figure: Callable[[str], Any] = float) -> dict[str, Any]:
    """A packaged file as tables; `figure` reads a decimal number from its letters, as they were written."""
    content = file.read_bytes()
    made = made_from(file, content, figure)
    if made is not None:
        return made
    import tomllib  # which an installed package hardly ever needs

    return tomllib.loads(content.decode("utf-8"), parse_float=figure)


def made_from(file: Path, content: bytes, figure: Callable[[str], Any] = float) -> dict[str, Any] | None:
    """The tables that were made from just this content, or None."""
    try:
        made = json.loads(file.with_name(f"{file.name}.json").read_bytes(), parse_float=figure)
    except (OSError, ValueError):
        return None
    if not isinstance(made, dict):
        return None
    fresh = made.get("sha256") == hashlib.sha256(content).hexdigest()
    tables: dict[str, Any] = made["tables"]
    return tables if fresh else None
