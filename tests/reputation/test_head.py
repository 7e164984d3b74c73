"""The head says what all other files are."""

import hashlib
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from support.digests import digest, made, written

from clearward.core.errors import Malformed
from clearward.reputation.head import SIZE, Head
from clearward.reputation.records import PREFIXES, WIDTH, prefix

HEAD = made(one=written(1, 2, 3)).head


def test_a_head_comes_back() -> None:
    head = made(one=written(*range(50))).head
    data = head.to_bytes()
    assert len(data) == SIZE
    assert Head.parse(data) == head
    assert head.id == hashlib.sha256(data).digest()


def test_it_says_where_each_part_begins() -> None:
    one = made(one=written(*range(50)))
    assert (one.head.records, one.head.starts[0]) == (50, 0)
    number = prefix(digest(7))
    start = one.head.starts[number] * WIDTH
    length = one.head.prefixes[number].records * WIDTH
    part = one.records[start : start + length]
    assert digest(7) in bytes(part)
    assert hashlib.sha256(part).digest() == one.head.prefixes[number].part
    assert one.head.fullest == max(one.records for one in one.head.prefixes)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, SIZE - 1), st.integers(1, 255))
def test_a_changed_byte_gives_another_id_or_none(place: int, change: int) -> None:
    data = bytearray(HEAD.to_bytes())
    data[place] ^= change
    with suppress(Malformed):
        assert Head.parse(bytes(data)).id != HEAD.id


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_other_bytes_are_no_head_or_have_no_other_spelling(data: bytes) -> None:
    for one in (data, data.ljust(SIZE, b"\0"), b"CWDIGEST" + data.ljust(SIZE - 8)):
        try:
            head = Head.parse(one)
        except Malformed as error:
            assert 0 <= error.offset <= SIZE
        else:
            assert head.to_bytes() == one


def test_there_is_a_prefix_for_each_of_4096() -> None:
    assert len(made(one=b"").head.prefixes) == PREFIXES
