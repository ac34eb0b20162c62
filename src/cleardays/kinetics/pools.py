"""Gut and blood as two pools, moved on exactly from one event to the next.

An event is a dose, a change of the rate of elimination, or both. From one event to the next
the rates are constant, so that way is known in closed form and nothing is stepped:

    gut(s)   = gut exp(-a s)
    blood(s) = blood exp(-k s) + gut a (exp(-k s) - exp(-a s)) / (a - k)

with a the rate of absorption and k that of elimination. What was taken long ago is in the two
pools, so that an hour costs the same after two doses as after a thousand. Source: Gibaldi and
Perrier, Pharmacokinetics, chapters 1 and 3.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Hours = npt.NDArray[np.float64]
_NO_DIFFERENCE = 1e-200  # per h; stands for rates that are equal, where the formula above divides by zero


class Events(NamedTuple):
    """What happens when, in rising order of `at_h`: a dose in mg (or 0), and the rate of elimination per h from then on.

    `at_h` and `dose_mg` have the shape (events,), `out_per_h` (events,) or (people, events).
    """

    at_h: Hours
    dose_mg: Hours
    out_per_h: Hours


def blood_mg(events: Events, into_per_h: float | None, at_h: Hours) -> Hours:
    """What is in the blood, in mg, at each hour asked for; 0 before the first event.

    Args:
        events: in rising order; a dose at the very hour that is asked for has been taken.
        into_per_h: rate of absorption; None is a dose that is in the blood at once.
        at_h: hours, any shape; people come before it in the shape of the answer.
    """
    gut, blood = _after_each(events, into_per_h)
    if not events.at_h.size:
        return np.zeros(np.shape(at_h))
    last = np.searchsorted(events.at_h, at_h, side="right") - 1  # -1, none yet, reads the last one and is set to 0 below
    since, out = np.maximum(at_h - events.at_h[last], 0.0), events.out_per_h[..., last]
    amount = blood[..., last] * np.exp(-out * since)
    if into_per_h is not None:
        amount += gut[last] * passed_on(into_per_h, out, since)
    return np.asarray(np.where(last >= 0, amount, 0.0))


def _after_each(events: Events, into_per_h: float | None) -> tuple[Hours, Hours]:
    """What is in gut (events,) and blood (events,) or (people, events) right after each event."""
    since = np.diff(events.at_h, prepend=events.at_h[:1])
    out = np.concatenate([events.out_per_h[..., :1], events.out_per_h[..., :-1]], axis=-1)  # before each event
    nothing = np.zeros_like(since)
    to_gut, to_blood = (nothing, events.dose_mg) if into_per_h is None else (events.dose_mg, nothing)
    stays = np.exp(-(into_per_h or 0.0) * since)
    remains, passes = np.exp(-out * since), passed_on(into_per_h or 0.0, out, since)
    gut, blood = 0.0, np.zeros(out.shape[:-1])
    in_gut, in_blood = [], []
    for kept, left, passed, swallowed, given in zip(stays, remains.T, passes.T, to_gut, to_blood, strict=True):
        blood = blood * left + gut * passed + given
        gut = gut * kept + swallowed
        in_gut.append(gut)
        in_blood.append(blood)
    return np.array(in_gut), np.array(in_blood).T


def passed_on(into: float | Hours, out: Hours, since: Hours) -> Hours:
    """The share of what was in the gut that is in the blood so many hours later.

    The formula above, with the slower rate taken out of the difference, so that nothing cancels or overflows;
    where the rates are equal it is a s exp(-a s).
    """
    apart = np.maximum(np.abs(into - out), _NO_DIFFERENCE)
    return np.asarray(into * np.exp(-np.minimum(into, out) * since) * -np.expm1(-apart * since) / apart)
