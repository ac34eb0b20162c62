"""The last page of a demonstration: how the trial went, and what was true all along, beside what the page said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

from cleardays import __version__
from cleardays.report import words
from cleardays.report.sheet import FONT, PAPERS, typeset
from cleardays.report.simulated import KEY, label_html, label_json, label_text
from cleardays.report.story_lines import Line, story_lines
from cleardays.report.strip import PAPER, SCREEN
from cleardays.report.truth_picture import Mark, describe_truth, draw_truth
from cleardays.trial.demonstration.declared import declared_truth
from cleardays.trial.demonstration.journey import Simulated
from cleardays.trial.demonstration.revealed import BEFORE, CHECKED, EFFECT, NATURAL, NOW, REDUCTION, WITHOUT, Held, Revealed
from cleardays.trial.goals import GoalBeside, goals_beside

_SCREEN_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_WIDTH = 78
_FIGURES = {
    BEFORE: "Before", NOW: "In the last 28 days", WITHOUT: "In the same days without it", REDUCTION: "Taken away, %",
    NATURAL: "Change that would have come anyway", EFFECT: "Change by the medicine itself",
}  # fmt: skip
_NOT_CHECKED = (
    "How a fall divides into what would have come with any treatment and what is the medicine's own, no single diary can "
    "tell; the page takes it from trials, or from a sceptical assumption where there are none."
)
_INTERVALS = "Nine of ten such intervals should hold the truth; that one does not is no fault of the page by itself."
_LOW_PCT, _HIGH_PCT = -50.0, 100.0


class TrueRow(NamedTuple):
    """One figure in words: what it is, the truth, what the page said, and whether its interval held the truth."""

    label: str
    true: str
    said: str
    held: str


class TrueTable(NamedTuple):
    """The figures of one outcome, in words and for the picture."""

    name: str
    rows: tuple[TrueRow, ...]
    marks: tuple[Mark, ...]


class GoalRow(NamedTuple):
    """One goal in the person's words, with what each review said of it."""

    words: str
    answers: str


class TruthPage(NamedTuple):
    """Everything on the page, in reading order; the truth comes last."""

    simulated: Simulated
    title: str
    about: str
    lines: tuple[Line, ...]
    goals: tuple[GoalRow, ...]
    tables: tuple[TrueTable, ...]
    beside: tuple[TrueRow, ...]
    declared: tuple[tuple[str, str], ...]
    teaches: str
    small_print: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, str]:
        """What the intervals promise, and what they cannot."""
        return _INTERVALS, _NOT_CHECKED


def compose_truth(simulated: Simulated) -> TruthPage:
    """Put a demonstration into words."""
    case, review = simulated.case, simulated.reviews[-1]
    first = simulated.revealed[0]
    decimals = _decimals(simulated, first)
    return TruthPage(
        simulated,
        f"{case.title}: what was true",
        f"{case.person}, {case.clinician}, seed {simulated.seed}. Made up, from the first day to the last.",
        story_lines(simulated.events, case.zone),
        tuple(_goal(each) for each in goals_beside(simulated.story, case.id)),
        tuple(_table_of(simulated, each) for each in simulated.revealed),
        tuple(_row(first.of(name), decimals) for name in (NATURAL, EFFECT)),
        declared_truth(case),
        case.teaches,
        (
            f"The answer that is held against the truth is that of {words.day(review.series.last_day)}. True figures are "
            "long-run ones: of the weeks before the start, and of the last 28 days with the effect of each day and without it.",
            "The truth was declared in a file before anything was drawn, and the seed follows from the name of the case. "
            f"cleardays {__version__}.",
        ),
    )


def _outcome(simulated: Simulated, found: Revealed) -> words.Outcome:
    return words.outcome_words(simulated.reviews[-1].about, found.outcome)


def _decimals(simulated: Simulated, found: Revealed) -> int:
    return _outcome(simulated, found).decimals or 1


def _table_of(simulated: Simulated, found: Revealed) -> TrueTable:
    outcome, decimals = _outcome(simulated, found), _decimals(simulated, found)
    checked = tuple(found.of(name) for name in CHECKED)
    name = outcome.scale if outcome.amount else f"{words.sentence(outcome.many)} in 28"
    marks = tuple(_mark(each, decimals, outcome.most or None) for each in checked)
    return TrueTable(name, tuple(_row(each, decimals) for each in checked), marks)


def _goal(beside: GoalBeside) -> GoalRow:
    answers = [answer.answer for _, answer in beside.answers]
    return GoalRow(beside.goal.words, ", then ".join(answers) if answers else "never answered")


def _row(held: Held, decimals: int) -> TrueRow:
    places = 0 if held.figure == REDUCTION else decimals
    inside = {True: "yes", False: "no", None: "nothing was said"}[held.inside]
    said = "nothing" if held.said is None else f"{_figure(held.said.estimate, places)} ({_range(held, places)})"
    return TrueRow(_FIGURES[held.figure], _figure(held.true, places), said, inside)


def _figure(value: float, places: int) -> str:
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", words.MINUS)  # nothing is no "-0"


def _range(held: Held, places: int) -> str:
    assert held.said is not None
    return f"{_figure(held.said.lower, places)} to {_figure(held.said.upper, places)}"


def _mark(held: Held, decimals: int, most: float | None) -> Mark:
    row, of = _row(held, decimals), held.said
    interval = None if of is None else (of.lower, of.estimate, of.upper)
    if held.figure == REDUCTION:
        low = min(_LOW_PCT, held.true, *(interval or ()))
        return Mark(row.label, low, _HIGH_PCT, interval, held.true, f"true {row.true}, said {row.said}")
    high = most or 1.2 * max(held.true, *(interval or (held.true,)))
    return Mark(row.label, 0.0, high, interval, held.true, f"true {row.true}, said {row.said}")


def truth_html(page: TruthPage) -> str:
    """A self-contained HTML document."""
    import jinja2
    from markupsafe import Markup

    source = resources.files("cleardays.report").joinpath("templates", "truth.html.j2").read_text(encoding="utf-8")
    # Everything is escaped but the picture that we draw ourselves (its labels are escaped there).
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
    numbered = enumerate(page.tables)
    drawn = (draw_truth(table.marks, palette=SCREEN, font=_SCREEN_FONT, name=f"truth-{at}") for at, table in numbered)
    return label_html(template.render(page=page, day=words.day, pictures=[Markup(each) for each in drawn]))


def truth_pdf(page: TruthPage, *, paper: str = "a4") -> bytes:
    """The page as a tagged PDF; `paper` is "a4" or "letter"."""
    data: dict[str, object] = {
        "paper": PAPERS[paper],
        KEY: True,
        "version": f"cleardays {__version__}",
        "title": page.title,
        "about": page.about,
        "lines": [{"on": words.day(line.on), "what": line.what, "said": line.said} for line in page.lines],
        "goals": [goal._asdict() for goal in page.goals],
        "tables": [_as_data(table) for table in page.tables],
        "beside": [row._asdict() for row in page.beside],
        "notes": page.notes,
        "declared": [{"what": what, "said": said} for what, said in page.declared],
        "teaches": page.teaches,
    }
    return typeset("truth.typ", data, page.small_print)


def _as_data(table: TrueTable) -> dict[str, object]:
    picture = {"svg": draw_truth(table.marks, palette=PAPER, font=FONT, name="truth"), "alt": describe_truth(table.marks)}
    return {"name": table.name, "rows": [row._asdict() for row in table.rows], "picture": picture}


def truth_text(page: TruthPage) -> str:
    """The page as text, at most 78 columns wide."""
    lines = [page.title.upper(), *_wrap(page.about), "", "HOW IT WENT"]
    lines += [row for line in page.lines for row in _wrap(f"{words.day(line.on):>12}  {line.what}. {line.said}", " " * 14)]
    if page.goals:
        lines += ["", "GOALS", *(row for goal in page.goals for row in _wrap(f"  {goal.words} {goal.answers}", "    "))]
    for table in page.tables:
        lines += ["", f"WHAT WAS TRUE: {table.name.upper()}", *_table(table.rows)]
    lines += ["", *_wrap(page.notes[0])]
    lines += ["", "WHAT NO DIARY CAN TELL APART", *_table(page.beside), "", *_wrap(page.notes[1])]
    lines += ["", "DECLARED BEFORE ANYTHING WAS DRAWN"]
    lines += [row for what, said in page.declared for row in _wrap(f"  {what}: {said}", "    ")]
    lines += ["", *_wrap(page.teaches), "", *(row for said in page.small_print for row in _wrap(said))]
    return label_text("\n".join(lines))


def _table(rows: tuple[TrueRow, ...]) -> Iterator[str]:
    yield f"  {'':36}{'true':>6}  {'the page said':>20}  held"
    for row in rows:
        yield f"  {row.label:36}{row.true:>6}  {row.said:>20}  {row.held}"


def _wrap(text: str, hang: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=hang, break_on_hyphens=False)


def truth_document(page: TruthPage) -> dict[str, object]:
    """The page as a JSON document."""
    simulated = page.simulated
    return label_json(
        {
            "case": simulated.case.id,
            "title": simulated.case.title,
            "seed": simulated.seed,
            "as_of": simulated.reviews[-1].series.last_day.isoformat(),
            "story": [{"on": line.on.isoformat(), "what": line.what, "said": line.said} for line in page.lines],
            "goals": [goal._asdict() for goal in page.goals],
            "true": [found.document() for found in simulated.revealed],
            "declared": dict(page.declared),
            "teaches": page.teaches,
        }
    )
