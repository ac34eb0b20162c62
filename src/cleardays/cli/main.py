"""The command `cleardays`: find the command, run it, and answer in words or JSON."""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from cleardays import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleardays.problems import Problem


class Command(NamedTuple):
    """One command: its words, the module that runs it, and what it does."""

    words: tuple[str, ...]
    module: str
    help: str


COMMANDS = (
    Command(("calibrate",), "calibrate", "how right the answers are on people whose truth is known, and where they fail"),
    Command(("catalogue",), "catalogue", "what is known of each treatment, with sources: list, show, check"),
    Command(("cohort", "fit"), "cohort_fit", "answer every diary of a Parquet file, one row a diary"),
    Command(("demo",), "demo", "do the whole job on one real diary, or show a whole simulated trial; write the pages"),
    Command(("diary", "classify"), "diary_classify", "classify days or months by the published standards"),
    Command(("diary", "findings"), "diary_findings", "findings that need help, lasting patterns, effects, care, scores"),
    Command(("diary", "import"), "diary_import", "read a diary from a known layout into days.csv or a zip"),
    Command(("diary", "measures"), "diary_measures", "count headache days in 28-day windows or months"),
    Command(("diary", "triggers"), "diary_triggers", "what goes along with headache on the day after, and how sure is that"),
    Command(("doctor",), "doctor", "is the store whole and safe where it lies, and what is to be done"),
    Command(("evidence", "nma"), "evidence_nma", "pool a table of studies: two treatments or a network of them"),
    Command(("evidence",), "evidence", "what trials of a treatment found, what to expect, and how sure that is"),
    Command(("kinetics",), "kinetics", "half-life, clearance, steady level and restart gap with what else is taken"),
    Command(("plan", "change"), "plan_change", "life happens: hold, step back, a gap, another medicine, stop; a new version"),
    Command(("plan", "confirm"), "plan_confirm", "a clinician's name and time on a draft; only then may it be followed"),
    Command(("plan", "follow"), "plan_follow", "a running plan and its diary: today's dose, what is due, what lasts too long"),
    Command(("plan", "session"), "plan_session", "a supervised session: its sheet or sites, and its record, judged"),
    Command(("plan", "draft"), "plan_draft", "draft a plan: steps, sessions, what to watch, the way back; no prescription"),
    Command(("plan", "feed"), "plan_feed", "the confirmed plan as a calendar file, with neutral titles"),
    Command(("plan", "log"), "plan_log", "how far the plan was followed: doses planned, taken, late, skipped, and not told"),
    Command(("plan", "page"), "plan_page", "a plan on one page in large letters, to print or read; or its picture"),
    Command(("response",), "response", "did the treatment help? probabilities, intervals, forecast"),
    Command(("screen",), "screen", "may this person try this treatment? alerts with sources, and what is not known"),
    Command(("store", "backup"), "store", "a backup of the store while it is in use"),
    Command(("store", "restore"), "store", "take a backup into a store; never over what is there unless told"),
    Command(("store", "verify"), "store", "follow the chain of every story"),
    Command(("store", "rebuild"), "store", "derive days and trials anew from the events"),
    Command(("store", "encrypt"), "store_secure", "encrypt a store in its place, by a passphrase"),
    Command(("store", "passphrase"), "store_secure", "another passphrase for an encrypted store"),
    Command(("store", "export"), "store", "everything that was told, as lines of JSON"),
    Command(("store", "erase"), "store", "erase a person for good; asked twice"),
    Command(("trial", "open"), "trial_step", "open a trial of a treatment for a person: what for, and why"),
    Command(("trial", "screen"), "trial_step", "keep a screening with the trial"),
    Command(("trial", "plan"), "trial_step", "keep a plan with the trial, drafted or confirmed"),
    Command(("trial", "begin"), "trial_step", "the first dose: the baseline before it is fixed"),
    Command(("trial", "review"), "trial_review", "look at it: what the diary says on that day is kept"),
    Command(("trial", "decide"), "trial_step", "what a clinician decided, why, and when it is looked at again"),
    Command(("trial", "end"), "trial_step", "end a trial, and say why"),
    Command(("trial", "page"), "trial_page", "a page of a trial: for the clinician, the person or a payer"),
    Command(("trial", "show"), "trial_show", "where a person's trials stand"),
    Command(("trial", "due"), "trial_show", "whose trial is to be looked at by a day"),
    Command(("trial", "whole"), "trial_view", "the whole plan of a person in one view"),
    Command(("trial", "doses"), "trial_view", "the doses of a trial one after the other, with the days at each"),
    Command(("trial", "record"), "trial_record", "keep events in a story: all of them or none"),
    Command(("trial", "bring-in"), "trial_record", "bring a diary into a story"),
    Command(("trial", "bring-out"), "trial_record", "write the diary of a story as a file"),
    Command(("serve",), "serve", "the app in the browser, on this machine or for a clinic"),
    Command(("report",), "report", "the answer as a page: PDF, HTML, text or JSON"),
)
_DONE, _BROKEN, _BAD_INPUT, _INTERRUPTED = 0, 1, 2, 130
_MOST_OF_A_KIND, _MOST_KINDS = 3, 8
_NO_PLACE_TO_WRITE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 bad input, 1 a fault of ours or of the system)."""
    # Small problems gain nothing from more threads, and starting them costs more than a fit.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    _mend_streams()
    own_process = argv is None
    if own_process:
        gc.disable()  # until the command is imported: what imports make, stays
    arguments = list(sys.argv[1:] if argv is None else argv)
    as_json = any(argument == "--json" or argument.startswith("--json=") for argument in arguments)
    try:
        code = _guarded(arguments, as_json=as_json, own_process=own_process)
        sys.stdout.flush()
    except OSError as error:  # the answer could not be written down
        _give_up_stdout()
        if isinstance(error, BrokenPipeError):
            return _DONE  # whoever read it has stopped; there is nobody to tell
        print(f"cleardays: the answer could not be written ({error.strerror}).", file=sys.stderr)
        return _BROKEN
    if own_process:
        gc.freeze()  # nothing is looked through once more before the end
    return code


def _mend_streams() -> None:
    """Streams that are closed become empty ones; letters that a terminal lacks are spelt out."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # open to the end
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _give_up_stdout() -> None:
    """Nothing more goes to stdout, not even at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _guarded(arguments: list[str], *, as_json: bool, own_process: bool) -> int:
    if arguments and arguments[0] in ("--version", "-V"):
        print(f"cleardays {__version__}")
        return _DONE
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        print(_help(()))
        return _DONE
    from cleardays.problems import BadInput, Problem

    try:
        return _run(arguments, own_process=own_process)
    except BadInput as bad:
        _tell(bad.problems, as_json=as_json)
        return _BAD_INPUT
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_PLACE_TO_WRITE:
            raise
        if os.environ.get("CLEARDAYS_DEBUG"):
            raise
        what = f"something went wrong inside ({type(error).__name__}: {error}); this is our fault, not yours."
        _tell([Problem("cleardays", what, "CLEARDAYS_DEBUG=1 shows where.")], as_json=as_json)
        return _BROKEN


def _run(arguments: list[str], *, own_process: bool) -> int:
    from cleardays.problems import BadInput, Problem, shown

    for command in COMMANDS:
        count = len(command.words)
        if tuple(arguments[:count]) == command.words:
            module = importlib.import_module(f"cleardays.cli.commands.{command.module}")
            if own_process:
                gc.freeze()
                gc.enable()
            code: int = module.run(arguments[count:], prog=f"cleardays {' '.join(command.words)}")
            return code
    group = tuple(arguments[:1])
    inside = [command for command in COMMANDS if command.words[:1] == group]
    if inside and (len(arguments) == 1 or arguments[1] in ("--help", "-h")):
        print(_help(group))
        return _DONE
    wanted = " ".join(arguments[:2] if inside else arguments[:1])
    names = ", ".join(" ".join(command.words) for command in COMMANDS)
    raise BadInput(Problem("command line", f"No such command: {shown(wanted)}.", f"The commands are {names}."))


def _help(group: tuple[str, ...]) -> str:
    lines = [
        f"usage: {' '.join(('cleardays', *group))} COMMAND ...",
        "",
        "cleardays: did a preventive treatment work for this person? It informs; it never prescribes.",
        "",
        "commands:",
    ]
    for command in COMMANDS:
        if command.words[: len(group)] == group:
            lines.append(f"  {' '.join(command.words[len(group) :]):16} {command.help}")
    lines += ["", "Every command takes --help and --json.", "cleardays --version prints the version."]
    return "\n".join(lines)


def _tell(problems: Sequence[Problem], *, as_json: bool) -> None:
    """Problems in words on stderr; with --json also as one document on stdout."""
    if as_json:
        import json

        print(json.dumps({"problems": [problem._asdict() for problem in problems]}))
    kinds: dict[tuple[str, str], int] = {}
    left = 0
    for problem in problems:
        # problems of one column with one cure are of one kind: a few of them tell it all
        kind = (problem.where.rpartition(", ")[2] if ", line " in problem.where else "", problem.try_this)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= _MOST_OF_A_KIND and len(kinds) <= _MOST_KINDS:
            print(f"cleardays: {problem}", file=sys.stderr)
        else:
            left += 1
    if left:
        print(f"cleardays: and {left:,} more {'problem' if left == 1 else 'problems'} like these.", file=sys.stderr)
