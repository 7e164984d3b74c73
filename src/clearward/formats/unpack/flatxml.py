"""Unpack office documents that are one XML file: the files in them, in base64.

    <pkg:binaryData>UEsDBBQ...</pkg:binaryData>         flat OPC
    <w:binData w:name="editdata.mso">QWN0...</w:binData>   WordprocessingML 2003
    <office:binary-data>iVBORw0...</office:binary-data>    OpenDocument
    <chunk>JVBERi0...</chunk>                           XDP: a PDF document

Elements are found by their names in all of the document, whatever their prefix: it is
not parsed, so no entity is expanded and nothing that is broken ends the search. Their
content ends at the next tag. What is no base64 in it is passed over.

Source: ISO/IEC 29500-2 and MS-DOCX, flat OPC; WordprocessingML 2003; OpenDocument 1.3,
10.4.5; XDP 2.0.
"""

import re
from collections.abc import Iterator

from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.normalise import entities
from clearward.formats.normalise.dataurl import from_base64

NAME = "flatxml"
MOST = 96 * MIB  # letters of one element
LONGEST_TAG = 4096

_TAG = re.compile(
    rb"<(?:[\w.-]{1,64}+:)?(?:binarydata|bindata|binary-data|chunk)(?=[\s>])"
    rb"[^<>]{0,4000}+>(?:\s*<!\[CDATA\[)?",
    re.IGNORECASE,
)
_NAME = re.compile(rb"name\s*=\s*[\"']([^\"'<>]{1,300})")
_ENTITY = re.compile(rb"&#?\w{1,9};")


def unpack(document: Reader) -> Iterator[Item]:
    """Yield each file of a document."""
    chunks = document.chunks()
    held = bytearray()
    more = True
    while more:
        chunk = next(chunks, b"")
        more = bool(chunk)
        held += chunk
        place = 0
        while (tag := _TAG.search(held, place)) is not None:
            name = _NAME.search(tag[0])
            place = tag.end()
            while (end := held.find(b"<", place)) < 0 and len(held) - tag.end() < MOST:
                place = len(held)
                if not (chunk := next(chunks, b"")):
                    break
                held += chunk
            end = len(held) if end < 0 else end
            yield from _file(bytes(held[tag.end() : end]), name[1] if name else b"")
            place = end
        del held[: max(place, len(held) - LONGEST_TAG)]


def _file(text: bytes, name: bytes | bytearray) -> Iterator[Item]:
    if len(text) >= MOST:
        yield Gap(Reason.MEMORY_LIMIT, bytes(name))
    if _ENTITY.search(text):
        text = entities.decode(text)
    if data := from_base64(text):
        yield Part(Reader.of(data), bytes(name), packed=len(text))
