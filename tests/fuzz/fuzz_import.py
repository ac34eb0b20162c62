"""Feed the importer whatever a fuzzer thinks of; only a diary or a problem may come out.

    python tests/fuzz/fuzz_import.py tests/fuzz/corpus/ -max_total_time=300

Needs atheris (pip install -e '.[fuzz]'; Linux, Python 3.11 to 3.13). An input that
ends in anything else is written into the working folder: mend the fault and keep
the input in the corpus, which `test_corpus.py` replays without atheris.
"""

from __future__ import annotations

import io
import sys

if __name__ == "__main__":
    import atheris

    with atheris.instrument_imports(include=["cleardays"]):
        from cleardays.diary import importing, incoming, packing, unpacking
else:
    from cleardays.diary import importing, incoming, packing, unpacking

from cleardays.diary.layouts import apple_health
from cleardays.diary.layouts.collected import Naming
from cleardays.medicines import Medicine
from cleardays.problems import BadInput

_SUMATRIPTAN = Medicine("sumatriptan", frozenset({"acute"}), "triptan")
_NAMING = Naming(
    lambda name: _SUMATRIPTAN if "suma" in name.lower() else None,
    lambda text: [part for part in text.replace("+", ";").replace(",", ";").split(";") if part.strip()],
    lambda text: (text.strip(), None, None),
)


def import_bytes(raw: bytes, *, partial: bool = False) -> importing.Imported | None:
    """Import bytes as the command does; None where that ends in a problem. The zip written must read back the same."""
    request = importing.Request(zone="Europe/Berlin", naming=_NAMING, partial=partial)
    try:
        if apple_health.looks_like(raw[:100_000]):
            found = importing.import_apple(io.BytesIO(raw), "x", request)
        else:
            found = importing.import_text(incoming.decoded(raw, "x", None), "x", request)
    except BadInput:
        return None
    diary = found.diary
    again = unpacking.unpack(packing.pack(diary), "d.zip")
    if (again.records, again.about, again.beside) != (diary.records, diary.about, diary.beside):
        raise AssertionError("the diary is another after the round trip")
    return found


def one_input(raw: bytes) -> None:
    """One input of the fuzzer."""
    import_bytes(raw)
    import_bytes(raw, partial=True)


def main() -> None:
    """Run the fuzzer until it is stopped."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
