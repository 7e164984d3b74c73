"""What file types are known by, beside those that are built in (ftm).

Two kinds of rows, of which only the first 1,024 bytes of a part are asked:

    true, offset, bytes, "", type       bytes at a place; the last row that fits counts
    false, 0, regex, given, type        a body, for parts whose type no bytes at a place
                                        tell; given is the type a part has otherwise,
                                        or CL_TYPE_ANY

They are added to what is built in: opening containers never depends on a database.
(clamscan forgets all it knows once there is an .ftm.) An archive that begins in the
middle of a part is found by its content, whether a row says so or not.

Source: docs.clamav.net, "File Type Magic"; tried with clamscan 1.4.6.
"""

from dataclasses import dataclass

import regex

from clearward.core.filetypes import ANY, is_known
from clearward.native.errors import BadImage
from clearward.rules.listing import Row, read_rows

FIELDS = 5
WINDOW = 1024  # bytes
MOST_ROWS = 10_000
LONGEST = 64 * 1024  # characters of a magic
SECONDS = 0.2  # for one expression
_LONGEST_TYPE = 64

with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
    _RANKS = {
        f"CL_TYPE_{word}": rank
        for rank, line in enumerate(line for line in file if not line.startswith("#"))
        for word in line.split()
    }


@dataclass(frozen=True, slots=True)
class _Text:
    pattern: "regex.Pattern[bytes]"
    given: str
    becomes: str


class Magics:
    """Types by their magics.

    Args:
        data: the section, maybe empty.

    Raises:
        BadImage: the section is not sound.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._fixed: list[tuple[bytes, int, str]] = []
        self._texts: list[_Text] = []
        for row in read_rows(data, FIELDS):
            self._take(row)
        self._fixed.reverse()

    def __len__(self) -> int:
        return len(self._fixed) + len(self._texts)

    def fixed(self, head: bytes) -> str:
        """Return the type that bytes at a place tell, or nothing."""
        for magic, offset, becomes in self._fixed:
            if head.startswith(magic, offset):
                return becomes
        return ""

    def near(self, window: bytes, given: str) -> str:
        """Return the type that bodies in the front tell, of several the highest.

        It is `given` if that is higher, or there is none.

        Raises:
            TimeoutError: one took too long.
        """
        found = given
        for text in self._texts:
            if text.given in (ANY, given) and text.pattern.search(
                window[:WINDOW], timeout=SECONDS
            ):
                found = max(found, text.becomes, key=_rank)
        return found

    def _take(self, row: Row) -> None:
        if len(self) == MOST_ROWS:
            raise BadImage("a list of magics that is too long")
        becomes = row.text(4, _LONGEST_TYPE)
        given = row.text(3, _LONGEST_TYPE)
        if not is_known(becomes) or (given and not is_known(given)):
            raise BadImage("a magic of an unknown type")
        text = row.text(2, LONGEST).encode("latin-1")
        if row.flag(0):
            self._fixed.append((text, row.number(1, WINDOW), becomes))
        else:
            self._texts.append(_Text(_compiled(text), given, becomes))


def _rank(name: str) -> int:
    return _RANKS.get(name, 0)


def _compiled(text: bytes) -> "regex.Pattern[bytes]":
    try:
        return regex.compile(text, regex.VERSION0 | regex.DOTALL)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise BadImage("a magic that is no regular expression") from error
