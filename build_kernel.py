"""Compiles the engine's kernel into the package, where a C compiler is found; without one the numpy engine does the same work.

    python build_kernel.py

The installation runs this too. The library carries the digest of its sources, so that one made from other sources is not used.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

KERNEL = Path("src", "cleardays", "numerics", "kernel")
LIBRARY = "kernel.so"
FLAGS = [
    "-std=gnu11", "-O3", "-fPIC", "-Wno-psabi",
    "-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros", "-freciprocal-math",
]  # fmt: skip
# The engine is compiled for the processors of today and for all, and for the usual number of columns and for any; the
# library chooses when it runs.
PROCESSORS = {"plain": ["-DLANES=2"], "v3": ["-march=x86-64-v3", "-DLANES=4"]}
COLUMNS = {"any": [], "3": ["-DCLEARDAYS_COLUMNS=3"]}


def digest(folder: Path) -> str:
    """Of all C sources, by name and content."""
    found = hashlib.sha256()
    for file in sorted(folder.glob("*.[ch]")):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def build(root: Path) -> Path | None:
    """Compile the kernel of the checkout at `root`; None where that cannot be done."""
    target = root / KERNEL / LIBRARY
    candidates = [os.environ.get("CC", ""), "cc", "gcc", "clang"]
    for compiler in (shlex.split(each) for each in candidates if each):
        for processors in (["plain", "v3"], ["plain"]):
            with tempfile.TemporaryDirectory() as place:
                if shutil.which(compiler[0]) and _compiled(compiler, root / KERNEL, processors, Path(place)):
                    shutil.copy(Path(place, LIBRARY), target.with_suffix(".new"))
                    target.with_suffix(".new").replace(target)
                    return target
    target.unlink(missing_ok=True)
    return None


def _compiled(compiler: list[str], folder: Path, processors: list[str], place: Path) -> bool:
    made_of, objects = f'-DCLEARDAYS_SOURCE="{digest(folder)}"', []
    for processor in processors:
        for columns, fixed in COLUMNS.items():
            objects.append(str(place / f"{processor}_{columns}.o"))
            name = f"-DCLEARDAYS_NAME(of)=of##_{processor}_{columns}"
            source = ["-c", str(folder / "kernel.c"), "-o", objects[-1]]
            if not _ran([*compiler, *FLAGS, *PROCESSORS[processor], *fixed, name, *source]):
                return False
    chosen = ["-DCLEARDAYS_V3"] if "v3" in processors else []
    dispatch = [str(folder / "dispatch.c"), *objects, "-o", str(place / LIBRARY)]
    return _ran([*compiler, *FLAGS, *chosen, made_of, "-shared", *dispatch, "-lm"])


def _ran(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    made = build(Path(__file__).resolve().parent)
    print(made or "No C compiler was found, or it failed: the numpy engine is used.", file=sys.stderr)
