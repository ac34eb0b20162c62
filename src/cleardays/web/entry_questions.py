"""What can be told of an attack, a medicine taken, something that happened, or a questionnaire, in the words of the screens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from cleardays.clock import parse_stamp
from cleardays.diary.instruments import instruments
from cleardays.diary.sheets_beside import ATTACKS, DOSES, EVENTS, SCORES
from cleardays.medicines import ACUTE_CLASSES
from cleardays.trial.story.diary_told import Cells, Key
from cleardays.web.marked import N_
from cleardays.web.questions import CHOICE, GRADE, GRADES, NOTE, NUMBER, USED, WORDS, YES_NO, Options, Question, said_in

STAMP, DAY, TEXT, PICK, TIME = "stamp", "day", "text", "pick", "time"
_NOT_SAID = ("", N_("Not said"))
_WORDS_HINT = N_("Words with a comma between them. “none” is an answer too; empty is not.")


def _yes_no(cell: str, says: str) -> Question:
    return Question(cell, YES_NO, says, options=USED, group="more")


def _pick(cell: str, says: str, *options: tuple[str, str]) -> Question:
    return Question(cell, PICK, says, options=(*options, _NOT_SAID))


_LEVELS: Options = (
    ("mild", N_("Mild")), ("moderate", N_("Moderate")), ("severe", N_("Severe")), ("present", N_("Yes, strength not said")),
    ("clear", N_("No headache, aura alone")),
)  # fmt: skip
_ON = Question("date", DAY, N_("Day"))
_MORE_NOTE = Question("note", NOTE, N_("A note"))
_ATTACK = (
    _ON,
    Question("start", STAMP, N_("Began")),
    Question("end", STAMP, N_("Ended")),
    Question("headache", CHOICE, N_("How bad"), options=(*_LEVELS, _NOT_SAID)),
    _MORE_NOTE,
    Question("pain_max", GRADE, N_("Worst pain, 0 to 10"), options=GRADES, group="more"),
    Question("minutes", NUMBER, N_("How many minutes, where the times are not known"), group="more"),
    _yes_no("asleep_end", N_("Fell asleep with it")),
    _yes_no("aura", N_("Aura")),
    _yes_no("nausea", N_("Nausea")),
    _yes_no("vomiting", N_("Vomiting")),
    _yes_no("light", N_("Light was hard to bear")),
    _yes_no("sound", N_("Sound was hard to bear")),
    _yes_no("worse_moving", N_("Worse when moving")),
    _yes_no("one_sided", N_("On one side")),
    _yes_no("pulsating", N_("Throbbing")),
    Question("other_symptoms", WORDS, N_("Other signs"), _WORDS_HINT, group="more"),
    Question("triggers", WORDS, N_("Own things to watch"), _WORDS_HINT, group="more"),
)
RELIEF: Options = (
    ("pain_free", N_("The pain was gone")), ("mild_or_none", N_("Little or no pain was left")),
    ("partial", N_("It helped somewhat")), ("none", N_("It did not help")),
)  # fmt: skip
_CLASSES = {
    "triptan": N_("Triptan"), "gepant": N_("Gepant"), "ditan": N_("Lasmiditan"), "ergot": N_("Ergot alkaloid"),
    "nsaid": N_("Anti-inflammatory, such as ibuprofen or aspirin"), "paracetamol": N_("Paracetamol"),
    "metamizole": N_("Metamizole"), "combination": N_("Combined pain medicine"), "opioid": N_("Opioid"),
    "barbiturate": N_("Barbiturate"), "antiemetic": N_("Against nausea"), "other": N_("Another class"),
}  # fmt: skip
_DOSE = (
    Question("name", TEXT, N_("Medicine")),
    Question("amount", NUMBER, N_("Amount")),
    Question("unit", TEXT, N_("Unit"), N_("Like mg, or {dose} for a tablet of unknown strength.")),
    _ON,
    Question("time", TIME, N_("Time")),
    _pick("relief_2h", N_("Two hours later"), *RELIEF),
    _pick(
        "kind", N_("What for"),
        ("acute", N_("For an attack")), ("preventive", N_("To prevent attacks")), ("session", N_("At a session")),
    ),
    _pick(
        "state", N_("Was it taken?"), ("taken", N_("Taken")), ("late", N_("Taken late")), ("given", N_("Given")),
        ("skipped", N_("Left out")), ("planned", N_("Planned")),
    ),
    _pick("acute_class", N_("Class, where you know it"), *((each, _CLASSES[each]) for each in ACUTE_CLASSES)),
    Question("route", TEXT, N_("How it was given")),
)  # fmt: skip
_EVENT = (
    _pick(
        "kind", N_("What kind of thing"),
        ("side_effect", N_("Side effect")), ("rescue", N_("Treatment by others for an attack")),
        ("care", N_("Other care, such as therapy")), ("withdrawal", N_("A medicine for attacks was stopped")),
        ("dose_change", N_("A dose was changed")), ("red_flag", N_("A warning sign")), ("other", N_("Something else")),
    ),
    Question("term", TEXT, N_("What happened")),
    _pick("severity", N_("How bad"), ("mild", N_("Mild")), ("moderate", N_("Moderate")), ("severe", N_("Severe"))),
    _ON,
    Question("since", DAY, N_("Since, where it began earlier")),
    Question("until", DAY, N_("Until")),
    Question("drug", TEXT, N_("Of which medicine, where that is suspected")),
    _pick(
        "attribution", N_("What is it of, in your own view?"),
        ("treatment", N_("The treatment")), ("condition", N_("The illness")),
        ("both", N_("Both")), ("other", N_("Something else")), ("unsure", N_("Not sure")),
    ),
    _pick(
        "outcome", N_("How it stands"),
        ("ongoing", N_("Goes on")), ("resolving", N_("Getting better")), ("resolved", N_("Over")),
        ("resolved_with_sequelae", N_("Over, something stayed")), ("unknown", N_("Not known")),
    ),
    Question("action", TEXT, N_("What was done")),
    _yes_no("helped", N_("Did that help?")),
    _yes_no("attended", N_("Did you go?")),
    _MORE_NOTE,
)  # fmt: skip
_SCORE = (
    _pick("instrument", N_("Questionnaire"), *((each, each) for each in instruments())),
    _ON,
    Question("total", NUMBER, N_("Total")),
    Question("items", WORDS, N_("The answers in their order"), N_("Numbers with a comma between them.")),
    Question("version", TEXT, N_("Version of the form")),
    Question("language", TEXT, N_("Its language")),
    Question("filled_by", TEXT, N_("Filled in by")),
)
# Word in the address -> kind of event, what to call it, its questions.
ENTRIES: Mapping[str, tuple[str, str, tuple[Question, ...]]] = {
    "attack": ("attack.told", N_("Attack"), _ATTACK),
    "medicine": ("dose.told", N_("Medicine taken"), _DOSE),
    "event": ("effect.told", N_("Side effect, or something else that happened"), _EVENT),
    "score": ("score.told", N_("Questionnaire"), _SCORE),
}
SHEETS = {"attack.told": ATTACKS, "dose.told": DOSES, "effect.told": EVENTS, "score.told": SCORES}
WORD_OF = {kind: word for word, (kind, _, _) in ENTRIES.items()}


def of_day(entries: Mapping[Key, Cells], day: str) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """What is told of a day beside the day itself: for each word of `ENTRIES` the names with their cells."""
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = {word: [] for word in ENTRIES}
    for (kind, name), told in entries.items():
        if kind in WORD_OF and told.cells.get("date") == day:
            found[WORD_OF[kind]].append((name, told.cells))
    for rows in found.values():
        rows.sort(key=lambda row: row[1].get("start", row[1].get("time", "")))
    return found


def cells_said(form: Mapping[str, str], word: str, before: Mapping[str, str], zone: tzinfo) -> dict[str, str]:
    """Cells of an entry as its form tells them; what the form does not ask for stays, a time unchanged keeps its offset."""
    _, _, questions = ENTRIES[word]
    said = said_in(form, questions)
    for question in questions:
        if question.kind == STAMP and said.get(question.cell):
            typed, was = said[question.cell], before.get(question.cell, "")
            said[question.cell] = was if was[:16] == typed[:16] else _with_offset(typed, zone)
    return {name: value for name, value in {**before, **said}.items() if value != ""}


def _with_offset(typed: str, zone: tzinfo) -> str:
    """A time on the person's clock, with the offset of their zone then; what is no time stays as it was typed."""
    stamp = parse_stamp(typed)
    return typed if stamp is None or stamp.tzinfo is not None else stamp.replace(tzinfo=zone).isoformat(timespec="minutes")
