"""A trial as the screens find it: by its name in the address, what it is called, and what its plan says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.screening import INDICATIONS
from cleardays.problems import Problem
from cleardays.report.treatment_page_words import capital, own_words, word
from cleardays.web.problem_answers import Refused

if TYPE_CHECKING:
    from cleardays.plan.journal import PlanFile
    from cleardays.trial.story.story import Story
    from cleardays.trial.story.trial_record import Trial
    from cleardays.web.asked import Asked


def trial_asked(asked: Asked) -> Trial:
    """The trial that the address names.

    Raises:
        Refused: there is none.
    """
    found = asked.known.deciding.trials.get(asked.request.path_params["trial"])
    if found is None:
        raise Refused(404, Problem("trial", "there is no such trial.", "Go back to the plan, and choose one that is there."))
    return found


def plan_asked(asked: Asked) -> PlanFile:
    """The plan of that trial as it stands now.

    Raises:
        Refused: there is no such trial, or it has no plan yet.
    """
    plan = trial_asked(asked).plan
    if plan is None:
        raise Refused(404, Problem("plan", "there is no plan yet.", "Look first whether the treatment suits."))
    return plan.file


def called(treatment: str) -> str:
    """The name of a treatment for people."""
    return capital(own_words(treatment)["name"]) if treatment in treatment_ids() else treatment


def called_for(indication: str) -> str:
    """What it is for, for people."""
    return capital(word("indication", indication)) if indication in INDICATIONS else indication


def offered() -> list[tuple[str, str, tuple[str, ...]]]:
    """Every treatment that can be tried, by name, with what it is for."""
    found = [(each, called(each), load_treatment(each).indications) for each in treatment_ids()]
    return sorted(found, key=lambda each: each[1].casefold())


def free_name(story: Story, treatment: str) -> str:
    """A name for another trial of a treatment."""
    names = [treatment, *(f"{treatment}-{number}" for number in range(2, len(story.trials) + 3))]
    return next(name for name in names if name not in story.trials)
