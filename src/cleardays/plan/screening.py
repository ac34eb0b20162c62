"""The screen: may this person try this treatment, what must be adjusted, what must be watched, what is not known.

Rules are the catalogue's. A rule that holds is an alert; a rule that hangs on
something that was not told is a question, never an alert and never "safe".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cleardays.catalogue.resolving import Resolved, ask_medicine, resolve
from cleardays.catalogue.screening_rules import Rule, general, rule_books, rules_of, screening_words
from cleardays.catalogue.treatments import catalogue_version, load_treatment, treatment_ids
from cleardays.plan.alerts import Alert, alert_of, grave, joined
from cleardays.plan.case import Case, answer_given, case_of
from cleardays.plan.coverage import gaps, implied, vague
from cleardays.plan.other_side import rules_of_the_others, turned
from cleardays.plan.overuse import overuse_alerts
from cleardays.plan.person import Person
from cleardays.plan.standing_rules import standing_rules
from cleardays.plan.when import holds
from cleardays.problems import BadInput, Problem

if TYPE_CHECKING:
    from cleardays.diary.records import Diary
    from cleardays.plan.diary_facts import FromDiary

JURISDICTIONS = ("us", "eu", "uk")
ANY = "any"
# National texts of member states are read with those of the union.
_READ_WITH = {"us": {"us"}, "uk": {"uk"}, "eu": {"eu", "fr", "at"}, ANY: {"us", "eu", "uk", "fr", "at"}}
INDICATIONS = (
    "migraine-with-aura", "episodic-migraine", "chronic-migraine", "refractory-migraine",
    *(f"{of}-recovery{suffix}" for of in ("alcohol", "cocaine", "methamphetamine", "opioid") for suffix in ("", "-bipolar")),
)  # fmt: skip
_CHANGES_THE_VERDICT = "major"
# A dose that cannot be read cannot be screened.
_NEEDED = frozenset({"proposed.amount", "proposed.unit"})
_SHOWN = 6
_OF_THE_PAIR = "medicines."


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


def screen(
    treatment: str,
    person: Person,
    *,
    indication: str | None = None,
    jurisdiction: str | None = None,
    diary: Diary | None = None,
) -> Screening:
    """Screen one person for one treatment.

    Args:
        treatment: any name of a medicine in the catalogue, preventive or acute.
        person: what was told; None is not known.
        indication: one of `INDICATIONS`; without it only the illnesses tell.
        jurisdiction: us, eu or uk; without it all count and the strictest is kept.
        diary: where the person keeps one, the days with headache and acute medicines of its last 28 days count.

    Raises:
        BadInput: the treatment, the indication or the jurisdiction is not known, or illnesses that exclude each other.
    """
    medicine = find_screened(treatment)
    _refuse_unknown(indication, jurisdiction)
    where = jurisdiction or ANY
    person, conflicts = (person, ()) if diary is None else _with_diary(person, diary)
    case = case_of(medicine, person, indication)
    found, asked = _by_rules(case, where)
    _by_the_others(case, where, found, asked)
    overuse, open_names = overuse_alerts(person, where)
    found += overuse
    asked += [Question(name, question_of(name), False) for name in open_names]
    asked += [*_required(case, person, where), *_not_read(case, indication)]
    asked += [Question(name, question, True) for name, question in gaps(case)]
    asked += [Question(name, question, True) for name, question in vague(case, list(_rules(case, where)))]
    asked += [Question(*told) for told in implied(case, list(_rules(case, where)))]
    asked += [Question(name, question, False) for name, question in conflicts]
    alerts, unknown = joined(found), _once(asked)
    read_as = tuple(sorted({(each.told.name, each.is_a.says) for each in case.medicines or ()}))
    return Screening(medicine.id, indication, where, catalogue_version(), _verdict(alerts, unknown), alerts, unknown, read_as)


def _with_diary(person: Person, diary: Diary) -> FromDiary:
    from cleardays.plan.diary_facts import with_diary  # counts with numpy, which nothing else here needs

    return with_diary(person, diary)


def _refuse_unknown(indication: str | None, jurisdiction: str | None) -> None:
    for option, word, known in (
        ("indication", indication, INDICATIONS),
        ("jurisdiction", jurisdiction, JURISDICTIONS),
    ):
        if word is not None and word not in known:
            raise BadInput(Problem(option, f"{word!r} is not known.", f"Write one of {', '.join(known)}."))


def _by_rules(case: Case, where: str) -> tuple[list[Alert], list[Question]]:
    """The alerts of the rules that hold, and what would settle those that hang and could change the verdict."""
    # A class that may hold what a rule is about is no medicine yet: it has to be told which.
    classes = frozenset(f"medicines.{each.is_a.says}" for each in case.medicines or () if each.is_a.is_group)
    found, asked = list[Alert](), list[Question]()
    for rule in _rules(case, where):
        answer = holds(rule["when"], case)
        if answer.value:
            found.append(alert_of(rule, answer, case.indications))
        elif answer.value is None:
            changes = grave(rule["severity"]) <= grave(_CHANGES_THE_VERDICT)
            # A class is asked for where it may adjust anything; the rest only where it may hold the treatment.
            names = answer.missing if changes else answer.missing & classes
            needed = _NEEDED | classes if changes else frozenset[str]()
            asked += [Question(name, question_of(name), name in needed) for name in names]
    return found, asked


def _by_the_others(case: Case, where: str, found: list[Alert], asked: list[Question]) -> None:
    """Add what the medicines that are taken say of the screened one."""
    for rule, medicine, answer in list(rules_of_the_others(case, _READ_WITH[where], found)):
        if answer.value:
            found.append(turned(alert_of(rule, answer, case.indications), medicine))
        elif grave(rule["severity"]) <= grave(_CHANGES_THE_VERDICT):
            # What only the other medicine's rules hang on was asked with its own screen.
            own = f"{_OF_THE_PAIR}{case.treatment.says}"
            names = [name for name in answer.missing if name.startswith(_OF_THE_PAIR) and not name.startswith(own)]
            asked += [Question(name, question_of(name), False) for name in names]


def _once(asked: list[Question]) -> tuple[Question, ...]:
    """Each question once, those first without which nothing may go on."""
    by_text: dict[str, Question] = {}
    for each in sorted(asked, key=lambda each: (not each.required, each.name)):
        by_text.setdefault(each.question, each)
    by_name: dict[str, Question] = {}
    for each in by_text.values():
        by_name.setdefault(each.name, each)
    return tuple(by_name.values())


def find_screened(name: str) -> Resolved:
    """What is to be screened.

    Raises:
        BadInput: it is no medicine that the catalogue knows.
    """
    medicine = resolve(name)
    if medicine is None:
        raise BadInput(Problem("TREATMENT", ask_medicine(name), "See cleardays catalogue list."))
    if medicine.is_group and not rule_books(medicine):
        members = ", ".join(sorted(medicine.possible_ids)[:_SHOWN])
        raise BadInput(Problem("TREATMENT", f"{name!r} is a class of medicines.", f"Say which one, for example {members}."))
    return medicine


def _rules(case: Case, where: str) -> Iterator[Rule]:
    """Every rule that may speak of the treatment in this jurisdiction."""
    read = _READ_WITH[where]
    for book in rule_books(case.treatment):
        yield from (rule for rule in rules_of(book, case.treatment) if applies(rule, read))
    yield from (rule for rule in general()["rule"] if applies(rule, read))
    yield from (rule for rule in standing_rules(case) if applies(rule, read))


def jurisdictions_read(where: str) -> set[str]:
    """Whose texts are read in a jurisdiction; `ANY` reads all."""
    return _READ_WITH[where]


def applies(rule: Rule, read: set[str]) -> bool:
    """Whether a rule is of one of these jurisdictions, or of none in particular."""
    return "jurisdiction" not in rule or bool(read & set(rule["jurisdiction"]))


def _required(case: Case, person: Person, where: str) -> Iterator[Question]:
    """What the treatment needs to know and was not told."""
    asks = [*general()["ask"]]
    for book in rule_books(case.treatment):
        asks += rules_of(book, case.treatment, "ask")
    for ask in asks:
        if not applies(ask, _READ_WITH[where]) or answer_given(case, ask["name"], person):
            continue
        # Whoever may be pregnant is asked; a question that only a finding raises waits for the finding.
        answer = True if "when" not in ask else holds(ask["when"], case).value
        if answer or (answer is None and not ask.get("only_if_sure", False)):
            yield Question(ask["name"], ask["question"], True)


def _not_read(case: Case, indication: str | None) -> Iterator[Question]:
    """Names that stand for nothing here, and what the catalogue does not hold."""
    for each in case.unread:
        yield Question(f"{each.where}.{each.name}", each.question, True)
    if case.treatment.is_group:
        yield Question("treatment.which", f"Which of the {case.treatment.says} is it exactly?", True)
    elif not rule_books(case.treatment):
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
