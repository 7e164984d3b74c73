"""Agree or disagree with a magic that is too short to be sure: text with bytes in it.

What is hidden here is written in letters: base64 in a document, the lines of BinHex. A
match on the raw text cannot see it.
"""

import re
from collections.abc import Callable, Iterator

from clearward.core.reader import Reader

MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]*+<")
OVERLAP = 4096  # bytes of one chunk that are looked at again with the next

PDF_SURE = b"%PDF-"
PDF_HEADER = b"%PDF"  # browsers ask for no more
PDF_HEADER_WITHIN = 1028
OBJECT = re.compile(rb"(?:[0-9]\s+[0-9]{1,5}\s*|^[ \t]*)obj\b", re.MULTILINE)


def pdf_objects(head: bytes, reader: Reader) -> bool:
    """Say whether a header belongs to a document.

    Source code and descriptions of PDF name the magic as well. A document has objects,
    "1 0 obj", and some viewers do without the numbers. Only the front is searched for
    one: a longer part is taken at its word.
    """
    if head.startswith(PDF_SURE) or reader.size > len(head):
        return True
    return OBJECT.search(head, head.find(PDF_HEADER)) is not None


PDF_OBJECT = re.compile(  # what was passed over is not tried again: linear time
    rb"(?:[\s\0]++|%[^\r\n]*+[\r\n])*+[0-9]{1,10}\s+[0-9]{1,5}\s*obj\b"
)


def pdf_first_object(head: bytes, _reader: Reader) -> bool:
    """Say whether an object stands at the front, without a header that tells anyway."""
    if PDF_OBJECT.match(head) is None:
        return False
    return head.find(PDF_HEADER, 0, PDF_HEADER_WITHIN) < 0


BINHEX_START = re.compile(
    rb"\(This file\s+must be converted with BinHex[^\r\n]{0,80}\s{1,80}:"
)
BINHEX_WITHIN = 4096


def binhex_start(head: bytes, _reader: Reader) -> bool:
    """Say whether the first line of BinHex is there, and a colon behind it."""
    return BINHEX_START.search(head, 0, BINHEX_WITHIN) is not None


def _lowered(reader: Reader) -> Iterator[bytes]:
    """Yield the whole part in lower case, in chunks that overlap."""
    before = b""
    for chunk in reader.chunks():
        text = before + chunk.lower()
        yield text
        before = text[-OVERLAP:]


# What the front of the document says, and what its base64 stands in.
FLAT_DOCUMENTS = (
    (b"schemas.microsoft.com/office/2006/xmlpackage", b":binarydata"),
    (b"schemas.microsoft.com/office/word/2003/wordml", b":bindata"),
    (b"urn:oasis:names:tc:opendocument:xmlns:office", b":binary-data"),
    (b"ns.adobe.com/xdp", b"<chunk"),
)
FLAT_WITHIN = 4096


def xml_binary(head: bytes, reader: Reader) -> bool:
    """Say whether an XML document of an office program holds files as base64."""
    if MARKUP.match(head) is None:
        return False
    front = head[:FLAT_WITHIN].lower()
    holders = [holder for name, holder in FLAT_DOCUMENTS if front.rfind(name) >= 0]
    if not holders:
        return False
    return any(holder in text for text in _lowered(reader) for holder in holders)


ODF_MANIFEST = re.compile(rb"<(?:[\w.-]{1,40}:)?encryption-data[\s>]")
ODF_WITHIN = 2048


def odf_encrypted(head: bytes, reader: Reader) -> bool:
    """Say whether this is the list of a document's files that says some are encrypted.

    The files themselves look like anything, so the document is told by its list.
    """
    if head.find(b"opendocument:xmlns:manifest", 0, ODF_WITHIN) < 0:
        return False
    before = b""
    for chunk in reader.chunks():
        text = before + chunk
        if ODF_MANIFEST.search(text):
            return True
        before = text[-OVERLAP:]
    return False


CHECKS: dict[str, Callable[[bytes, Reader], bool]] = {
    "pdf-objects": pdf_objects,
    "pdf-first-object": pdf_first_object,
    "binhex-start": binhex_start,
    "xml-binary": xml_binary,
    "odf-encrypted": odf_encrypted,
}
