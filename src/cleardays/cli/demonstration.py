"""What a demonstration leaves behind: its pages, and the files that a user of the same trial would have."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from functools import partial

from cleardays.cli.archive import pack
from cleardays.cli.files import save_all
from cleardays.cli.output import ascii_only, print_json
from cleardays.cli.pages import page_writers, show_page
from cleardays.diary.own_csv import write_days
from cleardays.plan.session_judge import judge
from cleardays.plan.session_record import SessionRecord
from cleardays.problems import BadInput, Problem
from cleardays.report.head_map import draw_head_map
from cleardays.report.page import compose
from cleardays.report.plan_page import compose_plan
from cleardays.report.plan_render import plan_html, plan_pdf, plan_text
from cleardays.report.simulated import label_json, stamp
from cleardays.report.strip import PAPER
from cleardays.report.text import plain_ascii, render_text
from cleardays.report.vitals_timeline import standalone
from cleardays.report.what_was_true import TruthPage, compose_truth, truth_document, truth_html, truth_pdf, truth_text
from cleardays.trial.demonstration.journey import Simulated, simulate
from cleardays.trial.story.sessions_told import HeldSession
from cleardays.trial.story.versions import standing

_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
Writers = dict[str, Callable[[], bytes]]


def demonstrate(name: str, seed: int | None, folder: str, args: argparse.Namespace) -> int:
    """Simulate a whole trial, write its pages and files, keep it where that was asked for, and tell it.

    Args:
        name: of the case.
        seed: another life of the same person; None the one that follows from the name.
        folder: where to.
        args: `paper`, `store`, `json` and `no_serve` of the command.

    Raises:
        BadInput: the folder or the store cannot be written, or the store has this story already.
    """
    simulated = simulate(name, seed)
    truth = compose_truth(simulated)
    kept = None if args.store is None else _keep(simulated, args.store)
    pages = save_all(folder, page_files(simulated, truth, paper=args.paper))
    files = save_all(folder, data_files(simulated))
    if args.json:
        said = {"case": name, "seed": simulated.seed, "pages": pages, "files": files, "store": kept}
        print_json(label_json({**said, "response": simulated.reviews[-1].document(), "what_was_true": truth_document(truth)}))
        return 0
    plain = ascii_only()
    page = compose(simulated.reviews[-1])
    print(render_text(page, ascii_only=plain))
    print(plain_ascii(truth_text(truth)) if plain else truth_text(truth))
    for head, paths in (("Pages", pages), ("Files for programs", files)):
        print(f"{head}:", *paths, sep="\n  ")
    if kept is not None:
        print(f"Kept: {kept['events']} events of {kept['person']} in {kept['place']}.")
    show_page(page_writers(page, paper=args.paper), serve=not args.no_serve)
    return 0


def _keep(simulated: Simulated, place: str) -> dict[str, object]:
    """The whole story in a store, all of it or nothing."""
    from cleardays.store.opening import open_store

    person = simulated.case.person
    with open_store(place) as store:
        if person not in store.people():
            store.add_person(person)
        elif store.head(person).seq:
            how = "Give another store, or leave --store out."
            raise BadInput(Problem("--store", f"there is a story of {person} already.", how))
        head = store.append(person, simulated.events, expected=0)
    return {"place": place, "person": person, "events": head.seq, "digest": head.digest}


def page_files(simulated: Simulated, truth: TruthPage, *, paper: str) -> Writers:
    """Pages by file name, in the order in which they are read; the truth comes last."""
    trial = simulated.story.trials[simulated.case.id]
    first = next(plan for plan in trial.plans if plan.confirmed_by is not None)
    plan = compose_plan(first.file)
    pages: Writers = {
        "plan.html": lambda: plan_html(plan).encode(),
        "plan.pdf": lambda: plan_pdf(plan, paper=paper),
        "plan.txt": lambda: plan_text(plan).encode(),
    }
    for session in standing(simulated.story.told.sessions).values():
        pages[f"session-{session.on}.svg"] = partial(_drawn, session)
    pages |= {f"answer{ending}": write for ending, write in page_writers(compose(simulated.reviews[-1]), paper=paper).items()}
    return pages | {
        "what-was-true.html": lambda: truth_html(truth).encode(),
        "what-was-true.pdf": lambda: truth_pdf(truth, paper=paper),
        "what-was-true.txt": lambda: truth_text(truth).encode(),
        "what-was-true.json": lambda: _json(truth_document(truth)),
    }


def data_files(simulated: Simulated) -> Writers:
    """Files for programs, by name: everything that was told, the diary, the plan as it stands, and the last answer."""
    story = simulated.story
    plan = story.trials[simulated.case.id].plan
    assert plan is not None  # a demonstration ends with one
    files: Writers = {
        "events.jsonl": lambda: "".join(_lines(simulated)).encode(),
        "diary.zip": lambda: pack(story.diary),
        "days.csv": lambda: write_days(story.diary).encode(),
        "plan.json": lambda: _json(plan.document),
        "response.json": lambda: _json(simulated.reviews[-1].document()),
    }
    for session in standing(story.told.sessions).values():
        files[f"session-{session.on}.json"] = partial(_recorded, session)
    return files


def _lines(simulated: Simulated) -> Iterator[str]:
    for event in simulated.events:
        yield f"{json.dumps(event.document(), ensure_ascii=False, allow_nan=False)}\n"


def _json(document: object) -> bytes:
    return f"{json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)}\n".encode()


def _recorded(session: HeldSession) -> bytes:
    return _json(label_json(session.record))


def _drawn(session: HeldSession) -> bytes:
    return f"{_picture(session)}\n".encode()


def _picture(session: HeldSession) -> str:
    """The vital signs of a supervised session, or where was injected."""
    record = session.file
    if isinstance(record, SessionRecord):
        return stamp(standalone(record, judge(record)))
    name = f"session-{session.on}"
    return stamp(draw_head_map(record.sites, palette=PAPER, font=_FONT, name=name, unit=record.unit, alone=True))
