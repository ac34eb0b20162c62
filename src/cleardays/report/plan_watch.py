"""The three things to watch on the one-page plan, chosen by rule, and the signs that call for help beside them.

The order of gravity: what the plan has watched day by day, the critical red flags of the treatment, checks that
call for somebody, its other red flags, and last the emergencies of every treatment. Signs that ask for the same thing to
be done are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import Treatment, load_treatment
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan
from cleardays.report.plan_doses import plan_words, weekday
from cleardays.report.treatment_page_words import Row, capital, lay, listed, plain_check, sentence
from cleardays.sources import MARKS, UNCONFIRMED, least_sure, source_keys

MANY = 3
_CRITICAL = "critical"
_HELP = re.compile(r"\b(emergency|call|stop|hold|red flags?|same day|seen)\b", re.IGNORECASE)
# What staff see to around a session or an injection.
_STAFF = re.compile(
    r"(before|during|throughout|at each|each|with each|every|about)\b.*\b(session|injection|spray|discharge|measurement)"
)
_LED = re.compile(r"^(A red flag|Red flags): ", re.IGNORECASE)


class Watch(NamedTuple):
    """One thing to watch: its signs, on which days (empty: all the time), what to do, where that comes from, how sure it is."""

    signs: str
    when: str
    action: str
    source: tuple[str, ...]
    confidence: str
    flags: frozenset[str] = frozenset()


def is_of_staff(check: Check) -> bool:
    """Whether it is seen to by those who give the treatment, not by the person."""
    return bool(_STAFF.match(check.at))


def check_said(what: str) -> str:
    """What is checked, in plain words."""
    own: str | None = plan_words()["check"].get(what)
    return own or plain_check(what)


def three_things(plan: Plan) -> tuple[Watch, ...]:
    """The three gravest things to watch, the gravest first."""
    treatment = load_treatment(plan.treatment)
    found = list[Watch]()
    for candidate in _in_order(plan, treatment):
        if candidate.signs not in {each.signs for each in found} and not _told(candidate, found):
            found.append(candidate)
        if len(found) == MANY:
            break
    return tuple(found)


def _in_order(plan: Plan, treatment: Treatment) -> Iterator[Watch]:
    """Every candidate, the gravest first."""
    own = in_catalogue_order([check for check in plan.monitoring if not is_of_staff(check)], treatment)
    days = [check for check in own if _is_daily(check)]
    watched = frozenset(_flags_in(days, treatment))
    yield from _of_checks(days)
    flags = [row for row in treatment.facts("red_flag") if not set(row["flags"]) <= watched]
    critical = [row for row in flags if row["severity"] == _CRITICAL]
    yield from _of_flags(critical)
    yield from _of_checks([check for check in own if check not in days and _HELP.search(check.action)])
    yield from _of_flags([row for row in flags if row["severity"] != _CRITICAL])
    yield from _of_all()


def in_catalogue_order(checks: Sequence[Check], treatment: Treatment) -> list[Check]:
    """As the catalogue lists what is watched, each by its days; what it lists no longer comes last."""
    place = {row["what"]: at for at, row in reversed([*enumerate(treatment.facts("monitor"))])}
    return sorted(checks, key=lambda check: (place.get(check.what, len(place)), check.on))


def _told(candidate: Watch, found: Sequence[Watch]) -> bool:
    """Whether everything it speaks of stands there already."""
    flags = {flag for each in found for flag in each.flags}
    return bool(candidate.flags) and candidate.flags <= flags


def _is_daily(check: Check) -> bool:
    """Watched each day of a stretch, or through a stretch with something to call for."""
    stretch = check.until is not None and check.until > check.on
    return stretch and (check.every_days == 1 or (check.every_days is None and "emergency" in check.action.lower()))


def _of_checks(checks: Iterable[Check]) -> Iterator[Watch]:
    """Checks with the same thing to do as one; a limit stands with its sign."""
    alike: dict[str, list[Check]] = {}
    for check in checks:
        alike.setdefault(check.action, []).append(check)
    for action, same in alike.items():
        named = [check for check in same if not _within(check, same)]
        signs = "; ".join(dict.fromkeys(_with_limit(check) for check in named))
        source = tuple(dict.fromkeys(key for check in same for key in check.source))
        yield Watch(
            capital(signs), _days(same), sentence(_LED.sub("", action)), source, _sure(check.confidence for check in same)
        )


def _sure(confidences: Iterable[str]) -> str:
    """As sure as the least sure."""
    return least_sure(confidences) or UNCONFIRMED


def _within(check: Check, others: Sequence[Check]) -> bool:
    """Whether others name all that it names, and more or sooner."""
    own = set(check.what.split(", "))
    rest = [set(each.what.split(", ")) for each in others if each.what != check.what]
    return any(own < each for each in rest) or (own in rest and check.what != others[0].what)


def _with_limit(check: Check) -> str:
    """What is checked, with its limit where neither the name nor the action holds it."""
    what, limit = check_said(check.what), check.threshold or ""
    if limit in ("", "any", "any of them") or limit.lower() in check.action.lower():
        return what
    return f"{what} {lay(limit)}" if limit.startswith(("below", "above")) else f"{what}: {lay(limit)}"


def _days(checks: Sequence[Check]) -> str:
    """The stretches of days, where they have an end."""
    stretches = list(dict.fromkeys((check.on, check.until) for check in checks))
    if any(until is None or until == on for on, until in stretches):
        return ""
    every = "Every day, " if all(check.every_days == 1 for check in checks) else ""
    return f"{every}{listed(_stretch(on, until) for on, until in stretches if until is not None)}"


def _stretch(on: date, until: date) -> str:
    return f"{weekday(on)} to {weekday(until, year=on.year != until.year)}"


def _flags_in(checks: Iterable[Check], treatment: Treatment) -> Iterator[str]:
    """The flags whose words a check names, so that they need not be said twice."""
    text = " ".join(f"{check.what} {check.action}" for check in checks).lower()
    for flag in {flag for row in treatment.facts("red_flag") for flag in row["flags"]}:
        words = [word for word in flag.split("_") if len(word) > 3 and word != "trouble"]
        if words and all(word[:5] in text for word in words):
            yield flag


def _of_flags(rows: Sequence[Row]) -> Iterator[Watch]:
    """Red flags with the same cause and the same thing to do as one."""
    for same in _grouped(rows):
        action = max((row["action"] for row in same), key=len)
        flags = [flag for row in same for flag in row["flags"]]
        signs = _one(same[0]) if len(same) == 1 else "; ".join(dict.fromkeys(map(sign, flags)))
        yield Watch(
            capital(signs), "", sentence(action), source_keys(*same), _sure(row["confidence"] for row in same), frozenset(flags)
        )


def _grouped(rows: Sequence[Row]) -> list[list[Row]]:
    groups: list[list[Row]] = []
    for row in rows:
        home = next((group for group in groups if all(_alike(other, row) for other in group)), None)
        if home is None:
            groups.append([row])
        else:
            home.append(row)
    return groups


def _alike(one: Row, other: Row) -> bool:
    """Whether one of the two asks for the same, and perhaps for more, and both come from the same cause."""
    short, long = sorted((str(one["action"]), str(other["action"])), key=len)
    return long.startswith(short) and _cause(one) == _cause(other)


def _cause(row: Row) -> str:
    """What the text adds to the sign, up to the end of its sentence; another name of the sign is no cause."""
    told = str(row["says"]).partition(".")[0].partition(", ")[2]
    return "" if told.startswith("or ") else told


def _one(row: Row) -> str:
    """A sign that stands alone, with when it counts where the text says so."""
    signs, says = listed(map(sign, row["flags"]), "or"), str(row["says"]).partition(".")[0]
    head = says.partition(":")[0].partition("(")[0].strip()
    named = any(word[:5] in head.lower() for flag in row["flags"] for word in flag.split("_") if len(word) > 3)
    return lay(head) if named and len(head) > len(signs) else signs


def sign(flag: str) -> str:
    """A finding in plain words, as the screen knows it."""
    own: str | None = plan_words()["sign"].get(flag)
    return own or str(general()["red_flags"]["flags"].get(flag, {}).get("says", flag.replace("_", " ")))


def _of_all() -> Iterator[Watch]:
    """The emergencies of every treatment: those of the head, and the others."""
    about = general()["red_flags"]
    for flags in (("thunderclap", "new_neurological_deficit"), ("suicidal_thoughts",), ("chest_pain", "trouble_breathing")):
        action = about["flags"][flags[0]].get("action", about["emergency"])
        signs = "; ".join(map(sign, flags))
        yield Watch(capital(signs), "", sentence(action), source_keys(about), about["confidence"], frozenset(flags))


def how_sure(things: Sequence[Watch]) -> str:
    """Which of the things are doubtful and in what way, by their numbers; empty where none is.

    >>> one, two = (Watch("", "", "", (), confidence) for confidence in ("unconfirmed", "confirmed"))
    >>> how_sure([one, two, one])
    'Of the things to watch, 1 and 3 are not confirmed.'
    """
    by_mark: dict[str, list[str]] = {}
    for at, thing in enumerate(things, 1):
        if thing.confidence in MARKS:
            by_mark.setdefault(MARKS[thing.confidence], []).append(str(at))
    said = [f"{listed(each)} {'is' if len(each) == 1 else 'are'} {mark}" for mark, each in by_mark.items()]
    return f"Of the things to watch, {'; '.join(said)}." if said else ""


def other_emergencies(plan: Plan, things: Sequence[Watch]) -> tuple[str, ...]:
    """Every other sign that calls for help at once, in short: of the treatment, and of all treatments."""
    treatment = load_treatment(plan.treatment)
    named = {flag for each in things for flag in each.flags}
    named |= set(_flags_in([check for check in plan.monitoring if _is_daily(check)], treatment))
    own = [flag for row in treatment.facts("red_flag") if row["severity"] == _CRITICAL for flag in row["flags"]]
    of_all = [flag for flag, row in general()["red_flags"]["flags"].items() if row["severity"] == _CRITICAL]
    left = [flag for flag in (*own, *of_all) if flag not in named]
    return tuple(dict.fromkeys(map(sign, left)))
