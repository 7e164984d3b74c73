"""What the strings of a rule say, however they are written.

What a modifier makes of a text (wide, base64, xor) does not matter: the text is there.
Text that is itself base64, digits of bytes, or turned round is read as well. A byte
that may be anything is `ANY`.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence

from clearward.rules.lexer import String, compiled
from clearward.rules.lint.patterns import hexadecimal, plain, regex

ANY = "\x1e"
OTHER = "\x1f"

_ASCII = 0x7F
_MOST = 1 << 15  # characters of one string that are looked at
_BASE64 = r"[A-Za-z0-9+/]{8,}={0,2}"
_DIGITS = r"(?:(?:\\x|%|0x|\\u00)?[0-9a-fA-F]{2}[ ,]?){6,}"
_DIGIT_PAIR = r"(?:\\x|%|0x|\\u00)?([0-9a-fA-F]{2})"


def texts(string: String) -> Iterator[str]:
    """Yield what one string of a rule says, in every way it can be read."""
    written = string.text
    if written.startswith("{"):
        yield from readings(hexadecimal(written[: 4 * _MOST]))
    elif written.startswith("/"):
        yield from of_text(regex(written[1 : written.rindex("/")][:_MOST]))
    else:
        yield from of_text(plain(written.strip('"')[:_MOST]))


def of_text(text: str) -> Iterator[str]:
    """Yield the readings of text that a rule is written with."""
    yield from _unwrapped(text)
    if "\0" in text:
        yield from _unwrapped(text.replace("\0", ""))


def readings(data: Sequence[int | None]) -> Iterator[str]:
    """Yield what bytes say in ASCII, wide or not, and what that hides.

    Bytes of other alphabets are `OTHER` here; `phrases.coded` looks at those.
    """
    shown = "".join(_shown(one) for one in data)
    yield from _unwrapped(shown)
    for start in (0, 1):
        if len(shown) > 1 and set(shown[start::2]) <= {"\0", ANY}:
            yield from _unwrapped(shown[1 - start :: 2])


def _shown(one: int | None) -> str:
    if one is None:
        return ANY
    return chr(one) if one <= _ASCII else OTHER


def _unwrapped(text: str) -> Iterator[str]:
    """Yield a text, that text turned round, and what else is written in it."""
    yield text
    yield text[::-1]
    for turned in (text, text[::-1]):
        for found in compiled(_BASE64).findall(turned):
            yield from _from_base64(found)
    for found in compiled(_DIGITS).findall(text):
        pairs = compiled(_DIGIT_PAIR).findall(found)
        raw = bytes.fromhex("".join(pairs))
        yield raw.decode("utf-8", "ignore").replace("\0", "")
        yield raw.decode("latin-1")[::-1]


def _from_base64(coded: str) -> Iterator[str]:
    """Yield what base64 says, wherever its groups of four begin."""
    for start in range(4):
        piece = coded[start:].rstrip("=")
        piece = piece[: len(piece) - (len(piece) % 4 == 1)]  # no byte has so few bits
        piece += "=" * (-len(piece) % 4)
        try:
            raw = base64.b64decode(piece, validate=True)
        except binascii.Error:
            continue
        yield raw.decode("utf-8", "ignore")
        if b"\0" in raw:
            yield raw.replace(b"\0", b"").decode("latin-1")
