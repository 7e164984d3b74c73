"""Hand on the strings of bytecode that hide something, as text.

Bytecode stands as it is and is matched so. But a string in it lies between lengths and
tags, some of them letters, so that encoded blobs cannot be cut out of the bytes. Where
the search for such blobs sees signs in the strings, the longer ones are a part, one a
line, that is read as a script is. How each language keeps its strings is in
`programs.constants`.
"""

import re
from collections.abc import Iterator

from clearward.core.limits import MIB
from clearward.core.part import Item, Part
from clearward.core.reader import Reader
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.programs import constants

NAME = "constants"
JAVA, DEX, PROGRAM = b"\xca\xfe\xba\xbe", b"dex\n", b"MZ"
# Of Python 2.7, and of 3.0 on; development may bring a few more.
VERSIONS = (
    *(62211, 3131, 3151, 3180, 3230, 3310, 3350, 3351, 3379, 3394, 3401, 3413, 3425),
    *(3439, 3495, 3531, 3571, *range(3600, 3680)),
)
PYTHON = tuple(version.to_bytes(2, "little") + b"\r\n" for version in VERSIONS)
MAGICS = (JAVA, DEX, PROGRAM, *PYTHON)
ROW = b"A" * 48  # of encoded letters
LETTERS = re.sub(rb"[A-Za-z0-9+/]", b"A", bytes(range(256)))
MOST = 32 * MIB  # bytes of a part that are looked at
BEHIND = b";\n"  # a string, so that letters in neighbours are not taken together


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether bytecode has strings with signs of something hidden."""
    return head.startswith(MAGICS) and bool(_text(reader))


def unpack(bytecode: Reader) -> Iterator[Item]:
    """Yield the strings as one part."""
    if text := _text(bytecode):
        name = b"#US" if bytecode.at(0, 2) == PROGRAM else NAME.encode("ascii")
        yield Part(Reader.of(text), name, len(text))


def _text(reader: Reader) -> bytes:
    """Return the longer strings, nothing if there are no signs in them."""
    found, room = [], constants.MOST_AGAIN * reader.size
    for each in _strings(reader):
        if len(each) >= constants.LEAST:
            found.append(each)
            room -= len(each)
            if room < 0:
                break
    text = b"".join(each + BEHIND for each in found)
    return text if NORMALISER.signs(text) else b""


def _strings(reader: Reader) -> Iterator[bytes]:
    front = reader.at(0, 4)
    if front.startswith(PROGRAM):
        return constants.net(reader)
    data = reader.held if reader.held is not None else reader.at(0, MOST)
    # Quicker than a look at each string. A length in front of one may be a letter and
    # spoil the sign, so rows that are no sign by themselves count, too.
    if data.translate(LETTERS).find(ROW) < 0 and not NORMALISER.signs(data):
        return iter(())
    if front == JAVA:
        return constants.java(data)
    return constants.dex(data) if front == DEX else constants.python(data)
