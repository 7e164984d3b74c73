"""Unpack asar archives, in which programs made with Electron keep their scripts.

Layout, little endian:

    offset  length  field
    0       4       4, the length of the next field
    4       4       length of the header
    8       4       length of the header without this field
    12      4       length of the text
    16              text in JSON
    8 + length of the header: contents

The text is a tree: {"files": {name: {"files": ...} or {"offset": "0", "size": 1}}},
offsets counted from the contents. A file that lies outside of the archive
("unpacked") or a link has no offset.

Source: electron/asar, README, section "Format".
"""

import json
from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason

NAME = "asar"
MAGIC = b"\4\0\0\0"
TEXT = 16
START = b'{"files":'
MOST_TEXT = 8 * MIB
DIGITS = 20  # of an offset


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part is an asar archive."""
    return head.startswith(MAGIC) and head.startswith(START, TEXT)


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each file, and what is behind them.

    Raises:
        Malformed: the header is no tree of files, or a file lies outside the archive.
            What is inside has been yielded.
        Truncated: the archive ends inside the header.
    """
    header = archive.at(0, TEXT)
    if len(header) < TEXT:
        raise Truncated(NAME, len(header), "header")
    contents = 8 + int.from_bytes(header[4:8], "little")
    size = int.from_bytes(header[12:16], "little")
    if size > MOST_TEXT:
        yield Gap(Reason.MEMORY_LIMIT)
        return
    text = archive.at(TEXT, size)
    if len(text) < size:
        raise Truncated(NAME, TEXT + len(text), "header")
    yield from _files(archive, text, contents)


def _files(archive: Reader, text: bytes, contents: int) -> Iterator[Item]:
    bad, end = False, contents
    for name, entry in _entries(_tree(text)):
        start, length = _place(entry)
        start += contents
        if start < contents or length < 0 or start > archive.size - length:
            bad = True
            length = max(archive.size - start, 0) if start >= contents else 0
        if length:
            yield Part(archive.slice(start, length), name, length)
            end = max(end, start + length)
    if end < archive.size:
        yield Part(archive.slice(end, archive.size - end), b"trailing")
    if bad:
        raise Malformed(NAME, TEXT, "place of a file")


def _tree(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(NAME, TEXT, "header") from error


def _entries(tree: object) -> Iterator[tuple[bytes, dict[str, object]]]:
    """Yield each file of the tree with its path, without recursion."""
    waiting: list[tuple[bytes, object]] = [(b"", tree)]
    while waiting:
        path, node = waiting.pop()
        files = node.get("files") if isinstance(node, dict) else None
        if isinstance(files, dict):
            prefix = path[-255:] + b"/" if path else b""
            for name, below in files.items():
                named = prefix + str(name).encode(errors="surrogatepass")
                waiting.append((named, below))
        elif isinstance(node, dict) and "offset" in node:
            yield path, node


def _place(entry: dict[str, object]) -> tuple[int, int]:
    """Return offset and size of a file, -1 for what is no number."""
    offset, size = f"{entry.get('offset')}", entry.get("size")
    right = offset.isascii() and offset.isdigit() and len(offset) <= DIGITS
    return int(offset) if right else -1, size if isinstance(size, int) else -1
