"""The safety box: findings and grave side effects with their days, what is due next, what the screen of the plan found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.diary.records import Diary
from cleardays.diary.red_flags import TIERS, RedFlag, red_flags
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.journal import PlanFile
from cleardays.plan.monitoring import Check
from cleardays.trial.account.read import Read
from cleardays.trial.account.rules import page_rules
from cleardays.trial.told_signs import told_signs

_SHOWN = ("page-policy",)
_TOLD = "you told it in the diary"


class Effect(NamedTuple):
    """A side effect that stands in the box by itself: a severe or a serious one."""

    on: date
    term: str
    severity: str | None
    serious: bool | None
    outcome: str | None
    attribution: str | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "on": self.on.isoformat()}


class Due(NamedTuple):
    """A check of the plan that comes next, and on which day."""

    on: date
    check: Check

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"next_on": self.on.isoformat(), **self.check.document()}


class Warned(NamedTuple):
    """An alert of the plan's screen, and whether the plan itself answers it."""

    alert: Alert
    answered: bool

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self.alert.document(), "answered": self.answered}


class Safety(NamedTuple):
    """All of it. `screened` False: there is no plan, so that nobody looked; an empty list then says nothing.

    `standing` are the checks that hold at every contact; `pregnancy` what was told of it, None where nothing was.
    """

    findings: tuple[RedFlag, ...] = ()
    effects: tuple[Effect, ...] = ()
    due: tuple[Due, ...] = ()
    standing: tuple[Check, ...] = ()
    interactions: tuple[Warned, ...] = ()
    of_pregnancy: tuple[Warned, ...] = ()
    alerts: tuple[Warned, ...] = ()
    pregnancy: str | None = None
    screened: bool = False

    @property
    def in_the_way(self) -> tuple[RedFlag, ...]:
        """Open findings that nobody may read past: "it works" is not said while one stands."""
        return tuple(flag for flag in self.findings if flag.open and flag.tier in page_rules()["blocks"]["tiers"])

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "findings": [{**flag._asdict(), "on": flag.on.isoformat(), "source": list(flag.source)} for flag in self.findings],
            "effects": [effect.document() for effect in self.effects],
            "due": [due.document() for due in self.due],
            "standing": [check.document() for check in self.standing],
            "interactions": [each.document() for each in self.interactions],
            "of_pregnancy": [each.document() for each in self.of_pregnancy],
            "alerts": [each.document() for each in self.alerts],
            "pregnancy": self.pregnancy,
            "screened": self.screened,
        }


def safety_of(
    found: Read, plan: PlanFile | None, as_of: date, *, flags: Sequence[RedFlag] = (), pregnancy: str | None = None
) -> Safety:
    """What stands on a day.

    Args:
        found: the diary up to that day.
        plan: by which the treatment is taken.
        as_of: the day.
        flags: signs that were shown, with what was done; each takes the place of the diary's own of that day.
        pregnancy: as it was told last beside the plan.
    """
    diary = found.diary
    seen = () if found.classified is None else red_flags(diary, found.classified)
    told = () if plan is None else tuple(told_signs(plan, diary, as_of, shown={(flag.on, flag.code) for flag in flags}))
    recent = [flag for flag in _joined(seen, flags) if _still_matters(flag, as_of)]
    findings = tuple(_joined(recent, told))
    box = Safety(findings, tuple(_effects(diary)), pregnancy=pregnancy)
    if plan is None:
        return box
    rules = page_rules()["alerts"]
    least = grave(rules["from_severity"])
    alerts = [Warned(each.alert, each.answered) for each in plan.plan.alerts]
    spoken = [each for each in alerts if grave(each.alert.severity) <= least]
    due, standing = _checks(plan, as_of)
    return box._replace(
        due=due,
        standing=standing,
        interactions=_beginning(spoken, rules["interactions"]),
        of_pregnancy=_beginning(alerts, rules["pregnancy"]),
        alerts=tuple(each for each in spoken if not each.alert.code.startswith((*rules["interactions"], *rules["pregnancy"]))),
        pregnancy=pregnancy or _pregnancy(plan),
        screened=True,
    )


def _joined(seen: Sequence[RedFlag], shown: Sequence[RedFlag]) -> list[RedFlag]:
    """What was shown says whether anybody answered it; the most urgent first, then the latest."""
    answered = {(flag.code, flag.on) for flag in shown}
    every = [*shown, *(flag for flag in seen if (flag.code, flag.on) not in answered)]
    return sorted(every, key=lambda flag: (not flag.open, TIERS.index(flag.tier), -flag.on.toordinal(), flag.code))


def _still_matters(flag: RedFlag, as_of: date) -> bool:
    """What was told stands until it is answered, and for a while after; what the diary shows by itself for a while."""
    recent = flag.on > as_of - timedelta(days=page_rules()["blocks"]["seen_within_days"])
    return recent or (flag.open and (_TOLD in flag.because or flag.source == _SHOWN))


def _effects(diary: Diary) -> Iterator[Effect]:
    grave_ones = page_rules()["effects"]["severities"]
    for event in sorted(diary.beside.events, key=lambda event: event.date, reverse=True):
        if event.kind == "side_effect" and (event.serious or event.severity in grave_ones):
            yield Effect(event.date, event.term, event.severity, event.serious, event.outcome, event.attribution)


def _beginning(alerts: list[Warned], prefixes: list[str]) -> tuple[Warned, ...]:
    return tuple(each for each in alerts if each.alert.code.startswith(tuple(prefixes)))


def _checks(plan: PlanFile, as_of: date) -> tuple[tuple[Due, ...], tuple[Check, ...]]:
    """What comes next on a day of its own, and what holds at every contact."""
    due, standing = list[Due](), dict[str, Check]()
    for check in plan.plan.monitoring:
        on = _next_on(check, as_of)
        if on is not None:
            due.append(Due(on, check))
        elif check.on <= as_of and (check.until is None or check.until >= as_of):
            standing.setdefault(check.what, check)
    first = dict[str, Due]()
    for each in sorted(due, key=lambda each: (each.on, each.check.what)):
        first.setdefault(each.check.what, each)
    return tuple(first.values())[: page_rules()["monitoring"]["most"]], tuple(standing.values())


def _next_on(check: Check, as_of: date) -> date | None:
    """The next day of a check that has days of its own; None of one that is over or holds at every contact."""
    if check.on > as_of:
        return check.on
    if not check.every_days:
        return None
    passed = (as_of - check.on).days // check.every_days + 1
    day = check.on + timedelta(days=passed * check.every_days)
    return day if check.until is None or day <= check.until else None


def _pregnancy(plan: PlanFile) -> str | None:
    """As it was told last with the plan."""
    told = [entry.data["person"].get("pregnancy") for entry in plan.entries if isinstance(entry.data.get("person"), dict)]
    known = [each for each in told if each is not None]
    return str(known[-1]) if known else None
