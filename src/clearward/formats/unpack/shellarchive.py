"""Hand on the archive that a script has behind its lines.

Makeself says behind how many of its lines the archive begins: skip="715". The archives
of other scripts are looked for: base64 of a compressed stream at the start of a line,
or what openssl encrypted. Base64 is decoded.

Source: makeself manual; RFC 4648, section 4.
"""

import binascii
import re
from collections.abc import Iterator
from string import ascii_letters, digits

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.embedded.overlay import SEARCHED

NAME = "shellarchive"
LINES = re.compile(rb'(?m)^skip="(\d{1,6})"')
ARCHIVES = re.compile(rb"\n(?=Salted__|H4sI|/Td6WFo|Qlpo)")
LETTERS = re.compile(rb"[A-Za-z0-9+/\r\n]{64}")
ALPHABET = (ascii_letters + digits + "+/").encode()
OTHER = bytes(set(range(256)) - set(ALPHABET))
GROUP = 4


def unpack(script: Reader) -> Iterator[Item]:
    """Yield the archive, decoded if it is base64."""
    start = _start(script.at(0, SEARCHED))
    if not 0 < start < script.size:
        yield Gap(Reason.UNSUPPORTED)
        return
    content = script.slice(start, script.size - start)
    if LETTERS.match(content.at(0, 64)):
        yield Part(Stream(_decoded(content)), b"", content.size)
    else:
        yield Part(content, b"", content.size)


def _start(front: bytes) -> int:
    """Return where the archive begins, 0 if that is not known."""
    if match := LINES.search(front):
        place = 0
        for _ in range(int(match[1])):
            place = front.find(b"\n", place) + 1
            if not place:
                break
        if place:
            return place
    found = ARCHIVES.search(front)
    return found.end() if found else 0


def _decoded(content: Reader) -> Iterator[bytes]:
    """Yield what base64 says; what is no letter of it is passed over."""
    left = b""
    for chunk in content.chunks():
        left += chunk.translate(None, OTHER)
        whole = len(left) - len(left) % GROUP
        yield binascii.a2b_base64(left[:whole])
        left = left[whole:]
    if len(left) > 1:
        yield binascii.a2b_base64(left + b"=" * (-len(left) % GROUP))
