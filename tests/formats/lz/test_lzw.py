"""Behaviour of LZW."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz import lzw
from clearward.formats.lz.crc16 import crc16
from clearward.formats.lz.runs import without_runs


def expanded(data: bytes, kind: lzw.Kind) -> bytes:
    return b"".join(lzw.expand(Reader.of(data), "x", kind))


def packed(*codes: int) -> bytes:
    value = sum(code << 9 * at for at, code in enumerate(codes))
    return value.to_bytes(-(-9 * len(codes) // 8), "little")


def test_a_code_may_be_the_one_that_comes_to_be() -> None:
    kind = lzw.Kind(13, groups=False, end=257)
    assert expanded(packed(97, 258, 259, 257), kind) == b"a" * 6
    assert expanded(packed(97, 98, 256, 97, 0, 257), kind) == b"aba\0"


def test_a_code_that_stands_for_nothing_is_malformed() -> None:
    with pytest.raises(Malformed):
        expanded(packed(97, 300), lzw.Kind(12, groups=True))


@given(st.binary(max_size=300), st.booleans())
def test_arbitrary_bytes_give_content_or_an_error(data: bytes, groups: bool) -> None:  # noqa: FBT001
    with suppress(Malformed):
        expanded(data, lzw.Kind(12, groups=groups))


@given(st.lists(st.binary(max_size=9), max_size=5))
def test_runs_do_not_depend_on_pieces(pieces: list[bytes]) -> None:
    whole = b"".join(without_runs(iter([b"".join(pieces)])))
    assert b"".join(without_runs(iter(pieces))) == whole


def test_the_checksum_is_the_known_one() -> None:
    assert crc16(b"123456789") == 0xBB3D
