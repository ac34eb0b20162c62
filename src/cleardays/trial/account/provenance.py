"""Where each day comes from: when it was written down, live or from memory, and whether it was told before otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from cleardays.diary.answers import recalled, reported_on
from cleardays.diary.records import Diary
from cleardays.trial.story.diary_told import DAY_TOLD, Cells, Key


class Told(NamedTuple):
    """How one day came to be known.

    `written` is the local day on which it was written down, None where that was not kept. `event` is the place of the
    event that tells it in the person's story, `earlier` the places of those it took the place of; a diary that comes
    from a file has neither.
    """

    written: date | None
    recalled: bool
    event: int | None = None
    earlier: tuple[int, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "written": None if self.written is None else self.written.isoformat(),
            "how": self.how,
            "event": self.event,
            "earlier_events": list(self.earlier),
        }

    @property
    def how(self) -> str:
        """Live, recalled, or corrected: told again after it was told first."""
        return "corrected" if self.earlier else "recalled" if self.recalled else "live"


class Origin(NamedTuple):
    """The place in a store that a page was made from: whose story, the last event read, and the head of its chain.

    `digest` is None where the story comes from no store.
    """

    person: str
    seq: int
    digest: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return self._asdict()


def told_days(diary: Diary, entries: Mapping[Key, Cells] | None = None) -> dict[date, Told]:
    """How each day of a diary came to be known.

    Args:
        diary: up to the day that is looked at.
        entries: of the story it was folded from, where there is one.
    """
    found = dict[date, Told]()
    for record in diary.records:
        zone = record.tz or diary.about.get("zone")
        written = None if record.reported_at is None else reported_on(record, zone)
        cells = None if entries is None else entries.get((DAY_TOLD, record.date.isoformat()))
        event, earlier = (None, ()) if cells is None else (cells.seq, cells.earlier)
        found[record.date] = Told(written, recalled(record, zone), event, earlier)
    return found
