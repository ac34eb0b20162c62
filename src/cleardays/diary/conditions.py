"""Conditions: what a diary is judged by, declared in `data/conditions/*.toml`; a new file is a new condition.

An outcome is answered by the classified day (`flag`) or by a column of the day
record: as a yes or no, as a number above a limit, or as a word in a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from cleardays.diary.kleene import Tri
from cleardays.diary.records import DayRecord
from cleardays.diary.rules import day_rules
from cleardays.packaged import PACKAGE, read_toml
from cleardays.problems import BadInput, Problem, shown

DAY, COUNT, SCALE = "day", "count", "scale"
KINDS = (DAY, COUNT, SCALE)
DEFAULT = "migraine"
_PARTS = ("column", "number", "or_number", "or_listed")
_WITHOUT = ("day without it", "days without it")
_KEYS = {"id", "kind", "flag", "better", "words", "had", "without", "source", "response", "near_daily", *_PARTS}


class Published(NamedTuple):
    """What sources say of the reduction that counts as a response.

    `shares`: whether they state the shares of the rules of judging for this outcome; else `says` tells in a sentence what they
    say instead, and the share is our own choice.
    """

    shares: bool = False
    says: str = ""
    source: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """One outcome of a condition: its kind, and where its answer stands.

    `day` outcomes are had or not on a day, `count` outcomes add up, `scale`
    outcomes are averaged. `better` says which way is better; `had` and `without`
    name a day that had it and one that had not, and several of them.
    `headache`: it is one of a headache condition, whose rules of judging hold for it.
    `response`: what is published of how much less of it counts as a response.
    `near_daily`: what to judge beside it where nearly every day had it.
    """

    id: str
    kind: str
    flag: str | None
    parts: dict[str, Any]
    better: str
    words: tuple[str, str]
    source: tuple[str, ...]
    had: tuple[str, str]
    without: tuple[str, str]
    headache: bool
    response: Published
    near_daily: str

    def answer(self, record: DayRecord, sex: str | None, drink_g: float) -> Tri:
        """Whether the day had it, from its record; None where the record does not say."""
        answers: list[Tri] = []
        if "column" in self.parts:
            answers.append(getattr(record, self.parts["column"]))
        for key in ("number", "or_number"):
            if key in self.parts:
                answers.append(_holds(record, self.parts[key], sex, drink_g))
        if "or_listed" in self.parts:
            listed = getattr(record, self.parts["or_listed"]["column"])
            answers.append(None if listed is None else self.parts["or_listed"]["word"] in listed)
        # the first that was answered decides: what was asked by itself goes before a list that does not name it
        return next((answer for answer in answers if answer is not None), None)

    def value(self, record: DayRecord, drink_g: float) -> Decimal | None:
        """The number of the day, for a count or a scale; None where it was not told."""
        return number(record, self.parts["column"], drink_g)


class Condition(NamedTuple):
    """A condition: its outcomes in order, the first of them the default one."""

    id: str
    name: str
    version: str
    indications: tuple[str, ...]
    substance: str | None
    instruments: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    source: tuple[str, ...]
    headache: bool  # judged by the rules of headache societies


def number(record: DayRecord, column: str, drink_g: float) -> Decimal | None:
    """A number of the record; drinks may have been told as grams of ethanol."""
    value = getattr(record, column)
    if value is None and column == "standard_drinks" and record.grams is not None:
        return record.grams / Decimal(str(drink_g))
    return None if value is None else Decimal(value)


def _holds(record: DayRecord, rule: dict[str, Any], sex: str | None, drink_g: float) -> Tri:
    """Whether a number is `more_than` or `at_least` a limit, which may depend on the person's sex."""
    value = number(record, rule["column"], drink_g)
    if value is None:
        return None
    if "more_than" in rule:
        return bool(value > rule["more_than"])
    limits = rule.get("at_least_by_sex")
    return bool(value >= (rule["at_least"] if limits is None else limits.get(sex or "other", limits["other"])))


def read_condition(text: str, where: str) -> Condition:
    """Read one condition file.

    Raises:
        BadInput: with everything that is missing or misspelt.
    """
    import tomllib

    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(Problem(where, f"this is not TOML ({error}).", "Correct it.")) from None
    return _condition(told, where)


def _condition(told: dict[str, Any], where: str) -> Condition:
    problems = [
        Problem(where, f"{key} is missing.", "Add it.")
        for key in ("id", "name", "version", "source", "outcome")
        if not told.get(key)
    ]
    headache = bool(told.get("headache", False))
    outcomes = [
        _outcome(each, f"{where}, outcome {n}", problems, headache=headache)
        for n, each in enumerate(told.get("outcome", ()), start=1)
    ]
    if problems:
        raise BadInput(problems)
    return Condition(
        id=told["id"],
        name=told["name"],
        version=told["version"],
        indications=tuple(told.get("indications", ())),
        substance=told.get("substance"),
        instruments=tuple(told.get("instruments", ())),
        outcomes=tuple(outcome for outcome in outcomes if outcome is not None),
        source=tuple(told["source"]),
        headache=headache,
    )


def _outcome(told: dict[str, Any], where: str, problems: list[Problem], *, headache: bool) -> Outcome | None:
    before = len(problems)
    for key in ("id", "kind", "words", "source"):
        if not told.get(key):
            problems.append(Problem(where, f"{key} is missing.", "Add it."))
    if told.get("kind") not in KINDS:
        problems.append(Problem(f"{where}, kind", f"{shown(str(told.get('kind')))} is no kind.", f"Use {', '.join(KINDS)}."))
    for key in sorted(told.keys() - _KEYS):
        problems.append(Problem(f"{where}, {key}", "the key is not known.", f"Use {', '.join(sorted(_KEYS))}."))
    parts = {key: told[key] for key in _PARTS if key in told}
    if not parts and "flag" not in told:
        problems.append(Problem(where, "nothing answers it.", "Add flag, column, number or or_listed."))
    columns = [part if isinstance(part, str) else part.get("column") for part in parts.values()]
    for column in columns:
        if column not in DayRecord.__dataclass_fields__:
            problems.append(Problem(where, f"{shown(str(column))} is no column of a day.", "See the columns of days.csv."))
    if len(problems) > before:
        return None
    one, several = told["words"]
    published = told.get("response", {})
    return Outcome(
        id=told["id"],
        kind=told["kind"],
        flag=told.get("flag"),
        parts=parts,
        better=told.get("better", "fewer"),
        words=(one, several),
        source=tuple(told["source"]),
        had=_pair(told.get("had", (one, several))),
        without=_pair(told.get("without", _WITHOUT)),
        headache=headache,
        response=Published(bool(published.get("shares")), published.get("says", ""), tuple(published.get("source", ()))),
        near_daily=told.get("near_daily", ""),
    )


def _pair(words: Sequence[str]) -> tuple[str, str]:
    one, several = words
    return one, several


@cache
def conditions() -> dict[str, Condition]:
    """The packaged conditions by id."""
    files = sorted((PACKAGE / "diary" / "data" / "conditions").glob("*.toml"))
    found = (_condition(read_toml(file), file.name) for file in files)
    return {condition.id: condition for condition in found}


def condition_of(about: dict[str, str]) -> Condition:
    """The condition that a diary names, by id or by indication; migraine where it names none.

    Raises:
        BadInput: it names one that is not known.
    """
    name = about.get("condition", DEFAULT)
    for condition in conditions().values():
        if name == condition.id or name in condition.indications:
            return condition
    known = ", ".join(conditions())
    raise BadInput(Problem("#condition", f"{shown(name)} is no condition that is known.", f"Use one of {known}."))


def outcome_of(about: dict[str, str], name: str) -> Outcome | None:
    """An outcome that is had or not on a day, as the diary's condition declares it; None where it has none of that name."""
    return next((outcome for outcome in condition_of(about).outcomes if outcome.id == name and outcome.kind == DAY), None)


def declared(about: dict[str, str], name: str) -> Outcome:
    """An outcome as the diary's condition declares it, else as the first condition does that has it; else without a name."""
    own = condition_of(about)
    for condition in (own, *conditions().values()):
        for outcome in condition.outcomes:
            if outcome.id == name:
                # what is published of one substance, and what to judge beside it, holds for no other
                return outcome if condition is own else outcome._replace(response=Published(), near_daily="")
    days = ("such day", "such days")
    return Outcome(name, DAY, None, {}, "fewer", days, (), days, _WITHOUT, headache=False, response=Published(), near_daily="")


def contradictions_of(about: dict[str, str], record: DayRecord, drink_g: float) -> list[tuple[str, str, str]]:
    """Answers about use that cannot both be true in this condition, as (column, what was seen, what to do)."""
    found = []
    drinks, grams = record.standard_drinks, record.grams
    if drinks is not None and grams is not None and abs(float(drinks) * drink_g - float(grams)) > drink_g:
        found.append(("grams", f"{drinks} drinks of {drink_g:g} g are not {grams} g.", "Give one of the two."))
    if condition_of(about).substance != "alcohol" or record.use_day is None or (drinks is None and grams is None):
        return found
    some = bool(drinks) or bool(grams)
    if some is not record.use_day:
        said = "use" if record.use_day else "no use"
        found.append(("use_day", f"the day is one of {said}, and {drinks or grams or 0} was drunk.", "Correct one of the two."))
    return found


def outcome_ids(kind: str = DAY) -> tuple[str, ...]:
    """Ids of the outcomes of a kind, over all conditions, each once; the default condition's first."""
    ordered = sorted(conditions().values(), key=lambda condition: condition.id != DEFAULT)
    return tuple(dict.fromkeys(o.id for condition in ordered for o in condition.outcomes if o.kind == kind))


def standard_drink_g(about: dict[str, str]) -> float:
    """Grams of ethanol in a standard drink, as the diary says; the size of the rules where it does not."""
    told = about.get("standard_drink_g", "")
    return float(told) if told.replace(".", "", 1).isdigit() and float(told) > 0 else day_rules().standard_drink_g
