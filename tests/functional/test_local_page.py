"""The local page: this machine only, the page and nothing else."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading

import pytest

from cleardays.web.local_page import make_server


@pytest.fixture
def address():
    server = make_server(b"<!doctype html>page", b"%PDF-page", port=0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address
    server.shutdown()
    server.server_close()
    thread.join()


def get(address, path: str, host: str | None = None):
    connection = http.client.HTTPConnection(*address, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{address[1]}"})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def test_it_listens_on_the_loopback_address_only(address):
    assert address[0] == "127.0.0.1"


def test_it_shows_the_page_its_pdf_and_its_health(address):
    status, body, headers = get(address, "/")
    assert (status, body) == (200, b"<!doctype html>page")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert get(address, "/answer.pdf")[1] == b"%PDF-page"
    assert get(address, "/healthz")[0] == 200


def test_it_shows_nothing_else_and_answers_no_other_name(address):
    assert get(address, "/../etc/passwd")[0] == 404
    assert get(address, "/", host="example.org")[0] == 403


def test_a_browser_may_ask_for_the_head_or_add_a_query(address):
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("HEAD", "/?from=reader", headers={"Host": f"LOCALHOST:{address[1]}"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.close()


def test_on_a_terminal_the_demo_shows_its_page_until_it_is_interrupted(tmp_path):
    """A person at a terminal gets an address; Ctrl-C ends it without a word of error."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    demo = [sys.executable, "-m", "cleardays", "demo", "--out", str(tmp_path / "pages")]
    # a shell that started these tests in the background ignores Ctrl-C, and so would every child
    process = subprocess.Popen(
        demo, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # nothing but this is done there
    )  # fmt: skip
    os.close(theirs)
    said = ""
    while "Ctrl-C ends it." not in said:
        said += os.read(ours, 4096).decode("utf-8", "replace")
    port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/", said)[0])
    assert b"did it help?" in get(("127.0.0.1", port), "/")[1]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    os.close(ours)
