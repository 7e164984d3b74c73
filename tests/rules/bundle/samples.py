"""What the tests of the starter bundle share: cases, and how samples are put together.

A sample has the shape a rule looks for and does nothing else: it points at addresses
and names reserved for documentation (RFC 5737, RFC 2606) and holds no working payload.
Each is put together at run time from pieces, so that no scanner takes this repository
for what it looks for: a § stands where a word is broken, and is taken out. A near miss
is what ordinary people write.
"""

import base64
import struct
from dataclasses import dataclass

ADDRESS = "198.51.100.7"
SERVER = "203.0.113.80"
PROSE = "The handbook of the example company, chapter on what attackers do.\n"


@dataclass(frozen=True, slots=True)
class Case:
    """What one rule must find, and what no rule may find.

    Attributes:
        samples: each is found by the rule, and by no rule of another topic.
        near_misses: no rule of the bundle finds any of them.
    """

    samples: tuple[bytes, ...]
    near_misses: tuple[bytes, ...]


def whole(*pieces: str) -> str:
    """The pieces as one text, no longer broken."""
    return "".join(pieces).replace("§", "")


def text(*pieces: str) -> bytes:
    """The pieces as one text in UTF-8."""
    return whole(*pieces).encode()


def wide(*pieces: str) -> bytes:
    """The pieces as one text as Windows writes it, UTF-16 with its mark."""
    return b"\xff\xfe" + whole(*pieces).encode("utf-16-le")


def encoded(*pieces: str) -> str:
    """The pieces as the argument of an encoded command: UTF-16 in Base64."""
    return base64.b64encode(whole(*pieces).encode("utf-16-le")).decode()


def filler(prefix: str, length: int) -> str:
    """Base64 that starts like a kind of file and goes on without meaning."""
    return prefix + "QUJD" * (length // 4)


def shortcut(path: str, arguments: str) -> bytes:
    """A Windows shortcut with a relative path and arguments, both as UTF-16.

    Source: MS-SHLLINK, 2.1 and 2.4.
    """
    identifier = bytes.fromhex("0114020000000000c000000000000046")
    flags = 0x08 | 0x20 | 0x80  # relative path, arguments, Unicode
    header = struct.pack("<I16sI", 0x4C, identifier, flags).ljust(0x4C, b"\0")
    strings = b"".join(
        struct.pack("<H", len(string)) + string.encode("utf-16-le")
        for string in (whole(path), whole(arguments))
    )
    return header + strings
