"""The parts of the two pages that hold numbers, as Markdown: from the engine, the simulation or a rule file, never typed."""

from __future__ import annotations

from collections.abc import Sequence

from _explanations.cases import FELLOWS, RULE, Case, Found, Hundred, answer, diary, fulfils_rule, true_reduction
from _explanations.people import MONTH, SIGNS, States, World, had, long_run, pattern
from cleardays.quantities import percent, say_probability
from cleardays.response.answer import Response
from cleardays.response.summary import Interval
from cleardays.response.verdict import JudgingRules

VERDICTS = {
    "responding": "responding",
    "not_responding": "not responding",
    "cannot_tell": "cannot tell",
    "too_early": "too early",
}
_NOT_SHOWN = ("few-known-days", "selective-logging", "no-clear-days")
_MINUS = "\N{MINUS SIGN}"


def case_block(case: Case, found: Found) -> str:
    """Diary, counts, answer and truth of one case."""
    states = diary(case, found.seed)
    said = answer(states)
    rows = [
        ("counted", _counted(states)),
        ("50 % rule", _rule(states)),
        ("**verdict**", f"**{VERDICTS[said.verdict]}**. {said.reasons[0].because}"),
        *_figures(said),
        *([("later", _later(case, found))] if case.later else []),
        ("the truth", _truth(case)),
        ("people of this kind", _fellows(case, found)),
    ]
    table = [f"| simulated person {found.seed} | |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in rows)]
    return "\n".join([*_written_out(states), "", *table])


def mirror_block(case: Case, found: Found) -> str:
    """The same person, had only the clear days been written down, and most of them."""
    world = case.world._replace(logged_had=case.world.logged_clear, logged_clear=case.world.logged_had)
    states = diary(case._replace(world=world), found.seed)
    said = answer(states)
    return (
        f"The same person, writing only clear days: since the start {_count(had(states[MONTH:]), 'headache day')} and "
        f"{_known(states[MONTH:])} clear days known, so any rule sees a cure. cleardays: "
        f"**{VERDICTS[said.verdict]}**. {said.reasons[0].because} The probability of a reduction of half or more would have "
        f"been {_chance(said, 50)}, for a treatment that does nothing."
    )


def overview_block(titles: dict[str, str], cases: tuple[Case, ...], found: dict[str, Found]) -> str:
    """All cases in one table."""
    rows = ["| | 50 % rule | cleardays | the truth |", "| --- | --- | --- | --- |"]
    for number, case in enumerate(cases, 1):
        states = diary(case, found[case.id].seed)
        rule = "a response" if fulfils_rule(states) else "no response"
        truth = "works" if case.world.effect else "does nothing"
        rows.append(f"| {number}. {titles[case.id]} | {rule} | {VERDICTS[answer(states).verdict]} | {truth} |")
    return "\n".join(rows)


def how_block(world: World) -> str:
    """How the people were made."""
    return (
        f"Nobody on this page is real. Each diary is **simulated**: a person with about {long_run(world):.0f} headache days in "
        f"{MONTH}, days that hang together, and a level that drifts from week to week. So the truth is known. Of each kind the "
        f"first {FELLOWS} people were taken, and the one whose probability of a response is in the middle is shown: not the "
        "best example, and not the worst."
    )


def number_block(kinds: Hundred) -> str:
    """What the number of the picture is."""
    return (
        f"**What the number means.** Here it is **{kinds.half} in 100**. Imagine 100 people who all wrote this same diary. Our "
        f"best guess: {kinds.half} of them have a medicine that takes away half of their headache days or more. For the others "
        "it does less. Nobody can see yet who is who."
    )


def anyway_block(kinds: Hundred, states: States) -> str:
    """How many would have had fewer days anyway."""
    before, now = had(states[:MONTH]), had(states[-MONTH:])
    return (
        f"**Why a good month may not be the medicine.** This person had {before} headache days in the four weeks before the "
        f"medicine, and {now} in the last four. But headaches come in waves. Most people start a medicine when a wave is high. "
        f"Then it often gets better anyway. We think {kinds.anyway} of the 100 would have fewer headache days now even "
        "without the medicine."
    )


def middle_block(case: Case, found: Found, rules: JudgingRules) -> str:
    """What "cannot tell yet" means, and how it went on."""
    chance = answer(diary(case, found.seed, case.later)).probability["reduction_ge_50"] or 0.0
    return (
        f'**What "cannot tell yet" means.** At {100 * rules.responding_from:.0f} or more we say "probably helps". At '
        f'{100 * rules.not_responding_up_to:.0f} or less we say "probably does not help enough". In between, the diary cannot '
        "tell yet. Nobody did anything wrong. It needs more days, good ones too. We made this diary up, so we know the truth: "
        f"this medicine did nothing. After {(case.later - case.after) // 7} more weeks of writing, the answer was "
        f"{100 * chance:.0f} in 100."
    )


def _written_out(states: States) -> list[str]:
    signs = {True: "headache", False: "clear", None: "not written down"}
    used = "   ".join(f"{SIGNS[state]} {name}" for state, name in signs.items() if state in states)
    before, after = pattern(states[:MONTH]), pattern(states[MONTH:])
    return ["```text", used, "", "the 28 days before the start", *before, "from the first day on", *after, "```"]


def _counted(states: States) -> str:
    text = (
        f"{had(states[:MONTH])} headache days in the {MONTH} days before the start, {had(states[-MONTH:])} in the last {MONTH}"
    )
    known = _known(states[-MONTH:])
    return text if known == MONTH else f"{text} ({known} of these {MONTH} days are known)"


def _rule(states: States) -> str:
    before, now, known = had(states[:MONTH]), had(states[-MONTH:]), _known(states[-MONTH:])
    text = _rule_says(before, now)
    if known == MONTH:
        return text
    return f"blanks taken as clear: {text}. Blanks left out: {_rule_says(before, MONTH * now / known)}"


def _rule_says(before: float, now: float) -> str:
    less = 1.0 - now / before
    change = f"{percent(less)} fewer" if less >= 0 else f"{percent(-less)} more"
    return f"{change}: {'a response' if less >= RULE else 'no response'}"


def _figures(said: Response) -> list[tuple[str, str]]:
    """The answer's figures; those of a declined diary carry their warning."""
    shown = [
        ("P(R ≥ 30, 50, 75 %)", ", ".join(_chance(said, share) for share in (30, 50, 75))),
        ("P(R ≥ 50 %) before the diary", say_probability(said.chance_before)),
        ("R", _interval(said.reduction_pct, " %", 0)),
        ("days in 28: before", "-" if said.baseline is None else _interval(said.baseline, "", 1)),
        ("now", _interval(said.current, "", 1)),
        ("now, without it", _interval(said.untreated, "", 1)),
        ("natural change", "-" if said.natural_change is None else _interval(said.natural_change, " days", 1)),
        ("treatment effect", _interval(said.treatment_effect, " days", 1)),
        ("prior share", f"{said.prior_share:.2f}"),
        ("time to answer", _time(said)),
    ]
    if any(reason.rule.removeprefix("judge.") in _NOT_SHOWN for reason in said.reasons):
        return [("what follows", "is in the JSON only, under that reason. The answer page leaves it out."), *shown]
    return shown


def _time(said: Response) -> str:
    if said.wait is None:
        return "none: more days of this kind would not help"
    weeks, share = said.wait.weeks, percent(said.wait.probability)
    if said.wait.more_days is None:
        return f"not within {weeks} weeks: settled by then in {share} of the futures"
    if said.wait.more_days == 0:
        return "settled"
    return f"{said.wait.more_days // 7} weeks; settled in {share} of the futures within {weeks} weeks"


def _later(case: Case, found: Found) -> str:
    states = diary(case, found.seed, case.later)
    said = answer(states)
    return (
        f"{case.later // 7} weeks after the start: {_count(had(states[-MONTH:]), 'headache day')} in the last {MONTH}, "
        f"P(R ≥ 50 %) {_chance(said, 50)}, {VERDICTS[said.verdict]}. Then, of the {len(found.later)}: {_counted(found.later)}"
    )


def _truth(case: Case) -> str:
    if not case.world.effect:
        return "the treatment does nothing"
    share, onset = percent(true_reduction(case)), case.world.onset_days
    return f"the treatment, once in full, takes away {share} of the days; its time constant is {onset:.0f} days"


def _fellows(case: Case, found: Found) -> str:
    rule = "met the 50 % rule" if case.fulfils else "did not meet the 50 % rule"
    return (
        f"{found.began} of {found.simulated} simulated people had {case.fewest} to {case.most} headache days in the {MONTH} "
        f"before the start; {len(found.verdicts)} of these {found.began} {rule}. Their verdicts: {_counted(found.verdicts)}"
    )


def _counted(verdicts: Sequence[str]) -> str:
    return ", ".join(f"{verdicts.count(verdict)} {name}" for verdict, name in VERDICTS.items() if verdict in verdicts)


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _known(states: States) -> int:
    return sum(state is not None for state in states)


def _chance(said: Response, share: int) -> str:
    value = said.probability[f"reduction_ge_{share}"]
    return "-" if value is None else say_probability(value)


def _interval(value: Interval, unit: str, decimals: int) -> str:
    middle, lower, upper = (_signed(v, decimals) for v in value[:3])
    return f"{middle}{unit} ({lower} to {upper})"


def _signed(value: float, decimals: int) -> str:
    text = f"{abs(value):.{decimals}f}"
    return f"{_MINUS}{text}" if value < 0 and float(text) else text
