"""The intake in one view, every part named whether it was asked or not, and what a screening can take from it."""

from __future__ import annotations

from typing import Any, NamedTuple

from cleardays.diary.entries import Score
from cleardays.trial.ledger.tried import Tried
from cleardays.trial.story.intake_told import BY_LEDGER, NONE, NOT_ASKED, PARTS, TOLD, PartTold
from cleardays.trial.story.story import Story
from cleardays.trial.story.versions import standing

_LONGEST_NAME = 200


class Intake(NamedTuple):
    """Every part in order, what was tried before, and the questionnaires of the diary."""

    parts: tuple[PartTold, ...]
    tried: tuple[Tried, ...]
    scores: tuple[Score, ...]

    def part(self, name: str) -> PartTold:
        """One part; where it was not asked, it says so."""
        return next(each for each in self.parts if each.part == name)

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The parts that nobody asked."""
        return tuple(each.part for each in self.parts if each.answer == NOT_ASKED)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "parts": [each.document() for each in self.parts],
            "tried": [each.document() for each in self.tried],
            "scores": [
                {"date": each.date.isoformat(), "instrument": each.instrument, "total": _total(each)} for each in self.scores
            ],
        }


def intake_of(story: Story) -> Intake:
    """The intake as it stands."""
    told, tried = standing(story.told.intake), tuple(standing(story.told.tried).values())
    parts = [told.get(name, PartTold(name, NOT_ASKED)) for name in PARTS]
    if tried:  # the ledger has the last word
        parts = [PartTold(BY_LEDGER, TOLD) if each.part == BY_LEDGER else each for each in parts]
    return Intake(tuple(parts), tried, story.diary.beside.scores)


def screen_document(story: Story) -> dict[str, Any]:
    """What the intake tells of a `person.json`; a part that was not asked is left out, one without any is empty.

    It is a beginning: what a screening needs besides (age, weight, results) is asked there.
    """
    found: dict[str, Any] = {}
    for part in intake_of(story).parts:
        if part.part in _ROWS and (part.answer == NONE or (part.answer == TOLD and part.entries)):
            found[part.part] = [_row(each, _ROWS[part.part]) for each in part.entries]
        if part.part == "allergies" and part.entries:
            found |= _allergies(part)
        if part.part == "allergies" and part.answer == NONE:
            found |= {"allergies": [], "past_reactions": []}
        if part.part == "pregnancy" and part.entries:
            told = part.entries[0]
            found |= {key: told[told_as] for key, told_as in _PREGNANCY.items() if told_as in told}
    return found


# Key of `person.json` -> key of the intake.
_ROWS = {
    "conditions": {"name": "what", "severity": "severity", "active": "active", "months_ago": "months_ago"},
    "medicines": {"name": "what", "daily_dose": "daily_dose", "unit": "unit", "as_needed": "as_needed"},
}
_PREGNANCY = {"pregnancy": "plans", "breastfeeding": "breastfeeding", "contraception": "contraception"}


def _row(entry: Any, keys: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401  # a mapping of JSON values
    told = {key: entry[told_as] for key, told_as in keys.items() if told_as in entry}
    return {key: _name(value) if isinstance(value, str) else value for key, value in told.items()}


def _allergies(part: PartTold) -> dict[str, Any]:
    reactions = [each for each in part.entries if "reaction" in each]
    return {
        "allergies": [_name(each["what"]) for each in part.entries],
        "past_reactions": [
            {"drug": _name(each["what"]), "reaction": _name(each["reaction"])}
            | ({"serious": each["serious"]} if "serious" in each else {})
            for each in reactions
        ],
    }


def _name(text: str) -> str:
    """As a screening reads names: without the joiners that it does not know."""
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST_NAME] or "?"


def _total(score: Score) -> float | None:
    return None if score.total is None else float(score.total)
