"""Behaviour of the lzip reader."""

import lzma
import shutil
import subprocess
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.unpack import lzip

TOOL = shutil.which("lzip")
ALONE = 13  # bytes of the header of LZMA alone


def member(content: bytes, power: int = 16) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    alone = lzma.compress(content, lzma.FORMAT_ALONE, filters=filters)
    data = b"LZIP\1" + bytes((power,)) + alone[ALONE:]
    data += zlib.crc32(content).to_bytes(4, "little")
    data += len(content).to_bytes(8, "little")
    return data + (len(data) + 8).to_bytes(8, "little")


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_members_are_joined(members: list[bytes]) -> None:
    data = b"".join(map(member, members))
    assert contents(lzip.unpack(Reader.of(data))) == [b"".join(members)]


def test_a_large_member_comes_whole() -> None:
    content = bytes(range(256)) * 9999
    assert contents(lzip.unpack(Reader.of(member(content)))) == [content]


def test_a_declared_dictionary_of_half_a_gigabyte_is_not_allocated() -> None:
    data = member(b"content", power=29)
    assert contents(lzip.unpack(Reader.of(data))) == [b"content"]


def test_what_lies_behind_is_a_part() -> None:
    data = member(b"content") + b"behind"
    assert contents(lzip.unpack(Reader.of(data))) == [b"content", b"behind"]


def test_a_wrong_checksum_is_damage_behind_the_content() -> None:
    data = bytearray(member(b"content"))
    data[-20] ^= 1
    item = next(iter(lzip.unpack(Reader.of(bytes(data)))))
    chunks = item.content.rest()  # type: ignore[union-attr]
    assert next(chunks) == b"content"
    with pytest.raises(Malformed):
        next(chunks)


def test_a_dictionary_that_cannot_be_is_damage() -> None:
    with pytest.raises(Malformed):
        contents(lzip.unpack(Reader.of(member(b"content", power=7))))


@pytest.mark.parametrize("cut", [1, 19, 21])
def test_a_member_without_its_end_is_truncated(cut: int) -> None:
    with pytest.raises(Truncated):
        contents(lzip.unpack(Reader.of(member(b"content")[:-cut])))


@pytest.mark.skipif(TOOL is None, reason="needs lzip")
def test_what_lzip_writes_is_read() -> None:
    content = b"some content " * 5000
    ran = subprocess.run(["lzip"], input=content, capture_output=True, check=True)
    assert contents(lzip.unpack(Reader.of(ran.stdout))) == [content]


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([b"\0", b"\1"]))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes, version: bytes) -> None:
    collect(lzip.unpack(Reader.of(b"LZIP" + version + data)))
