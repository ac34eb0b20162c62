"""A medicine as somebody wrote it: known by the catalogue or not, and never made into another one."""

from __future__ import annotations

from collections.abc import Mapping

from cleardays.catalogue.names import find_medicine, split_amount
from cleardays.medicines import Medicine
from cleardays.web.marked import N_

ACUTE, PREVENTIVE = "acute", "preventive"

# Classes of medicines for attacks, as people call them.
CLASSES = {
    "ergot": N_("Ergot"), "triptan": N_("Triptans"), "non_opioid": N_("Simple pain medicines"), "opioid": N_("Opioids"),
    "combination": N_("Combined pain medicines"), "ditan": N_("Lasmiditan and others"), "other": N_("Lasmiditan and others"),
}  # fmt: skip


def named_medicine(cells: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Cells of a dose whose name was typed: what the catalogue knows of it beside it, and an unknown name kept as it is.

    Args:
        cells: as the form tells them.
        before: as they stood; a name that did not change keeps what was known of it.
    """
    found = dict(cells)
    if cells.get("name") == before.get("name"):
        return found
    known = find_medicine(cells.get("name", ""))
    for cell, value in (
        ("drug", None if known is None else known.id),
        ("acute_class", None if known is None else known.acute_class),
    ):
        if value is not None:
            found[cell] = value
        elif cells.get(cell) == before.get(cell):
            found.pop(cell, None)  # it was of the name before
    return found


def medicine_of(cells: Mapping[str, str]) -> Medicine | None:
    """What the catalogue knows of a dose; None where it does not know the name."""
    return find_medicine(cells.get("drug") or cells.get("name") or "")


def may_relieve(medicine: Medicine | None) -> bool:
    """Whether it may be offered for an attack: never what is taken to prevent attacks and for nothing else.

    What the catalogue does not know is the person's own word.

    >>> may_relieve(find_medicine("sumatriptan")), may_relieve(find_medicine("topiramate")), may_relieve(None)
    (True, False, True)
    """
    return medicine is None or medicine.acute_class is not None or bool(medicine.uses & {ACUTE, "antiemetic", "other"})


def read_typed(text: str) -> tuple[str, str, str]:
    """Name, amount and unit as they were typed in one line, "ibuprofen 400 mg"; empty where they are not there.

    >>> read_typed("Ibuprofen 400 mg"), read_typed("something of my aunt")
    (('Ibuprofen', '400', 'mg'), ('something of my aunt', '', ''))
    """
    name, amount, unit = split_amount(text)
    if amount is None or unit is None:
        return text.strip(), "", ""
    return name, format(amount, "f"), unit
