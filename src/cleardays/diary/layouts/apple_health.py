"""Apple Health's export.xml: read as a stream, element by element, however large it is.

A headache that is NotPresent is a headache-free day; a day without a record is
unknown. No entity of the file's own is ever read, and none from outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from xml.parsers import expat

from cleardays.diary.entries import Attack
from cleardays.diary.layouts.apple_days import Symptom, days_of_symptoms, sure_days
from cleardays.diary.layouts.apple_sleep import Sleep
from cleardays.diary.layouts.clocks import LONGEST_ATTACK, fixed, in_years
from cleardays.diary.layouts.collected import Asked, Collected, Finding
from cleardays.diary.records import CLEAR, DayRecord
from cleardays.problems import BadInput, Problem, shown

LAYOUT = "apple_health"
ROOT = b"<HealthData"
_SOURCE = f"import:{LAYOUT}"
_CHUNK = 1 << 20
_LONGEST_PROLOG = 4 << 20
_MOST_ENTRIES = 100_000  # of headaches and symptoms; nobody has more in a life
_MOST_KINDS = 2000
_TYPE = "HKCategoryTypeIdentifier"
# HKCategoryValueSeverity by name and number; None: there, of unknown strength.
_SEVERITY: dict[str, str] = {
    "unspecified": "present", "notpresent": CLEAR, "mild": "mild", "moderate": "moderate", "severe": "severe",
    "0": "present", "1": CLEAR, "2": "mild", "3": "moderate", "4": "severe",
}  # fmt: skip
# HKCategoryValuePresence counts the other way round.
_PRESENCE = {"present": "present", "notpresent": CLEAR, "0": "present", "1": CLEAR}
_SYMPTOMS = {
    "Nausea": "nausea", "Vomiting": "vomiting", "Dizziness": "dizziness", "Fatigue": "fatigue", "Fainting": "fainting",
    "MemoryLapse": "memory lapse", "RapidPoundingOrFlutteringHeartbeat": "rapid heartbeat",
    "SkippedHeartbeat": "skipped heartbeat", "ShortnessOfBreath": "shortness of breath", "GeneralizedBodyAche": "body ache",
    "MoodChanges": "mood changes", "SleepChanges": "sleep changes",
}  # fmt: skip
_BY_PRESENCE = ("MoodChanges", "SleepChanges")
_FLOW = {"unspecified": True, "light": True, "medium": True, "heavy": True, "none": False,
         "1": True, "2": True, "3": True, "4": True, "5": False}  # fmt: skip
_ASLEEP = ("asleep", "asleepunspecified", "asleepcore", "asleepdeep", "asleeprem", "1", "3", "4", "5")
_NOT_ASLEEP = ("inbed", "awake", "0", "2")
_SILENT_TAGS = ("HealthData", "ExportDate", "Me", "MetadataEntry", "Record")


def looks_like(head: bytes) -> bool:
    """Whether the beginning of a file is such an export."""
    return ROOT in head or ROOT.decode().encode("utf-16-le") in head or ROOT.decode().encode("utf-16-be") in head


def read_export(stream: BinaryIO, name: str, asked: Asked, *, encoding: str | None = None) -> Collected:
    """Read an export from an open stream, in pieces; `encoding` overrules what the file says of itself.

    Raises:
        BadInput: it is no such export, is cut off or damaged, or declares entities.
    """
    reading = _Reading(name, asked)
    parser = expat.ParserCreate(encoding)
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.EntityDeclHandler = reading.entity
    parser.StartElementHandler = reading.element
    reading.line = lambda: parser.CurrentLineNumber
    try:
        parser.Parse(_prolog(stream, name), False)
        while piece := stream.read(_CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = f"the export breaks off or is damaged here ({expat.ErrorString(error.code)})."
        raise BadInput(Problem(f"{name}, line {error.lineno}", what, "Export it again from the Health app.")) from None
    except (ValueError, LookupError) as error:  # an encoding that is not known
        raise BadInput(Problem(name, f"the export cannot be read ({error}).", "Export it again from the Health app.")) from None
    return reading.collected()


def _prolog(stream: BinaryIO, name: str) -> bytes:
    """The beginning of the file, its document type taken away.

    Apple's own document type has been malformed in some versions, and nothing in it is needed.
    """
    head = b""
    while ROOT not in head and len(head) < _LONGEST_PROLOG and (piece := stream.read(_CHUNK)):
        head += piece
    at = head.find(ROOT)
    start = head.find(b"<!DOCTYPE", 0, at) if at >= 0 else -1
    if start < 0:
        return head
    declared = head[start:at]
    if b"<!ENTITY" in declared:
        raise BadInput(_entities(name))
    end = declared.rfind(b">") + 1
    return head[:start] + b"\n" * declared.count(b"\n", 0, end) + head[start + end :]


def _entities(name: str) -> Problem:
    return Problem(name, "the file declares entities of its own, as no export does.", "Export it again from the Health app.")


@dataclass
class _Reading:
    """What has been read so far."""

    name: str
    asked: Asked
    found: Collected = field(init=False)
    line: Callable[[], int] = lambda: 0
    headaches: list[Finding] = field(default_factory=list)
    symptoms: list[Symptom] = field(default_factory=list)
    menses: dict[tuple[datetime, datetime, bool], list[object]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    started: bool = False
    open_flow: list[object] | None = None

    def __post_init__(self) -> None:
        self.found = Collected(LAYOUT, self.name, self.asked.home, one_start=False)
        self.sleep = Sleep(self.asked.home)
        self.readers: dict[str, Callable[[str, dict[str, str]], None]] = {
            f"{_TYPE}Headache": self.headache,
            f"{_TYPE}SleepAnalysis": self.asleep,
            f"{_TYPE}MenstrualFlow": self.flow,
            **{f"{_TYPE}{symptom}": self.symptom for symptom in _SYMPTOMS},
        }

    def entity(self, *_: object) -> None:
        raise BadInput(_entities(self.name))

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        """One element begins."""
        if tag == "Record":
            self.open_flow = None
            kind = attributes.get("type", "")
            reader = self.readers.get(kind)
            if reader is not None:
                reader(kind.removeprefix(_TYPE), attributes)
            else:
                self.kinds[kind] += 1
                if len(self.kinds) > _MOST_KINDS:
                    raise BadInput(Problem(self.name, "it holds thousands of kinds of records.", "Check the file."))
        elif tag == "MetadataEntry":
            if self.open_flow is not None and attributes.get("key") == "HKMenstrualCycleStart":
                self.open_flow[0] = attributes.get("value") == "1"
        elif tag not in _SILENT_TAGS:
            self.kinds[f"<{tag}>"] += 1
        elif not self.started and tag != "HealthData":
            raise BadInput(
                Problem(self.name, f"it begins with {shown(tag)}, not HealthData.", "Give Apple Health's export.xml.")
            )
        self.started = True

    # ---- records

    def headache(self, _: str, attributes: dict[str, str]) -> None:
        taken = self.span(attributes, _SEVERITY)
        if taken is None:
            return
        start, end, level = taken
        reported = self.moment(attributes.get("creationDate", ""))
        where = f"{self.name}, line {self.line()}"
        if level == CLEAR:
            days = sure_days(start, end, self.asked.home)
            for day in days:
                record = DayRecord(date=day, headache=CLEAR, source=_SOURCE)
                self.headaches.append(Finding(where=where, day=record, reported_at=reported))
            if not days:
                self.found.lost.add("headache-free hours", where, "no whole day is said to be headache-free; left out.")
        else:
            attack = Attack(date=start.date(), start=start, end=end, headache=level, source=_SOURCE)
            self.headaches.append(Finding(where=where, text=_as_text(attributes), attack=attack, reported_at=reported))
        self._enough(len(self.headaches))

    def symptom(self, kind: str, attributes: dict[str, str]) -> None:
        taken = self.span(attributes, _PRESENCE if kind in _BY_PRESENCE else _SEVERITY)
        if taken is not None:
            self.symptoms.append(
                Symptom(_SYMPTOMS[kind], taken[2] != CLEAR, taken[0], taken[1], f"{self.name}, line {self.line()}")
            )
            self._enough(len(self.symptoms))

    def asleep(self, _: str, attributes: dict[str, str]) -> None:
        value = _value(attributes)
        if value in _NOT_ASLEEP:
            return
        start, end = self.moment(attributes.get("startDate", "")), self.moment(attributes.get("endDate", ""))
        if value not in _ASLEEP or start is None or end is None or not self.sleep.add(start, end):
            self.found.lost.count("SleepAnalysis", "the interval cannot be read, or is none that a night can hold; left out")

    def flow(self, _: str, attributes: dict[str, str]) -> None:
        value = _FLOW.get(_value(attributes))
        start, end = self.moment(attributes.get("startDate", "")), self.moment(attributes.get("endDate", ""))
        if value is None or start is None or end is None or not start <= end <= start + LONGEST_ATTACK:
            self.found.lost.count("MenstrualFlow", "it cannot be read; left out")
            return
        self.open_flow = self.menses.setdefault((start, end, value), [False, f"{self.name}, line {self.line()}"])
        self._enough(len(self.menses))

    def _enough(self, count: int) -> None:
        if count > _MOST_ENTRIES:
            what = f"it holds more than {_MOST_ENTRIES:,} headaches or symptoms of one kind."
            raise BadInput(Problem(self.name, what, "Check that this is the right file."))

    def moment(self, text: str) -> datetime | None:
        """A stamp such as 2026-01-05 21:00:00 -0500 on the clock at home."""
        try:
            stamp = datetime.fromisoformat(text[:19] + text[19:].strip())
        except ValueError:
            return None
        if stamp.tzinfo is None or not in_years(stamp):
            return None
        return self.asked.home.carried(fixed(stamp.replace(microsecond=0)))

    def span(self, attributes: dict[str, str], values: dict[str, str]) -> tuple[datetime, datetime, str] | None:
        """Start, end and value of a record; None, with its problems noted, where one is wrong."""
        where = f"{self.name}, line {self.line()}"
        problems = []
        start, end = (self.moment(attributes.get(key, "")) for key in ("startDate", "endDate"))
        for key, stamp in (("startDate", start), ("endDate", end)):
            if stamp is None:
                what = f"{shown(attributes.get(key, ''))} is no time that can be read."
                problems.append(Problem(f"{where}, {key}", what, "It should look like 2026-01-05 21:00:00 -0500."))
        value = values.get(_value(attributes))
        if value is None:
            what = f"{shown(attributes.get('value', ''))} is not known."
            problems.append(Problem(f"{where}, value", what, "It should be NotPresent, Mild, Moderate, Severe or Unspecified."))
        if start is not None and end is not None and not start <= end <= start + LONGEST_ATTACK:
            what = f"it ends at {end:%Y-%m-%d %H:%M}, but starts at {start:%Y-%m-%d %H:%M}."
            problems.append(Problem(f"{where}, endDate", what, "Correct one of the two in the Health app."))
        if problems or start is None or end is None or value is None:
            self.found.refuse(where, _as_text(attributes), problems)
            return None
        return start, end, value

    # ---- the whole

    def collected(self) -> Collected:
        """Everything, once the stream has ended."""
        found = self.found
        attacks, days = days_of_symptoms(self.headaches, self.symptoms, found.lost)
        found.findings = [*attacks, *days]
        told = [f.attack or f.day for f in found.findings]
        reported = [one.date for one in told if one is not None]
        if reported:
            first, last = min(reported), max(reported)
            for (start, _, value), (is_first, where) in self.menses.items():
                record = DayRecord(date=start.date(), menses=value, menses_day1=True if is_first else None, source=_SOURCE)
                self._within(Finding(where=str(where), day=record), first <= record.date <= last, "MenstrualFlow")
            for day, hours in sorted(self.sleep.hours().items()):
                record = DayRecord(date=day, sleep_h=hours, source=_SOURCE)
                self._within(Finding(where=self.name, day=record), first <= day <= last, "SleepAnalysis")
        for kind, times in self.kinds.items():
            found.lost.count(
                kind.removeprefix(_TYPE).removeprefix("HKQuantityTypeIdentifier")[:80], "is no part of a headache diary", times
            )
        return found

    def _within(self, finding: Finding, within: bool, kind: str) -> None:
        if within:
            self.found.findings.append(finding)
        else:
            self.found.lost.count(kind, "it lies before the first or after the last entry about headaches; left out")


def _value(attributes: dict[str, str]) -> str:
    """The value without the name of its kind: HKCategoryValueSeverityMild is mild."""
    value = attributes.get("value", "")
    for kind in ("Severity", "Presence", "SleepAnalysis", "MenstrualFlow", "VaginalBleeding", ""):
        if value.startswith(f"HKCategoryValue{kind}"):
            return value[len("HKCategoryValue") + len(kind) :].lower()
    return value.lower()


def _as_text(attributes: dict[str, str]) -> str:
    return "<Record " + " ".join(f'{key}="{value}"' for key, value in list(attributes.items())[:20])[:1900] + "/>"
