"""What is true of a simulated person, as declared in a data file: before anything is drawn, and revealed at the end.

Rates are days per 28. A `reduction` is the share that the treatment takes away at the full dose. Nothing in a file is
a dose: those are the planner's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from cleardays.packaged import PACKAGE, read_toml
from cleardays.problems import BadInput, Problem, shown

_DATA = PACKAGE / "trial" / "demonstration" / "data"
_SEED_BYTES = 4


class Days(NamedTuple):
    """Days that are had or not: the own long-run rate per 28, and how much a day pulls the next one (log odds)."""

    per_28: float
    carry_over: float


class Amounts(NamedTuple):
    """An amount a day: its own mean, its scatter, and the share of yesterday's that carries over.

    `follows` is how much of the drift (log odds of a day) moves it.
    """

    mean: float
    scatter: float = 0.0
    carry_over: float = 0.0
    follows: float = 0.0


class Drift(NamedTuple):
    """The weekly level around the own one, in log odds: its spread, how it persists, and where it begins."""

    spread: float
    persistence: float
    begins_at: float


class Effect(NamedTuple):
    """What the treatment does to one outcome, and how it comes and goes.

    `of_expectation` is the share of it that any treatment would have brought. `half_at` is the share of the target dose
    that has half of the greatest effect. Of a session the effect lasts
    `lasts_days` and then fades with a time constant of `fades_days`.
    """

    reduction: Mapping[str, float]
    onset_days: float
    of_expectation: float = 0.0
    half_at: float = 0.5
    lasts_days: float | None = None
    fades_days: float = 1.0


class Keeping(NamedTuple):
    """How the diary is kept: chances that a day is left out, more where it was bad, and that it is written down later.

    `gaps` are stretches of diary days (from 0) of which nothing was ever told.
    """

    left_out: float
    left_out_when_bad: float
    from_memory: float
    gaps: tuple[tuple[int, int], ...] = ()


class Dosing(NamedTuple):
    """How doses are taken: chances of late, of skipped, and that nobody tells."""

    late: float = 0.0
    skipped: float = 0.0
    untold: float = 0.0


class Acute(NamedTuple):
    """Acute medicines with the share of each, the chance to take one by the strength of pain, and the most days a week."""

    medicines: Mapping[str, float]
    taken: Mapping[str, float]
    at_most_a_week: int
    twice: float
    helps: float


class SideEffect(NamedTuple):
    """Something that happens on a day of treatment (from 0), until when, and what was done about it.

    `change` is the kind of change of the plan with what belongs to it; None leaves the plan as it is. `ends`: it ends the
    treatment, whatever the diary says. `flag` is the red flag that it is. `session` is the session that it follows: where that
    one is never given, it never comes.
    """

    day: int
    until: int
    term: str
    severity: str
    attribution: str
    action: str
    outcome: str
    change: Mapping[str, Any] | None = None
    why: str | None = None
    ends: bool = False
    flag: str | None = None
    session: int | None = None


class Care(NamedTuple):
    """Other care, from a day of the diary on: how often it is due, and chances to have come, and that nobody tells."""

    kind: str
    what: str
    from_day: int
    every_days: int
    came: float
    untold: float


class ScoreTold(NamedTuple):
    """A questionnaire filled in on a day of treatment (negative: before it)."""

    day: int
    instrument: str
    total: int


class Case(NamedTuple):
    """One demonstration: who it is, what is true, how it is kept, and what it teaches."""

    id: str
    title: str
    teaches: str
    treatment: str
    indication: str
    begins: date
    before_days: int
    zone: str
    person: str
    clinician: str
    why: str
    told: Mapping[str, Any]
    intake: Mapping[str, Mapping[str, Any]]
    tried: tuple[Mapping[str, Any], ...]
    goals: tuple[Mapping[str, Any], ...]
    days: Mapping[str, Days]
    amounts: Mapping[str, Amounts]
    severity: Mapping[str, float]
    aura_then_headache: float
    drift: Drift
    effect: Effect
    keeping: Keeping
    dosing: Dosing
    acute: Acute | None
    side_effects: tuple[SideEffect, ...]
    care: tuple[Care, ...]
    scores: tuple[ScoreTold, ...]
    session: Mapping[str, Any] | None
    payer: str | None
    looks: int
    decisions: Mapping[str, Mapping[str, str]]
    after_days: int

    @property
    def start(self) -> date:
        """The first day of treatment."""
        return self.begins + timedelta(days=self.before_days)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What the treatment acts on, the judged one first."""
        return tuple(self.effect.reduction)

    @property
    def seed(self) -> int:
        """By the rule of `seed_of`."""
        return seed_of(self.id)


def seed_of(case: str) -> int:
    """The seed of a case: the first four bytes of the SHA-256 of its name, so that nobody chose it.

    >>> seed_of("baclofen")
    2543219643
    """
    return int.from_bytes(sha256(case.encode()).digest()[:_SEED_BYTES])


@cache
def case_names() -> tuple[str, ...]:
    """The cases that there are, in the order in which they are shown."""
    return tuple(_shown()["shown"])


@cache
def _shown() -> Mapping[str, Any]:
    return read_toml(_DATA / "cases.toml")


@cache
def read_case(name: str) -> Case:
    """A case by its name.

    Raises:
        BadInput: there is none of that name.
    """
    if name not in case_names():
        known = ", ".join(case_names())
        raise BadInput(Problem("--case", f"{shown(name)} is no demonstration.", f"Use one of {known}."))
    row = read_toml(_DATA / f"{name}.toml")
    usual = {"intake": {}, "severity": {}, "aura_then_headache": 0.0, "session": None, "payer": None, "looks": 1}
    plain = {key: value for key, value in row.items() if key in Case._fields}
    tables: dict[str, Any] = {
        "id": name,
        "begins": date.fromisoformat(row["begins"]),
        "days": {key: Days(**each) for key, each in row.get("days", {}).items()},
        "amounts": {key: Amounts(**each) for key, each in row.get("amounts", {}).items()},
        "drift": Drift(**row["drift"]),
        "effect": Effect(**row["effect"]),
        "keeping": _keeping(row["keeping"]),
        "dosing": Dosing(**row.get("dosing", {})),
        "acute": Acute(**row["acute"]) if "acute" in row else None,
        "side_effects": tuple(SideEffect(**each) for each in row.get("side_effect", ())),
        "care": tuple(Care(**each) for each in row.get("care", ())),
        "scores": tuple(ScoreTold(**each) for each in row.get("score", ())),
        "tried": tuple(row.get("tried", ())),
        "goals": tuple(row.get("goal", ())),
        "decisions": {**_shown()["decisions"], **row.get("decisions", {})},
    }
    return Case(**{**usual, "after_days": 0, **plain, **tables})


@cache
def shape() -> Mapping[str, Any]:
    """What all simulated headaches have in common: pain, hours and symptoms by strength."""
    return read_toml(_DATA / "shape.toml")


def _keeping(row: Mapping[str, Any]) -> Keeping:
    gaps = tuple((first, last) for first, last in row.get("gaps", ()))
    return Keeping(**{**row, "gaps": gaps})
