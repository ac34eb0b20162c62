"""For whom a treatment is: approved or not, whom a preventive suits, who must not take it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_help import speaks_of_a_change, speaks_of_the_person
from cleardays.report.treatment_page_words import (
    Row,
    all_words,
    best_confidence,
    is_migraine,
    keys,
    lay,
    listed,
    mark,
    places,
    sentence,
    word,
)

_OFF_LABEL = (
    "*Off-label* means: not approved for this use. A doctor may still prescribe it, if it seems right for you. "
    "For this use it has been tested less strictly."
)
_APPROVAL_IS_NO_PROOF = (
    "Approved or not is one thing, how strong the proof is another. Some approved medicines have old, weak trials. "
    "Some that are not approved have good ones."
)
_STANDINGS = {
    "on-label": "Approved{where} for {what}{since}.",
    "off-label": "Not approved{where} for {what} (off-label).",
    "partly": "Approved in part{where}, for {what}.",
    "not-marketed": "Not sold{where}.",
    "funded-only": "Paid for{where} under conditions, for {what}.",
}
# Remarks that only repeat the standing.
_ECHO = re.compile(r"(not licensed|no licence|licensed|unlicensed)( (for|in) (this use|migraine|the uk))?\.", re.IGNORECASE)


def who_it_is_for(treatment: Treatment) -> Iterator[str]:
    """The whole section as lines, without its heading."""
    status = treatment.facts("status")
    rows = sorted(status, key=lambda row: not is_migraine(row["indication"]))
    yield from (f"- {line}" for line in _status_lines(rows))
    yield ""
    if any(row["standing"] == "off-label" for row in status):
        yield from (_OFF_LABEL, "")
    yield from (_APPROVAL_IS_NO_PROOF, "")
    for row in all_words()["suits"]:
        yield f"{row['says']}{mark(row['confidence'])} Source: {keys(row)}."
    yield f"The catalogue looks at it for {listed(word('indication', each) for each in treatment.indications)}."
    yield ""
    yield from _not_for(treatment)


def _status_lines(rows: Sequence[Row]) -> Iterator[str]:
    """One line for all indications of which the same is said."""
    alike: dict[tuple[str, str, str, str, str], list[str]] = {}
    for row in rows:
        says = row.get("says", "")
        remark = sentence(says) if says and not _ECHO.fullmatch(says) else ""
        said = (row["standing"], places(row), str(row.get("since", "")), remark, row["confidence"])
        alike.setdefault(said, []).append(word("indication", row["indication"]))
    for (standing, where, since, remark, confidence), indications in alike.items():
        line = _STANDINGS[standing].format(
            where=f" in {where}" if where else "", what=listed(indications), since=f" since {said_date(since)}" if since else ""
        )
        yield f"{line} {remark}".rstrip() + mark(confidence)


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
    rules = [row for row in treatment.facts("rule") if speaks_of_the_person(row)]
    groups = (
        ("Not for you if one of these holds:", ("contraindicated",), False),
        ("Tell the clinician first if one of these holds:", ("major",), False),
        ("Once you are on it, call before you make one of these changes:", ("contraindicated", "major"), True),
    )
    told: set[str] = set()
    for title, severities, changing in groups:
        rows = [row for row in rules if row["severity"] in severities and speaks_of_a_change(row) == changing]
        lines = [line for line in _subjects(treatment, rows) if line not in told]
        told.update(lines)
        if lines:
            yield from (f"**{title}**", "", *(f"- {line}" for line in lines), "")
    yield from (
        "Tell them all that you take, also what you buy without a prescription. The part for clinicians lists more.",
        "",
    )


def _subjects(treatment: Treatment, rows: Sequence[Row]) -> Iterator[str]:
    """Each subject once; the countries are named only where it does not hold everywhere."""
    for subject in dict.fromkeys(row["subject"] for row in rows):
        same = [row for row in rows if row["subject"] == subject]
        everywhere = [row for row in same if "jurisdiction" not in row]
        where = "" if everywhere else f" (in {listed(places(row) for row in same)})"
        said = f"an allergy to {treatment.id}" if subject == treatment.id else lay(subject)
        yield f"{said}{where}{mark(best_confidence(everywhere or same))}"
