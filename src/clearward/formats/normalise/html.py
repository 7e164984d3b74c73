"""A page as signatures for HTML (target 3) look at it.

*Written*, the page in one form: no comments, lower case, one space at a time and none
behind a tag, quotes and equals signs alike, entities decoded; no white space at all in
scripts and styles. *Spoken*, what is left without tags, scripts and entities, each of
which becomes a space, and where links and pictures lead. And what its scripts say, as
it is.

Bytes of other alphabets stay as they are. (clamscan 1.4.6 repeats the byte before, in
the spoken view, in their place.)

Source: what Debian's clamscan 1.4.6 writes with --leave-temps.
"""

import re

from clearward.formats.narrow import narrow
from clearward.formats.normalise import encoder, entities, tags
from clearward.formats.normalise.dataurl import SCHEME
from clearward.formats.normalise.markup import Kind, pieces
from clearward.formats.normalise.page import LIMITS, Limits, Page
from clearward.formats.normalise.squeeze import SPACES, Squeezer
from clearward.formats.normalise.text import WHITE

LIMIT = 40 << 20  # bytes of a page (ClamAV's MaxHTMLNormalize)

_MARK = b"\1"  # around the number of an address taken out of the spoken view
_MARKED = re.compile(rb"\x01([0-9]+)\x01")
_DOUBLE_QUOTES = bytes.maketrans(b"'", b'"')
_DOTS = tuple(dot.encode() for dot in ("\u3002", "\uff0e", "\ufe52"))  # in addresses
_CONTROLS = bytes(range(0x20))
_BEHIND_TAGS = Squeezer(b"<>")
_BEHIND_OPENING = Squeezer(b"<")
_PLAIN = Squeezer(dropped=bytes(set(_CONTROLS) - set(WHITE) - set(_MARK)))

_FIRST_IS_LOOSE = re.compile(rb"[^<>]*+>")
_LOOSE = re.compile(rb">[^<>]*+>")  # a bracket that ends no tag
_TAG_AND_SPACE = re.compile(rb"(<[^>]*+>?) ?")
_COMMENT = re.compile(rb"<![^>]*+>?")
_SILENT = re.compile(
    rb"<(?:([aA]|[iI][mM][gG]) )?+[^>]*+>?"
    rb"|&(?:#(?:[xX][0-9A-Fa-f]*+|[0-9]*+)|[A-Za-z0-9]++)?;?"
)
_ENCODED_TAG = re.compile(
    rb"(<script [^>]*?language=)\"?(vb|j)script\.encode\"?(?=[ >])([^>]*+>)\Z",
    re.IGNORECASE,
)
_LINK = re.compile(rb"<(?:a|img) ", re.IGNORECASE)
_VALUE = rb" ?= ?(?:[\"']([^\"'>]*+)|([^ >]*+))"
_ADDRESS = {
    b"a": re.compile(rb" href" + _VALUE, re.IGNORECASE),
    b"img": re.compile(rb" src" + _VALUE, re.IGNORECASE),
}


def normalise(page: bytes, limits: Limits = LIMITS) -> Page:
    """Return the views of a page.

    It takes time and memory in proportion to the page; the caller keeps `LIMIT`.
    """
    reading = _Reading(limits)
    for piece in pieces(_with_plain_dots(page), limits.block):
        if piece.kind is Kind.TEXT:
            reading.text(piece.content)
        elif piece.kind is Kind.STYLE:
            reading.style(piece.content)
        else:
            reading.script(piece.content)
    return reading.page()


class _Reading:
    """The views of a page as they grow."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.scripts: list[bytes] = []
        self._written = bytearray()
        self._spoken = bytearray()
        self._swallow = True  # a space at the start of the next piece goes
        self._limited = False

    def style(self, content: bytes) -> None:
        """Take what stands in a style."""
        self._written += content.translate(_DOUBLE_QUOTES, WHITE + b"\0")
        self._swallow = True

    def script(self, content: bytes) -> None:
        """Take what stands in a script; if it is encoded, decode it.

        An encoded script is written behind its tag once more, as clamscan does it.
        """
        content = narrow(content)
        tag = _ENCODED_TAG.match(self._written, max(self._written.rfind(b"<"), 0))
        decoded = None if tag is None else encoder.decode(content)
        if tag is None or decoded is None:
            self.scripts.append(content)
            self.style(content)
            return
        language = b"vbscript" if tag[2].lower() == b"vb" else b"javascript"
        self._written += b'%s"%s"%s' % (tag[1], language, tag[3])
        self._written += decoded.before.translate(SPACES, b"\0")
        self.style(decoded.script + decoded.after)
        self.scripts.append(b"\n".join((decoded.before, decoded.script, decoded.after)))

    def text(self, content: bytes) -> None:
        """Take text and tags."""
        squeezed = _squeezed(content)
        if self._swallow and squeezed.startswith(b" "):
            squeezed = squeezed[1:]
        if not squeezed:
            return
        self._swallow = squeezed.endswith((b" ", b">"))
        self._speak(squeezed)
        if squeezed.find(b"<!") >= 0:
            squeezed = _COMMENT.sub(b"", squeezed)
        self._written += tags.write(squeezed)

    def _speak(self, squeezed: bytes) -> None:
        if len(self._spoken) >= self._limits.spoken:
            self._limited = True
            return
        spoken = _spoken(squeezed)
        if self._spoken.endswith(b" ") and spoken.startswith(b" "):
            spoken = spoken[1:]
        self._spoken += spoken

    def page(self) -> Page:
        """Return the views of what was taken."""
        if len(self._spoken) > self._limits.spoken:
            self._limited = True
            del self._spoken[self._limits.spoken :]
        written = bytes(self._written).removesuffix(b" ")
        return Page(
            entities.decode(written).lower(),
            bytes(self._spoken),
            tuple(self.scripts),
            self._limited,
        )


def _with_plain_dots(page: bytes) -> bytes:
    """Return the page with the full stops of other scripts, in UTF-8, as dots."""
    if not page.isascii():
        for dot in _DOTS:
            page = page.replace(dot, b".")
    return page


def _squeezed(content: bytes) -> bytes:
    """Return a piece without the white space that goes."""
    if _LOOSE.search(content) is None and _FIRST_IS_LOOSE.match(content) is None:
        return _BEHIND_TAGS.squeeze(content)
    return _TAG_AND_SPACE.sub(rb"\1", _BEHIND_OPENING.squeeze(content))


def _spoken(squeezed: bytes) -> bytes:
    """Return a squeezed piece without tags and entities, links as they are."""
    addresses: list[bytes] = []

    def said(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return b" "
        value = _ADDRESS[match[1].lower()].search(match[0])
        address = b"" if value is None else value[1] or value[2]
        if not address or address.startswith(SCHEME):
            return b" "
        addresses.append(entities.decode(address))
        return b" \1%d\1 " % (len(addresses) - 1)

    text = squeezed.replace(_MARK, b"")
    text = _SILENT.sub(b" " if _LINK.search(text) is None else said, text)
    text = _PLAIN.squeeze(text).lower()
    if not addresses:
        return text
    pieces_said = _MARKED.split(text)
    pieces_said[1::2] = [addresses[int(number)] for number in pieces_said[1::2]]
    return b"".join(pieces_said)
