"""Unpack the files that Setup.exe of InstallShield carries behind itself.

For each file name, path, version and size as text, each with a zero behind it of one
byte or, if the names are in UTF-16, of two; then the content as it is. A file of the
list may be such a list itself. Cabinets of InstallShield among them are a set, and
their header is another file of it.

Source: seen in programs made with InstallShield 11 and later; the cabinets are those of
`shield`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Reader
from clearward.formats.installers import shield
from clearward.formats.installers.setup_front import LONGEST, entry

NAME = "installer"
NUMBERED = re.compile(rb"(?i)(.*?)(\d{1,3})\.(cab|hdr)")


@dataclass(frozen=True, slots=True)
class _File:
    name: bytes
    content: Reader


def unpack(data: Reader) -> Iterator[Item]:
    """Yield the content of each file, and of the cabinets among them.

    Raises:
        Malformed: the list, or a cabinet, is damaged. All was yielded that could be.
        Truncated: the last file is cut short.
    """
    found: list[_File] = []
    fault: Malformed | None = None
    try:
        for file in _files(data):
            if file.content.at(0, len(shield.MAGIC)) == shield.MAGIC:
                found.append(file)
                continue
            yield Part(file.content, file.name, file.content.size)
            for inner in _files(file.content):
                name = file.name + b"/" + inner.name
                yield Part(inner.content, name, inner.content.size)
    except Malformed as error:
        fault = error
    yield from _sets(found)
    if fault is not None:
        raise fault


def _files(data: Reader) -> Iterator[_File]:
    offset = 0
    while match := entry(data.at(offset, LONGEST)):
        name, digits = match.groups()
        size = int(digits.replace(b"\0", b""))
        offset += match.end()
        there = min(size, data.size - offset)
        yield _File(name.replace(b"\0", b""), data.slice(offset, there))
        if there < size:
            raise Truncated(NAME, data.size, "content of a file")
        offset += size


def _sets(found: list[_File]) -> Iterator[Item]:
    """Yield the files of each set of cabinets, and cabinets that are of none."""
    headers: dict[bytes, Reader] = {}
    volumes: dict[bytes, dict[int, Reader]] = {}
    for file in found:
        match = NUMBERED.fullmatch(file.name)
        stem, number, ending = match.groups() if match else (file.name, b"1", b"cab")
        if ending.lower() == b"cab":
            volumes.setdefault(stem, {})[int(number)] = file.content
        if shield.is_header(file.content):
            headers.setdefault(stem, file.content)
    for stem, header in headers.items():
        yield from shield.files(header, volumes.pop(stem, {}))
    for stem, alone in volumes.items():
        for content in alone.values():
            yield Part(content, stem, content.size)
