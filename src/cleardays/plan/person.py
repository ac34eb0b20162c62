"""What was told of a person who may try a treatment. What was not told is None, never "no"."""

from __future__ import annotations

from typing import NamedTuple


class TakenMedicine(NamedTuple):
    """A medicine that is taken, or was: times in days before today, doses a day in `unit`."""

    name: str
    daily_dose: float | None = None
    unit: str | None = None
    started_days_ago: float | None = None
    stopped_days_ago: float | None = None
    dose_changed_days_ago: float | None = None
    hours_since_last: float | None = None
    as_needed: bool | None = None


class Illness(NamedTuple):
    """An illness, now or in the past."""

    name: str
    severity: str | None = None
    months_ago: float | None = None
    active: bool | None = None


class PastReaction(NamedTuple):
    """What a medicine did once."""

    drug: str
    reaction: str
    serious: bool | None = None


class LastSession(NamedTuple):
    """The last supervised session or injection: weeks before today, product, units, what it was for."""

    weeks_ago: float | None = None
    product: str | None = None
    units: float | None = None
    site_use: str | None = None


class SessionNow(NamedTuple):
    """A session that is running: minutes since the dose, pressures in mmHg, rates per minute, saturation in percent."""

    minute: float | None = None
    sbp: float | None = None
    dbp: float | None = None
    heart_rate: float | None = None
    spo2: float | None = None
    respiratory_rate: float | None = None
    rousable: bool | None = None


class Site(NamedTuple):
    """One injection."""

    muscle: str
    side: str | None
    units: float


class Proposed(NamedTuple):
    """What somebody wants to do next; `amount` is what is taken at once after it, `gap_h` hours since the last dose.

    `every_days` that was not told is every day.
    """

    action: str
    amount: float | None = None
    unit: str | None = None
    times_per_day: float | None = None
    every_days: float | None = None
    route: str | None = None
    product: str | None = None
    sites: tuple[Site, ...] | None = None
    current_daily_dose: float | None = None
    gap_h: float | None = None


class Person(NamedTuple):
    """One person as told; the keys of `person.json`."""

    age: float | None = None
    sex: str | None = None
    weight_kg: float | None = None
    conditions: tuple[Illness, ...] | None = None
    medicines: tuple[TakenMedicine, ...] | None = None
    allergies: tuple[str, ...] | None = None
    past_reactions: tuple[PastReaction, ...] | None = None
    pregnancy: str | None = None
    breastfeeding: bool | None = None
    contraception: str | None = None
    egfr_ml_min: float | None = None
    dialysis: bool | None = None
    liver: str | None = None
    ascites: bool | None = None
    blood_pressure: tuple[float, float] | None = None
    heart_rate: float | None = None
    labs: dict[str, float] | None = None
    genotypes: tuple[str, ...] | None = None
    headache_days_per_28: float | None = None
    migraine_days_per_28: float | None = None
    acute_days_per_28: dict[str, float] | None = None
    months_at_this_use: float | None = None
    last_session: LastSession | None = None
    session: SessionNow | None = None
    supervised: bool | None = None
    escort: bool | None = None
    week_of_treatment: float | None = None
    diary_flags: tuple[str, ...] | None = None
    proposed: Proposed | None = None
