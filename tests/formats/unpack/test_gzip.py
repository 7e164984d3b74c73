"""Behaviour of the gzip reader."""

import gzip
import shutil
import subprocess
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, named, passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Forward, Stream
from clearward.core.reasons import Reason
from clearward.formats.inflate import INPUT
from clearward.formats.unpack import gzip as subject

WAYS = pytest.mark.parametrize("way", [at_random, passing_by])
CONTENT = bytes(range(256)) * 9
HEADER_CRC, EXTRA, NAME, COMMENT, ENCRYPTED, RESERVED = 2, 4, 8, 16, 32, 0xC0


def member(content: bytes = CONTENT, flags: int = 0, fields: bytes = b"") -> bytes:
    header = b"\x1f\x8b\x08" + bytes((flags, 0, 0, 0, 0, 0, 3))
    body = zlib.compress(content)[2:-4]
    return header + fields + body + trailer(content)


def trailer(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(
        4, "little"
    )


def opened(items: Iterable[Item]) -> tuple[list[bytes], Malformed | None]:
    """What each part gave, and what ended it."""
    found: list[bytes] = []
    try:
        for item in items:
            assert isinstance(item, Part)
            assert isinstance(item.content, Stream)
            found.append(b"")
            for chunk in item.content.rest():
                found[-1] += chunk
    except Malformed as error:
        return found, error
    return found, None


@given(st.lists(st.binary(max_size=99), min_size=1, max_size=4), st.integers(1, 60))
def test_members_are_joined(members: list[bytes], piece: int) -> None:
    data = b"".join(map(gzip.compress, members))
    assert named(subject.unpack(passing_by(data, piece))) == [(b"", b"".join(members))]


@WAYS
def test_zero_padding_is_no_part(way: type[Forward]) -> None:
    data = member(b"a") + bytes(1000) + member(b"b") + bytes(INPUT * 2)
    assert named(subject.unpack(way(data))) == [(b"", b"ab")]  # type: ignore[call-arg]


@WAYS
def test_what_lies_behind_the_last_member_is_a_part(way: type[Forward]) -> None:
    found = named(subject.unpack(way(member() + b"\0\0PK")))  # type: ignore[call-arg]
    assert found == [(b"", CONTENT), (b"trailing", b"PK")]


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
    data = member(b"x", flags, fields)
    assert named(subject.unpack(passing_by(data, piece))) == [(name, b"x")]


@WAYS
def test_a_name_of_megabytes_hides_nothing(way: type[Forward]) -> None:
    data = member(b"x", NAME, b"n" * 5_000_000 + b"\0")
    assert named(subject.unpack(way(data))) == [(b"n" * 1024, b"x")]  # type: ignore[call-arg]


def test_files_of_gzip_0_5_are_opened() -> None:
    data = b"\x1f\x9e" + member()[2:]
    assert subject.recognises(data, None)  # type: ignore[arg-type]
    assert named(subject.unpack(at_random(data))) == [(b"", CONTENT)]


@pytest.mark.parametrize("place", range(-8, 0))
def test_a_wrong_trailer_is_damage_after_all_the_bytes(place: int) -> None:
    data = bytearray(member())
    data[place] ^= 1
    found, error = opened(subject.unpack(passing_by(bytes(data) + b"behind")))
    assert found == [CONTENT]
    assert type(error) is Malformed


def test_a_second_damaged_member_does_not_cost_the_first() -> None:
    data = member(b"first") + member(b"second")[:-1] + b"!"
    found, error = opened(subject.unpack(at_random_stream(data)))
    assert found == [b"firstsecond"]
    assert type(error) is Malformed


def at_random_stream(data: bytes) -> Forward:
    return passing_by(data, len(data))


def test_a_member_that_is_encrypted_is_called_so() -> None:
    data = member(b"", ENCRYPTED)[:10] + b"\xff" * 50
    found, error = opened(subject.unpack(at_random(data)))
    assert found == [b""]
    assert error is not None
    assert error.reason is Reason.ENCRYPTED


@given(st.data())
def test_a_cut_file_gives_a_prefix_and_is_truncated(draw: st.DataObject) -> None:
    data = member(CONTENT[:200], NAME, b"n\0")
    cut = data[: draw.draw(st.integers(3, len(data) - 1))]
    found, error = opened(subject.unpack(passing_by(cut, 5)))
    assert CONTENT.startswith(found[0])
    assert isinstance(error, Truncated)


def test_only_the_trailer_cut_off_keeps_every_byte() -> None:
    found, error = opened(subject.unpack(passing_by(member()[:-1])))
    assert found == [CONTENT]
    assert isinstance(error, Truncated)


@pytest.mark.parametrize("tool", ["gzip", "pigz"])
def test_what_the_tools_write_comes_back(tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    content = CONTENT * 300
    packed = subprocess.run(
        [tool, "-9c"], input=content, capture_output=True, check=True
    )
    assert named(subject.unpack(at_random(packed.stdout))) == [(b"", content)]


@given(st.binary(max_size=300), st.integers(1, 99))
def test_arbitrary_bytes_give_the_same_however_they_are_split(
    data: bytes, piece: int
) -> None:
    data = subject.MAGIC + data
    found, error = opened(subject.unpack(passing_by(data)))
    again, same = opened(subject.unpack(passing_by(data, piece)))
    assert found == again
    assert type(error) is type(same)
    assert error is None or 0 <= error.offset <= len(data)
