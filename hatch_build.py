"""What the installation makes: the packaged TOML files once more as JSON, which reads ten times faster, and the kernel."""

from __future__ import annotations

import hashlib
import json
import runpy
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = Path("src", "cleardays")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for wheels and editable installs alike; without what it makes, the TOML is read and numpy computes."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write one `x.toml.json` beside each `x.toml`, with the digest of what it was made from; compile the kernel."""
        for file in sorted(Path(self.root, DATA).rglob("*.toml")):
            content = file.read_bytes()
            made = {"sha256": hashlib.sha256(content).hexdigest(), "tables": tomllib.loads(content.decode())}
            file.with_name(f"{file.name}.json").write_text(json.dumps(made, default=str, ensure_ascii=False), encoding="utf-8")
        if self.target_name != "wheel":
            return
        kernel = runpy.run_path(str(Path(self.root, "build_kernel.py")))["build"](Path(self.root))
        if kernel is not None and version == "standard":
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
