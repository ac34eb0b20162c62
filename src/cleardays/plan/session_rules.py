"""What the catalogue says of one supervised session: its limits, its times, the day of the review.

The sheet shows these values and the judge works by the same rules, so that the two cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.catalogue.planning import policy
from cleardays.catalogue.screening_rules import Rule
from cleardays.catalogue.treatments import Treatment, find_treatment, load_treatment, treatment_ids
from cleardays.problems import BadInput, Problem, shown
from cleardays.sources import least_sure, source_keys

# What is read each time, with its name and its unit.
MEASURES: Mapping[str, tuple[str, str]] = {
    "sbp": ("upper blood pressure", "mmHg"),
    "dbp": ("lower blood pressure", "mmHg"),
    "heart_rate": ("heart rate", "a minute"),
    "spo2": ("oxygen saturation", "%"),
    "respiratory_rate": ("breathing rate", "a minute"),
    "rousable": ("rousable to voice", ""),
}
BEFORE, DURING, DISCHARGE = "before", "during", "discharge"
_AT_REST = {"blood_pressure.systolic": "sbp", "blood_pressure.diastolic": "dbp", "heart_rate": "heart_rate"}
_REVIEW_NEEDED = "review-after-28-days"
_REVIEW = "review"
_HOLD = re.compile(r"^(Delay|Do not|Keep|Start only|Weigh a delay|No session|No further session|No alcohol)|before starting")
_BEFORE_START = 0.0


class Limit(NamedTuple):
    """One limit of one measure: in which part of the session, from which minute, and what to do beyond it."""

    phase: str
    measure: str
    above: float | None
    below: float | None
    value: bool | None
    from_minute: float
    do: str | None
    code: str
    severity: str
    action: str
    source: tuple[str, ...]
    confidence: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        name, unit = MEASURES[self.measure]
        return {**self._asdict(), "source": list(self.source), "name": name, "unit": unit or None}

    def holds_at(self, minute: float) -> bool:
        """Whether a reading at a minute is held against it."""
        return minute == _BEFORE_START if self.phase == BEFORE else self.phase == DURING and minute >= self.from_minute

    def is_crossed(self, reading: float | bool) -> bool:
        """Whether a value lies beyond it."""
        if self.value is not None:
            return reading is self.value
        return (self.above is not None and reading > self.above) or (self.below is not None and reading < self.below)


class Times(NamedTuple):
    """When vital signs are read: these minutes, then every so many; None where the sources leave the rest open."""

    minutes: tuple[float, ...]
    then_every_min: float | None
    says: str
    source: tuple[str, ...]
    confidence: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "minutes": list(self.minutes), "source": list(self.source)}

    def due(self, until: float) -> tuple[float, ...]:
        """Every minute at which a reading is due, the one before the start (0) first, up to `until`.

        >>> Times((5, 10, 15), 15, "", (), "").due(50)
        (0.0, 5.0, 10.0, 15.0, 30.0, 45.0)
        """
        found = [_BEFORE_START, *(float(each) for each in self.minutes if each <= until)]
        if self.then_every_min is not None:
            at = self.minutes[-1] + self.then_every_min
            while at <= until:
                found.append(float(at))
                at += self.then_every_min
        return tuple(found)


def leeway(due: tuple[float, ...], at: int) -> float:
    """How far from its time a reading may lie: half way to the next time, a few minutes at most; before the start not at all.

    A clock read by hand is rarely on the minute.
    """
    if due[at] == _BEFORE_START:
        return 0.0
    gaps = [abs(due[other] - due[at]) for other in (at - 1, at + 1) if 0 <= other < len(due)]
    return min(policy().reading_min, *(gap / 2 for gap in gaps))


def session_treatments() -> tuple[str, ...]:
    """The treatments that are given as one supervised session at a time, sorted."""
    return tuple(name for name in treatment_ids() if _sessions(load_treatment(name)))


def supervised_treatment(name: str, where: str = "TREATMENT") -> Treatment:
    """One of them by any of its names.

    Raises:
        BadInput: the name is not known, or the treatment is not given so.
    """
    treatment = find_treatment(name)
    if not _sessions(treatment):
        what = f"{shown(name)} is not given as one supervised session."
        raise BadInput(Problem(where, what, f"Those that are: {', '.join(session_treatments())}."))
    return treatment


def session_row(treatment: Treatment) -> Mapping[str, Any]:
    """The catalogue's row of the session."""
    return _sessions(treatment)[0]


def _sessions(treatment: Treatment) -> list[Mapping[str, Any]]:
    return [row for row in treatment.facts("session") if _REVIEW_NEEDED in row.get("needs", ())]


def review_row(treatment: Treatment) -> Mapping[str, Any]:
    """The catalogue's row of the review after the session."""
    return next(row for row in treatment.facts("monitor") if row["what"] == _REVIEW)


def review_day(treatment: Treatment, on: date) -> date:
    """The first day on which the session may be reviewed; the day of the session is day 1."""
    return on + timedelta(days=review_row(treatment)["from_day"] - 1)


def watched(treatment: Treatment, timing: str) -> tuple[Mapping[str, Any], ...]:
    """What is watched at one time of the session."""
    return tuple(row for row in treatment.facts("monitor") if timing in row["timing"])


def times_of(treatment: Treatment) -> Times:
    """When vital signs are read during the session."""
    rows = [row for row in watched(treatment, DURING) if "minutes" in row]
    minutes = sorted({minute for row in rows for minute in row["minutes"]})
    every = [row["then_every_min"] for row in rows if "then_every_min" in row]
    sure = least_sure(row["confidence"] for row in rows)
    assert sure is not None  # every treatment of a session has a row of times
    return Times(tuple(minutes), min(every, default=None), rows[0]["at"], source_keys(*rows), sure)


def limits_of(treatment: Treatment) -> tuple[Limit, ...]:
    """Every limit of a vital sign in the rules of the session, in the order of the session."""
    found = [limit for rule in treatment.facts("rule") if rule["code"].startswith("session.") for limit in _limits(rule)]
    order = (BEFORE, DURING, DISCHARGE)
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (order.index(each.phase), [*MEASURES].index(each.measure))))


def _limits(rule: Rule) -> Iterator[Limit]:
    leaves = list(_asked_for(rule["when"]))
    phase, from_minute = _when(leaves)
    for leaf in leaves:
        measure = str(leaf.get("session") or _AT_REST.get(leaf.get("number", "")))
        if measure in MEASURES:
            yield Limit(
                phase, measure, leaf.get("above"), leaf.get("below"), leaf.get("is"), from_minute, to_do(rule["action"]),
                rule["code"], rule["severity"], rule["action"], source_keys(rule), rule["confidence"],
            )  # fmt: skip


def _asked_for(when: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The single conditions that a rule wants to hold, without those that must not."""
    for part in (*when.get("all", ()), *when.get("any", ())):
        yield from _asked_for(part)
    if not {"all", "any", "not"} & when.keys():
        yield when


def _when(leaves: list[Mapping[str, Any]]) -> tuple[str, float]:
    """To which part of the session a rule belongs, and from which minute on."""
    if any(DISCHARGE in leaf.get("proposed", ()) for leaf in leaves):
        return DISCHARGE, _BEFORE_START
    minutes = [leaf for leaf in leaves if leaf.get("session") == "minute"]
    if any("at_most" in leaf for leaf in minutes) or any("number" in leaf for leaf in leaves):
        return BEFORE, _BEFORE_START
    return DURING, max((leaf["at_least"] for leaf in minutes if "at_least" in leaf), default=_BEFORE_START)


def to_do(action: str) -> str | None:
    """The action in one word: stop what is given, call for help, hold (not begin, not leave); None where it only notes.

    >>> to_do("Stop the session, and call."), to_do("Emergency care now."), to_do("Keep the person."), to_do("Note it.")
    ('stop', 'call', 'hold', None)
    """
    if action.startswith("Stop"):
        return "stop"
    if "help" in action or "mergency care" in action:
        return "call"
    return "hold" if _HOLD.search(action) else None
