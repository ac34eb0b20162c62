"""Hold a pack against what is known of one person: each rule, with its reason, its figure and its days."""

from __future__ import annotations

from cleardays.problems import BadInput, Problem, shown
from cleardays.trial.payers import by_change, by_days, by_word
from cleardays.trial.payers.facts import Facts
from cleardays.trial.payers.findings import FAILS, MEETS, Evaluated, Finding, Found
from cleardays.trial.payers.packs import ANY, START, Criterion, Pack

KINDS = {**by_days.KINDS, **by_change.KINDS, **by_word.KINDS}


def evaluate(pack: Pack, facts: Facts) -> Evaluated:
    """Every rule of a pack, the ones that are not met too; nothing is left out and nothing is sent.

    Args:
        pack: what is asked for.
        facts: what is known.

    Raises:
        BadInput: something was said in answer to a rule that the pack does not have.
    """
    asked = {each.id for each in pack.criteria if each.asks is not None}
    for name in facts.said:
        if name not in asked:
            known = ", ".join(sorted(asked)) or "it asks for no answer"
            raise BadInput(Problem("--said", f"{shown(name)} is no question of {pack.name}.", f"Its questions: {known}."))
    findings = [Finding(each, KINDS[each.kind](each, facts)) for each in pack.criteria]
    return Evaluated(pack, (_of_treatment(pack, facts), *findings))


def _of_treatment(pack: Pack, facts: Facts) -> Finding:
    """Whether the pack is about this treatment at all."""
    row = Criterion(
        "treatment", START, "treatment", _covers(pack), {}, None, None, None, source=pack.source, confidence=pack.confidence
    )
    if ANY in pack.treatments or facts.treatment in pack.treatments:
        return Finding(row, Found(MEETS, f"The treatment is {facts.treatment}."))
    if facts.treatment in pack.extrapolated_to:
        because = f"The treatment is {facts.treatment}, which the source does not name; the rule is carried over to it."
        return Finding(row, Found(MEETS, because))
    return Finding(row, Found(FAILS, f"The treatment is {facts.treatment}, of which this says nothing."))


def _covers(pack: Pack) -> str:
    return "It is for any treatment" if ANY in pack.treatments else f"It is for {', '.join(pack.treatments)}"
