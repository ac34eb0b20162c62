"""A whole diary classified, day by day, as columns; the reasons of a day on demand.

Each attack is classified once and its flags hold on every local day of which it
takes enough minutes; a day without attacks of its own is classified from its
record. What a day's columns say equals what `explain_date` says of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.answers import day_state
from cleardays.diary.attack_times import ached, days_touched, minutes_on, minutes_together
from cleardays.diary.day_criteria import PROFILES, day_criteria
from cleardays.diary.day_facts import DayFacts
from cleardays.diary.day_leaves import acute_classes, leaves
from cleardays.diary.entries import Attack
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import any_of
from cleardays.diary.logic import Answers, Day
from cleardays.diary.record_columns import record_columns
from cleardays.diary.records import Diary
from cleardays.diary.tallies import Tallies
from cleardays.diary.told import Told, facts_of_attack, facts_of_record, own_of_day, told

# Flags of an attack that hold on the days of which it takes enough minutes.
SPREAD = ("headache_day_4h", "mod_sev_headache_day", "cm_c_day", *(f"migraine_day.{name}" for name in PROFILES))
# Flags of an attack that hold on every day that it touches.
_CRITERION_C = "cm_c_day"
# Flags that the person's own answer, or a clear day without aura, may settle; criterion C only the latter.
SETTLED = (*(f"migraine_day.{name}" for name in PROFILES), _CRITERION_C)
TOUCHED = ("headache_day", "status_flag")
_SAME_MINUTES = 1.0  # hours of a record have decimals
_CODE: dict[bool | None, int] = {True: 1, False: -1, None: 0}


@dataclass(frozen=True, slots=True)
class ClassifiedDays:
    """Flags of consecutive days: 1 had, -1 not, 0 unknown. A day that was not logged is unknown in all.

    `flags` maps each flag of `day_criteria` to one answer a day; `intake` maps an
    acute class to the days on which it was taken; `intake_known` marks days
    whose acute classes are all known. Not to be changed once it is complete.
    """

    first_day: date
    logged: NDArray[np.bool_]
    flags: dict[str, Answers]
    intake: dict[str, NDArray[np.bool_]]
    intake_known: NDArray[np.bool_]
    tallies: Tallies = field(default_factory=Tallies, compare=False)

    @property
    def last_day(self) -> date:
        """The last day, included."""
        return self.first_day + timedelta(days=len(self.logged) - 1)

    @property
    def whole(self) -> slice:
        """All days."""
        return slice(0, len(self.logged))

    def had(self, flag: str, part: slice) -> int:
        """Days of a stretch that had it."""
        count: int = self.tallies.of(("had", flag), part, lambda: self.flags[flag] == 1)
        return count

    def open(self, flag: str, part: slice) -> int:
        """Days of a stretch on which it is unknown."""
        count: int = self.tallies.of(("open", flag), part, lambda: self.flags[flag] == 0)
        return count

    def taken(self, kinds: tuple[str, ...], part: slice) -> tuple[int, int]:
        """Days of a stretch on which an acute medicine of these classes was taken, and on how many more it may have been."""

        def union() -> NDArray[np.bool_]:
            days = np.zeros(len(self.logged), dtype=bool)
            for kind in kinds:
                if kind in self.intake:
                    days |= self.intake[kind]
            return days

        sure: int = self.tallies.of(("taken", kinds), part, union)
        possible: int = self.tallies.of(("open", kinds), part, lambda: ~self.intake_known & ~union())
        return sure, possible


def classify_diary(diary: Diary) -> ClassifiedDays:
    """Classify every day of a diary, from its first day to its last."""
    return classify_told(told(diary))


def classify_told(of: Told) -> ClassifiedDays:
    """As `classify_diary`, with the diary already sorted by day."""
    days = sorted({*of.record, *of.attacks})
    first = days[0]
    length = (days[-1] - first).days + 1
    flags = {flag: np.zeros(length, dtype=np.int8) for flag in day_criteria().flags}
    logged = np.zeros(length, dtype=bool)
    found = ClassifiedDays(first, logged, flags, {}, np.zeros(length, dtype=bool))
    plain = [day for day in of.record if not of.beside(day)]
    _fill_plain(found, of, plain)
    for day in days:
        if of.beside(day):
            _fill_one(found, of, day)
    _settle(found, of)
    return found


def _fill_plain(found: ClassifiedDays, of: Told, days: list[date]) -> None:
    """Days that have nothing but their record, all at once."""
    if not days:
        return
    records = [of.record[day] for day in days]
    columns, classes = record_columns(records, of)
    at = np.array([(day - found.first_day).days for day in days])
    declined = np.array([record.status == "declined" for record in records])
    for flag, rule in day_criteria().flags.items():
        found.flags[flag][at] = np.where(declined, 0, rule.criterion.ask_all(columns))
    found.logged[at] = ~declined
    for kind, taken in classes.items():
        found.intake.setdefault(kind, np.zeros(len(found.logged), dtype=bool))[at] = taken & ~declined
    found.intake_known[at] = (columns["classes_known"] == 1) & ~declined


def _fill_one(found: ClassifiedDays, of: Told, day: date) -> None:
    """A day with attacks, auras or medicines of its own."""
    at = (day - found.first_day).days
    flags, facts = flags_of_day(of, day)
    found.logged[at] = facts is not None
    for flag, answer in flags.items():
        found.flags[flag][at] = _CODE[answer]
    classes = None if facts is None else acute_classes(facts)
    found.intake_known[at] = classes is not None
    for kind in classes or ():
        found.intake.setdefault(kind, np.zeros(len(found.logged), dtype=bool))[at] = True


def flags_of_day(of: Told, day: date) -> tuple[dict[str, bool | None], DayFacts | None]:
    """All flags of one day, and the facts of the day itself; None of a day that was not logged."""
    facts = facts_of_day(of, day)
    if facts is None:
        return dict.fromkeys(day_criteria().flags), None
    attacks = [(attack, leaves(facts_of_attack(attack, of))) for attack in of.attacks.get(day, ())]
    return combined_flags(leaves(facts), attacks, day, of.zone, beside=own_headache(of, day)), facts


def combined_flags(
    own: Day, attacks: Sequence[tuple[Attack, Day]], day: date, zone: ZoneInfo | None, *, beside: Day | None = None
) -> dict[str, bool | None]:
    """Flags of a day from what was told of the day itself and of the attacks that touch it.

    `beside` is a headache that the day's record tells of beside its attacks.
    """
    rules = day_criteria().flags
    flags = {flag: rule.criterion.ask(own) for flag, rule in rules.items()}
    if not attacks:
        return flags
    counting = [counts_on(attack, day, zone) for attack, _ in attacks]
    for flag in (*SPREAD, *TOUCHED):
        answers = [
            rules[flag].criterion.ask(of_attack) if flag in TOUCHED or counts else False
            for (_, of_attack), counts in zip(attacks, counting, strict=True)
        ]
        flags[flag] = any_of(*answers, *([] if beside is None else [rules[flag].criterion.ask(beside)]))
    if flags["headache_day"]:
        flags["crystal_clear_day"] = False
    return flags


def own_headache(of: Told, day: date) -> Day | None:
    """The headache that a day's record tells of, where its attacks do not tell it all; None where they do.

    They do not where none of them ached, where one has no end, or where the
    record has more hours than they.
    """
    attacks = [attack for attack in of.attacks.get(day, ()) if ached(attack)]
    record = of.record.get(day)
    if not attacks:
        facts = facts_of_day(of, day)
        return None if facts is None else leaves(facts)
    if record is None or record.hours is None or record.status == "declined":
        return None
    together = minutes_together(attacks, day, of.zone)
    told_more = together is None or float(record.hours) * 60 > together + _SAME_MINUTES
    return leaves(facts_of_record(record, of)) if told_more else None


def facts_of_day(of: Told, day: date) -> DayFacts | None:
    """What was told of the day itself: its record, its auras and medicines; None if it was not logged."""
    record = of.record.get(day)
    attacks = of.attacks.get(day, [])
    if record is not None and record.status != "declined":
        facts = facts_of_record(record, of)
    elif attacks:
        auras, intakes = own_of_day(of, day)  # auras and medicines are of the day on which they came
        facts = facts_of_attack(attacks[0], of)._replace(headache=None, minutes=None, auras=auras, intakes=intakes)
    else:
        return None
    if not attacks:
        return facts
    began = [facts_of_attack(attack, of).auras for attack in attacks if attack.date == day]
    if facts.auras is None and any(auras is not None for auras in began):
        facts = facts._replace(auras=tuple(aura for auras in began for aura in auras or ()))
    return facts._replace(headache=True if any(map(ached, attacks)) else facts.headache)


def counts_on(attack: Attack, day: date, zone: ZoneInfo | None) -> bool:
    """Whether enough of the attack falls on a day for it to be one of its days.

    Where no day has enough, the one with the most minutes is (the first of equals).
    """
    days = days_touched(attack, zone)
    if len(days) == 1:
        return True
    shares = [minutes_on(attack, each, zone) or 0.0 for each in days]
    least = headache_rules().day_share_least_min
    if max(shares) < least:
        return day == days[shares.index(max(shares))]
    return shares[days.index(day)] >= least


def _settle(found: ClassifiedDays, of: Told) -> None:
    """What the person's own answer, or a clear day in a diary without auras alone, leaves to be concluded."""
    alone = aura_comes_alone(of)
    clear = found.flags["headache_day"] == -1
    for flag in SETTLED:
        column = found.flags[flag]
        for at in np.flatnonzero((column == 0) & found.logged):
            record = of.record.get(found.first_day + timedelta(days=int(at)))
            if record is not None:
                own = None if flag == _CRITERION_C else record.migraine
                column[at] = _CODE[concluded(own, record.status, clear=bool(clear[at]), alone=alone)]


def concluded(own: str | None, status: str | None, *, clear: bool, alone: bool) -> bool | None:
    """A migraine day where the features were not recorded: the person's own answer, or a clear day without aura.

    A day stated free of headache is no migraine day if the diary never tells of
    an aura without headache, or the day was told completely; otherwise one may have come.
    """
    if own in ("yes", "no"):
        return own == "yes"
    return False if clear and (not alone or status == "complete") else None


def aura_comes_alone(of: Told) -> bool:
    """Whether an aura was ever told on a day stated free of headache, or as an attack without headache."""
    if any(attack.aura and not ached(attack) for attacks in of.attacks.values() for attack in attacks):
        return True
    return any(
        (record.aura or day in of.auras) and day_state(record, "headache_day") is False and not of.attacks.get(day)
        for day, record in of.record.items()
    )
