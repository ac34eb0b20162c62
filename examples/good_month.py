"""Why a good month may not be the medicine: a thousand people whose treatment does nothing, and how many of them see a fall.

    .venv/bin/python examples/good_month.py              prints the tables
    .venv/bin/python examples/good_month.py --write      and writes their numbers into the two pages
    .venv/bin/python examples/good_month.py --check      changes nothing; exits with 1 where a page is out of date

What people on placebo see comes from the stored trials; `--evidence FOLDER` takes them from another folder, as
`python -m cleardays.evidence.prior.build FOLDER` writes it. docs/explanation/good-month.html draws the same numbers in the same
order (mulberry32, a counter that is scrambled), so that it shows what is printed here.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.evidence.reading import data_folder
from cleardays.report.evidence_sheet import study_named

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, TRY = (Path("explanation") / name for name in ("why-a-good-month-may-not-be-the-medicine.md", "good-month.html"))
PEOPLE, SEED = 1_000, 20_261
BEFORE, LONGER = 6, 3  # months before the start to choose the worst from; months of the longer baseline
MONTH = 28
PHI = 0.5  # variance of a person's months over their mean, as the evidence assumes it (prior/arms.py)
FORGOTTEN = 0.1  # of the headache days after the start, where some are forgotten (ours)
WORKS = 1 / 3  # of the days that the treatment of the last row takes away (ours)
KINDS = {"episodic-migraine": "episodic migraine", "chronic-migraine": "chronic migraine"}
_BLOCK = re.compile(r"<!-- made: ([a-z-]+) -->\n(.*?)\n<!-- end -->", re.DOTALL)
_STEP, _WORD = 0x6D2B79F5, 1 << 32  # of mulberry32 (Ettinger 2017)

Array = NDArray[np.float64]


class Arms(NamedTuple):
    """The placebo groups of trials: days after over days before with its 95 % interval, and days in 28 before."""

    ratio: float
    lower: float
    upper: float
    days: float
    studies: tuple[str, ...]


class Setting(NamedTuple):
    """One kind of person, and how the treatment is begun and written about. Shares are 0 to 1."""

    usual: float  # days in 28
    differ: float  # standard deviation of single months, days
    worst: bool  # whether the treatment is begun right after the worst of six months
    effect: float = 0.0  # share of the days that the treatment takes away
    placebo: float = 0.0  # share of the days that go with any treatment, one that does nothing included
    forgotten: float = 0.0  # share of the headache days after the start that nobody writes down


class Seen(NamedTuple):
    """How many of a thousand see a fall: by 30 % and by half against the month before, and by half against three months."""

    some: int
    half: int
    half_longer: int
    before: float  # mean days in the month before
    after: float  # mean days written down in the month after


def uniform(seed: int, shape: tuple[int, int]) -> Array:
    """Numbers from 0 to 1 by mulberry32, row by row."""
    with np.errstate(over="ignore"):
        count = np.arange(1, shape[0] * shape[1] + 1, dtype=np.uint32)
        a = np.uint32(seed) + count * np.uint32(_STEP)
        t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
        t = (t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))) ^ t
        t = t ^ (t >> np.uint32(14))
    return (t / _WORD).reshape(shape)


def simulate(setting: Setting, people: int = PEOPLE, seed: int = SEED) -> Seen:
    """Months before and one after: counts round a person's level, the one after at the level that is left."""
    u = uniform(seed, (people, 2 * (BEFORE + 1) + MONTH))
    first, second = u[:, 0 : 2 * BEFORE + 2 : 2], u[:, 1 : 2 * BEFORE + 2 : 2]
    z = np.sqrt(-2.0 * np.log(1.0 - first)) * np.cos(2.0 * np.pi * second)
    months = _days(setting.usual + setting.differ * z[:, :BEFORE])
    if setting.worst:  # the worst month moves to the end, right before the start; the others keep their order
        order = np.arange(BEFORE) + BEFORE * (np.arange(BEFORE) == months.argmax(axis=1)[:, None])
        months = np.take_along_axis(months, order.argsort(axis=1), axis=1)
    left = (1.0 - setting.effect) * (1.0 - setting.placebo)
    had = _days(setting.usual * left + setting.differ * np.sqrt(left) * z[:, BEFORE])
    written = ((u[:, 2 * BEFORE + 2 :] >= setting.forgotten) & (np.arange(MONTH) < had[:, None])).sum(axis=1)
    last, longer = months[:, -1], months[:, -LONGER:].sum(axis=1) / LONGER
    return Seen(
        int(((written <= 0.7 * last + 1e-9) & (last > 0)).sum()),
        int(((written <= 0.5 * last) & (last > 0)).sum()),
        int(((written <= 0.5 * longer + 1e-9) & (longer > 0)).sum()),
        float(last.mean()),
        float(written.mean()),
    )


def _days(level: Array) -> Array:
    """Whole days of a month, 0 to 28."""
    return np.asarray(np.clip(np.floor(level + 0.5), 0, MONTH))


def placebo_arms(folder: Any) -> dict[str, Arms]:  # noqa: ANN401  # a path, or a folder inside the package
    """The placebo groups, from the first stored document that tells of such people; they are the same in all."""
    found: dict[str, Arms] = {}
    files = [file for file in folder.iterdir() if file.name.endswith(".json")] if folder.is_dir() else []
    for file in sorted(files, key=lambda file: str(file.name)):
        document = json.loads(file.read_text(encoding="utf-8"))
        for kind, part in document.get("indications", {}).items():
            if part is not None and kind in KINDS and kind not in found:
                change, studies = part["natural_change"], part["expected"]["natural_studies"]
                figures = (round(change[name], 3) for name in ("ratio", "lower", "upper"))
                found[kind] = Arms(*figures, round(part["days_before"], 1), tuple(studies))
    return found


def steps(arms: Arms) -> dict[str, Setting]:
    """What the tables show, one thing added in each row."""
    usual = float(round(arms.days))
    differ = 0.5 * round(2.0 * float(np.sqrt(PHI * usual)))
    start = Setting(usual, differ, worst=False)
    bad = start._replace(worst=True)
    hope = bad._replace(placebo=round(1.0 - arms.ratio, 2))
    return {
        "They start in any month": start,
        "They start after the worst of six months": bad,
        "They also change as people on placebo do": hope,
        "They also forget to write down 1 day in 10": hope._replace(forgotten=FORGOTTEN),
        "None forgets, and the treatment takes away a third": hope._replace(effect=round(WORKS, 2)),
    }


def blocks(arms: Mapping[str, Arms]) -> dict[str, str]:
    """Every made part of both pages."""
    seen = {kind: {name: simulate(setting) for name, setting in steps(each).items()} for kind, each in arms.items()}
    episodic = seen["episodic-migraine"]
    (_, any_month), (_, bad), (_, hope), (_, forgot), (_, works) = episodic.items()
    told = [_told(kind, each) for kind, each in arms.items()]
    names = sorted({study_named(study) for each in arms.values() for study in each.studies})
    return {
        "table": "\n\n".join(_table(kind, arms[kind], seen[kind]) for kind in arms),
        "chance": f"In our thousand, {any_month.half} see a fall by half or more by chance alone, and {any_month.some} a fall "
        "of 30 % or more.",
        "bad-month": f"Before the start our thousand had {bad.before:.0f} days on average. After it they had {bad.after:.0f}, "
        f"which is what they always had. {bad.some} see a fall of 30 % or more, and {bad.half} a fall by half.",
        "placebo-arms": f"People who got a placebo in trials had fewer days after some months too: {'; '.join(told)}. These "
        f"figures come from {len(names)} trials. The part that comes from starting high was taken out first.",
        "hope": f"With that, {hope.half} of our thousand see a fall by half.",
        "forgetting": f"If 1 day in 10 is forgotten after the start, {forgot.half} see a fall by half.",
        "longer": f"Against the three months before, not just the last one, {bad.half_longer} of our thousand see a fall by "
        f"half, and not {bad.half}.",
        "works": f"With a treatment that takes away a third of the days, {works.half} see a fall by half. With one that does "
        f"nothing, {hope.half} do.",
        "trials": f"The trials: {', '.join(names)}.",
        "defaults": _defaults(arms),
        "result": _result(steps(arms["episodic-migraine"])["They also change as people on placebo do"], hope),
    }  # fmt: skip


def _told(kind: str, arms: Arms) -> str:
    low, high = sorted(100 * (1 - value) for value in (arms.lower, arms.upper))
    return f"with {KINDS[kind]} {100 * (1 - arms.ratio):.0f} % fewer (95 % interval {low:.0f} to {high:.0f} %)"


def _table(kind: str, arms: Arms, seen: Mapping[str, Seen]) -> str:
    first = next(iter(steps(arms).values()))
    head = f"1,000 people with {KINDS[kind]}: {first.usual:.0f} days a month, give or take {first.differ:g}"
    rows = [f"| {name} | {each.some} | {each.half} |" for name, each in seen.items()]
    return "\n".join([f"| {head} | fall of 30 % or more | fall by half or more |", "| --- | --- | --- |", *rows])


def _defaults(arms: Mapping[str, Arms]) -> str:
    """What the page to try needs: the seed, the rows as buttons, and the placebo groups."""
    told = {
        "people": PEOPLE,
        "seed": SEED,
        "before": BEFORE,
        "longer": LONGER,
        "steps": [{"name": name, **setting._asdict()} for name, setting in steps(arms["episodic-migraine"]).items()],
        "arms": {kind: each._asdict() for kind, each in arms.items()},
    }
    return f'<script type="application/json" id="defaults">{json.dumps(told)}</script>'


def _result(setting: Setting, seen: Seen) -> str:
    """The words that the page to try opens with; its script says the same."""
    assert setting.effect == 0.0  # with an effect the script says another second sentence
    return (
        f"<p><strong>{seen.half} of 1,000 people</strong> see a fall by half or more. {seen.some} see a fall of 30 % or more. "
        "The treatment did nothing for any of them.</p>\n"
        f"<p>Against the three months before, not just the last one, {seen.half_longer} see a fall by half or more.</p>"
    )


def blocks_of(text: str) -> dict[str, str]:
    """The made parts of a page by name, as they stand."""
    return dict(_BLOCK.findall(text))


def filled(text: str, made: Mapping[str, str]) -> str:
    """A page with its made parts written anew."""
    return _BLOCK.sub(lambda match: f"<!-- made: {match[1]} -->\n{made[match[1]]}\n<!-- end -->", text)


def main() -> int:
    """Print, and write or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--evidence", type=Path, help="a folder of stored evidence; by default the one of the package")
    parser.add_argument("--write", action="store_true", help="write the numbers into the pages")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where a page is out of date")
    asked = parser.parse_args()
    arms = placebo_arms(asked.evidence or data_folder("expected"))
    if arms.keys() != KINDS.keys():
        print("There is no stored evidence there. Build it with `python -m cleardays.evidence.prior.build FOLDER`, then give "
              "--evidence FOLDER.", file=sys.stderr)  # fmt: skip
        return 2
    made = blocks(arms)
    print(f"{made['table']}\n\n{made['placebo-arms']}")
    wanted = {page: filled((DOCS / page).read_text(encoding="utf-8"), made) for page in (PAGE, TRY)}
    old = [page for page, text in wanted.items() if (DOCS / page).read_text(encoding="utf-8") != text]
    for page in old if asked.write or asked.check else []:
        if asked.write:
            (DOCS / page).write_text(wanted[page], encoding="utf-8", newline="\n")
        print(f"{'written' if asked.write else 'out of date'}: docs/{page}")
    return 1 if asked.check and old else 0


if __name__ == "__main__":
    raise SystemExit(main())
