"""Show one finished page on a loopback address, to nobody but this machine."""

from __future__ import annotations

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
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
            if host not in (_LOOPBACK, "localhost"):
                self.send_error(403)
                return
            if self.path not in pages:
                self.send_error(404)
                return
            content, kind = pages[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Say nothing: a diary's page leaves no trace in a log."""

    return ThreadingHTTPServer((_LOOPBACK, port), Handler)


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
