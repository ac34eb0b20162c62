"""`cleardays serve`: the app on this machine for one person, or for a clinic behind a proxy."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from cleardays.cli.options import Parser
from cleardays.cli.output import print_json
from cleardays.cli.passphrases import add_passphrase, key_for
from cleardays.problems import BadInput, Problem

_PORT = 8351
_LAST_PORT = 65535


def run(arguments: list[str], *, prog: str) -> int:
    """Serve until it is stopped."""
    parser = Parser(prog, "The app in the browser: diary, plan, answer. For one person it answers this machine alone.")
    parser.add_argument("--port", default=str(_PORT), metavar="N", help=f"where it answers (default {_PORT}; 0: any free one)")
    parser.add_argument("--data", metavar="DIR", help="the folder of the diary (default: your data folder)")
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")
    parser.add_argument("--clinic", action="store_true", help="accounts and roles for many people")
    parser.add_argument("--store", metavar="WHERE", help="with --clinic: the address of a PostgreSQL")
    parser.add_argument("--origin", metavar="ADDRESS", help="with --clinic: how browsers reach it, https://...")
    parser.add_argument("--proxy", action="append", default=[], metavar="IP", help="with --origin: a TLS proxy to be trusted")
    add_passphrase(parser)
    args = parser.parse_args(arguments)
    with _listening(_read_port(args.port)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        from cleardays.web.serving import serve, settings_of, store_of  # with the server's libraries

        settings = settings_of(
            data=args.data, clinic=args.clinic, store=args.store, origin=args.origin, proxies=tuple(args.proxy)
        )
        key = key_for(store_of(settings), args)
        if args.json:
            print_json({"address": settings.origin or address, "data": str(Path(settings.data).resolve())})
            sys.stdout.flush()  # whoever reads it through a pipe waits for it
        else:
            print(f"cleardays is at {settings.origin or address}  (stop it with Ctrl-C)", flush=True)
        serve(settings, listening, key=key, opened=None if args.no_open or args.clinic else address)
    return 0


def _read_port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise BadInput(Problem("--port", f"{text!r} is no port.", f"Write a number up to {_LAST_PORT}."))
    return int(text)


def _listening(port: int) -> socket.socket:
    """A socket of this machine alone."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
        found.listen(256)
    except OSError as error:
        found.close()
        how = "Choose another one, or --port 0 for any that is free."
        raise BadInput(Problem("--port", f"{port} cannot be used ({error.strerror}).", how)) from None
    return found
