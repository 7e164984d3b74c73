"""Say which container formats a part is of, by its content and never by its name.

A part may be of several at once (a picture with a zip behind it); all are opened. Most
parts are of none, so the common answer must be quick: the first byte picks the few
formats whose magic begins with it, and only formats without such a magic are always
asked.
"""

from collections.abc import Iterable

from clearward.core.reader import Reader
from clearward.formats.closed import CLOSED
from clearward.formats.format import Format
from clearward.formats.unpack import FORMATS

HEAD = 64 * 1024


def table(formats: Iterable[Format]) -> tuple[tuple[Format, ...], ...]:
    """Sort formats by first byte: row n holds those to ask about a part that starts so.

    A format without a magic of its own stands in every row.
    """
    listed = tuple(formats)
    return tuple(
        tuple(
            format
            for format in listed
            if not format.magics or any(magic[0] == first for magic in format.magics)
        )
        for first in range(256)
    )


ROWS = table((*FORMATS, *CLOSED))


def identify(head: bytes, reader: Reader) -> list[Format]:
    """Return the formats of a part, in the order in which they are opened.

    Args:
        head: the first `HEAD` bytes of the part, or all of a shorter one; or more.
        reader: the whole part, or as much of the front of it as there is.
    """
    if not head:
        return []
    return [format for format in ROWS[head[0]] if format.recognises(head, reader)]
