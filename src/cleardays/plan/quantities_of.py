"""Numbers and answers that rules ask for: as told, or what follows from what was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cleardays.catalogue.resolving import Resolved
from cleardays.catalogue.screening_rules import general
from cleardays.plan.injections import answers_on_proposal, units_proposed
from cleardays.plan.person import Person, Proposed, TakenMedicine
from cleardays.plan.taken import Medicine
from cleardays.plan.units import in_unit, unit_of

_OF_WOMEN = {"pregnancy": "no", "breastfeeding": False, "contraception": "not applicable"}


def daily_of(proposed: Proposed) -> tuple[float | None, bool]:
    """The mean dose a day in the unit told, and whether it is exact: without times a day it is the least it can be."""
    if proposed.amount is None:
        return None, False
    times = 1.0 if proposed.times_per_day is None else proposed.times_per_day
    exact = proposed.times_per_day is not None or proposed.amount == 0
    return proposed.amount * times / (proposed.every_days or 1.0), exact


def numbers_of(person: Person, treatment: Resolved, medicines: Iterable[Medicine]) -> Mapping[str, float | None]:
    """Every number that a rule may ask for; None is not known. Doses of weight are in mg."""
    pressure = person.blood_pressure or (None, None)
    labs, last = person.labs or {}, person.last_session
    own = [each.told for each in medicines if each.is_a.id == treatment.id and each.told.stopped_days_ago is None]
    current = _current(person.proposed, own)
    found: dict[str, float | None] = {
        "age": person.age,
        "weight_kg": person.weight_kg,
        "egfr_ml_min": person.egfr_ml_min,
        "heart_rate": person.heart_rate,
        "blood_pressure.systolic": pressure[0],
        "blood_pressure.diastolic": pressure[1],
        "week_of_treatment": _week(person, own),
        "headache_days_per_28": person.headache_days_per_28,
        "last_session.weeks_ago": None if last is None else last.weeks_ago,
        "last_session.units": None if last is None else last.units,
        **{f"labs.{name}": labs.get(name) for name in ("potassium", "qtc_ms", "bicarbonate", "alt_times_upper")},
        **_change(person.proposed, current),
        "proposed.mg_per_kg": _per_kg(person),
        "proposed.every_days": None if person.proposed is None else person.proposed.every_days,
        "proposed.current_daily_dose": current,
    }
    return {**found, **units_proposed(person, treatment)}


def _week(person: Person, own: Iterable[TakenMedicine]) -> float | None:
    """The week as told, else as the list of medicines tells it."""
    if person.week_of_treatment is not None:
        return person.week_of_treatment
    days = _only(each.started_days_ago for each in own)
    return None if days is None else week_after(days)


def week_after(days: float) -> float:
    """The week of a treatment that began so many days ago; its first seven days are week 1.

    >>> week_after(6), week_after(7)
    (1.0, 2.0)
    """
    return float(days // 7 + 1)


def _only(values: Iterable[float | None]) -> float | None:
    """The one value, where all that tell one tell the same."""
    told = {value for value in values if value is not None}
    return told.pop() if len(told) == 1 else None


def _in_mg(amount: float | None, unit: str | None) -> float | None:
    """Weights in mg; units of toxin, and an amount without a unit, as told; pieces such as tablets are no amount."""
    return amount if unit is None or unit_of(unit) == "U" else in_unit(amount, unit, "mg")


def _current(proposed: Proposed | None, own: Iterable[TakenMedicine]) -> float | None:
    if proposed is not None and proposed.current_daily_dose is not None:
        return _in_mg(proposed.current_daily_dose, proposed.unit)
    return _only(_in_mg(each.daily_dose, each.unit) for each in own)


def _per_kg(person: Person) -> float | None:
    """What is taken at once in mg for each kg; 70 kg where the weight is not known."""
    if person.proposed is None:
        return None
    amount = in_unit(person.proposed.amount, person.proposed.unit, "mg")
    return None if amount is None else amount / (person.weight_kg or general()["limits"]["usual_weight_kg"])


def _change(proposed: Proposed | None, current: float | None) -> dict[str, float | None]:
    """How the daily dose would change."""
    daily, exact = (None, False) if proposed is None else daily_of(proposed)
    to = _in_mg(daily, None if proposed is None else proposed.unit)
    if to is None or not exact or not current:
        return {"proposed.share_of_current": None, "proposed.daily_decrease": None}
    return {"proposed.share_of_current": to / current, "proposed.daily_decrease": current - to}


def answers_of(person: Person, treatment: Resolved, medicines: Iterable[Medicine]) -> Mapping[str, object]:
    """Every answer that a rule may ask for; None is not known."""
    own = any(each.is_a.id == treatment.id and each.told.stopped_days_ago is None for each in medicines)
    found: dict[str, object] = {
        "sex": person.sex,
        "pregnancy": person.pregnancy,
        "breastfeeding": person.breastfeeding,
        "contraception": person.contraception,
        "dialysis": person.dialysis,
        "liver": person.liver,
        "ascites": person.ascites,
        "supervised": person.supervised,
        "escort": person.escort,
        "already_taken": _already_taken(person, own),
        "history_told": person.medicines is not None or person.conditions is not None,
    }
    if person.sex == "male":
        # What a man tells of contraception or of a planned pregnancy is his partner's.
        found.update(_OF_WOMEN)
    if person.sex == "female" and (person.age or 0) >= general()["limits"]["age_after_childbearing"]:
        if person.pregnancy is None:
            found["pregnancy"] = "no"
        if person.contraception in (None, "none"):
            found["contraception"] = "postmenopausal"
    if person.pregnancy == "yes" and person.contraception is None:
        found["contraception"] = "not applicable"
    if person.contraception in ("postmenopausal", "sterilised") and person.pregnancy is None:
        found["pregnancy"] = "no"
    if person.contraception == "postmenopausal" and person.breastfeeding is None:
        found["breastfeeding"] = False
    if (
        person.dialysis is None
        and person.egfr_ml_min is not None
        and person.egfr_ml_min >= general()["limits"]["egfr_without_dialysis"]
    ):
        found["dialysis"] = False
    if person.liver == "normal" and person.ascites is None:
        found["ascites"] = False
    return {**found, **answers_on_proposal(person, treatment)}


def _already_taken(person: Person, own: bool) -> bool | None:
    """Whether the treatment has begun: by the action proposed, else by the week, else by what is taken."""
    if person.proposed is not None and person.proposed.action != "discharge":
        return person.proposed.action != "start"
    if person.week_of_treatment is not None:
        return person.week_of_treatment > 0
    return True if own else None
