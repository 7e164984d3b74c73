"""Open what a program or a script carries behind itself: self-extracting archives.

Where it may begin is in `formats/embedded`. What is handed on is identified as any
other part is; archives with a long magic are found by `embedded` instead.
"""

from collections.abc import Iterator

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.formats.embedded.overlay import SEARCHED
from clearward.formats.embedded.search import cut
from clearward.formats.embedded.signs import Hit
from clearward.formats.embedded.streams import behind_program, behind_script

NAME = "selfextracting"
SCRIPT = b"#!"
MAGICS = (b"MZ", b"\x7fELF", SCRIPT)


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a program or a script carries an archive or a stream."""
    return head.startswith(MAGICS) and any(True for _ in _places(head, reader))


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield each from its first byte on."""
    places = sorted(set(_places(reader.at(0, 4096), reader)))
    yield from cut(reader, [Hit(place) for place in places if 0 < place < reader.size])


def _places(head: bytes, reader: Reader) -> Iterator[int]:
    if head.startswith(SCRIPT):
        return behind_script(reader.at(0, SEARCHED))
    return behind_program(head, reader)
