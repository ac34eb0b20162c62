"""Pages are sent packed: on a slow network a page of the diary arrives in a fifth of its size.

Guessing a secret from the size of a packed answer needs a secret in it beside something that another site chose, and that
other site able to ask for it as the person. No page holds a secret (requests are told apart by their origin), and cookies
go with no request that another site makes for its own script.
"""

from __future__ import annotations

import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KINDS = (
    "text/html",
    "text/css",
    "text/javascript",
    "text/csv",
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
)
_SMALLEST = 600  # below, packing saves nothing
_LEVEL = 5  # beyond, it takes longer than it saves


class Packed:
    """Packs what is text, whole and not small, for whoever takes it packed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and pack the answer."""
        if scope["type"] != "http" or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, send)
            return
        held: Message | None = None

        async def pack(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                held = message
                return
            if held is None:
                await send(message)
                return
            begun, held = held, None
            headers, body = MutableHeaders(scope=begun), message.get("body", b"")
            whole = not message.get("more_body", False)
            if whole and len(body) >= _SMALLEST and _may(headers):
                body = gzip.compress(body, _LEVEL, mtime=0)
                headers["Content-Encoding"] = "gzip"
                headers["Content-Length"] = str(len(body))
                headers.add_vary_header("Accept-Encoding")
            await send(begun)
            await send({**message, "body": body})

        await self.app(scope, receive, pack)


def _may(headers: MutableHeaders) -> bool:
    return "content-encoding" not in headers and headers.get("content-type", "").partition(";")[0] in _KINDS
