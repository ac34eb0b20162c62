"""What to watch, how long until one can tell, and how a treatment is stopped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_effects import effect_rows
from cleardays.report.treatment_page_trial import migraine_protocols
from cleardays.report.treatment_page_words import Row, capital, lay, mark, places, sentence, table

# Checks at the time of a session, which staff make.
_STAFF = re.compile(
    r"(before|during|throughout|at each|each|with each|every|about)\b.*\b(session|injection|spray|discharge|measurement)"
)


def watch_section(treatment: Treatment) -> Iterator[str]:
    """What is checked, and the side effects, as lines without the heading."""
    rows = treatment.facts("monitor")
    staff = [row for row in rows if _STAFF.match(row["at"])]
    own = [row for row in rows if row not in staff]
    yield from ("**What is checked, and when**", "") if rows else ("The catalogue lists nothing to check.", "")
    yield from table(
        ("What", "When", "What to do"),
        ((capital(lay(row["what"])), _when_to_check(row), f"{_what_to_do(row)}{mark(row['confidence'])}") for row in own),
    )
    if staff:
        yield from ("Before and during a session staff also see to:", "", *_of_staff(staff), "")
    yield from _side_effects(treatment)


def _of_staff(rows: Sequence[Row]) -> Iterator[str]:
    for confidence in dict.fromkeys(row["confidence"] for row in rows):
        items = list(dict.fromkeys(lay(row["what"]) for row in rows if row["confidence"] == confidence))
        brief = [each for each in items if not any(each.startswith(f"{other},") for other in items)]
        yield f"- {'; '.join(brief)}{mark(confidence)}"


def _when_to_check(row: Row) -> str:
    return f"{capital(lay(row['at']))}{f' ({places(row)})' if places(row) else ''}"


def _what_to_do(row: Row) -> str:
    """The action, led by its threshold where neither the action nor the name of the check holds it."""
    limit, action = row.get("threshold", ""), sentence(row["action"])
    said = f"{row['what']} {row['action']}".lower()
    if not limit or limit in ("any", "any of them") or limit.lower() in said:
        return action
    return f"If {lay(limit)}: {action[:1].lower()}{action[1:]}"


def _side_effects(treatment: Treatment) -> Iterator[str]:
    yield from ("**Side effects**", "")
    effects = effect_rows(treatment.id)
    if effects:
        yield "The figures come from different studies and labels. Some are from people with another illness."
        yield from ("", *effects)
    else:
        yield from ("The catalogue lists no side effects for it yet. That does not mean that it has none.", "")
    yield from ("[All side effects side by side](side-effects.md)", "")


def how_long(treatment: Treatment) -> Iterator[str]:
    """When the treatment can be judged, as lines without the heading: what names weeks comes first."""
    yield from ("One good or bad month proves nothing. So give it time, and keep the diary.", "")
    rows = treatment.facts("judge")
    timed = [row for row in rows if "weeks_at_target" in row or "weeks_from_start" in row]
    yield from _points(timed)
    yield from _earliest(treatment, timed)
    # What counts as a response comes last: it says how to judge, the others say when.
    rest = sorted((row for row in rows if row not in timed), key=lambda row: str(row["says"]).startswith("A response"))
    yield from _points(rest)
    yield ""


def _points(rows: Iterable[Row]) -> Iterator[str]:
    yield from (f"- {sentence(row['says'])}{mark(row['confidence'])}" for row in rows)


def _earliest(treatment: Treatment, timed: Sequence[Row]) -> Iterator[str]:
    """The week in which the first steps allow a judgement, where the catalogue does not give one itself."""
    weeks = [row["weeks_at_target"] for row in timed if "weeks_at_target" in row]
    stepped = [row for row in migraine_protocols(treatment) if len(row["steps"]) > 1]
    if weeks and stepped and not any("weeks_from_start" in row for row in timed):
        week = (stepped[0]["steps"][-1]["from_day"] - 1) // 7 + max(weeks)
        yield f"- With the first steps above, that is not before the end of week {week}.{mark('derived')}"


def stopping_section(treatment: Treatment) -> Iterator[str]:
    """How the treatment is stopped, as lines without the heading."""
    rows = treatment.facts("stopping")
    in_steps = any(row.get("over_days_min", 0) > 0 or "step_max" in row or "step_percent" in row for row in rows)
    alerts = any("stop" in rule["when"].get("proposed", ()) for rule in treatment.facts("rule"))
    if in_steps or alerts:
        yield "**Do not stop it from one day to the next on your own.** The list at the top says when to stop at once."
        yield ""
    yield from _points(rows)
    yield ""
