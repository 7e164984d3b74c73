"""Collect the strings of a PDF that are more than what stands in its bytes.

Three small parts, each of many strings, a line each: scripts, what actions start or
open, and everything else that stands in another form in the file (hexadecimal, UTF-16,
with escapes, encrypted).
"""

from collections.abc import Iterator

from clearward.core.limits import MIB
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.formats.pdf.text import readable

SCRIPTS = frozenset({b"JS", b"obj"})
ACTIONS = frozenset({b"URI", b"F", b"UF", b"P", b"D", b"Launch", b"Win", b"FS"})
SHORTEST = 8  # bytes of any other string
FULL = 4 * MIB


class Said:
    """What strings say, sorted by what they are for."""

    def __init__(self) -> None:
        self._kept: dict[bytes, list[bytes]] = {}
        self._size = 0

    @property
    def full(self) -> bool:
        """There is enough for parts of their own."""
        return self._size > FULL

    def add(self, key: bytes, raw: bytes, *, plain: bool) -> None:
        """Keep a string if it is worth it.

        Args:
            key: what stands in front of it.
            raw: what it says, decrypted.
            plain: its bytes stand like this in a part that is matched anyway.
        """
        text = readable(raw)
        if key in SCRIPTS:
            kind = b"javascript"
        elif key in ACTIONS:
            kind, text = b"actions", key + b" " + text
        elif len(text) < SHORTEST or (plain and text == raw):
            return
        else:
            kind = b"strings"
        if raw:
            self._kept.setdefault(kind, []).append(text)
            self._size += len(text)

    def parts(self) -> Iterator[Part]:
        """Yield what was kept, and forget it."""
        kept, self._kept, self._size = self._kept, {}, 0
        for name, lines in kept.items():
            yield Part(Reader.of(b"\n".join(lines)), name)
