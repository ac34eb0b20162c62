"""What the installation makes: the packaged TOML files once more as JSON, which reads ten times faster, and the kernel."""

from __future__ import annotations

import hashlib
import json
import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = Path("src", "cleardays")


def as_json(content: bytes) -> str:
    """The tables of a TOML file with its digest; decimal numbers keep the letters that they are written in."""
    tables = tomllib.loads(content.decode(), parse_float="\0{}".format)
    made = {"sha256": hashlib.sha256(content).hexdigest(), "tables": tables}
    return re.sub(r'"\\u0000([^"]*)"', r"\1", json.dumps(made, default=str, ensure_ascii=False))


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for wheels and editable installs alike; without what it makes, the TOML is read and numpy computes."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write one `x.toml.json` beside each `x.toml`, with the digest of what it was made from; compile the kernel."""
        for file in sorted(Path(self.root, DATA).rglob("*.toml")):
            file.with_name(f"{file.name}.json").write_text(as_json(file.read_bytes()), encoding="utf-8")
        if self.target_name != "wheel":
            return
        kernel = runpy.run_path(str(Path(self.root, "build_kernel.py")))["build"](Path(self.root))
        if kernel is not None and version == "standard":
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
