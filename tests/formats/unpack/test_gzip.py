"""Behaviour of the gzip reader."""

import pytest
from support.parts import WAYS, Way, at_random, named, passing_by
from support.streams import CONTENT, gzip_member, opened

from clearward.core.errors import Malformed, Truncated
from clearward.core.reasons import Reason
from clearward.formats.inflate import INPUT
from clearward.formats.unpack import gzip as subject

HEADER_CRC, EXTRA, NAME, COMMENT, ENCRYPTED, RESERVED = 2, 4, 8, 16, 32, 0xC0


@WAYS
def test_zero_padding_is_no_part(way: Way) -> None:
    data = gzip_member(b"a") + bytes(1000) + gzip_member(b"b") + bytes(INPUT * 2)
    assert named(subject.unpack(way(data))) == [(b"", b"ab")]


@pytest.mark.parametrize(
    ("flags", "fields", "name"),
    [
        pytest.param(NAME, b"a.exe\0", b"a.exe", id="name"),
        pytest.param(COMMENT, b"words\0", b"", id="comment"),
        pytest.param(EXTRA, b"\x04\0BC\0\0", b"", id="extra field"),
        pytest.param(EXTRA, b"\xff\xff" + bytes(65535), b"", id="long extra field"),
        pytest.param(EXTRA | NAME, b"\x03\0abcn\0", b"n", id="extra field and name"),
        pytest.param(HEADER_CRC, b"\x12\x34", b"", id="wrong header CRC"),
        pytest.param(31, b"\x01\0xn\0c\0\0\0", b"n", id="everything"),
        pytest.param(NAME, b"n" * 5000 + b"\0", b"n" * 1024, id="long name"),
        pytest.param(RESERVED, b"", b"", id="reserved bits"),
        pytest.param(ENCRYPTED, b"", b"", id="called encrypted, but plain"),
    ],
)
@pytest.mark.parametrize("piece", [1, 7, 10**6])
def test_header_fields_are_passed_over(
    flags: int, fields: bytes, name: bytes, piece: int
) -> None:
    data = gzip_member(b"x", flags, fields)
    assert named(subject.unpack(passing_by(data, piece))) == [(name, b"x")]


@WAYS
def test_a_name_of_megabytes_hides_nothing(way: Way) -> None:
    data = gzip_member(b"x", NAME, b"n" * 5_000_000 + b"\0")
    assert named(subject.unpack(way(data))) == [(b"n" * 1024, b"x")]


def test_files_of_gzip_0_5_are_opened() -> None:
    data = b"\x1f\x9e" + gzip_member()[2:]
    assert subject.recognises(data, None)  # type: ignore[arg-type]
    assert named(subject.unpack(at_random(data))) == [(b"", CONTENT)]


def test_a_second_damaged_member_does_not_cost_the_first() -> None:
    data = gzip_member(b"first") + gzip_member(b"second")[:-1] + b"!"
    found, error = opened(subject.unpack(passing_by(data)))
    assert found == [b"firstsecond"]
    assert type(error) is Malformed


def test_a_member_that_is_encrypted_is_called_so() -> None:
    data = gzip_member(b"", ENCRYPTED)[:10] + b"\xff" * 50
    found, error = opened(subject.unpack(at_random(data)))
    assert found == [b""]
    assert error is not None
    assert error.reason is Reason.ENCRYPTED


def test_only_the_trailer_cut_off_keeps_every_byte() -> None:
    found, error = opened(subject.unpack(passing_by(gzip_member()[:-1])))
    assert found == [CONTENT]
    assert isinstance(error, Truncated)
