"""Acute medicines by class against the monthly limits of overuse, and the days that are left by the bands of the IHS."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import any_of, reaches
from cleardays.diary.measures import overuse_of_part
from cleardays.diary.rules import day_rules
from cleardays.diary.windows import WORDS
from cleardays.trial.account.numbers import Span
from cleardays.trial.account.read import ACUTE, MIGRAINE, MODERATE, Read
from cleardays.trial.account.rules import page_rules
from cleardays.trial.account.stretches import States, Stretch, stretch_of

_NAMES = {
    "8.2.1": "ergots", "8.2.2": "triptans", "8.2.3": "simple analgesics", "8.2.4": "opioids",
    "8.2.5": "combination analgesics", "8.2.8": "other acute medicines", "8.2.6": "any of several classes",
}  # fmt: skip
_NO_RULE = "gepant"


class AcuteUse(NamedTuple):
    """Days of intake of one class. `limit` is in a month, None where no rule limits it.

    `month` are the last 30 days, on which `reached` (yes, no, indeterminate) rests: an unknown day may have been one.
    """

    code: str | None
    name: str
    classes: tuple[str, ...]
    before: Stretch | None
    recent: Stretch
    month: Stretch
    limit: int | None
    reached: str | None
    source: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "code": self.code,
            "name": self.name,
            "classes": list(self.classes),
            "before": None if self.before is None else self.before.document(),
            "recent": self.recent.document(),
            "month": self.month.document(),
            "limit_days_a_month": self.limit,
            "reached": self.reached,
            "source": list(self.source),
        }


class Residual(NamedTuple):
    """The days that are left in the last 28, and between which bands they lie: an unknown day may be one of them.

    `items` are those of the two that the diary tells: days with migraine, days with moderate or severe headache.
    """

    days: Stretch
    items: tuple[str, ...]
    at_least: str
    at_most: str
    says: str
    source: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "days": self.days.document(),
            "of": list(self.items),
            "band_at_least": self.at_least,
            "band_at_most": self.at_most,
            "says": self.says,
            "source": list(self.source),
        }


def acute_use(found: Read, span: Span) -> tuple[AcuteUse, ...]:
    """Each class that was taken in either window, and each limit that several classes reach together."""
    rules, source = headache_rules().overuse, headache_rules().source["overuse"]
    groups = [(code, tuple(row["classes"]), int(row["days"])) for code, row in rules["days"].items()]
    mixed = rules["mixed"]
    used = [_use(found, span, code, classes, limit, source) for code, classes, limit in groups]
    shown = [each for each in used if each.recent.had or each.month.had or (each.before is not None and each.before.had)]
    several = [each for each in shown if set(each.classes) <= set(mixed["classes"]) and each.month.had]
    if len(several) >= mixed["least_classes"] and not any(each.reached == WORDS[True] for each in several):
        shown.append(_use(found, span, "8.2.6", tuple(mixed["classes"]), int(mixed["days"]), source))
    free = _use(found, span, None, (_NO_RULE,), None, ())
    return (*shown, *([free] if _NO_RULE in found.intake and (free.recent.had or free.month.had) else []))


def overuse(found: Read, span: Span) -> str | None:
    """Whether any limit was reached in the last month: yes, no or indeterminate; None where intake is never told.

    Args:
        found: the diary.
        span: the windows that are compared.
    """
    if found.classified is None or not found.headache or not found.is_recorded(ACUTE):
        return None
    end, length = (span.recent[1] - found.first_day).days + 1, len(found.classified.logged)
    stop = min(end, length)  # the diary may have ended long before
    part = slice(min(max(0, end - day_rules().month_days), stop), stop)
    outside = day_rules().month_days - (part.stop - part.start)
    return WORDS[any_of(*overuse_of_part(found.classified, part, outside).values())]


def _use(
    found: Read, span: Span, code: str | None, classes: tuple[str, ...], limit: int | None, source: tuple[str, ...]
) -> AcuteUse:
    states = _states(found, classes)
    last = span.recent[1]
    month = stretch_of(states, found.first_day, last - timedelta(days=day_rules().month_days - 1), last)
    reached = None if limit is None else WORDS[reaches(month.tally, len(month.unknown), limit)]

    def counted(window: tuple[date, date]) -> Stretch:
        return stretch_of(states, found.first_day, *window)

    before = None if span.before is None else counted(span.before)
    name = "gepants (no limit is known)" if code is None else _NAMES[code]
    return AcuteUse(code, name, classes, before, counted(span.recent), month, limit, reached, source)


def _states(found: Read, classes: tuple[str, ...]) -> States:
    taken = np.zeros(len(found.intake_known), dtype=bool)
    for kind in classes:
        if kind in found.intake:
            taken |= found.intake[kind]
    return np.where(taken, 1, np.where(found.intake_known, -1, 0)).astype(np.int8)


def residual(found: Read, span: Span) -> Residual | None:
    """The band of the days that are left; None where the diary tells neither of them, or no day is known."""
    if not found.headache:
        return None
    items = [item for item in (MIGRAINE, MODERATE) if found.is_recorded(item)]
    if not items:
        return None
    told = np.stack([found.items[item] for item in items])
    states = np.where((told == 1).any(axis=0), 1, np.where((told == -1).all(axis=0), -1, 0)).astype(np.int8)
    days = stretch_of(states, found.first_day, *span.recent)
    if not days.known or days.days < day_rules().window_days:
        return None
    rule = page_rules()["residual"]
    low, high = (_band(rule["bands"], count) for count in (days.tally, days.tally + len(days.unknown)))
    says = f"{low['says']} ({low['is']})"
    if high is not low:
        says += f", or up to {high['says']} ({high['is']}) if unknown days had it"
    return Residual(days, tuple(items), low["is"], high["is"], says, tuple(rule["source"]))


def _band(bands: list[dict[str, Any]], days: int) -> dict[str, Any]:
    return [band for band in bands if days >= band["from"]][-1]
