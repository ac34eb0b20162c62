"""The OpenAPI description of the JSON API, made from the table of endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

import cleardays
from cleardays.web.endpoint import Endpoint
from cleardays.web.problem_answers import Problems

_IN_PATH = re.compile(r"{(\w+)(?::\w+)?}")
_REFUSALS: Mapping[str, str] = {
    "400": "the request cannot be read",
    "401": "nobody is signed in",
    "403": "this viewer may not do that",
    "404": "there is no such thing, or this viewer may not know of it",
    "409": "the story went on meanwhile",
    "413": "the body is too large",
    "415": "the body is not JSON",
    "422": "what was sent cannot be used; each problem says where, what and what to do",
    "429": "too many requests in a minute",
}


def describe(endpoints: Iterable[Endpoint], address: str = "/") -> dict[str, Any]:
    """The description as a JSON document (OpenAPI 3.1).

    Args:
        endpoints: the whole table; pages are left out.
        address: where the server answers.
    """
    rows = [each for each in endpoints if each.is_api]
    types = [kind for each in rows for kind in (each.takes, each.gives) if kind is not None]
    unique: list[type[Any]] = list(dict.fromkeys([*types, Problems]))
    schemas, components = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    schema_of: dict[type[Any], Any] = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in rows:
        paths.setdefault(_IN_PATH.sub(r"{\1}", each.path), {})[each.method.lower()] = _operation(each, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cleardays",
            "version": cleardays.__version__,
            "description": "One person's trial of a preventive treatment. It informs; it never prescribes.",
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(each: Endpoint, schema_of: Mapping[type[Any], Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"operationId": each.name, "summary": each.says}
    names = _IN_PATH.findall(each.path)
    if names:
        found["parameters"] = [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names]
    if each.takes is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema_of[each.takes]}}}
    done = {"description": "done"}
    if each.gives is not None:
        done = {**done, "content": {"application/json": {"schema": schema_of[each.gives]}}}  # type: ignore[dict-item]
    refused = {"application/json": {"schema": schema_of[Problems]}}
    answers = {code: {"description": says, "content": refused} for code, says in _REFUSALS.items()}
    found["responses"] = {"200": done, **answers}
    return found
