"""Behaviour of the reader of compressed Flash."""

import lzma
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.unpack import swf

CONTENT = b"movie" * 100


def with_zlib(content: bytes) -> bytes:
    return struct.pack("<3sBI", b"CWS", 9, len(content) + 8) + zlib.compress(content)


def with_lzma(content: bytes) -> bytes:
    packed = lzma.compress(content, lzma.FORMAT_ALONE)
    head = struct.pack("<3sBII", b"ZWS", 13, len(content) + 8, len(packed) - 13)
    return head + packed[:5] + packed[13:]


@pytest.mark.parametrize("pack", [with_zlib, with_lzma])
def test_a_movie_comes_back_without_compression(pack: Callable[[bytes], bytes]) -> None:
    data = pack(CONTENT)
    (part, *_) = contents(swf.unpack(Reader.of(data)))
    assert part == b"FWS" + data[3:8] + CONTENT


def test_what_lies_behind_the_stream_comes_back() -> None:
    assert contents(swf.unpack(Reader.of(with_zlib(CONTENT) + b"MZ")))[1] == b"MZ"


@pytest.mark.parametrize("data", [with_zlib(CONTENT)[:-9], with_lzma(CONTENT)[:30]])
def test_what_ends_early_is_read_and_said(data: bytes) -> None:
    parts: list[bytes] = []
    with pytest.raises(Truncated):
        parts += contents(swf.unpack(Reader.of(data)))
    for cut in (4, 14):
        with pytest.raises(Truncated):
            contents(swf.unpack(Reader.of(data[:cut])))


@given(st.sampled_from([b"C", b"Z"]), st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(kind: bytes, data: bytes) -> None:
    whole = kind + b"WS" + data
    try:
        collect(swf.unpack(Reader.of(whole)))
    except Malformed as error:
        assert 0 <= error.offset <= len(whole)
