"""Data URLs: a file within an address.

    data:[type][;parameter...][;base64],content

Source: RFC 2397.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from clearward.formats.normalise import entities

SCHEME = b"data:"
_BASE64 = re.compile(rb";\s*base64\s*\Z", re.IGNORECASE)
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/]+")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_LONGEST_TYPE = 100


@dataclass(frozen=True, slots=True)
class DataUrl:
    """What stood in a data URL.

    Attributes:
        type: as the page says it, lower case, without parameters; may be empty.
        content: decoded, as far as it can be.
    """

    type: str
    content: bytes


def _byte(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)])


def from_percent(text: bytes) -> bytes:
    """Return a text with percent signs and two digits behind them as bytes."""
    return _PERCENT.sub(_byte, text)


def from_base64(text: bytes) -> bytes:
    """Return what a text in base64 stands for, in either alphabet.

    What is no base64 is passed over, as browsers and mail programs do.
    """
    digits = _FOREIGN.sub(b"", text.replace(b"-", b"+").replace(b"_", b"/"))
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    try:
        return base64.b64decode(digits + b"=" * (-len(digits) % 4))
    except binascii.Error:  # pragma: no cover - the alphabet and length were mended
        return b""


@dataclass(frozen=True, slots=True)
class Decoding:
    """The functions that a data URL is decoded with."""

    entities: Callable[[bytes], bytes] = entities.decode
    percent: Callable[[bytes], bytes] = from_percent
    base64: Callable[[bytes], bytes] = from_base64


_PLAIN = Decoding()


def read(url: bytes, decoding: Decoding = _PLAIN) -> DataUrl:
    """Return what stands in a URL that begins with `SCHEME`, entities and all."""
    head, _, content = decoding.entities(url)[len(SCHEME) :].partition(b",")
    kind = head.partition(b";")[0][:_LONGEST_TYPE].strip().lower()
    content = decoding.percent(content)
    if _BASE64.search(head[-_LONGEST_TYPE:]):
        content = decoding.base64(content)
    return DataUrl(kind.decode("ascii", "replace"), content)
