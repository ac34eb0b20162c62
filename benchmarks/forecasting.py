"""How well the days to come are foretold on real diaries, against the simple ways of doing it.

    CLEARDAYS_REFERENCE_DATA=FOLDER python benchmarks/forecasting.py [folds of people]

The Kostecki-Dillon diaries (R package carData, GPL >= 2; not shipped) are read from
FOLDER/diaries/kostecki_dillon_dev.csv. Two questions: tomorrow, for every known day with at
least 7 known days before it; and each of the 28 days to come, asked every seventh day. Unknown
days are not scored. What a forecaster borrows from other people (the priors of the engine, the
shrinkage of the frequency and of the Markov chain, the mixed model) it learns from people of the
other folds, and what it knows of the person are the days up to the one on which it is asked. The
frequency and the chain are tuned for each question; the engine and the mixed model are not.
Treatment, and with it exposure, begins on day 0 of the file, and that is known in advance.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from _forecasting.comparators import Forecaster, frequency, markov
from _forecasting.diaries import PersonDays, coming_month, folds, read_kostecki_dillon, tomorrow
from _forecasting.engine import by_default, with_population, with_population_but_effect
from _forecasting.mixed import mixed_model
from _forecasting.scores import Forecasts, paired, score

FILE = Path("diaries", "kostecki_dillon_dev.csv")
FOLDS = 10
SEED = 20
QUESTIONS = {"Tomorrow": tomorrow, "The coming 28 days, asked every seventh day": coming_month}

# Each learns from other people and answers with a forecaster for each question.
Method = Callable[[Sequence[PersonDays]], Sequence[Forecaster]]
OURS = "cleardays, priors learned"
COMPARATORS: dict[str, Method] = {
    "last 28 known days, shrunken": lambda others: [frequency(others, ask) for ask in QUESTIONS.values()],
    "Markov chain, shrunken": lambda others: [markov(others, ask) for ask in QUESTIONS.values()],
    "logistic mixed model": lambda others: [mixed_model(others)] * 2,
}
METHODS: dict[str, Method] = {
    OURS: lambda others: [with_population(others)] * 2,
    "cleardays, learned but for the effect": lambda others: [with_population_but_effect(others)] * 2,
    "cleardays, default priors": lambda _: [by_default()] * 2,
    **COMPARATORS,
}


def forecast_all(people: Sequence[PersonDays], method: Method, count: int) -> dict[str, Forecasts]:
    """Every question to every person, by a method that learned from the people of the other folds."""
    number = {diary.person: i for i, diary in enumerate(people)}
    parts: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {question: [] for question in QUESTIONS}
    for others, mine in folds(people, count):
        for (question, ask), forecaster in zip(QUESTIONS.items(), method(others), strict=True):
            for diary in mine:
                asked = ask(diary)
                scored = ~np.isnan(asked.came)
                said = forecaster(diary, asked.on)[scored]
                parts[question].append((np.full(len(said), number[diary.person]), said, asked.came[scored]))
    return {question: Forecasts(*map(np.concatenate, zip(*part, strict=True))) for question, part in parts.items()}


def table(forecasts: dict[str, Forecasts], cpu_s: dict[str, float]) -> str:
    """The figures of each method."""
    lines = ["| forecaster | log score | Brier | AUC | calibration slope | intercept | CPU s |", "| --- " * 7 + "|"]
    for name, mine in forecasts.items():
        s = score(mine)
        lines.append(
            f"| {name} | {s.log_score:.4f} | {s.brier:.4f} | {s.auc:.3f} | {s.slope:.2f} (SE {s.slope_se:.2f}) "
            f"| {s.intercept:+.2f} (SE {s.intercept_se:.2f}) | {cpu_s[name]:.1f} |"
        )
    return "\n".join(lines)


def differences(forecasts: dict[str, Forecasts]) -> str:
    """Ours minus each other one, and in words where it is better and where it is worse."""
    ours = forecasts[OURS]
    lines = ["| ours minus | log score | | Brier | |", "| --- " * 5 + "|"]
    for name, theirs in forecasts.items():
        if name != OURS:
            log = paired(ours.log_loss, theirs.log_loss, ours.person, seed=SEED)
            brier = paired(ours.brier, theirs.brier, ours.person, seed=SEED)
            lines.append(f"| {name} | {log} | {log.said} | {brier} | {brier.said} |")
    return "\n".join(lines)


def verdict(forecasts: dict[str, Forecasts]) -> str:
    """Ours against the best of the three comparators, who is ahead of it in anything, and whose forecasts are miscalibrated."""
    found = {name: score(mine) for name, mine in forecasts.items()}
    ours, others = found[OURS], {name: found[name] for name in COMPARATORS}
    best_log, best_brier = (min(getattr(s, figure) for s in others.values()) for figure in ("log_score", "brier"))
    ahead = [f"{name} (log score)" for name, s in others.items() if s.log_score < ours.log_score]
    ahead += [f"{name} (Brier)" for name, s in others.items() if s.brier < ours.brier]
    ahead += [f"{name} (AUC)" for name, s in others.items() if s.auc > ours.auc]
    off = [f"{name} (slope)" for name, s in found.items() if abs(s.slope - 1.0) > 1.96 * s.slope_se]
    off += [f"{name} (intercept)" for name, s in found.items() if abs(s.intercept) > 1.96 * s.intercept_se]
    return (
        f"Best comparator: log score {best_log:.4f}, Brier {best_brier:.4f}; ours {ours.log_score:.4f} and {ours.brier:.4f}.\n"
        f"Comparators ahead of ours: {', '.join(ahead) or 'none'}.\n"
        f"Calibration off by more than 1.96 standard errors: {', '.join(off) or 'none'}."
    )


def main() -> None:
    folder = os.environ.get("CLEARDAYS_REFERENCE_DATA")
    if not folder or not Path(folder, FILE).is_file():
        print(f"skipped: CLEARDAYS_REFERENCE_DATA names no folder with {FILE}, so there are no real diaries to forecast")
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FOLDS
    people = read_kostecki_dillon(Path(folder, FILE))
    began, cpu_s, forecasts = time.perf_counter(), {}, {}
    for name, method in METHODS.items():
        cpu = time.process_time()
        forecasts[name] = forecast_all(people, method, count)
        cpu_s[name] = time.process_time() - cpu
    for question in QUESTIONS:
        asked = {name: by_question[question] for name, by_question in forecasts.items()}
        ours = asked[OURS]
        print(f"## {question}: {len(ours.p)} forecasts of {len(np.unique(ours.person))} people, {count} folds of people")
        print(f"Had on {ours.came.mean():.1%} of the days asked about. Log score (nats) and Brier: less is better.\n")
        print(table(asked, cpu_s) + "\n")
        print("95 % intervals of 2,000 bootstrap samples of people, paired; below 0 ours is better.\n")
        print(differences(asked) + "\n")
        print(verdict(asked) + "\n")
    wall_s = time.perf_counter() - began
    print(f"{sum(cpu_s.values()):.0f} s CPU, {wall_s:.0f} s wall. CPU is for both questions, learning included.")


if __name__ == "__main__":
    main()
