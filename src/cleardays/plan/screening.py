"""The screen: may this person try this treatment, what must be adjusted, what must be watched, what is not known.

Rules are the catalogue's. A rule that holds is an alert; a rule that hangs on
something that was not told is a question, never an alert and never "safe".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cleardays.catalogue.resolving import Resolved, ask_medicine, resolve
from cleardays.catalogue.screening_rules import Rule, general, rule_books, rules_of, screening_words
from cleardays.catalogue.treatments import catalogue_version, load_treatment, treatment_ids
from cleardays.plan.alerts import Alert, grave, joined
from cleardays.plan.case import Case, answer_given, case_of
from cleardays.plan.other_side import rules_of_the_others
from cleardays.plan.overuse import overuse_alerts
from cleardays.plan.person import Person
from cleardays.plan.standing_rules import standing_rules
from cleardays.plan.when import holds
from cleardays.problems import BadInput, Problem

JURISDICTIONS = ("us", "eu", "uk")
ANY = "any"
# National texts of member states are read with those of the union.
_READ_WITH = {"us": {"us"}, "uk": {"uk"}, "eu": {"eu", "fr", "at"}, ANY: {"us", "eu", "uk", "fr", "at"}}
INDICATIONS = (
    "migraine-with-aura", "episodic-migraine", "chronic-migraine", "refractory-migraine",
    *(f"{of}-recovery{suffix}" for of in ("alcohol", "cocaine", "methamphetamine", "opioid") for suffix in ("", "-bipolar")),
)  # fmt: skip
_CHANGES_THE_VERDICT = "major"


class Question(NamedTuple):
    """What is not known: a stable name, what to ask, and whether nothing may go on without the answer."""

    name: str
    question: str
    required: bool

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return self._asdict()


class Screening(NamedTuple):
    """What the screen found."""

    treatment: str
    indication: str | None
    jurisdiction: str
    catalogue_version: str
    verdict: str
    alerts: tuple[Alert, ...]
    unknown: tuple[Question, ...]
    read_as: tuple[tuple[str, str], ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            **self._asdict(),
            "alerts": [alert.document() for alert in self.alerts],
            "unknown": [question.document() for question in self.unknown],
            "read_as": [{"name": name, "is": what} for name, what in self.read_as],
        }


def screen(treatment: str, person: Person, *, indication: str | None = None, jurisdiction: str | None = None) -> Screening:
    """Screen one person for one treatment.

    Args:
        treatment: any name of a medicine in the catalogue, preventive or acute.
        person: what was told; None is not known.
        indication: one of `INDICATIONS`; without it only the illnesses tell.
        jurisdiction: us, eu or uk; without it all count and the strictest is kept.

    Raises:
        BadInput: the treatment, the indication or the jurisdiction is not known, or illnesses that exclude each other.
    """
    medicine = find_screened(treatment)
    if indication is not None and indication not in INDICATIONS:
        raise BadInput(Problem("--indication", f"{indication!r} is no indication.", f"Write one of {', '.join(INDICATIONS)}."))
    if jurisdiction is not None and jurisdiction not in JURISDICTIONS:
        raise BadInput(
            Problem("--jurisdiction", f"{jurisdiction!r} is not known.", f"Write one of {', '.join(JURISDICTIONS)}.")
        )
    where = jurisdiction or ANY
    case = case_of(medicine, person, indication)
    books = rule_books(medicine)
    classes = {f"medicines.{each.is_a.says}" for each in case.medicines or () if each.is_a.is_group}
    found: list[Alert] = []
    asked: dict[str, Question] = {}
    for rule in _rules(case, where):
        answer = holds(rule["when"], case)
        if answer.value:
            found.append(alert_of(rule, answer.named))
        elif answer.value is None and grave(rule["severity"]) <= grave(_CHANGES_THE_VERDICT):
            for name in answer.missing:
                # A class that may hold what the rule is about is no medicine yet: it has to be told which.
                asked.setdefault(name, Question(name, question_of(name), name in classes))
    found += rules_of_the_others(case, _READ_WITH[where], found)
    overuse, questions = overuse_alerts(person, where)
    found += overuse
    for name in questions:
        asked.setdefault(name, Question(name, question_of(name), False))
    asked.update({each.name: each for each in _required(case, person, where)})
    asked.update({each.name: each for each in _not_read(case, bool(books), indication)})
    alerts = joined(found)
    unknown = tuple(sorted(asked.values(), key=lambda each: (not each.required, each.name)))
    read_as = tuple(dict.fromkeys((each.told.name, each.is_a.says) for each in case.medicines or ()))
    verdict = _verdict(alerts, unknown)
    return Screening(medicine.id, indication, where, catalogue_version(), verdict, alerts, unknown, tuple(sorted(read_as)))


def find_screened(name: str) -> Resolved:
    """What is to be screened.

    Raises:
        BadInput: it is no medicine that the catalogue knows.
    """
    medicine = resolve(name)
    if medicine is None:
        raise BadInput(Problem("TREATMENT", ask_medicine(name), "See cleardays catalogue list."))
    return medicine


def _rules(case: Case, where: str) -> Iterator[Rule]:
    """Every rule that may speak of the treatment in this jurisdiction."""
    read = _READ_WITH[where]
    for book in rule_books(case.treatment):
        yield from (rule for rule in rules_of(book, case.treatment) if applies(rule, read))
    yield from (rule for rule in general()["rule"] if applies(rule, read))
    yield from standing_rules(case)


def applies(rule: Rule, read: set[str]) -> bool:
    """Whether a rule is of one of these jurisdictions, or of none in particular."""
    return "jurisdiction" not in rule or bool(read & set(rule["jurisdiction"]))


def alert_of(rule: Rule, named: frozenset[str]) -> Alert:
    """A rule that holds."""
    source = tuple(key.partition(" ")[0] for key in rule["source"])
    where = tuple(rule.get("jurisdiction", ()))
    return Alert(
        rule["code"],
        rule["severity"],
        rule["subject"],
        rule["because"],
        rule["action"],
        source,
        rule["confidence"],
        where,
        named,
    )


def _required(case: Case, person: Person, where: str) -> Iterator[Question]:
    """What the treatment needs to know and was not told."""
    asks = [*general()["ask"]]
    for book in rule_books(case.treatment):
        asks += rules_of(book, case.treatment, "ask")
    for ask in asks:
        if not applies(ask, _READ_WITH[where]) or answer_given(case, ask["name"], person):
            continue
        if "when" not in ask or holds(ask["when"], case).value is not False:
            yield Question(ask["name"], ask["question"], True)


def _not_read(case: Case, has_rules: bool, indication: str | None) -> Iterator[Question]:
    """Names that stand for nothing here, and what the catalogue does not hold."""
    for each in case.unread:
        yield Question(f"{each.where}.{each.name}", each.question, True)
    if not has_rules:
        question = f"The catalogue holds no rules of its own for {case.treatment.says}: what does its label say?"
        yield Question("treatment", question, True)
    own = [name for name in sorted(case.treatment.ids) if name in treatment_ids()]
    if indication is not None and own and not any(indication in load_treatment(name).indications for name in own):
        question = (
            f"The catalogue holds nothing on {case.treatment.says} for {indication}: who advised it, and on what grounds?"
        )
        yield Question("indication", question, True)


def question_of(name: str) -> str:
    """What to ask about something that is not known."""
    questions = screening_words().questions
    if name in questions:
        return questions[name]
    head, _, rest = name.partition(".")
    if head == "conditions":
        what, _, part = rest.rpartition(".")
        return f"How many months ago was it: {what}?" if part == "months_ago" else f"How severe is it: {what}?"
    if head == "past_reactions":
        return f"What happened on {rest}, and was it serious?"
    if head == "medicines":
        what, _, part = rest.rpartition(".")
        ask = {
            "started_days_ago": "How many days ago was {} started?",
            "hours_since_last": "How many hours ago was {} last taken?",
            "as_needed": "Is {} taken as needed, or every day?",
            "daily_dose": "How much {} is taken a day?",
        }.get(part)
        return ask.format(what) if ask else f"Which medicine is it exactly: {rest}?"
    return questions.get(head, f"What is {name.replace('_', ' ').replace('.', ', ')}?")


def _verdict(alerts: tuple[Alert, ...], unknown: tuple[Question, ...]) -> str:
    if alerts and grave(alerts[0].severity) <= grave("contraindicated"):
        return "refuse"
    major = bool(alerts) and alerts[0].severity == "major"
    return "ask" if major or any(question.required for question in unknown) else "proceed"
