"""A demonstration from one command: a whole simulated trial, written, kept if asked, and told."""

from __future__ import annotations

import argparse

from cleardays.cli.demonstration_files import data_files, page_files
from cleardays.cli.files import save_all
from cleardays.cli.output import ascii_only, print_json
from cleardays.cli.pages import page_writers, show_page
from cleardays.problems import BadInput, Problem
from cleardays.report.page import compose
from cleardays.report.simulated import label_json
from cleardays.report.text import plain_ascii, render_text
from cleardays.report.what_was_true import compose_truth, truth_document, truth_text
from cleardays.trial.demonstration.journey import Simulated, simulate


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
