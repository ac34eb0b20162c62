"""Whether a preventive counts as tried, by the rule of whoever asks; the rules are data (`trial/data/adequacy.toml`).

Weeks that nobody knows are never zero weeks: where they could decide, the answer is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from cleardays.packaged import PACKAGE, read_toml
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import counted
from cleardays.trial.ledger.tried import CONTRAINDICATED, ONGOING, Tried

YES, NO, CANNOT_TELL = "yes", "no", "cannot tell"
MEDICINES, CLASSES = "medicines", "classes"
_DAYS_OF_WEEK = 7
_MONTH_DAYS = (28, 31)  # of the shortest and of the longest one


class AdequacyRule(NamedTuple):
    """One rule by its name, in words, with what it asks; see the data file for the keys."""

    name: str
    says: str
    measure: str
    at_least: int | None
    counts: str
    instead: tuple[str, ...]
    failed: tuple[str, ...]
    perhaps: tuple[str, ...]
    asks_for: tuple[str, ...]
    source: tuple[str, ...]
    confidence: str


class Adequacy(NamedTuple):
    """Whether one preventive counts as tried by one rule: "yes", "no" or "cannot tell", and why."""

    rule: str
    meets: str
    because: str
    source: tuple[str, ...]
    confidence: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "source": list(self.source)}


class Failures(NamedTuple):
    """What of a ledger counts as tried and failed by a rule: names of medicines, or of classes where it counts those.

    `perhaps` may count, and what is missing would settle it; each name stands in one of the two at most.
    """

    rule: str
    counts: str
    surely: tuple[str, ...]
    perhaps: tuple[str, ...]

    def reach(self, needed: int) -> str:
        """Whether so many failed: "yes", "no" or "cannot tell"."""
        if len(self.surely) >= needed:
            return YES
        return CANNOT_TELL if len(self.surely) + len(self.perhaps) >= needed else NO


@cache
def adequacy_rules() -> dict[str, AdequacyRule]:
    """All rules by name."""
    return {name: _rule(name, row) for name, row in read_toml(PACKAGE / "trial" / "data" / "adequacy.toml")["rule"].items()}


def adequacy_rule(name: str) -> AdequacyRule:
    """One rule.

    Raises:
        BadInput: there is none of this name.
    """
    rule = adequacy_rules().get(name)
    if rule is None:
        known = ", ".join(adequacy_rules())
        raise BadInput(Problem("adequacy rule", f"{shown(name)} is none.", f"Use one of {known}."))
    return rule


def judge(tried: Tried, rule: str, *, as_of: date | None = None) -> Adequacy:
    """Whether it was tried for long enough; how it went is another question (`failed`).

    Args:
        tried: an entry of the ledger.
        rule: name of a rule.
        as_of: up to which day one that goes on is counted; without it, its days count only where they were told.

    Raises:
        BadInput: no such rule.
    """
    asked = adequacy_rule(rule)
    meets, because = _met(tried, asked, as_of)
    lacking = list(_lacking(tried, asked)) if meets == YES else []
    if lacking:
        meets, because = CANNOT_TELL, f"{because} It is asked for besides, and not known: {' and '.join(lacking)}."
    return Adequacy(asked.name, meets, because, asked.source, asked.confidence)


def failed(tried: Tried, rule: str) -> str:
    """Whether its outcome counts as a failure by a rule: "yes", "no" or "cannot tell".

    Raises:
        BadInput: no such rule.
    """
    asked = adequacy_rule(rule)
    if tried.outcome is None or tried.outcome in asked.perhaps:
        return CANNOT_TELL
    return YES if tried.outcome in asked.failed else NO


def failures(ledger: Iterable[Tried], rule: str, *, as_of: date | None = None) -> Failures:
    """Everything that was tried and failed by a rule, several courses of one medicine counted once.

    Where the rule counts classes, medicines of one class count once together; a medicine of several classes counts
    once, with all that share one of them.

    Raises:
        BadInput: no such rule.
    """
    asked = adequacy_rule(rule)
    surely, perhaps = list[Tried](), list[Tried]()
    for tried in ledger:
        both = {judge(tried, rule, as_of=as_of).meets, failed(tried, rule)}
        if NO not in both:
            (perhaps if CANNOT_TELL in both else surely).append(tried)
    sure, all_ = _names(surely, asked.counts), _names([*surely, *perhaps], asked.counts)
    found = {name for names in sure for name in names}
    more = [names for names in all_ if not found & set(names)]
    return Failures(rule, asked.counts, *(tuple(sorted("/".join(names) for names in each)) for each in (sure, more)))


def _names(ledger: Iterable[Tried], counts: str) -> list[tuple[str, ...]]:
    """What counts once each, by its names."""
    groups: list[set[str]] = []
    for tried in ledger:
        names = set(tried.classes) if counts == CLASSES and tried.classes else {tried.treatment}
        touching = [group for group in groups if group & names]
        groups = [group for group in groups if not group & names] + [names.union(*touching)]
    return [tuple(sorted(group)) for group in groups]


def _rule(name: str, row: dict[str, Any]) -> AdequacyRule:
    return AdequacyRule(
        name,
        row["says"],
        row["measure"],
        row.get("at_least"),
        row["counts"],
        instead=tuple(row.get("instead", ())),
        failed=tuple(row["failed"]),
        perhaps=tuple(row.get("perhaps", ())),
        asks_for=tuple(row.get("asks_for", ())),
        source=tuple(row["source"]),
        confidence=row["confidence"],
    )


def _met(tried: Tried, rule: AdequacyRule, as_of: date | None) -> tuple[str, str]:
    if rule.at_least is None:
        word = {YES: "so it failed", NO: "which is no failure", CANNOT_TELL: "which leaves open whether it failed"}
        found = failed(tried, rule.name)
        return found, f"Its outcome is {tried.outcome or 'not known'}, {word[found]}."
    if tried.outcome in rule.instead:
        return YES, f"It was {tried.outcome}, which stands in for the time."
    if rule.measure == "weeks_at_target":
        return _at_target(tried, rule.at_least, as_of)
    if rule.measure == "months":
        return _months(tried, rule.at_least, as_of)
    days = _days(tried, as_of)
    if days is None:
        return CANNOT_TELL, "How long it was taken is not known."
    return YES if days >= rule.at_least else NO, f"It was taken for {_about(days)}; {rule.at_least} days are asked for."


def _at_target(tried: Tried, least: int, as_of: date | None) -> tuple[str, str]:
    if tried.weeks_at_target is not None:
        said = f"It was at the target for {tried.weeks_at_target:.3g} weeks; {least} are asked for."
        if tried.weeks_at_target < least or tried.weeks_told is None or tried.weeks_told >= least:
            return YES if tried.weeks_at_target >= least else NO, said
        return (
            CANNOT_TELL,
            f"{said} Of {tried.weeks_told:.3g} of them the doses were told; the rest counts as taken by the plan.",
        )
    days = _days(tried, as_of)
    if days is not None and days < least * _DAYS_OF_WEEK:
        return NO, f"It was taken for {_about(days)} in all; {least} weeks at the target are asked for."
    return CANNOT_TELL, "How many weeks it was taken at the target dose is not known."


def _months(tried: Tried, least: int, as_of: date | None) -> tuple[str, str]:
    """By the calendar where both days are known; by the weeks that were told where no month could be longer or shorter."""
    until = _until(tried, as_of)
    if tried.first is not None and until is not None:
        met = YES if _months_on(tried.first, least) <= until + timedelta(days=1) else NO
        return met, f"It was taken from {tried.first} to {until}; {least} months are asked for."
    days = _days(tried, as_of)
    if days is None:
        return CANNOT_TELL, "How long it was taken is not known."
    shortest, longest = (least * each for each in _MONTH_DAYS)
    met = YES if days >= longest else NO if days < shortest else CANNOT_TELL
    return met, f"It was taken for {_about(days)}, on days that are not known; {least} months are asked for."


def _months_on(first: date, months: int) -> date:
    """The same day of a later month, or the first of the one after it where that month is too short."""
    years, month = divmod(first.month - 1 + months, 12)
    try:
        return first.replace(year=first.year + years, month=month + 1)
    except ValueError:
        years, month = divmod(first.month + months, 12)
        return date(first.year + years, month + 1, 1)


def _days(tried: Tried, as_of: date | None) -> float | None:
    """How many days it was taken in all, both ends included; None where that is not known."""
    until = _until(tried, as_of)
    if tried.first is not None and until is not None:
        return max((until - tried.first).days + 1, 0)
    return None if tried.weeks is None else tried.weeks * _DAYS_OF_WEEK


def _until(tried: Tried, as_of: date | None) -> date | None:
    return tried.last if tried.last is not None else as_of if tried.outcome == ONGOING else None


def _about(days: float) -> str:
    return counted(int(days), "day") if days == int(days) else f"{days:.3g} days"


def _lacking(tried: Tried, rule: AdequacyRule) -> Iterator[str]:
    """What a rule asks for besides the time; of what was never taken there are no days."""
    taken = tried.outcome != CONTRAINDICATED
    if "dates" in rule.asks_for and taken and (tried.first is None or (tried.last is None and tried.outcome != ONGOING)):
        yield "from when to when it was taken"
    if "reason" in rule.asks_for and tried.outcome != ONGOING and not tried.reason_stopped:
        yield "why it was stopped"
