"""A device where there is no network, and again where there is one."""

from __future__ import annotations

_HERE = """() => new Promise((done) => {
  const asked = indexedDB.open("cleardays", 1);
  asked.onsuccess = () => {
    const rows = asked.result.transaction("queue").objectStore("queue").getAll();
    rows.onsuccess = () => { asked.result.close(); done(rows.result); };
  };
})"""


def away(visit, page):
    """Go where there is no network, once the device keeps what it needs."""
    is_kept(page)
    visit.context.set_offline(True)


def is_kept(page):
    """Wait until the device keeps the page that it shows."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    until(page, "() => caches.match(location.href, { ignoreVary: true }).then(Boolean)")


def until(page, script):
    """Wait until what a script promises is so; waiting for a function takes the promise itself for an answer."""
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true on {page.url}: {script}")


def back(visit, page):
    """Go where there is one; wait until nothing waits any more."""
    visit.context.set_offline(False)
    for _ in range(80):
        if not [each for each in entries_here(page) if each["state"] == "waiting"]:
            return
        page.wait_for_timeout(100)
    raise AssertionError(entries_here(page))


def entries_here(page):
    """What this device keeps and has not sent."""
    return page.evaluate(_HERE)
