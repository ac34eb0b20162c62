"""The files of a demonstration: the pages of the last review, the truth, and what a program would read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from cleardays.cli.pages import page_writers
from cleardays.cli.visits import visit_writers
from cleardays.diary.own_csv import write_days
from cleardays.diary.packing import pack
from cleardays.plan.session_judge import judge
from cleardays.plan.session_record import SessionRecord
from cleardays.report.head_map import draw_head_map
from cleardays.report.page import compose
from cleardays.report.payer_page import compose_payer
from cleardays.report.payer_render import payer_writers
from cleardays.report.person_page import compose_person
from cleardays.report.person_render import person_writers
from cleardays.report.plan_page import compose_plan
from cleardays.report.plan_render import plan_html, plan_pdf, plan_text
from cleardays.report.simulated import label_json, stamp
from cleardays.report.strip import PAPER
from cleardays.report.visit import compose_visit
from cleardays.report.visit_pdf import WITH
from cleardays.report.vitals_timeline import standalone
from cleardays.report.what_was_true import TruthPage, truth_document, truth_html, truth_pdf, truth_text
from cleardays.report.whole_page import whole_html, whole_pdf, whole_text
from cleardays.trial.account.of_story import account_of
from cleardays.trial.account.who import Who
from cleardays.trial.demonstration.journey import Simulated
from cleardays.trial.payers.evaluate import evaluate
from cleardays.trial.payers.facts import edits_of, facts_of
from cleardays.trial.payers.packs import find_pack
from cleardays.trial.preventives import ledger_of
from cleardays.trial.story import phases
from cleardays.trial.story.sessions_told import HeldSession
from cleardays.trial.story.story import Story, fold
from cleardays.trial.story.versions import standing
from cleardays.trial.whole import whole_plan

_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
Writers = dict[str, Callable[[], bytes]]


def page_files(simulated: Simulated, truth: TruthPage, *, paper: str) -> Writers:
    """Pages by file name, in the order in which they are read; the truth comes last.

    The pages of the visit are as they were at the last review, before anything was decided of it.
    """
    case, then = simulated.case, _at_the_last_review(simulated)
    as_of = simulated.reviews[-1].series.last_day
    first = next(plan for plan in then.trials[case.id].plans if plan.confirmed_by is not None)
    plan, whole = compose_plan(first.file), whole_plan(then, as_of)
    who = Who(case.person, as_of.year - int(case.told["age"]), case.person)
    account = account_of(then, case.id, as_of, who=who, sentence=case.why)
    pages: Writers = {
        "plan.html": lambda: plan_html(plan).encode(),
        "plan.pdf": lambda: plan_pdf(plan, paper=paper),
        "plan.txt": lambda: plan_text(plan).encode(),
    }
    for session in standing(simulated.story.told.sessions).values():
        pages[f"session-{session.on}.svg"] = partial(_drawn, session)
    pages |= _named("answer", page_writers(compose(simulated.reviews[-1]), paper=paper))
    pages |= _named("clinician", visit_writers(compose_visit(account), paper=paper, annex=WITH))
    pages |= _named("person", person_writers(compose_person(account), paper=paper))
    if case.payer is not None:
        pages |= _named("payer", _of_payer(simulated, then, who, paper))
    pages |= {
        "whole-plan.html": lambda: whole_html(whole).encode(),
        "whole-plan.pdf": lambda: whole_pdf(whole, paper=paper),
        "whole-plan.txt": lambda: whole_text(whole).encode(),
    }
    return pages | {
        "what-was-true.html": lambda: truth_html(truth).encode(),
        "what-was-true.pdf": lambda: truth_pdf(truth, paper=paper),
        "what-was-true.txt": lambda: truth_text(truth).encode(),
        "what-was-true.json": lambda: _json(truth_document(truth)),
    }


def _named(page: str, writers: Mapping[str, Callable[[], bytes]]) -> Writers:
    return {f"{page}{ending}": write for ending, write in writers.items()}


def _at_the_last_review(simulated: Simulated) -> Story:
    """The story on the evening of the last answer."""
    when = [event.at for event in simulated.events if event.kind == phases.ANSWERED][-1]
    return fold(simulated.case.person, enumerate(simulated.events, 1), until=when)


def _of_payer(simulated: Simulated, then: Story, who: Who, paper: str) -> Mapping[str, Callable[[], bytes]]:
    """The rules of the payer that the case names, held against the diary at the last review."""
    case, review = simulated.case, simulated.reviews[-1]
    as_of = review.series.last_day
    told = [each for each in enumerate(simulated.events, 1) if each[0] <= then.seq]
    ledger = ledger_of(then, as_of=as_of)
    fixed, edits = then.baselines, edits_of(told)
    facts = facts_of(then.diary, case.treatment, case.start, as_of, ledger=ledger, edits=edits, baselines=fixed)
    found = evaluate(find_pack(case.payer or ""), facts)
    return payer_writers(compose_payer(found, facts, who=who, review=review, simulated=True), paper=paper)


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
