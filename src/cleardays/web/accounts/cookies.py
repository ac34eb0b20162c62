"""The cookies: who is signed in, and which device may add entries for its person. Random, and nothing by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from starlette.requests import Request
    from starlette.responses import Response

SESSION, DEVICE = "session", "device"
# A browser takes a cookie of this name by TLS alone, from this host alone, and for all of it (RFC 6265bis, 4.1.3.2).
_HOST = "__Host-"


def called(name: str, *, secure: bool) -> str:
    """What a cookie is called.

    >>> called(SESSION, secure=True)
    '__Host-session'
    """
    return f"{_HOST}{name}" if secure else name


def token_in(request: Request, name: str, *, secure: bool) -> str | None:
    """The token of a cookie, None where there is none."""
    return request.cookies.get(called(name, secure=secure)) or None


def give(answer: Response, name: str, token: str, *, lasts: timedelta, secure: bool) -> None:
    """Hand a token to the browser; no script reads it."""
    age = int(lasts.total_seconds())
    answer.set_cookie(called(name, secure=secure), token, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")


def take_back(answer: Response, name: str, *, secure: bool) -> None:
    """Have the browser forget it."""
    answer.delete_cookie(called(name, secure=secure), path="/", secure=secure, httponly=True, samesite="lax")
