"""Behaviour of the reader of SZDD and KWAJ."""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import szdd


def literals(data: bytes) -> bytes:
    groups = (data[at : at + 8] for at in range(0, len(data), 8))
    return b"".join(b"\xff" + group for group in groups)


def packed(data: bytes) -> bytes:
    return szdd.SZDD + b"A\0" + len(data).to_bytes(4, "little") + literals(data)


def kwaj(method: int, data: bytes) -> bytes:
    return b"KWAJ\x88\xf0\x27\xd1" + bytes((method, 0, 14, 0, 0, 0)) + data


def unpacked(data: bytes) -> list[bytes]:
    return contents(szdd.unpack(Reader.of(data)))


@given(st.binary(max_size=100))
def test_the_file_comes_back(data: bytes) -> None:
    assert unpacked(packed(data)) == [data]
    size = len(data).to_bytes(4, "little")
    assert unpacked(szdd.QBASIC + size + literals(data)) == [data]
    assert unpacked(kwaj(0, data)) == [data]
    assert unpacked(kwaj(1, bytes(255 - byte for byte in data))) == [data]
    assert unpacked(kwaj(2, literals(data))) == [data]


def test_blocks_refer_to_the_block_before() -> None:
    first, second = b"content " * 50, b"content content"
    blocks = b""
    for before, data in ((b"", first), (first, second)):
        packer = zlib.compressobj(wbits=-15, zdict=before)
        block = b"CK" + packer.compress(data) + packer.flush()
        blocks += len(block).to_bytes(2, "little") + block
    assert unpacked(kwaj(4, blocks)) == [first + second]
    with pytest.raises(Malformed):
        unpacked(kwaj(4, blocks.replace(b"CK", b"CX")))
    with pytest.raises(Truncated):
        unpacked(kwaj(4, blocks[:-1]))


def test_a_file_that_ends_early_is_truncated() -> None:
    with pytest.raises(Truncated):
        unpacked(packed(b"content")[:-1])
    with pytest.raises(Truncated):
        unpacked(szdd.SZDD)


def test_more_than_the_size_says_is_unpacked_all_the_same() -> None:
    data = bytearray(packed(b"content"))
    data[10] = 1
    assert unpacked(bytes(data)) == [b"content"]


def test_what_is_not_read_is_said() -> None:
    assert gaps(szdd.unpack(Reader.of(kwaj(3, b"")))) == [Reason.UNSUPPORTED]
    assert gaps(szdd.unpack(Reader.of(kwaj(9, b"")))) == [Reason.CORRUPT]
    wrong = packed(b"content").replace(b"3A", b"3B")
    assert collect(szdd.unpack(Reader.of(wrong))) == ([b"content"], [], "mode")


@given(st.sampled_from([szdd.SZDD, szdd.QBASIC, kwaj(2, b""), kwaj(4, b"")]))
def test_a_magic_alone_is_no_fault(magic: bytes) -> None:
    with suppress(Malformed):
        unpacked(magic)


@given(st.integers(0, 4), st.binary(max_size=200))
def test_arbitrary_bytes_give_a_part_or_an_error(method: int, data: bytes) -> None:
    for each in (szdd.SZDD + data, szdd.QBASIC + data, kwaj(method, data)):
        with suppress(Malformed):
            unpacked(each)
