"""A passkey from its making to its use, with an authenticator that the browser plays; and what of it is good nowhere else."""

from __future__ import annotations

import json

import pytest

from cleardays.problems import BadInput
from cleardays.web.accounts import passkeys
from reference import morning
from reference.browser import PHONE, Visit
from reference.clinic import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A phone with an authenticator, and what it sent to sign in."""

    def __init__(self, browser, address) -> None:
        self.visit = Visit(browser, address, **PHONE)
        self.page = self.visit.page("/sign-in")
        self.session = self.visit.context.new_cdp_session(self.page)
        self.session.send("WebAuthn.enable")
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
        self.sent = []
        self.page.on(
            "request", lambda request: self.sent.append(request) if request.url.endswith("/passkeys/sign-in") else None
        )

    def _seen(self, request):
        if request.url.endswith("/passkeys/sign-in"):
            self.sent.append(request)

    def keys(self):
        """The passkeys in it."""
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def by_password(self, login="ada"):
        """Sign in the first time."""
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button.main")

    def add(self, label="the phone"):
        """Make a passkey."""
        self.page.goto("/account")
        self.page.get_by_label("What this device is called").fill(label)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Add a passkey").click()

    def leave(self):
        """Sign out."""
        self.page.goto("/account")
        self.page.get_by_role("button", name="Sign out", exact=True).click()
        self.page.wait_for_url("**/sign-in")

    def come_in(self):
        """Sign in with the passkey."""
        self.page.locator("[data-passkey-sign-in] button").click()


@pytest.fixture
def clinic(tmp_path):
    with morning.served(tmp_path, filled=False) as found:
        yield found


@pytest.fixture
def device(browser, clinic):
    """ada's phone, with a passkey, signed out again."""
    found = Device(browser, clinic[1])
    found.by_password()
    found.add()
    found.leave()
    yield found
    found.visit.close()


def test_a_passkey_is_made_and_signs_in_after_signing_out(clinic, device):
    house, address = clinic
    (kept,) = house.store.accounts.passkeys.of(house.ids["ada"])
    assert kept.label == "the phone"
    (held,) = device.keys()
    assert (held["rpId"], held["isResidentCredential"]) == ("localhost", True)
    device.come_in()
    device.page.wait_for_url(f"{address}/")
    device.page.goto("/account")
    assert device.page.locator("h1").inner_text() == "Ada"
    (used,) = house.store.accounts.passkeys.of(house.ids["ada"])
    assert used.sign_count > kept.sign_count


def test_what_signed_in_once_signs_in_nobody_again(clinic, device):
    house, _ = clinic
    device.come_in()
    device.page.wait_for_url("**/")
    (request,) = device.sent
    again = house.browser().post("/api/v1/passkeys/sign-in", json=json.loads(request.post_data))
    assert again.status_code == 422
    assert "set-cookie" not in again.headers
    other = house.browser()
    handle = other.post("/api/v1/passkeys/sign-in/ask").json()["handle"]  # another challenge
    stolen = {**json.loads(request.post_data), "handle": handle}
    assert other.post("/api/v1/passkeys/sign-in", json=stolen).status_code == 422
    assert house.store.accounts.passkeys.of(house.ids["ada"])[0].sign_count == device.keys()[0]["signCount"]


def test_it_is_good_for_no_other_origin_and_no_other_challenge(clinic, device):
    house, address = clinic
    with device.page.expect_request("**/passkeys/sign-in") as found:
        device.page.route("**/passkeys/sign-in", lambda route: route.abort())
        device.come_in()
    sent = json.loads(found.value.post_data)
    known, now = house.store.accounts.passkeys, house.clock()
    challenge = house.app.state.house.viewers.entrance.challenges.answered(sent["handle"])
    for place, asked in (
        (passkeys.place_of("http://localhost:1"), challenge),
        (passkeys.place_of("https://headache.example"), challenge),
        (passkeys.place_of(address), b"another challenge, of 32 letters"),
    ):
        with pytest.raises(BadInput):
            passkeys.proven(place, known, asked, sent["credential"], now=now)
    right = passkeys.place_of(address)
    assert passkeys.proven(right, known, challenge, sent["credential"], now=now) == house.ids["ada"]
    with pytest.raises(BadInput):  # its count does not go on: it may be a copy
        passkeys.proven(right, known, challenge, sent["credential"], now=now)


def test_a_passkey_that_was_forgotten_and_a_user_who_is_not_verified_come_in_nowhere(clinic, device):
    house, _ = clinic
    device.session.send("WebAuthn.setUserVerified", {"authenticatorId": device.id, "isUserVerified": False})
    device.come_in()
    device.page.get_by_role("alert").wait_for()
    assert device.sent == []
    device.session.send("WebAuthn.setUserVerified", {"authenticatorId": device.id, "isUserVerified": True})
    house.store.accounts.passkeys.remove(house.ids["ada"], house.store.accounts.passkeys.of(house.ids["ada"])[0].credential)
    device.come_in()
    device.page.get_by_role("alert").get_by_text("proved nothing").wait_for()
    assert device.page.url.endswith("/sign-in")


def test_a_quarter_of_an_hour_after_signing_in_no_passkey_is_added_and_the_page_says_why(browser, clinic):
    house, address = clinic
    found = Device(browser, address)
    found.by_password()
    house.clock.later(minutes=16)
    found.page.goto("/account")
    found.page.get_by_role("button", name="Add a passkey").click()
    found.page.get_by_role("alert").get_by_text("you signed in a while ago").wait_for()
    assert found.keys() == []
    found.visit.close()
