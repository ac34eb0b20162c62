"""What can be asked of a day, in the words of the screens; which of it is asked in the evening is the person's choice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cleardays.diary.conditions import conditions
from cleardays.web.marked import N_

LEVEL, YES_NO, GRADE, NUMBER, COUNT, CHOICE, WORDS, NOTE, ZONE = (
    "level", "yes_no", "grade", "number", "count", "choice", "words", "note", "zone",
)  # fmt: skip
_SEPARATED = re.compile(r"[;,\n]")
NONE = "none"
Options = tuple[tuple[str, str], ...]


class Question(NamedTuple):
    """A question of one cell of a day; `group` says under which heading the page of the day has it."""

    cell: str
    kind: str
    says: str
    hint: str = ""
    options: Options = ()
    group: str = "first"


LEVELS: Options = (
    ("clear", N_("No headache")), ("mild", N_("Mild")), ("moderate", N_("Moderate")), ("severe", N_("Severe")),
    ("present", N_("Yes, strength not said")), ("", N_("I do not know")),
)  # fmt: skip
USED: Options = (("n", N_("No")), ("y", N_("Yes")), ("", N_("Not said")))
_DONE: Options = (
    ("0", N_("Everything")), ("1", N_("Most things")), ("2", N_("Little")), ("3", N_("I lay down")), ("", N_("Not said")),
)  # fmt: skip
_MIGRAINE: Options = (("yes", N_("Yes")), ("no", N_("No")), ("unsure", N_("Not sure")), ("", N_("Not said")))
GRADES: Options = (("", N_("Not said")), *((str(grade), str(grade)) for grade in range(11)))
_WORDS_HINT = N_("Words with a comma between them. “none” is an answer too; empty is not.")
_MORE, _KIND = "more", "kind"

HEADACHE = Question("headache", LEVEL, N_("Headache"), options=LEVELS)
USE = Question("use_day", CHOICE, N_("Used"), options=USED)
_OWN_WORD = Question("migraine", CHOICE, N_("Was it a migraine, in your own view?"), options=_MIGRAINE, group=_KIND)
_FUNCTION = Question("function", CHOICE, N_("What could you do?"), options=_DONE)
_SLEEP = Question("sleep_h", NUMBER, N_("Hours of sleep"), group=_MORE)
_STRESS = Question("stress", GRADE, N_("Stress, 0 to 10"), options=GRADES, group=_MORE)
_MOOD = Question("mood", GRADE, N_("Mood, 0 to 10"), N_("0 is the worst, 10 the best."), GRADES, group=_MORE)
_CRAVING = Question("craving", GRADE, N_("The strongest wish, 0 to 10"), N_("0 is none at all."), GRADES)
_NOTE = Question("note", NOTE, N_("A note"))
_ZONE = Question("tz", ZONE, N_("Time zone of that day, when travelling"), N_("Like Europe/Berlin."), group=_MORE)


def _yes_no(cell: str, says: str, group: str = _KIND) -> Question:
    return Question(cell, YES_NO, says, options=USED, group=group)


OF_HEADACHE = (
    HEADACHE,
    _FUNCTION,
    _NOTE,
    Question("pain_max", GRADE, N_("Worst pain, 0 to 10"), options=GRADES, group=_KIND),
    Question("hours", NUMBER, N_("Hours of headache"), group=_KIND),
    _OWN_WORD,
    _yes_no("aura", N_("Aura")),
    _yes_no("nausea", N_("Nausea")),
    _yes_no("vomiting", N_("Vomiting")),
    _yes_no("light", N_("Light was hard to bear")),
    _yes_no("sound", N_("Sound was hard to bear")),
    _yes_no("worse_moving", N_("Worse when moving")),
    _yes_no("one_sided", N_("On one side")),
    _yes_no("pulsating", N_("Throbbing")),
    _yes_no("bilateral", N_("On both sides")),
    _yes_no("pressing", N_("Pressing")),
    _yes_no("believed_migraine", N_("I took it for a migraine when it began")),
    _yes_no("aura_succession", N_("Aura signs came one after the other")),
    _yes_no("headache_within_60", N_("Headache within an hour of the aura")),
    Question("acute_doses", COUNT, N_("How many times a medicine for attacks was taken"), group=_MORE),
    Question("acute_classes", WORDS, N_("Their classes"), N_("Such as triptan, nsaid, paracetamol."), group=_MORE),
    _yes_no("preventive_taken", N_("Preventive taken"), _MORE),
    Question("hours_lost", NUMBER, N_("Hours of the day that were lost"), group=_MORE),
    _yes_no("menses", N_("Period"), _MORE),
    _yes_no("menses_day1", N_("First day of the period"), _MORE),
    _SLEEP,
    _STRESS,
    _MOOD._replace(group=_MORE),
    Question("other_symptoms", WORDS, N_("Other signs"), _WORDS_HINT, group=_MORE),
    Question("triggers", WORDS, N_("Own things to watch"), _WORDS_HINT, group=_MORE),
    _ZONE,
)
OF_RECOVERY = (
    USE,
    _CRAVING,
    _MOOD._replace(group="first"),
    _NOTE,
    Question("standard_drinks", NUMBER, N_("Standard drinks"), group=_MORE),
    Question("grams", NUMBER, N_("Grams of alcohol"), N_("One of the two is enough."), group=_MORE),
    Question("other_use", WORDS, N_("Other substances"), _WORDS_HINT, group=_MORE),
    _SLEEP,
    _STRESS,
    _yes_no("preventive_taken", N_("Treatment taken"), _MORE),
    Question("triggers", WORDS, N_("Own things to watch"), _WORDS_HINT, group=_MORE),
    _ZONE,
)
# Asked beside the first question until somebody chooses otherwise; "taken" are the medicines for attacks.
TAKEN = "taken"
_AT_FIRST = ("function", TAKEN, "aura", "note")
_AT_FIRST_RECOVERY = ("craving", "mood", "note")
EVENING, OWN_ITEMS = "evening", "own_items"  # keys of what is said of a diary
MOST_OWN = 12
_LONGEST_OWN = 40


def is_recovery(about: Mapping[str, str]) -> bool:
    """Whether the diary is one of recovery and not of headache."""
    found = about.get("condition", "")
    return any(not each.headache and found in (each.id, *each.indications) for each in conditions().values())


def questions_of(about: Mapping[str, str]) -> tuple[Question, ...]:
    """Everything that can be told of a day of this diary; the first is the one that makes the day known."""
    return OF_RECOVERY if is_recovery(about) else OF_HEADACHE


def choices(about: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What can be asked in the evening beside the first question, with its words."""
    rest = tuple(
        (each.cell, each.says) for each in questions_of(about)[1:] if each.kind != ZONE and each.cell != "acute_classes"
    )
    return rest if is_recovery(about) else ((TAKEN, N_("Medicines taken for attacks")), *rest)


def chosen(about: Mapping[str, str]) -> tuple[str, ...]:
    """What is asked in the evening beside the first question."""
    if EVENING in about:
        return tuple(about[EVENING].split())
    return _AT_FIRST_RECOVERY if is_recovery(about) else _AT_FIRST


def asked_of(about: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions of the evening after the first one; own things are asked by ticking."""
    wanted = chosen(about)
    found = [each for each in questions_of(about)[1:] if each.cell in wanted and each.cell != "triggers"]
    return tuple(sorted(found, key=lambda each: each.kind == NOTE))


def own_items(about: Mapping[str, str]) -> tuple[str, ...]:
    """The person's own things to watch."""
    return tuple(each for each in about.get(OWN_ITEMS, "").split(";") if each)


def read_own_items(text: str) -> tuple[str, ...]:
    """Own things as somebody typed them, each once."""
    found = (" ".join(each.split())[:_LONGEST_OWN] for each in _SEPARATED.split(text))
    return tuple(dict.fromkeys(each for each in found if each and each.lower() != NONE))[:MOST_OWN]


def said_in(form: Mapping[str, str], questions: Iterable[Question]) -> dict[str, str]:
    """Cells as a form tells them; what the form does not hold is left out.

    >>> said_in({"hours": "2,5", "triggers": "wine, late night"}, OF_HEADACHE)
    {'hours': '2.5', 'triggers': 'wine;late night'}
    """
    return {each.cell: _cell(each, form[each.cell]) for each in questions if each.cell in form}


def _cell(question: Question, typed: str) -> str:
    typed = typed.strip()
    if question.kind == NUMBER:
        return typed.replace(",", ".")
    if question.kind == WORDS:
        return ";".join(each.strip() for each in _SEPARATED.split(typed) if each.strip())
    return typed


def ticked(form: Mapping[str, str], about: Mapping[str, str], before: str) -> dict[str, str]:
    """Own things ticked in the evening, as the cell that holds them; nothing where neither one nor "none" was ticked.

    Args:
        form: holds `own-0`, `own-1`, ... for those that were there, `own-none` for none.
        about: what is said of the diary.
        before: the cell as it stands.
    """
    items = own_items(about)
    there = [each for n, each in enumerate(items) if form.get(f"own-{n}")]
    others = [each for each in before.split(";") if each and each not in items and each.lower() != NONE]
    if there or (form.get("own-none") and others):
        return {"triggers": ";".join([*there, *others])}
    return {"triggers": NONE} if form.get("own-none") else {}
