"""Unpack archives of Nix.

Layout (Nix manual, "Nix Archive Format"): strings, each its size (8, little-endian) and
content, padded to eight bytes. Behind "nix-archive-1" brackets and words: "name" and
"target" are followed by a name, "contents" by the content of a file. The rest says how
they nest, which nothing here depends on.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Reader

NAME = "nar"
MAGIC = b"nix-archive-1"
WORDS = frozenset(
    {b"(", b")", b"type", b"regular", b"executable", b"", b"directory", b"entry"}
    | {b"node", b"symlink", MAGIC}
)
NAMES = frozenset({b"name", b"target"})
CONTENT = b"contents"
MOST = 4096  # bytes of a word or a name


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content of each file, with the last part of its name.

    Raises:
        Malformed: a word is unknown. The files before it have been yielded.
        Truncated: the archive ends early; the same.
    """
    offset = 0
    name = b""
    while offset < reader.size:
        word, offset = _word(reader, offset)
        if word in NAMES:
            name, offset = _word(reader, offset)
        elif word == CONTENT:
            size = _size(reader, offset)
            offset += 8
            yield Part(reader.slice(offset, min(size, reader.size - offset)), name)
            offset += size + -size % 8
            if offset > reader.size:
                raise Truncated(NAME, reader.size, "content")
        elif word not in WORDS:
            raise Malformed(NAME, offset, "word")


def _size(reader: Reader, offset: int) -> int:
    data = reader.at(offset, 8)
    if len(data) < len(b"of a str"):
        raise Truncated(NAME, min(offset, reader.size), "size")
    return int.from_bytes(data, "little")


def _word(reader: Reader, offset: int) -> tuple[bytes, int]:
    size = _size(reader, offset)
    if size > MOST:
        raise Malformed(NAME, offset, "size of a word")
    end = offset + 8 + size + -size % 8
    if end > reader.size:
        raise Truncated(NAME, reader.size, "word")
    return reader.at(offset + 8, size), end
