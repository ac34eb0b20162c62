"""What nobody means to send: field by field, and as bodies that are no form at all."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote_plus

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
LONG = 10_000

# What a field may hold that no page asks for, by its kind.
VALUES = {
    "empty": "",
    "spaces": "   ",
    "long": "x" * LONG,
    "right to left": "\u202eמיגרנה صداع\u202c",
    "emoji": "🤕👩‍⚕️" * 40,
    "control": "a\x1b[2J\x07\x08b\x7f\x85",
    "NUL": "a\x00b",
    "markup": '"><script>alert(1)</script>{{7*7}}#image("/etc/passwd")\'',
    "lines": "one\r\ntwo\r\n\r\nthree",
    "negative": "-1",
    "huge": "9" * 400,
    "fraction": "1e999",
    "not a number": "NaN",
    "other figures": "٣٤५",
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "31 February": "2026-02-31",
    "first instant": "0001-01-01T00:00+14:00",
    "last instant": "9999-12-31T23:59-14:00",
    "25 o'clock": "25:61",
    "nobody": "p00112233445566778899aabb",
    "path": "../../etc/passwd",
    "list": "a;b;c;;;",
    "half a character": "\udcff",
}


class Body(NamedTuple):
    """What is sent: how it is called, and its bytes."""

    kind: str
    content: bytes


def urlencoded(pairs) -> bytes:
    """A form as a browser sends it; half a character goes as the byte that it was."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogateescape"))


def multipart(pairs) -> bytes:
    """The same in parts."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs]
    return ("".join(parts) + "--x--\r\n").encode("utf-8", "surrogateescape")


def bodies(pairs) -> dict[str, Body]:
    """A whole form, sent as none should be."""
    whole, parts = urlencoded(pairs), multipart(pairs)
    file = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a\x00/../b.svg"\r\nContent-Type: image/svg+xml\r\n\r\n'
    return {
        "nothing": Body(FORM, b""),
        "no kind": Body("", whole),
        "said to be JSON": Body("application/json", whole),
        "JSON": Body("application/json", b'{"what": ["keep"]}'),
        "JSON said to be a form": Body(FORM, b'{"what": ["keep"]}'),
        "text": Body("text/plain", whole),
        "no UTF-8": Body(FORM, b"&".join(name.encode() + b"=%ff%fe%c3%28\xff" for name, _ in pairs)),
        "of another character set": Body(f"{FORM}; charset=utf-16", whole),
        "names like arrays": Body(FORM, urlencoded([(f"{name}[]", value) for name, value in pairs])),
        "names like objects": Body(FORM, urlencoded([(f"{name}[a][0]", value) for name, value in pairs])),
        "only signs": Body(FORM, b"&&&===&%&=%zz&;"),
        "parts without a boundary": Body("multipart/form-data", parts),
        "parts of another boundary": Body("multipart/form-data; boundary=y", parts),
        "parts cut off": Body(MULTIPART, parts[: len(parts) // 2]),
        "parts without a name": Body(MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
        "parts of no character set": Body(f"{MULTIPART}; charset=nonsense", parts),
        "parts in a crooked character set": Body(
            f"{MULTIPART}; charset=utf-7", multipart([(name, "+2AA-") for name, _ in pairs])
        ),
        "parts in no character set": Body(f"{MULTIPART}; charset=undefined", parts),
        "parts that are none": Body(MULTIPART, b"\x00\xff" * 500),
        "files for words": Body(
            MULTIPART, b"".join(file % name.encode() + b"<svg/>\r\n" for name, _ in pairs[:1]) + b"--x--\r\n"
        ),
        "many files": Body(MULTIPART, (file % b"file" + b"<svg/>\r\n") * 9 + b"--x--\r\n"),
        "many fields": Body(FORM, urlencoded([*pairs, *((f"more-{n}", "x") for n in range(3000))])),
        "many parts": Body(MULTIPART, multipart([*pairs, *((f"more-{n}", "x") for n in range(700))])),
        "each twice": Body(FORM, urlencoded([*pairs, *pairs])),
        "too much": Body(FORM, b"note=" + b"x" * (21 * 1024 * 1024)),
    }
