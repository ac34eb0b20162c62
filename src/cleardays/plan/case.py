"""One person before one treatment, with every name read: what the rules are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cleardays.catalogue.conditions import Condition, ask_condition, find_condition
from cleardays.catalogue.resolving import Resolved, ask_medicine, resolve
from cleardays.catalogue.screening_rules import screening_words
from cleardays.catalogue.suggesting import letters, suggestions
from cleardays.catalogue.treatments import load_treatment, mean_daily, treatment_ids
from cleardays.plan.person import Illness, PastReaction, Person, Proposed, TakenMedicine
from cleardays.plan.quantities_of import answers_of, numbers_of
from cleardays.plan.taken import Medicine
from cleardays.problems import BadInput, Problem


class Ill(NamedTuple):
    """An illness of the person, `months_ago` where it lies in the past; `active` is whether it is there now.

    One that was `put_together` was not told: several others make it up in our reading.
    """

    is_a: Condition
    severity: str | None
    months_ago: float | None
    active: bool
    put_together: bool = False


class Reacted(NamedTuple):
    """A past reaction: to what (None: no medicine that is known), which (None: no reaction that rules speak of)."""

    to: Resolved | None
    what: str | None
    serious: bool | None


class Unread(NamedTuple):
    """A name that stands for nothing here: in which list, as written, and what to ask."""

    where: str
    name: str
    question: str


class Case(NamedTuple):
    """What a rule is asked about. A list that was not given is None."""

    treatment: Resolved
    medicines: tuple[Medicine, ...] | None
    conditions: tuple[Ill, ...] | None
    allergies: tuple[Resolved, ...] | None
    reactions: tuple[Reacted, ...] | None
    genotypes: frozenset[str] | None
    flags: frozenset[str] | None
    indications: frozenset[str] | None
    numbers: Mapping[str, float | None]
    answers: Mapping[str, object]
    proposed: Proposed | None
    session: Mapping[str, float | bool | None] | None
    unread: tuple[Unread, ...]
    lowest_step: float = 0.0


def case_of(treatment: Resolved, told: Person, indication: str | None) -> Case:
    """Read every name of a person; "none" in a list is an empty list.

    Raises:
        BadInput: illnesses that cannot be there together.
    """
    unread: list[Unread] = []
    person = _without_none(told)
    conditions = None if person.conditions is None else _all_illnesses(person, unread)
    medicines = None if person.medicines is None else tuple(_medicines(person.medicines, unread))
    allergies = None if person.allergies is None else tuple(_allergies(person.allergies, unread))
    reactions = None if person.past_reactions is None else tuple(_reactions(person.past_reactions, treatment, unread))
    flags = None if person.diary_flags is None else frozenset(_flags(person.diary_flags, unread))
    unread += _products(person)
    _refuse_both(conditions or ())
    return Case(
        treatment,
        medicines,
        conditions,
        allergies,
        reactions,
        None if person.genotypes is None else frozenset(_genotypes(person.genotypes, unread)),
        flags,
        _indications(indication, conditions),
        numbers_of(person, treatment, medicines or ()),
        answers_of(person, treatment, medicines or ()),
        person.proposed,
        None if person.session is None else person.session._asdict(),
        tuple(dict.fromkeys(unread)),
        _lowest_step(treatment),
    )


def _lowest_step(treatment: Resolved) -> float:
    """The mean dose a day of the lowest step of any table: from there a treatment may end. 0 without a table."""
    tables = [row for name in treatment.ids & set(treatment_ids()) for row in load_treatment(name).facts("protocol")]
    return min((mean_daily(step) for table in tables for step in table["steps"]), default=0.0)


def _without_none(person: Person) -> Person:
    nothing = screening_words().nothing
    lists = {
        "conditions": [each.name for each in person.conditions or ()],
        "medicines": [each.name for each in person.medicines or ()],
        "allergies": list(person.allergies or ()),
        "diary_flags": list(person.diary_flags or ()),
    }
    found: dict[str, Any] = {}
    for key, names in lists.items():
        entries = getattr(person, key)
        if entries and any(letters(name) in nothing for name in names):
            found[key] = tuple(each for each, name in zip(entries, names, strict=True) if letters(name) not in nothing)
    return person._replace(**found)


def _medicines(told: Iterable[TakenMedicine], unread: list[Unread]) -> Iterable[Medicine]:
    for each in told:
        found = resolve(each.name)
        if found is None:
            unread.append(Unread("medicines", each.name, ask_medicine(each.name)))
        else:
            yield Medicine(found, each)


def _all_illnesses(person: Person, unread: list[Unread]) -> tuple[Ill, ...]:
    """What was told, the kidney's grade from the eGFR, and what several illnesses are together."""
    told = [_graded(ill, person.egfr_ml_min) for ill in _illnesses(person.conditions or (), unread)]
    now = {kind for ill in told if ill.active for kind in ill.is_a.kinds}
    for name, of, least in screening_words().together:
        found = find_condition(name)
        if len(of & now) >= least and name not in now and found is not None:
            told.append(
                Ill(
                    found._replace(says=f"{found.says} ({least} or more of the usual ones)"),
                    None,
                    None,
                    True,
                    put_together=True,
                )
            )
    return tuple(told)


def _graded(ill: Ill, egfr: float | None) -> Ill:
    words = screening_words()
    if ill.severity is not None or egfr is None or not ill.is_a.kinds & set(words.kidney):
        return ill
    return ill._replace(severity=next(grade for least, grade in words.kidney_grades if egfr >= least))


def _illnesses(told: Iterable[Illness], unread: list[Unread]) -> Iterable[Ill]:
    for each in told:
        found = find_condition(each.name)
        if found is None:
            unread.append(Unread("conditions", each.name, ask_condition(each.name)))
            continue
        severity = found.severity if each.severity is None else severity_word(each.severity)
        if each.severity is not None and severity is None:
            question = f"How severe is {found.says}: {each.severity!r} is no grade that is known here?"
            unread.append(Unread("conditions", f"{each.name}, {each.severity}", question))
        found = found.with_grade(severity)
        active = each.active if each.active is not None else (found.active if each.months_ago is None else False)
        yield Ill(found, severity, each.months_ago, True if active is None else active)


def severity_word(text: str) -> str | None:
    """A grade as rules write it, or None."""
    return screening_words().severities.get(letters(text))


def _allergies(told: Iterable[str], unread: list[Unread]) -> Iterable[Resolved]:
    words = screening_words()
    for name in told:
        found = resolve(name)
        if found is not None:
            yield found
        elif letters(name) in words.no_medicine:
            yield _no_medicine(name)
        else:
            unread.append(Unread("allergies", name, ask_medicine(name)))


def _no_medicine(name: str) -> Resolved:
    """What one can be allergic to that is no medicine: latex, nuts."""
    own = frozenset({letters(name)})
    return Resolved(letters(name), name, own, frozenset(), own, frozenset())


def _reactions(told: Iterable[PastReaction], treatment: Resolved, unread: list[Unread]) -> Iterable[Reacted]:
    words = screening_words()
    for each in told:
        drug, what = resolve(each.drug), words.reactions.get(letters(each.reaction))
        if drug is None:
            unread.append(Unread("past_reactions", each.drug, ask_medicine(each.drug)))
        elif what is None and drug.possible_ids & treatment.possible_ids:
            question = f"What was {each.reaction!r} on {drug.says}: a rash, swelling, trouble breathing, or something else?"
            unread.append(Unread("past_reactions", each.reaction, question))
        yield Reacted(drug, what, each.serious)


def _products(person: Person) -> Iterable[Unread]:
    """Products of a session, last or next, that are no medicine that is known."""
    for where, told in (("proposed.product", person.proposed), ("last_session.product", person.last_session)):
        if told is not None and told.product is not None and resolve(told.product) is None:
            yield Unread(where, told.product, ask_medicine(told.product))


def _genotypes(told: Iterable[str], unread: list[Unread]) -> Iterable[str]:
    known = screening_words().genotypes
    for each in told:
        if letters(each) in known:
            yield letters(each)
        else:
            near = suggestions(each, known)
            meant = f" Is it {' or '.join(near)}?" if near else ""
            unread.append(Unread("genotypes", each, f"{each!r} is no result that is known here.{meant}"))


def _flags(told: Iterable[str], unread: list[Unread]) -> Iterable[str]:
    known = screening_words().flags
    for each in told:
        flag = letters(each)
        if flag in known:
            yield known[flag]
        else:
            near = suggestions(each, known)
            meant = f" Is it {' or '.join(near)}?" if near else ""
            unread.append(Unread("diary_flags", each, f"{each!r} is no finding that is known here.{meant}"))


def _indications(indication: str | None, conditions: tuple[Ill, ...] | None) -> frozenset[str] | None:
    """For what it is taken: as said, else only what the illnesses tell; None when neither tells."""
    if indication is not None:
        return frozenset({indication})
    told = {kind for ill in conditions or () if ill.active for kind in ill.is_a.kinds}
    return frozenset(told & set(screening_words().indications_from_conditions)) or None


def _refuse_both(conditions: tuple[Ill, ...]) -> None:
    now = {kind for ill in conditions if ill.active for kind in ill.is_a.kinds}
    for one, other in screening_words().not_together:
        if {one, other} <= now:
            what = f"{find_condition(one).says} and {find_condition(other).says} cannot both be now."  # type: ignore[union-attr]
            raise BadInput(Problem("conditions", what, "Keep one, or mark the earlier one with active: false."))


def with_medicine(case: Case, added: Medicine) -> Case:
    """The same person with one more medicine."""
    return case._replace(medicines=(*(case.medicines or ()), added))


def answer_given(case: Case, name: str, person: Person) -> bool:
    """Whether what a treatment needs to know was told."""
    if name == "session":
        return case.session is not None and None not in case.session.values()
    if name.startswith("proposed."):
        return person.proposed is not None and _told(getattr(person.proposed, name.partition(".")[2]))
    if name in ("last_session",):
        return person.last_session is not None and person.last_session.weeks_ago is not None
    if name in case.answers:
        return case.answers[name] is not None
    if name in case.numbers:
        return case.numbers[name] is not None
    return _told(getattr(person, name))


def _told(value: object) -> bool:
    return value is not None
