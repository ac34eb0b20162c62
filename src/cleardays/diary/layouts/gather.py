"""From what a file tells, row by row, to a diary: each local day once."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Attack, DoseEntry
from cleardays.diary.layouts.clocks import days_touched
from cleardays.diary.layouts.collected import Collected, Finding, Refused
from cleardays.diary.layouts.day_answers import TheDay
from cleardays.diary.records import CLEAR, DayRecord, Diary, whole_diary_problems
from cleardays.problems import BadInput, Problem

_DAY = timedelta(days=1)
_MOST_DAYS = 5


def gather(found: Collected, *, partial: bool = False) -> tuple[Diary, tuple[Refused, ...]]:
    """The diary of a file, and the rows that were refused.

    With `partial`, refused rows are left out and returned; without, they stop everything.

    Raises:
        BadInput: rows have problems, or contradict each other, or nothing is left.
    """
    findings = _one_of_a_start(_once(found), found)
    if found.refused and not partial:
        raise BadInput(found.problems())
    findings, known_as = _named(findings, found.layout)
    findings = _tied(findings, known_as, found)
    days = _days(findings)
    told = (days[day].record(found.source, found.home, daily=found.daily, lost=found.lost) for day in sorted(days))
    records = tuple(record for record in told if record is not None)
    if not records:
        raise BadInput([_nothing(found), *found.problems()])
    problems = whole_diary_problems(records, found.name)
    if problems:
        raise BadInput(problems)
    if found.refused:
        found.lost.count("rows that were refused", "they stand in the list of refused rows", len(found.refused))
    _after_open_attacks(findings, records, found)
    _about_clocks(findings, found)
    lost = found.lost.listed({refused.where for refused in found.refused})
    return Diary(records, dict(found.about), lost, _beside(findings)), tuple(found.refused)


def _nothing(found: Collected) -> Problem:
    if found.refused:
        return Problem(found.name, "no row of it could be taken.", "Correct what is named here.")
    what = "it holds nothing about headaches, so there is nothing to take."
    return Problem(found.name, what, "Check that this is the right file, and export it again with all entries.")


def _after_open_attacks(findings: list[Finding], records: Sequence[DayRecord], found: Collected) -> None:
    """Clear days right after an attack whose end is not told: the file says that they were clear, and so they stay."""
    clear = {record.date for record in records if record.headache == CLEAR}
    open_attacks = (f.attack for f in findings if f.attack is not None and f.attack.end is None and f.until is None)
    after = sorted({a.date + _DAY for a in open_attacks if a.headache != CLEAR and a.date + _DAY in clear})
    if after:
        days = ", ".join(map(str, after[:_MOST_DAYS])) + (", ..." if len(after) > _MOST_DAYS else "")
        count = "1 clear day comes" if len(after) == 1 else f"{len(after):,} clear days come"
        what = f"{count} right after an attack without an end ({days}); kept as the file says, but the attack may have run on."
        found.lost.add("clear days after an attack without an end", found.name, what)


def _about_clocks(findings: list[Finding], found: Collected) -> None:
    """What the person should know of the zone in which days and lengths were counted."""
    strange = found.home.strangers()
    if strange:
        zone = found.home.zone
        more = "offset" if len(strange) == 1 else "offsets"
        what = f"the times carry the {more} {', '.join(strange)}, which {zone} never has then; days are counted in {zone}."
        found.lost.add("offsets", found.name, what)
    attacks = (finding.attack for finding in findings if finding.attack is not None)
    if any(a.start is not None and a.start.tzinfo is None and a.end is not None for a in attacks):
        what = "the zone is not known, so lengths ignore changes of the clock; --zone Area/City would count them."
        found.lost.add("zone", found.name, what)


# ---- each telling once


def _content(finding: Finding) -> Finding:
    """What a finding tells, without where it stands and what it is called."""
    attack = finding.attack if finding.attack is None else replace(finding.attack, id=None)
    return replace(finding, where="", text="", key=None, attack=attack, reported_at=None)


def _once(found: Collected) -> list[Finding]:
    """Exact repeats kept once."""
    first: dict[Finding, Finding] = {}
    kept = []
    for finding in found.findings:
        content = _content(finding)
        if content.attack is None or content.attack.start is None:
            # without a time, two doses or two attacks are two, unless they are told in the very same row
            content = replace(content, text=finding.text)
        before = first.setdefault(content, finding)
        if before is finding:
            kept.append(finding)
        else:
            what = f"the same is told before ({before.where}); kept once."
            found.lost.add("exact repeats", finding.where, what)
    return kept


def _one_of_a_start(findings: list[Finding], found: Collected) -> list[Finding]:
    """Refuse both of two tellings that cannot both be true: one name, or one moment of start."""
    groups: dict[object, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.key is not None:
            groups["key", finding.key].append(finding)
        if finding.attack is not None and finding.attack.start is not None and found.one_start:
            groups["start", finding.attack.start].append(finding)
    against: dict[int, tuple[Finding, Finding]] = {}
    for group in groups.values():
        for finding in group[1:]:
            against.setdefault(id(finding), (finding, group[0]))
            against.setdefault(id(group[0]), (group[0], finding))
    for finding, other in against.values():
        what = (
            f"{_said(finding)} is told twice and differently ({', '.join(_differing(finding, other))}; also at {other.where})."
        )
        found.refuse(finding.where, finding.text, [Problem(finding.where, what, "Keep the one that is right.")])
    return [finding for finding in findings if id(finding) not in against]


def _said(finding: Finding) -> str:
    if finding.attack is None:
        return "the same entry"
    start = finding.attack.start
    return f"the attack of {start.strftime('%Y-%m-%d %H:%M') if start else finding.attack.date}"


def _differing(one: Finding, other: Finding) -> list[str]:
    names = []
    if one.attack is not None and other.attack is not None:
        fields = (name for name in Attack.__dataclass_fields__ if name != "id")
        names += [name for name in fields if getattr(one.attack, name) != getattr(other.attack, name)]
    names += [name for name in ("auras", "doses", "events", "day") if getattr(one, name) != getattr(other, name)]
    return names or ["name"]


# ---- names of attacks, and what belongs to them


def _named(findings: list[Finding], layout: str) -> tuple[list[Finding], set[str]]:
    """Give each attack a name that stays the same when the file is read again."""
    named: list[Finding] = []
    known: set[str] = set()
    alike: Counter[str] = Counter()  # attacks without a time that are told in the same words
    for finding in findings:
        attack = finding.attack
        if attack is None:
            named.append(finding)
            continue
        name = attack.id
        if name is None:
            mark = f"{layout}/{_mark(_content(finding))}"
            alike[mark] += 1
            name = mark if alike[mark] == 1 else f"{mark}-{alike[mark]}"
        known.add(name)
        named.append(
            replace(
                finding,
                attack=replace(attack, id=name),
                auras=tuple(replace(aura, attack=name) for aura in finding.auras),
                doses=tuple(replace(dose, attack=name) for dose in finding.doses),
            )
        )
    return named, known


def _mark(finding: Finding) -> str:
    return hashlib.sha256(repr((finding.attack, finding.auras, finding.doses, finding.until)).encode()).hexdigest()[:16]


def _tied(findings: list[Finding], known: set[str], found: Collected) -> list[Finding]:
    """Doses that name an attack which is not there lose that name."""

    def tie(dose: DoseEntry, where: str) -> DoseEntry:
        if dose.attack is None or dose.attack in known:
            return dose
        found.lost.add(
            "dose of an attack that is not there", where, "its attack is not in the file; the dose is kept by itself."
        )
        return replace(dose, attack=None)

    return [replace(f, doses=tuple(tie(dose, f.where) for dose in f.doses)) if f.doses else f for f in findings]


# ---- days


def _days(findings: Iterable[Finding]) -> dict[date, TheDay]:
    days: dict[date, TheDay] = {}

    def at(day: date) -> TheDay:
        return days.setdefault(day, TheDay(day))

    for finding in findings:
        if finding.attack is not None:
            for day in days_touched(finding.attack, finding.until):
                told = at(day)
                told.attacks.append(finding.attack)
                told.reports.append(finding.reported_at)
                told.places[finding.where] = None
            at(finding.attack.date).begun.append(finding)
        if finding.day is not None:
            at(finding.day.date).words.append((finding.day, finding.where))
            if finding.attack is None and finding.day.headache is not None:
                at(finding.day.date).reports.append(finding.reported_at)
        for dose in finding.doses:
            at(dose.date).doses.append(dose)
    return days


def _beside(findings: Iterable[Finding]) -> Beside:
    """Everything that is no day record, in an order that does not depend on the file's."""
    kept = list(findings)
    return Beside(
        attacks=tuple(sorted((f.attack for f in kept if f.attack), key=lambda a: (a.date, str(a.start), a.id or ""))),
        auras=tuple(sorted((aura for f in kept for aura in f.auras), key=repr)),
        doses=tuple(sorted((dose for f in kept for dose in f.doses), key=lambda d: (d.date, d.time or "", repr(d)))),
        events=tuple(sorted((event for f in kept for event in f.events), key=lambda e: (e.date, repr(e)))),
    )
