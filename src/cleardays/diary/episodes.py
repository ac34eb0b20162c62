"""A day told by its episodes: local wall-clock times that may cross midnight and changes of the clock.

`{"day", "tz", "episodes": [{"start", "end", features ...}], ...}`; the features
of an episode and the other keys are those of the compact form of a day. An
episode without an end is open: it touches the day it began, and how long it ran
is not known.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cleardays.clock import parse_day, parse_stamp, zone_named
from cleardays.diary.attack_times import attack_minutes, days_touched, minutes_together
from cleardays.diary.classified import SPREAD, TOUCHED
from cleardays.diary.classify import LOGGED, MISSING, flags_document, spell_out, spell_reasons
from cleardays.diary.day_facts import DayFacts, read_facts
from cleardays.diary.day_leaves import acute_classes, leaves
from cleardays.diary.entries import Attack
from cleardays.diary.episode_medicines import as_list, told_medicines
from cleardays.diary.explain import ExplainedDay, explain_attacks
from cleardays.medicines import Lookup
from cleardays.problems import BadInput, Problem, shown
from cleardays.sources import Reason

_TIMES = ("start", "end", "asleep_end")
_OWN = ("day", "tz", "episodes")


class Episode(NamedTuple):
    """One episode: when it ran, and what was told of it in the compact form."""

    attack: Attack
    told: dict[str, Any]


def classify_episodes(document: object, where: str = "episode", lookup: Lookup | None = None) -> dict[str, object]:
    """Flags and reasons of the day, with the elapsed minutes of the attack and those that fall on the day.

    The day after an episode that is still open is not known to be free of it.

    Raises:
        BadInput: with everything that cannot be read.
    """
    day, zone, episodes, beside = _read(document, where)
    medicines = told_medicines(day, zone, [(e.attack, e.told) for e in episodes], beside, where)
    own = read_facts({**beside, "meds": medicines.on_day(day)}, where, lookup)
    touching = [episode for episode in episodes if day in days_touched(episode.attack, zone)]
    attacks = [episode.attack for episode in episodes]
    facts = [_facts(episode, attacks, {**beside, "meds": medicines.of(episode.attack)}, where, lookup) for episode in touching]
    still_open = any(attack.end is None and attack.date < day for attack in attacks)
    headache = True if touching else None if still_open and own.headache is False else own.headache
    own = own._replace(headache=headache, auras=_auras(own, touching, facts, day))
    if not own.logged and not touching:
        return {**spell_out(flags_document(MISSING, None, None, None)), "attack_min": None, "min_on_day": None}
    told = [(episode.attack, leaves(of)) for episode, of in zip(touching, facts, strict=True)]
    found = explain_attacks(leaves(own), told, day, zone)
    if headache is None and still_open:
        found = _may_go_on(found, max(attack.date for attack in attacks if attack.end is None and attack.date < day))
    lengths = [attack_minutes(attack, attacks) for attack, _ in told]
    shared = minutes_together([attack for attack, _ in told], day, zone or ZoneInfo("UTC"))
    return {
        **spell_out(flags_document(LOGGED, found.flags, found.kind, acute_classes(own))),
        "attack_min": None if None in lengths or not lengths else max(length for length in lengths if length is not None),
        "min_on_day": None if headache is None else shared,
        "reasons": spell_reasons(found.reasons),
    }


def _may_go_on(found: ExplainedDay, since: date) -> ExplainedDay:
    """A day after an open episode began: whatever the day's own answers do not show is not known."""
    because = f"the attack that began on {since} has no end; it may still go on"
    flags, reasons = dict(found.flags), dict(found.reasons)
    for flag in (*SPREAD, *TOUCHED, "crystal_clear_day"):
        if flag == "crystal_clear_day" and flags[flag] is False:
            continue
        if flags[flag] is not True or flag == "crystal_clear_day":
            flags[flag], reasons[flag] = None, Reason(flag, because, ("counting-policy",))
    return ExplainedDay(flags, None, {**reasons, "ichd_attack": Reason("ichd_attack", because, ("counting-policy",))})


def _facts(episode: Episode, attacks: list[Attack], beside: dict[str, Any], where: str, lookup: Lookup | None) -> DayFacts:
    """The episode as a whole, with the auras of the day and the medicines that are its own."""
    own, its = as_list(beside, "auras", where), as_list(episode.told, "auras", where)
    auras = None if own is None or its is None else [*own, *its]
    compact = {**beside, **episode.told, "auras": auras, "meds": beside["meds"]}
    if its and "headache_within_60" not in compact:
        compact["headache_within_60"] = True  # an aura told with its headache
    compact.pop("headache_min", None)
    facts = read_facts(compact, where, lookup)
    return facts._replace(headache=True, minutes=attack_minutes(episode.attack, attacks))


def _auras(own: DayFacts, touching: list[Episode], facts: list[DayFacts], day: date) -> tuple[Any, ...] | None:
    """Auras of the day: its own, and those of episodes that began on it."""
    if own.auras is None:
        return None
    began = [of for episode, of in zip(touching, facts, strict=True) if episode.attack.date == day]
    return began[0].auras if len(began) == 1 else tuple(aura for of in began for aura in of.auras or ()) or own.auras


def _read(document: object, where: str) -> tuple[date, ZoneInfo | None, list[Episode], dict[str, Any]]:
    if not isinstance(document, dict):
        raise BadInput(Problem(where, "this is no JSON object.", 'Give {"day", "tz", "episodes"}.'))
    problems: list[Problem] = []
    day = parse_day(str(document.get("day")))
    if day is None:
        problems.append(Problem(f"{where}, day", f"{shown(str(document.get('day')))} is no day.", "Write 2026-03-04."))
    name = document.get("tz")
    zone = zone_named(str(name)) if name is not None else None
    if name is not None and zone is None:
        problems.append(Problem(f"{where}, tz", f"{shown(str(name))} is no time zone.", "Use one like Europe/Berlin."))
    told = document.get("episodes", [])
    if not isinstance(told, list) or not all(isinstance(episode, dict) for episode in told):
        problems.append(Problem(f"{where}, episodes", "this is no list of objects.", 'Give [{"start", "end"}].'))
        told = []
    episodes = [_episode(one, zone, f"{where}, episode {n}", problems) for n, one in enumerate(told, start=1)]
    if problems or day is None:
        raise BadInput(problems)
    beside = {key: value for key, value in document.items() if key not in _OWN}
    if "entered_at" in beside:
        beside = {**beside, "date": str(document["day"]), **({"tz": name} if name is not None else {})}
    return day, zone, [episode for episode in episodes if episode is not None], beside


def _episode(one: dict[str, Any], zone: ZoneInfo | None, where: str, problems: list[Problem]) -> Episode | None:
    stamps: dict[str, datetime | None] = {}
    for key in ("start", "end"):
        if one.get(key) is None:
            stamps[key] = None
            continue
        stamps[key] = parse_stamp(str(one[key]))
        if stamps[key] is None:
            problems.append(Problem(f"{where}, {key}", f"{shown(str(one[key]))} is no time.", "Write 2026-03-04T20:15."))
    start, end = (_in_zone(stamps[key], zone) for key in ("start", "end"))
    if one.get("start") is None:
        problems.append(Problem(f"{where}, start", "the start is missing.", "Write it as 2026-03-04T20:15."))
    if start is None:
        return None
    if end is not None and end.astimezone(ZoneInfo("UTC")) < start.astimezone(ZoneInfo("UTC")):
        problems.append(Problem(f"{where}, end", "it ends before it starts.", "Correct one of the two."))
        return None
    if end is not None and end - start > timedelta(days=366):
        problems.append(Problem(f"{where}, end", "it lasts more than a year.", "Correct the year that is wrong."))
        return None
    told = {key: value for key, value in one.items() if key not in _TIMES}
    return Episode(Attack(date=start.date(), start=start, end=end), told)


def _in_zone(stamp: datetime | None, zone: ZoneInfo | None) -> datetime | None:
    """Wall-clock time in the zone; UTC stands in where no zone is told, so that every day has 24 hours."""
    if stamp is None or stamp.tzinfo is not None:
        return stamp if stamp is None or zone is None else stamp.astimezone(zone)
    return stamp.replace(tzinfo=zone or ZoneInfo("UTC"))
