"""One imaginary diary in the layouts of fourteen programs: each importer finds what its layout carries."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cleardays.catalogue.names import find_medicine, split_amount, split_names
from cleardays.diary.answers import day_state
from cleardays.diary.importing import Request, import_apple, import_document, import_text
from cleardays.diary.layouts.collected import Naming
from cleardays.diary.merging import merge
from cleardays.diary.own_csv import read_days, write_days
from cleardays.diary.packing import pack
from cleardays.diary.unpacking import unpack
from cleardays.problems import BadInput

NAMING = Naming(find_medicine, split_names, split_amount)
ZONE = "America/New_York"
# file: (format, knows ends, knows starts, what of an attack it carries)
PAIN, SYMPTOMS, AURA, SIDE = "pain", "symptoms", "aura", "side"
LAYOUTS = {
    "aiding_migraine.csv": ("aiding_migraine", True, True, {PAIN}),
    "apple_health_export.xml": ("apple_health", True, True, {"nausea"}),
    "bearable.csv": ("bearable", False, False, set()),
    "cluster_headache_tracker.csv": ("cluster_headache_tracker", True, True, {PAIN}),
    "daylio.csv": ("daylio", False, False, set()),
    "migraine_buddy_report.html": ("migraine_buddy_report", True, True, {PAIN, SYMPTOMS, AURA, SIDE}),
    "migraine_buddy_variant_a.csv": ("migraine_buddy_csv", False, False, {PAIN}),
    "migraine_buddy_variant_b.csv": ("migraine_buddy_csv", True, True, {PAIN, SYMPTOMS}),
    "migraine_diary_sheet.csv": ("migraine_diary_sheet", False, False, {PAIN, SYMPTOMS}),
    "migraine_navigator.csv": ("migraine_navigator", False, True, {PAIN}),
    "migraine_note_ios_zh.csv": ("migraine_note_ios_zh", True, True, {PAIN, SYMPTOMS, AURA, SIDE}),
    "migrainelog_episodes.json": ("migrainelog", True, True, {PAIN, SYMPTOMS, SIDE}),
    "migralog_export.json": ("migralog", True, True, {PAIN, SYMPTOMS, SIDE}),
    "nali_headway.csv": ("nali_headway", True, True, {PAIN, SYMPTOMS, SIDE}),
}
ONLY_DAYS = ("bearable.csv", "daylio.csv")
NO_MEDICINES = ("apple_health_export.xml", "daylio.csv")
# Layouts that can say no to a symptom: which they answer, and where. Whatever else was not ticked was not answered.
ASKED = {
    "migraine_buddy_report.html": "aura is a column of its own; a list of symptoms that is None answers all of them",
    "migraine_note_ios_zh.csv": "aura is a column of its own",
}
# Layouts that speak of clear days. The others are lists of attacks or rate headaches only when there is one.
# 39 of the 56 days are clear. Apple Health has a NotPresent on every second of them, MigraLog calls four of them yellow;
# neither calls a day clear that was not. Daylio and Navigator know no ends, so the second day of the five attacks that
# went on past midnight has no headache in the file: its line, or its row of pain 0, says that the day was clear.
SAY_CLEAR = ("apple_health_export.xml", "daylio.csv", "migraine_navigator.csv", "migralog_export.json")
NO_ENDS = ("daylio.csv", "migraine_navigator.csv")
NOT_SAID = {"apple_health_export.xml": 19, "migralog_export.json": 4}


@pytest.fixture
def truth(reference_data):
    return json.loads((reference_data / "formats" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture
def load(reference_data):
    def read(file: str, **options):
        raw = (reference_data / "formats" / file).read_bytes()
        request = Request(**{"zone": ZONE, "naming": NAMING, **options})
        if file.endswith(".xml"):
            return import_apple(io.BytesIO(raw), file, request)
        return import_text(raw.decode("utf-8-sig"), file, request)

    return read


def days(diary, outcome: str, state: bool) -> list[str]:
    return [record.date.isoformat() for record in diary.records if day_state(record, outcome) is state]


@pytest.mark.parametrize("file", LAYOUTS)
def test_each_layout_is_recognised_by_its_content(load, file):
    assert load(file).layout == LAYOUTS[file][0]
    assert load(file, layout=file.rpartition(".")[0]).layout == LAYOUTS[file][0]
    assert load(file, layout=LAYOUTS[file][0].replace("_", "-")).diary == load(file).diary


@pytest.mark.parametrize("file", LAYOUTS)
def test_headache_days_are_those_of_the_diary(load, truth, file):
    """A layout that knows when an attack ended finds every day it touched; the others its first day."""
    found = days(load(file).diary, "headache_day", True)
    starts = [attack["start"][:10] for attack in truth["attacks"]]
    assert found == (truth["headache_days_local"] if LAYOUTS[file][1] else starts)


@pytest.mark.parametrize("file", LAYOUTS)
def test_acute_medicine_days_are_those_of_the_diary(load, truth, file):
    expected = [] if file in NO_MEDICINES else truth["acute_medication_days_by_attack_start"]
    assert days(load(file).diary, "acute_med_day", True) == expected


@pytest.mark.parametrize("file", LAYOUTS)
def test_clear_days_are_those_of_the_diary_as_far_as_the_layout_says_so(load, truth, file):
    clear = set(days(load(file).diary, "headache_day", False))
    first, last = (date.fromisoformat(truth[f"diary_{end}_day"]) for end in ("first", "last"))
    every = {str(first + timedelta(days=n)) for n in range((last - first).days + 1)}
    headaches = set(truth["headache_days_local"])
    if file not in SAY_CLEAR:
        assert clear == set()
        return
    starts = {attack["start"][:10] for attack in truth["attacks"]}
    ran_on = headaches - starts
    assert len(ran_on) == 5
    assert clear & headaches == (ran_on if file in NO_ENDS else set())
    assert len(every - headaches - clear) == NOT_SAID.get(file, 0)
    assert clear <= every


def test_the_clear_days_after_attacks_without_an_end_are_listed(load, truth):
    (told,) = [lost.what for lost in load("migraine_navigator.csv").diary.lost if "without an end" in lost.what]
    starts = [date.fromisoformat(attack["start"][:10]) for attack in truth["attacks"]]
    after = [day + timedelta(days=1) for day in starts if day + timedelta(days=1) not in starts]
    assert told.startswith(f"{len(after)} clear days come right after an attack without an end ({after[0]}, ")
    assert str(after[4]) in told
    assert str(after[5]) not in told


TOLD_AS = {"nausea": "nausea", "vomiting": "vomiting", "light": "photophobia", "sound": "phonophobia", "aura": "aura"}


def expected_symptom(file: str, column: str, told) -> bool | None:
    """What a layout can know of a symptom: a yes where it was ticked, a no only where it was asked."""
    carried = LAYOUTS[file][3]
    had = told[TOLD_AS[column]]
    if column == "aura" and file in ASKED:
        return had
    if had and (SYMPTOMS in carried or column in carried):
        return True
    ticked = [name for name in TOLD_AS if name != "aura" and told[TOLD_AS[name]]]
    if file == "migraine_buddy_report.html" and column != "aura" and not ticked:
        return False  # the report writes None where no symptom was ticked
    return None


@pytest.mark.parametrize("file", [file for file in LAYOUTS if file not in ONLY_DAYS])
def test_attacks_are_told_as_far_as_the_layout_carries_them(load, truth, file):
    _, ends, starts, carried = LAYOUTS[file]
    found = load(file)
    attacks = found.diary.beside.attacks
    assert found.attacks == len(attacks) == len(truth["attacks"])
    for attack, told in zip(attacks, truth["attacks"], strict=True):
        start, end = datetime.fromisoformat(told["start"]), datetime.fromisoformat(told["end"])
        assert attack.date == date.fromisoformat(told["start"][:10])
        assert attack.start == (start if starts else None)
        assert attack.end == (end if ends else None)
        assert attack.headache == told["severity"]
        assert attack.pain_max == (told["pain_0_10"] if PAIN in carried else None)
        for column, name in TOLD_AS.items():
            assert getattr(attack, column) is expected_symptom(file, column, told), (name, attack.date)
        assert attack.one_sided is (True if SIDE in carried else None)


@pytest.mark.parametrize("file", LAYOUTS)
def test_medicines_carry_their_amounts_where_they_are_told(load, file):
    doses = [dose for dose in load(file).diary.beside.doses if dose.kind == "acute"]
    assert len(doses) == (0 if file in NO_MEDICINES else 10)
    told = {(dose.drug, str(dose.amount), dose.unit) for dose in doses if dose.unit == "mg"}
    assert not told or ("sumatriptan", "50", "mg") in told
    assert all(dose.drug is not None for dose in doses)


def test_preventives_are_kept_and_are_no_acute_medicine(load):
    found = load("migraine_navigator.csv").diary
    propranolol = [dose for dose in found.beside.doses if dose.drug == "propranolol"]
    assert len(propranolol) == 44
    assert {dose.kind for dose in propranolol} == {"preventive"}
    assert sum(record.preventive_taken is True for record in found.records) == 44


@pytest.mark.parametrize("file", [file for file in LAYOUTS if file.startswith(("migraine_b", "migraine_d", "nali", "aid"))])
def test_notes_keep_their_lines_and_letters(load, file):
    notes = {record.note for record in load(file).diary.records} - {None}
    if file != "migraine_buddy_variant_a.csv":
        assert notes == {'Note with "quotes", a comma; and a\nline break', "café – naïve"}


@pytest.mark.parametrize("file", LAYOUTS)
def test_the_diary_survives_our_zip_and_our_table(load, file):
    diary = load(file).diary
    again = unpack(pack(diary), "d.zip")
    assert (again.records, again.about, again.beside) == (diary.records, diary.about, diary.beside)
    table = read_days(io.StringIO(write_days(diary), newline=""), "days.csv")
    assert (table.records, table.about) == (diary.records, diary.about)
    assert pack(again) == pack(diary)


@pytest.mark.parametrize("file", LAYOUTS)
def test_importing_twice_adds_nothing(load, file):
    first = load(file).diary
    twice = merge(unpack(pack(first), "d.zip"), load(file).diary)
    assert (twice.records, twice.beside, twice.about) == (first.records, first.beside, first.about)


@pytest.mark.parametrize("file", ["cluster_headache_tracker.csv", "migrainelog_episodes.json"])
def test_times_in_utc_need_the_home_zone(load, file):
    with pytest.raises(BadInput, match="--zone"):
        load(file, zone=None)


@pytest.mark.parametrize("file", ["apple_health_export.xml", "migralog_export.json", "migraine_navigator.csv"])
def test_a_file_that_knows_its_clock_needs_no_zone(load, truth, file):
    found = load(file, zone=None).diary
    assert [a.start for a in found.beside.attacks] == [datetime.fromisoformat(a["start"]) for a in truth["attacks"]]
    assert days(found, "headache_day", True) == days(load(file).diary, "headache_day", True)


def test_on_another_continent_the_same_instants_fall_on_other_days(load, truth):
    """The home zone decides on which local days an attack falls: in Tokyo it is fourteen hours later."""
    found = load("migrainelog_episodes.json", zone="Asia/Tokyo").diary
    first = datetime.fromisoformat(truth["attacks"][0]["start"]).astimezone(ZoneInfo("Asia/Tokyo"))
    assert found.beside.attacks[0].date == first.date() == date(2026, 1, 12)


def test_the_document_has_exactly_the_keys_of_the_contract(load):
    document = import_document(load("bearable.csv"))
    keys = ["format", "days", "attacks", "headache_days", "clear_days", "acute_medication_days", "lost"]
    assert list(document) == keys
    assert document["attacks"] is None
    assert all(list(lost) == ["where", "what"] for lost in document["lost"])


AGREEING = ("aiding_migraine.csv", "cluster_headache_tracker.csv", "apple_health_export.xml", "nali_headway.csv")


@pytest.mark.parametrize("file", AGREEING)
def test_one_diary_out_of_two_programs_that_agree(load, file):
    """Another program's telling of the same attacks adds what it knows and doubles nothing."""
    first = load("migraine_buddy_variant_b.csv").diary
    both = merge(first, load(file).diary)
    assert len(both.beside.attacks) == 12
    assert days(both, "headache_day", True) == days(first, "headache_day", True)
