"""Rules of the ledger, of medicines beside it, of questionnaires, and those that only somebody's word can answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cleardays.clock import say_day
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.instruments import instruments
from cleardays.diary.kleene import Tri, any_of, reaches
from cleardays.diary.rules import day_rules
from cleardays.quantities import counted
from cleardays.trial.ledger import adequacy
from cleardays.trial.ledger.adequacy import Failures, adequacy_rule, failures
from cleardays.trial.ledger.tried import ONGOING, Tried
from cleardays.trial.payers.days import ONE
from cleardays.trial.payers.facts import Facts
from cleardays.trial.payers.findings import CANNOT_TELL, FAILS, MEETS, NOT_YET, Found
from cleardays.trial.payers.packs import Criterion
from cleardays.trial.payers.spans import NoSpan, end_of, enough_days

_LEDGER = {adequacy.YES: MEETS, adequacy.NO: FAILS, adequacy.CANNOT_TELL: CANNOT_TELL}


def by_preventives(row: Criterion, facts: Facts) -> Found:
    """So many preventives that failed before this one, by a rule of adequacy; another rule may stand beside it."""
    earlier = earlier_ones(facts)
    needed = int(row.asks_for["at_least"])
    rule = adequacy_rule(row.asks_for["rule"])
    if not earlier:
        why = f"Nothing is told of preventives that were tried before. Asked for: {needed}, each {rule.says}."
        return Found(CANNOT_TELL, why, source=rule.source)
    counted_by = failures(earlier, rule.name, as_of=facts.as_of)
    because = f"{_listed(counted_by)} Asked for: {needed}, each {rule.says}."
    others = []
    if "beside" in row.asks_for:
        other = adequacy_rule(row.asks_for["beside"])
        others.append(f"By another rule ({other.says}): {_listed(failures(earlier, other.name, as_of=facts.as_of))}")
    number = f"{len(counted_by.surely)} of {needed}"
    return Found(_LEDGER[counted_by.reach(needed)], because, number, (), (), tuple(others), rule.source)


def earlier_ones(facts: Facts) -> tuple[Tried, ...]:
    """The preventives tried before this treatment, it itself left out."""
    begun = facts.start if facts.begun else None

    def before(each: Tried) -> bool:
        return begun is None or each.first is None or each.first < begun

    return tuple(each for each in facts.ledger if each.treatment != facts.treatment and before(each))


def _listed(found: Failures) -> str:
    many, names = len(found.surely), ", ".join(found.surely)
    what = ("class" if many == 1 else "classes") if found.counts == adequacy.CLASSES else "preventive" + "s" * (many != 1)
    sure = f"{many} {what} counted as failed{': ' + names if names else ''}."
    return sure if not found.perhaps else f"{sure} Perhaps, if what is missing were known: {', '.join(found.perhaps)}."


def by_tried(row: Criterion, facts: Facts) -> Found:
    """Whether this treatment itself was tried for long enough to be judged."""
    rule = row.asks_for["rule"]
    source = adequacy_rule(rule).source
    own = [each for each in facts.ledger if each.treatment == facts.treatment]
    if not facts.begun:
        return Found(NOT_YET, "Treatment has not begun.", source=source)
    if not own:
        return Found(CANNOT_TELL, "The doses of this treatment are not told.", source=source)
    judged = adequacy.judge(own[-1], rule, as_of=facts.as_of)
    going_on = own[-1].outcome == ONGOING
    verdict = NOT_YET if judged.meets == adequacy.NO and going_on else _LEDGER[judged.meets]
    return Found(verdict, judged.because, source=source)


def by_not_beside(row: Criterion, facts: Facts) -> Found:
    """No other medicine of some classes that is taken too; that none is told of is no proof, so somebody has to say it."""
    classes = set(row.asks_for["classes"])
    others = [each for each in facts.ledger if each.treatment != facts.treatment and classes & set(each.classes)]
    going_on = [each for each in others if each.outcome == ONGOING and (each.last is None or each.last >= facts.as_of)]
    if going_on:
        return Found(FAILS, f"Told to go on: {', '.join(each.treatment for each in going_on)}.")
    told = "The ledger tells of none." if facts.ledger else "Nothing is told of other preventives."
    return _by_word(row, facts, told)


def by_said(row: Criterion, facts: Facts) -> Found:
    """What only whoever signs can answer."""
    return _by_word(row, facts, "")


def _by_word(row: Criterion, facts: Facts, told: str) -> Found:
    word = facts.said.get(row.id)
    if word is None:
        return Found(CANNOT_TELL, f"{told} Not answered: {row.asks}".strip())
    return Found(MEETS if word else FAILS, f"{told} {row.asks} Answered: {'yes' if word else 'no'}.".strip())


def by_overuse(row: Criterion, facts: Facts) -> Found:
    """Whether acute medicines are overused, by class; where they are, either that refuses, or somebody says it is managed."""
    rules = headache_rules()
    end = end_of(row.asks_for["window"], facts)
    assert not isinstance(end, NoSpan)  # the days before treatment always have an end
    first = end - timedelta(days=day_rules().month_days) + ONE
    days = facts.days.count("acute_med_day", first, end, f"{day_rules().month_days} days looked at")
    over, listed = _overused(facts, first_at=(first - facts.days.first_day).days, days=len(days.days))
    because = f"{'; '.join(listed) if listed else 'No day of an acute medicine is known'} in the {days.what}."
    source = rules.source["overuse"]
    if over is False and not days.too_few:
        return Found(MEETS, f"No limit is reached. {because}", None, (days,), (), (), source)
    few = (enough_days(days),) if days.too_few else ()
    if over and row.asks_for["if_there"] == "refuse":
        return Found(FAILS, f"A limit is reached. {because}", None, (days,), (), few, source)
    state = "A limit is reached." if over else "Whether a limit is reached is not known."
    word = facts.said.get(row.id)
    if row.asks is None or word is None:
        asked = () if row.asks is None else (f"Not answered: {row.asks}",)
        return Found(CANNOT_TELL, f"{state} {because}", None, (days,), (), (*few, *asked), source)
    answered = f"{row.asks} Answered: {'yes' if word else 'no'}."
    return Found(MEETS if word else FAILS, f"{state} {because}", None, (days,), (), (*few, answered), source)


def _overused(facts: Facts, first_at: int, days: int) -> tuple[Tri, list[str]]:
    """Whether any class reaches its limit, and the days of each class that was taken."""
    answers: list[Tri] = []
    listed = []
    for group in headache_rules().overuse["days"].values():
        had, open_ = _taken(facts, tuple(group["classes"]), first_at, days)
        answers.append(reaches(had, open_, int(group["days"])))
        if had:
            listed.append(f"{counted(had, 'day')} of {' or '.join(group['classes']).replace('_', '-')} (limit {group['days']})")
    mixed = headache_rules().overuse["mixed"]
    had, open_ = _taken(facts, tuple(mixed["classes"]), first_at, days)
    several = sum(bool(_taken(facts, (kind,), first_at, days)[0]) for kind in mixed["classes"]) >= mixed["least_classes"]
    if several:
        answers.append(reaches(had, open_, int(mixed["days"])))
        listed.append(f"{counted(had, 'day')} of any of several classes (limit {mixed['days']})")
    return any_of(*answers), listed


def _taken(facts: Facts, kinds: tuple[str, ...], first_at: int, days: int) -> tuple[int, int]:
    """Days of intake of these classes, and on how many more it may have been; days outside the diary are open."""
    if facts.intake is None:
        return 0, days
    length = len(facts.intake.logged)
    inside = slice(min(max(first_at, 0), length), max(0, min(first_at + days, length)))
    had, open_ = facts.intake.taken(kinds, inside)
    return had, open_ + days - max(0, inside.stop - inside.start)


def by_all_items(row: Criterion, facts: Facts) -> Found:
    """A questionnaire with all of its answers at each session."""
    name, within = row.asks_for["instrument"], timedelta(days=int(row.asks_for["within_days"]))
    needed = int(instruments()[name]["items"])
    if not facts.begun:
        return Found(NOT_YET, "Treatment has not begun.")
    if not facts.sessions:
        return Found(CANNOT_TELL, "No session is told of.")
    filled = [score for score in facts.scores if score.instrument == name and score.items is not None]
    whole = [score.date for score in filled if sum(bool(item.strip()) for item in score.items or ()) == needed]
    without = [on for on in facts.sessions if not any(on - within <= day <= on for day in whole)]
    number = f"{len(facts.sessions) - len(without)} of {len(facts.sessions)}"
    if without:
        return Found(FAILS, f"Without all {needed} answers of {name}: {', '.join(map(say_day, without))}.", number)
    return Found(MEETS, f"All {needed} answers of {name} stand at each of {counted(len(facts.sessions), 'session')}.", number)


KINDS: dict[str, Callable[[Criterion, Facts], Found]] = {
    "preventives": by_preventives,
    "tried_enough": by_tried,
    "not_beside": by_not_beside,
    "said": by_said,
    "overuse": by_overuse,
    "all_items": by_all_items,
}
