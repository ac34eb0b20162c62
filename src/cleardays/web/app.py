"""The app as one ASGI application, put together from its table of endpoints."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cleardays.store import StoreFault
from cleardays.web.answering import route
from cleardays.web.assets import Assets
from cleardays.web.brought import Waiting
from cleardays.web.guard.headers import Headers
from cleardays.web.guard.origin import OwnOrigin
from cleardays.web.house import House, wall_clock
from cleardays.web.paper import Paper
from cleardays.web.spaces import Spaces
from cleardays.web.stories import Stories
from cleardays.web.table import ENDPOINTS
from cleardays.web.viewers import Viewers

if TYPE_CHECKING:
    from cleardays.store import Store
    from cleardays.web.settings import Settings

_SMALLEST = 600  # bytes; below, packing saves nothing
_LEVEL = 5  # beyond, it takes longer than it saves


def build_app(settings: Settings, store: Store, *, clock: Callable[[], datetime] = wall_clock) -> Starlette:
    """The app over an open store; whoever opened the store closes it after the app has ended.

    Args:
        settings: how it is run.
        store: where everything is kept.
        clock: what time it is; tests give their own.
    """
    assets = Assets()
    viewers, spaces = Viewers(settings, store, clock), Spaces(settings.data, clock)
    house = House(settings, store, Stories(store), Paper(assets), viewers, spaces, clock, waiting=Waiting(clock))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with suppress(StoreFault):  # what is over opens nothing, so that it may wait where somebody else writes
            store.accounts.links.purge(now=clock())
            store.accounts.sessions.purge(now=clock())
        try:
            yield
        finally:
            house.stories.close()

    routes = [Route("/healthz", _healthy), *assets.routes(), *(route(house, each) for each in ENDPOINTS)]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(Headers, secure=settings.secure),
            Middleware(OwnOrigin, hosts=settings.hosts, origin=settings.origin),
            # Guessing a secret from how small a page packs needs a secret in it, beside what another site chose for a
            # request that goes out as the person: no page holds one, and other sites' requests carry no cookie.
            Middleware(GZipMiddleware, minimum_size=_SMALLEST, compresslevel=_LEVEL),
        ],
    )
    app.state.house = house
    return app


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")
