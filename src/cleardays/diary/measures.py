"""A classified diary counted in windows: what each holds, how sure that is, and what disturbs it.

A raw count always stands beside the number of days it was counted on; a prorated
number never decides a threshold. Standards: see docs/explanation/how-a-day-is-classified.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from cleardays.diary.classified import ClassifiedDays, classify_told
from cleardays.diary.disturbances import Disturbance, disturbances, straddled
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import Tri, all_of, negate, reaches
from cleardays.diary.months import NEVER_FROM_A_DIARY
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules
from cleardays.diary.told import told
from cleardays.diary.window_extras import Extras, extras_of
from cleardays.diary.window_outcomes import OutcomeColumn, outcome_columns, outcomes_document
from cleardays.diary.windows import COMPLETE, INSUFFICIENT, WORDS, grade, window_bounds

_LONG = "headache_day_4h"


def measure_windows(
    diary: Diary, *, profile: str = "leiden", kind: str = "w28", anchor: date | None = None
) -> list[dict[str, object]]:
    """Every window of a diary in order, as JSON.

    Args:
        diary: the diary; days without an entry are unknown.
        profile: leiden, ihs or ichd_count; which rules make a migraine day.
        kind: "w28" for 28-day windows, "cal" for calendar months.
        anchor: the first day of a 28-day window, from which windows run both ways;
            without it the last window ends on the diary's last day.
    """
    of = told(diary)
    found = classify_told(of)
    beside, outcomes = extras_of(diary, found, of), outcome_columns(diary, found)
    disturbed = disturbances(diary)
    bounds = window_bounds(found.first_day, found.last_day, kind, anchor)
    return [
        _window(found, max(first, found.first_day), min(last, found.last_day), profile, beside, outcomes, disturbed)
        for first, last in bounds
    ]


def _window(
    found: ClassifiedDays,
    first: date,
    last: date,
    profile: str,
    beside: Extras,
    outcomes: Sequence[OutcomeColumn],
    disturbed: Sequence[Disturbance],
) -> dict[str, object]:
    part = slice((first - found.first_day).days, (last - found.first_day).days + 1)
    counted = count_part(found, part, profile)
    by = straddled(disturbed, first, last)
    return {
        "start": first.isoformat(),
        "end": last.isoformat(),
        "profile": profile,
        **counted,
        **beside.document(part),
        "outcomes": outcomes_document(outcomes, part),
        "contaminated": bool(by),
        "contaminated_by": [{"date": each.day.isoformat(), "what": each.what} for each in by],
        "warnings": _warnings(found, part, first),
    }


def count_part(found: ClassifiedDays, part: slice, profile: str) -> dict[str, object]:
    """Counts and thresholds of one stretch, as standards name them.

    `n_logged` are days whose headache answer is known. `md` are days known to be
    migraine days; on `md_open` more of the logged days it is not known, and as
    those are no random days, `md28` is null where there are any.
    """
    rules, chronic = day_rules(), headache_rules().chronic_month
    migraine = f"migraine_day.{profile}"
    n, hd = part.stop - part.start, found.had("headache_day", part)
    logged, md = n - found.open("headache_day", part), found.had(migraine, part)
    md_open = found.tallies.of(
        ("md_open", profile), part, lambda: (found.flags[migraine] == 0) & (found.flags["headache_day"] != 0)
    )
    quality = grade(logged, n, rules)
    usable = quality != INSUFFICIENT
    limit = chronic["headache_days"]
    ge15 = reaches(hd, n - logged, limit)
    ge8 = reaches(found.had("cm_c_day", part), found.open("cm_c_day", part), chronic["migraine_days"])
    tests = {hd >= limit, hd * rules.window_days >= limit * n, hd * rules.month_days >= limit * n}
    return {
        "n_days": n,
        "n_logged": logged,
        "quality": quality,
        "hd": hd,
        "md": md,
        "md_open": md_open,
        "hd28": rules.window_days * hd / logged if usable else None,
        "md28": rules.window_days * md / logged if usable and not md_open else None,
        "hd30": rules.month_days * hd / logged if usable else None,
        "ge15_headache": WORDS[ge15],
        "hd_4h": found.had(_LONG, part),
        "ge15_headache_4h": WORDS[reaches(found.had(_LONG, part), found.open(_LONG, part), limit)],
        "ge8_migraine": WORDS[ge8],
        "cm_month": WORDS[all_of(ge15, ge8)],
        "window_sensitive": quality == COMPLETE and logged == n and len(tests) > 1,
        "overuse_month": {code: WORDS[answer] for code, answer in overuse_of_part(found, part).items()},
    }


def overuse_of_part(found: ClassifiedDays, part: slice, outside: int = 0) -> dict[str, Tri]:
    """Intake at or above the limit of each class of ICHD-3 8.2, in days of intake; `outside` more days are unknown."""
    rules = headache_rules().overuse
    answers: dict[str, Tri] = {NEVER_FROM_A_DIARY: False}
    for code, rule in rules["days"].items():
        sure, possible = found.taken(tuple(rule["classes"]), part)
        answers[code] = reaches(sure, possible + outside, rule["days"])
    mixed = rules["mixed"]
    sure, possible = found.taken(tuple(mixed["classes"]), part)
    used = sum(found.taken((kind,), part)[0] > 0 for kind in mixed["classes"])
    several = True if used >= mixed["least_classes"] else None if possible + outside else False
    alone = (negate(answers[code]) for code in mixed["not_overused"])
    answers["8.2.6"] = all_of(several, reaches(sure, possible + outside, mixed["days"]), *alone)
    return dict(sorted(answers.items()))


def _warnings(found: ClassifiedDays, part: slice, first: date) -> list[dict[str, object]]:
    """Acute medicine close to overuse; advice, no diagnosis."""
    rules = headache_rules().overuse["warning"]
    count, n_days = found.had("acute_med_day", part), part.stop - part.start
    short = n_days < day_rules().least_logged_days  # a few days make no habit
    if not count or short or count * day_rules().window_days < rules["days_per_28"] * n_days:
        return []
    known = n_days - found.open("acute_med_day", part)
    asked = f" ({known} of them say)" if known < n_days else ""
    limits = [rule["days"] for rule in headache_rules().overuse["days"].values()]
    looked_for = f"overuse is looked for from {min(limits)} to {max(limits)} a month"
    because = f"acute medicines on {count} of {n_days} days{asked}; {looked_for}"
    warnings: list[dict[str, object]] = [
        {"code": "acute-use-high", "because": because, "source": list(headache_rules().source["overuse"])}
    ]
    taken = np.flatnonzero(found.flags["acute_med_day"][part] == 1)
    weeks = {(first + timedelta(days=int(at))).isocalendar()[:2] for at in taken}
    if len(weeks) <= rules["clustered_weeks"]:
        because = f"all of them in {len(weeks)} {'week' if len(weeks) == 1 else 'weeks'}; overuse is regular use"
        warnings.append({"code": "acute-use-clustered", "because": because, "source": ["PREEMPT-BASE", "counting-policy"]})
    return warnings
