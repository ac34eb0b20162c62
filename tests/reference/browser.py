"""A browser in front of a running server: Debian's chromium, without a window, at the size of a phone or of a desk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
REQUIRED = "CLEARDAYS_REQUIRE_BROWSER"
_NOT_NEEDED = "Failed to load resource"  # an answer that is no 200, or no network: the test looks at it itself


class NoBrowser(Exception):
    """There is no browser to try the pages in, with the reason."""


@contextmanager
def chromium():
    """The browser, started once.

    Raises:
        NoBrowser: the machine has none.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise NoBrowser("no chromium on this machine (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoBrowser("playwright is not installed") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(folder: Path, *options: str):
    """`cleardays serve` over a folder, at a port of its own; gives its address without a slash at its end."""
    with served_by(folder, *options) as (address, _):
        yield address


@contextmanager
def served_by(folder: Path, *options: str, program: tuple[str, ...] = ("-m", "cleardays")):
    """The same; gives the number of its process too. `program` is what Python runs."""
    command = [
        sys.executable,
        *program,
        "serve",
        "--json",
        "--port",
        "0",
        "--no-open",
        "--data",
        str(folder),
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as server:
        try:
            yield json.loads("".join(_document(server)))["address"].rstrip("/"), server.pid
        finally:
            server.terminate()
            server.wait(20)


def _document(server):
    """The lines of the JSON document that says where it is."""
    for line in server.stdout:
        yield line
        if line.rstrip().endswith("}"):
            return


class Visit:
    """Pages of one device: a context of its own (cookies, storage, service worker), and everything that went wrong in it."""

    def __init__(self, browser, address: str, **device) -> None:
        self.address = address
        self.context = browser.new_context(base_url=address, **(device or PHONE))
        self.context.set_default_timeout(10_000)
        self.wrong: list[str] = []
        self.context.on("request", self._only_ours)
        self.context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))
        self.context.on("console", self._said)

    def page(self, path: str | None = "/"):
        """A page of it, opened at a path."""
        found = self.context.new_page()
        if path is not None:
            found.goto(path)
        return found

    def close(self) -> None:
        """End it; whatever a page complained of, or loaded from elsewhere, fails the test."""
        self.context.close()
        assert self.wrong == []

    def _only_ours(self, request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(self.address):
            self.wrong.append(f"from elsewhere: {request.url}")

    def _said(self, message) -> None:
        if message.type == "error" and _NOT_NEEDED not in message.text:
            self.wrong.append(f"console: {message.text}")
