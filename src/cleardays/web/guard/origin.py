"""Who may call: only by the server's own name, and what changes something only from its own pages.

A page of another site can make a browser send a request with the person's cookies, or call this machine by a name that
was bent to it. Browsers tell of both: the first by `Sec-Fetch-Site` and `Origin`, the second by `Host`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cleardays.problems import Problem
from cleardays.web.problem_answers import problem_answer

_SAFE = ("GET", "HEAD", "OPTIONS")
_OWN = ("same-origin", "none")
_HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)


class OwnOrigin:
    """Lets through what a browser sends from our own pages, and what no browser sends."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], origin: str | None) -> None:
        self.app, self.hosts, self.origin = app, hosts, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            problem = Problem("Host", "this server is not called so.", "Open it by the address that it printed.")
            await problem_answer(421, [problem])(scope, receive, send)
        elif scope["method"] not in _SAFE and not self._own(headers, host):
            problem = Problem("Origin", "another site sent this.", "Open the page here, and try again.")
            await problem_answer(403, [problem])(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _own(self, headers: Headers, host: str) -> bool:
        """Whether no other site had its hand in it; a browser that says neither is none, or has no cookies of ours."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None and site not in _OWN:
            return False
        if origin is None:
            return site is not None or "cookie" not in headers
        return origin == self.origin if self.origin is not None else urlsplit(origin).netloc == host


def _name(host: str) -> str:
    """A host without its port, in small letters; empty where it is anything else, such as a name before another one.

    >>> _name("LocalHost:8080"), _name("[::1]:80"), _name("127.0.0.1"), _name("localhost:x@elsewhere.example")
    ('localhost', '[::1]', '127.0.0.1', '')
    """
    found = _HOST.fullmatch(host)
    return "" if found is None else found[1].lower()
