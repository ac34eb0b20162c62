"""What the medicines that are taken say of the one that is screened.

A rule stands in one file, with the treatment it was written for. When its partner is
screened instead, the rule is asked from the other side: does it hold once the
screened medicine is added to what is taken, and because of it?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleardays.catalogue.resolving import Resolved
from cleardays.catalogue.screening_rules import Rule, rule_books, rules_of
from cleardays.plan.alerts import Alert, alert_of, grave
from cleardays.plan.case import Case, with_medicine
from cleardays.plan.person import TakenMedicine
from cleardays.plan.taken import Medicine
from cleardays.plan.when import holds

_INTERACTION = "interaction."
_TAKEN_FOR_LONG = 52.0  # weeks; where nothing was told, what is taken is taken for long


def rules_of_the_others(case: Case, jurisdictions: set[str], found: Sequence[Alert]) -> Iterator[Alert]:
    """Alerts from the rules of every medicine that is taken now, coded by that medicine.

    What the screened medicine's own rules say of the pair, as gravely or more, is not said twice.
    """
    own = {book.id for book in rule_books(case.treatment)}
    for taken in case.medicines or ():
        if taken.told.stopped_days_ago is not None or taken.is_a.id == case.treatment.id:
            continue
        without = _from_the_side_of(taken, case)
        now = TakenMedicine(case.treatment.says, started_days_ago=0, hours_since_last=None)
        with_it = with_medicine(without, Medicine(case.treatment, now), without="")
        for rule in _interactions(taken.is_a, jurisdictions, own):
            if _said(rule, taken.is_a, found):
                continue
            answer = holds(rule["when"], with_it)
            if answer.value and case.treatment.says in answer.named:
                yield _turned(alert_of(rule, answer), taken.is_a)


def _from_the_side_of(taken: Medicine, case: Case) -> Case:
    """The same person, with this medicine as the one that is asked about and has been taken for a while."""
    days = taken.told.started_days_ago
    numbers = {**case.numbers, "week_of_treatment": _TAKEN_FOR_LONG if days is None else max(1.0, days / 7)}
    others = tuple(each for each in case.medicines or () if each.is_a.id != taken.is_a.id)
    answers = {**case.answers, "already_taken": True}
    return case._replace(treatment=taken.is_a, medicines=others, numbers=numbers, answers=answers, proposed=None, session=None)


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


def _turned(alert: Alert, medicine: Resolved) -> Alert:
    """The alert of the other medicine, under its name."""
    because = f"About {medicine.says}: {alert.because}"
    named = frozenset({medicine.says})
    return alert._replace(code=f"{_INTERACTION}{medicine.id}", subject=medicine.says, because=because, named=named)
