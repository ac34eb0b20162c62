"""How often one caller may ask: a bucket each that fills evenly; an attack is always let through.

Buckets are of one process and forgotten when full: they hold back a program that guesses or floods, and nobody else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

_MOST_CALLERS = 50_000
_MINUTE_S = 60.0


def caller_of(request: HTTPConnection) -> str:
    """Who asks, as far as the network tells."""
    return "unknown" if request.client is None else neighbourhood(request.client.host)


def neighbourhood(address: str) -> str:
    """An address as it is counted: of IPv6 the first half, since whoever has one address there has all of its network.

    >>> neighbourhood("192.0.2.7"), neighbourhood("2001:db8:1:2:3:4:5:6"), neighbourhood("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8:1:2::', '192.0.2.7')
    """
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Address(int(known) >> 64 << 64))


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
