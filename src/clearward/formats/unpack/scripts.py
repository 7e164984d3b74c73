"""Unpack what scripts hide in their text: encoded blobs, and words taken apart.

    base64@123       a blob, named by what decodes it and by where it begins: base64,
                     reversed-base64, hex, reversed-hex, numbers, escapes; and with
                     "-deflate" where it was deflated, too
    joined           the text with its words put together, see `scripts.fold`; of a
                     long one what is around them

Any text is looked at, whatever language it is in, also inside pages: what is hidden is
told by how it is written. Mail, documents in XML and PDF are opened as such, which has
their base64 decoded; they are passed over unless they have words of pages or scripts: a
page is one, whatever its first words claim. UTF-16 is read without its zero bytes,
which leaves ASCII; so is text with a few control characters in it.

A blob that is a script itself is a part like any other, so what is encoded many times
is opened as often, as deep as parts may lie.
"""

import re
from collections.abc import Iterator

from clearward.core.part import Item, Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.formats import closed_text
from clearward.formats.mail import recognise
from clearward.formats.narrow import narrow
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.signs import Signs
from clearward.formats.scripts.blobs import BARE, Blob, blobs, inflated
from clearward.formats.scripts.fold import changed, fold

NAME = "scripts"
WINDOW = 16 << 20  # bytes of a text that are looked at together
OVERLAP = 64 << 10
LEAST = 24  # bytes of a text that hides something
OPENED = (b"{\\rt", b"%!PS", b"BEGIN:VC")  # what decodes itself, or never hides so
FRONT = 1024  # bytes in which binary data has a zero byte
STRAYS = 8  # control characters among them that text may have
LETTERS = bytes((*b"\t\n\x0c\r\x1b", *range(32, 127), *range(128, 256)))
# What a page or a script says, in lower case, and other text hardly.
LIVELY = (
    *(b"<script", b"<html", b"<body", b"<svg", b"<hta:", b"<job", b"atob(", b"eval("),
    *(b"unescape(", b"fromcharcode", b"64string", b"64_decode", b"b64decode"),
    *(b"powershell", b"wscript", b"createobject"),
)

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*+<")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_FOLDED = ~(Signs.RUN | Signs.NUMBERS)


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a part is text with signs of something hidden."""
    if len(head) < LEAST or _is_binary(head):
        return False
    if not any(NORMALISER.signs(text) for text in _texts(reader)):
        return False
    return not (_is_opened(head, reader) or _is_bare(head, reader))


def _is_bare(head: bytes, reader: Reader) -> bool:
    """Say whether this is nothing but letters of base64: no script, as nothing runs it.

    What is encoded twice in a script is decoded at once, see `blobs`.
    """
    whole = head if reader.size <= len(head) else reader.at(0, WINDOW)
    return BARE.match(whole) is not None


def _is_binary(head: bytes) -> bool:
    """Say whether a front is no text, of either width, and no page.

    Browsers pass over zero bytes, and interpreters over those in a remark.
    """
    if head.find(b"\0", 0, FRONT) < 0 or _is_wide(head):
        return False
    front = head[:FRONT]
    return len(front.translate(None, LETTERS)) > STRAYS and not _MARKUP.match(front)


def _is_wide(head: bytes) -> bool:
    """Say whether a front is UTF-16, with a mark or with letters of ASCII."""
    if head.startswith(_WIDE):
        return True
    front = head[:FRONT]
    return not front[1::2].strip(b"\0") or not front[::2].strip(b"\0")


def _is_opened(head: bytes, reader: Reader) -> bool:
    """Say whether a format of its own decodes what is encoded in a text."""
    if recognise.recognises(head, reader):
        return True
    known = head.find(b"%PDF", 0, FRONT) >= 0 or head.startswith(OPENED)
    if not (known or closed_text.xml_binary(head, reader)):
        return False
    return not any(_is_lively(text.lower()) for text in _texts(reader))


def _is_lively(text: bytes) -> bool:
    return any(text.find(word) >= 0 for word in LIVELY)


def _texts(reader: Reader) -> Iterator[bytes]:
    """Yield the text in windows that overlap, without zero bytes."""
    start = 0
    while start < reader.size:
        whole = reader.held is not None and start == 0 and reader.size <= WINDOW
        text = reader.held if whole and reader.held else reader.at(start, WINDOW)
        yield narrow(text)
        start += WINDOW - OVERLAP if reader.size - start > WINDOW else WINDOW


def unpack(script: Forward) -> Iterator[Item]:
    """Yield what is encoded in a text, and the text with its words put together."""
    page = None
    for text in _windows(script):
        page = _MARKUP.match(text[:FRONT]) is not None if page is None else page
        signs = Signs(NORMALISER.signs(text))
        if not signs:
            continue
        for blob in blobs(text, signs, page=page):
            yield _part(blob)
        if signs & _FOLDED:
            folded = fold(text, signs)
            if folded != text:
                shown = changed(text, folded)
                yield Part(Reader.of(shown), b"joined", len(text), guessed=True)


def _windows(script: Forward) -> Iterator[bytes]:
    """Yield the text in windows that overlap, without zero bytes."""
    text = script.take(WINDOW)
    while text:
        yield narrow(text)
        more = script.take(WINDOW - OVERLAP) if len(text) >= WINDOW else b""
        text = text[-OVERLAP:] + more if more else b""


def _part(blob: Blob) -> Part:
    packed = blob.end - blob.start
    if blob.deflated:
        name = b"%b-deflate@%d" % (blob.how.encode("ascii"), blob.start)
        return Part(Stream(inflated(blob.content)), name, packed, guessed=True)
    name = b"%b@%d" % (blob.how.encode("ascii"), blob.start)
    return Part(Reader.of(blob.content), name, packed, guessed=True)
