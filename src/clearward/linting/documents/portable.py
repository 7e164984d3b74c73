"""Documents as PDF, plain and packed.

Source: ISO 32000-1, sections 7.3 to 7.5.
"""

import zlib
from collections.abc import Iterator

from clearward.linting.documents.document import Document, Written

_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)


def portable(document: Document) -> Iterator[Written]:
    """Yield it as PDF, with the page as it is and packed."""
    yield Written(f"{document.marking}.pdf", _pdf(document, packed=True))
    yield Written(f"{document.marking}.plain.pdf", _pdf(document, packed=False))


def _pdf(document: Document, *, packed: bool) -> bytes:
    shown = b"".join(_text(line) + b" Tj T*\n" for line in document.lines)
    page = b"BT /F1 12 Tf 14 TL 72 720 Td\n" + shown + b"ET\n"
    if packed:
        page = zlib.compress(page)
    coded = b"/Filter /FlateDecode " if packed else b""
    title = _text(document.marking)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        b"<< " + coded + b"/Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title " + title + b" /Author (A. Writer) >>",
    )
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n" % (len(objects) + 1)
    made += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(made)


def _text(text: str) -> bytes:
    """Return a string of PDF: as it is, or as UTF-16."""
    if text.isascii():
        for one in "\\()":
            text = text.replace(one, "\\" + one)
        return b"(" + text.encode() + b")"
    return b"<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode() + b">"
