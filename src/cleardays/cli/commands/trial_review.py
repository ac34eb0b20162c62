"""`cleardays trial review`: a trial is looked at; what its diary says on that day is kept with it."""

from __future__ import annotations

from cleardays.cli.options import Parser, read_name, read_seed
from cleardays.cli.output import print_json
from cleardays.cli.trials import add_day, add_person, add_teller, day_of, in_words, known, now, opened, teller
from cleardays.trial.goals import counted_answers, goals_to_ask
from cleardays.trial.reviewed import review_of
from cleardays.trial.story import steps


def run(arguments: list[str], *, prog: str) -> int:
    """Work the answer out, keep it, and say it."""
    parser = Parser(prog, "Look at a trial: the answer of its diary by its plan is kept, and a clinician decides on it.")
    add_person(parser)
    parser.add_argument("--trial", required=True, metavar="ID", help="which trial")
    parser.add_argument("--seed", default="1", metavar="N", help="fixes the draws (default 1)")
    add_teller(parser)
    add_day(parser)
    args = parser.parse_args(arguments)
    on, seed, by = day_of(args), read_seed(args.seed), teller(args)
    with opened(args) as store:
        person = known(store, read_name(args.person, "--person"))
        story = store.story(person)
        # Nothing was told meanwhile, or the answer is not that of this story.
        found = review_of(story, args.trial, on, seed=seed)
        told = steps.reviewing(args.trial, on, found.document(), at=now(), by=by, goals=counted_answers(story, on))
        head = store.append(person, told, expected=story.seq)
        after = store.story(person).trials[args.trial]
    if args.json:
        print_json({"person": person, "seq": head.seq, "digest": head.digest, "response": found.document()})
        return 0
    from cleardays.cli.output import ascii_only
    from cleardays.report.page import compose
    from cleardays.report.text import render_text

    print(render_text(compose(found), ascii_only=ascii_only()))
    print(in_words(after))
    for entry, goal in goals_to_ask(story):
        print(f"Ask the person about the goal {entry}: {goal.words}")
    return 0
