"""Behaviour of sparse maps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, passing_by

from clearward.core.reader import Reader
from clearward.formats.rewind import Rewind
from clearward.formats.tar import sparse
from clearward.formats.tar.header import BLOCK
from clearward.formats.tar.pax import Records
from clearward.formats.tar.sparse import Map


def entry(offset: int, length: int) -> bytes:
    return b"%011o\0%011o\0" % (offset, length)


def gnu(*entries: bytes, more: bool = False, size: bytes = b"00000007640") -> bytes:
    table = b"".join(entries).ljust(96, b"\0")
    return (bytes(386) + table + bytes([more]) + size).ljust(BLOCK, b"\0")


def extension(*entries: bytes, more: bool = False) -> bytes:
    return (b"".join(entries).ljust(504, b"\0") + bytes([more])).ljust(BLOCK, b"\0")


def source(data: bytes = b"") -> Rewind:
    return Rewind(passing_by(data, 100))


@st.composite
def files(draw: st.DrawFn) -> tuple[Map, bytes]:
    """A map, and the file that it describes."""
    points: list[int] = []
    file = b""
    for hole in draw(st.lists(st.integers(0, 600), max_size=4)):
        content = draw(st.binary(min_size=1, max_size=4)) * BLOCK
        points += [len(file) + hole, len(content)]
        file += bytes(hole) + content
    file += bytes(draw(st.integers(0, 99)))
    return Map(tuple(points), len(file)), file


@given(files())
def test_a_file_gets_its_holes_back(made: tuple[Map, bytes]) -> None:
    where, file = made
    starts, lengths = where.points[::2], where.points[1::2]
    regions = zip(starts, lengths, strict=True)
    stored = b"".join(file[start : start + length] for start, length in regions)
    assert where.fits(len(stored))
    assert b"".join(where.expand(Reader.of(stored))) == file
    assert where.is_whole() == (len(stored) == len(file))


@pytest.mark.parametrize(
    ("points", "size", "stored"),
    [
        pytest.param((0, 4), 4, 5, id="stored bytes in no region"),
        pytest.param((0, 5), 5, 4, id="regions that are not stored"),
        pytest.param((0, 4), 3, 4, id="region behind the end"),
        pytest.param((512, 512, 0, 512), 2000, 1024, id="regions out of order"),
        pytest.param((0, 512, 256, 512), 2000, 1024, id="regions that overlap"),
        pytest.param((9, 4, 20, 4), 99, 8, id="regions of which programs differ"),
        pytest.param((0, -4), 4, -4, id="negative length"),
        pytest.param((-4, 4), 4, 4, id="negative offset"),
        pytest.param((4,), 4, 0, id="half an entry"),
    ],
)
def test_a_map_that_lies_does_not_fit(
    points: tuple[int, ...], size: int, stored: int
) -> None:
    assert not Map(points, size).fits(stored)


def test_the_map_of_a_gnu_header_is_read_with_its_extensions() -> None:
    block = gnu(*(entry(n * 1024, 512) for n in range(4)), more=True)
    first = extension(*(entry(n * 1024, 512) for n in range(4, 25)), more=True)
    second = extension(entry(25 * 1024, 7))
    following = source(first + second + b"content")
    where = sparse.from_header(block, following)
    assert where is not None
    assert where.points[-4:] == (24 * 1024, 512, 25 * 1024, 7)
    assert len(where.points) == 52
    assert where.size == 0o7640
    assert following.take(9) == b"content"


def test_the_map_of_a_star_header_stands_elsewhere() -> None:
    table = entry(1024, 5).ljust(96, b"\0")
    block = (bytes(356) + table + b"00000007640").ljust(508, b"\0") + b"tar\0"
    assert sparse.from_header(block, source()) == Map((1024, 5), 0o7640)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(gnu(b"x" * 24), id="no number"),
        pytest.param(gnu(size=b"x"), id="no size"),
        pytest.param(gnu(more=True), id="no extension"),
    ],
)
def test_a_header_without_a_good_map_gives_none(block: bytes) -> None:
    assert sparse.from_header(block, source()) is None


def test_extensions_without_end_are_passed_and_not_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sparse, "POINTS", 100)
    blocks = extension(*[entry(0, 0)] * 21, more=True) * 20 + extension()
    following = source(blocks + b"content")
    assert sparse.from_header(gnu(more=True), following) is None
    assert following.take(9) == b"content"


def test_the_map_of_records_needs_a_size_and_no_damage() -> None:
    good = Records(points=[0, 4], real_size=9)
    assert sparse.from_records(good) == Map((0, 4), 9)
    assert sparse.from_records(Records(points=[0, 4])) is None
    assert sparse.from_records(Records(real_size=9, damaged=True)) is None


def padded(text: bytes) -> bytes:
    return text + bytes(-len(text) % BLOCK)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"2\n0\n512\n2048\n3\n", id="plain"),
        pytest.param(b"#!gnu-sparse\n2\n#x\n0\n512\n2048\n3\n", id="comments"),
        pytest.param(b"2\n0\n512\n2048\n3\n999\nx", id="padding that is no zeros"),
    ],
)
def test_the_map_in_front_of_a_content_is_read(text: bytes) -> None:
    data = padded(text) + b"content"
    for forward in (at_random(data), passing_by(data, 100)):
        following = Rewind(forward)
        where = sparse.from_content(following, len(data), 4096)
        assert where == Map((0, 512, 2048, 3), 4096)
        assert following.take(9) == b"content"


def test_a_long_map_takes_several_blocks() -> None:
    numbers = [n * 1000 for n in range(800)]
    data = padded(b"400\n" + b"".join(b"%d\n" % n for n in numbers)) + b"content"
    following = source(data)
    assert sparse.from_content(following, len(data), 1) == Map(tuple(numbers), 1)
    assert following.take(9) == b"content"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"2\n0\n512\n", id="numbers missing"),
        pytest.param(b"x\n", id="no count"),
        pytest.param(b"1\n0\nx\n", id="no number"),
        pytest.param(b"999999\n0\n", id="too many"),
        pytest.param(b"1" * BLOCK, id="no lines"),
        pytest.param(b"2\n0\n" + b"#" * 2000, id="endless line"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_content_without_a_good_map_is_given_back(text: bytes) -> None:
    data = padded(text) + b"content"
    following = source(data)
    assert sparse.from_content(following, len(data), 4096) is None
    assert following.take(len(data)) == data


def test_a_map_cut_off_by_the_end_of_the_archive_is_given_back() -> None:
    following = source(b"2\n0\n")
    assert sparse.from_content(following, 4096, 4096) is None
    assert following.take(9) == b"2\n0\n"


def test_a_map_without_a_real_size_is_given_back() -> None:
    following = source(padded(b"0\n"))
    assert sparse.from_content(following, BLOCK, None) is None
    assert following.offset == 0


@given(st.binary(max_size=1200), st.integers(0, 1 << 70))
def test_arbitrary_bytes_give_a_map_or_none(data: bytes, size: int) -> None:
    where = sparse.from_content(source(data), size, 9)
    assert where is None or len(where.points) < len(data)
    sparse.from_header(data[:BLOCK].ljust(BLOCK, b"\0"), source(data))
