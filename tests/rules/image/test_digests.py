"""Tests of sets of digests in the image."""

import struct
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.clamav.listed import DigestSignature, Of
from clearward.rules.image.digests import DigestSets
from clearward.rules.image.names import Names
from clearward.rules.image.unusable import Unusable

FEW = st.sampled_from(
    [bytes(15), b"\x80" + bytes(14), bytes([7] * 15), bytes(range(15))]
)
DIGESTS = st.builds(
    DigestSignature,
    st.sampled_from(["A", "Bb", ""]),
    st.builds(
        lambda start, end, size: (start + end + bytes(17))[:size],
        FEW,
        st.binary(min_size=1, max_size=1),
        st.sampled_from([16, 20, 32]),
    ),
    st.sampled_from([None, 0, 5, 1 << 40]),
    st.sampled_from(Of),
    st.booleans(),
    st.booleans(),
)
Row = tuple[bytes, int | None, str]


def read(
    section: bytes, count: int, names: list[bytes]
) -> tuple[tuple[int, ...], list[Row]]:
    """Read a set: its algorithm, scope and flags, and its rows."""
    algorithm, scope, flags, bits, first = struct.unpack_from("<BBBBI", section)
    starts = struct.unpack_from(f"<{(1 << bits) + 1}I", section, 8)
    place = 8 + 4 * len(starts)
    place += -place % 8
    digests = [section[place + algorithm * i :][:algorithm] for i in range(count)]
    place += algorithm * count
    sizes: list[int | None] = [None] * count
    if flags & 1:
        place += -place % 8
        sizes = list(struct.unpack_from(f"<{count}Q", section, place))
        place += 8 * count
    assert place == len(section)
    assert digests == sorted(digests)
    assert starts[-1] == count
    for number, digest in enumerate(digests):
        slot = int.from_bytes(digest[:4], "big") >> 32 - bits
        assert starts[slot] <= number < starts[slot + 1]
    called = [name.decode() for name in names[first : first + count]]
    return (algorithm, scope, flags), list(zip(digests, sizes, called, strict=True))


def built(
    digests: list[DigestSignature],
) -> tuple[dict[tuple[int, ...], list[Row]], int]:
    sets, names = DigestSets(), Names(["first"])
    for digest in digests:
        sets.add(digest)
    assert len(sets) == len(digests)
    sections = list(sets.encode(names))
    ends, blob = names.encode()
    places = struct.unpack(f"<{len(names) + 1}Q", ends)
    called = [bytes(blob[a:b]) for a, b in pairwise(places)]
    return dict(
        read(b"".join(section), count, called) for count, section in sections
    ), sets.duplicates


@given(st.lists(DIGESTS, max_size=40))
def test_every_digest_comes_back_once_with_its_size_and_name(
    digests: list[DigestSignature],
) -> None:
    wanted: dict[tuple[int, ...], list[Row]] = defaultdict(list)
    for one in digests:
        flags = (one.size is not None) | 2 * one.allows | 4 * one.unwanted
        key = (len(one.digest), list(Of).index(one.of), flags)
        row = (one.digest, one.size, one.name)
        if row not in wanted[key]:
            wanted[key].append(row)
    found, duplicates = built(digests)
    assert found.keys() == wanted.keys()
    for which, rows in wanted.items():
        assert sorted(found[which], key=repr) == sorted(rows, key=repr)
    assert duplicates == len(digests) - sum(map(len, wanted.values()))


def test_many_digests_get_an_index_of_a_few_each() -> None:
    rows = [
        DigestSignature(str(n), bytes([n % 256, n // 256]) * 8, 5) for n in range(4096)
    ]
    ((_, section),) = _sections(rows)
    assert section[0][3] == 10  # bits


def test_the_first_of_equal_digests_comes_first() -> None:
    found, _ = built([DigestSignature(name, bytes(16), 5) for name in "cabc"])
    assert [name for _, _, name in found[16, 0, 1]] == ["c", "a", "b"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(DigestSignature("A", bytes(15), None), id="length"),
        pytest.param(DigestSignature("A", bytes(16), -1), id="negative size"),
        pytest.param(DigestSignature("A", bytes(16), 1 << 64), id="size"),
        pytest.param(DigestSignature("A" * 70_000, bytes(16), 1), id="name"),
    ],
)
def test_what_has_no_room_is_refused(wrong: DigestSignature) -> None:
    with pytest.raises(Unusable):
        DigestSets().add(wrong)


def _sections(digests: list[DigestSignature]) -> list[tuple[int, list[bytes]]]:
    sets = DigestSets()
    for digest in digests:
        sets.add(digest)
    return list(sets.encode(Names()))
