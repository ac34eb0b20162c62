"""Findings in a diary that need help, now or soon, or a word with the clinician.

They prompt and diagnose nothing; that nothing is found rules nothing out. Rules
and words: `data/red_flags.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from cleardays.diary.classified import ClassifiedDays, classify_diary
from cleardays.diary.entries import TAKEN
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.measures import overuse_of_part
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules, read_rules

TIERS = ("emergency", "soon", "advise")
NOTHING_EXCLUDED = "Whatever is or is not listed here, nothing is ruled out. If you feel that something is wrong, get help."
_ANSWERED = ("resolved", "resolved_with_sequelae")
_SYMPTOMS = ("aura", "nausea", "vomiting", "light", "sound", "worse_moving")


class RedFlag(NamedTuple):
    """One finding: what to show, what to do, why, on which day, and whether anybody has answered it."""

    code: str
    tier: str
    on: date
    shown: str
    do: str
    because: str
    open: bool
    snnoop10: int | None
    source: tuple[str, ...]


@cache
def _rules() -> dict[str, Any]:
    return read_rules("red_flags")


def red_flags(diary: Diary, found: ClassifiedDays | None = None) -> tuple[RedFlag, ...]:
    """Every finding of a diary, the most urgent first, then the latest; `found` are its days where they are classified."""
    found = classify_diary(diary) if found is None else found
    flags = [
        *_told(diary),
        *_attacks_and_auras(diary, found),
        *_frequency(diary, found),
        *_new_symptoms(diary),
        *_overuse(found),
    ]
    return tuple(sorted(flags, key=lambda flag: (TIERS.index(flag.tier), -flag.on.toordinal(), flag.code)))


def _flag(kind: str, code: str, on: date, because: str, *, is_open: bool = True) -> RedFlag:
    rule = _rules()[kind][code]
    return RedFlag(
        code, rule["tier"], on, rule["shown"], rule["do"], because, is_open, rule.get("snnoop10"), tuple(rule["source"])
    )


def _told(diary: Diary) -> Iterator[RedFlag]:
    """What the person told; a term that is not known is shown all the same, as something to bring up."""
    known = _rules()["told"]
    for event in diary.beside.events:
        if event.kind != "red_flag":
            continue
        is_open = event.outcome not in _ANSWERED
        if event.term in known:
            yield _flag("told", event.term, event.date, "you told it in the diary", is_open=is_open)
        else:
            because = f"{event.term}: told in the diary, not among the findings that are known here"
            yield _flag("told", "new_headache", event.date, because, is_open=is_open)._replace(code="told_other")


def _attacks_and_auras(diary: Diary, found: ClassifiedDays) -> Iterator[RedFlag]:
    limits = _rules()["limits"]
    long = np.flatnonzero(found.flags["status_flag"] == 1)
    if len(long):
        hours = headache_rules().status_above_min / 60
        yield _flag("seen", "long_attack", _day(found, long[-1]), f"more than {hours:g} hours, last on {_day(found, long[-1])}")
    odd = np.flatnonzero(found.flags["aura_atypical"] == 1)
    if len(odd):
        days = f"{len(odd)} {'day' if len(odd) == 1 else 'days'}, last on {_day(found, odd[-1])}"
        yield _flag("seen", "atypical_aura", _day(found, odd[-1]), days)
    counts = _auras_by_day(diary, found)
    within = limits["aura_status_days"]
    sums = np.convolve(counts, np.ones(within, dtype=int))[: len(counts)]
    many = np.flatnonzero(sums >= limits["aura_status_auras"])
    if len(many):
        because = f"{int(sums[many[-1]])} auras in {within} days up to {_day(found, many[-1])}"
        yield _flag("seen", "aura_status", _day(found, many[-1]), because)


def _auras_by_day(diary: Diary, found: ClassifiedDays) -> Any:  # noqa: ANN401  # whole numbers, one a day
    """Auras that began on each day: one a day at least where the day has one, one for each attack with its own."""
    counts = (found.flags["aura_day"] == 1).astype(int)
    of_attacks: dict[date, set[str | None]] = {}
    for aura in diary.beside.auras:
        of_attacks.setdefault(aura.date, set()).add(aura.attack)
    for attack in diary.beside.attacks:
        if attack.aura:
            of_attacks.setdefault(attack.date, set()).add(attack.id)
    for day, attacks in of_attacks.items():
        at = (day - found.first_day).days
        if 0 <= at < len(counts):
            counts[at] = max(counts[at], len(attacks))
    return counts


def _frequency(diary: Diary, found: ClassifiedDays) -> Iterator[RedFlag]:
    changed = [flag for flag in (_doubled(found), _daily(found)) if flag is not None]
    yield from changed
    for flag in changed:
        drug = _new_drug(diary, found, flag.on)
        if drug is not None:
            yield drug
            return


def _doubled(found: ClassifiedDays) -> RedFlag | None:
    """The last 28 days against the median of the windows before; unknown days count for neither side."""
    limits, length = _rules()["limits"], day_rules().window_days
    headache = found.flags["headache_day"]
    rates = []
    for back in range(limits["doubling_windows"] + 1):
        end = len(headache) - back * length
        if end < length:
            return None
        window = headache[end - length : end]
        known = int((window != 0).sum())
        if known < day_rules().usable_share * length:
            return None
        rates.append(length * int((window == 1).sum()) / known)
    now, before = rates[0], median(rates[1:])
    if now < limits["least_headache_days"] or now < 2 * before:
        return None
    because = f"{now:.1f} headache days per {length} now, a median of {before:.1f} in the {len(rates) - 1} windows before"
    return _flag("seen", "doubled", found.last_day, because)


def _daily(found: ClassifiedDays) -> RedFlag | None:
    limits = _rules()["limits"]
    headache = found.flags["headache_day"]
    lately, before = headache[-limits["daily_days"] :], headache[: -limits["daily_days"]]
    known = int((before != 0).sum())
    if len(lately) < limits["daily_days"] or not (lately == 1).all() or known < limits["first_look_days"]:
        return None
    share = (before == 1).sum() / known
    if share > limits["daily_before_share"]:
        return None
    because = f"headache on each of the last {limits['daily_days']} days, on {100 * share:.0f} % of the days before"
    return _flag("seen", "daily", found.last_day, because)


def _new_drug(diary: Diary, found: ClassifiedDays, changed: date) -> RedFlag | None:
    """A medicine first taken shortly before the window in which the headaches changed began, or within it."""
    limits = _rules()["limits"]
    first: dict[str, date] = {}
    for dose in diary.beside.doses:
        name = dose.drug or dose.name
        if name and dose.state in (None, *TAKEN):
            first[name] = min(first.get(name, dose.date), dose.date)
    earliest = changed - timedelta(days=day_rules().window_days - 1 + limits["new_drug_days"])
    new = sorted((day, name) for name, day in first.items() if day >= max(earliest, found.first_day + timedelta(days=1)))
    if not new:
        return None
    names = ", ".join(f"{name} (first on {day})" for day, name in new)
    return _flag("seen", "new_drug_before_change", new[-1][0], names)


def _new_symptoms(diary: Diary) -> Iterator[RedFlag]:
    """A symptom first written down after a long time without it."""
    after = _rules()["limits"]["new_symptom_after_days"]
    seen: dict[str, date] = {}
    asked: dict[str, int] = {}
    for record in diary.records:
        present = [name for name in _SYMPTOMS if getattr(record, name)]
        present += [word.casefold() for word in record.other_symptoms or ()]
        for name in present:
            if name not in seen and asked.get(name if name in _SYMPTOMS else "", 0) >= after:
                because = (
                    f"{name.replace('_', ' ')}, first on {record.date}, after {after} days or more on which it was answered"
                )
                yield _flag("seen", "new_symptom", record.date, because)
            seen.setdefault(name, record.date)
        for name in _SYMPTOMS:
            asked[name] = asked.get(name, 0) + (getattr(record, name) is not None)
        asked[""] = asked.get("", 0) + (record.other_symptoms is not None)


def _overuse(found: ClassifiedDays) -> Iterator[RedFlag]:
    """Overuse in the last 30 days by any class."""
    length = day_rules().month_days
    part = slice(max(0, len(found.logged) - length), len(found.logged))
    reached = [code for code, answer in overuse_of_part(found, part).items() if answer]
    if reached:
        because = (
            f"at the limit of ICHD-3 {', '.join(reached)} in the last {length} days; it takes three months to speak of overuse"
        )
        yield _flag("seen", "overuse", found.last_day, because)


def _day(found: ClassifiedDays, at: int) -> date:
    return found.first_day + timedelta(days=int(at))
