"""What to watch, how long until one can tell, and how a treatment is stopped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_effects import effect_rows, named_only
from cleardays.report.treatment_page_help import actions_at_the_top, is_red_flag
from cleardays.report.treatment_page_trial import migraine_protocols
from cleardays.report.treatment_page_words import Row, capital, lay, listed, mark, places, plain_check, sentence

# Checks at the time of a session, which staff make.
_STAFF = re.compile(
    r"(before|during|throughout|at each|each|with each|every|about)\b.*\b(session|injection|spray|discharge|measurement)"
)
_RATES = {"heart_rate": "beats a minute"}


def watch_section(treatment: Treatment) -> Iterator[str]:
    """What is checked, and the side effects, as lines without the heading."""
    rows = [row for row in treatment.facts("monitor") if not is_red_flag(row)]
    staff = [row for row in rows if _STAFF.match(row["at"])]
    own = [row for row in rows if row not in staff]
    yield from ("**What is checked, and when**", "") if rows else ("We list nothing to check for it.", "")
    yield from _checks(own)
    if staff:
        yield from ("", "Around a session, staff also see to:", "", *_of_staff(staff))
    yield from ("", *_side_effects(treatment))


def _checks(rows: Sequence[Row]) -> Iterator[str]:
    """One point for each thing that is checked; things with the same times and the same to do share one."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for what in dict.fromkeys(row["what"] for row in rows):
        times: dict[str, list[str]] = {}
        for row in (row for row in rows if row["what"] == what):
            times.setdefault(f"{_what_to_do(row)}{mark(row['confidence'])}", []).append(_when_to_check(row))
        alike.setdefault(tuple((listed(when), do) for do, when in times.items()), []).append(what)
    for told, whats in alike.items():
        yield f"- **{capital(listed(map(plain_check, whats)))}.** {' '.join(f'{capital(when)}. {do}' for when, do in told)}"


def _of_staff(rows: Sequence[Row]) -> Iterator[str]:
    """What staff see to, by when and by how sure it is."""
    for phase in ("Before", "During", "Before you go home"):
        same = [row for row in rows if _phase(row) == phase]
        told: list[str] = []
        for confidence in dict.fromkeys(row["confidence"] for row in same):
            items = list(dict.fromkeys(plain_check(row["what"]) for row in same if row["confidence"] == confidence))
            brief = [each for each in items if not any(f"{other},".startswith(f"{each},") for other in told)]
            brief = [each for each in brief if not any(each.startswith(f"{other},") for other in items)]
            told += brief
            if brief:
                yield f"- {phase}: {'; '.join(brief)}.{mark(confidence)}"


def _phase(row: Row) -> str:
    if "discharge" in row["at"]:
        return "Before you go home"
    return "Before" if row["at"].startswith("before") else "During"


def _when_to_check(row: Row) -> str:
    at = f"at {row['at']}" if row["at"].startswith(("each", "every contact")) else row["at"]
    return f"{lay(at)}{f' (in {places(row)})' if places(row) else ''}"


def _what_to_do(row: Row) -> str:
    """The action, led by its threshold where neither the action nor the name of the check holds it."""
    limit, action = row.get("threshold", ""), sentence(row["action"])
    said = f"{row['what']} {row['action']}".lower()
    if not limit or limit in ("any", "any of them") or limit.lower() in said:
        return action
    if row.get("number") in _RATES:
        limit = re.sub(r"(\d+)", rf"\1 {_RATES[row['number']]}", limit, count=1)
    return f"If {lay(limit)}: {action[:1].lower()}{action[1:]}"


def _side_effects(treatment: Treatment) -> Iterator[str]:
    yield from ("**Side effects**", "")
    effects, named = effect_rows(treatment.id), named_only(treatment.id)
    if effects:
        yield "The figures come from different studies and labels. Some are from people with another illness."
        yield from ("", *effects)
    if named:
        yield from (f"Named{' as well,' if effects else ''} without a figure:", "", *named, "")
    if not effects and not named:
        yield from ("We list no side effects for it yet. That does not mean that it has none.", "")
    yield from ("[All side effects side by side](side-effects.md)", "")


def how_long(treatment: Treatment) -> Iterator[str]:
    """When the treatment can be judged, as lines without the heading: what names weeks comes first."""
    yield from ("One good or bad month proves nothing. So give it time, and keep the diary.", "")
    rows = treatment.facts("judge")
    timed = [row for row in rows if "weeks_at_target" in row or "weeks_from_start" in row]
    yield from _points(timed)
    yield from _earliest(treatment, timed)
    # What counts as a response comes last: it says how to judge, the others say when.
    rest = sorted((row for row in rows if row not in timed), key=lambda row: _RESPONSE in row["says"])
    for row in rest:
        head, one_of, signs = str(row["says"]).partition("if one of these holds: ")
        if one_of and ";" in signs:
            yield f"- {capital(lay(head))}if one of these holds{mark(row['confidence'])}:"
            yield from (f"    - {sentence(sign)}" for sign in signs.split(";"))
        else:
            yield from _points([row])
    yield ""


_RESPONSE = "counts as a response"


def _points(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        where = f" (In {places(row)}.)" if places(row) else ""
        yield f"- {sentence(row['says'])}{where}{mark(row['confidence'])}"


def _earliest(treatment: Treatment, timed: Sequence[Row]) -> Iterator[str]:
    """The week in which the first steps allow a judgement, where the catalogue does not give one itself."""
    weeks = [row["weeks_at_target"] for row in timed if "weeks_at_target" in row]
    stepped = [row for row in migraine_protocols(treatment) if len(row["steps"]) > 1]
    if weeks and stepped and not any("weeks_from_start" in row for row in timed):
        week = (stepped[0]["steps"][-1]["from_day"] - 1) // 7 + max(weeks)
        yield f"- With the steps above, it is not judged before the end of week {week}.{mark('derived')}"


def stopping_section(treatment: Treatment) -> Iterator[str]:
    """How the treatment is stopped, as lines without the heading."""
    rows = treatment.facts("stopping")
    in_steps = any(row.get("over_days_min", 0) > 0 or "step_max" in row or "step_percent" in row for row in rows)
    alerts = any("stop" in rule["when"].get("proposed", ()) for rule in treatment.facts("rule"))
    if in_steps or alerts:
        yield from (f"**Do not stop it from one day to the next on your own.** {_in_an_emergency(treatment)}", "")
    yield from _points(rows)
    yield ""


def _in_an_emergency(treatment: Treatment) -> str:
    """Whether the list at the top tells anybody to stop; where it does not, a sudden stop is never its advice."""
    if any(action.startswith(("Stop ", "Take no further dose")) for action in actions_at_the_top(treatment)):
        return "The list at the top says when to stop at once."
    return "In an emergency call for help as the list at the top says, and say what you take and when you took it last."
