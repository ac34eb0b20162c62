"""What the medicines that are taken say of the one that is screened.

A rule stands in one file, with the treatment it was written for. When its partner is
screened instead, the rule is asked from the other side: does it hold once the
screened medicine is added to what is taken, and because of it?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleardays.catalogue.resolving import Resolved
from cleardays.catalogue.screening_rules import Rule, general, rule_books, rules_of
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.case import Case, with_medicine
from cleardays.plan.holds import Holds
from cleardays.plan.person import TakenMedicine
from cleardays.plan.quantities_of import daily_of, week_after
from cleardays.plan.taken import Medicine
from cleardays.plan.when import holds

_INTERACTION = "interaction."
_OF_THE_SCREENED = ("proposed.", "last_session.", "toxin.")


def rules_of_the_others(case: Case, jurisdictions: set[str], found: Sequence[Alert]) -> Iterator[tuple[Rule, Resolved, Holds]]:
    """Rules of the medicines that are taken that hold because of the screened one, or hang, with whose they are.

    What the screened medicine's own rules say of the pair, as gravely or more, is not said twice.
    """
    own = {book.id for book in rule_books(case.treatment)}
    for taken in case.medicines or ():
        if taken.is_a.id == case.treatment.id:
            continue
        with_it = with_medicine(_from_the_side_of(taken, case), Medicine(case.treatment, _as_it_will_be(case)))
        for rule in _interactions(taken.is_a, jurisdictions, own):
            if not _still_acts(taken, rule) or _said(rule, taken.is_a, found):
                continue
            answer = holds(rule["when"], with_it)
            if answer.value is None or (answer.value and case.treatment.says in answer.named):
                yield rule, taken.is_a, answer


def _as_it_will_be(case: Case) -> TakenMedicine:
    """The screened medicine as one that is taken: begun or ended today by what is proposed, else as it was told."""
    name, proposed = case.treatment.says, case.proposed
    if proposed is not None and proposed.action == "stop":
        return TakenMedicine(name, stopped_days_ago=0)
    own = [each.told for each in case.medicines or () if each.is_a.id == case.treatment.id]
    taken = bool(case.answers["already_taken"])
    now = own[0] if own and taken else TakenMedicine(name, started_days_ago=None if taken else 0.0)
    daily, exact = (None, False) if proposed is None else daily_of(proposed)
    return now._replace(daily_dose=daily, unit=proposed.unit) if proposed is not None and exact else now


def _still_acts(taken: Medicine, rule: Rule) -> bool:
    """Whether it is taken, or was stopped within the time that the rule says it acts on."""
    stopped = taken.told.stopped_days_ago
    return stopped is None or stopped <= float(rule.get("washout_days", -1))


def _from_the_side_of(taken: Medicine, case: Case) -> Case:
    """The same person, with this medicine as the one that is asked about and has been taken for a while."""
    limits = general()["limits"]
    days = taken.told.started_days_ago
    week = float(limits["weeks_taken_for_long"]) if days is None else week_after(days)
    # What is proposed, and the last session, are of the screened medicine.
    numbers = {name: None if name.startswith(_OF_THE_SCREENED) else value for name, value in case.numbers.items()}
    answers = {name: None if name.startswith(_OF_THE_SCREENED) else value for name, value in case.answers.items()}
    pair = (taken.is_a.id, case.treatment.id)
    others = tuple(each for each in case.medicines or () if each.is_a.id not in pair)
    return case._replace(
        treatment=taken.is_a,
        medicines=others,
        numbers={**numbers, "week_of_treatment": week},
        answers={**answers, "already_taken": True},
        proposed=None,
        session=None,
    )


def _said(rule: Rule, medicine: Resolved, found: Sequence[Alert]) -> bool:
    return any(
        medicine.says in alert.named
        and alert.code.startswith(_INTERACTION)
        and grave(alert.severity) <= grave(rule["severity"])
        for alert in found
    )


def _interactions(medicine: Resolved, jurisdictions: set[str], own: set[str]) -> Iterator[Rule]:
    for book in rule_books(medicine):
        if book.id in own:
            continue
        for rule in rules_of(book, medicine):
            of_here = "jurisdiction" not in rule or jurisdictions & set(rule["jurisdiction"])
            if rule["code"].startswith(_INTERACTION) and of_here and not rule.get("one_sided", False):
                yield rule


def turned(alert: Alert, medicine: Resolved) -> Alert:
    """The alert of the other medicine, under its name."""
    because = f"About {medicine.says}: {alert.because}"
    named = frozenset({medicine.says})
    code = f"{_INTERACTION}{medicine.id}"
    return alert._replace(code=code, subject=medicine.says, because=because, named=named, answered_by=None)
