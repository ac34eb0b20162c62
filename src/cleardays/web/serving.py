"""A server that runs: its folder, its store, and the app over it until somebody stops it."""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser
from pathlib import Path

import uvicorn
from platformdirs import user_data_path

from cleardays.problems import BadInput, Problem
from cleardays.store import open_store
from cleardays.web.app import build_app
from cleardays.web.settings import Settings, read_origin

_STORE = "diary.sqlite3"


def settings_of(*, data: str | None, clinic: bool, store: str | None, origin: str | None) -> Settings:
    """The settings that a command line asks for.

    Raises:
        BadInput: options that do not go together, or a folder that cannot be made.
    """
    if not clinic and (store or origin):
        raise BadInput(Problem("--clinic", "--store and --origin are for a clinic.", "Add --clinic, or leave them out."))
    folder = Path(data) if data is not None else user_data_path("cleardays", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadInput(Problem("--data", f"{folder} cannot be made ({error.strerror}).", "Name another folder.")) from None
    return Settings(clinic=clinic, data=folder, store=store, origin=None if origin is None else read_origin(origin))


def serve(settings: Settings, listening: socket.socket, *, opened: str | None) -> None:
    """Answer until stopped.

    Args:
        settings: how it is run.
        listening: the socket.
        opened: the address to open in the browser; None opens none.
    """
    with open_store(settings.store or settings.data / _STORE) as store:
        config = uvicorn.Config(
            build_app(settings, store),
            access_log=False,  # an address may name a person
            log_level="warning",
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=",".join(settings.proxies) or None,
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        if opened is not None and sys.stdout.isatty():
            threading.Timer(0.5, webbrowser.open, (opened,)).start()
        server.run(sockets=[listening])
