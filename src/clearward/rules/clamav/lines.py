"""The lines of a database: text that ends with a newline, comments left out.

Bytes are read as Latin-1, one character each, since signatures may hold any. Carriage
returns at the end of a line, a byte order mark, empty lines and lines that begin with
``#`` say nothing. (clamscan 1.4.6 refuses a file with an empty line; here nothing is
lost by it.)
"""

from collections.abc import Iterator

from clearward.core.limits import MIB

LONGEST = 4 * MIB  # bytes; the longest line of ClamAV's own databases has 16 KiB
_BLOCK = 1 * MIB  # of a file that is split into lines at one time
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def lines(text: bytes) -> Iterator[tuple[int, str | None]]:
    """Yield each line that says something, and its number, counted from 1.

    A line of more than `LONGEST` bytes is yielded as None.
    """
    number = 0
    start = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    while start < len(text):
        end = text.rfind(b"\n", start, start + _BLOCK) + 1
        end = end or text.find(b"\n", start) + 1 or len(text)
        if end - start > LONGEST:
            number += 1
            yield number, None
        else:
            block = text[start:end].decode("latin-1")
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if line.endswith("\r"):
                    line = line.rstrip("\r")  # noqa: PLW2901 - seldom needed
                if line and line[0] != "#":
                    yield number, line
        start = end
