"""The one object that every page of a trial is laid out from. What is not in it is on no page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cleardays.plan.journal import PlanFile
from cleardays.problems import Problem
from cleardays.sources import Reason
from cleardays.trial.account.acute import AcuteUse, Residual
from cleardays.trial.account.course import Course
from cleardays.trial.account.numbers import Number, Span
from cleardays.trial.account.provenance import Origin, Told
from cleardays.trial.account.read import DayMark
from cleardays.trial.account.regimens import Regimen
from cleardays.trial.account.rules import page_rules
from cleardays.trial.account.safety import Safety
from cleardays.trial.account.scales import Scale
from cleardays.trial.account.who import Coverage, Own, Who
from cleardays.trial.review import Review
from cleardays.trial.story.baseline import Baseline
from cleardays.trial.story.trial_record import Decision


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that may be said of one trial on one day.

    `review` None: no day is known of what is judged. `nothing_known` is what the diary does not tell though it is judged by
    it; with a review it is then judged by what the plan names next. `start` None: not begun. `all_days` has one mark a day
    from the first to the last, `overuse` says whether a limit of acute medicines was reached in the last month (None: never
    told), `told` how each known day came to be known. `baseline` is the one that was fixed before the treatment, None where
    none was. `origin` is the place in a store, None of a diary that comes from a file.
    """

    who: Who
    treatment: str
    indication: str | None
    start: date | None
    as_of: date
    about: Mapping[str, str]
    version: str
    catalogue_version: str
    coverage: Coverage
    span: Span
    review: Review | None
    nothing_known: Problem | None
    course: Course
    numbers: tuple[Number, ...]
    acute: tuple[AcuteUse, ...]
    overuse: str | None
    residual: Residual | None
    all_days: tuple[DayMark, ...]
    ledger: tuple[Regimen, ...]
    safety: Safety
    scales: tuple[Scale, ...]
    questions: tuple[Reason, ...]
    stop_rule: Reason | None
    own: Own
    plan: PlanFile | None = None
    baseline: Baseline | None = None
    decisions: tuple[Decision, ...] = ()
    why: str | None = None
    told: Mapping[date, Told] = field(default_factory=dict)
    origin: Origin | None = None

    @property
    def days(self) -> tuple[DayMark, ...]:
        """The days of the chart: the last six months, or what there is of them."""
        return self.all_days[-page_rules()["chart"]["days"] :]

    @property
    def headache(self) -> bool:
        """Whether it is a trial of headaches."""
        return not self.numbers or self.numbers[0].item == "headache_day" or self.residual is not None

    def document(self) -> dict[str, Any]:
        """As it stands in JSON output."""
        return {
            "who": self.who.document(),
            "treatment": self.treatment,
            "indication": self.indication,
            "start": None if self.start is None else self.start.isoformat(),
            "as_of": self.as_of.isoformat(),
            "about": dict(self.about),
            "version": self.version,
            "catalogue_version": self.catalogue_version,
            "coverage": self.coverage.document(),
            "compared": {
                "before": None if self.span.before is None else [day.isoformat() for day in self.span.before],
                "recent": [day.isoformat() for day in self.span.recent],
            },
            "response": None if self.review is None else self.review.document(),
            "nothing_known": None if self.nothing_known is None else self.nothing_known.what,
            "course": self.course.document(),
            "numbers": [number.document() for number in self.numbers],
            "acute": [use.document() for use in self.acute],
            "overuse": self.overuse,
            "residual": None if self.residual is None else self.residual.document(),
            "days": [day.document() for day in self.all_days],
            "ledger": [regimen.document() for regimen in self.ledger],
            "safety": self.safety.document(),
            "scales": [scale.document() for scale in self.scales],
            "questions": [question.document() for question in self.questions],
            "stop_rule": None if self.stop_rule is None else self.stop_rule.document(),
            "own": self.own.document(),
            "plan_version": None if self.plan is None else self.plan.version,
            "plan_confirmed": None if self.plan is None else self.plan.confirmation is not None,
            "baseline": None if self.baseline is None else self.baseline.document(),
            "decisions": [decision.document() for decision in self.decisions],
            "why": self.why,
            "told": {day.isoformat(): told.document() for day, told in self.told.items()},
            "origin": None if self.origin is None else self.origin.document(),
        }
