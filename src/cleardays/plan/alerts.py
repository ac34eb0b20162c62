"""Alerts: how grave, about what, why, what to do, from which source and how sure.

One code is one concern. Of the rules with one code the strictest that hold make the
alert, together where they are equally strict, so that no order and no further
medicine changes what is said of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleardays.catalogue.screening_rules import Rule
from cleardays.plan.holds import Holds
from cleardays.sources import CONFIDENCES, MEMORY, UNCONFIRMED, source_keys

SEVERITIES = ("critical", "contraindicated", "major", "moderate", "minor")


class Alert(NamedTuple):
    """One concern. `jurisdiction` names those whose texts say it; empty: it is of none in particular.

    `named` are the medicines and illnesses that raise it; `from_memory` those medicines of
    which only memory says that they do. One that stands `alone` says all that is to be said,
    so that nothing equally grave of the same code is told beside it. `answered_by` is what of a plan
    answers it (its variant, dose or ceiling); None where nothing of a plan does.
    """

    code: str
    severity: str
    subject: str
    because: str
    action: str
    source: tuple[str, ...]
    confidence: str
    jurisdiction: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    from_memory: frozenset[str] = frozenset()
    alone: bool = False
    answered_by: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "code": self.code,
            "severity": self.severity,
            "subject": self.subject,
            "because": self.because,
            "action": self.action,
            "source": list(self.source),
            "confidence": self.confidence,
            "jurisdiction": list(self.jurisdiction),
        }


def alert_of(rule: Rule, answer: Holds, indications: frozenset[str] | None = None) -> Alert:
    """A rule that holds. It is no surer than that what was named belongs to what the rule speaks of."""
    answered = rule.get("answered_by") if _is_for(rule, indications) else None
    sure = UNCONFIRMED if answer.from_memory else rule["confidence"]
    said = (rule["subject"], rule["because"], rule["action"], source_keys(rule), sure, tuple(rule.get("jurisdiction", ())))
    return Alert(rule["code"], rule["severity"], *said, answer.named, answer.from_memory, rule.get("alone", False), answered)


def _is_for(rule: Rule, indications: frozenset[str] | None) -> bool:
    """Some answers hold for certain uses only."""
    return "answered_for" not in rule or bool(indications and indications <= set(rule["answered_for"]))


def grave(severity: str) -> int:
    """0 is the gravest."""
    return SEVERITIES.index(severity)


def joined(found: Iterable[Alert]) -> tuple[Alert, ...]:
    """One alert a code, the gravest first, then by code."""
    by_code: dict[str, list[Alert]] = {}
    for alert in found:
        by_code.setdefault(alert.code, []).append(alert)
    alerts = [_strictest(alerts) for alerts in by_code.values()]
    return tuple(sorted(alerts, key=lambda alert: (grave(alert.severity), alert.code)))


def _strictest(alerts: Sequence[Alert]) -> Alert:
    least = min(grave(alert.severity) for alert in alerts)
    kept = list(dict.fromkeys(alert for alert in alerts if grave(alert.severity) == least))
    kept = [alert for alert in kept if alert.alone] or kept
    subject = "; ".join(dict.fromkeys(alert.subject for alert in kept))
    everything = sorted(frozenset[str]().union(*(alert.named for alert in kept)))
    named = [name for name in everything if name.casefold() not in subject.casefold()]
    from_memory = sorted(frozenset[str]().union(*(alert.from_memory for alert in kept)))
    because = [f"{in_words(named)[0].upper()}{in_words(named)[1:]}:"] if named else []
    because += dict.fromkeys(alert.because for alert in kept)
    if from_memory:
        because.append(f"That {in_words(from_memory)} {'belongs' if len(from_memory) == 1 else 'belong'} here is from memory.")
    sources = [source for alert in kept for source in alert.source]
    return Alert(
        kept[0].code,
        kept[0].severity,
        subject,
        " ".join(because),
        " ".join(dict.fromkeys(alert.action for alert in kept)),
        tuple(dict.fromkeys([*sources, MEMORY] if from_memory else sources)),
        max((alert.confidence for alert in kept), key=CONFIDENCES.index),
        tuple(sorted({each for alert in kept for each in alert.jurisdiction})),
        # Joined, they are answered only where the same answers each of them.
        answered_by=kept[0].answered_by if len({alert.answered_by for alert in kept}) == 1 else None,
    )


def in_words(named: Sequence[str]) -> str:
    """Names as a sentence lists them.

    >>> in_words(["a", "b", "c"])
    'a, b and c'
    """
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
