"""`cleardays diary triggers`: what goes along with an outcome on the day after, and how sure that is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date

from cleardays.cli.files import load_diary
from cleardays.cli.options import Parser, read_day, read_name
from cleardays.cli.output import print_json
from cleardays.clock import say_day
from cleardays.problems import BadInput, Problem
from cleardays.quantities import percent, say_probability
from cleardays.response.answer import HEADACHE_DAY
from cleardays.response.summary import Interval
from cleardays.sources import Reason
from cleardays.trial.trigger_factors import CALENDAR, NAMED
from cleardays.trial.trigger_verdicts import CANNOT_TELL, LOWERS, NO_ASSOCIATION, RAISES, Size, Trigger
from cleardays.trial.trigger_words import EARLY_SIGN, counted
from cleardays.trial.triggers import DAY_OUTCOMES, Started, Triggers, triggers

_WIDTH = 78
_STAR = "* "
_TITLES = {
    RAISES: "Goes along with more",
    LOWERS: "Goes along with fewer",
    NO_ASSOCIATION: "No association",
    CANNOT_TELL: "Cannot tell",
}
_UNDER = {
    RAISES: "Along with is not because of.",
    LOWERS: "Along with is not because of.",
    NO_ASSOCIATION: "A smaller one is possible.",
    CANNOT_TELL: "The diary does not settle it.",
}
_SAID_HERE = ("trigger.unevenly-answered",)


def run(arguments: list[str], *, prog: str) -> int:
    """Compare and print."""
    parser = Parser(
        prog,
        "What goes along with an outcome on the day after, of all that the diary tells of its days, and how sure is that? "
        '"No association" and "cannot tell" are answers. What goes along with something need not cause it.',
    )
    parser.add_argument("diary", metavar="DIARY", help="days.csv, a diary zip, or - for either on standard input")
    parser.add_argument(
        "--outcome", default=HEADACHE_DAY, metavar="ID", help=f"one of {', '.join(DAY_OUTCOMES)} (default {HEADACHE_DAY})"
    )
    parser.add_argument("--as-of", metavar="DATE", help="answer as of this day: read nothing later")
    parser.add_argument("--treatment", metavar="NAME", help="a treatment that was started meanwhile; any text")
    parser.add_argument("--start", metavar="DATE", help="its first day (default: the diary's own, where it tells one)")
    args = parser.parse_args(arguments)
    treatment = None if args.treatment is None else read_name(args.treatment, "--treatment")
    start, as_of = read_day(args.start, "--start"), read_day(args.as_of, "--as-of")
    if treatment is not None and start is None:
        raise BadInput(Problem("--start", f"it is not told when {treatment} was started.", "Give its first day with --start."))
    found = triggers(load_diary(args.diary), outcome=args.outcome, as_of=as_of, treatment=treatment, start=start)
    if args.json:
        print_json(found.document())
        return 0
    print("\n".join(_page(found)))
    return 0


def _page(found: Triggers) -> Iterator[str]:
    days = found.days
    simulated = " (simulated)" if found.about.get("kind") == "simulated" else ""
    yield f"What goes along with a {found.called.one}?{simulated}"
    count = f"{len(days.states)} {'day' if len(days.states) == 1 else 'days'}"
    yield from _wrap(
        f"{say_day(days.first_day)} to {say_day(days.last_day)}: {count}, {days.known} known, {days.had} "
        f"{found.called.one if days.had == 1 else found.called.many}."
    )
    if found.started is not None:
        yield from _wrap(_begun(found.started, days.last_day))
    day_itself = "a beginning attack may have brought it about" if found.headache else "either may have led to the other"
    yield from _wrap(
        f"Asked of each thing: where it was there on a {found.called.without}, was the next day a {found.called.one} more "
        f"often than where it was not? On the day itself {day_itself}, so that day is shown apart. All are compared at once, "
        "so that one among many does not stand out by chance. More or fewer: odds at least "
        f"{found.relevant:g} times as high or as low."
    )
    for verdict, title in _TITLES.items():
        those = [trigger for trigger in found.triggers if trigger.verdict == verdict and trigger.size is not None]
        if those:
            yield from ("", *_wrap(f"{title}{_of_what(verdict, found)}. {_UNDER[verdict]}"))
            for trigger in those:
                yield from _lines(trigger, found)
    yield from _not_compared(found)
    if not found.triggers:
        yield from (
            "",
            *_wrap("The diary tells nothing of its days that could be compared: no triggers, stress, sleep or period."),
        )
    yield ""
    for reason in (*found.advice, *_of_several(found), *found.notes):
        yield from _wrap(f"{_STAR if reason.rule == EARLY_SIGN else ''}{reason.because}")


def _of_what(verdict: str, found: Triggers) -> str:
    if verdict in (RAISES, LOWERS):
        return f" {found.called.many}"
    return f" of a size over {found.within:g}" if verdict == NO_ASSOCIATION else ""


def _of_several(found: Triggers) -> list[Reason]:
    """What is true of several things, said once."""
    reasons = {reason.rule: reason for trigger in found.triggers if trigger.size is not None for reason in trigger.reasons}
    return [reasons[EARLY_SIGN]] if EARLY_SIGN in reasons else []


def _begun(started: Started, last_day: date) -> str:
    name = f"{started.treatment[0].upper()}{started.treatment[1:]}"
    if started.start > last_day:
        return f"{name} begins on {say_day(started.start)}, after the last day that is read: it plays no part here."
    return f"{name}, begun on {say_day(started.start)}, is taken into account."


def _not_compared(found: Triggers) -> Iterator[str]:
    """What cannot be compared, by the reason."""
    names: dict[str, list[str]] = {}
    for trigger in found.triggers:
        if trigger.size is None:
            names.setdefault(" ".join(reason.because for reason in trigger.reasons), []).append(trigger.logged.name)
    if names:
        yield from ("", "Cannot be compared.")
    for because, those in names.items():
        yield from (*_wrap(", ".join(those), 2), *_wrap(because, 4))


def _lines(trigger: Trigger, found: Triggers) -> Iterator[str]:
    logged, size, day_before = trigger.logged, trigger.size, trigger.logged.kind != CALENDAR
    says = "" if logged.kind == NAMED else f": {logged.says}"
    assert size is not None  # only what was compared comes here
    yield from _wrap(f"{logged.name}{' *' if logged.early_sign else ''}{says}", 2)
    same_day = "" if trigger.same_day is None else f"; same day {_odds(trigger.same_day)}"
    yield from _wrap(
        f"odds ratio {_odds(size.odds_ratio)}, probability of more {say_probability(size.probability_raises)}, of fewer "
        f"{say_probability(size.probability_lowers)}{same_day}",
        4,
    )
    yield from _wrap(counted(trigger.tally, day_before=day_before, called=found.called), 4)
    if trigger.verdict in (RAISES, LOWERS):
        yield from _wrap(_chances(size), 4)
    for reason in trigger.reasons:
        if reason.rule in _SAID_HERE:
            yield from _wrap(reason.because, 4)


def _chances(size: Size) -> str:
    low, high = (f"{100 * edge:+.0f}" for edge in (size.change.lower, size.change.upper))
    return (
        f"At the level of the last four weeks a chance of {percent(size.chance_with.estimate)} with it and of "
        f"{percent(size.chance_without.estimate)} without ({low} to {high} points)"
    )


def _odds(value: Interval) -> str:
    return f"{value.estimate:.1f} ({value.lower:.1f} to {value.upper:.1f})"


def _wrap(text: str, indent: int = 0) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(text, _WIDTH, initial_indent=pad, subsequent_indent=pad, break_on_hyphens=False)
