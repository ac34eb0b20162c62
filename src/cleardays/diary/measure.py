"""One questionnaire or counted measure, by the name of its instrument."""

from __future__ import annotations

from collections.abc import Callable

from cleardays.diary.fields import Fields
from cleardays.diary.followback import count_drinks, risk_level
from cleardays.diary.instruments import instruments, score_questionnaire
from cleardays.diary.menstrual import menstrual_window
from cleardays.problems import BadInput, Problem

_COUNTED: dict[str, Callable[[Fields, str], dict[str, object]]] = {
    "TLFB": count_drinks,
    "WHO_RISK": risk_level,
    "MENSTRUAL_WINDOW": menstrual_window,
}


def measure(document: object, where: str = "measure") -> dict[str, object]:
    """Score one JSON object; its keys and the answer's are in docs/reference/rules-and-questionnaires.md.

    Raises:
        BadInput: with everything that cannot be read.

    >>> measure({"instrument": "MIDAS", "items": [3, 4, 2, 1, 1]})["grade"]
    'III'
    """
    fields = Fields(document, where)
    asked = fields.get("instrument")
    if isinstance(asked, str):  # HIT-6 and midas are HIT6 and MIDAS
        known = {_plain(instrument): instrument for instrument in instruments()}
        fields.document = {**fields.document, "instrument": known.get(_plain(asked), asked)}
    name = fields.word("instrument", tuple(instruments()))
    if name is None:
        unnamed = Problem(f"{where}, instrument", "no instrument is named.", f"Use one of {', '.join(instruments())}.")
        raise BadInput(fields.problems or unnamed)
    return _COUNTED.get(name, score_questionnaire)(fields, name)


def _plain(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "").replace(" ", "")
