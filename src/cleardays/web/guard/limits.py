"""How often one caller may ask: a bucket each that fills evenly; an attack is always let through.

Buckets are of one process and forgotten when full: they hold back a program that guesses or floods, and nobody else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

_MOST_CALLERS = 50_000
_MINUTE_S = 60.0


class Buckets:
    """One bucket for each caller and each thing asked for."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, caller: str, what: str, often: int) -> float:
        """Take one; returns the seconds to wait, 0 where it may be answered now.

        Args:
            caller: an account or an address.
            what: the endpoint.
            often: how many a minute; so many may also come at once.
        """
        now, key = self._clock(), (caller, what)
        left, since = self._left.pop(key, (float(often), now))
        left = min(float(often), left + (now - since) * often / _MINUTE_S)
        wait = 0.0 if left >= 1 else (1 - left) * _MINUTE_S / often
        self._left[key] = (left if wait else left - 1, now)
        while len(self._left) > _MOST_CALLERS:
            self._left.popitem(last=False)
        return wait
