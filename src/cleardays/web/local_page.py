"""Show one finished page on a loopback address, to nobody but this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LOOPBACK = "127.0.0.1"
_PORT = 8080
# The page needs nothing from anywhere: no script, no font, no picture from outside.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def make_server(html: bytes, pdf: bytes, *, port: int) -> ThreadingHTTPServer:
    """A server of `/`, `/answer.pdf` and `/healthz` on the loopback address; port 0 takes any free one."""
    pages = {
        "/": (html, "text/html; charset=utf-8"),
        "/answer.pdf": (pdf, "application/pdf"),
        "/healthz": (b"ok\n", "text/plain"),
    }

    class Handler(BaseHTTPRequestHandler):
        server_version = "cleardays"
        sys_version = ""

        def do_GET(self) -> None:
            """Answer with one of the pages, and only to a browser that asked this machine by its own name."""
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0].lower()
            if host not in (_LOOPBACK, "localhost"):
                self.send_error(403)
                return
            path = self.path.partition("?")[0]
            if path not in pages:
                self.send_error(404)
                return
            content, kind = pages[path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815  # the base class names it so

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Say nothing: a diary's page leaves no trace in a log."""

    return _QuietServer((_LOOPBACK, port), Handler)


class _QuietServer(ThreadingHTTPServer):
    """A server that does not mind a browser hanging up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a connection breaks; anything else is worth a trace."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def serve_page(html: bytes, pdf: bytes, *, say: Callable[[str], object]) -> None:
    """Serve until interrupted; the address is said first."""
    try:
        server = make_server(html, pdf, port=_PORT)
    except OSError:  # somebody else has that port
        server = make_server(html, pdf, port=0)
    say(f"\nShowing the page at http://{_LOOPBACK}:{server.server_address[1]}/ (this machine only). Ctrl-C ends it.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        say("")
    finally:
        server.server_close()
