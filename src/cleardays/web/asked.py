"""One request, as a handler sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleardays.clock import local_day
from cleardays.problems import BadInput, Problem
from cleardays.web.accounts.cookies import DEVICE, token_in
from cleardays.web.spaces import is_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo

    from starlette.requests import Request
    from starlette.responses import Response

    from cleardays.trial.story.events import Actor
    from cleardays.trial.story.story import Story
    from cleardays.web.house import House
    from cleardays.web.roles import Viewer
    from cleardays.web.stories import AtHand
    from cleardays.web.words import Words

# Header of a page that the person's own device keeps, to show it while there is no network.
KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, by whom, of whom, with what, and in which language.

    `body` is what `Endpoint.takes` reads, `form` the fields of a form; one of them at most holds something.
    """

    request: Request
    house: House
    viewer: Viewer
    words: Words
    now: datetime
    whose: str | None = None
    body: Any = None
    form: Mapping[str, str] | None = None

    @property
    def person(self) -> str:
        """Whose data it is about.

        Raises:
            BadInput: nobody's; a page that anybody may see asked for a person.
        """
        if self.whose is None:
            raise BadInput(Problem("person", "nobody was named.", "Choose a person first."))
        return self.whose

    @property
    def known(self) -> AtHand:
        """What is known of the person without reading their diary: enough for most screens, and quick."""
        return self.house.stories.at_hand(self.person)

    @property
    def story(self) -> Story:
        """The person's whole story as it stands, with the diary."""
        return self.house.stories.of(self.person)

    @property
    def zone(self) -> tzinfo:
        """The zone in which the person's days begin."""
        return self.house.zone_of(self.known.about)

    @property
    def today(self) -> date:
        """The person's calendar day."""
        return local_day(self.now, self.zone)

    @property
    def by(self) -> Actor:
        """Who tells what this request tells."""
        return self.house.actor_of(self.viewer, self.person)

    def page(
        self,
        template: str,
        values: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        theme: str | None = None,
        keep: bool = True,
    ) -> Response:
        """A page for this viewer: in their language, in their colours.

        A person's own device may keep it to show it where there is no network, unless `keep` says that it is of use
        only as it is now (accounts, who looked).
        """
        private = is_private(self.whose)
        own = self.whose is not None and self.whose in (self.viewer.person, self.viewer.may_add) and not private
        shown = {"viewer": self.viewer, "now": self.now, "whose": self.whose, "private": private, **(values or {})}
        shown.setdefault("seq", self.known.seq if own else None)
        zone = self.known.about.get("zone", "") if own else ""
        shown |= {"served_at": self.now, "own_day": self.today if own else None, "own_zone": zone}
        answer = self.house.paper.page(self.words, template, shown, theme=theme or self.theme, status=status)
        if own and keep and status == 200 and self._own_device:  # no device keeps a page of what may be locked
            answer.headers["Offline"] = KEEP
        return answer

    @property
    def _own_device(self) -> bool:
        """Whether nobody else uses the device, as far as was said."""
        settings = self.house.settings
        return not settings.clinic or token_in(self.request, DEVICE, secure=settings.secure) is not None

    @property
    def theme(self) -> str:
        """The colours that were chosen on this device."""
        return self.request.cookies.get("theme", "auto")

    @property
    def night(self) -> str:
        """The colours of the attack screen on this device: its own, so that who reads in light is not blinded in an attack."""
        return self.request.cookies.get("night", "green")

    def field(self, name: str) -> str:
        """A field of the form, without spaces at its ends; empty where it was left empty."""
        return (self.form or {}).get(name, "").strip()
