"""Preventives that were tried before, as they are told: each by the name of its entry, which tells of it again."""

from __future__ import annotations

from typing import Any

from cleardays.plan.reader import Read, choice, day, number, text
from cleardays.problems import BadInput, Problem
from cleardays.quantities import Dose
from cleardays.trial.ledger.tried import CONTRAINDICATED, DOSE_TOLD, EVIDENCE, ONGOING, OUTCOMES, Tried, known_as
from cleardays.trial.story.events import Event
from cleardays.trial.story.reading import body_of, entry_name, said
from cleardays.trial.story.versions import Versions, told_again

_WEEKS = number(0, 5300, "weeks")
FIELDS: dict[str, Read] = {
    "entry": entry_name,
    "treatment": text,
    "max_dose": text,
    "weeks_at_target": _WEEKS,
    "weeks": _WEEKS,
    "first": day,
    "last": day,
    "outcome": choice(*OUTCOMES),
    "reason_stopped": said(),
    "evidence": choice(*EVIDENCE),
    "taken_back": said(),
}
_NEEDED = ("treatment", "evidence")


def hear_tried(known: Versions[Tried], event: Event, where: str) -> Versions[Tried]:
    """With what an event tells of one preventive, or that it was never tried (`taken_back`, with why).

    Raises:
        BadInput: its body cannot be read, or cannot be true.
    """
    told = body_of(event, FIELDS, ("entry",), where)
    name, why = told.pop("entry"), told.pop("taken_back", None)
    if why is not None:
        if told or name not in known:
            what = "it takes back an entry and tells of it too." if told else f"there is no entry {name} to take back."
            raise BadInput(Problem(f"{where}, taken_back", what, "Name an entry that was told, and say only why."))
        return told_again(known, name, None, event, why)
    problems = [
        Problem(f"{where}.{key}", "it is missing.", "Say it; for the evidence: diary, pharmacy, recall or chart.")
        for key in _NEEDED
        if key not in told
    ]
    problems += _contradictions(told, where)
    if problems:
        raise BadInput(problems)
    return told_again(known, name, _tried(told), event)


def _tried(told: dict[str, Any]) -> Tried:
    treatment, classes = known_as(told["treatment"])
    dose = None if "max_dose" not in told else str(Dose.parse(told["max_dose"]))
    bare = Tried(treatment, classes, None, None, None, None, None, None, told["evidence"], None)
    return bare._replace(
        **{key: value for key, value in told.items() if key not in ("treatment", "evidence", "max_dose")},
        max_dose=dose,
        dose_is=None if dose is None else DOSE_TOLD,
        told_as=None if told["treatment"] == treatment else told["treatment"],
    )


def _contradictions(told: dict[str, Any], where: str) -> list[Problem]:
    found = []

    def refuse(key: str, what: str, how: str = "Correct one of the two.") -> None:
        found.append(Problem(f"{where}.{key}", what, how))

    first, last = told.get("first"), told.get("last")
    if first is not None and last is not None and last < first:
        refuse("last", f"it ended on {last}, before it began on {first}.")
    if told.get("outcome") == ONGOING and (last is not None or "reason_stopped" in told):
        refuse("outcome", "it goes on, and yet it has an end or a reason for one.")
    if told.get("outcome") == CONTRAINDICATED and told.get("weeks_at_target"):
        refuse("outcome", "it was not to be taken, and yet it was at the target.", "If it was taken, it was intolerable.")
    weeks, at_target = told.get("weeks"), told.get("weeks_at_target")
    if weeks is not None and at_target is not None and at_target > weeks:
        refuse("weeks_at_target", "it was at the target for longer than it was taken.")
    if at_target is not None and first is not None and last is not None:
        taken = (last - first).days + 1
        if at_target * 7 > taken:
            refuse("weeks_at_target", f"it was taken for {taken} days only.")
    if "max_dose" in told:
        try:
            Dose.parse(told["max_dose"])
        except BadInput as error:
            refuse("max_dose", error.problems[0].what, error.problems[0].try_this)
    return found
