"""One day of a diary with all its flags and the reason of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cleardays.diary.attack_times import minutes_on
from cleardays.diary.classified import (
    SETTLED,
    SPREAD,
    TOUCHED,
    aura_comes_alone,
    combined_flags,
    concluded,
    counts_on,
    facts_of_day,
    own_headache,
)
from cleardays.diary.classify import attack_kind, attack_reason, reason
from cleardays.diary.day_criteria import day_criteria
from cleardays.diary.day_leaves import leaves
from cleardays.diary.entries import Attack
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.logic import Day
from cleardays.diary.records import DayRecord, Diary
from cleardays.diary.told import Told, facts_of_attack, told
from cleardays.sources import Reason

_POLICY = ("counting-policy",)


class ExplainedDay(NamedTuple):
    """A day's flags, the kind of its (longest) attack, and the reason of each."""

    flags: dict[str, bool | None]
    kind: str | None
    reasons: dict[str, Reason]


def explain_date(diary: Diary, day: date) -> ExplainedDay:
    """Classify one local day of a diary and say what decided each flag."""
    of = told(diary)
    return explain(of, day, alone=aura_comes_alone(of))


def explain(of: Told, day: date, *, alone: bool) -> ExplainedDay:
    """As `explain_date`, with the diary already sorted by day."""
    facts = facts_of_day(of, day)
    if facts is None:
        flags = day_criteria().flags
        missing = Reason("missing", "the day was not logged; that is not a clear day", _POLICY)
        return ExplainedDay(dict.fromkeys(flags), None, dict.fromkeys((*flags, "ichd_attack"), missing))
    attacks = [(attack, leaves(facts_of_attack(attack, of))) for attack in of.attacks.get(day, ())]
    found = explain_attacks(leaves(facts), attacks, day, of.zone, beside=own_headache(of, day))
    record = of.record.get(day)
    return found if record is None else _concluded(found, record, alone=alone)


def explain_attacks(
    own: Day, attacks: Sequence[tuple[Attack, Day]], day: date, zone: ZoneInfo | None, *, beside: Day | None = None
) -> ExplainedDay:
    """Flags and reasons of a day from what was told of the day itself and of the attacks that touch it."""
    flags = combined_flags(own, attacks, day, zone, beside=beside)
    reasons = {flag: reason(rule, own) for flag, rule in day_criteria().flags.items()}
    reasons["ichd_attack"] = attack_reason(own)
    kind = attack_kind(own)
    if attacks:
        reasons |= {flag: _of_attacks(flag, flags[flag], attacks, day, zone, beside) for flag in (*SPREAD, *TOUCHED)}
        longest = max(attacks, key=lambda told: told[1]["minutes"] or 0.0)[1]
        kind, reasons["ichd_attack"] = attack_kind(longest), attack_reason(longest)
        if flags["headache_day"]:
            reasons["crystal_clear_day"] = reasons["crystal_clear_day"]._replace(because="headache: yes")
    return ExplainedDay(flags, kind, reasons)


def _of_attacks(
    flag: str,
    answer: bool | None,
    attacks: Sequence[tuple[Attack, Day]],
    day: date,
    zone: ZoneInfo | None,
    beside: Day | None,
) -> Reason:
    """The attack that decided a flag, or that none counts on this day."""
    rule = day_criteria().flags[flag]
    counting = [told for told in attacks if flag in TOUCHED or counts_on(told[0], day, zone)]
    for attack, of_attack in counting:
        if rule.criterion.ask(of_attack) is answer:
            told = reason(rule, of_attack)
            if attack.date == day:
                return told
            return told._replace(because=f"the attack that began on {attack.date} goes on; {told.because}")
    if beside is not None and rule.criterion.ask(beside) is answer:
        told = reason(rule, beside)
        return told._replace(because=f"told of the day beside its attacks; {told.because}")
    shares = ", ".join(f"{minutes_on(attack, day, zone) or 0.0:g}" for attack, _ in attacks)
    least = headache_rules().day_share_least_min
    because = f"{shares} minutes of the attack fall on this day, {least:g} are needed"
    return Reason(flag, because, headache_rules().source["attack_days"])


def _concluded(found: ExplainedDay, record: DayRecord, *, alone: bool) -> ExplainedDay:
    """What the person's own answer, or a diary that never asks about auras, leaves to be concluded."""
    clear = found.flags["headache_day"] is False
    for flag in SETTLED:
        if found.flags[flag] is not None:
            continue
        told = None if flag == "cm_c_day" else record.migraine
        answer = concluded(told, record.status, clear=clear, alone=alone)
        if answer is None:
            continue
        found.flags[flag] = answer
        own = f"the features were not recorded; the person's own answer is {record.migraine}"
        aura = "a clear day, told completely" if alone else "a clear day, and the diary never tells of an aura without headache"
        found.reasons[flag] = Reason(flag, own if told in ("yes", "no") else aura, _POLICY)
    return found
