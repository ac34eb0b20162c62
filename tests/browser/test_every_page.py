"""What holds on every page, whoever adds one: nothing an assistive device would stumble over, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleardays.web.paper import THEMES
from reference import pages
from reference.browser import DESK, PHONE, Visit

AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
# What a theme can change; everything else is looked at once.
OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """async ([theme, only]) => {
  if (theme) document.documentElement.dataset.theme = theme;
  // of a long list or table the first rows stand for the rest, which the same lines of a template make
  const exclude = ["li", "tr", "dt", "dd", "details", "section", "text"].map((name) => [`${name}:nth-of-type(n+12)`]);
  const what = { resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) };
  const found = await axe.run({ include: [["html"]], exclude }, what);
  return found.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target} (${each.help})`));
}"""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SIZES = {"phone": PHONE["viewport"], "desk": DESK["viewport"]}
# What everybody sees most, looked at also where there is little time.
AT_LEAST = [(pages.ALONE, path) for path in ("/", "/attack", "/evening", "/calendar", "/plan", "/answer", "/help")]
EVERY = [(login, path) for login, paths in pages.by_viewer().items() for path in paths]


@pytest.fixture(scope="module")
def visits(browser, tmp_path_factory):
    """A device for each viewer, signed in: one server for the person alone, one for a clinic."""
    with (
        pages.filled(tmp_path_factory.mktemp("alone")) as alone,
        pages.filled_clinic(tmp_path_factory.mktemp("clinic")) as clinic,
    ):
        opened = {login: Visit(browser, alone if login == pages.ALONE else clinic, **PHONE) for login in pages.by_viewer()}
        for login in pages.ROLES:
            pages.sign_in(opened[login], login)
        yield opened
        for visit in opened.values():
            visit.close()


def is_page(visit, path, *, mine=True):
    """Whether a page is at a path, and no file."""
    answer = visit.context.request.get(path, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status == 200 if mine else answer.status in (200, 401, 404, 422), f"{path}: {answer.status}"
    return answer.headers["content-type"].startswith("text/html") and "content-disposition" not in answer.headers


def opened(visit, path):
    """A page as it is; one that lets no script run, as a report does, by its text, since axe is one."""
    page = visit.page(None)
    answer = page.goto(path)
    if "sandbox" not in answer.headers["content-security-policy"]:
        return page
    text = answer.text()
    page.close()
    page = visit.page(None)
    page.set_content(text)
    return page


def found_by_axe(page):
    """What axe finds on a page: everything at both sizes, and what a theme can change in each theme."""
    page.evaluate(AXE)
    found = {}
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        found[size] = page.evaluate(RUN, [None, None])
        found[f"{size}, wide"] = page.evaluate(WIDE)
    for theme in THEMES[1:]:  # the first is as the device likes it, which was looked at above
        found[theme] = page.evaluate(RUN, [theme, OF_COLOUR])
    return {where: wrong for where, wrong in found.items() if wrong}


def test_something_stands_for_every_name_in_an_address():
    assert pages.unknown() == set(), "say in tests/reference/pages.py what stands for it"


def test_every_role_has_a_page_and_every_page_a_viewer():
    assert set(pages.addresses()) == set(pages.by_viewer()[pages.ALONE])
    assert all(pages.by_viewer().values())


@pytest.mark.parametrize(
    ("login", "path"),
    [pytest.param(*each, marks=[] if each in AT_LEAST else pytest.mark.slow, id=" ".join(each)) for each in EVERY],
)
def test_nothing_on_a_page_stands_in_the_way_of_anybody_at_any_size_in_any_theme(visits, login, path):
    visit = visits[login]
    if not is_page(visit, path, mine=login != pages.ALONE or pages.is_mine(path)):
        return
    page = opened(visit, path)
    found = found_by_axe(page)
    page.close()
    assert found == {}
    assert visit.wrong == []


def test_no_page_is_wider_than_its_window_at_twice_the_size_and_none_loads_anything_from_elsewhere(visits, browser):
    visit = Visit(browser, visits[pages.ALONE].address, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page, wide = visit.page(None), []
    for path in pages.addresses():
        if not is_page(visit, path, mine=pages.is_mine(path)):
            continue
        page.goto(path)
        if page.evaluate(WIDE):
            wide.append(path)
    assert wide == []
    assert visit.wrong == []
    page.evaluate("() => fetch('https://elsewhere.example/', { mode: 'no-cors' }).catch(() => 0)")
    assert visit.wrong  # so that any request that is not ours would have been seen
    visit.wrong.clear()
    visit.close()


def test_what_axe_looks_for_is_found_where_it_is_planted(visits):
    page = visits[pages.ALONE].page("/theme")
    page.evaluate("() => { document.querySelector('main').appendChild(document.createElement('img')).src = 'data:,' }")
    page.evaluate("() => document.documentElement.style.setProperty('--quiet', '#222')")
    found = found_by_axe(page)
    page.close()
    assert any(each.startswith("image-alt") for each in found["phone"])
    assert {"green", "light"} & {where for where, wrong in found.items() if any("color-contrast" in each for each in wrong)}
