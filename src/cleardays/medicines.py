"""What a medicine's name stands for, as far as counting and screening need it.

The table of names is the catalogue's; rooms that do not know the catalogue are
handed its lookup as an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

# "other" is said alone: none of the four before it is known of this medicine.
USES = ("acute", "preventive", "recovery", "antiemetic", "other")
ACUTE_CLASSES = (
    "triptan", "gepant", "ditan", "ergot", "nsaid", "paracetamol", "metamizole", "combination", "opioid",
    "barbiturate", "antiemetic", "other",
)  # fmt: skip


class Medicine(NamedTuple):
    """What a medicine name stands for: a catalogue id, what it is used for, and its acute class.

    `uses` holds words of `USES`, more than one where the name alone does not tell
    (rimegepant is taken for an attack or every other day). `acute_class` is one
    of `ACUTE_CLASSES`, under which an intake is counted; None when it is in none.
    """

    id: str
    uses: frozenset[str]
    acute_class: str | None


# From a name as somebody wrote it to the medicine; None when the name is not known for certain.
Lookup = Callable[[str], Medicine | None]
