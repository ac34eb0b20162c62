"""A diary as the bytes of our zip: its tables, and meta.json with a hash of each. Same diary, same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from cleardays.diary.bundle import to_tables
from cleardays.diary.own_csv import VERSION
from cleardays.diary.records import Diary

META = "meta.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip format's own first day


def pack(diary: Diary) -> bytes:
    """The diary as a zip."""
    tables = {file: text.encode("utf-8") for file, text in to_tables(diary).items()}
    meta = {"version": VERSION, "sha256": {file: hashlib.sha256(content).hexdigest() for file, content in tables.items()}}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in {**tables, META: json.dumps(meta, indent=1).encode() + b"\n"}.items():
            archive.writestr(zipfile.ZipInfo(file, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
