"""Whatever comes in: only a diary or a problem comes out, row order does not matter, and nothing changes on the way round."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleardays.diary import entries
from cleardays.diary.beside import Beside
from cleardays.diary.bundle import from_tables, to_tables
from cleardays.diary.importing import FORMATS, Request, import_apple, import_text
from cleardays.diary.incoming import decoded
from cleardays.diary.layouts.collected import Naming
from cleardays.diary.layouts.mapping import known_layouts, read_mapping
from cleardays.diary.merging import merge
from cleardays.diary.packing import pack
from cleardays.diary.records import DayRecord, Diary, contradictions
from cleardays.diary.sheets_beside import BESIDE
from cleardays.diary.unpacking import unpack
from cleardays.medicines import Medicine
from cleardays.problems import BadInput

SUMATRIPTAN = Medicine("sumatriptan", frozenset({"acute"}), "triptan")
NAMING = Naming(
    lambda name: SUMATRIPTAN if name.lower().startswith("suma") else None,
    lambda text: [part.strip() for part in text.replace("+", ";").replace(",", ";").split(";") if part.strip()],
    lambda text: (text.strip(), None, None),
)
MAPPING = read_mapping({"columns": {"date": "date", "pain": "pain", "note": "note", "medicines": "m"}}, "map.toml")
ZONES = (None, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
WORDS = (
    "",
    "5",
    "0",
    "11",
    "Mild",
    "None",
    "26/02/26",
    "1/2/26",
    "2026-03-01",
    "2026-03-29 02:30:00",
    "23:59",
    "9:40 PM",
    "4h 0m",
    "2026-03-01T10:00:00Z",
    "yes",
    "是",
    "x" * 200,
    "=1+1",
    "Sumatriptan 50mg",
    "a;b|c",
    "\u202e",
    '"',
    "'",
    "-1",
    "1e9",
    "NaN",
)


def outcome(text: str, **options):
    """The import, or None where it ended in a problem; anything else is a fault."""
    try:
        found = import_text(text, "x", Request(**{"naming": NAMING, **options}))
    except BadInput as bad:
        told = bad.problems
        assert all(problem.where and problem.what and problem.try_this for problem in told)
        return None
    check(found.diary)
    return found


def check(diary: Diary) -> None:
    """What any diary must be: no contradiction in a day, and the same after our files."""
    for record in diary.records:
        assert contradictions(record) == []
    again = unpack(pack(diary), "d.zip")
    assert (again.records, again.about, again.beside) == (diary.records, diary.about, diary.beside)


headers = {layout: [names[0] for names in mapping.columns.values()] for layout, mapping in known_layouts().items()}
headers["bearable"] = ["date", "weekday", "time of day", "category", "rating/amount", "detail", "notes"]
headers["daylio"] = ["full_date", "weekday", "time", "mood", "activities", "note_title", "note"]
headers["csv"] = ["date", "pain", "note", "m"]
cells = st.one_of(st.sampled_from(WORDS), st.text(max_size=12), st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(str))


@given(st.data())
def test_tables_of_anything_become_a_diary_or_a_problem(data):
    import csv

    layout = data.draw(st.sampled_from(sorted(headers)))
    header = headers[layout]
    rows = data.draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=5))
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    outcome(
        out.getvalue(),
        layout=layout,
        zone=data.draw(st.sampled_from(ZONES)),
        mapping=MAPPING if layout == "csv" else None,
        date_order=data.draw(st.sampled_from((None, "dmy", "mdy", "ymd"))),
        partial=data.draw(st.booleans()),
    )


@given(st.text(max_size=400), st.sampled_from(("auto", *FORMATS)))
def test_any_text_becomes_a_diary_or_a_problem(text, layout):
    outcome(text, layout=layout, mapping=MAPPING if layout == "csv" else None, zone="Europe/Berlin")


@given(st.binary(max_size=400), st.sampled_from((None, "windows-1252", "utf-16", "gb18030", "shift_jis")))
def test_any_bytes_become_text_or_a_problem(raw, encoding):
    try:
        text = decoded(raw, "x", encoding)
    except BadInput:
        return
    outcome(text)


KEYS = (
    "episodes",
    "metadata",
    "intensityReadings",
    "dailyStatusLogs",
    "medications",
    "medicationDoses",
    "medicationSchedules",
    "id",
    "startTime",
    "endTime",
    "locations",
    "qualities",
    "symptoms",
    "triggers",
    "notes",
    "createdAt",
    "episodeId",
    "intensity",
    "date",
    "status",
    "name",
    "type",
    "medicationId",
    "timestamp",
    "quantity",
    "dosageAmount",
    "dosageUnit",
    "start_time",
    "end_time",
    "severity",
    "pain_location",
    "time_taken",
    "dosage",
    "user_id",
    "timezone",
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.integers(1_600_000_000_000, 1_900_000_000_000),
    st.floats(),
    st.sampled_from(WORDS),
    st.sampled_from(("green", "red", "yellow", "taken", "skipped", "rescue")),
    st.text(max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8),
    max_leaves=30,
)
records = st.lists(st.dictionaries(st.sampled_from(KEYS), values, min_size=3, max_size=12), max_size=3)
exports = st.fixed_dictionaries(
    {
        "metadata": st.just({}),
        "episodes": records,
        "dailyStatusLogs": records,
        "medications": records,
        "medicationDoses": records,
        "intensityReadings": records,
    }
)


@given(st.one_of(values, exports, records), st.sampled_from(("auto", "migralog", "migrainelog")), st.sampled_from(ZONES))
def test_any_json_becomes_a_diary_or_a_problem(document, layout, zone):
    outcome(json.dumps(document), layout=layout, zone=zone)
    outcome(json.dumps(document), layout=layout, zone="Europe/Berlin", partial=True)


names = st.sampled_from(("Headache", "Nausea", "MoodChanges", "SleepAnalysis", "MenstrualFlow", "StepCount"))
stamps = st.one_of(
    st.sampled_from(WORDS),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda d: f"{d:%Y-%m-%d %H:%M:%S} -0500"),
)
amounts = st.one_of(
    st.sampled_from(("0", "1", "2", "3", "4", "5", "HKCategoryValueSeverityMild")), st.text("<>&'\"ax", max_size=5)
)


@given(st.lists(st.tuples(names, stamps, stamps, amounts), max_size=6), st.sampled_from(ZONES), st.booleans())
def test_any_records_of_apple_health_become_a_diary_or_a_problem(told, zone, partial):
    from xml.sax.saxutils import quoteattr

    body = "".join(
        f"<Record type='HKCategoryTypeIdentifier{kind}' startDate={quoteattr(start)} "
        f"endDate={quoteattr(end)} value={quoteattr(value)}/>"
        for kind, start, end, value in told
        if (start + end + value).isprintable()
    )
    stream = io.BytesIO(f"<HealthData>{body}</HealthData>".encode("utf-8", "replace"))
    try:
        found = import_apple(stream, "x", Request(zone=zone, partial=partial))
    except BadInput:
        return
    check(found.diary)


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_any_bytes_in_the_place_of_an_apple_export_become_a_problem_or_a_diary(head, rest):
    try:
        import_apple(io.BytesIO(head + b"<HealthData>" + rest), "x", Request(zone="Europe/Berlin"))
    except BadInput:
        return


GOOD = {
    "migraine_buddy_csv": "Date,Time,Pain,Duration,Medication,Triggers,Symptoms,Notes\n"
    "2026-03-01,22:00,5,4h 0m,Sumatriptan,Stress,Nausea,a\n"
    "2026-03-05,10:00,3,1h,,,None,b\n2026-03-29,01:30,8,3h,Sumatriptan,,,\n",
    "migraine_navigator": "Date,Time,Pain Level,Medication,Dosage,Triggers,Notes,Timezone\n"
    "2026-03-01,20:00:00,0,,,,,Europe/Berlin\n"
    "2026-03-02,20:00:00,4,Sumatriptan,50mg,,x,Europe/Berlin\n2026-03-03,20:00:00,0,,,,,Europe/Berlin\n",
    "bearable": "date,weekday,time of day,category,rating/amount,detail,notes\n2026-03-01,,am,Symptom,2,Headache,\n"
    "2026-03-01,,am,Mood,4,,\n2026-03-02,,am,Symptom,0,Headache,n\n",
    "daylio": "full_date,weekday,time,mood,activities,note_title,note\n"
    "2026-03-01,,,,work | headache,,x\n2026-03-02,,,,work,,\n",
    "cleardays": "date,headache,pain_max\n2026-03-01,mild,3\n2026-03-02,clear,\n2026-03-09,,\n",
}


@given(st.sampled_from(sorted(GOOD)), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(layout, shuffle):
    header, *rows = GOOD[layout].splitlines(keepends=True)
    shuffle.shuffle(rows)
    one, other = (outcome(header + "".join(told), layout=layout, zone="Europe/Berlin") for told in (rows, sorted(rows)))
    assert (one.diary.records, one.diary.beside) == (other.diary.records, other.diary.beside)


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 300), st.text(max_size=3), st.integers(0, 5), st.booleans())
def test_a_good_file_with_a_slip_becomes_a_diary_or_a_problem(layout, at, slip, gone, partial):
    text = GOOD[layout]
    at %= len(text)
    outcome(text[:at] + slip + text[at + gone :], zone="Europe/Berlin", partial=partial)


@given(st.sampled_from(sorted(GOOD)), st.sampled_from(sorted(GOOD)))
def test_adding_a_diary_a_second_time_adds_nothing(first, second):
    one, other = (outcome(GOOD[layout], layout=layout, zone="Europe/Berlin").diary for layout in (first, second))
    try:
        both = merge(one, other)
    except BadInput:
        assume(False)
    for again in (one, other, both):
        twice = merge(both, again)
        assert (twice.records, twice.beside) == (both.records, both.beside)
    check(both)


buddy_rows = st.lists(
    st.tuples(
        st.integers(1, 9), st.sampled_from(("08:00", "09:30", "22:00")), st.integers(1, 9), st.sampled_from(("", "Sumatriptan"))
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[:2],
).map(lambda rows: "".join(f"2026-03-{day:02d},{at},{pain},4h 0m,{drug},,,\n" for day, at, pain, drug in sorted(rows)))


@given(buddy_rows, buddy_rows)
def test_a_later_export_stands_for_its_days_and_leaves_the_others(first, second):
    header = GOOD["migraine_buddy_csv"].splitlines(keepends=True)[0]
    old, new = (outcome(header + rows, layout="migraine_buddy_csv", zone="Europe/Berlin").diary for rows in (first, second))
    both = merge(old, new)
    last = new.records[-1].date
    covered = [record for record in both.records if new.records[0].date <= record.date <= last]
    outside = [record for record in old.records if not new.records[0].date <= record.date <= last]
    assert covered == list(new.records)
    assert [record for record in both.records if record not in covered] == outside
    assert set(new.beside.attacks) <= set(both.beside.attacks)
    assert not {a.date for a in both.beside.attacks} - {r.date for r in both.records}
    again = merge(both, new)
    assert (again.records, again.beside, again.lost) == (both.records, both.beside, new.lost)
    check(both)


told_doses = st.tuples(
    st.sampled_from("ab"), st.sampled_from((None, "08:00", "10:00", "13:00")), st.sampled_from((None, 50, 100))
)


@given(st.lists(told_doses, max_size=7))
def test_doses_of_two_programs_are_never_fewer_than_one_of_them_tells(told):
    def diary(program: str) -> Diary:
        doses = (
            entries.DoseEntry(
                date=date(2026, 3, 1), drug="x", time=at, amount=None if mg is None else Decimal(mg), source=f"import:{who}"
            )
            for who, at, mg in told
            if who == program
        )
        return Diary((), beside=Beside(doses=tuple(doses)))

    one, other = diary("a"), diary("b")
    both = merge(one, other)
    assert max(len(one.beside.doses), len(other.beside.doses)) <= len(both.beside.doses) <= len(told)
    assert merge(both, other).beside == merge(merge(both, other), one).beside == both.beside


# ---- round trip of everything a zip holds

LATIN = st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn"))
texts = st.text(LATIN, min_size=1, max_size=12).map(str.strip).filter(bool)
lines = st.lists(texts, min_size=1, max_size=2).map("\n".join)
answers = st.none() | st.booleans()
dates = st.dates(date(1950, 1, 1), date(2030, 1, 1))
grades = st.none() | st.integers(0, 10)
decimals = st.none() | st.decimals(0, 24, places=2).map(lambda d: Decimal(f"{d:f}"))
word_lists = st.none() | st.lists(
    texts.map(lambda t: " ".join(t.replace(";", ",").split()).strip("'")).filter(lambda t: t and t.lower() != "none"),
    max_size=3,
    unique=True,
).map(tuple)


def optional(strategy):
    return st.none() | strategy


@st.composite
def attacks(draw, number: int):
    day = draw(dates)
    zone = draw(st.sampled_from((None, UTC, timezone(timedelta(hours=5, minutes=45)))))
    start = draw(optional(st.times().map(lambda t: datetime.combine(day, t.replace(microsecond=0), tzinfo=zone))))
    end = None if start is None else draw(optional(st.integers(0, 10**5).map(lambda m: start + timedelta(minutes=m))))
    flags = {
        name: draw(answers) for name in ("aura", "nausea", "vomiting", "light", "sound", "one_sided", "bilateral", "asleep_end")
    }
    return entries.Attack(
        date=day,
        id=f"{draw(st.sampled_from('=-+a'))}{number}",
        start=start,
        end=end,
        minutes=draw(optional(st.integers(0, 999_999))),
        headache=draw(optional(st.sampled_from(("present", "mild", "moderate", "severe")))),
        pain_max=draw(optional(st.integers(1, 10))),
        other_symptoms=draw(word_lists),
        triggers=draw(word_lists),
        source=draw(optional(texts)),
        note=draw(optional(lines)),
        **flags,
    )


@st.composite
def besides(draw):
    known = tuple(draw(attacks(number)) for number in range(draw(st.integers(0, 3))))
    of_attack = st.none() if not known else optional(st.sampled_from([attack.id for attack in known]))
    auras = st.builds(
        entries.AuraSymptom,
        date=dates,
        attack=of_attack,
        type=optional(st.sampled_from(entries.AURA_TYPES)),
        min=decimals,
        gradual=answers,
        positive=answers,
        one_sided=answers,
    )
    doses = st.builds(
        entries.DoseEntry,
        date=dates,
        time=optional(st.times().map(lambda t: t.strftime("%H:%M"))),
        kind=optional(st.sampled_from(entries.DOSE_KINDS)),
        drug=optional(texts),
        name=optional(texts),
        amount=decimals,
        unit=optional(texts),
        state=optional(st.sampled_from(entries.DOSE_STATES)),
        attack=of_attack,
        relief_2h=optional(st.sampled_from(entries.RELIEFS)),
        reason=optional(st.sampled_from(entries.DOSE_REASONS)),
    )
    events = st.builds(
        entries.Event,
        date=dates,
        kind=st.sampled_from(entries.EVENT_KINDS),
        term=texts,
        serious=answers,
        severity=optional(st.sampled_from(entries.SEVERITIES)),
        helped=answers,
        note=optional(lines),
    )
    scores = st.builds(
        entries.Score, date=dates, instrument=texts, total=decimals, items=word_lists, recall_days=optional(st.integers(0, 99))
    )
    steps = st.builds(
        entries.PlanStep, step=texts, from_day=dates, drug=optional(texts), amount=decimals, times=optional(st.integers(0, 9))
    )
    some = {"auras": auras, "doses": doses, "events": events, "scores": scores, "plan": steps}
    return Beside(attacks=known, **{name: tuple(draw(st.lists(one, max_size=3))) for name, one in some.items()})


@given(besides(), st.lists(dates, min_size=1, max_size=4, unique=True), st.data())
def test_everything_beside_the_days_survives_the_round_trip(beside, on, data):
    days = tuple(
        DayRecord(
            date=day,
            headache="mild",
            note=data.draw(optional(lines)),
            triggers=data.draw(word_lists),
            sleep_h=data.draw(decimals),
        )
        for day in sorted(on)
    )
    diary = Diary(days, {"person": "ann"}, (), beside)
    again = from_tables(to_tables(diary), "d.zip")
    assert (again.records, again.about) == (diary.records, diary.about)
    for table in BESIDE:
        assert getattr(again.beside, table) == getattr(diary.beside, table), table
    assert to_tables(again) == to_tables(diary)
    assert merge(again, diary).beside.attacks == tuple(sorted(beside.attacks, key=lambda a: (a.date, str(a.start), a.id or "")))


@pytest.mark.parametrize("layout", sorted(GOOD))
def test_the_good_files_are_good(layout):
    assert outcome(GOOD[layout], zone="Europe/Berlin").layout == layout
