"""`cleardays plan session`: the sheet or the sites of one planned session, and the record of what was done, judged."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date

from cleardays.catalogue.treatments import load_treatment
from cleardays.cli.commands.plan_files import read_plan
from cleardays.cli.files import STDIN, json_text, save_bytes
from cleardays.cli.marks import sourced
from cleardays.cli.options import Parser, require_day
from cleardays.cli.output import print_json
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.changes import state_of
from cleardays.plan.confirmation import lapsed
from cleardays.plan.earlier_sessions import earlier_sessions
from cleardays.plan.injection_checks import Earlier, check_record
from cleardays.plan.injection_record import differences, parse_record
from cleardays.plan.journal import PlanFile
from cleardays.plan.screening import ANY
from cleardays.plan.session_alerts import REFUSES
from cleardays.plan.session_gate import ASK, READY, REFUSED, may_start
from cleardays.plan.session_judge import judge
from cleardays.plan.session_reading import read_session_record
from cleardays.plan.session_sheet import session_sheet
from cleardays.plan.sessions import Session
from cleardays.plan.toxin_checks import check_sites
from cleardays.problems import BadInput, Problem
from cleardays.report.head_map import describe_sites, draw_head_map
from cleardays.report.strip import PAPER
from cleardays.report.vitals_timeline import describe, standalone
from cleardays.sources import Reason

Shown = tuple[str, dict[str, object], str | None, list[str]]  # the answer, the document, the picture, the words
_NOT_CONFIRMED, _LAPSED = "not confirmed", "lapsed"
_ASKS = "major"
_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"


def run(arguments: list[str], *, prog: str) -> int:
    """Look up, judge, draw and print."""
    parser = Parser(prog, "A supervised session of a plan: what to see to, where to inject, and the record of it, judged.")
    parser.add_argument("plan", metavar="PLAN", help="a plan file, or - for standard input")
    parser.add_argument("--on", metavar="DATE", required=True, help="the day of the session")
    parser.add_argument("--record", metavar="FILE", help="what was done, as JSON")
    parser.add_argument(
        "--picture", metavar="FILE", help="where the picture is written (SVG): the head map, or the vital signs"
    )
    args = parser.parse_args(arguments)
    if args.plan == STDIN and args.record == STDIN:
        raise BadInput(Problem("--record", "standard input can give only one of the two.", "Write the other as a file."))
    file, on = read_plan(args.plan), require_day(args.on, "--on")
    session = next((each for each in file.plan.sessions if each.on == on), None)
    if session is None:
        planned = ", ".join(str(each.on) for each in file.plan.sessions) or "none"
        raise BadInput(Problem("--on", f"no session is planned on {on}.", f"Planned: {planned}."))
    reasons = lapsed(file, on)
    if session.sites:
        answer, document, picture, words = _injections(file, session, args)
    elif session.amount is None:
        answer, document, picture, words = _supervised(file, on, args)
    else:
        raise BadInput(Problem("PLAN", f"an infusion of {file.plan.treatment} has no sheet.", "Its dose stands in the plan."))
    if args.picture is not None:
        if picture is None:
            raise BadInput(Problem("--picture", "without a record there are no vital signs.", "Add --record FILE."))
        save_bytes(f"{picture}\n".encode(), args.picture)
    standing = _NOT_CONFIRMED if file.confirmation is None else _LAPSED if reasons else answer
    if args.json:
        followed = {"followed": not reasons, "not_followed_because": [reason.document() for reason in reasons]}
        print_json({"answer": standing, **followed, **document})
    else:
        print(f"{file.plan.treatment} on {on}: {standing.upper()}")
        print("\n".join([*_not_followed(reasons, answer), *words]))
    return 0


def _not_followed(reasons: tuple[Reason, ...], answer: str) -> Iterator[str]:
    """Why it is not to be held yet comes before everything else."""
    yield from (f"NOT TO BE HELD: {reason.because}" for reason in reasons)
    if reasons:
        yield f"Once a clinician has confirmed it, it would be: {answer}."


def _injections(file: PlanFile, session: Session, args: argparse.Namespace) -> Shown:
    """The sites as planned, or as given, with what is wrong with them."""
    treatment = load_treatment(file.plan.treatment)
    document: dict[str, object] = {"session": session.document(), "record": None, "differences": []}
    sites, findings = session.sites, check_sites(treatment, session.sites)
    if args.record is not None:
        record = parse_record(*json_text(args.record))
        before = [
            Earlier(each.on, file.plan.treatment, each.amount, None) for each in file.plan.sessions if each.on < session.on
        ]
        sites, findings = record.sites, check_record(treatment, record, before)
        apart = differences(session.sites, record)
        document |= {"record": record.document(), "differences": [each.document() for each in apart]}
    document["findings"] = [each.document() for each in findings]
    words = [
        sourced(f"{each.severity.upper()}: {each.where}: {each.says} {each.action}", each.source, each.confidence)
        for each in findings
    ]
    words.append(describe_sites(sites))
    worst = min((grave(each.severity) for each in findings), default=None)
    answer = READY if worst is None or worst > grave(_ASKS) else REFUSED if worst <= grave(REFUSES) else ASK
    return answer, document, draw_head_map(sites, palette=PAPER, font=_FONT, name="session", alone=True), words


def _supervised(file: PlanFile, on: date, args: argparse.Namespace) -> Shown:
    """The sheet and whether it may start; with a record, what it shows."""
    sheet, state = session_sheet(file.plan.treatment, on), state_of(file)
    plan, before = file.plan, earlier_sessions(file, on)
    where = None if plan.jurisdiction == ANY else plan.jurisdiction
    gate = may_start(plan.treatment, state.person, on=on, earlier=before, indication=plan.indication, jurisdiction=where)
    document: dict[str, object] = {"sheet": sheet.document(), "may_start": gate.document(), "judgement": None}
    words = [_sourced(f"{alert.severity.upper()}: {alert.subject}. {alert.action}", alert) for alert in gate.alerts]
    words += [f"ASK: {question.question}" for question in gate.unknown if question.required]
    words += _to_see_to(sheet.document())
    picture = None
    if args.record is not None:
        raw, name = json_text(args.record)
        try:
            record = read_session_record(json.loads(raw))
        except ValueError:
            raise BadInput(Problem(name, "it is no JSON.", "See how to supervise a session.")) from None
        judged = judge(record)
        document["judgement"], picture = judged.document(), standalone(record, judged)
        words += ["", describe(record, judged)]
        words += [
            _sourced(f"minute {each.minute:g}, {each.alert.severity}: {each.alert.subject}. {each.alert.action}", each.alert)
            for each in judged.alerts
        ]
    return gate.answer, document, picture, words


def _to_see_to(sheet: dict[str, object]) -> Iterator[str]:
    yield "Amount and rate: the clinician's. None is drafted."
    yield f"Watched for at least {sheet['observe_min']:g} minutes; review on {sheet['review_on']}."
    for head in ("before", "medicines_that_day", "blocks"):
        rows = sheet[head]
        assert isinstance(rows, list)
        for row in rows:
            said = f"  {head.replace('_', ' ')}: {row['what']}{_limit(row)}: {row['action']}"
            yield sourced(said, row["source"], row["confidence"])


def _sourced(said: str, alert: Alert) -> str:
    return sourced(said, alert.source, alert.confidence)


def _limit(row: dict[str, object]) -> str:
    return f" ({row['threshold']})" if row["threshold"] else ""
