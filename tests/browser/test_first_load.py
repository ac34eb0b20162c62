"""What the first visit costs: everything that comes over the line, packed, what is kept for times without a network too."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from reference.browser import PHONE, Visit

MOST = 150_000
_PIECE = 65_536


class Line:
    """A line to a server that counts what comes back over it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._server = (parts.hostname, parts.port)
        self._taking = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._taking.getsockname()[1]}"
        self.came = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                near, _ = self._taking.accept()
                far = socket.create_connection(self._server)
            except OSError:
                return
            self._open += [near, far]
            threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, counted: bool) -> None:
        try:
            while piece := one.recv(_PIECE):
                self.came += len(piece) if counted else 0
                other.sendall(piece)
        except OSError:
            pass
        for each in (one, other):
            each.close()

    def close(self) -> None:
        """Cut it."""
        for each in (self._taking, *self._open):
            each.close()


@contextmanager
def line(address):
    """A counted line to a server."""
    found = Line(address)
    try:
        yield found
    finally:
        found.close()


@pytest.mark.parametrize("path", ["/", "/attack"])
def test_the_first_visit_takes_less_than_150_kb_with_everything_that_is_kept_for_later(browser, address, path):
    with line(address) as counted:
        visit = Visit(browser, counted.address, **PHONE)
        page = visit.page(path)
        page.wait_for_load_state("networkidle")
        seen = counted.came
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1000)
        everything = counted.came
        visit.close()
        assert 5_000 < seen <= everything < MOST


def test_styles_and_scripts_come_once_and_are_kept_for_a_year_while_pages_are_not(phone):
    page = phone.page("/")
    page.wait_for_load_state("networkidle")
    for each in page.locator("link[rel=stylesheet], script[src]").all():
        found = each.get_attribute("href") or each.get_attribute("src")
        answer = phone.context.request.get(found, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", found
        assert len(answer.body()) < 600 or answer.headers["content-encoding"] == "gzip", found
    answer = phone.context.request.get("/", headers={"Accept-Encoding": "gzip"})
    assert (answer.headers["cache-control"], answer.headers["content-encoding"]) == ("no-store", "gzip")
