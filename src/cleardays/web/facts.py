"""What a screening asks beyond the intake, as a form: who somebody is, measures, and who stands by. Empty is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cleardays.plan.changes import state_of
from cleardays.plan.person_document import person_document
from cleardays.plan.screening import Question
from cleardays.problems import BadInput, Problem
from cleardays.trial.intake import screen_document
from cleardays.trial.story.story import Story
from cleardays.web.marked import N_

NUMBER, CHOICE, YES_NO, PAIR = "number", "choice", "yes-no", "pair"
YES, NO = "yes", "no"


class Fact(NamedTuple):
    """One field: its key in `person.json`, how it is asked, and the words that may be chosen."""

    key: str
    kind: str
    says: str
    options: tuple[tuple[str, str], ...] = ()


_YES_NO = ((YES, N_("Yes")), (NO, N_("No")))
FACTS = (
    Fact("age", NUMBER, N_("Age in years")),
    Fact("sex", CHOICE, N_("Sex"), (("female", N_("Female")), ("male", N_("Male")), ("other", N_("Other")))),
    Fact("weight_kg", NUMBER, N_("Weight in kg")),
    Fact("egfr_ml_min", NUMBER, N_("Kidney value (eGFR, ml/min)")),
    Fact("dialysis", YES_NO, N_("On dialysis?"), _YES_NO),
    Fact("liver", CHOICE, N_("Liver"), (
        ("normal", N_("Normal")), ("mild", N_("Mildly impaired")), ("moderate", N_("Moderately impaired")),
        ("severe", N_("Severely impaired")),
    )),
    Fact("ascites", YES_NO, N_("Fluid in the belly from the liver (ascites)?"), _YES_NO),
    Fact("blood_pressure", PAIR, N_("Blood pressure, like 118/74")),
    Fact("heart_rate", NUMBER, N_("Heart rate at rest")),
    Fact("supervised", YES_NO, N_("Given and watched by trained staff?"), _YES_NO),
    Fact("escort", YES_NO, N_("Is somebody there who takes you home?"), _YES_NO),
    Fact("diary_flags", YES_NO, N_("Any new rash, fever, fainting, or thoughts of suicide?"), _YES_NO),
)  # fmt: skip
# Where a question of the screening is answered: a part of the intake.
OF_INTAKE = {
    "conditions": "conditions", "medicines": "medicines", "allergies": "allergies", "past_reactions": "allergies",
    "pregnancy": "pregnancy", "breastfeeding": "pregnancy", "contraception": "pregnancy",
}  # fmt: skip
_ALWAYS = ("age", "sex")
_KEYS = tuple(fact.key for fact in FACTS)


def asked_for(unknown: tuple[Question, ...], typed: Mapping[str, str]) -> tuple[Fact, ...]:
    """The fields to show: who somebody is, what the screening asks, and what was answered."""
    named = {question.name.partition(".")[0] for question in unknown}
    return tuple(fact for fact in FACTS if fact.key in (*_ALWAYS, *named) or typed.get(fact.key))


def elsewhere(unknown: tuple[Question, ...]) -> tuple[tuple[Question, str | None], ...]:
    """Questions that no field of this form answers, each with the part of the intake that does."""
    found = [(each, each.name.partition(".")[0]) for each in unknown]
    return tuple((each, OF_INTAKE.get(head)) for each, head in found if head not in _KEYS)


def person_of(story: Story, typed: Mapping[str, str]) -> dict[str, Any]:
    """What is known of a person for a screening: their intake, and the fields of the form.

    Raises:
        BadInput: with every field that is no answer.
    """
    problems, found = list[Problem](), screen_document(story)
    for fact in FACTS:
        text = typed.get(fact.key, "").strip()
        if text:
            _READ[fact.kind](fact, text, found, problems)
    if problems:
        raise BadInput(problems)
    return found


def known_before(story: Story, trial: str) -> dict[str, str]:
    """The fields as they were answered for the plan of now, else for the latest plan of any trial."""
    trials = [*(each for name, each in story.trials.items() if name != trial), story.trials[trial]]
    plans = [each.plan for each in trials if each.plan is not None]
    if not plans:
        return {}
    state = state_of(plans[-1].file)
    told = person_document(state.person)
    return {fact.key: _typed(fact, told[fact.key]) for fact in FACTS if fact.key in told and fact.key != "diary_flags"}


def _typed(fact: Fact, value: Any) -> str:  # noqa: ANN401  # a JSON value
    if fact.kind == PAIR:
        return "/".join(f"{each:g}" for each in value)
    if fact.kind == YES_NO:
        return YES if value else NO
    return f"{value:g}" if fact.kind == NUMBER else str(value)


def _number(fact: Fact, text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    value = figure(text)
    if value is None:
        problems.append(Problem(fact.key, "that is no number.", "Write it in figures, or leave it empty."))
    else:
        found[fact.key] = value


def _pair(fact: Fact, text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    pair = [figure(each) for each in text.split("/")]
    if len(pair) != 2 or None in pair:
        problems.append(Problem(fact.key, "that is no blood pressure.", "Write it like 118/74, or leave it empty."))
    else:
        found[fact.key] = pair


def _choice(fact: Fact, text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    if text not in dict(fact.options):
        problems.append(Problem(fact.key, "that is no choice of this page.", "Choose one of those that are shown."))
    elif fact.key == "diary_flags" and text == YES:
        how = "Tell it under side effects, and speak to a clinician before anything is begun."
        problems.append(Problem(fact.key, "that comes first.", how))
    elif fact.key == "diary_flags":
        found[fact.key] = []
    else:
        found[fact.key] = text == YES if fact.kind == YES_NO else text


_READ = {NUMBER: _number, PAIR: _pair, CHOICE: _choice, YES_NO: _choice}


def figure(text: str) -> float | None:
    """A number as people write one, with a point or a comma; None where it is none.

    >>> figure(" 71,5 "), figure("1e3"), figure("")
    (71.5, None, None)
    """
    plain = text.strip().replace(",", ".")
    if not plain or len(plain) > 12 or not all(letter in "0123456789." for letter in plain) or not plain.isascii():
        return None
    try:
        return float(plain)
    except ValueError:
        return None
