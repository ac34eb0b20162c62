"""The page on events lists every kind, says who may tell it, and its examples, told in the order of the page, are one story."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from cleardays.trial.ledger.adequacy import adequacy_rules
from cleardays.trial.ledger.tried import EVIDENCE, OUTCOMES
from cleardays.trial.story import phases
from cleardays.trial.story.baseline import fix_baseline
from cleardays.trial.story.events import Actor, canonical, read_event
from cleardays.trial.story.intake_told import PARTS
from cleardays.trial.story.kinds import WHO
from cleardays.trial.story.story import KINDS, Story, fold, require
from cleardays.trial.story.tried_told import FIELDS
from reference import stories
from reference.every_kind import KETAMINE
from reference.plan_files import START
from reference.stories import told

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "events.md").read_text(encoding="utf-8")
LEDGER = (REFERENCE / "preventive-ledger.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### `([^`]+)`\n\nTold by: ([^.]+)\.\n(.*?)```json\n(.*?)```", re.MULTILINE | re.DOTALL)
NAMES = {"clinician": "Dr Ada Field", "person": "Sam Sample"}


def sections():
    return [(kind, tuple(who.split(", ")), json.loads(body)) for kind, who, _, body in SECTION.findall(PAGE)]


def whole(value, documents):
    """The body, with a document in the place of each word in capitals."""
    if isinstance(value, dict):
        return {key: whole(each, documents) for key, each in value.items()}
    return documents[value] if isinstance(value, str) and value in documents else value


def test_the_page_lists_exactly_the_kinds_there_are_and_who_may_tell_each():
    assert re.findall(r"^### `([^`]+)`$", PAGE, re.MULTILINE) == [kind for kind, _, _ in sections()]
    assert sorted(kind for kind, _, _ in sections()) == sorted(KINDS)
    assert {kind: who for kind, who, _ in sections()} == dict(WHO)


def test_the_examples_told_one_after_the_other_are_one_story():
    draft, plan = stories.plan_of()
    empty = fold("sam", []).diary
    baseline = fix_baseline(empty, START, outcomes=("headache_day",), at=stories.at(START))
    documents = {
        "DRAFT": draft.document(), "PLAN": plan.document(), "BASELINE": json.loads(canonical(baseline.document())),
        "RECORD": KETAMINE,
    }  # fmt: skip
    story = Story("sam")
    for kind, who, body in sections():
        trial = "first" if kind in phases.TRIAL_KINDS else None
        event = told(kind, whole(body, documents), START - timedelta(days=30), Actor(NAMES[who[0]], who[0]), trial)
        story = require(story, read_event(json.loads(canonical(event.document())), kind))
    assert story.trials["first"].phase == "ended"
    assert story.seq == len(KINDS)


def test_the_page_names_every_part_of_the_intake_and_what_an_entry_may_hold():
    for part, fields in PARTS.items():
        assert f"`{part}`" in PAGE
        row = next((line for line in PAGE.splitlines() if re.match(rf"^\| .*`{part}`", line)), None)
        assert (row is None) == (part == "tried")
        assert row is None or all(f"`{field}`" in row for field in fields)


def test_the_page_on_the_ledger_names_every_rule_every_outcome_and_every_key():
    for rule in adequacy_rules().values():
        assert f"| `{rule.name}` | {rule.says} |" in LEDGER
    for word in (*OUTCOMES, *EVIDENCE, *FIELDS):
        assert f"`{word}`" in LEDGER
