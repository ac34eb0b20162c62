"""Hourly levels of many regimens at once: one pass over the hours, all regimens side by side.

From one whole hour to the next the pools of `cleardays.kinetics.pools` are multiplied by numbers that stay the
same while the rates do, so that an hour costs a few multiplications and no exponential. What is taken between two
whole hours, and a change of clearance between them, is carried exactly to the end of its hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleardays.kinetics.model import levels
from cleardays.kinetics.parameters import Parameters
from cleardays.kinetics.piecewise import NO_PHASES, Phases, Regimen, factor_at
from cleardays.kinetics.pools import Hours, passed_on

_AT_ONCE = 1024  # regimens side by side; bounds the memory
Index = npt.NDArray[np.intp]


class _People(NamedTuple):
    """One value for each regimen; `into` 0 where a dose is in the blood at once."""

    into: Hours
    out: Hours
    volume: Hours
    at_once: npt.NDArray[np.bool_]


class _Steps(NamedTuple):
    """Stretches of time within one hour, each of one regimen: where it ends, and the two parts that a change cuts it into."""

    who: Index
    end: Index
    factor_1: Hours
    length_1: Hours
    factor_2: Hours
    length_2: Hours


def hourly(
    parameters: Sequence[Parameters], regimens: Sequence[Regimen], hours: int, phases: Sequence[Phases] | None = None
) -> Hours:
    """Levels in mg/l at hour 0, 1, ... of each regimen: (regimens, hours).

    Args:
        parameters: of each regimen's person.
        regimens: doses in any order.
        hours: how many; the last is `hours` - 1.
        phases: spells of changed clearance of each; none where left out.
    """
    changes = [NO_PHASES] * len(regimens) if phases is None else list(phases)
    found = np.zeros((len(regimens), hours))
    steady = np.array([_fits(*each) for each in zip(regimens, changes, strict=True)], bool)
    for index in np.flatnonzero(~steady).tolist():
        found[index] = levels(parameters[index], regimens[index], np.arange(float(hours)), changes[index])
    plain = np.flatnonzero(steady).tolist()
    for first in range(0, len(plain) if hours else 0, _AT_ONCE):
        some = plain[first : first + _AT_ONCE]
        chosen = ([parameters[n] for n in some], [regimens[n] for n in some], [changes[n] for n in some])
        found[some] = _side_by_side(*chosen, hours)
    return found


def _fits(regimen: Regimen, phases: Phases) -> bool:
    """Whether nothing is taken before hour 0, and clearance changes at most once between two whole hours."""
    between = np.floor(phases.from_h[phases.from_h % 1 != 0])
    return bool((regimen.at_h >= 0).all() and np.unique(between).size == between.size)


def _side_by_side(parameters: list[Parameters], regimens: list[Regimen], phases: list[Phases], hours: int) -> Hours:
    people = _People(
        np.array([each.absorption_per_h or 0.0 for each in parameters]),
        np.array([each.elimination_per_h for each in parameters]),
        np.array([each.volume_l for each in parameters]),
        np.array([each.absorption_per_h is None for each in parameters]),
    )
    gut_in, blood = _taken(people, regimens, phases, hours)
    changes = _steps(phases, [_hours_that_differ(each, hours) for each in phases])
    _, left, passed = _over(people, changes)
    order = np.argsort(changes.end, kind="stable")
    who, left, passed = changes.who[order], left[order], passed[order]
    bounds = np.searchsorted(changes.end[order], np.arange(hours + 1)).tolist()
    stays = np.exp(-people.into)
    remains, passes = np.exp(-people.out), passed_on(people.into, people.out, np.ones(1))
    gut, moved = gut_in[0].copy(), np.empty(len(regimens))
    for hour in range(1, hours):
        first, last = bounds[hour], bounds[hour + 1]
        if first < last:
            remains[who[first:last]], passes[who[first:last]] = left[first:last], passed[first:last]
        row = blood[hour]  # holds what was taken within the hour; the rest is added
        row += np.multiply(blood[hour - 1], remains, out=moved)
        row += np.multiply(gut, passes, out=moved)
        gut *= stays
        gut += gut_in[hour]
    blood /= people.volume
    return blood.T


def _taken(people: _People, regimens: list[Regimen], phases: list[Phases], hours: int) -> tuple[Hours, Hours]:
    """What the doses within each hour leave in gut and blood at its end: (hours, people) each."""
    used = [each.at_h <= hours - 1 for each in regimens]
    doses = np.concatenate([each.dose_mg[some] for each, some in zip(regimens, used, strict=True)])
    steps = _steps(phases, [each.at_h[some] for each, some in zip(regimens, used, strict=True)], dose=True)
    stays, left, passed = _over(people, steps)
    at_once = people.at_once[steps.who]
    shape = (hours, len(regimens))
    place = steps.end * shape[1] + steps.who
    gut = np.bincount(place, doses * np.where(at_once, 0.0, stays), shape[0] * shape[1])
    blood = np.bincount(place, doses * np.where(at_once, left, passed), shape[0] * shape[1])
    return gut.reshape(shape).astype(float, copy=False), blood.reshape(shape).astype(
        float, copy=False
    )  # whole numbers if empty


def _hours_that_differ(phases: Phases, hours: int) -> Hours:
    """The start of each hour from which on another rate holds than in the hour before it, 0 for one that has begun by then."""
    begins = np.floor(phases.from_h)
    after = begins[phases.from_h % 1 != 0] + 1
    found = np.unique(np.maximum(np.concatenate([begins, after]), 0.0))
    return np.asarray(found[found < hours - 1])


def _steps(phases: list[Phases], starts: list[Hours], *, dose: bool = False) -> _Steps:
    """The stretch from each start to the end of its hour; a dose on a whole hour ends one, anything else begins one."""
    start = np.concatenate(starts)
    end = np.ceil(start) if dose else np.floor(start) + 1
    who = np.repeat(np.arange(len(starts)), [each.size for each in starts])
    factor_1, factor_2, cut = np.ones(start.size), np.ones(start.size), end.copy()
    first = 0
    for each, own in zip(phases, starts, strict=True):
        part = slice(first, first + own.size)
        first += own.size
        if each.from_h.size and own.size:
            factor_1[part], factor_2[part], cut[part] = _cut(each, own, end[part])
    return _Steps(who, end.astype(np.intp), factor_1, cut - start, factor_2, end - cut)


def _cut(phases: Phases, start: Hours, end: Hours) -> tuple[Hours, Hours, Hours]:
    """The factors of clearance before and after the change within each stretch, and when it is; without one, at the end."""
    changes = np.append(np.sort(phases.from_h), np.inf)
    cut = np.minimum(changes[np.searchsorted(changes, start, side="right")], end)
    return factor_at(phases, start), factor_at(phases, cut), cut


def _over(people: _People, steps: _Steps) -> tuple[Hours, Hours, Hours]:
    """Shares at the end of each stretch: of the gut what is still in it, of the blood too, of the gut what is in the blood."""
    into, out = people.into[steps.who], people.out[steps.who]
    out_1, out_2 = out * steps.factor_1, out * steps.factor_2
    later = np.exp(-out_2 * steps.length_2)
    early = passed_on(into, out_1, steps.length_1) * later
    passed = early + np.exp(-into * steps.length_1) * passed_on(into, out_2, steps.length_2)
    return np.exp(-into * (steps.length_1 + steps.length_2)), np.exp(-out_1 * steps.length_1) * later, passed
