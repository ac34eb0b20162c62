"""What a disk may hold after the power went: everything that was synced, and any part of what was not.

`power.c` writes down what a process did to a folder; this reads the record and builds, for any moment of it, folders
as they may be found afterwards. What is assumed of the disk:

- what fsync of a file returned for is there, and nothing else need be; a write that was not synced is there wholly, not
  at all or in single sectors of 512 bytes, whatever came before or after it;
- a name that was made, moved or removed is on the disk once its folder was synced; before that, any of those that came
  first (file systems keep the order of names), so syncing a file does not keep its name.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SECTOR = 512
ROOT = Path(__file__).resolve().parents[2]
# Kept in memory or made anew after a crash: no disk needs to have them.
NOT_ON_DISK = ("-shm",)


class NoShim(Exception):
    """The record cannot be made here; says why."""


class Call(NamedTuple):
    """One thing done: (w)rite, (t)runcate, (s)ync, (c)reate, make a folder (d), (u)nlink, (m)ove, (l)ink."""

    kind: str
    name: str
    offset: int
    data: bytes


def compiled(folder: Path) -> Path:
    """The library to preload; raises `NoShim` where there is no compiler for it or the system is another."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        raise NoShim("power loss is simulated on Linux with a C compiler, and there is none here")
    made = folder / "power.so"
    source = Path(__file__).with_name("power.c")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl", "-lpthread"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise NoShim(f"power.c does not compile here: {done.stderr[:300]}")
    return made


def watched(library: Path, folder: Path, script: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess:
    """Run a script of Python whose work in `folder` is recorded beside it, in `folder`.log."""
    known = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}", "LD_PRELOAD": str(library)}
    known |= {"POWER_FOLDER": str(folder), "POWER_LOG": f"{folder}.log", "PYTHONDONTWRITEBYTECODE": "1", **settings}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=known, cwd=ROOT, timeout=300)


def calls_of(record: Path) -> Iterator[Call]:
    """The record, in order."""
    data = record.read_bytes()
    at = 0
    while at < len(data):
        kind, letters = chr(data[at]), struct.unpack_from("=I", data, at + 1)[0]
        name = data[at + 5 : at + 5 + letters].decode()
        offset, length = struct.unpack_from("=qQ", data, at + 5 + letters)
        at += 21 + letters
        yield Call(kind, name, offset, data[at : at + length])
        at += length


@dataclass
class _File:
    """What is on the disk for certain, and what was done since."""

    certain: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)

    def settle(self) -> None:
        for call in self.pending:
            _apply(self.certain, call)
        self.pending = []

    def found(self, chance: random.Random, share: float) -> bytes:
        """The content with that share of what is pending."""
        content = bytearray(self.certain)
        for call in self.pending:
            if call.kind == "t":
                if chance.random() < share:
                    _apply(content, call)
                continue
            if chance.random() < 0.5:  # as a whole or not
                if chance.random() < share:
                    _apply(content, call)
                continue
            for first in range(0, len(call.data), SECTOR):
                if chance.random() < share:
                    _apply(content, Call("w", call.name, call.offset + first, call.data[first : first + SECTOR]))
        return bytes(content)


def _apply(content: bytearray, call: Call) -> None:
    if call.kind == "t":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    content.extend(bytes(max(0, call.offset - len(content))))
    content[call.offset : call.offset + len(call.data)] = call.data


def standing(folder: Path) -> dict[str, bytes | None]:
    """What lies in a folder: content by name, None for folders."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


class Disk:
    """Follows a record; at any moment `loses_power` lays out a folder as it may be found afterwards.

    `before` is what was on the disk at the beginning (see `standing`).
    """

    def __init__(self, before: Mapping[str, bytes | None] | None = None) -> None:
        stood = {name: None if data is None else _File(bytearray(data)) for name, data in (before or {}).items()}
        self.seen: dict[str, _File | None] = {"": None, **stood}  # None is a folder
        self.certain: dict[str, _File | None] = {"": None, **stood}
        self.pending: list[tuple[str, Call, _File | None]] = []

    def do(self, call: Call) -> None:
        """Take one call."""
        name = call.name
        if call.kind in "wt":
            file = self.seen[name]
            assert file is not None
            file.pending.append(call)
        elif call.kind == "s":
            self._sync(name)
        else:
            made = _File() if call.kind == "c" else self.seen.get(name)
            change = (str(Path(name).parent), call, made)
            _rename(self.seen, call, made)
            self.pending.append(change)

    def _sync(self, name: str) -> None:
        file = self.seen[name]
        if file is not None:
            file.settle()
            return
        folder = str(Path(name)) if name else "."
        for change in [each for each in self.pending if each[0] == folder]:
            _rename(self.certain, change[1], change[2])
            self.pending.remove(change)

    def loses_power(self, folder: Path, chance: random.Random, share: float) -> None:
        """Lay out what may be found: with `share` 0 only what is certain, with 1 everything, else a part by chance."""
        names = dict(self.certain)
        many = round(len(self.pending) * share) if share in (0, 1) else chance.randint(0, len(self.pending))
        for _, call, made in self.pending[:many]:
            _rename(names, call, made)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in sorted(names):
            file, path = names[name], folder / name
            if not name or name.endswith(NOT_ON_DISK) or not path.parent.is_dir():
                continue
            if file is None:
                path.mkdir()
            else:
                path.write_bytes(file.found(chance, share))


def _rename(names: dict[str, _File | None], call: Call, made: _File | None) -> None:
    target = call.data.decode() if call.kind in "ml" else call.name
    if call.kind == "u":
        names.pop(call.name, None)
        return
    if call.kind == "m":
        names.pop(call.name, None)
    names[target] = made
