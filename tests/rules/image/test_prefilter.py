"""Tests of the tables of a prefilter."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.native.prefilter import read_prefilter
from clearward.rules.image.anchors import Anchor
from clearward.rules.image.prefilter import encode_prefilter, sizes_for


def plain(data: bytes) -> Anchor:
    return Anchor(data, b"\xff" * len(data))


@given(
    st.lists(st.binary(min_size=7, max_size=11), max_size=8), st.sampled_from([1, 2, 4])
)
def test_every_anchor_is_found_at_every_place(runs: list[bytes], stride: int) -> None:
    count, chunks = encode_prefilter(
        stride, [(n, [plain(run)]) for n, run in enumerate(runs)], []
    )
    found = read_prefilter(memoryview(b"".join(chunks)), count, len(runs))
    for number, run in enumerate(runs):
        for shift in range(4):
            assert number in found.candidates(b"\x01" * shift + run)


def test_masked_and_short_keys_are_found_by_each_of_their_values() -> None:
    masked = Anchor(b"ABCDxE", b"\xdf\xff\xff\xff\xff\xdf")
    short = Anchor(b"q\x50", b"\xff\xf0"), Anchor(b"tuV", b"\xff\xff\xdf")
    count, chunks = encode_prefilter(1, [(0, [masked])], [(1, short)])
    assert count == 2
    found = read_prefilter(memoryview(b"".join(chunks)), count, 2)
    assert found.candidates(b"-aBCDxe") == {0}
    assert found.candidates(b"-aBCDxf") == set()
    assert found.candidates(b"-q\x57-") == {1}
    assert found.candidates(b"-tuv-") == {1}
    assert found.candidates(b"-tu-") == set()


def test_tables_grow_with_their_entries_within_limits() -> None:
    assert sizes_for(0).bitmap >= 10
    assert sizes_for(1_000).bitmap == 17
    assert sizes_for(10_000).bitmap == 20
    assert sizes_for(80_000).bitmap == 22
    assert sizes_for(1 << 30).bitmap <= 24
    assert sizes_for(1 << 30).bucket <= 24
