"""Folders whose names outlast a power cut: a file is only safe once the folder that names it is on the disk, too."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Bring to the disk what was made, renamed or removed in a folder; where a system cannot, it does so by itself."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner only; they are on the disk when it returns.

    Raises:
        OSError: it cannot be made.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not folder.is_dir():
        raise NotADirectoryError(20, "there is a file where a folder should be", str(folder))
    sync_folder(folder.parent)
