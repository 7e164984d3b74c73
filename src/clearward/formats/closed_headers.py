"""Agree or disagree with a magic that is too short to be sure: binary headers.

Each predicate is asked after the magic of its row was found, gets the front of the part
and a reader over all of it, and is as lenient as the most lenient program that opens
the format: a field that no program looks at is not looked at here.
"""

import re
import zlib
from collections.abc import Callable
from struct import Struct

from clearward.core.reader import Reader

CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # no text has one of these
BINARY_WITHIN = 32


def binary(head: bytes, _reader: Reader) -> bool:
    """Say that this is no text: a control character is among the first 32 bytes.

    For magics of printable letters that have binary fields behind them.
    """
    return CONTROL.search(head, 0, BINARY_WITHIN) is not None


LHA_METHOD = re.compile(rb"-(?:l[hz][0-9a-z]|pm[0-9s])-")
LHA_LEVEL = 20
LHA_LEVELS = b"\0\1\2\3"


def lha_header(head: bytes, _reader: Reader) -> bool:
    """Say whether a header of level 0 to 3 stands at the front.

    Layout: size (1), checksum (1), method such as "-lh5-" (5), packed size (4), size
    (4), time (4), attribute (1), level (1). The first two differ between the levels.
    """
    level = head[LHA_LEVEL : LHA_LEVEL + 1]
    return bool(level) and level in LHA_LEVELS and bool(LHA_METHOD.match(head, 2))


ARC_HEADER = Struct("<BB13sIH")
ARC_OLD = 1  # method of members without the last field of the header
ARC_OLD_SIZE = 25
ARC_METHODS = frozenset((*range(1, 12), 20, 30, 31, 72))
ARC_RISC_OS = 0x80  # set in the methods of Spark
ARC_NAME = re.compile(rb"[!-~\x80-\xff]{1,12}\0")
MONTHS = range(1, 13)
DAYS = range(1, 32)


def arc_header(head: bytes, reader: Reader) -> bool:
    """Say whether the header of a first member stands at the front.

    Layout: 1A, method (1), name with a zero behind it (13), packed size (4), date as
    MS-DOS writes it (2), time (2), checksum (2), size (4, not with method 1).

    Files of terminfo(5) start with 1A 01, and many of them could be such a header, so
    a member of method 1 counts only if another header follows it.
    """
    if len(head) < ARC_HEADER.size:
        return False
    _, method, name, size, date = ARC_HEADER.unpack_from(head)
    is_date = date >> 5 & 15 in MONTHS and date & 31 in DAYS
    is_method = method & ~ARC_RISC_OS in ARC_METHODS
    if not (is_date and is_method and ARC_NAME.match(name)):
        return False
    return method != ARC_OLD or reader.at(ARC_OLD_SIZE + size, 1) == head[:1]


ARJ_HEADER = Struct("<2sHB5xB")
ARJ_SIZES = range(30, 2601)
ARJ_MAIN = 2


def arj_header(head: bytes, _reader: Reader) -> bool:
    """Say whether an archive's main header stands at the front.

    Layout: 60 EA, header size (2), size of its fixed fields (1, at least 30), versions,
    system, flags, security (5), file type (1), which is 2 for the main header.
    """
    if len(head) < ARJ_HEADER.size:
        return False
    _, size, fixed, kind = ARJ_HEADER.unpack_from(head)
    return size in ARJ_SIZES and fixed in ARJ_SIZES and kind == ARJ_MAIN


COMPRESS_BITS = range(9, 17)


def compress_flags(head: bytes, _reader: Reader) -> bool:
    """Say whether the third byte can be compress's: block mode, 00, bits of a code."""
    flags = int.from_bytes(head[2:3])
    return not flags & 0x60 and flags & 0x1F in COMPRESS_BITS


PACK_HEADER = Struct(">2sIB")
PACK_SIZES = range(1, 1 << 31)
PACK_LEVELS = range(1, 26)


def pack_header(head: bytes, _reader: Reader) -> bool:
    """Say whether the size and the depth of pack's tree can be right.

    Layout: 1F 1E, size (4), levels of the Huffman tree (1), leaves of each level.
    """
    if len(head) < PACK_HEADER.size:
        return False
    _, size, levels = PACK_HEADER.unpack_from(head)
    return size in PACK_SIZES and levels in PACK_LEVELS


SWF_VERSIONS = range(1, 64)
SWF_ZLIB = 8  # place of the zlib stream
ZLIB_HEADER = 2
ZLIB_METHOD = 8
ZLIB_CHECK = 31


def is_zlib_header(data: bytes, place: int = 0) -> bool:
    """Say whether the two bytes in front of a zlib stream stand at a place."""
    header = data[place : place + ZLIB_HEADER]
    if len(header) < ZLIB_HEADER or int.from_bytes(header, "big") % ZLIB_CHECK:
        return False
    return header[0] & 15 == ZLIB_METHOD


def swf_header(head: bytes, reader: Reader) -> bool:
    """Say whether compressed Flash follows.

    Layout: "CWS" or "ZWS", version (1), size (4), then a zlib stream, or for LZMA its
    size (4) and properties (5).
    """
    if len(head) <= SWF_ZLIB or head[3] not in SWF_VERSIONS:
        return False
    if head[:1] == b"C":
        return is_zlib_header(head, SWF_ZLIB)
    return binary(head, reader)


TRIAL = 4096  # bytes that are decompressed to be sure
ENOUGH = 64 * 1024  # bytes of output
STREAM_LEAST = 16


def zlib_stream(head: bytes, _reader: Reader) -> bool:
    """Say whether a zlib stream stands at the front, by decompressing some of it.

    The header is two bytes, and one kind of it is "x^", which text may start with. So
    the stream has to come to its end with a right checksum, or to go on without an
    error for `TRIAL` bytes, or to be the whole of a short part that no text starts.
    """
    if not is_zlib_header(head):
        return False
    stream = zlib.decompressobj()
    try:
        stream.decompress(head[:TRIAL], ENOUGH)
    except zlib.error:
        return False
    if stream.eof or stream.unconsumed_tail or len(head) >= TRIAL:
        return True
    return len(head) >= STREAM_LEAST and head[1:2] != b"^"


CMS_ENVELOPED = (
    bytes.fromhex("06092a864886f70d010703"),  # id-envelopedData
    bytes.fromhex("06092a864886f70d010706"),  # id-encryptedData
    bytes.fromhex("060b2a864886f70d0109100117"),  # id-ct-authEnvelopedData
)
CMS_HOLDING = (
    bytes.fromhex("060b2a864886f70d0109100109"),  # id-ct-compressedData
    bytes.fromhex("060b2a864886f70d010910011f"),  # id-ct-timestampedData
)
CMS_SIGNED = (bytes.fromhex("06092a864886f70d010702"),)  # id-signedData
CMS_CONTENT = re.compile(  # id-data in a sequence that does not end with it
    rb"\x30(?:[^\x0b]|[\x81-\x84].{1,4})\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0",
    re.DOTALL,
)
CMS_CONTENT_WITHIN = 512  # the digest algorithms stand before it
LENGTHS = range(2, 8)  # where the type may stand behind the outer tag and length


def _has_type(head: bytes, types: tuple[bytes, ...]) -> bool:
    return any(head.startswith(types, place) for place in LENGTHS)


def cms_enveloped(head: bytes, _reader: Reader) -> bool:
    """Say whether a CMS message is encrypted.

    Layout: SEQUENCE (30), its length (1 to 5), OBJECT IDENTIFIER of the type.
    """
    return _has_type(head, CMS_ENVELOPED)


def cms_content(head: bytes, _reader: Reader) -> bool:
    """Say whether a CMS message that is not encrypted holds its content.

    A signature beside a mail does not: there the type of the content ends a sequence of
    11 bytes. Certificates come in the same way and hold none either.
    """
    if _has_type(head, CMS_HOLDING):
        return True
    content = CMS_CONTENT.search(head, 0, CMS_CONTENT_WITHIN)
    return content is not None and _has_type(head, CMS_SIGNED)


PGP_OLD = {0x84: 2, 0x85: 3, 0x8C: 2}  # size of tag and length, by first byte
PGP_NEW_LENGTHS = ((0xC0, 2), (0xE0, 3), (0xFF, 2), (0x100, 6))  # by second byte, below
PGP_PUBLIC = (0x84, 0x85, 0xC1)
PGP_PUBLIC_VERSIONS = (2, 3, 6)
PGP_PASSWORD_VERSIONS = (4, 5, 6)
PGP_PUBLIC_ALGORITHM = 9  # place behind the version
PGP_PUBLIC_ALGORITHMS = (1, 2, 16, 18, 20, 25, 26)
PGP_CIPHERS = range(1, 14)


def pgp_session_key(head: bytes, _reader: Reader) -> bool:
    """Say whether an encrypted message starts: with a session key in a packet.

    Layout: tag and length (2 to 6), version (1); then for a public key its number (8)
    and algorithm (1), for a password the cipher (1). Version 6 has other places and is
    told by the version alone.
    """
    if len(head) < PGP_NEW_LENGTHS[-1][1] + PGP_PUBLIC_ALGORITHM + 1:
        return False
    start = PGP_OLD.get(head[0]) or next(
        size for below, size in PGP_NEW_LENGTHS if head[1] < below
    )
    version = head[start]
    if head[0] in PGP_PUBLIC:
        algorithm = head[start + PGP_PUBLIC_ALGORITHM]
        return version in PGP_PUBLIC_VERSIONS and algorithm in PGP_PUBLIC_ALGORITHMS
    return version in PGP_PASSWORD_VERSIONS and head[start + 1] in PGP_CIPHERS


CHECKS: dict[str, Callable[[bytes, Reader], bool]] = {
    "binary": binary,
    "lha-header": lha_header,
    "arc-header": arc_header,
    "arj-header": arj_header,
    "compress-flags": compress_flags,
    "pack-header": pack_header,
    "swf-header": swf_header,
    "zlib-stream": zlib_stream,
    "pgp-session-key": pgp_session_key,
    "cms-enveloped": cms_enveloped,
    "cms-content": cms_content,
}
