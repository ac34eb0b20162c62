"""Styles, scripts and pictures of the app: from the package, under names that change when they do."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_KINDS = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}  # fmt: skip
_A_YEAR = "public, max-age=31536000, immutable"
_SMALLEST = 600  # below, packing saves nothing


class Asset(NamedTuple):
    """One file, as it is and packed."""

    content: bytes
    packed: bytes | None
    kind: str


class Assets:
    """All files of web/static, read once."""

    def __init__(self) -> None:
        found = dict(_files(resources.files("cleardays.web").joinpath("static"), ""))
        self._of = {name: _asset(name, content) for name, content in found.items()}
        whole = sha256()
        for name in sorted(found):
            whole.update(name.encode() + b"\0" + found[name])
        # one mark for all: modules import each other by plain names, which a mark of each would break
        self.mark = whole.hexdigest()[:12]

    def address(self, name: str) -> str:
        """Where a file is; an unknown one is a slip of ours."""
        if name not in self._of:
            raise LookupError(name)
        return f"/static/{self.mark}/{name}"

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(sorted(self._of))

    def routes(self) -> list[Route]:
        """Where they answer."""
        return [Route("/static/{mark}/{name:path}", self._answer)]

    def read(self, name: str) -> bytes:
        """The content of one."""
        return self._of[name].content

    async def _answer(self, request: Request) -> Response:
        found = self._of.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        headers: dict[str, str] = {"Vary": "Accept-Encoding"}
        if request.path_params["mark"] == self.mark:
            headers["Cache-Control"] = _A_YEAR
        packed = found.packed is not None and "gzip" in request.headers.get("accept-encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(found.packed if packed else found.content, headers=headers, media_type=found.kind)


def _files(folder: Traversable, before: str) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for each in folder.iterdir():
        if each.is_dir():
            found |= _files(each, f"{before}{each.name}/")
        elif any(each.name.endswith(ending) for ending in _KINDS):
            found[before + each.name] = each.read_bytes()
    return found


def _asset(name: str, content: bytes) -> Asset:
    kind = next(kind for ending, kind in _KINDS.items() if name.endswith(ending))
    packed = gzip.compress(content, 9, mtime=0) if len(content) >= _SMALLEST and not name.endswith(".png") else None
    return Asset(content, packed, kind)
