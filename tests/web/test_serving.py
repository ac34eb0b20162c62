"""How a server is asked for."""

from __future__ import annotations

import pytest

from cleardays.problems import BadInput
from cleardays.web.serving import settings_of


def test_a_clinic_is_called_by_tls_and_a_proxy_is_named_by_its_address(tmp_path):
    asked = {"data": str(tmp_path), "clinic": True, "store": None}
    good = settings_of(**asked, origin="https://headache.example", proxies=("127.0.0.1",))
    assert good.secure
    assert good.hosts == {"headache.example"}
    for origin, proxies in (
        ("http://headache.example", ()),
        ("headache.example", ()),
        (None, ("127.0.0.1",)),
        ("https://headache.example", ("*",)),
        ("https://headache.example", ("proxy.example",)),
    ):
        with pytest.raises(BadInput):
            settings_of(**asked, origin=origin, proxies=proxies)


def test_what_is_for_a_clinic_is_refused_without_one(tmp_path):
    with pytest.raises(BadInput):
        settings_of(data=str(tmp_path), clinic=False, store=None, origin=None, proxies=("127.0.0.1",))
