"""How a payer's page says it: who, how much of the diary is known, one row of days, one row of the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from cleardays.report import wording, words
from cleardays.report.sheet_words import LONGEST_NAME, listed, name_of, span
from cleardays.texts import clean
from cleardays.trial.account.who import Who
from cleardays.trial.ledger.adequacy import judge
from cleardays.trial.ledger.tried import ONGOING, Tried
from cleardays.trial.payers.below import Below
from cleardays.trial.payers.days import Count
from cleardays.trial.payers.facts import Facts
from cleardays.trial.payers.findings import CANNOT_TELL, FAILS, MEETS, NOT_YET, Finding
from cleardays.trial.payers.packs import Pack
from cleardays.trial.payers.spans import NAMES
from cleardays.trial.review import Review

_NOT_TOLD = "not told"
_LONGEST_REASON = 160
_EVIDENCE = {"diary": "diary", "pharmacy": "pharmacy record", "recall": "from memory", "chart": "medical record"}
_TALLY = {MEETS: "met", FAILS: "not met", NOT_YET: "not yet", CANNOT_TELL: "cannot be told"}


def named(who: Who | None) -> str:
    """Whom it is about, as they want to be named; nothing is made up."""
    name = None if who is None else who.name or who.code
    return clean(name, LONGEST_NAME) if name else "Name not told"


def about_line(facts: Facts, who: Who | None) -> str:
    """What stands behind the name: the birth year, what is taken since when, up to which day the diary was read."""
    born = f", born {who.birth_year}" if who is not None and who.birth_year else ""
    since = "not begun" if facts.start is None or not facts.begun else f"since {words.day(facts.start)}"
    return f"{born}. {name_of(facts.treatment)} {since}. Read up to {words.day(facts.as_of)}."


def coverage_line(facts: Facts) -> str:
    """How many of the diary's days are known, and how many of these were written from memory."""
    if facts.diary_days is None:
        return "The diary does not hold one known day. Nothing on this page was counted from a diary."
    first, last = facts.diary_days
    days, known = (last - first).days + 1, int(facts.days.logged.sum())
    recalled, dated = (int((marked & facts.days.logged).sum()) for marked in (facts.days.recalled, facts.days.dated))
    share = f"{100 * recalled / known:.0f}\N{NO-BREAK SPACE}%" if known else "none"
    told = [f"{dated - recalled} written by the end of the next day"] if dated or not known else []
    told += [f"{recalled} later from memory ({share})"] if dated or not known else []
    told += [f"{known - dated} of which it is not told when they were written"] if known > dated else []
    return f"Diary from {span(first, last)}: {known} of {words.counted(days, 'day')} known; {', '.join(told)}."


def edits_line(facts: Facts) -> str:
    """How many days were changed later; that nobody knows, where the diary is a file."""
    edits = facts.days.edits
    if edits is None:
        return "Changed later: not known. A diary that comes as a file does not say what was changed in it."
    if not edits:
        return "Changed later: no day was changed after the day on which it was written."
    changed = "; ".join(f"{words.day(day)} (on {words.day(on)})" for day, on in sorted(edits.items()))
    return f"Changed later: {words.counted(len(edits), 'day')}. {changed}."


def baseline_lines(facts: Facts) -> tuple[str, ...]:
    """Each baseline that was fixed before the treatment, and what the diary says of its days now where that differs."""
    lines = []
    for baseline in facts.baselines:
        fixed = baseline.of("headache_day")
        if fixed is None or (baseline.treatment is not None and baseline.treatment != facts.treatment):
            continue
        now = facts.days.count("headache_day", baseline.first, baseline.last, "baseline")
        said = f"The baseline of {span(baseline.first, baseline.last)} was fixed on {words.day(baseline.fixed_at.date())}"
        counted = f"{fixed.had} headache days of {words.counted(fixed.known, 'known day')}"
        same = (now.had, now.known) == (fixed.had, fixed.known)
        then = "the diary still says so" if same else f"the diary now says {now.had} of {now.known}"
        lines.append(f"{said} with {counted}; {then}.")
    return tuple(lines)


def tally(findings: Sequence[Finding]) -> str:
    """How many rules came out how."""
    counts = Counter(each.verdict for each in findings)
    told = ", ".join(f"{counts[verdict]} {word}" for verdict, word in _TALLY.items() if counts[verdict])
    return f"Of {words.counted(len(findings), 'rule')}: {told}."


def below_lines(below: Sequence[Below], pack: Pack) -> tuple[str, ...]:
    """Why fewer days than were asked for to begin are no reason to think that treatment is not needed."""
    if not below:
        return ()
    lines = [_one_below(each) for each in below]
    lines.append(
        "The fall was counted on treatment. Such a fall is what treatment is given for; these counts do not show how it "
        "would be without it."
    )
    if pack.pause is None:
        lines.append("This source says nothing of a pause under supervision.")
    else:
        keys = ", ".join(pack.pause["source"])
        lines.append(f"On a pause, which only a clinician decides and supervises: {pack.pause['says']} [{keys}]")
    return tuple(lines)


def _one_below(each: Below) -> str:
    many = NAMES[each.before.metric][1]
    before = f"{each.before.had} {many} in the {_of(each.before)} before treatment ({each.before.known} known)"
    now = f"{each.now.had} in the latest {len(each.now.days)} days on treatment ({each.now.known} known)"
    return f"{words.sentence(before)}, {now}: now below the {each.least} that are asked for to begin."


def _of(count: Count) -> str:
    return f"{len(count.days)} days"


def chances_line(review: Review | None) -> str:
    """The probabilities of the same diary, so that no bare percentage stands alone."""
    if review is None:
        return "No probability is given: the diary was not judged."
    return wording.verdict_line(review)


def count_row(count: Count) -> tuple[str, str, str, str, str, str, str, str]:
    """One stretch: its name, its days, the count with its scaling, and each day in a list."""
    many = words.sentence(NAMES[count.metric][1]) if count.metric in NAMES else words.sentence(count.metric)
    rate = count.per_28
    scaled = "" if rate is None or not count.unknown else f", {float(rate):.1f} in 28 if the unknown days were like the known"
    known = f"{count.had} on {count.known} known of {len(count.days)} days{scaled}"
    had, clear, unknown = ([day.date for day in count.days if day.state is state] for state in (True, False, None))
    if count.events is not None:
        had, clear = [day.date for day in count.days if day.state], []
    return (
        f"{many}, {count.what}",
        span(count.first, count.last),
        known,
        _list(had),
        _list(clear),
        _list(unknown),
        _list(day.date for day in count.days if day.recalled and day.state is not None),
        _list(day.date for day in count.days if day.edited is not None),
    )


def _list(days: Iterable[date]) -> str:
    return listed(days)


def tried_row(tried: Tried, rule: str | None, facts: Facts) -> tuple[str, str, str, str, str, str, str]:
    """One preventive: what, how much, when, how long at the target, what came of it, how it is known, whether it counts."""
    classes = f" ({', '.join(each.replace('_', ' ') for each in tried.classes)})" if tried.classes else ""
    outcome = tried.outcome or _NOT_TOLD
    if tried.reason_stopped:
        outcome += f": {clean(tried.reason_stopped, _LONGEST_REASON)}"
    weeks = _NOT_TOLD if tried.weeks_at_target is None else f"{tried.weeks_at_target:.3g} weeks"
    if tried.treatment == facts.treatment:
        counts = "this treatment"
    elif rule is None:
        counts = "not asked for"
    else:
        found = judge(tried, rule, as_of=facts.as_of)
        counts = f"{found.meets}: {found.because}"
    dose = tried.max_dose or _NOT_TOLD
    return name_of(tried.treatment) + classes, dose, _when(tried), weeks, outcome, _EVIDENCE[tried.evidence], counts


def _when(tried: Tried) -> str:
    """From when to when; what nobody told is said to be so."""
    if tried.first is None and tried.last is None:
        return f"dates {_NOT_TOLD}" if tried.weeks is None else f"{tried.weeks:.3g} weeks, dates {_NOT_TOLD}"
    first = _NOT_TOLD if tried.first is None else words.day(tried.first)
    last = "now" if tried.outcome == ONGOING else _NOT_TOLD if tried.last is None else words.day(tried.last)
    return f"{first} to {last}"
