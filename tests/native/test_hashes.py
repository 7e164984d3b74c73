"""Sets of digests: found as in a dictionary, and never read beyond."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.image import hash_set

from clearward.native.errors import BadImage
from clearward.native.hashes import ANY_LISTED, SIZES, HashSet, may_list, read_hashes
from clearward.native.layout import ANY_SIZE, HASHES, Scope

digests = st.sampled_from([0, 1, 0x3F, 0x40, 0x41, 0xC0, 0xFF]).map(
    lambda one: bytes([one]) * 16
)
rows = st.lists(st.tuples(digests, st.sampled_from([1, 2, ANY_SIZE])), min_size=1)


def read(laid: tuple[bytes, int], rules: int = 999) -> HashSet:
    data, count = laid
    return read_hashes(memoryview(data), count, rules)


@given(rows, digests, st.integers(0, 3), st.sampled_from([0, 1, 2, 7, 13]))
def test_all_rules_that_list_a_digest_are_found(
    listed: list[tuple[bytes, int]], digest: bytes, size: int, bits: int
) -> None:
    listed.sort(key=lambda row: row[0])
    made = read(
        hash_set(
            [one for one, _ in listed], [one for _, one in listed], first=7, bits=bits
        )
    )
    assert made.lookup(digest, size) == [
        7 + at
        for at, (one, other) in enumerate(listed)
        if one == digest and other in {size, ANY_SIZE}
    ]
    assert [made.digest(at) for at in range(made.count)] == [one for one, _ in listed]


def test_a_set_without_sizes_lists_every_size() -> None:
    made = read(hash_set([bytes(32)], scope=Scope.IMPORTS, flags=6))
    assert made.lookup(bytes(32), 5) == [0]
    assert (made.scope, made.allows, made.unwanted) == (Scope.IMPORTS, True, True)


@given(st.lists(st.integers(0, ANY_SIZE - 1), min_size=1), st.integers(0, ANY_SIZE - 1))
def test_sizes_tell_that_nothing_is_listed(listed: list[int], size: int) -> None:
    made = read(hash_set([bytes(16)] * len(listed), listed))
    sizes = made.listed_sizes()
    assert all(may_list(sizes, one) for one in listed)
    if all(one % SIZES != size % SIZES for one in listed):
        assert not may_list(sizes, size)


@pytest.mark.parametrize("listed", [None, [7, ANY_SIZE]])
def test_a_digest_of_any_size_makes_it_any_size(listed: list[int] | None) -> None:
    sizes = read(hash_set([bytes(16)] * 2, listed)).listed_sizes()
    assert sizes == ANY_LISTED
    assert may_list(sizes, 5)


def test_a_very_large_set_lists_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    made = read(hash_set([bytes(16)] * 3, [1, 2, 3]))
    assert not may_list(made.listed_sizes(), 4)
    monkeypatch.setattr("clearward.native.hashes.MOST_SIZED", 2)
    assert may_list(made.listed_sizes(), 4)


WHOLE, COUNT = hash_set([bytes(16), b"\xff" * 16], [1, 2])


def head(*fields: int) -> bytes:
    return HASHES.pack(*fields) + WHOLE[8:]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (head(17, 0, 1, 2, 0), "algorithm"),
        (head(16, 3, 1, 2, 0), "scope"),
        (head(16, 0, 16, 2, 0), "flags"),
        (head(16, 0, 1, 25, 0), "index"),
        (head(16, 0, 1, 24, 0), "too early"),
        (head(16, 0, 1, 2, 8), "rule number"),
        (head(20, 0, 1, 2, 0), "too early"),
        (head(16, 0, 0, 2, 0), "too long"),
        (WHOLE[:-1], "too early"),
        (WHOLE + b"\0", "too long"),
    ],
)
def test_a_broken_set_is_refused(data: bytes, field: str) -> None:
    with pytest.raises(BadImage, match=field):
        read((data, COUNT), rules=9)


def test_more_digests_than_rules_are_refused() -> None:
    with pytest.raises(BadImage, match="rule number"):
        read((WHOLE, COUNT), rules=1)


def test_starts_are_checked_when_they_are_used() -> None:
    for start in (3, 2**32 - 1):
        made = read((WHOLE[:8] + struct.pack("<I", start) + WHOLE[12:], COUNT))
        assert made.lookup(b"\xff" * 16, 2) == [1]
        with pytest.raises(BadImage, match="start"):
            made.lookup(bytes(16), 1)
