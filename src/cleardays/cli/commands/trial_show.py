"""`cleardays trial show` and `trial due`: where trials stand, and who is to be seen."""

from __future__ import annotations

from cleardays.cli.options import Parser, read_name
from cleardays.cli.output import print_json
from cleardays.cli.trials import add_day, add_person, add_store, day_of, in_words, known, opened
from cleardays.trial.goals import goals_beside
from cleardays.trial.intake import intake_of
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing


def run(arguments: list[str], *, prog: str) -> int:
    """Look, and change nothing."""
    return {"show": _show, "due": _due}[prog.rpartition(" ")[2]](arguments, prog)


def _show(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Where a person's trials stand, and what was decided.")
    add_person(parser)
    args = parser.parse_args(arguments)
    with opened(args) as store:
        person = known(store, read_name(args.person, "--person"))
        story, head = store.story(person), store.head(person)
    if args.json:
        print_json({"person": person, "seq": head.seq, "digest": head.digest, **_document(story)})
        return 0
    print(f"{person}: {story.seq} events, {len(story.diary.records)} days told.")
    for trial in story.trials.values():
        print(in_words(trial))
        for decision in trial.decisions:
            print(f"  {decision.on}: {decision.decision}, by {decision.by}: {'; '.join(decision.reasons)}")
    return 0


def _document(story: Story) -> dict[str, object]:
    told = story.told
    return {
        "days": len(story.diary.records),
        "trials": [_trial(story, trial) for trial in story.trials.values()],
        "intake": intake_of(story).document(),
        "helpers": [consent.document() for consent in standing(told.consents).values()],
        "flags": [{"entry": entry, **flag.document()} for entry, flag in told.flags.items()],
    }


def _trial(story: Story, trial: Trial) -> dict[str, object]:
    confirmed = trial.confirmed
    return {
        "id": trial.id,
        "treatment": trial.treatment,
        "indication": trial.indication,
        "why": trial.why,
        "phase": trial.phase,
        "opened_on": trial.opened_on.isoformat(),
        "begun_on": None if trial.begun_on is None else trial.begun_on.isoformat(),
        "review_on": None if trial.review_on is None else trial.review_on.isoformat(),
        "ended_on": None if trial.ended_on is None else trial.ended_on.isoformat(),
        "confirmed_by": None if confirmed is None else confirmed.confirmed_by,
        "baseline": None if trial.baseline is None else trial.baseline.document(),
        "decisions": [decision.document() for decision in trial.decisions],
        "goals": [goal.document() for goal in goals_beside(story, trial.id)],
    }


def _due(arguments: list[str], prog: str) -> int:
    parser = Parser(prog, "Whose trial is to be looked at by a day, the longest overdue first.")
    add_store(parser)
    add_day(parser)
    args = parser.parse_args(arguments)
    day = day_of(args, ahead=True)
    with opened(args) as store:
        found = store.due(day)
    if args.json:
        rows = [{**each._asdict(), "review_on": each.review_on.isoformat()} for each in found]
        print_json({"on": day.isoformat(), "due": rows})
        return 0
    for each in found:
        print(f"{each.review_on}  {each.person}: {each.treatment} ({each.trial}), {each.phase}")
    print(f"{len(found)} to be looked at by {day}." if found else f"Nobody is to be looked at by {day}.")
    return 0
