"""The plan in a calendar: an address that nobody guesses, with titles that tell nothing unless asked otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar
from starlette.responses import RedirectResponse, Response

from cleardays.clock import zone_named
from cleardays.plan.day_of_plan import CURRENT, EARLIER, standing
from cleardays.plan.journal import PlanFile
from cleardays.problems import BadInput, Problem
from cleardays.report.feed import CAUTION, feed_of
from cleardays.report.feed_text import Look
from cleardays.report.feed_times import read_clock, read_times
from cleardays.trial.story.trial_record import Trial
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.given_links import end_all, links_of, that_open
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import CHANGE, OPEN, PLAN, Need
from cleardays.web.trials import called
from cleardays.web.watching import watched_by_link

_PATH, _FEED = "/plan/feed", "/feed/{token}"
_PURPOSE = "feed"
_LASTS = timedelta(days=5 * 366)
_EVENING = "20:00"  # when the diary asks, unless somebody says otherwise
_NEUTRAL, _FULL = "neutral", "full"


def feed(asked: Asked) -> Response:
    """Whether there is an address, and a form for one."""
    return _page(asked, Form({"titles": _NEUTRAL, "diary": _EVENING}))


def _page(asked: Asked, form: Form, status: int = 200, address: str | None = None) -> Response:
    ready = [called(each.treatment) for each in asked.known.deciding.trials.values() if _shown(each, asked) is not None]
    shown: dict[str, Any] = {
        "form": form,
        "address": address,
        "given": that_open(asked, _PURPOSE),
        "ready": ready,
        "zone": asked.zone,
        "caution": CAUTION,
        "here": "/plan",
    }
    return asked.page("feed.html", shown, status=status)


def make_feed(asked: Asked) -> Response:
    """A new address, which is shown once; whatever there was before opens nothing any more."""
    if asked.field("what") == "end":
        end_all(asked, _PURPOSE)
        return RedirectResponse(_PATH, 303)
    try:
        body = _read(asked)
    except BadInput as bad:
        return _page(asked, written(asked, bad), 422)
    end_all(asked, _PURPOSE)
    token = links_of(asked).make(_PURPOSE, body, now=asked.now, expires_at=asked.now + _LASTS, person=asked.person)
    origin = asked.house.settings.origin or f"{asked.request.url.scheme}://{asked.request.headers['host']}"
    return _page(asked, Form(asked.form or {}), address=f"{origin}/feed/{token}")


def _read(asked: Asked) -> dict[str, str | None]:
    """What the calendar shows.

    Raises:
        BadInput: no titles were chosen, a time that is none, no time zone, or nobody of whom anything was told.
    """
    problems = list[Problem]()
    titles, diary = asked.field("titles"), asked.field("diary")
    if titles not in (_NEUTRAL, _FULL):
        problems.append(Problem("titles", "that is no choice of this page.", "Choose one of the two."))
    if diary:
        try:
            read_clock(diary, "diary")
        except BadInput as bad:
            problems += bad.problems
    if zone_named(asked.known.about.get("zone", "")) is None:
        problems.append(Problem("zone", "a calendar needs your time zone.", "Name it in the first questions, at /first-run."))
    if asked.person not in asked.house.store.people():
        problems.append(Problem("plan", "there is nothing to show yet.", "Open a trial first."))
    if problems:
        raise BadInput(problems)
    return {"titles": titles, "diary": diary or None}


def calendar(asked: Asked) -> Response:
    """The calendar that an address opens: what is confirmed now, and nothing that was stopped."""
    link = links_of(asked).look(asked.request.path_params["token"], now=asked.now, purpose=_PURPOSE)
    if link is None or link.person is None:
        raise Refused(404, Problem("feed", "it opens nothing, or nothing any more.", "Make a new address in the app."))
    of = replace(asked, whose=link.person)
    if asked.house.board.newly_listed(_PURPOSE, [link.person], asked.now.date()):  # a calendar looks many times a day
        watched_by_link(asked, link, PLAN)
    zone = zone_named(of.known.about.get("zone", "")) or ZoneInfo("UTC")
    look, diary = Look(zone, link.body["titles"] == _FULL), link.body["diary"]
    texts = list[bytes]()
    for trial in of.known.deciding.trials.values():
        file = _shown(trial, of)
        if file is not None:
            at = None if diary is None or texts else read_clock(str(diary), "diary")  # asked for once, not by each plan
            texts.append(feed_of(file, look, read_times(()), today=of.today, diary=at).text)
    return Response(_together(texts), media_type="text/calendar; charset=utf-8")


def _shown(trial: Trial, asked: Asked) -> PlanFile | None:
    """The version that is followed today; None where nobody may follow one, or it was stopped."""
    if trial.plan is None or trial.confirmed is None or trial.ended_on is not None:
        return None
    if standing(trial.plan.file, asked.today).kind not in (CURRENT, EARLIER):
        return None
    file = trial.confirmed.file
    try:
        feed_of(file, Look(ZoneInfo("UTC")), read_times(()), today=asked.today)
    except BadInput:  # it has lapsed: it is no plan to follow, and the app says why
        return None
    return file


def _together(texts: list[bytes]) -> bytes:
    """Several calendars as one; the rules of a time zone stand in it once."""
    if len(texts) == 1:
        return texts[0]
    whole = Calendar()
    for key, value in (("PRODID", "-//cleardays//feed//EN"), ("VERSION", "2.0"), ("X-WR-CALNAME", "Reminders")):
        whole.add(key, value)
    zones = set[str]()
    for text in texts:
        for part in Calendar.from_ical(text).subcomponents:
            if part.name != "VTIMEZONE":
                whole.add_component(part)
            elif str(part["TZID"]) not in zones:
                zones.add(str(part["TZID"]))
                whole.add_component(part)
    found: bytes = whole.to_ical()
    return found


ROWS = (
    Endpoint("GET", _PATH, feed, Need(PLAN, CHANGE), "the address of the calendar"),
    Endpoint("POST", _PATH, make_feed, Need(PLAN, CHANGE), "make or end the address of the calendar", often=10),
    Endpoint("GET", _FEED, calendar, Need(OPEN), "the calendar of the plan", often=30),
)
