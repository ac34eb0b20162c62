"""The dose-response log of a trial as a page: each dose with its days, its side effects, and why it was left."""

from __future__ import annotations

from collections.abc import Iterator

from cleardays import __version__
from cleardays.clock import say_day
from cleardays.quantities import counted
from cleardays.report.dose_picture import describe_doses, dose_svg, draw_doses
from cleardays.report.dose_words import BEFORE, count_said, dose_name, known_said, outcome_said, short_rate
from cleardays.report.plan_doses import weekday
from cleardays.report.sections import (
    Lines,
    Notice,
    Picture,
    Row,
    Rows,
    Section,
    SectionsPage,
    Table,
    cited,
    quoted,
    section,
    sections,
    told,
)
from cleardays.report.sections_render import sections_html, sections_json, sections_pdf, sections_text
from cleardays.report.treatment_page_words import capital
from cleardays.report.whole_trials import name_of
from cleardays.trial.dose_effects import Effect
from cleardays.trial.dose_left import CHANGED, ENDED, Left
from cleardays.trial.dose_response import DoseResponse, Level

__all__ = ["compose_doses", "dose_html", "dose_json", "dose_pdf", "dose_svg", "dose_text"]
_IN_TIME = "doses.in-time"


def compose_doses(log: DoseResponse) -> SectionsPage:
    """Put the log into words."""
    return SectionsPage(
        title=f"{name_of(log.treatment)}: the doses one after the other",
        about=(f"Trial {told(log.trial)}. As of {weekday(log.as_of, year=True)}.",),
        sections=sections(_sections(log)),
        small_print=(
            *(reason.because for reason in log.reasons if reason.rule != _IN_TIME),
            f"This page informs; it is no prescription. cleardays {__version__}.",
        ),
        sources=cited(key for reason in log.reasons for key in reason.source),
        simulated=log.simulated,
    )


def _sections(log: DoseResponse) -> Iterator[Section | None]:
    warned = [reason.because for reason in log.reasons if reason.rule == _IN_TIME]
    yield section("What this log can show", *(Notice("Not what a dose did.", (because,)) for because in warned))
    if not log.levels:
        yield section("No dose", Lines(tuple(reason.because for reason in log.reasons), listed=False))
        return
    yield section("The picture", Picture(lambda *how: draw_doses(log, *how), describe_doses(log)))
    yield section("The doses", _doses(log))
    yield section("The days at each dose", *(_days(log, number) for number in range(len(log.outcomes))))
    effects = Rows(tuple(Row(dose_name(level.stretch), _effects(level), "") for level in log.levels if level.effects))
    none = (
        ()
        if effects.rows
        else ("No side effect was told at any of these doses. That nobody told one is not that there was none.",)
    )
    yield section("Side effects, as they were told", effects, Lines(none, listed=False))


def _doses(log: DoseResponse) -> Table:
    heads = ("Dose", "When", "How it is known", "Why it was left")
    return Table("Each dose in the order of time.", heads, tuple(_dose(level) for level in log.levels), (1.2, 1.2, 2, 2))


def _dose(level: Level) -> tuple[str, ...]:
    stretch = level.stretch
    days = f"{say_day(stretch.first)} to {say_day(stretch.last)}, {counted(level.days, 'day')}"
    return dose_name(stretch), days, capital(known_said(stretch)) + ".", _left(level.left)


def _left(left: Left | None) -> str:
    if left is None:
        return "It goes on."
    by = f" By {told(left.by)}." if left.by else ""
    if left.how in (CHANGED, ENDED):
        lead = "The trial ended" if left.how == ENDED else f"The plan was changed (version {left.version})"
        return f"{lead}: {quoted(left.because)}.{by}"
    return f"{told(left.because)}{by}"


def _days(log: DoseResponse, number: int) -> Table | Lines:
    outcome = outcome_said(log.outcomes[number])
    if not any(
        count.known for count in (*(level.counts[number] for level in log.levels), *log.before_counts[number : number + 1])
    ):
        return Lines((f"{outcome}: of none of these days is it known.",), listed=False)
    means = any(level.counts[number].mean is not None for level in log.levels)
    heads = (
        "Dose",
        f"{outcome}, of the known days",
        "In 28 days (90\N{NO-BREAK SPACE}% interval)",
        *(("Mean",) if means else ()),
    )
    rows = [_counted(dose_name(level.stretch), level, number, means=means) for level in log.levels]
    if log.before is not None:
        count = log.before_counts[number]
        fixed = f"{BEFORE} (as fixed on {say_day(log.before.fixed_at.date())})"
        mean = ("not given" if count.mean is None else f"{count.mean:.1f}",) if means else ()
        rows.insert(0, (fixed, count_said(count), short_rate(count), *mean))
    return Table(
        f"{outcome}: counted as told; unknown days are in no count.",
        heads,
        tuple(rows),
        (1.6, 1.6, 1.1, *((0.5,) if means else ())),
    )


def _counted(name: str, level: Level, number: int, *, means: bool) -> tuple[str, ...]:
    count = level.counts[number]
    mean = ("not given" if count.mean is None else f"{count.mean:.1f}",) if means else ()
    return f"{name}, from {say_day(level.stretch.first)}", count_said(count), short_rate(count), *mean


def _effects(level: Level) -> str:
    return "; ".join(_effect(each, level) for each in level.effects) + "."


def _effect(each: Effect, level: Level) -> str:
    said = [f"told {counted(each.told, 'time')}, first on {say_day(each.on)}"]
    if each.since is not None and each.since < level.stretch.first:
        said.append(f"there since {say_day(each.since)}, before this dose")
    said += [each.severity] if each.severity else []
    said += ["serious"] if each.serious else []
    said += [f"held to come from: {each.attribution}"] if each.attribution else []
    said += [f"over on {say_day(each.ended)}"] if each.ended else []
    return f"{told(each.term)} ({', '.join(said)})"


def dose_html(log: DoseResponse) -> str:
    """A self-contained HTML document."""
    return sections_html(compose_doses(log))


def dose_pdf(log: DoseResponse, *, paper: str = "a4") -> bytes:
    """A tagged PDF; `paper` is "a4" or "letter"."""
    return sections_pdf(compose_doses(log), paper=paper)


def dose_text(log: DoseResponse) -> str:
    """Plain text."""
    return sections_text(compose_doses(log))


def dose_json(log: DoseResponse) -> str:
    """The words of the page and the whole log behind them."""
    return sections_json(compose_doses(log), log.document())
