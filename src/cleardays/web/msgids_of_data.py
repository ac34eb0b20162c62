"""Words of the data that a person reads in the app, in English: names, signs and what to do about them, questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cleardays.catalogue.planning import policy
from cleardays.catalogue.screening_rules import general, groups
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.diary.conditions import conditions
from cleardays.packaged import PACKAGE, read_toml
from cleardays.plan.screening import INDICATIONS
from cleardays.report.feed import CAUTION
from cleardays.report.plan_doses import plan_words
from cleardays.report.plan_watch import sign
from cleardays.report.treatment_page_effects import effects_of
from cleardays.report.treatment_page_words import own_words, sentence, word
from cleardays.sources import MARKS


def told_in_data() -> Iterator[tuple[str, str]]:
    """Each text with the place it is from."""
    for name, found in (
        ("treatments", _treatments()), ("signs", _signs()), ("questions", _questions()), ("plan words", _of_plans()),
        ("outcomes", _outcomes()), ("screening", _screening()), ("parts", _PARTS),
    ):  # fmt: skip
        yield from ((name, text) for text in dict.fromkeys(found))


def _treatments() -> Iterator[str]:
    for each in treatment_ids():
        yield own_words(each)["name"]
    yield from (word("indication", each) for each in INDICATIONS)
    for each in treatment_ids():
        yield from effects_of(each)


def _signs() -> Iterator[str]:
    """Warning signs, by what they are called, with what to do."""
    rules = general()["red_flags"]
    yield from (rules["emergency"], rules["today"])
    of_treatments = [row for each in treatment_ids() for row in load_treatment(each).facts("red_flag")]
    for flag in dict.fromkeys((*rules["flags"], *(flag for row in of_treatments for flag in row["flags"]))):
        row = rules["flags"].get(flag, {})
        yield sign(flag)
        yield from (row[key] for key in ("says", "action") if key in row)
    for row in of_treatments:
        yield from (row[key] for key in ("says", "action") if key in row)
    shown = read_toml(PACKAGE / "diary" / "data" / "red_flags.toml")
    for row in (*shown["told"].values(), *shown["seen"].values()):
        yield from (row["shown"], row["do"])


def _questions() -> Iterator[str]:
    """What a screening asks."""
    yield from (row["question"] for row in general()["ask"])
    yield from general()["questions"].values()
    for each in treatment_ids():
        yield from (row["question"] for row in load_treatment(each).facts("ask") if "{" not in row["question"])


def _screening() -> Iterator[str]:
    """What stands for or against a treatment, why, and what to do; texts with a place are filled before anybody sees them."""
    books = [*(load_treatment(each) for each in treatment_ids()), *(book for _, book in groups())]
    of_all = [row for table in general().values() for row in (table if isinstance(table, (list, tuple)) else [table])]
    rules = [row for row in of_all if isinstance(row, Mapping) and "because" in row]
    for row in (*rules, *(row for book in books for row in book.facts("rule"))):
        yield from (row[key] for key in ("subject", "because", "action") if key in row and "{" not in row[key])


def _of_plans() -> Iterator[str]:
    words = plan_words()
    yield from (row["says"] for row in policy().stop_rules if "payer" not in row)
    for one, many in words["form"].values():
        yield from (one, many)
    for each in treatment_ids():
        for row in load_treatment(each).facts("monitor"):
            yield from (row["what"], row["action"], sentence(row["action"]))
    for table in ("route", "unit", "outcome", "indication", "check"):
        yield from words[table].values()


def _outcomes() -> Iterator[str]:
    """What the days of a diary are called."""
    for condition in conditions().values():
        for each in condition.outcomes:
            yield from (*each.had, *each.without)


# Parts of sentences that are put together of more than one: no room holds them as a whole.
_PARTS = (
    "%(low)s to %(high)s",
    "%(one)s and %(other)s",
    "%(one)s or %(other)s",
    "under %(number)s",
    "%(num)s days",
    "%(num)s day",
    "%(num)s known days",
    "%(num)s known day",
    "From %(first)s to %(last)s: %(known)s of %(days)s is known.",
    "From %(first)s to %(last)s: %(known)s of %(days)s are known.",
    "From %(first)s to %(last)s: %(known)s of %(days)s are known; %(recalled)s of them were written down later from memory.",
    "%(num)s more week",
    "%(num)s more weeks",
    "%(change)s (90 % interval %(low)s to %(high)s)",
    "The chance of at least %(share)s fewer: %(before)s before the diary, %(now)s with it.",
    "The chance of at least %(share)s weaker: %(before)s before the diary, %(now)s with it.",
    "%(known)s of %(days)s is known",
    "%(known)s of %(days)s are known",
    "Read up to %(day)s: %(known)s of %(days)s is known. A day that is not known counts as neither good nor bad.",
    "Read up to %(day)s: %(known)s of %(days)s is known, %(recalled)s of them written down later. A day that is not known "
    "counts as neither good nor bad.",
    "Read up to %(day)s: %(known)s of %(days)s are known. A day that is not known counts as neither good nor bad.",
    "Read up to %(day)s: %(known)s of %(days)s are known, %(recalled)s of them written down later. A day that is not known "
    "counts as neither good nor bad.",
    "(90 % interval %(low)s to %(high)s)",
    "about %(num)s of %(days)s days",
    "%(num)s of %(days)s days",
    "%(num)s of %(days)s known days",
    "%(num)s of 1 known day",
    "%(dose)s once a day",
    "%(dose)s twice a day",
    "%(dose)s 3 times a day",
    "%(dose)s 4 times a day",
    "%(dose)s once",
    "%(dose)s at night",
    "%(dose)s once at night",
    "%(dose)s every second day",
    "%(dose)s once a week",
    "%(dose)s once a year",
    "%(dose)s every %(num)s weeks",
    "%(dose)s every %(num)s days",
    "%(number)s %(form)s of %(each)s",
    "%(amount)s units",
    "%(num)s hours",
    "%(num)s minutes",
    "%(num)s weeks",
    "%(num)s months",
    "Told: %(term)s.",
    "Any of these?",
    "CONFIRMED",
    "DRAFT",
    "NO PLAN",
    "NOT READY",
    "If you miss a session",
    "If you miss a dose",
    *(f"%(said)s ({mark})" for mark in MARKS.values()),
    *(f"({mark})" for mark in MARKS.values()),
    *MARKS.values(),
    "%(had)s with %(has)s, %(value)s without, %(unknown)s not known",
    "not known",
    "Not yet.",
    "In part.",
    "%(one)s, mild",
    "%(one)s, moderate",
    "%(one)s, severe",
    "%(day)s: the taller, the more severe",
    "%(day)s, strength not recorded",
    "unknown day",
    "%(span)s, on treatment",
    "%(span)s, before",
    "%(had)s of the last %(of)s days; %(unknown)s are not known",
    CAUTION,
    "left",
    "right",
    "middle",
    "confirmed",
    "secondary",
    "unconfirmed",
    "design",
    "the treatment",
    "none known",
)
