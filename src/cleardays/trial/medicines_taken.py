"""Everything a person takes beside the treatments of their open trials, and what the screen says of each together with them.

A medicine that nobody named is not known to be absent: where nobody was asked, that is said, and never "none".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.catalogue.names import find_medicine
from cleardays.diary.entries import TAKEN
from cleardays.diary.records import Diary
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.changes import state_of
from cleardays.plan.journal import PlanFile
from cleardays.plan.person import Person, TakenMedicine
from cleardays.plan.screening import ANY, INDICATIONS, Screening, screen
from cleardays.problems import BadInput
from cleardays.texts import clean
from cleardays.trial.dose_levels import level_rules
from cleardays.trial.story import intake_told
from cleardays.trial.story.intake_told import PartTold
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.told_treatments import key
from cleardays.trial.whole_trial import OpenTrial

_LONGEST = 200
_UNKNOWN = "medicines."
_NO_RULES = ("treatment", "treatment.which")  # what the screen asks where it has none
_INTAKE, _PLAN, _DIARY, _TRIAL = "intake", "plan", "diary", "trial"


class Concern(NamedTuple):
    """What the screen of an open treatment says because this medicine is taken."""

    treatment: str
    alert: Alert

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"treatment": self.treatment, **self.alert.document()}


class Taken(NamedTuple):
    """One medicine: as it was told, what it is read as (None: not known here), and what it raises.

    `as_needed` None was not told. `ask` are questions without whose answer nothing can be ruled out.
    """

    name: str
    known_as: str | None
    dose: str | None
    as_needed: bool | None
    told_in: tuple[str, ...]
    concerns: tuple[Concern, ...] = ()
    ask: tuple[str, ...] = ()

    @property
    def is_acute(self) -> bool:
        """Whether it is taken for attacks."""
        medicine = find_medicine(self.name)
        only_acute = medicine is not None and medicine.uses == {"acute"}
        return self.as_needed is True or (self.as_needed is None and only_acute)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "told_in": list(self.told_in), "ask": list(self.ask),
                "concerns": [each.document() for each in self.concerns], "acute": self.is_acute}  # fmt: skip


class Medicines(NamedTuple):
    """All of them. `asked`: whether anybody was asked which medicines are taken; where not, the list is what is known only.

    `screened` are the open treatments for which the catalogue has rules, `unscreened` those of which nothing can be said.
    """

    taken: tuple[Taken, ...]
    asked: bool
    none_told: bool = False
    screened: tuple[str, ...] = ()
    unscreened: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            **self._asdict(),
            "taken": [each.document() for each in self.taken],
            "screened": list(self.screened),
            "unscreened": list(self.unscreened),
        }


@dataclass
class _Named:
    told: TakenMedicine
    places: list[str] = field(default_factory=list)


def medicines_taken(
    trials: Sequence[OpenTrial], ended: Sequence[Trial], intake: PartTold | None, diary: Diary, on: date
) -> Medicines:
    """What is taken on a day, from the plans, the intake and the diary; the treatments of open trials are not listed.

    Args:
        trials: those that are open.
        ended: those that are over; their doses up to the end are no medicine that is taken.
        intake: the part of the intake on medicines; None was not asked.
        diary: its table of doses.
        on: the day.
    """
    own = {key(each.trial.treatment) for each in trials}
    found: dict[str, _Named] = {}
    people = [each for each in (_person(trial.file, on) for trial in trials) if each is not None]
    told = [medicine for person in people for medicine in person.medicines or ()]
    _add(found, (each for each in told if each.stopped_days_ago is None), _PLAN)
    _add(found, _of_intake(intake), _INTAKE)
    over = {key(trial.treatment): trial.ended_on for trial in ended if trial.ended_on is not None}
    _add(found, _of_diary(diary, over, on), _DIARY)
    here = {at: each for at, each in found.items() if at not in own}
    concerns, asks = _concerns(trials, [each.told for each in here.values()], on)
    taken = tuple(_taken(each, concerns.get(at, ()), asks.get(at, ())) for at, each in here.items())
    asked = intake is not None and intake.answer in (intake_told.TOLD, intake_told.NONE)
    asked = asked or any(person.medicines is not None for person in people)
    known = {each.trial.treatment: _has_rules(each, on) for each in trials}
    screened, unscreened = (tuple(name for name, has in known.items() if has is word) for word in (True, False))
    return Medicines(tuple(sorted(taken, key=_in_order)), asked, asked and not taken, screened, unscreened)


def _has_rules(trial: OpenTrial, on: date) -> bool:
    """Whether the catalogue has rules of its own for a treatment."""
    found = _screened(trial, (), on)
    return found is not None and not any(each.name in _NO_RULES for each in found.unknown)


def _in_order(each: Taken) -> tuple[bool, int, str]:
    worst = min((grave(concern.alert.severity) for concern in each.concerns), default=99)
    return each.is_acute, worst, each.name.casefold()


def _person(file: PlanFile | None, on: date) -> Person | None:
    """As told with the plan, as of a day; None where there is no plan."""
    return None if file is None else state_of(file).at(on)


def _add(found: dict[str, _Named], medicines: Iterable[TakenMedicine], place: str) -> None:
    """The first to name a medicine says most of it; later ones fill in what it left open."""
    for each in medicines:
        known = found.setdefault(key(each.name), _Named(each))
        known.places += [place] if place not in known.places else []
        gaps = {name: value for name, value in each._asdict().items() if getattr(known.told, name) is None}
        known.told = known.told._replace(**gaps)


def _of_intake(intake: PartTold | None) -> Iterator[TakenMedicine]:
    for each in () if intake is None else intake.entries:
        yield TakenMedicine(each["what"], each.get("daily_dose"), each.get("unit"), as_needed=each.get("as_needed"))


def _of_diary(diary: Diary, over: Mapping[str, date], on: date) -> Iterator[TakenMedicine]:
    """What was taken lately, and not in a trial that is over; a session is no medicine that is taken."""
    since = on - timedelta(days=int(level_rules()["ahead"]["lately"]))
    for dose in diary.beside.doses:
        name = dose.drug or dose.name
        if name is None or dose.kind == "session" or dose.state not in (None, *TAKEN):
            continue
        if since <= dose.date <= on and dose.date > over.get(key(name), date.min):
            yield TakenMedicine(name, as_needed=True if dose.kind == "acute" else None)


def _taken(named: _Named, concerns: Sequence[Concern], ask: Sequence[str]) -> Taken:
    told, medicine = named.told, find_medicine(named.told.name)
    dose = None
    if told.daily_dose is not None:
        dose = f"{told.daily_dose:g} {told.unit or '(no unit told)'} a day"
    known = None if medicine is None else medicine.id
    return Taken(clean(told.name, _LONGEST), known, dose, told.as_needed, tuple(named.places), tuple(concerns), tuple(ask))


# ---- what the screen says


def _concerns(
    trials: Sequence[OpenTrial], beside: Sequence[TakenMedicine], on: date
) -> tuple[Mapping[str, Sequence[Concern]], Mapping[str, Sequence[str]]]:
    """For each medicine by key: the alerts that are not there without it, and what has to be asked about it."""
    found, asks = dict[str, list[Concern]](), dict[str, list[str]]()
    for trial in trials:
        everything = [*beside, *other_treatments_of(trials, trial)]
        whole = _screened(trial, everything, on)
        if whole is None:
            continue
        for medicine in beside:
            without = _screened(trial, [each for each in everything if each is not medicine], on)
            there = () if without is None else without.alerts
            own = [Concern(trial.trial.treatment, alert) for alert in whole.alerts if alert not in there]
            found.setdefault(key(medicine.name), []).extend(own)
            names = [each.question for each in whole.unknown if each.name == f"{_UNKNOWN}{medicine.name}"]
            listed = asks.setdefault(key(medicine.name), [])
            listed += [each for each in names if each not in listed]
    return found, asks


def concerns_between(trials: Sequence[OpenTrial], on: date) -> tuple[Concern, ...]:
    """What the screens of the open treatments say of one another."""
    found = list[Concern]()
    for trial in trials:
        others = other_treatments_of(trials, trial)
        whole, alone = (_screened(trial, each, on) for each in (others, ()))
        if others and whole is not None and alone is not None:
            found += [Concern(trial.trial.treatment, alert) for alert in whole.alerts if alert not in alone.alerts]
    return tuple(sorted(found, key=lambda each: (grave(each.alert.severity), each.treatment, each.alert.code)))


def other_treatments_of(trials: Sequence[OpenTrial], of: OpenTrial) -> list[TakenMedicine]:
    """The treatments of the other open trials that are taken, as medicines."""
    return [
        TakenMedicine(each.trial.treatment)
        for each in trials
        if each.trial.id != of.trial.id and each.begun and key(each.trial.treatment) != key(of.trial.treatment)
    ]


def _screened(trial: OpenTrial, medicines: Sequence[TakenMedicine], on: date) -> Screening | None:
    """The screen of the treatment with these medicines beside what else was told; None where it is none of the catalogue's."""
    person = _person(trial.file, on) or Person()
    jurisdiction = None if trial.file is None or trial.file.plan.jurisdiction == ANY else trial.file.plan.jurisdiction
    told = [each for each in person.medicines or () if each.stopped_days_ago is not None]  # it may still act
    try:
        return screen(
            trial.trial.treatment,
            person._replace(medicines=(*told, *medicines), proposed=None),
            indication=trial.trial.indication if trial.trial.indication in INDICATIONS else None,
            jurisdiction=jurisdiction,
        )
    except BadInput:
        return None
