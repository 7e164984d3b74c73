"""Behaviour of the tar reader towards damage and lies."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import (
    WAYS,
    Way,
    at_random,
    collect,
    contents,
    gaps,
    named,
    passing_by,
)
from support.tar import END, GNU, POSIX, header, member, padded, pax, spoiled

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap
from clearward.core.reasons import Reason
from clearward.formats.unpack import tar


@pytest.mark.parametrize(
    ("front", "kind", "name"),
    [
        (b"", b"2", b"a"),
        (b"", b"5", b"a"),
        (b"", b"\0", b"a/"),
        (pax(mtime=b"1"), b"1", b"a"),
    ],
)
@pytest.mark.parametrize("following", [member(b"b", b"more"), END])
@WAYS
def test_a_link_whose_size_is_doubtful_hides_no_member(
    front: bytes, kind: bytes, name: bytes, following: bytes, way: Way
) -> None:
    data = front + header(name, 700, kind) + following + member(b"c", b"last") + END
    assert contents(tar.unpack(way(data)))[-1] == b"last"
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@pytest.mark.parametrize(
    "size",
    [
        b"777777777777",
        b"\x80\0\0\0\x7f" + b"\xff" * 7,
        b"\x80" + b"\xff" * 11,
        b"00000001000\0",
    ],
)
@WAYS
def test_a_size_past_the_end_gives_what_is_there(size: bytes, way: Way) -> None:
    data = header(b"a", size) + b"content"
    assert collect(tar.unpack(way(data))) == (
        [b"content"],
        [],
        "size beyond the archive",
    )


@pytest.mark.parametrize("size", [b"\xff" * 12, b"00000000009\0", b"-0000000001\0"])
@WAYS
def test_a_size_that_is_none_reaches_to_the_next_header(size: bytes, way: Way) -> None:
    data = header(b"a", size) + padded(b"content") + member(b"b", b"more") + END
    assert named(tar.unpack(way(data))) == [(b"a", padded(b"content")), (b"b", b"more")]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@pytest.mark.parametrize(
    ("front", "field"),
    [(pax(size=b"700"), 3), (pax(b"g", size=b"700"), 0), (pax(b"g", size=b"700"), 3)],
)
def test_sizes_that_contradict_each_other_are_a_gap(front: bytes, field: int) -> None:
    data = front + header(b"a", field) + padded(b"x" * 700) + END
    assert contents(tar.unpack(at_random(data))) == [b"x" * 700]
    assert gaps(tar.unpack(at_random(data))) == [Reason.CORRUPT]


def test_damaged_records_are_a_gap() -> None:
    data = member(b"pax", b"records", b"x") + member(b"a", b"content") + END
    assert contents(tar.unpack(at_random(data))) == [b"content"]
    assert gaps(tar.unpack(at_random(data))) == [Reason.CORRUPT]


@WAYS
def test_a_wrong_checksum_is_a_gap_and_the_content_is_a_part(way: Way) -> None:
    first = spoiled(header(b"a", 7)) + padded(b"content")
    data = first + member(b"b", b"more") + END
    assert named(tar.unpack(way(data))) == [(b"a", b"content"), (b"b", b"more")]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@WAYS
def test_a_wrong_checksum_does_not_let_a_size_swallow_members(way: Way) -> None:
    data = spoiled(header(b"a", 9999)) + padded(b"x") + member(b"b", b"more") + END
    assert named(tar.unpack(way(data))) == [(b"a", padded(b"x")), (b"b", b"more")]


def test_a_header_right_behind_a_bad_one_is_found() -> None:
    data = spoiled(header(b"a", 9999)) + member(b"b", b"more") + END
    assert named(tar.unpack(at_random(data))) == [(b"a", b""), (b"b", b"more")]


@pytest.mark.parametrize("length", [512, 1024, 9000 * 512])
@WAYS
def test_reading_goes_on_behind_blocks_that_are_no_headers(
    length: int, way: Way
) -> None:
    junk = b"j" * length
    data = member(b"a", b"content") + junk + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [b"content", junk, b"more"]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@pytest.mark.parametrize("end", [b"", bytes(100)])
@WAYS
def test_no_end_and_no_padding_is_no_damage(end: bytes, way: Way) -> None:
    data = header(b"a", 7) + b"content" + end
    assert contents(tar.unpack(way(data))) == [b"content"]


@WAYS
def test_half_a_header_is_truncated(way: Way) -> None:
    data = member(b"a", b"content") + header(b"b", 7)[:200]
    assert collect(tar.unpack(way(data))) == (
        [b"content", header(b"b", 7)[:200]],
        [],
        "header length",
    )


@WAYS
def test_a_name_that_is_too_long_is_a_part(way: Way) -> None:
    name = b"n" * 200_000
    data = member(b"L", name, b"L", GNU) + member(b"a", b"content") + END
    parts = named(tar.unpack(way(data)))
    assert parts == [(b"L", name[tar.NAME_MOST :]), (name[: tar.NAME_MOST], b"content")]


@WAYS
def test_a_name_of_a_gibibyte_gives_what_is_there(way: Way) -> None:
    hidden = member(b"a", b"content")
    data = header(b"L", 1 << 30, b"L", GNU) + hidden
    assert collect(tar.unpack(way(data))) == ([hidden], [], "size beyond the archive")


def test_records_that_are_too_long_are_a_gap_and_a_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tar, "RECORDS_MOST", 600)
    text = b"600 comment=" + b"c" * 587 + b"\n" + b"hidden"
    data = member(b"pax", text, b"x") + member(b"a", b"content") + END
    assert contents(tar.unpack(at_random(data))) == [b"hidden", b"content"]
    assert gaps(tar.unpack(at_random(data))) == [Reason.MEMORY_LIMIT]


def test_damage_without_end_takes_linear_time() -> None:
    bad = spoiled(header(b"a", 1 << 40))
    data = (bad + b"j" * 512 + header(b"b", 0)) * 3000
    items = list(tar.unpack(passing_by(data)))
    assert sum(isinstance(item, Gap) for item in items) == 3000
    assert len(items) == 9000


@given(
    st.lists(st.tuples(st.integers(0, 6 * 512 - 1), st.integers(0, 255)), max_size=4),
    st.integers(1, 6 * 512),
)
def test_a_damaged_archive_gives_parts_or_an_error_both_ways(
    damage: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(
        pax(path=b"long") + member(b"a", b"content") + member(b"b", b"more") + END
    )
    for place, value in damage:
        data[place] = value
    cut = bytes(data[:length])
    assert collect(tar.unpack(at_random(cut))) == collect(tar.unpack(passing_by(cut)))


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=600),
            st.builds(
                header,
                st.just(b"name"),
                st.one_of(st.integers(0, 3000), st.binary(min_size=12, max_size=12)),
                st.sampled_from([bytes([kind]) for kind in b"0123456LKxgXVMD\0"]),
                st.sampled_from([POSIX, GNU, b""]),
            ),
        ),
        max_size=6,
    )
)
def test_arbitrary_bytes_give_parts_no_longer_than_the_input_or_an_error(
    pieces: list[bytes],
) -> None:
    data = header(b"first", 0) + b"".join(pieces)
    try:
        assert sum(map(len, contents(tar.unpack(at_random(data))))) <= len(data)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)


def test_the_end_inside_a_member_is_truncated() -> None:
    with pytest.raises(Truncated) as caught:
        contents(tar.unpack(at_random(member(b"a", b"x" * 512)[:-1])))
    assert caught.value.offset == 1023


def test_both_ways_agree_on_every_mixture() -> None:
    blocks = [
        header(b"a", 512),
        header(b"l", 512, b"2"),
        spoiled(header(b"s", 512)),
        b"j" * 512,
        bytes(512),
    ]
    for mixture in product(blocks, repeat=4):
        data = blocks[0] + b"".join(mixture)
        assert collect(tar.unpack(at_random(data))) == collect(
            tar.unpack(passing_by(data, 700))
        )
