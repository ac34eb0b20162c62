"""The payer's page, composed once: what is asked for, what is met, what is not, on which days. The renderers lay it out."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cleardays import __version__
from cleardays.diary.entries import Score
from cleardays.report import words
from cleardays.report.payer_words import (
    about_line,
    baseline_lines,
    below_lines,
    chances_line,
    count_row,
    coverage_line,
    edits_line,
    named,
    tally,
    tried_row,
)
from cleardays.report.simulated import label_json
from cleardays.sources import all_sources
from cleardays.texts import clean
from cleardays.trial.account.who import Who
from cleardays.trial.ledger.adequacy import adequacy_rule
from cleardays.trial.payers.below import below_threshold
from cleardays.trial.payers.facts import Facts
from cleardays.trial.payers.findings import CANNOT_TELL, FAILS, MEETS, NOT_YET, Evaluated, Finding
from cleardays.trial.payers.packs import PARTS
from cleardays.trial.review import Review

# The sign beside each word: a shape, so that it is read without colour.
SIGNS = {MEETS: "\N{CHECK MARK}", FAILS: "\N{MULTIPLICATION SIGN}", NOT_YET: "\N{HORIZONTAL ELLIPSIS}", CANNOT_TELL: "?"}
WORDS = {MEETS: "Meets", FAILS: "Does not meet", NOT_YET: "Not yet", CANNOT_TELL: "Cannot tell"}
_JURISDICTIONS = {
    "us": "United States",
    "uk": "United Kingdom",
    "eu": "Europe",
    "de": "Germany",
    "international": "International",
}
_KINDS = {"payer": "Rules of a payer", "guideline": "Guideline of a society", "anecdote": "An anecdote, no rule of a payer"}
_RULE_OF_ALL = (
    "A part is met where every rule of it is: the worst of its rules holds, in the order meets, not yet, cannot tell, does "
    "not meet. Of rules that stand in for each other the best holds. Rules that are not met are listed as the others are."
)
_MOST_SCORES = 6
SIGNED = "Read, and held to be true, by the clinician"


class RuleRow(NamedTuple):
    """One rule of the page."""

    sign: str
    verdict: str
    says: str
    mark: str
    because: str
    others: tuple[str, ...]
    reading: str
    source: str
    group: str


class Part(NamedTuple):
    """The rules for starting, or for going on, and what follows from them."""

    title: str
    sign: str
    verdict: str
    tally: str
    rows: tuple[RuleRow, ...]


class CountRow(NamedTuple):
    """One stretch of days: what was counted, and each of its days, in one of four lists."""

    title: str
    days: str
    counted: str
    had: str
    clear: str
    unknown: str
    recalled: str
    edited: str


class TriedRow(NamedTuple):
    """One preventive of the ledger, in words; "not told" where nobody told it."""

    treatment: str
    dose: str
    days: str
    target: str
    outcome: str
    evidence: str
    counts: str


class PayerPage(NamedTuple):
    """Everything on the page, in reading order."""

    title: str
    about_pack: str
    simulated: bool
    pack_line: str
    named: str
    about: str
    parts: tuple[Part, ...]
    rule_of_all: str
    coverage: str
    edits: str
    baselines: tuple[str, ...]
    below: tuple[str, ...]
    chances: str
    ledger: tuple[TriedRow, ...]
    ledger_rule: str
    counts: tuple[CountRow, ...]
    months: tuple[CountRow, ...]
    scales: tuple[str, ...]
    signed: str
    small_print: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    document: dict[str, object]


def compose_payer(
    found: Evaluated, facts: Facts, *, who: Who | None = None, review: Review | None = None, simulated: bool = False
) -> PayerPage:
    """Put a pack, held against one person, into words.

    Args:
        found: each rule with how it came out.
        facts: what it was held against.
        who: as the person wants to be named.
        review: the answer of the same diary, for the probabilities beside the bare percentage.
        simulated: nobody real is in the diary.
    """
    pack = found.pack
    document = _document(found, facts, who, review)
    rule = next((each.criterion.asks_for["rule"] for each in found.findings if each.criterion.kind == "preventives"), None)
    return PayerPage(
        title=pack.name,
        about_pack=f"{pack.about}.",
        simulated=simulated,
        pack_line=_pack_line(found),
        named=named(who),
        about=about_line(facts, who),
        parts=tuple(_part(found, part) for part in PARTS if found.of(part)),
        rule_of_all=_RULE_OF_ALL,
        coverage=coverage_line(facts),
        edits=edits_line(facts),
        baselines=baseline_lines(facts),
        below=below_lines(below_threshold(found, facts), pack),
        chances=chances_line(review),
        ledger=tuple(TriedRow(*tried_row(each, rule, facts)) for each in facts.ledger),
        ledger_rule="" if rule is None else f"Counted as tried: {adequacy_rule(rule).says}.",
        counts=_counts(found, months=False),
        months=_counts(found, months=True),
        scales=_scales(facts),
        signed=SIGNED,
        small_print=_small_print(found),
        sources=_sources(found, rule),
        document=label_json(document) if simulated else document,
    )


def _pack_line(found: Evaluated) -> str:
    pack = found.pack
    parts = [_KINDS[pack.kind], _JURISDICTIONS[pack.jurisdiction], pack.edition, f"read on {_iso(pack.checked)}"]
    approved = [f"first approval {pack.first_months} months"] if pack.first_months else []
    approved += [f"renewal {pack.renewal_months} months"] if pack.renewal_months else []
    marked = [pack.mark] if pack.mark else []
    return f"{'; '.join([*parts, *approved, *marked])}."


def _iso(day: str) -> str:
    return words.day(date.fromisoformat(day))


def _part(found: Evaluated, part: str) -> Part:
    verdict = found.verdict(part)
    return Part(PARTS[part], SIGNS[verdict], WORDS[verdict], tally(found.of(part)), tuple(map(_row, found.of(part))))


def _row(each: Finding) -> RuleRow:
    row = each.criterion
    reading = "" if row.reading is None else row.reading
    group = "" if row.any_of is None else f"One of these is enough: {row.any_of}."
    return RuleRow(
        SIGNS[each.verdict],
        WORDS[each.verdict],
        row.says,
        row.mark,
        each.found.because,
        each.found.others,
        reading,
        ", ".join(row.source),
        group,
    )


def _counts(found: Evaluated, *, months: bool) -> tuple[CountRow, ...]:
    """Every stretch that was counted, each once."""
    rows: dict[tuple[object, ...], CountRow] = {}
    for each in found.findings:
        for count in each.found.months if months else each.found.counts:
            rows.setdefault((count.metric, count.first, count.last), CountRow(*count_row(count)))
    return tuple(rows.values())


def _scales(facts: Facts) -> tuple[str, ...]:
    """The questionnaires that were filled in, with every answer where they were told."""
    return tuple(_score(score) for score in facts.scores[-_MOST_SCORES:])


def _score(score: Score) -> str:
    total = "not told" if score.total is None else f"{score.total:g}"
    answers = "" if score.items is None else f"; answers {', '.join(clean(item, 12) or 'none' for item in score.items)}"
    return f"{clean(score.instrument, 20)} on {words.day(score.date)}: total {total}{answers}."


def _small_print(found: Evaluated) -> tuple[str, ...]:
    return (
        *found.pack.notes,
        "A month is 28 days here, as in trials; whole calendar months stand beside it. An unknown day is neither a day with "
        "headache nor one without; from less than half of the days nothing follows. A migraine day is one by the Leiden "
        "profile or the person's own answer. From memory: written later than the end of the next day.",
        "The words of the rules are ours; the source holds. This page asks for nothing, sends nothing and approves nothing: "
        "a clinician reads it, corrects it and signs it, or does not.",
        f"cleardays {__version__}, pack {found.pack.id} of {found.pack.version}.",
    )


def _sources(found: Evaluated, rule: str | None) -> tuple[tuple[str, str], ...]:
    pack = found.pack
    keys = {key.partition(" ")[0] for key in pack.source} | {key for each in found.findings for key in each.reason.source}
    keys |= set() if pack.pause is None else {key.partition(" ")[0] for key in pack.pause["source"]}
    keys |= set() if rule is None else set(adequacy_rule(rule).source)
    return tuple((key, all_sources()[key].citation) for key in sorted(keys))


def _document(found: Evaluated, facts: Facts, who: Who | None, review: Review | None) -> dict[str, object]:
    diary = facts.diary_days
    return {
        "who": (who or Who()).document(),
        "treatment": facts.treatment,
        "start": None if facts.start is None else facts.start.isoformat(),
        "as_of": facts.as_of.isoformat(),
        "diary": None if diary is None else [day.isoformat() for day in diary],
        "said": dict(facts.said),
        "ledger": [each.document() for each in facts.ledger],
        "baselines": [each.document() for each in facts.baselines],
        "edits": None
        if facts.days.edits is None
        else {day.isoformat(): on.isoformat() for day, on in facts.days.edits.items()},
        "response": None if review is None else review.document(),
        **found.document(),
    }
