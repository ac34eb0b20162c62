"""How a trial of a treatment runs, in plain words: steps, sessions, injection sites, missed doses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_words import (
    Row,
    all_words,
    capital,
    is_migraine,
    keys,
    lay,
    listed,
    mark,
    number,
    places,
    safe,
    sentence,
    table,
    word,
)


def trial_section(treatment: Treatment) -> Iterator[str]:
    """The whole section as lines, without its heading."""
    if treatment.facts("protocol"):
        yield from ("The doses here are for talking over. Only with a clinician do you start it or change a step.", "")
        yield from _protocols(treatment)
    elif treatment.facts("session") and not treatment.facts("site"):
        yield from _supervised_only(treatment)
    if treatment.facts("site"):
        yield from _injections(treatment)
    yield from _greatest_doses(treatment)
    if treatment.facts("protocol") and treatment.facts("session"):
        yield from (f"- {sentence(row['says'])}{mark(row['confidence'])}" for row in treatment.facts("session"))
        yield ""
    yield from _missed(treatment)


def migraine_protocols(treatment: Treatment) -> list[Row]:
    """The protocols that are for migraine."""
    return [row for row in treatment.facts("protocol") if any(is_migraine(each) for each in row["indications"])]


def _protocols(treatment: Treatment) -> Iterator[str]:
    rows = migraine_protocols(treatment)
    daily = (row["amount"] for row in treatment.facts("ceiling") if row.get("per") == "day" and "when" not in row)
    top = min(daily, default=float("inf"))
    told: set[str] = set()
    for row in rows:
        if len(row["steps"]) > 1:
            yield from _titration(row, told, top)
    single = [row for row in rows if len(row["steps"]) == 1]
    if single:
        if len(single) == len(rows):
            yield from ("There are no steps: the first dose is the full dose.", "")
        # Where the dose depends on the illness, each row says for which illness it is.
        by_illness = len({tuple(row["indications"]) for row in single}) > 1
        by_place: dict[str, list[Row]] = {}
        for row in single:
            by_place.setdefault(places(row), []).append(row)
        for place, here in by_place.items():
            if place:
                yield from (f"**In {place}**", "")
            yield from (*_singles(here, by_illness), "")


def _singles(rows: Sequence[Row], by_illness: bool) -> Iterator[str]:
    """One point for each dose; of what is said of it the sentences that hold more than the dose, each once."""
    told: set[str] = set()
    for row in rows:
        illness = f", for {listed(word('indication', each) for each in row['indications'])}" if by_illness else ""
        dose = step_dose(row["steps"][0], row["unit"])
        new = [each for each in _sentences(row) if each not in told and _says_more(each, dose)]
        told.update(new)
        head = f"- **{capital(word('variant', row['variant']))}{illness}:** {dose}."
        yield f"{' '.join([head, *new])}{mark(row['confidence'])} Source: {keys(row)}."


def _sentences(row: Row) -> list[str]:
    return re.split(r"(?<=\.) (?=[A-Z\d])", sentence(row["says"]))


def _says_more(text: str, dose: str) -> bool:
    """Whether a sentence holds another figure than the dose, or none at all."""
    figures = set(_FIGURE.findall(text))
    return not figures or not figures <= set(_FIGURE.findall(dose))


_FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


def _titration(row: Row, told: set[str], top: float) -> Iterator[str]:
    """The steps, and what is said of them that was not told of other steps before."""
    yield f"**{capital(word('variant', row['variant']))}{_where(row)}**{mark(row['confidence'])}"
    yield ""
    yield from table(("When", "Dose"), ((step_days(step), step_dose(step, row["unit"])) for step in row["steps"]))
    yield " ".join(_about_the_steps(row, top))
    new = [each for each in _sentences(row) if each not in told]
    told.update(new)
    yield from (f"{' '.join(new)} Source: {keys(row)}.".lstrip(), "")


def _where(row: Row) -> str:
    return f" ({places(row)})" if places(row) else ""


def _about_the_steps(row: Row, top: float) -> Iterator[str]:
    """The last step, the dose aimed at and how it may rise; no further rise is offered at the top of what is known for it."""
    unit, last = row["unit"], row["steps"][-1]
    yield f"The last step begins {_begins(last['from_day'])}."
    if "target" in row:
        aim = f"{number(row['target'])} {unit} a day" if last["every_days"] == 1 else step_dose(last, unit)
        yield f"The dose aimed at is {aim}."
    if "hold_days" in row:
        yield f"It is then held for {number(row['hold_days'])} days."
    if "step_max" in row and "step_every_days" in row and row.get("target", 0) < min(top, row.get("hard_max", top)):
        pace = number(row["step_every_days"])
        yield f"A further rise is at most {number(row['step_max'])} {unit} a day, and not sooner than after {pace} days."
    if row.get("hard_max", row.get("target")) != row.get("target"):
        yield f"Never more than {number(row['hard_max'])} {unit} a day."
    elif "hard_max" in row:
        yield "It is also the greatest dose."
    elif row.get("usual_max", row.get("target")) != row.get("target"):
        yield f"As a rule not more than {number(row['usual_max'])} {unit} a day."


def _begins(day: int) -> str:
    return f"in week {day // 7 + 1}" if day % 7 == 1 else f"on day {day}"


def step_days(step: Row) -> str:
    """When a step is taken.

    >>> step_days({"from_day": 1, "to_day": 14}), step_days({"from_day": 4, "to_day": 6}), step_days({"from_day": 36})
    ('Weeks 1 to 2', 'Days 4 to 6', 'From week 6')
    """
    first, last = step["from_day"], step.get("to_day")
    weekly = first % 7 == 1 and (last is None or last % 7 == 0)
    unit, begin = ("week", first // 7 + 1) if weekly else ("day", first)
    if last is None:
        return f"From {unit} {begin}"
    end = last // 7 if weekly else last
    return f"{capital(unit)} {begin}" if begin == end else f"{capital(unit)}s {begin} to {end}"


def step_dose(step: Row, unit: str) -> str:
    """What is taken in a step.

    >>> step_dose({"from_day": 1, "amount": 25, "every_days": 2, "times_per_day": 1}, "mg")
    '25 mg every other day'
    """
    amounts = listed(f"{number(each)} {unit}" for each in step.get("amounts", [step["amount"]]))
    said = f"{amounts} {_rhythm(step)}".rstrip()
    when = ", only if needed" if step.get("if_needed") else ""
    return f"{said}{when}" + (f", {safe(step['when'])}" if "when" in step else "")


def _rhythm(step: Row) -> str:
    every, times = step["every_days"], step["times_per_day"]
    if "amounts" in step:
        return "a day, at separate times"
    if every == 1:
        return {1: "once a day", 2: "twice a day", 3: "three times a day"}.get(times, f"{times} times a day")
    if "to_day" in step and step["to_day"] - step["from_day"] < every:
        return "once"
    if every == 2:
        return "every other day"
    return f"every {every // 7} weeks" if every % 7 == 0 else f"every {every} days"


def _supervised_only(treatment: Treatment) -> Iterator[str]:
    yield "**It is given only in a session that trained staff watch. It is never a medicine to take at home.**"
    yield from ("", "No dose is named here, because the clinician in charge sets it.", "")
    yield from _sessions(treatment)


def _sessions(treatment: Treatment) -> Iterator[str]:
    for row in treatment.facts("session"):
        watched = [f"staff watch you for at least {number(row['observe_min'] / 60)} hours"] if "observe_min" in row else []
        yield f"What belongs to a session{mark(row['confidence'])}:"
        yield ""
        yield from _bullets([*watched, *(word("needs", each) for each in row.get("needs", ()))])
        yield ""


def _bullets(items: Iterable[str]) -> Iterator[str]:
    said = list(items)
    yield from (f"- {each}{'.' if each == said[-1] else ';'}" for each in said)


def _injections(treatment: Treatment) -> Iterator[str]:
    total = treatment.facts("site_total")[0]
    doubt = mark(total["confidence"])
    yield f"There are no steps. Each session has {total['sites']} injections, {total['units']} units in all.{doubt}"
    yield " ".join(f"{sentence(row['says'])}{mark(row['confidence'])}" for row in treatment.facts("interval"))
    yield from ("One session may not be enough to tell: see below how long to wait.", "")
    sites = [_site(row) for row in sorted(treatment.facts("site"), key=lambda row: int(row["order"]))]
    head = ("Where", "Sites", "Units", "May be added where the pain is")
    yield from table(head, [*sites, ("**All**", str(total["sites"]), str(total["units"]), "")])
    yield from (f"Source: {keys(total)}.", "")
    yield from _sessions(treatment)


def _greatest_doses(treatment: Treatment) -> Iterator[str]:
    """The ceilings, also those by kidney and by age; what is said of several of them comes once, below the list."""
    rows = treatment.facts("ceiling")
    if not rows:
        return
    every = [each for row in rows for each in _sentences(row)]
    shared = [each for each in dict.fromkeys(every) if every.count(each) > 1 and each.startswith("Already")]
    yield from ("**The greatest doses**", "")
    for row in rows:
        own = " ".join(each for each in _sentences(row) if each not in shared)
        where = f" (In {places(row)}.)" if places(row) else ""
        yield f"- {_limit(row, own)}{where}{mark(row['confidence'])} Source: {keys(row)}."
    yield ""
    if treatment.facts("protocol"):
        more = " ".join(shared) or "Whoever already takes more does not cut it alone, but asks the clinician."
        yield from (f"These are limits, no aim. {more}", "")


def _limit(row: Row, says: str) -> str:
    """The amount, and what is said of it: for whom it holds, or why it is the limit."""
    if "per" not in row or f"at most {number(row['amount'])} " in says.lower():
        return says
    return f"At most {_amount(row)}: {says[:1].lower()}{says[1:]}" if "when" in row else f"At most {_amount(row)}. {says}"


def _amount(row: Row) -> str:
    unit, per = {"U": "units"}.get(row["unit"], row["unit"]), str(row["per"])
    rate = f"in {lay(per)}" if per[0].isdigit() else f"a {per}" if per in ("day", "month") else f"per {per}"
    return f"{number(row['amount'])} {unit} {rate}"


def _site(row: Row) -> tuple[str, str, str, str]:
    added = f"{row['optional_sites']} sites, {row['optional_units']} units" if "optional_units" in row else ""
    return capital(word("muscle", row["muscle"])), str(row["sites"]), f"{row['units']}{mark(row['confidence'])}", added


def _missed(treatment: Treatment) -> Iterator[str]:
    rows, gaps = list(treatment.facts("missed")), treatment.facts("restart")
    begun_anew = any("half_life_h" in row for row in gaps)
    if not begun_anew:
        # Not a medicine to begin anew, but one whose lack harms: here waiting for a call back would be the danger.
        rows += gaps
    if rows or treatment.facts("protocol"):
        yield from (f"**If you miss a {'session' if treatment.facts('site') else 'dose'}**", "")
        yield from (f"- {sentence(row['says'])}{mark(row['confidence'])}" for row in rows)
        yield from ("",) if rows else ("We found no rule for it. Ask your clinician or pharmacist what to do.", "")
    if begun_anew:
        yield from ("After a longer gap than this, call before you take any:", "")
        yield from table(("For", "Longest gap"), (_gap(row) for row in gaps))


def _gap(row: Row) -> tuple[str, str]:
    """The longest gap, the shorter end of a range, in hours and in days."""
    hours = row["gap_h"][0] if isinstance(row["gap_h"], list) else row["gap_h"]
    days = row["half_life_h"] * row["half_lives"] / 24 if "half_life_h" in row else hours / 24
    short = all_words()["variant_short"].get(row["variant"], word("variant", row["variant"]))
    return short, f"{number(hours)} hours (about {number(round(days, 1))} days){mark(row['confidence'])}"
