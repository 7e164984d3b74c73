"""Unpack TNEF: winmail.dat, what Outlook makes of mails with rich text.

Layout, numbers little-endian (MS-OXTNEF 2.1.3): signature 78 9F 3E 22, key (2), then
attributes: level (1: 1 of the message, 2 of an attachment), identifier (4), size (4),
content, sum of its bytes (2).

An attachment's content is one attribute, its name another, before it or behind it.
Everything else worth a look is inside properties (`formats.mapi.properties`): pages,
compressed text, objects and mails that are attached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import CHUNK, Reader
from clearward.formats.mapi import properties

NAME = "tnef"
START = 6
ATTRIBUTE = Struct("<BII")
LEVELS = (1, 2)
CHECKSUM = 2

MESSAGE_BODY = 0x0002800C
MESSAGE_PROPERTIES = 0x00069003
ATTACHMENT_PROPERTIES = 0x00069005
ATTACHMENT_BEGINS = 0x00069002
ATTACHMENT_NAME = 0x00018010
ATTACHMENT_CONTENT = 0x0006800F
ATTACHMENT_PICTURE = 0x00068011
NAME_MOST = 4096


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute.

    Attributes:
        kind: its identifier.
        start: where its content begins, in bytes.
        size: bytes of the content.
    """

    kind: int
    start: int
    size: int

    @property
    def end(self) -> int:
        """Where the next attribute begins."""
        return self.start + self.size + CHECKSUM


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield attachments, bodies and what properties hold, in the order of the file.

    Raises:
        Malformed: what follows is no attribute.
        Truncated: an attribute ends early. What there is of it was yielded.
    """
    waiting = _Waiting()
    fault: Malformed | None = None
    end = START
    for each in _attributes(reader):
        end = each.end
        content = reader.slice(each.start, min(each.size, reader.size - each.start))
        try:
            yield from _opened(each, content, waiting)
        except Malformed as error:
            fault = fault or error
    yield from waiting.given()
    _judge(reader, end)
    if fault is not None:
        raise fault


@dataclass(slots=True)
class _Waiting:
    """An attachment whose name may still come, or a name whose content may."""

    content: Reader | None = None
    name: bytes = b""

    def given(self) -> Iterator[Part]:
        """Yield the attachment if there is one, and forget it."""
        if self.content is not None:
            yield Part(self.content, self.name)
            self.content, self.name = None, b""


def _opened(each: Attribute, content: Reader, waiting: _Waiting) -> Iterator[Item]:
    """Yield what an attribute holds, or keep it until its attachment is known."""
    if each.kind == ATTACHMENT_BEGINS:
        yield from waiting.given()
    elif each.kind == ATTACHMENT_CONTENT:
        yield from waiting.given()
        waiting.content = content
    elif each.kind == ATTACHMENT_NAME:
        waiting.name = content.at(0, NAME_MOST).partition(b"\0")[0]
    elif each.kind in (MESSAGE_BODY, ATTACHMENT_PICTURE):
        yield Part(content)
    elif each.kind in (MESSAGE_PROPERTIES, ATTACHMENT_PROPERTIES):
        yield from properties.unpack(content, each.start, NAME)


def _attributes(reader: Reader) -> Iterator[Attribute]:
    """Yield the attributes up to the first that is none, the last one perhaps cut."""
    offset = START
    while offset < reader.size:
        header = reader.at(offset, ATTRIBUTE.size)
        if len(header) < ATTRIBUTE.size or header[0] not in LEVELS:
            return
        _, kind, size = ATTRIBUTE.unpack(header)
        each = Attribute(kind, offset + ATTRIBUTE.size, size)
        yield each
        offset = each.end


def _judge(reader: Reader, end: int) -> None:
    """Say whether the attributes are all that there is, and whole."""
    if end > reader.size:
        raise Truncated(NAME, reader.size, "attribute")
    for offset in range(end, reader.size, CHUNK):
        if reader.at(offset, CHUNK).strip(b"\0\r\n"):
            raise Malformed(NAME, end, "attribute")
