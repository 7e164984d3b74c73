"""Entries of the log: one spelling, and each names the one before it."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.updates.release import MOST, Release

ONE = Release(1, "a" * 64, "b" * 64)
ENTRY = ONE.to_bytes()


@given(
    seq=st.integers(1, (1 << 53) - 1), digest=st.text("0123456789abcdef").filter(bool)
)
def test_an_entry_is_read_as_it_was_written(seq: int, digest: str) -> None:
    release = Release(seq, digest[:1] * 64, digest[-1:] * 64)
    assert Release.parse(release.to_bytes()) == release


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{}", b"[]", b"1", b"\xff", ENTRY + b" ", ENTRY[:-1]),
        *(ENTRY.replace(b":1,", b": 1,"), ENTRY.replace(b":1,", b":1.0,")),
        *(ENTRY.replace(b":1,", b":0,"), ENTRY.replace(b":1,", b":true,")),
        ENTRY.replace(b":1,", b":1,"[:0] + b":99999999999999999999,"),
        ENTRY.replace(b"a" * 64, b"A" * 64),
        ENTRY.replace(b"a" * 64, b"a" * 63),
        ENTRY.replace(b"clearward-rules", b"other"),
        ENTRY.replace(b"{", b'{"more":1,'),
        ENTRY.replace(b'"seq":1', b'"seq":1,"seq":1'),
        b"[" * MOST,
        ENTRY + b" " * MOST,
    ],
)
def test_what_is_no_entry_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Release.parse(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_malformed(data: bytes) -> None:
    with suppress(Malformed):
        assert Release.parse(data).to_bytes() == data


def test_a_release_follows_the_one_that_it_names() -> None:
    before = hashlib.sha256(ENTRY).hexdigest()
    assert ONE.follows(b"")
    assert Release(2, "c" * 64, "d" * 64, before).follows(ENTRY)
    assert not Release(3, "c" * 64, "d" * 64, before).follows(ENTRY)
    assert not Release(2, "c" * 64, "d" * 64).follows(ENTRY)
    assert not Release(2, "c" * 64, "d" * 64, before).follows(b"")
