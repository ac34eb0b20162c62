"""What is told of a person, sealed with that person's own key: who destroys the key makes all of it unreadable.

AES-256-GCM (NIST SP 800-38D) over the text of an event, with the person's id and the place as associated data, so that
no sealed text passes for another one. The chain is made of the sealed texts and holds without any key.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cleardays.problems import BadInput, Problem

KEY_BYTES, NONCE_BYTES = 32, 12
# Texts are filled up with spaces to whole blocks, so that their length does not tell a clear day from one with an attack.
BLOCK = 256


class Seal:
    """Seals and opens the texts of one person."""

    def __init__(self, person: str, key: bytes) -> None:
        self._person = person
        self._cipher = AESGCM(key)

    def seal(self, seq: int, text: str) -> str:
        """The sealed text of an event at its place: the nonce, the ciphertext and its tag in base64url."""
        plain = text.encode()
        plain += b" " * (-len(plain) % BLOCK)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, plain, self._about(seq))).decode("ascii")

    def open(self, seq: int, sealed: str, where: str) -> str:
        """The text of an event.

        Raises:
            BadInput: it was sealed with another key, for another place, or is damaged.
        """
        try:
            raw = urlsafe_b64decode(sealed.encode("ascii"))
            return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._about(seq)).decode().rstrip(" ")
        except (InvalidTag, ValueError):
            how = "Run cleardays doctor; restore the last backup beside it, and compare."
            raise BadInput(Problem(where, "it does not open with this person's key.", how)) from None

    def _about(self, seq: int) -> bytes:
        return f"{self._person}\n{seq}".encode()


def new_key() -> bytes:
    """A person's key."""
    return secrets.token_bytes(KEY_BYTES)
