"""Say which of ClamAV's types a part is, by its content, as clamscan does.

    1. bytes at a fixed place (``filetype.txt``)
    2. else, in the first `WINDOW` bytes: marks of PDF, XML documents, saved pages, HTML
    3. else text, if no byte of the window is one that text does not hold; but HTML, if
       there are tags of it anywhere in the part
    4. else UTF-16, by a byte order mark or by what the characters are
    5. else binary data

The type decides which signatures a part meets, see `core.filetypes`. What counts as
text or as HTML is what clamscan 1.4.6 answered to files made for the question; it
never calls a part CL_TYPE_TEXT_UTF8.
"""

import re
from collections.abc import Iterable
from struct import Struct
from typing import Protocol

from clearward.core import filetypes
from clearward.core.reader import Reader
from clearward.formats.format import Format
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.marks import OVERLAP, TAGS, Seen

WINDOW = 1024  # bytes of the front that are looked at
PREFIX = "CL_TYPE_"
HTML = PREFIX + "HTML"
HTML_WIDE = PREFIX + "HTML_UTF16"
PLAIN = PREFIX + "TEXT_ASCII"
LITTLE, BIG = PREFIX + "TEXT_UTF16LE", PREFIX + "TEXT_UTF16BE"

# Bytes that text does not hold: control characters but bell, backspace, tab, newline,
# form feed, return and escape. Above 7F everything counts as a letter of some encoding.
CONTROLS = (
    bytes(range(7)) + b"\x0b\x0e\x0f" + bytes(range(16, 27)) + bytes(range(28, 32))
)
NOT_TEXT = CONTROLS + b"\x7f"
_NOT_TEXT = re.compile(b"[" + re.escape(NOT_TEXT) + b"]")
# A character of 16 bits that text does not hold, in text that begins with a mark.
_WIDE_CONTROL = re.compile(rb"(?s)..(?:..)*?\0[" + re.escape(NOT_TEXT) + b"]")


def _wide(text: bytes) -> bytes:
    return b"".join(bytes((letter, 0)) for letter in text)


_HTML_WIDE = re.compile(
    rb"(?s)\A(?:..)*?(?:" + b"|".join(_wide(tag) for tag in (*TAGS, b"<a href")) + b")",
    re.IGNORECASE,
)
_MAIL = (
    rb"\nFrom: (?s:.*?)\n(?:MIME-Version|Content-Type): "
    rb"|\nReceived: (?s:.*?)\nContent-Type: |Delivered-To: (?s:.*?)\nReceived: "
)
# In the order in which they are asked for, each with bytes in lower case of which it
# needs one: most text has none of them, which is seen faster than by the expressions.
MARKS = (
    (re.compile(rb"%PDF-"), "PDF", (b"%pdf-",)),
    (re.compile(rb"<xdp:xdp"), "XDP", (b"<xdp:xdp",)),
    (re.compile(rb"<\?xml(?s:.*)<w:wordDocument"), "XML_WORD", (b":worddocument",)),
    (
        re.compile(rb"<\?xml(?s:.*)Excel\.Sheet(?s:.*)<Workbook"),
        "XML_XL",
        (b"<workbook",),
    ),
    (
        re.compile(rb"(?:\A|\n)MIME-Version: 1\.0(?s:.*?)\nContent-Type: "),
        "MHTML",
        (b"mime-version: 1.0",),
    ),
    (
        re.compile(_MAIL, re.IGNORECASE),
        "MAIL",
        (b"\nmime-version: ", b"\ncontent-type: ", b"\nreceived: "),
    ),
    (_HTML_WIDE, "HTML_UTF16", (b"<\0",)),
)

OFFICE = ((b"word/", "WORD"), (b"xl/", "XL"), (b"ppt/", "PPT"))
HANGUL = b"Contents/content.hpf"
CONTENT_TYPES = b"[content_types].xml"
MEMBER = Struct("<4s22xHH")
MEMBER_MAGIC = b"PK\3\4"
FEW_MEMBERS = 3  # are looked at; `MORE_MEMBERS` once the list of types is among them
MORE_MEMBERS = 20

FAT = PREFIX + "MACHO_UNIBIN"
FAT_OR_JAVA = b"\xca\xfe\xba\xbe"
FIRST_JAVA = 39  # no universal binary holds as many programs, no class is as old
DISKS = {"iso9660": "ISO9660", "tar": "OLD_TAR", "udf": "UDF"}

BOOT = slice(510, 512)
BOOT_MAGIC = b"\x55\xaa"
PARTITION_STATES = (b"\0", b"\x80")


def _magics(text: str) -> tuple[tuple[str, int, bytes], ...]:
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        (PREFIX + name, int(offset), bytes.fromhex(magic))
        for name, offset, magic in rows
    )


with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
    MAGICS = _magics(file.read())

# By the first byte for those at the front, which nearly all are.
_FRONT: dict[int, list[tuple[str, bytes]]] = {}
for _name, _offset, _magic in MAGICS:
    if not _offset:
        _FRONT.setdefault(_magic[0], []).append((_name, _magic))
_LATER = tuple(row for row in MAGICS if row[1])


class Magics(Protocol):
    """What types are known by, beside those here; see `rules.magics`."""

    def fixed(self, head: bytes) -> str:
        """Return the type that bytes at a place tell, or nothing."""

    def near(self, window: bytes, given: str) -> str:
        """Return the type that a part of a given type has by what is in its front."""


def clamav_type(
    head: bytes,
    reader: Reader,
    formats: Iterable[Format] = (),
    magics: Magics | None = None,
) -> str:
    """Return the name of the type of a part, such as ``"CL_TYPE_ZIP"``.

    Args:
        head: the first 64 KiB of the part, or all of a shorter one; less gives fewer
            types.
        reader: the whole part, or as much of the front of it as there is.
        formats: what `identify` said about the part, for types that have no magic.
        magics: more of them.

    Raises:
        TimeoutError: `magics` took too long.
    """
    name = (magics.fixed(head) if magics else "") or _by_magic(head)
    if name == PREFIX + "ZIP":
        return _zip(head)
    window = head[:WINDOW] or reader.at(0, WINDOW)
    if name in ("", FAT) and window.startswith(FAT_OR_JAVA):
        return _fat_or_java(window)
    if name:
        return name
    name = _disk(window, formats) or _marked(window) or _text(window)
    name = HTML if name == PLAIN and _is_html(reader.chunks()) else name
    return magics.near(window, name) if magics else name


def _by_magic(head: bytes) -> str:
    for name, magic in _FRONT.get(head[0], ()) if head else ():
        if head.startswith(magic):
            return name
    for name, offset, magic in _LATER:
        if head.startswith(magic, offset):
            return name
    return ""


def _zip(head: bytes) -> str:
    """Tell documents from other archives by the names of their first members."""
    place, members, most = 0, 0, FEW_MEMBERS
    while members < most and (place := head.find(MEMBER_MAGIC, place)) >= 0:
        if len(head) - place < MEMBER.size:
            break
        _, length, _ = MEMBER.unpack_from(head, place)
        name = head[place + MEMBER.size : place + MEMBER.size + length]
        if name == HANGUL:
            return PREFIX + "OOXML_HWP"
        for folder, kind in OFFICE:
            if name.startswith(folder):
                return f"{PREFIX}OOXML_{kind}"
        if name.lower() == CONTENT_TYPES:
            most = MORE_MEMBERS
        members += 1
        place += MEMBER.size + length
    return PREFIX + "ZIP"


def _fat_or_java(window: bytes) -> str:
    value = int.from_bytes(window[4:8], "big")
    if value >= 1 << 16 or len(window) < 8:  # noqa: PLR2004 - upper half, both fields
        return filetypes.BINARY_DATA
    return PREFIX + ("JAVA" if value >= FIRST_JAVA else "MACHO_UNIBIN")


def _disk(window: bytes, formats: Iterable[Format]) -> str:
    for each in formats:
        if each.name in DISKS:
            return PREFIX + DISKS[each.name]
    if window[BOOT] == BOOT_MAGIC:
        table = window[446:510]
        states = [table[place : place + 1] for place in range(0, 64, 16)]
        if any(table) and all(state in PARTITION_STATES for state in states):
            return PREFIX + "MBR"
    return ""


def _marked(window: bytes) -> str:
    lowered = window.lower()
    for mark, name, needs in MARKS:
        for need in needs:
            if need in lowered and mark.search(window):
                return PREFIX + name
    return HTML if _is_html((window,)) else ""


def _is_html(chunks: Iterable[bytes]) -> bool:
    """Say whether the marks of a page are there."""
    seen, last = int(Seen.NOTHING), b""
    for chunk in chunks:
        data = last + chunk
        seen = NORMALISER.page_marks(data, seen)
        if seen == Seen.PAGE:
            return True
        last = data[-OVERLAP:]
    return False


def _text(window: bytes) -> str:
    if not _NOT_TEXT.search(window):
        return PLAIN
    order = window[:2]
    if order == b"\xff\xfe":
        return filetypes.BINARY_DATA if _holds(window, b"\xfe\xff") else LITTLE
    if _holds(window, b"\xff\xfe"):
        return filetypes.BINARY_DATA
    if order == b"\xfe\xff":
        letters = window[3::2] if not any(window[2::2]) else _narrowed(window)
        return HTML if _is_html((letters,)) else BIG
    return filetypes.BINARY_DATA if _WIDE_CONTROL.match(window) else BIG


def _holds(window: bytes, pair: bytes) -> bool:
    """Say whether a character of 16 bits stands in text behind its mark."""
    place = window.find(pair, 2)
    while place % 2:  # -1, too
        if place < 0:
            return False
        place = window.find(pair, place + 1)
    return True


def _narrowed(window: bytes) -> bytes:
    """Return text of 16-bit characters with a blank for those that are not Latin."""
    return window.decode("utf-16-be", "replace").encode("latin-1", "replace")
