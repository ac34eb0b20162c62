"""The local page: this machine only, the page and nothing else."""

from __future__ import annotations

import http.client
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
