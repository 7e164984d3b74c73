"""Behaviour of the decompressor of AutoIt."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.autoit import packed

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.installers.autoit_packed import unpacked

VERSIONS = pytest.mark.parametrize("version", [b"EA05", b"EA06"])


def content(data: bytes) -> bytes:
    return b"".join(unpacked(Reader.of(data), "test"))


@VERSIONS
@pytest.mark.parametrize("run", [3, 5, 6, 12, 13, 43, 44, 298, 299, 553, 554, 5000])
def test_matches_of_every_length_come_back(version: bytes, run: int) -> None:
    data = b"content" + b"t" * run + b"end"
    assert content(packed(data, version)) == data


@VERSIONS
def test_a_match_before_the_first_byte_is_damage(version: bytes) -> None:
    match = b"\x80" if version == b"EA05" else b"\0"
    with pytest.raises(Malformed, match="distance"):
        content(version + b"\0\0\0\5" + match + bytes(9))


@VERSIONS
def test_a_stream_that_ends_early_is_truncated(version: bytes) -> None:
    with pytest.raises(Truncated):
        content(packed(b"content", version)[:-1])


@given(st.sampled_from([b"EA05", b"EA06"]), st.binary(max_size=100))
def test_arbitrary_bytes_give_bytes_or_an_error(version: bytes, data: bytes) -> None:
    with suppress(Malformed):
        content(version + b"\0\0\1\0" + data)
