"""Behaviour of the reader of Mozilla's files."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lz4 import block
from support.parts import collect, contents

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import mozlz4


def packed(data: bytes, size: int = -1) -> bytes:
    said = (len(data) if size < 0 else size).to_bytes(4, "little")
    content: bytes = block.compress(data, store_size=False)
    return b"mozLz40\0" + said + content


def found(data: bytes) -> tuple[list[bytes], list[str], str]:
    parts, gaps, field = collect(mozlz4.unpack(Reader.of(data)))
    return parts, [gap.word for gap in gaps], field


@given(st.binary(max_size=300))
def test_the_content_comes_back(data: bytes) -> None:
    assert found(packed(data)) == ([data], [], "")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (packed(b"content", 900), ([b"content"], [], "size")),
        (packed(b"content", 3), ([], [], "block")),
        (packed(b"content", 1 << 31), ([], ["memory-limit"], "")),
        (packed(b"content")[:9], ([], [], "header length")),
    ],
)
def test_damage_is_reported(data: bytes, wanted: object) -> None:
    assert found(data) == wanted


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_a_part_or_an_error(data: bytes) -> None:
    for each in (b"mozLz40\0" + data, packed(b"", 1000)[:12] + data):
        with suppress(Malformed):
            contents(mozlz4.unpack(Reader.of(each)))
