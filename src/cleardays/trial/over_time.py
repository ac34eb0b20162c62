"""What a review says beside its verdict: of sessions, of wearing off before the next one, of remission and its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cleardays.diary.conditions import Outcome
from cleardays.diary.records import Diary
from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import Response
from cleardays.response.design import Circumstances
from cleardays.sources import Reason
from cleardays.trial.remission import Remission, remission

if TYPE_CHECKING:
    from cleardays.catalogue.treatments import Treatment
    from cleardays.plan.journal import PlanFile
    from cleardays.plan.session_record import SessionRecord
    from cleardays.plan.wearing_off import WearingOff
    from cleardays.trial.session_relief import Sessions


class OverTime(NamedTuple):
    """Each is None where there is nothing of the kind: no session, no course of a cycle, no day of treatment yet."""

    sessions: Sessions | None = None
    wearing_off: WearingOff | None = None
    remission: Remission | None = None

    @property
    def lines(self) -> tuple[Reason, ...]:
        """What a page says, with its sources; nothing where there is nothing to say."""
        found = [*(() if self.sessions is None else self.sessions.lines)]
        if self.wearing_off is not None:
            because = f"Does it wear off before the next session? {self.wearing_off.says}"
            found.append(self.wearing_off.reasons[0]._replace(rule=f"wearing-off.{self.wearing_off.answer}", because=because))
        return (*found, *(() if self.remission is None else self.remission.lines))

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        parts = {"sessions": self.sessions, "wearing_off": self.wearing_off, "remission": self.remission}
        return {name: None if part is None else part.document() for name, part in parts.items()}


class Reviewed(NamedTuple):
    """What a review rests on, and its verdict."""

    treatment: str
    start: date
    days: DaySeries  # the outcome; its last day is the last one read
    headache: DaySeries
    said: Outcome
    exposure: ExposureSeries
    beside: Circumstances
    response: Response
    seed: int


def over_time(diary: Diary, of: Reviewed, *, plan: PlanFile | None = None, records: Sequence[SessionRecord] = ()) -> OverTime:
    """Look at the sessions and at the days since the start.

    Args:
        diary: its table of doses tells of sessions.
        of: what the review found.
        plan: by which the treatment was given.
        records: of supervised sessions.

    Raises:
        BadInput: a record is of another treatment, or two are of one day.
    """
    sessions, wearing = _of_sessions(diary, of, plan, records)
    headache = of.headache if of.said.headache else None
    lasting = remission(of.days, of.start, of.said, headache=headache, verdict=of.response.reasons, seed=of.seed)
    return OverTime(sessions, wearing, lasting)


def _of_sessions(
    diary: Diary, of: Reviewed, plan: PlanFile | None, records: Sequence[SessionRecord]
) -> tuple[Sessions | None, WearingOff | None]:
    known = _catalogued(of.treatment)
    told = plan is not None or records or diary.beside.doses
    if not told and (known is None or not known.facts("session")):
        return None, None  # which is so of most reviews
    from cleardays.trial.session_relief import Judged, sessions_of
    from cleardays.trial.sessions_held import later_ones_unknown, sessions_held

    held = sessions_held(diary, of.treatment, of.start, of.days.last_day, plan=plan, records=records)
    if not held:
        return None, None
    judged = Judged(of.days, of.exposure, of.response, of.said, known, of.beside, of.seed)
    told_of = not later_ones_unknown(held, known, of.days.last_day)  # else a cycle of which nobody knows where it ended
    wearing = _wearing_off(known, of.days, [each.on for each in held]) if told_of else None
    return sessions_of(held, judged, records), wearing


def _catalogued(treatment: str) -> Treatment | None:
    from cleardays.trial.catalogued import catalogued  # its names are looked up, which takes a moment

    return catalogued(treatment)


def _wearing_off(known: Treatment | None, days: DaySeries, sessions: Sequence[date]) -> WearingOff | None:
    """By the days of the sessions, where the catalogue holds the course of a cycle."""
    from cleardays.plan.session_effect import course_of
    from cleardays.plan.wearing_off import wearing_off

    return None if known is None or course_of(known) is None else wearing_off(known, days, sessions)
