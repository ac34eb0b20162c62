"""Tokens that somebody carries: random, given out once, and kept only as a digest that opens nothing.

>>> len(new_token()) >= 43
True
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cleardays.trial.story.events import canonical

_TOKEN_BYTES, _NONCE_BYTES = 32, 12


def new_token() -> str:
    """A token of 256 random bits, in letters that go into an address or a cookie."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def sealed_with(token: str, body: Mapping[str, Any]) -> str:
    """A body that only who carries the token can open."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return urlsafe_b64encode(nonce + _cipher(token).encrypt(nonce, canonical(dict(body)).encode(), None)).decode("ascii")


def opened_with(token: str, sealed: str) -> dict[str, Any] | None:
    """The body, None where it is damaged."""
    try:
        raw = urlsafe_b64decode(sealed.encode("ascii"))
        body = json.loads(_cipher(token).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None))
    except (InvalidTag, ValueError):
        return None
    return body if isinstance(body, dict) else None


def _cipher(token: str) -> AESGCM:
    return AESGCM(sha256(b"cleardays link 1\n" + token.encode("utf-8", "surrogatepass")).digest())
