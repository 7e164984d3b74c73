"""Read a list of digests as people keep them.

    HEX [NAME]

a line each: 64 hexadecimal digits and, behind white space, what it is; as sha256sum
writes it, a star before the name is left out. Empty lines and those that begin with
``#`` count for nothing, any other line is rejected and counted.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clearward.reputation.labels import plain
from clearward.reputation.records import DIGEST

_HEX = re.compile(rb"[0-9A-Fa-f]{64}")
_LINE = 2 * DIGEST + 1  # bytes of a line without a name
_COMMENT = b"#"
_NUMBER = "I"  # of an array: at least four bytes


@dataclass(frozen=True, slots=True)
class Entries:
    """What a list holds.

    Attributes:
        digests: 32 bytes each, behind each other, as they came.
        named: for each, the place of its name.
        names: each once, as they came first.
        rejected: lines that are no digests.
    """

    digests: bytes
    named: "array[int]"
    names: tuple[str, ...]
    rejected: int


def read(pieces: Iterable[bytes]) -> Entries:
    """Read a list, however it is cut into pieces."""
    digests = bytearray()
    named: array[int] = array(_NUMBER)
    names: dict[str, int] = {}
    rejected = 0
    for lines in _whole(pieces):
        bare = _bare(lines)
        if bare is not None:
            place = names.setdefault("", len(names))
            digests += bare
            named.extend(array(_NUMBER, [place]) * (len(bare) // DIGEST))
            continue
        for line in lines.split(b"\n"):
            first, name = _fields(line)
            if not first or first.startswith(_COMMENT):
                continue
            if not _HEX.fullmatch(first):
                rejected += 1
                continue
            digests += bytes.fromhex(first.decode("ascii"))
            named.append(names.setdefault(plain(name), len(names)))
    return Entries(bytes(digests), named, tuple(names), rejected)


def _whole(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same in pieces that end where a line does."""
    rest: list[bytes] = []
    for piece in pieces:
        lines, end, behind = piece.rpartition(b"\n")
        if end:
            yield b"".join(rest) + lines + end
            rest = []
        rest.append(behind)
    yield b"".join(rest)


def _bare(lines: bytes) -> bytes | None:
    """Return the digests of lines that are nothing else; None if any is not so."""
    count, rest = divmod(len(lines), _LINE)
    if rest or not count or lines[_LINE - 1 :: _LINE] != b"\n" * count:
        return None
    try:
        digests = bytes.fromhex(lines.decode("ascii"))
    except ValueError:
        return None
    # Blanks among the digits would have been passed over.
    return digests if len(digests) == count * DIGEST else None


def _fields(line: bytes) -> tuple[bytes, bytes]:
    """Return the first word of a line and what follows it."""
    words = line.split(None, 1)
    if len(words) < 2:  # noqa: PLR2004 - a word and the rest
        return b"".join(words), b""
    return words[0], words[1].removeprefix(b"*")
