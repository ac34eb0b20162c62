"""The key of an encrypted store: random, and kept wrapped by a passphrase in a small file beside the database.

The passphrase itself opens nothing: Argon2id (RFC 9106) derives a key from it that unwraps the real one (AES-256-GCM,
NIST SP 800-38D). So a change of passphrase rewrites this file only, and not the years of data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cleardays.problems import BadInput, Problem
from cleardays.store.cipher import KEY_BYTES, Key, require_secure
from cleardays.store.folders import sync_folder

FORMAT, VERSION = "cleardays key file", 1
KDF, CIPHER = "argon2id", "AES-256-GCM"
SHORTEST, LONGEST = 12, 1024  # characters of a new passphrase; the longest bounds the work, not the wish
_SALT_BYTES, _NONCE_BYTES = 16, 12
_LARGEST_FILE = 64 * 1024


class Cost(NamedTuple):
    """What deriving a key costs: rounds, KiB of memory, lanes; the second choice of RFC 9106, section 4."""

    rounds: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


# A file that asks for more than this is no key file of ours, and would only stall whoever opens it.
_MOST = Cost(64, 4 * 1024 * 1024, 64)


class WrongPassphrase(BadInput):
    """The passphrase does not fit; nothing was changed."""


def require_passphrase(passphrase: str, where: str = "passphrase") -> str:
    """A passphrase that is good enough to be set; raises `BadInput` for a short or an endless one."""
    if len(passphrase.strip()) < SHORTEST:
        how = "Use four words that do not belong together, and write them down where you keep what you must not lose."
        raise BadInput(Problem(where, f"it has fewer than {SHORTEST} characters.", how))
    if len(passphrase) > LONGEST:
        raise BadInput(Problem(where, f"it has more than {LONGEST:,} characters.", "Check that this is the right file."))
    return passphrase


def write_key_file(path: Path, key: Key, passphrase: str, cost: Cost | None = None) -> None:
    """Wrap a key and put the file there whole; an older one stays until the new one has been opened again.

    Raises:
        BadInput: the file cannot be written, or the extra `secure` is not installed.
    """
    require_secure()
    document = json.dumps(_wrapped(key, passphrase, cost or Cost()), indent=1).encode("ascii") + b"\n"
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            if read_key_file(part, passphrase) != key:
                raise RuntimeError("the new key file does not give back the key")  # pragma: no cover  # broken memory or disk
            part.replace(path)
            sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        how = "Check the room and the rights in its folder. Nothing was changed."
        raise BadInput(Problem(str(path), f"the key file cannot be written ({error.strerror}).", how)) from None


def read_key_file(path: Path, passphrase: str) -> Key:
    """The key, unwrapped.

    Raises:
        WrongPassphrase: it does not fit.
        BadInput: the file is missing, damaged, of a newer version, or the extra `secure` is not installed.
    """
    require_secure()
    document = _document(path)
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    secret = _derived(passphrase, _bytes(document, "salt"), Cost(*(document["kdf"][name] for name in Cost._fields)))
    try:
        raw = AESGCM(secret).decrypt(_bytes(document, "nonce"), _bytes(document, "wrapped"), _stated(document))
    except InvalidTag:
        how = "Try again: small and capital letters, the keyboard's language, spaces. Nothing was changed."
        raise WrongPassphrase(Problem("passphrase", "it does not open this store.", how)) from None
    return Key(raw)


def change_passphrase(path: Path, old: str, new: str, cost: Cost | None = None) -> None:
    """Wrap the same key anew; raises `WrongPassphrase` where the old one does not fit, and changes nothing then."""
    write_key_file(path, read_key_file(path, old), require_passphrase(new, "new passphrase"), cost)


def _wrapped(key: Key, passphrase: str, cost: Cost) -> dict[str, Any]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION, "kdf": {"name": KDF, **cost._asdict()}, "cipher": CIPHER}
    document |= {"salt": _text(salt), "nonce": _text(nonce)}
    wrapped = AESGCM(_derived(passphrase, salt, cost)).encrypt(nonce, key.raw, _stated(document))
    document["wrapped"] = _text(wrapped)
    return document | {"sha256": _sum(document)}


def _derived(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # the same letters however the keyboard or the system composes them
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(secret, salt, cost.rounds, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_LARGEST_FILE))
    except FileNotFoundError:
        how = "Put it back from a backup: without it nobody can open the store, whatever the passphrase."
        raise BadInput(Problem(str(path), "the key file is not there.", how)) from None
    except OSError as error:
        raise BadInput(Problem(str(path), f"the key file cannot be read ({error.strerror}).", "Check its rights.")) from None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _damaged(path, "this is no key file of cleardays.")
    if document.get("version") != VERSION:
        how = "Update cleardays."
        raise BadInput(Problem(str(path), f"the key file has version {document.get('version')}; {VERSION} is known.", how))
    if document.get("sha256") != _sum({name: value for name, value in document.items() if name != "sha256"}):
        raise _damaged(path, "the key file is damaged: it is not what was written.")
    if not _known(document):
        raise _damaged(path, "the key file asks for a way of wrapping that is not known.")
    return document


def _known(document: dict[str, Any]) -> bool:
    kdf, sizes = document.get("kdf"), {"salt": _SALT_BYTES, "nonce": _NONCE_BYTES, "wrapped": KEY_BYTES + 16}
    if not isinstance(kdf, dict) or kdf.get("name") != KDF or document.get("cipher") != CIPHER:
        return False
    asked = [(kdf.get(name), most) for name, most in _MOST._asdict().items()]
    if not all(type(value) is int and 1 <= value <= most for value, most in asked):
        return False
    if kdf["memory_kib"] < 8 * kdf["lanes"]:
        return False
    with suppress(ValueError, TypeError, binascii.Error):
        return all(len(_bytes(document, name)) == size for name, size in sizes.items())
    return False


def _damaged(path: Path, what: str) -> BadInput:
    return BadInput(Problem(str(path), what, "Put the key file back from a backup; the store itself was not touched."))


def _stated(document: dict[str, Any]) -> bytes:
    """What the wrapping vouches for beside the key."""
    stated = {name: document[name] for name in ("format", "version", "kdf", "cipher", "salt")}
    return json.dumps(stated, sort_keys=True).encode("ascii")


def _sum(document: dict[str, Any]) -> str:
    """Tells damage apart from a wrong passphrase."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(document: dict[str, Any], name: str) -> bytes:
    return base64.b64decode(document[name], validate=True)
