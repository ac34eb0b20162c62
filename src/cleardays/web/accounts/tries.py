"""How often somebody may be wrong: so often an hour for a login, and so often for an address; who is right is not held back."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

_HOUR_S = 3600.0
_MOST_KNOWN = 50_000
# Wrong ones within an hour. A clinic's people may share one address.
OF_LOGIN, OF_ADDRESS = 20, 100


class Tries:
    """Counts of wrong tries; of one process, and gone when it ends."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, login: str, address: str) -> float:
        """The seconds until the next try is looked at; 0 now."""
        with self._lock:
            return max(self._wait(f"login {login}", OF_LOGIN), self._wait(f"address {address}", OF_ADDRESS))

    def wrong(self, login: str, address: str) -> None:
        """Remember one that was wrong."""
        with self._lock:
            for key in (f"login {login}", f"address {address}"):
                self._wrong.setdefault(key, deque()).append(self._clock())
                self._wrong.move_to_end(key)
            while len(self._wrong) > _MOST_KNOWN:
                self._wrong.popitem(last=False)

    def right(self, login: str) -> None:
        """Forget those of a login whose owner came in."""
        with self._lock:
            self._wrong.pop(f"login {login}", None)

    def _wait(self, key: str, most: int) -> float:
        wrong, now = self._wrong.get(key), self._clock()
        while wrong and wrong[0] <= now - _HOUR_S:
            wrong.popleft()
        return 0.0 if wrong is None or len(wrong) < most else wrong[-most] + _HOUR_S - now
