"""Calendar files read by the letter of RFC 5545, without the library that wrote them; series are laid out by dateutil."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=(?:[^\x00-\x1f\";:,]*|\"[^\x00-\x1f\"]*\"))*):(.*)")
_LONGEST = 75
_ONCE = {"UID", "DTSTAMP", "DTSTART", "DURATION", "SEQUENCE", "CREATED", "LAST-MODIFIED", "STATUS", "CLASS", "TRANSP",
         "SUMMARY", "DESCRIPTION", "LOCATION", "RRULE"}  # fmt: skip
_NEEDED = {"VCALENDAR": {"PRODID", "VERSION"}, "VEVENT": {"UID", "DTSTAMP", "DTSTART"}, "VTIMEZONE": {"TZID"},
           "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
           "VALARM": {"ACTION", "DESCRIPTION", "TRIGGER"}}  # fmt: skip


class Part(NamedTuple):
    """A component: its properties as (name, parameters, raw value), and what lies in it."""

    kind: str
    properties: list[tuple[str, dict[str, str], str]]
    inside: list[Part]

    def raw(self, name):
        found = [value for key, _, value in self.properties if key == name]
        assert len(found) <= 1, (name, found)
        return found[0] if found else None

    def text(self, name):
        raw = self.raw(name)
        if raw is None:
            return None
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", raw), f"{name} is not escaped: {raw}"
        return re.sub(r"\\([\\;,nN])", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), raw)

    def parameters(self, name):
        return next(parameters for key, parameters, _ in self.properties if key == name)

    def all(self, kind):
        return [part for part in self.inside if part.kind == kind]


def lines(raw: bytes) -> list[str]:
    """The content lines; each physical line is short, is text by itself and ends as it has to."""
    assert raw.endswith(b"\r\n")
    physical = raw.split(b"\r\n")[:-1]
    for line in physical:
        assert b"\r" not in line
        assert b"\n" not in line
        assert len(line) <= _LONGEST, line
        line.decode("utf-8")
    return b"\r\n".join(physical).replace(b"\r\n ", b"").decode("utf-8").split("\r\n")


def read(raw: bytes) -> Part:
    """The calendar, checked for what has to be there and what may be there once only."""
    open_, whole = list[Part](), None
    for line in lines(raw):
        found = _LINE.fullmatch(line)
        assert found, line
        name, value = found[1], found[3]
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value), line
        parameters = dict(each.split("=", 1) for each in found[2].split(";")[1:])
        if name == "BEGIN":
            open_.append(Part(value, [], []))
        elif name == "END":
            part = open_.pop()
            assert part.kind == value
            _require(part)
            if open_:
                open_[-1].inside.append(part)
            else:
                assert whole is None
                whole = part
        else:
            open_[-1].properties.append((name, parameters, value))
    assert not open_
    assert whole is not None
    _require_whole(whole)
    return whole


def _require(part):
    names = [name for name, _, _ in part.properties]
    assert _NEEDED[part.kind] <= set(names), part
    assert all(names.count(name) == 1 for name in _ONCE & set(names)), part


def _require_whole(calendar):
    assert calendar.kind == "VCALENDAR"
    assert calendar.raw("VERSION") == "2.0"
    assert calendar.all("VEVENT")
    zones = [zone.raw("TZID") for zone in calendar.all("VTIMEZONE")]
    assert len(set(zones)) == len(zones)
    keys = [event.raw("UID") for event in calendar.all("VEVENT")]
    assert len(set(keys)) == len(keys)
    for event in calendar.all("VEVENT"):
        parameters = event.parameters("DTSTART")
        day = parameters.get("VALUE") == "DATE"
        assert day or event.raw("DTSTART").endswith("Z") or parameters["TZID"] in zones
        rule = event.raw("RRULE")
        if rule is not None:
            until = dict(each.split("=") for each in rule.split(";"))["UNTIL"]
            assert re.fullmatch(r"\d{8}" if day else r"\d{8}T\d{6}Z", until), rule


def starts(event: Part) -> list[date | datetime]:
    """When an event happens: days, or times with their zone."""
    raw, parameters, rule = event.raw("DTSTART"), event.parameters("DTSTART"), event.raw("RRULE")
    if parameters.get("VALUE") == "DATE":
        first = datetime.strptime(raw, "%Y%m%d")
        return [first.date()] if rule is None else [each.date() for each in rrulestr(rule, dtstart=first)]
    first = datetime.strptime(raw.removesuffix("Z"), "%Y%m%dT%H%M%S")
    first = first.replace(tzinfo=UTC if raw.endswith("Z") else ZoneInfo(parameters["TZID"]))
    return [first] if rule is None else list(rrulestr(rule, dtstart=first))


def kind(event: Part) -> str:
    """d doses, s sessions, c checks, p parts of care, r the review, y the diary."""
    return event.raw("UID").rsplit("-", event.raw("UID").count("-") - 4)[1][0]


def holding(calendar: Part, of: str = "dscpry") -> list[Part]:
    """The events that were not cancelled."""
    return [event for event in calendar.all("VEVENT") if event.raw("STATUS") == "CONFIRMED" and kind(event) in of]


def offset_at(zone: Part, instant: datetime) -> timedelta:
    """What clocks show beyond UTC by the rules of a VTIMEZONE: the latest onset counts."""
    onsets = []
    for rule in zone.inside:
        local = datetime.strptime(rule.raw("DTSTART"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        onsets.append((local - _offset(rule.raw("TZOFFSETFROM")), _offset(rule.raw("TZOFFSETTO"))))
    return max((onset for onset in onsets if onset[0] <= instant), key=lambda onset: onset[0])[1]


def _offset(raw):
    found = re.fullmatch(r"([+-])(\d\d)(\d\d)(\d\d)?", raw)
    assert found, raw
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -size if found[1] == "-" else size
