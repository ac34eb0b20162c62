"""A page used with the keyboard alone, as somebody does who cannot use a pointer."""

from __future__ import annotations

_MOST = 120  # stops of the Tab key on any page
_NAME = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels[0] && at.labels[0].innerText;
  const said = at.getAttribute("aria-label") || label || at.innerText || at.value || "";
  const group = at.closest("fieldset");
  return { name: said.trim(), group: group ? group.querySelector("legend").innerText.trim() : "",
           seen: at.matches(":focus-visible") && getComputedStyle(at).outlineStyle !== "none" };
}"""


def reach(page, name, group=""):
    """Press Tab until what is called so has the focus, and shows it."""
    met = []
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        at = page.evaluate(_NAME)
        met.append(at["name"])
        if name in at["name"] and group in at["group"] and (name or group):
            assert at["seen"], f"{at['name']} has the focus and does not show it"
            return
    raise AssertionError(f"the Tab key never comes to {name or group!r}; it stops at {list(dict.fromkeys(met))}")


def push(page, name, group=""):
    """Push a button, or follow a link; wait for the page that it leads to."""
    reach(page, name, group)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page, name, text):
    """Write into a field."""
    reach(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page, group, name):
    """Choose one of several in a group."""
    reach(page, "", group)
    page.keyboard.press("Space")
    for _ in range(12):
        if name in page.evaluate(_NAME)["name"]:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys never come to {name!r} in {group!r}")
