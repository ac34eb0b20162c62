"""The compiled kernel, where there is one: loading it, and handing arrays over.

`kernel/` holds its C sources; the installation compiles them where a compiler is
found. Everything works without it, only slower. CLEARDAYS_KERNEL=off in the
environment leaves it out.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "kernel"
LIBRARY = FOLDER / "kernel.so"
SWITCH = "CLEARDAYS_KERNEL"


@cache
def kernel() -> ctypes.CDLL | None:
    """The library; None where it was not built, was built from other sources, cannot be loaded, or is switched off."""
    if os.environ.get(SWITCH, "").lower() in ("off", "0", "no") or not LIBRARY.is_file():
        return None
    try:
        library = ctypes.CDLL(str(LIBRARY))
        library.cleardays_source.restype = ctypes.c_char_p
        made_of = library.cleardays_source()
    except (OSError, AttributeError):
        return None
    return library if made_of == _digest().encode() else None


def _digest() -> str:
    found = hashlib.sha256()
    for file in sorted(FOLDER.glob("*.[ch]")):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def structure(name: str, **fields: type[Any]) -> type[ctypes.Structure]:
    """A C structure with the fields in this order; an array is `NDArray`, handed over by its address."""
    kinds = [(field, ctypes.c_void_p if kind is np.ndarray else kind) for field, kind in fields.items()]
    return type(name, (ctypes.Structure,), {"_fields_": kinds})


def address(array: NDArray[Any]) -> int:
    """Where the numbers of an array begin; it stands row by row."""
    if array.flags.writeable and array.size:
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data))
    return array.ctypes.data  # takes three times as long


class Handed:
    """A C structure filled with numbers and arrays; it holds on to the arrays that its addresses point to."""

    def __init__(self, kind: type[ctypes.Structure], **values: NDArray[Any] | float | int) -> None:
        """Arrays of whole numbers are handed over as int64, others as double, row by row."""
        self.held: list[NDArray[Any]] = []
        for name, value in values.items():
            if isinstance(value, np.ndarray):
                array = np.ascontiguousarray(value, dtype=np.int64 if value.dtype.kind in "iub" else np.float64)
                self.held.append(array)
                values[name] = address(array)
        self.structure = kind(**values)
        self.pointer = ctypes.byref(self.structure)  # to hand to a function of the library
