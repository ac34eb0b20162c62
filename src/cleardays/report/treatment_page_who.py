"""For whom a treatment is: approved or not, whom a preventive suits, who must not take it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_help import asks_for, speaks_about, speaks_of_a_change, speaks_of_the_person
from cleardays.report.treatment_page_words import (
    Row,
    all_words,
    best_confidence,
    capital,
    is_migraine,
    keys,
    listed,
    mark,
    places,
    plain_subject,
    sentence,
    word,
)

_OFF_LABEL = (
    "*Off-label* means: not approved for this use. A doctor may still prescribe it, if it seems right for you. "
    "By itself it does not mean that it was tested less strictly. It says nothing on how strong the proof is."
)
_APPROVAL_IS_NO_PROOF = (
    "Approved or not is one thing, how strong the proof is another. Some approved medicines have old, weak trials. "
    "Some that are not approved have good ones."
)
_STANDINGS = {
    "on-label": "Approved{where} for {what}{since}.",
    "off-label": "Not approved{where} for {what} (off-label).",
    "partly": "{what}{where}:",
    "not-marketed": "Not sold{where}.",
    "funded-only": "Paid for{where} under conditions, for {what}.",
}
# Remarks that only repeat the standing.
_ECHO = re.compile(
    r"((not licensed|no licence|licensed|unlicensed)( (for|in) (this use|migraine|migraine prophylaxis|the uk))?"
    r"|migraine prevention)\.",
    re.IGNORECASE,
)


def who_it_is_for(treatment: Treatment) -> Iterator[str]:
    """The whole section as lines, without its heading."""
    status = treatment.facts("status")
    rows = sorted(status, key=lambda row: not is_migraine(row["indication"]))
    yield from (f"- {line}" for line in _status_lines([row for row in rows if not _implied(row, rows)]))
    yield ""
    if any(row["standing"] == "off-label" for row in status):
        yield from (_OFF_LABEL, "")
    yield from (_APPROVAL_IS_NO_PROOF, "")
    for row in all_words()["suits"]:
        yield f"{row['says']}{mark(row['confidence'])} Source: {keys(row)}."
    yield from (f"This page looks at it for {_uses(treatment)}.", "")
    yield from _not_for(treatment)


def _uses(treatment: Treatment) -> str:
    """What it is looked at for; many kinds of recovery in one."""
    recoveries = [each for each in treatment.indications if each.endswith(("-recovery", "-recovery-bipolar"))]
    if len(recoveries) < 3:
        return listed(word("indication", each) for each in treatment.indications)
    rest = (word("indication", each) for each in treatment.indications if each not in recoveries)
    return listed([*rest, "recovery from alcohol or other drugs"])


def _implied(row: Row, rows: Sequence[Row]) -> bool:
    """Whether the same is said of migraine in all its forms."""
    same = ("standing", "jurisdiction", "confidence")
    return (
        row["indication"] != "migraine"
        and is_migraine(row["indication"])
        and any(each["indication"] == "migraine" and all(each.get(key) == row.get(key) for key in same) for each in rows)
    )


def _status_lines(rows: Sequence[Row]) -> Iterator[str]:
    """One line for each use and place: all uses of which the same is said, and all that is said of them."""
    alike: dict[tuple[str, str, str, str, str], list[str]] = {}
    for row in rows:
        says = row.get("says", "only a part is approved" if row["standing"] == "partly" else "")
        remark = sentence(says) if says and not _ECHO.fullmatch(says) else ""
        said = (row["standing"], _where(row, rows), str(row.get("since", "")), remark, row["confidence"])
        alike.setdefault(said, []).append(word("indication", row["indication"]))
    lines: dict[tuple[str, str, str], list[str]] = {}
    for (standing, where, since, remark, confidence), indications in alike.items():
        here, what = f" in {where}" if where else "", listed(indications)
        whole = _STANDINGS[standing].format(where=here, what=what, since=f" since {said_date(since)}" if since else "")
        told = lines.setdefault((standing, here, what), [])
        again = f"Since {said_date(since)}." if since else ""
        # Of what is approved in part only the remark says which part.
        parts = (
            (capital(whole), f"{remark[:1].lower()}{remark[1:]}")
            if standing == "partly"
            else (again if told else whole, remark)
        )
        text = " ".join(each for each in parts if each)
        told += [f"{text}{mark(confidence)}"] if text else []
    yield from (" ".join(told) for told in lines.values())


def _where(row: Row, rows: Sequence[Row]) -> str:
    """Where a status holds; the European Union less a member of which another row says otherwise."""
    members = [
        each
        for each in rows
        if each["indication"] == row["indication"]
        and each["standing"] != row["standing"]
        and set(each.get("jurisdiction", ("us",))) <= _MEMBERS
    ]
    return places(row).replace(word("place", "eu"), "the rest of the European Union") if members else places(row)


_MEMBERS = frozenset({"at", "fr"})


def said_date(written: str) -> str:
    """A year, a month or a day as it is said.

    >>> said_date("2018"), said_date("2018-09"), said_date("2020-02-21")
    ('2018', 'September 2018', '21 February 2020')
    """
    if len(written) == 4:
        return written
    if len(written) == 7:
        return f"{date.fromisoformat(f'{written}-01'):%B %Y}"
    day = date.fromisoformat(written)
    return f"{day.day} {day:%B %Y}"


def _not_for(treatment: Treatment) -> Iterator[str]:
    rules = [row for row in treatment.facts("rule") if speaks_of_the_person(row) or _pressure_before_a_session(row)]
    groups = (
        ("It is not for you if one of these holds for you:", ("contraindicated",), False),
        ("Tell the clinician first if one of these holds for you:", ("major",), False),
        ("Once you are on it, call before you make one of these changes:", ("contraindicated", "major"), True),
    )
    told: set[str] = set()
    for title, severities, changing in groups:
        rows = [row for row in rules if row["severity"] in severities and speaks_of_a_change(row) == changing]
        lines = {line: kind for line, kind in _subjects(treatment, rows).items() if line not in told}
        told.update(lines)
        if lines:
            yield from (f"**{title}**", "", *(_in_groups(lines) if not changing else _bullets(lines)), "")
        if title.startswith("Tell"):
            yield from _tell_too(treatment, rules)
    yield from (
        "Tell them all that you take, also what you buy without a prescription. The part for clinicians lists more.",
        "",
    )


def _pressure_before_a_session(rule: Row) -> bool:
    """Whether a rule of a session speaks of the blood pressure that a person comes with."""
    values = speaks_about(rule["when"])
    return rule["code"].startswith("session.") and any(each.startswith("blood_pressure.") for each in values)


def _tell_too(treatment: Treatment, rules: Sequence[Row]) -> Iterator[str]:
    """What calls for care, not for another treatment; the longer kinds are folded, so that the list is no wall."""
    graver = {row["subject"] for row in rules if row["severity"] in ("contraindicated", "major") and "jurisdiction" not in row}
    rows = [
        row
        for row in rules
        if row["severity"] == "moderate"
        and row["subject"] not in graver
        and not speaks_of_a_change(row)
        and "flag" not in asks_for(row["when"])
    ]
    lines = _subjects(treatment, rows)
    if not lines:
        return
    yield from ("**Tell them too if one of these holds. It may need care or a check:**", "")
    if len(lines) <= _SHORT:
        yield from (*_bullets(lines), "")
        return
    by_kind = {kind: [line for line in lines if lines[line] == kind] for kind in _CARE_FIRST}
    for kind, same in by_kind.items():
        if same and not _folds(kind, same):
            yield from (f"- {kind}", *_bullets(same, "    "))
    yield ""
    for kind, same in by_kind.items():
        if _folds(kind, same):
            yield from ('<details markdown="1">', f"<summary>{kind}: {len(same)} more</summary>", "")
            yield from (*_bullets(same), "", "</details>", "")


def _folds(kind: str, lines: Sequence[str]) -> bool:
    return len(lines) > _SHORT + 1 and kind not in _CARE_FIRST[:2]


def _bullets(lines: Iterable[str], indent: str = "") -> Iterator[str]:
    yield from (f"{indent}- {line}" for line in lines)


def _in_groups(lines: Mapping[str, str]) -> Iterator[str]:
    """A short list as it is, a long one by kind."""
    if len(lines) <= _SHORT:
        yield from _bullets(lines)
        return
    for kind in _KINDS:
        same = [line for line in lines if lines[line] == kind]
        if same:
            yield f"- {kind}"
            yield from _bullets(same, "    ")


_SHORT = 5
_KINDS = (
    "Medicines, alcohol and drugs",
    "Earlier reactions and genes",
    "Illnesses",
    "Kidneys and liver",
    "Pregnancy and the child",
    "Age and measured values",
)
# What calls for care is led by what is asked of everybody; the first two kinds are never folded.
_CARE_FIRST = (_KINDS[4], _KINDS[3], _KINDS[0], _KINDS[2], _KINDS[1], _KINDS[5])
_KIDNEYS_AND_LIVER = re.compile(r"egfr|dialysis|kidney|renal|liver|cirrhosis|cholestasis")


def _kind(rule: Row) -> str:
    """What sort of thing a rule speaks of."""
    asked = asks_for(rule["when"])
    if asked & {"pregnancy", "breastfeeding", "contraception"}:
        return _KINDS[4]
    if asked & {"class", "medicine"}:
        return _KINDS[0]
    if asked & {"allergy", "reaction", "genotype"}:
        return _KINDS[1]
    # A narrowed artery or a stone is an illness; how well kidneys and liver work is asked of everybody.
    if any(_KIDNEYS_AND_LIVER.search(each) for each in speaks_about(rule["when"]) - {"kidney-stones", "renal-artery-stenosis"}):
        return _KINDS[3]
    return _KINDS[5] if "number" in asked and not asked & {"condition", "dialysis", "liver"} else _KINDS[2]


def _subjects(treatment: Treatment, rows: Sequence[Row]) -> dict[str, str]:
    """Each subject once with its kind; the countries are named only where it does not hold everywhere."""
    found = {}
    for subject in dict.fromkeys(row["subject"] for row in rows):
        same = [row for row in rows if row["subject"] == subject]
        everywhere = [row for row in same if "jurisdiction" not in row]
        where = "" if everywhere else f" (in {listed(places(row) for row in same)})"
        said = f"an allergy to {treatment.id}" if subject == treatment.id else plain_subject(subject)
        found[f"{said}{where}{mark(best_confidence(everywhere or same))}"] = _kind(same[0])
    return found
