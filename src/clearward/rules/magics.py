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

import re
from dataclasses import dataclass

import regex

from clearward.core.filetypes import ANY, is_known
from clearward.native.errors import BadImage
from clearward.native.layout import Where
from clearward.rules.clamav.listed import Magic
from clearward.rules.clamav.model import (
    Body,
    Bytes,
    Chain,
    Choice,
    Element,
    Masked,
    Piece,
    Skip,
)
from clearward.rules.listing import Row, read_rows

FIELDS = 5
WINDOW = 1024  # bytes
MOST_ROWS = 10_000
LONGEST = 64 * 1024  # characters of a magic
SECONDS = 0.2  # for one expression
_LONGEST_TYPE = 64

# Archives behind a program are no type of the part itself; what clamscan ignores is
# looked at here.
NO_TYPES = frozenset(
    f"CL_TYPE_{word}"
    for word in ("ZIPSFX", "RARSFX", "7ZSFX", "CABSFX", "ARJSFX", "IGNORED")
)

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


def row_of(magic: Magic) -> list[object] | None:
    """Return a magic as a row, or None if it cannot match: what it is, is elsewhere."""
    place, chains = magic.body.place, magic.body.chains
    if place.where not in (Where.START, Where.ANYWHERE):
        return None
    if magic.partition or magic.becomes in NO_TYPES:
        return None
    if magic.plain:
        ((piece,),) = (chain.pieces for chain in chains)
        data = b"".join(one.data for one in piece if isinstance(one, Bytes))
        if place.offset + len(data) > WINDOW:
            return None
        return [True, place.offset, data.decode("latin-1"), "", magic.becomes]
    text = pattern_of(magic.body).decode("latin-1")
    return [False, 0, text, magic.given, magic.becomes]


def pattern_of(body: Body) -> bytes:
    """Return a body as a regular expression.

    Raises:
        ValueError: it has a border, which no magic is known to have.
    """
    chains = b"|".join(map(_chain, body.chains))
    if body.place.where is Where.ANYWHERE:
        return b"(?:%b)" % chains
    least = min(body.place.offset, WINDOW)
    most = min(body.place.offset + body.place.shift, WINDOW)
    return rb"\A.{%d,%d}?(?:%b)" % (least, most, chains)


def _chain(chain: Chain) -> bytes:
    pieces = list(map(_piece, chain.pieces))
    written = pieces[:1]
    for (least, most), piece in zip(chain.gaps, pieces[1:], strict=True):
        bounds = b"%d," % min(least, WINDOW)
        if most is not None:
            bounds += b"%d" % min(most, WINDOW)
        written += [b".{%b}?" % bounds, piece]
    return b"".join(written)


def _piece(piece: Piece) -> bytes:
    return b"".join(map(_element, piece))


def _element(element: Element) -> bytes:
    if isinstance(element, Bytes):
        return re.escape(element.data)
    if isinstance(element, Masked):
        pairs = zip(element.values, element.masks, strict=True)
        return b"".join(_masked(value, mask) for value, mask in pairs)
    if isinstance(element, Skip):
        return b".{%d}" % element.count
    if not isinstance(element, Choice):
        raise ValueError("a magic with a border")  # noqa: TRY004 - the text is wrong
    choice = b"(?:%b)" % b"|".join(map(_piece, element.alternatives))
    if not element.negated:
        return choice
    length = sum(map(_length, element.alternatives[0]))
    return b"(?!%b).{%d}" % (choice, length)


def _length(element: Element) -> int:
    if isinstance(element, Bytes):
        return len(element.data)
    if isinstance(element, Masked):
        return len(element.values)
    if isinstance(element, Skip):
        return element.count
    if isinstance(element, Choice):
        return sum(map(_length, element.alternatives[0]))
    return 0


def _masked(value: int, mask: int) -> bytes:
    fits = (one for one in range(256) if one & mask == value)
    return b"[%b]" % b"".join(rb"\x%02x" % one for one in fits)


def _compiled(text: bytes) -> "regex.Pattern[bytes]":
    try:
        return regex.compile(text, regex.VERSION0 | regex.DOTALL)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise BadImage("a magic that is no regular expression") from error
