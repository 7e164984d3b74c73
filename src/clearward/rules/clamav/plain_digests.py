"""Read lists of digests by the block: most of their lines are plain.

    digest:size:name[:level]        of files
    size:digest:name[:level]        of sections

A line is plain if it is exactly that, with a size in decimal digits or ``*``, a short
printable name, and a level that this program has (and ``*`` asks for). All others are
handed back as text, for `digests.DigestReader` to read; so what a line means is said
there. This is for lists of millions, and takes a third of the time.
"""

import re
from binascii import unhexlify
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.rules.clamav.digests import ANY_SIZE_LEVEL
from clearward.rules.clamav.fields import LEVEL
from clearward.rules.clamav.listed import Of

_DIGEST = rb"((?:[0-9A-Fa-f]{32}){1,2}|[0-9A-Fa-f]{40})"
_SIZE = rb"([1-9][0-9]{0,15}|\*)"
_BEHIND = rb":([!-9;-~]{1,128})(?::([0-9]{1,3}))?\r?(?:\n|\Z)"
_LINES = {
    Of.FILE: re.compile(rb"^" + _DIGEST + b":" + _SIZE + _BEHIND, re.MULTILINE),
    Of.SECTION: re.compile(rb"^" + _SIZE + b":" + _DIGEST + _BEHIND, re.MULTILINE),
}
READ = frozenset(_LINES)  # what lists are of that can be read so

# Digest, size (None is any), name; a class would take twice as long.
Plain = tuple[bytes, int | None, bytes]


@dataclass(frozen=True, slots=True)
class Rest:
    """Lines that are not plain.

    Attributes:
        before: how many lines of the list stand before them.
        text: of these lines.
    """

    before: int
    text: bytes


def read_plain(text: bytes, of: Of) -> Iterator[Plain | Rest]:
    """Yield plain lines and the text between them, in order.

    Args:
        text: of a list.
        of: what its digests are of, one of `READ`.
    """
    swapped = of is Of.SECTION
    lines = end = 0
    for found in _LINES[of].finditer(text):
        one, two, name, level = found.groups()
        digest, size = (two, one) if swapped else (one, two)
        needed = int(level) if level is not None else 0
        if needed > LEVEL or (size == b"*" and needed < ANY_SIZE_LEVEL):
            continue
        start = found.start()
        if start != end:
            yield Rest(lines, text[end:start])
            lines += text.count(b"\n", end, start)
        yield unhexlify(digest), None if size == b"*" else int(size), name
        lines += 1
        end = found.end()
    if end < len(text):
        yield Rest(lines, text[end:])
