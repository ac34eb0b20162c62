"""How a server is run: for one person on their own machine, or for a clinic behind a proxy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cleardays.problems import BadInput, Problem, shown

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Settings(NamedTuple):
    """What does not change while a server runs.

    Args:
        clinic: accounts and roles; without it one person uses their own machine and signs in nowhere.
        data: the folder of the store and of its secrets.
        store: where the store is; None is a file in `data`.
        origin: how browsers call the server, such as "https://headache.example"; None is loopback at any port.
        proxies: addresses whose word on the caller's address and on TLS is taken.
        idle: after which time without a request a viewer who reads health data has to sign in again, by role.
        longest: after which time in any case.
    """

    clinic: bool = False
    data: Path = Path()
    store: str | None = None
    origin: str | None = None
    proxies: tuple[str, ...] = ()
    idle: Mapping[str, timedelta] = {  # never changed
        "person": timedelta(days=30), "helper": timedelta(days=7), "clinician": timedelta(minutes=30),
        "nurse": timedelta(minutes=30), "researcher": timedelta(minutes=30), "keeper": timedelta(minutes=15),
    }  # fmt: skip
    longest: timedelta = timedelta(days=90)

    @property
    def secure(self) -> bool:
        """Whether browsers come by TLS, so that cookies may never go without it."""
        return self.origin is not None and self.origin.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which the server may be called, without their port."""
        own = () if self.origin is None else (urlsplit(self.origin).hostname or "",)
        return frozenset(LOOPBACK) if self.origin is None else frozenset(own)


def read_origin(text: str) -> str:
    """The address by which browsers reach a clinic's server.

    Raises:
        BadInput: it is no address of a server, or goes without TLS to another machine.

    >>> read_origin("https://headache.example/")
    'https://headache.example'
    """
    parts = urlsplit(text.rstrip("/"))
    plain = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.hostname is None or parts.path or parts.query or not (parts.scheme == "https" or plain):
        how = "Write it as https://headache.example; only this machine may be called by http."
        raise BadInput(Problem("--origin", f"{shown(text)} is no address for patients' data.", how))
    return f"{parts.scheme}://{parts.netloc}"
