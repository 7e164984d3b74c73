"""Behaviour of the predicates for binary headers."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.closed import Rows

from clearward.formats.closed_headers import CHECKS

ROWS = Rows(CHECKS.values())
recognised = ROWS.recognised


def lha(method: bytes = b"-lh5-", level: int = 0) -> bytes:
    """The start of a member as LHA writes it."""
    sizes = struct.pack("<II", 10, 20)
    return b"\x20\x47" + method + sizes + bytes(4) + b"\x20" + bytes([level]) + b"\x01a"


def arc(
    method: int = 8,
    name: bytes = b"FILE.TXT",
    content: bytes = b"packed",
    date: int = 17 << 9 | 5 << 5 | 30,
) -> bytes:
    """An archive of one member as ARC writes it."""
    header = struct.pack(
        "<BB13sIHHH", 0x1A, method, name, len(content), date, 12 << 11, 0xABCD
    )
    size = b"" if method == 1 else struct.pack("<I", 20)
    return header + size + content + b"\x1a\0"


def arj(size: int = 40, fixed: int = 30, kind: int = 2) -> bytes:
    """The start of a main header as ARJ writes it."""
    return (
        b"\x60\xea" + struct.pack("<HB", size, fixed) + b"\x0b\1\2\0\0" + bytes([kind])
    )


def swf(magic: bytes = b"CWS", version: int = 9) -> bytes:
    """A compressed Flash file."""
    packed = zlib.compress(bytes(100))
    if magic == b"ZWS":
        packed = struct.pack("<I", 30) + b"\x5d\0\0\x20\0" + bytes(30)
    return magic + bytes([version]) + struct.pack("<I", 108) + packed


def cms(kind: str, length: bytes = b"\x80") -> bytes:
    """The start of a CMS message with a content type."""
    return (
        b"\x30" + length + bytes.fromhex(kind) + b"\xa0\x80\x30\x80\2\1\0" + bytes(40)
    )


SIGNED = "06092a864886f70d010702"
DATA = bytes.fromhex("06092a864886f70d010701")
DIGESTS = bytes.fromhex("020101310d300b0609608648016503040201")


def signed(content: bytes) -> bytes:
    """The start of a signed CMS message; `content` stands in for its content info."""
    rest = b"\xa0\x82\1\0\x30\x82\1\0" + DIGESTS + content
    return b"\x30\x82\1\0" + bytes.fromhex(SIGNED) + rest + bytes(40)


def pgp(first: int, length: bytes, version: int, rest: bytes) -> bytes:
    """The first packet of an OpenPGP message."""
    return bytes([first]) + length + bytes([version]) + rest + bytes(40)


KEY = bytes.fromhex("0123456789abcdef")
STREAM = zlib.compress(bytes(range(256)) * 40, 9)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"hsqs\5\0\0\0" + bytes(90), "squashfs", id="squashfs"),
        pytest.param(b"ITSF\3\0\0\0\x60" + bytes(90), "chm", id="chm"),
        pytest.param(b"SIT!\0\2" + bytes(20), "stuffit", id="stuffit"),
        pytest.param(lha(), "lha", id="lha level 0"),
        pytest.param(lha(b"-lzs-", 2), "lha", id="lha level 2"),
        pytest.param(lha(b"-pm2-", 3), "lha", id="pmarc"),
        pytest.param(arc(), "arc", id="arc crunched"),
        pytest.param(arc(method=0x88), "arc", id="spark"),
        pytest.param(arc(method=1), "arc", id="arc old and stored"),
        pytest.param(arj(), "arj", id="arj"),
        pytest.param(b"\x1f\x9d\x90" + bytes(9), "compress", id="compress 16 bits"),
        pytest.param(b"\x1f\x9d\x0c", "compress", id="compress 12 bits, no blocks"),
        pytest.param(b"\x1f\x1e\0\0\1\0\x05" + bytes(9), "pack", id="pack"),
        pytest.param(swf(), "swf", id="flash zlib"),
        pytest.param(swf(b"ZWS", 13), "swf", id="flash lzma"),
        pytest.param(STREAM, "zlib", id="zlib"),
        pytest.param(STREAM[: len(STREAM) // 2], "zlib", id="zlib cut short"),
        pytest.param(zlib.compress(b"short"), "zlib", id="zlib of a few bytes"),
        pytest.param(zlib.compress(bytes(10**6)), "zlib", id="zlib of many zeros"),
        pytest.param(cms("06092a864886f70d010703"), "smime", id="enveloped"),
        pytest.param(
            cms("06092a864886f70d010703", b"\x82\x4f\0"), "smime", id="enveloped, DER"
        ),
        pytest.param(
            cms("060b2a864886f70d0109100117", b"\x83\1\0\0"), "smime", id="AEAD"
        ),
        pytest.param(cms("060b2a864886f70d0109100109"), "cms", id="compressed"),
        pytest.param(cms("060b2a864886f70d010910011f"), "cms", id="time-stamped"),
        pytest.param(
            signed(b"\x30\x82\1\0" + DATA + b"\xa0\x82\1\0\4"), "cms", id="signed, DER"
        ),
        pytest.param(
            signed(b"\x30\x80" + DATA + b"\xa0\x80\x24"), "cms", id="signed, BER"
        ),
        pytest.param(pgp(0x85, b"\1\x0c", 3, KEY + b"\1"), "pgp", id="old tag, RSA"),
        pytest.param(pgp(0x84, b"\x5e", 3, KEY + b"\x12"), "pgp", id="old tag, ECDH"),
        pytest.param(pgp(0xC1, b"\xc1\x0c", 3, KEY + b"\1"), "pgp", id="new tag"),
        pytest.param(pgp(0x8C, b"\x0d", 4, b"\x09\3\x08"), "pgp", id="password"),
        pytest.param(pgp(0xC3, b"\x0d", 4, b"\x09\3\x08"), "pgp", id="new, password"),
    ],
)
def test_a_header_by_the_rules_of_its_format_is_recognised(
    data: bytes, name: str
) -> None:
    assert recognised(data) == [name]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"hsqs is a magic of SquashFS. It is little-endian.", id="text"),
        pytest.param(b"bvx2", id="nothing behind a magic of letters"),
        pytest.param(lha(level=4), id="lha level 4"),
        pytest.param(lha(b"-lh5 "), id="lha without the second dash"),
        pytest.param(lha()[:20], id="lha cut in front of its level"),
        pytest.param(b"a -lh5- switch of the command lha", id="lha in text"),
        pytest.param(arc(method=12), id="arc method that nobody knows"),
        pytest.param(arc(name=b""), id="arc without a name"),
        pytest.param(arc(name=b"NAME\x01"), id="arc with a control character"),
        pytest.param(arc(date=0), id="arc without a date"),
        pytest.param(arc(method=1)[:-2] + b"zz", id="arc stored, nothing behind"),
        pytest.param(arc()[:20], id="arc cut short"),
        pytest.param(
            b"\x1a\x01\x25\x00\x26\x00\x0f\x00\x9d\x01\xe6\x05xterm-256color|xterm\0",
            id="terminfo",
        ),
        pytest.param(arj(size=2601), id="arj header too long"),
        pytest.param(arj(fixed=29), id="arj fixed fields too short"),
        pytest.param(arj(kind=0), id="arj header of a file"),
        pytest.param(b"\x60\xea\x28\0", id="arj cut short"),
        pytest.param(b"\x1f\x9d\xf0" + bytes(9), id="compress with reserved bits"),
        pytest.param(b"\x1f\x9d\x91" + bytes(9), id="compress with 17 bits"),
        pytest.param(b"\x1f\x9d", id="compress cut short"),
        pytest.param(b"\x1f\x1e\0\0\0\0\x05", id="pack of nothing"),
        pytest.param(b"\x1f\x1e\0\0\1\0\x20", id="pack with a tree too deep"),
        pytest.param(b"\x1f\x1e\0\0\1", id="pack cut short"),
        pytest.param(b"CWS\nis the short name of a client", id="CWS in text"),
        pytest.param(b"ZWS\nis a town of its own, far away", id="ZWS in text"),
        pytest.param(swf(version=80), id="flash of the far future"),
        pytest.param(swf()[:8], id="flash cut short"),
        pytest.param(b"x^2 + y^2 = z^2 in a right triangle", id="zlib in text"),
        pytest.param(b"x^", id="two letters"),
        pytest.param(b"x\x9c", id="zlib header alone"),
        pytest.param(b"x\x9c" + bytes(range(1, 60)), id="zlib header, noise behind"),
        pytest.param(b"x\x9d" + STREAM[2:], id="zlib header with a wrong check"),
        pytest.param(STREAM[:-1] + bytes([STREAM[-1] ^ 1]), id="zlib, wrong checksum"),
        pytest.param(signed(b"\x30\x0b" + DATA + b"\xa0\x82\3\0"), id="signature only"),
        pytest.param(signed(b"\x30\x80" + DATA + b"\0\0\xa0"), id="signature, BER"),
        pytest.param(cms("06092a864886f70d010705"), id="digested"),
        pytest.param(b"0\x82\2\x5e\2\1\0\2\x81\x81" + bytes(40), id="private key"),
        pytest.param(b"0\x80", id="nothing in the sequence"),
        pytest.param(pgp(0x85, b"\1\x0c", 4, KEY + b"\1"), id="pgp key of version 4"),
        pytest.param(pgp(0x85, b"\1\x0c", 3, KEY + b"\x63"), id="pgp algorithm 99"),
        pytest.param(pgp(0x8C, b"\x0d", 4, b"\x40"), id="pgp cipher 64"),
        pytest.param(b"\x85\1\x0c\3" + KEY, id="pgp cut short"),
    ],
)
def test_a_near_miss_is_not(data: bytes) -> None:
    assert recognised(data) == []


def test_a_zlib_stream_that_goes_on_is_taken_for_one() -> None:
    long = zlib.compress(bytes(range(256)) * 100, 0)
    assert recognised(long[:5000]) == ["zlib"]
    assert recognised(long[:10]) == []


def test_a_stream_with_the_header_that_text_has_must_end_or_go_on() -> None:
    packer = zlib.compressobj(5)
    stream = packer.compress(b"text" * 100) + packer.flush()
    assert stream[:2] == b"x^"
    assert recognised(stream) == ["zlib"]
    assert recognised(stream[:-1]) == []


def test_the_size_of_a_length_is_minded_in_new_packets() -> None:
    for length in (b"\x10", b"\xc1\x0c", b"\xff\0\0\1\x0c", b"\xe8"):
        assert recognised(pgp(0xC1, length, 3, KEY + b"\1")) == ["pgp"]


MAGICS = ROWS.magics()


@given(st.sampled_from(MAGICS), st.binary(max_size=600), st.integers(0, 600))
def test_arbitrary_bytes_behind_a_magic_raise_nothing(
    magic: bytes, data: bytes, cut: int
) -> None:
    recognised(magic + data)
    recognised((b"ab" + magic + data)[:cut])


@given(st.binary(min_size=1, max_size=2000), st.integers(0, 9))
def test_any_zlib_stream_is_recognised(content: bytes, level: int) -> None:
    stream = zlib.compress(content, level)
    assert "zlib" in recognised(stream)
