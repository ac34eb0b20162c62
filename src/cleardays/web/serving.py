"""A server that runs: its folder, its store, and the app over it until somebody stops it."""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser
from contextlib import nullcontext
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from platformdirs import user_data_path

from cleardays.problems import BadInput, Problem, shown
from cleardays.store import open_store
from cleardays.store.engines import Key
from cleardays.web.ahead import Ahead
from cleardays.web.app import build_app
from cleardays.web.prints import print_no_words
from cleardays.web.settings import Settings, read_origin

_STORE = "diary.sqlite3"


def settings_of(
    *, data: str | None, clinic: bool, store: str | None, origin: str | None, proxies: tuple[str, ...] = ()
) -> Settings:
    """The settings that a command line asks for.

    Raises:
        BadInput: options that do not go together, or a folder that cannot be made.
    """
    if not clinic and (store or origin or proxies):
        what = "--store, --origin and --proxy are for a clinic."
        raise BadInput(Problem("--clinic", what, "Add --clinic, or leave them out."))
    if proxies and not origin:
        how = "Add --origin https://..., the address that browsers use."
        raise BadInput(Problem("--proxy", "a proxy goes with the address that it answers at.", how))
    for each in proxies:
        _require_address(each)
    folder = Path(data) if data is not None else user_data_path("cleardays", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadInput(Problem("--data", f"{folder} cannot be made ({error.strerror}).", "Name another folder.")) from None
    called = None if origin is None else read_origin(origin)
    return Settings(clinic=clinic, data=folder, store=store, origin=called, proxies=proxies)


def store_of(settings: Settings) -> str | Path:
    """Where the store of a server is."""
    return settings.store or settings.data / _STORE


def _require_address(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        how = "Write the address of the one machine that ends TLS, like 127.0.0.1."
        raise BadInput(Problem("--proxy", f"{shown(text)} is no address of a machine.", how)) from None


def serve(settings: Settings, listening: socket.socket, *, opened: str | None, key: Key | None = None) -> None:
    """Answer until stopped.

    Args:
        settings: how it is run.
        listening: the socket.
        key: of an encrypted store.
        opened: the address to open in the browser; None opens none.
    """
    with open_store(store_of(settings), key=key) as store:
        app = build_app(settings, store)
        if settings.clinic:
            _greet_first(app.state.house.viewers.entrance.first_code(), settings)
        config = uvicorn.Config(
            app,
            access_log=False,  # an address may name a person
            log_level="warning",
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=",".join(settings.proxies) or None,
            timeout_graceful_shutdown=5,
        )
        print_no_words()
        server = uvicorn.Server(config)
        if opened is not None and sys.stdout.isatty():
            threading.Timer(0.5, webbrowser.open, (opened,)).start()
        with Ahead(app.state.house) if settings.clinic else nullcontext():
            server.run(sockets=[listening])


def _greet_first(code: str | None, settings: Settings) -> None:
    """Where there is no keeper yet: how to become the first; on the error stream, which no program reads as an answer."""
    if code is not None:
        where = f"{settings.origin or 'the address above'}/first-keeper"
        said = (
            f"Nobody keeps the accounts yet. Open {where} and type {code}\nThe code is good once, and until the server stops."
        )
        print(said, file=sys.stderr, flush=True)
