"""Pages go over the line packed, to whoever can unpack them."""

from __future__ import annotations

import pytest

from reference.app import desk as app_desk


@pytest.fixture
def desk(tmp_path):
    """The app over an empty diary."""
    with app_desk(tmp_path) as found:
        yield found


def test_a_page_is_packed_for_who_takes_it_so_and_says_that_it_differs(desk):
    packed = desk.get("/", headers={"Accept-Encoding": "gzip"})
    plain = desk.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "content-encoding" not in plain.headers


def test_what_is_small_or_packed_already_goes_as_it_is(desk):
    desk.post("/attack", data={"what": "mild"})
    for path in ("/healthz", "/copy.zip", "/export"):
        answer = desk.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, path
        assert "content-encoding" not in answer.headers, path
