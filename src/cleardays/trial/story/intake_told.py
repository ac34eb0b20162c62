"""The intake, part by part, each optional: told, answered with "none", not known, not said, or not asked at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cleardays.diary.records import HEADACHE_LEVELS
from cleardays.plan.person_reading import CONTRACEPTION, PREGNANCY
from cleardays.plan.reader import Read, choice, many, number, yes_no
from cleardays.problems import BadInput, Problem
from cleardays.trial.story.events import Event
from cleardays.trial.story.reading import body_of, exactly, said
from cleardays.trial.story.versions import Versions, told_again

TOLD, NONE, NOT_KNOWN, NOT_SAID = "told", "none", "not known", "rather not say"
ANSWERS = (TOLD, NONE, NOT_KNOWN, NOT_SAID)
NOT_ASKED = "not asked"
# Whether any preventive was tried before; each one is told as an entry of the ledger.
BY_LEDGER = "tried"
_NAME = said(200)
_CENTURY = 120
# The parts, and what one entry of each may hold; the first key is needed.
PARTS: Mapping[str, dict[str, Read]] = {
    "headaches": {
        "what": _NAME,
        "days_per_28": number(0, 28, "days"),
        "worst": choice(*(level for level in HEADACHE_LEVELS if level != "clear")),
        "years": number(0, _CENTURY, "years"),
        "words": said(),
    },
    "family": {"what": _NAME, "who": _NAME, "words": said()},
    "background": {"what": _NAME, "words": said()},
    "conditions": {
        "what": _NAME,
        "severity": _NAME,
        "active": yes_no,
        "months_ago": number(0, 12 * _CENTURY, "months"),
        "words": said(),
    },
    "medicines": {
        "what": _NAME,
        "daily_dose": number(0, 1e6),
        "unit": _NAME,
        "as_needed": yes_no,
        "for": _NAME,
        "words": said(),
    },
    "complementary": {"what": _NAME, "words": said()},
    "allergies": {"what": _NAME, "reaction": _NAME, "serious": yes_no, "words": said()},
    "pregnancy": {
        "plans": choice(*PREGNANCY),
        "breastfeeding": yes_no,
        "contraception": choice(*CONTRACEPTION),
        "words": said(),
    },
    "health": {"what": _NAME, "words": said()},
    "impact": {"what": _NAME, "words": said()},
    BY_LEDGER: {"what": _NAME},
}
_ONE = ("pregnancy",)  # parts with a single entry
_READS: Mapping[str, dict[str, Read]] = {
    part: {
        "part": choice(part),
        "answer": choice(*ANSWERS),
        "entries": many(exactly(fields, (next(iter(fields)),))),
        "words": said(),
        "taken_back": said(),
    }
    for part, fields in PARTS.items()
}


class PartTold(NamedTuple):
    """One part of the intake: the answer, its entries as they were told, and what was said besides."""

    part: str
    answer: str
    entries: tuple[Mapping[str, Any], ...] = ()
    words: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "entries": [dict(each) for each in self.entries]}


def hear_part(known: Versions[PartTold], event: Event, where: str) -> Versions[PartTold]:
    """With what an event tells of one part: the whole of it, in the place of what was told of it before.

    Raises:
        BadInput: its body cannot be read, or says two things.
    """
    named = event.body.get("part")
    part = named if isinstance(named, str) and named in PARTS else None
    if part is None:
        raise BadInput(Problem(f"{where}, part", "it is no part of the intake.", f"Use one of {', '.join(PARTS)}."))
    told = body_of(event, _READS[part], ("part",), where)
    why, answer, entries = told.get("taken_back"), told.get("answer"), told.get("entries", ())
    if why is not None:
        if len(told) > 2 or part not in known:
            raise BadInput(Problem(f"{where}, taken_back", "there is nothing, or too much, to take back.", "Say only why."))
        return told_again(known, part, None, event, why)
    if answer is None:
        how = f"Write one of {', '.join(ANSWERS)}; what was not asked is not told."
        raise BadInput(Problem(f"{where}, answer", "it is missing.", how))
    if (answer == TOLD) != bool(entries or told.get("words")):
        what = (
            "it is told, and yet there is nothing." if answer == TOLD else f"the answer is {answer}, and yet something is told."
        )
        raise BadInput(Problem(f"{where}, entries", what, "Correct one of the two."))
    if part == BY_LEDGER and answer == TOLD:
        how = "Tell each treatment with its outcome (tried.told); here only that there was none, or that nobody knows."
        raise BadInput(Problem(f"{where}, answer", "what was tried stands in the ledger.", how))
    if part in _ONE and len(entries) > 1:
        raise BadInput(Problem(f"{where}, entries", f"of {part} there is one.", "Tell it in one entry."))
    return told_again(known, part, PartTold(part, answer, tuple(entries), told.get("words")), event)
