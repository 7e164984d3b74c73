"""Unpack iCalendar and vCard: the files that stand in their properties.

    ATTACH;ENCODING=BASE64;VALUE=BINARY:TVqQAAMAAAAEAAAA
     //8AALgAAAAA                           a line that begins with a blank goes on
    PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ     vCard 3
    PHOTO;TYPE=JPEG;BASE64:/9j/4AAQ         vCard 2.1
    NOTE;ENCODING=QUOTED-PRINTABLE:=41=42   vCard 2.1; a line that ends with = goes on
    PHOTO:data:image/jpeg;base64,/9j/4AAQ   vCard 4

A part has the name of its property. What is no base64 in a value is passed over. White
space in front of the first line is left out, and the case of letters makes no
difference, as programs have it.

Source: RFC 5545, 3.1 and 3.8.1.1; RFC 6350; RFC 2426, 5; vCard 2.1, 2.1.
"""

import quopri
import re
from collections.abc import Iterator

from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.normalise import dataurl
from clearward.formats.normalise.chosen import NORMALISER

NAME = "cards"
WINDOW = 64 * MIB  # bytes that are looked at
FRONT = 256
DECODER = NORMALISER.decoding

_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*BEGIN[ \t]*:[ \t]*V(?:CARD|CALENDAR)\s", re.IGNORECASE
)
_PROPERTY = re.compile(
    rb"^(?:[\w-]{1,60}\.)?([\w-]{1,60})((?:;[^:;\r\n]{1,200}){1,16}+)?:", re.MULTILINE
)
_BASE64 = re.compile(rb";(?:ENCODING=)?[\"']?(?:BASE64|B)[\"']?(?=;|\Z)", re.IGNORECASE)
_QUOTED = re.compile(rb";(?:ENCODING=)?QUOTED-PRINTABLE", re.IGNORECASE)
_FOLDED = re.compile(rb"\r?\n[ \t]")
_NEXT = re.compile(rb"\r?\n(?![ \t])")
_NEXT_QUOTED = re.compile(rb"(?<!=)\r?\n(?![ \t])|(?<!=)\n(?![ \t])")


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001 - as all have it
    """Say whether a part begins as a card or a calendar does."""
    return _BEGINS.match(head[:FRONT]) is not None


def unpack(card: Reader) -> Iterator[Item]:
    """Yield the files in the properties of all cards."""
    text = card.held if card.held is not None else card.at(0, WINDOW)
    place = 0
    while found := _PROPERTY.search(text, place):
        about = found[2] or b""
        quoted = _QUOTED.search(about) is not None
        ends = (_NEXT_QUOTED if quoted else _NEXT).search(text, found.end())
        end = ends.start() if ends else len(text)
        value = text[found.end() : end]
        place = end
        if data := _decoded(value, about, quoted=quoted):
            yield Part(Reader.of(data), found[1], packed=len(value))
    if card.size > len(text):
        yield Gap(Reason.MEMORY_LIMIT)


def _decoded(value: bytes, about: bytes, *, quoted: bool) -> bytes:
    """Return what a value is the letters of; nothing if it stands as it is."""
    if _BASE64.search(about):
        return DECODER.base64(value)
    if quoted:
        return quopri.decodestring(value)
    if value[:5].lower() == dataurl.SCHEME:
        return dataurl.read(_FOLDED.sub(b"", value), DECODER).content
    return b""
