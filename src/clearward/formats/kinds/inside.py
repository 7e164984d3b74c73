"""Kinds that are told by fields that agree with each other.

MZ, and what the long at 60 leads to          PE, NE, LE, or DOS alone
....ftyp brand                                ISO base media: film, sound, pictures
1A45DFA3 ... DocType                          Matroska
members of a zip archive                      office documents, packages
names in the directory of a compound file     office documents, mail, installers
a packet's tag, length and version            OpenPGP keys (RFC 9580, 4.2 and 5.5)
P1 to P7 and numbers                          Netpbm
a frame and another where it ends             MPEG sound (ISO 11172-3, 2.4.1.3)
CA FE BA BE, and a version or a count         classes of Java, universal binaries
"""

import re
from collections.abc import Callable

from clearward.core.kinds import How, Kind
from clearward.core.reader import Reader

Told = Callable[[bytes, Reader], Kind | None]

_BRANDS = (
    (b"avif avis", "avif"),
    (b"heic heix hevc heim heis mif1 msf1", "heif"),
    (b"M4A  M4B  M4P ", "m4a"),
    (b"qt  ", "mov"),
    (b"crx ", "raw"),
    (b"jp2  jpx  jpm ", "jp2"),
)
_MOV = (b"moov", b"mdat", b"wide", b"pnot", b"skip")


def executable(head: bytes, reader: Reader) -> Kind | None:
    """Tell Windows programs from those of MS-DOS."""
    if head[:2] not in (b"MZ", b"ZM"):
        return None
    place = int.from_bytes(head[60:64], "little")
    magic = reader.at(place, 4) if place >= 4 else b""
    for known, name in ((b"PE\0\0", "pe"), (b"NE", "ne"), (b"LE", "le"), (b"LX", "le")):
        if magic.startswith(known):
            return Kind(name, How.STRUCTURE, place, known)
    return Kind("dos", How.MAGIC, 0, head[:2])


def media(head: bytes, _reader: Reader) -> Kind | None:
    """Tell what an ISO base media file is for, by its brand."""
    box = head[4:8]
    if box in _MOV and int.from_bytes(head[:4], "big") < 1 << 31:
        return Kind("mov", How.MAGIC, 4, box)
    if box != b"ftyp":
        return None
    brand = head[8:12]
    for brands, name in _BRANDS:
        if brand in brands:
            return Kind(name, How.MAGIC, 4, head[4:12])
    return Kind("3gp" if brand[:2] == b"3g" else "mp4", How.MAGIC, 4, head[4:12])


def matroska(head: bytes, _reader: Reader) -> Kind | None:
    """Tell WebM from Matroska."""
    if not head.startswith(b"\x1aE\xdf\xa3"):
        return None
    name = "webm" if head.find(b"webm", 0, 128) > 0 else "mkv"
    return Kind(name, How.STRUCTURE, 0, head[:4])


_NETPBM = re.compile(rb"P[1-6](?:\s+|#[^\n]*\n)+\d+\s+\d+\s|P7\nWIDTH ")


def netpbm(head: bytes, _reader: Reader) -> Kind | None:
    """Tell pictures of Netpbm by the numbers in front."""
    found = _NETPBM.match(head[:200])
    return Kind("netpbm", How.STRUCTURE, 0, found[0]) if found else None


_KEY_TAGS = frozenset((5, 6, 7, 14))
_VERSIONS = frozenset((2, 3, 4, 5, 6))
_ALGORITHMS = frozenset((1, 2, 3, 16, 17, 18, 19, 22, 25, 26, 27, 28))


def openpgp(head: bytes, reader: Reader) -> Kind | None:
    """Tell keys and signatures of OpenPGP by their first packet."""
    if len(head) < 12 or not head[0] & 0x80:
        return None
    if head[0] & 0x40:
        tag, width = head[0] & 63, 1
        first = head[1]
        width = 1 if first < 192 else 2 if first < 224 else 5
        size = first if width == 1 else ((first - 192) << 8) + head[2] + 192
        size = int.from_bytes(head[2:6], "big") if width == 5 else size
    else:
        tag, width = head[0] >> 2 & 15, 1 << (head[0] & 3)
        size = int.from_bytes(head[1 : 1 + width], "big")
    if width > 5 or size + width >= reader.size + 1:
        return None
    body = head[1 + width : 1 + width + 8].ljust(8, b"\0")
    if tag in _KEY_TAGS and body[0] in _VERSIONS:
        algorithm = body[7 if body[0] < 4 else 5]
        if algorithm in _ALGORITHMS:
            return Kind("pgpkey", How.STRUCTURE, 0, head[:1])
    if tag == 2 and body[0] in _VERSIONS and body[2] in _ALGORITHMS:
        return Kind("pgpsignature", How.STRUCTURE, 0, head[:1])
    return None


_RATES = {  # kilobits by version 1 or later, and layer from III to I
    (1, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = (44100, 48000, 32000)


def _frame(data: bytes) -> int:
    """Return the length of a frame of MPEG sound that stands in front, or 0."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return 0
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    rate, hertz = data[2] >> 4, data[2] >> 2 & 3
    table = _RATES.get((1 if version == 3 else 2, layer))
    if table is None or version == 1 or rate in (0, 15) or hertz == 3:
        return 0
    slots = 144 if layer == 2 or version == 3 else 72
    speed = _HERTZ[hertz] >> {3: 0, 2: 1, 0: 2}[version]
    return slots * table[rate - 1] * 1000 // speed + (data[2] >> 1 & 1)


def sound(head: bytes, reader: Reader) -> Kind | None:
    """Tell MPEG sound and AAC by a frame that has another where it ends."""
    if head[:1] != b"\xff":
        return None
    if head[1:2] in (b"\xf1", b"\xf9") and head[2:3] and head[2] >> 2 & 15 < 13:
        return Kind("aac", How.STRUCTURE, 0, head[:2])
    size = _frame(head[:4])
    if size and (size >= reader.size or _frame(reader.at(size, 4))):
        return Kind("mp3", How.STRUCTURE, 0, head[:2])
    return None


FIRST_JAVA = 39


def java(head: bytes, _reader: Reader) -> Kind | None:
    """Tell classes of Java from universal binaries, which share a magic."""
    if head[:4] not in (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf") or len(head) < 8:
        return None
    number = int.from_bytes(head[4:8], "big")
    is_java = number & 0xFFFF >= FIRST_JAVA
    return Kind("java" if is_java else "macho-fat", How.STRUCTURE, 0, head[:4])


_CODE = re.compile(rb"..\r\n.{4,12}[\xe3\x63]", re.DOTALL)
_HEX = re.compile(rb"(?::[0-9A-Fa-f]{10,522}\r?\n){2}")
_SRECORD = re.compile(rb"(?:S[0-9][0-9A-Fa-f]{6,520}\s+){2}")
_DER = re.compile(rb"\x30\x82..\x30[\x80-\x82]", re.DOTALL)
_DERIVED = re.compile(rb"\x30\x82..\x02\x01\x03\x30", re.DOTALL)
_PREFIXES = (
    (_CODE, "pyc"),
    (_HEX, "hex"),
    (_SRECORD, "srecord"),
    (_DERIVED, "pkcs12"),
    (_DER, "der"),
)


def prefixed(head: bytes, _reader: Reader) -> Kind | None:
    """Tell kinds whose front is told by an expression."""
    for pattern, name in _PREFIXES:
        if found := pattern.match(head):
            return Kind(name, How.STRUCTURE, 0, found[0])
    return None


_DBASE = frozenset((0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5))


def dbase(head: bytes, reader: Reader) -> Kind | None:
    """Tell dBASE tables by their date and by the sizes of header and records."""
    if len(head) < 32 or head[0] not in _DBASE:
        return None
    rows = int.from_bytes(head[4:8], "little")
    front = int.from_bytes(head[8:10], "little")
    row = int.from_bytes(head[10:12], "little")
    dated = head[2] in range(1, 13) and head[3] in range(1, 32)
    fits = front >= 33 and row > 0 and front + rows * row <= reader.size + 1
    return Kind("dbf", How.STRUCTURE, 0, head[:1]) if dated and fits else None


_TGA = frozenset((1, 2, 3, 9, 10, 11))


def targa(head: bytes, _reader: Reader) -> Kind | None:
    """Tell Targa pictures without a footer by their header."""
    if len(head) < 18 or head[1] > 1 or head[2] not in _TGA:
        return None
    sized = any(head[12:14]) and any(head[14:16])
    mapped = head[1] == (head[2] in (1, 9))
    depth = head[16] in (8, 15, 16, 24, 32) and head[17] & 0xC0 == 0
    return (
        Kind("tga", How.STRUCTURE, 0, head[1:3]) if sized and mapped and depth else None
    )


BEFORE: tuple[Told, ...] = (executable, media, matroska, java, openpgp)
BEHIND: tuple[Told, ...] = (netpbm, sound, dbase, prefixed, targa)


def told(head: bytes, reader: Reader, by: tuple[Told, ...]) -> Kind | None:
    """Return the first answer that is one."""
    for each in by:
        if (kind := each(head, reader)) is not None:
            return kind
    return None
