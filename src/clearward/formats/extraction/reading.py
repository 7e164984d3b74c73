"""Say what text a part of a file has: of a plain file, a page, a mail or a PDF.

Of a mail only the header is read here, and only the links of a PDF: what they hold
comes as parts of their own, decoded.
"""

import codecs
import re
from collections.abc import Sequence

from clearward.formats.extraction import markup, shown

PDF = "pdf"
MAIL = "mail"
PLAIN = ""

_FRONT = 4096  # bytes by which text is told
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\f\r\x1b"})
_MOST_CONTROLS = 0.02  # of the front
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_MAILS = frozenset({"mail", "mbox"})
_MARKED = {
    b"\xff\xfe": codecs.utf_16_le_decode,
    b"\xfe\xff": codecs.utf_16_be_decode,
}


def kind_of(names: Sequence[str]) -> str:
    """Return what a part is, of what matters here: `PDF`, `MAIL` or `PLAIN`.

    Args:
        names: of the formats it was recognised as.
    """
    if any(name.startswith(PDF) for name in names):
        return PDF
    return MAIL if _MAILS.intersection(names) else PLAIN


def text_of(data: bytes, kind: str, around: str) -> str | None:
    """Return the text of a part, None if it has none.

    Args:
        data: the part.
        kind: what it is.
        around: what it lies in; `PLAIN` if that is nothing of ours.
    """
    if kind == PDF:
        return shown.links_of(data)
    if around == PDF and shown.is_content(data):
        return shown.text_of(data)
    if kind == MAIL:
        end = _HEADER_END.search(data)
        return _decoded(data[: end.start()] if end else data)
    text = _decoded(data)
    if text is not None and markup.is_markup(data[:_FRONT].replace(b"\0", b"")):
        return markup.text_of(text)
    return text


def _decoded(data: bytes) -> str | None:
    """A text in Unicode; None if the bytes are no text."""
    decode = _MARKED.get(data[:2])
    if decode is not None:
        return decode(data[2:], "replace")[0]
    front = data[:_FRONT]
    controls = len(front) - len(front.translate(None, _CONTROLS))
    if not front or controls > len(front) * _MOST_CONTROLS:
        return None
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
