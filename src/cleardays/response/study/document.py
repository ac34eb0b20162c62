"""The study as one document, and as a table to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cleardays import __version__
from cleardays.response.study.control import LAYINGS
from cleardays.response.study.figures import Figure, average
from cleardays.response.study.ranks import QUANTITIES, Ranks
from cleardays.response.study.run import METHODS, OURS, Asked, WorldStudy
from cleardays.response.study.scores import FIGURES, HALF, LOOKS, THIRD

Control = dict[str, object]

_COLUMNS = (
    ("brier_half", "Brier 50 %"),
    ("brier_third", "Brier 30 %"),
    ("wrong", "wrong"),
    ("false_yes", "false yes"),
    ("missed", "missed"),
    ("yes_of_null", "yes of nulls"),
    ("cover_reduction", "cover R"),
    ("cover_current", "cover days"),
    ("decided", "decided"),
    ("wrong_of_decided", "wrong of decided"),
    ("days_to_decision", "days to decide"),
)
_LEGEND = f"""\
Each figure with its Monte-Carlo standard error. Brier: of P(R >= 50 %) and P(R >= 30 %); a rule that only says yes or no
gives 1 or 0. Wrong: the probability lies on the wrong side of one half. False yes: yes among those whose true reduction is
less than half. Missed: no among those whose reduction is at least that. Yes of nulls: among those on whom the treatment does
nothing. Cover: the 90 % interval holds the truth. Decided: the verdict is responding or not responding. Days to decide: when
P(R >= 50 %) first leaves the undecided range in looks on days {", ".join(map(str, LOOKS))} of treatment, the earliest day of
judging left aside, on a quarter of the people; who stays undecided counts with the last look. Truth: the long-run rate of
days at the level of the last four weeks, with today's effect and without it. R = 1 - current / untreated."""
_NOTES = (
    "Everybody is simulated. Right answers here show that the model and its computation do what they say in these "
    "worlds, not how often diaries of real people are judged rightly.",
    "The base world shares the model's form and the laws of its persistence and onset, but not of its carry-over, spread, "
    "level and effect. All other groups hold truths that the model does not assume.",
    "In worlds without a logistic chain the truth is exact too: renewal theory for attacks, the chain's own recursion "
    "over a cycle for the menstrual world.",
)


class Study(NamedTuple):
    """Everything that was run."""

    asked: Asked
    worlds: tuple[WorldStudy, ...]
    ranks: dict[str, tuple[Ranks, ...]]
    control: Control | None

    def average(self) -> dict[str, dict[str, Figure | None]]:
        """Each method's figures as means over the worlds that were run."""
        return {
            method: {name: average([getattr(world.scores[method], name) for world in self.worlds]) for name in FIGURES}
            for method in METHODS
            if self.worlds
        }

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "version": __version__,
            "people": self.asked.people,
            "seed": self.asked.seed,
            "evidence": self.asked.evidence,
            "treatment": None if self.asked.expected is None else self.asked.expected.treatment,
            "indication": None if self.asked.expected is None else self.asked.expected.indication,
            "judging_rules": self.asked.rules.version,
            "thresholds": [HALF, THIRD],
            "looks": list(LOOKS),
            "methods": METHODS,
            "worlds": [world.document() for world in self.worlds],
            "average": {
                method: {name: None if figure is None else figure.document() for name, figure in found.items()}
                for method, found in self.average().items()
            },
            "ranks": {name: [each.document() for each in found] for name, found in self.ranks.items()},
            "control": self.control,
            "notes": list(_NOTES),
        }


def as_markdown(study: Study) -> str:
    """The tables as Markdown: every method in every world, the ranks, and the control."""
    expected = study.asked.expected
    prior = "the default prior" if study.asked.evidence else "the reference priors"
    if expected is not None:
        prior = f"the prior from the trials of {expected.treatment} in {expected.indication.replace('-', ' ')}"
    parts = [
        "# Calibration study",
        f"{study.asked.people} simulated people a world, seed {study.asked.seed}; cleardays {__version__} with {prior}.",
        *_NOTES,
    ]
    if study.worlds:
        parts += ["## All worlds, cleardays", _overview(study.worlds), _LEGEND]
        parts += ["## Average over these worlds", _table_of_methods(study.average())]
    for world in study.worlds:
        parts += [
            f"## {world.world.name}",
            _facts(world),
            _table_of_methods({name: each.figures() for name, each in world.scores.items()}),
        ]
    for name, found in study.ranks.items():
        parts += [f"## Ranks of the truth among the draws: {name}", _ranks_table(found)]
    if study.control is not None:
        parts += ["## Negative control: counts of a placebo-controlled trial", _control_table(study.control)]
    return "\n\n".join(parts) + "\n"


def shown(figure: Figure | None, decimals: int = 2) -> str:
    """A figure with its error: "0.12 (0.01)"; a hyphen where there is none."""
    return "-" if figure is None else f"{figure.value:.{decimals}f} ({figure.error:.{decimals}f})"


def _cells(scores: Mapping[str, Figure | None]) -> list[str]:
    return [shown(scores[name], 0 if name == "days_to_decision" else 2) for name, _ in _COLUMNS]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _overview(worlds: Sequence[WorldStudy]) -> str:
    head = ["world", "effective", *(said for _, said in _COLUMNS), "cannot tell"]
    rows = [
        [world.world.name, shown(world.effective), *_cells(world.scores[OURS].figures()), shown(world.declined)]
        for world in worlds
    ]
    return _table(head, rows)


def _facts(world: WorldStudy) -> str:
    return (
        f"{world.world.says[:1].upper()}{world.world.says[1:]}. Truly reduced by half or more: {shown(world.effective)}; "
        f"no effect at all: {shown(world.nulls)}. Days per 28: own average {shown(world.usual, 1)}, in the month that "
        f"brought them {shown(world.worst_month, 1)}, before the start {shown(world.run_in, 1)}. "
        f"Days known: {shown(world.known)}."
    )


def _table_of_methods(found: Mapping[str, Mapping[str, Figure | None]]) -> str:
    return _table(["method", *(said for _, said in _COLUMNS)], [[name, *_cells(each)] for name, each in found.items()])


def _ranks_table(found: Sequence[Ranks]) -> str:
    said = _table(
        ["quantity", "chi-square, 19 df", "p", "greatest difference", "p"],
        [
            [QUANTITIES[each.quantity], f"{each.chi_square:.1f}", f"{each.chi_square_p:.3f}",
             f"{each.difference:.3f}", f"{each.difference_p:.3f}"]
            for each in found
        ],
    )  # fmt: skip
    people = found[0].people
    return f"{people} people. Uniform if and only if the computation is right on average; p is for uniform ranks.\n\n{said}"


def _control_table(control: Control) -> str:
    arms = control["arms"]
    assert isinstance(arms, dict)
    head = ["arm", "people", "days had", "mean P(R >= 50 %)", "yes", "responding", "not responding", "count halved"]
    rows = []
    for name, arm in arms.items():
        shares = [
            f"{arm[key]['value']:.2f} ({arm[key]['lower']:.2f} to {arm[key]['upper']:.2f})"
            for key in ("yes", "responding", "not_responding", "counts_halved")
        ]
        rows.append([name, str(arm["people"]), f"{arm['days_had_share']:.2f}", f"{arm['mean_probability']:.2f}", *shares])
    stated = control.get("stated")
    beside = ""
    if isinstance(stated, dict):
        beside = (
            f"\n\nAmong the people of the base world on whom the treatment does nothing: yes {stated['yes']:.2f}, "
            f"responding {stated['responding']:.2f}. "
            f"The placebo arm is {'not clearly above' if stated['within'] else 'clearly ABOVE'} that."
        )
    return (
        f"Events of each spell laid on days at random, {LAYINGS} times a person; shares with 90 % intervals. This shows "
        "whether a placebo arm is called responding too often. It shows no power to find effects, and no real order of days; "
        "frequent events fill every day, and some people on placebo did change.\n\n"
        f"{_table(head, rows)}{beside}"
    )
