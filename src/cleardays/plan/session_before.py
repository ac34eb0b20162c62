"""What a record says of the start: where, under whose eyes, what was taken that day, what was prepared, what was given."""

from __future__ import annotations

from collections.abc import Iterator

from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.alerts import Alert
from cleardays.plan.person import Person, Proposed, TakenMedicine
from cleardays.plan.session_alerts import REFUSES, SessionAlert, asked, own_alert
from cleardays.plan.session_record import HOME, Given, SessionRecord
from cleardays.plan.session_rules import BEFORE, DURING, session_row
from cleardays.plan.session_studied import NOT_A_DOSE, Compared, Studied, compare, quantity, studied
from cleardays.sources import source_keys

# What of the session's conditions is told elsewhere in the record.
_TOLD_ELSEWHERE = frozenset(
    ("clinician", "escort", "amount-and-rate-from-clinician", "amount-from-clinician", "no-driving-until-next-day",
     "review-after-28-days")
)  # fmt: skip
_GRAVE_OF = {"above": "major", "between": "moderate", "none": "moderate", "below": "minor"}
_THAT_DAY = 0.0


def before_alerts(record: SessionRecord, treatment: Treatment) -> Iterator[SessionAlert]:
    """Everything about the start, at minute 0."""
    for alert in (*_where(record, treatment), *_taken(record, treatment), *_prepared(record, treatment)):
        yield SessionAlert(0.0, BEFORE, alert)


def _where(record: SessionRecord, treatment: Treatment) -> Iterator[Alert]:
    if record.supervised is None and record.place != HOME:
        because = "Nobody told whether trained staff watched; it is given in supervised sessions only."
        yield own_alert("supervision-not-told", "major", "supervision not told", because, "Say who watched.")
    elif record.place == HOME or not record.supervised:
        yield from asked(treatment, Person(supervised=False))[0]


def _taken(record: SessionRecord, treatment: Treatment) -> Iterator[Alert]:
    """What was taken that day. A medicine told without hours was taken that day."""
    if record.medicines is None:
        because = "What was taken that day was not told; a benzodiazepine or an opioid would block the session."
        yield own_alert(
            "medicines-not-told", "major", "medicines of the day not told", because, "Ask before anything is given."
        )
        return
    hours = [(each.name, _THAT_DAY if each.hours_before is None else each.hours_before) for each in record.medicines]
    taken = tuple(TakenMedicine(name, hours_since_last=since) for name, since in hours)
    alerts, unclear = asked(treatment, Person(medicines=taken))
    yield from alerts
    for each in unclear:
        action = "Find out what it is before anything is given."
        yield own_alert("medicine-unclear", "major", each.name.partition(".")[2], each.question, action)


def _prepared(record: SessionRecord, treatment: Treatment) -> Iterator[Alert]:
    row = session_row(treatment)
    for need in row["needs"]:
        met, words = record.prepared.get(need), need.replace("-", " ")
        if need in _TOLD_ELSEWHERE or met:
            continue
        said = "It was not told whether this was so" if met is None else "This was not so"
        code = "need-not-told" if met is None else "need-not-met"
        because, action = f"{said}: {words}.", "Do not start before it is so, and write it down."
        yield own_alert(code, "major", words, because, action, source_keys(row), row["confidence"])


def compared(record: SessionRecord, treatment: Treatment) -> tuple[tuple[float, Compared], ...]:
    """Each amount given at once and each rate, by its minute, against what was studied."""
    rows, found = studied(treatment), list[tuple[float, Compared]]()
    for given in sorted(record.given, key=repr):
        found += [(given.from_minute, each) for each in _each_figure(given, record.weight_kg, rows)]
    return tuple(sorted(found, key=lambda each: (each[0], each[1].what)))


def _each_figure(given: Given, weight_kg: float | None, rows: tuple[Studied, ...]) -> Iterator[Compared]:
    if given.rate is not None and given.rate_unit is not None:
        yield compare("rate", given.rate, given.rate_unit, given.route, weight_kg, rows)
    elif given.amount is not None and given.unit is not None:
        # The total of an infusion is no amount at once: its rate is what was studied.
        yield compare("amount", given.amount, given.unit, given.route, weight_kg, rows)


def given_alerts(record: SessionRecord, treatment: Treatment) -> Iterator[SessionAlert]:
    """What was given outside the studied figures, and a dose for anaesthesia."""
    for minute, each in compared(record, treatment):
        if each.where != "inside":
            yield SessionAlert(minute, DURING, _outside(each))
    for given in record.given:
        if given.rate is None:
            for alert in _anaesthetic(given, record.weight_kg, treatment):
                yield SessionAlert(given.from_minute, DURING, alert)
        if given.amount is None and given.rate is None:
            because = "Amount and rate were not entered: what was given cannot be told."
            entered = own_alert("amount-not-entered", "major", "amount or rate not entered", because, "Enter what was given.")
            yield SessionAlert(given.from_minute, DURING, entered)


def _outside(each: Compared) -> Alert:
    shown = f"{each.given:g} {each.unit}"
    if each.where == "none":
        because = f"No {each.what} by this route was studied in migraine in a unit that {shown} can be compared with."
        return own_alert("no-studied-range", _GRAVE_OF[each.where], f"{shown}, not studied", because, _CONFIRM)
    figures = "; ".join(f"{row.use}: {row.says} [{row.verdict}]" for row in each.ranges)
    weight = f" A weight of {each.weight_assumed:g} kg was taken, because none was told." if each.weight_assumed else ""
    source = tuple(dict.fromkeys(key for row in each.ranges for key in row.source))
    subject = f"{shown}, {'between' if each.where == 'between' else each.where} the studied figures"
    return own_alert("outside-studied", _GRAVE_OF[each.where], subject, f"{figures}{weight} {NOT_A_DOSE}", _CONFIRM, source)


_CONFIRM = "Check the entry. The clinician notes why."


def _anaesthetic(given: Given, weight_kg: float | None, treatment: Treatment) -> Iterator[Alert]:
    """The rules on a dose that anaesthetises, for what was given at once."""
    found = None if given.amount is None or given.unit is None else quantity(given.amount, given.unit)
    if found is None or found.per_h:
        return
    weight = weight_kg or float(general()["limits"]["usual_weight_kg"])
    proposed = Proposed("start", found.mg * (weight if found.per_kg else 1.0), "mg", route=given.route)
    alerts, _ = asked(treatment, Person(proposed=proposed, weight_kg=weight))
    yield from (alert for alert in alerts if alert.code.startswith("action.") and alert.severity in ("major", REFUSES))
