"""What holds on every page, whoever adds one: nothing an assistive device would stumble over, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleardays.web.paper import THEMES
from reference import pages
from reference.browser import DESK, PHONE

AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
# What a theme can change; everything else is looked at once.
OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """async (only) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) });
  return found.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target} (${each.help})`));
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server over the story of somebody with two trials."""
    with pages.filled(tmp_path_factory.mktemp("pages")) as found:
        yield found


def is_page(visit, path):
    """Whether a page is at a path, and no file."""
    answer = visit.context.request.get(path, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status == 200 if pages.is_mine(path) else answer.status in (200, 401, 404, 422), f"{path}: {answer.status}"
    return answer.headers["content-type"].startswith("text/html") and "content-disposition" not in answer.headers


def is_wide(page):
    """Whether it has to be moved sideways to be read."""
    return page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")


def found_by_axe(visit, page, theme, only=None):
    """What axe finds on a page in a theme."""
    visit.context.add_cookies([{"name": "theme", "value": theme, "url": visit.address}])
    page.reload()
    page.evaluate(AXE)
    return page.evaluate(RUN, only)


def test_something_stands_for_every_name_in_an_address():
    assert pages.unknown() == set(), "say in tests/reference/pages.py what stands for it"


@pytest.mark.parametrize("path", pages.addresses())
def test_nothing_on_a_page_stands_in_the_way_of_anybody_in_any_theme(device, path):
    visit = device(**PHONE)
    if not is_page(visit, path):
        return
    page = visit.page(path)
    assert not is_wide(page)
    found = {"auto": found_by_axe(visit, page, "auto")}
    found |= {theme: found_by_axe(visit, page, theme, OF_COLOUR) for theme in THEMES if theme != "auto"}
    assert {theme: wrong for theme, wrong in found.items() if wrong} == {}


@pytest.mark.slow
@pytest.mark.parametrize("path", pages.addresses())
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_on_a_page_stands_in_the_way_of_anybody_at_a_desk_either(device, path, theme):
    visit = device(**DESK)
    if is_page(visit, path):
        assert found_by_axe(visit, visit.page(path), theme) == []


def test_no_page_is_wider_than_its_window_at_twice_the_size_and_none_loads_anything_from_elsewhere(device):
    visit = device(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page, wide = visit.page(None), []
    for path in pages.addresses():
        if not is_page(visit, path):
            continue
        page.goto(path)
        if is_wide(page):
            wide.append(path)
    assert wide == []
    assert visit.wrong == []
    page.evaluate("() => fetch('https://elsewhere.example/', { mode: 'no-cors' }).catch(() => 0)")
    assert visit.wrong  # so that any request that is not ours would have been seen
    visit.wrong.clear()


def test_what_axe_looks_for_is_found_where_it_is_planted(phone):
    page = phone.page("/theme")
    page.evaluate("() => { document.querySelector('main').appendChild(document.createElement('img')).src = 'data:,' }")
    page.evaluate(AXE)
    assert any(each.startswith("image-alt") for each in page.evaluate(RUN, None))
