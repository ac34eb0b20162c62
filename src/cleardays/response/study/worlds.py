"""The worlds of the study: what the model assumes, and truths that it does not.

Every world is a small generator of people with their truth. Each person is enrolled after a month that was at least
25 % worse than the own average (people seek help when it is bad), keeps 28 days before and 84 after the start, and
leaves a fifth of the days unknown, unless the world says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from cleardays.evidence.prior.stored import Expected
from cleardays.response.study import effects, keeping, levels
from cleardays.response.study.attacks import attack_person
from cleardays.response.study.chains import Setting, chain_person
from cleardays.response.study.person import Person


class World(NamedTuple):
    """A kind of people: its name, the group it is shown with, and how it differs from the base world."""

    name: str
    group: str
    says: str
    person: Callable[[np.random.Generator], Person]


def _chain(name: str, group: str, says: str, setting: Setting) -> World:
    return World(name, group, says, partial(chain_person, setting=setting))


_BASE = Setting()
_ON_RATE = _BASE._replace(effect=effects.effect_on_rate)
_MOST = 27.7  # days per 28 of the most frequent: a long-run rate of all days has no logit
BASE = "base"

_ALL = (
    _chain(BASE, "base-and-variants", "4 to 20 days in 28, 40 % without any effect", _BASE),
    _chain("informative-missing", "base-and-variants", "days had are missing twice as often",
           _BASE._replace(keep=keeping.fewer_bad_days)),
    _chain("short-treatment", "base-and-variants", "56 days of treatment", _BASE._replace(after=56)),
    _chain("short-run-in", "base-and-variants", "7 days before the start", _BASE._replace(before=7)),
    _chain("level-4-9", "by-level", "4 to 9 days in 28", _BASE._replace(usual=(4, 9))),
    _chain("level-10-14", "by-level", "10 to 14 days in 28", _BASE._replace(usual=(10, 14))),
    _chain("level-15-22", "by-level", "15 to 22 days in 28", _BASE._replace(usual=(15, 22))),
    _chain("level-23-28", "by-level", "23 to 28 days in 28", _BASE._replace(usual=(23, _MOST))),
    _chain("rate-15-22", "by-level", "15 to 22 in 28, as many per cent less as at 12", _ON_RATE._replace(usual=(15, 22))),
    _chain("rate-23-28", "by-level", "23 to 28 in 28, as many per cent less as at 12", _ON_RATE._replace(usual=(23, _MOST))),
    World("attacks", "attacks", "attacks of 4 to 72 hours with a rest after each, no chain of days", attack_person),
    _chain("random-walk", "moving-level", "the level wanders off for good", _BASE._replace(level=levels.random_walk)),
    _chain("season", "moving-level", "a wave of a year", _BASE._replace(level=levels.season)),
    _chain("step", "moving-level", "one sudden lasting change at any time", _BASE._replace(level=levels.step)),
    _chain("waning", "effect-in-time", "the effect fades after 8 weeks", _BASE._replace(lasts=effects.waning)),
    _chain("late-onset", "effect-in-time", "the effect comes on twice as slowly", _BASE._replace(onset=28.0)),
    _chain("doses", "dose-steps", "dose steps and side effects, told to the model", _BASE._replace(course=effects.by_steps)),
    _chain("doses-untold", "dose-steps", "the same, only the start told", _BASE._replace(course=effects.by_steps_untold)),
    _chain("super-responders", "responders", "30 % with a very large effect, none in the others",
           _BASE._replace(effect=effects.two_populations)),
    _chain("bad-days-only", "logging", "after the start no clear day is logged", _BASE._replace(keep=keeping.bad_days_only)),
    _chain("bad-days-mostly", "logging", "all along fewer than half of the clear days are logged",
           _BASE._replace(keep=keeping.bad_days_mostly)),
    _chain("stops-when-better", "logging", "logging ends once it is better", _BASE._replace(keep=keeping.until_better)),
    _chain("stops-when-worse", "logging", "logging ends once it is worse", _BASE._replace(keep=keeping.until_worse)),
    _chain("recalled-weeks", "memory", "half of the weeks are filled in from memory",
           _BASE._replace(keep=keeping.weeks_from_memory)),
    _chain("recalled-baseline", "memory", "the days before the start are filled in from memory",
           _BASE._replace(keep=keeping.baseline_from_memory)),
    _chain("menstrual", "menstrual", "five worse days in each cycle", _BASE._replace(cyclic=True)),
    _chain("chronic-daily", "extremes", "26 to 28 in 28, as many per cent less as at 12", _ON_RATE._replace(usual=(26, _MOST))),
    _chain("chronic-daily-logit", "extremes", "26 to 28 in 28, the base world's effect on the logit",
           _BASE._replace(usual=(26, _MOST))),
    _chain("rare", "extremes", "1 to 3 days in 28", _BASE._replace(usual=(1, 3))),
)  # fmt: skip
AS_IN_TRIALS = "as-in-trials"
_USUAL = {"episodic-migraine": (4.0, 14.0)}  # days per 28; the others have chronic migraine
_CHRONIC = (15.0, 26.0)


def trial_world(expected: Expected) -> World:
    """People like those in the trials of a treatment: their rate is multiplied as the trials let expect."""
    usual = _USUAL.get(expected.indication, _CHRONIC)
    says = f"{usual[0]:g} to {usual[1]:g} days in 28, as many fewer as the trials of {expected.treatment} let expect"
    setting = _BASE._replace(usual=usual, effect=effects.as_in_trials(expected.multiplier.tolist()))
    return _chain(AS_IN_TRIALS, "trials", says, setting)


WORLDS = {world.name: world for world in _ALL}
GROUPS = tuple(dict.fromkeys(world.group for world in _ALL))
