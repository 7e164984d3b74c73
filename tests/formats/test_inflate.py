"""Behaviour of what drives decompressors."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha512

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import at_random, passing_by, read

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import CHUNK, Forward
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Narrowed, Undecoded, Zlib
from clearward.formats.inflate import INPUT, KEPT, Frames, at_once

WAYS = pytest.mark.parametrize("way", [at_random, passing_by])
NOISE = b"".join(zlib.crc32(bytes([n % 251, n >> 8])).to_bytes(4) for n in range(65536))

BLOCK_CRC = 10  # offset in a bzip2 stream


def deflate(data: bytes, window: int = 15) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return packer.compress(data) + packer.flush()


def until_damage(chunks: Iterable[bytes]) -> tuple[bytes, Malformed | None]:
    output = b""
    try:
        for chunk in chunks:
            assert 0 < len(chunk) <= CHUNK
            output += chunk
    except Malformed as error:
        return output, error
    return output, None


def one(source: Forward, window: int = 15) -> Frames:
    return Frames("x", source, lambda head: Zlib(window), once=True)  # noqa: ARG005


def joined(source: Forward) -> Frames:
    return Frames(
        "x",
        source,
        lambda head: Zlib(15) if head.startswith(b"\x78") else None,
        padding=b"\0",
    )


@WAYS
def test_output_comes_in_bounded_pieces(way: type[Forward]) -> None:
    data = bytes(3 * CHUNK + 1)
    output, error = until_damage(one(way(deflate(data))))  # type: ignore[call-arg]
    assert (output, error) == (data, None)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4), st.integers(1, 50))
def test_streams_are_joined_over_their_padding(parts: list[bytes], piece: int) -> None:
    data = b"\0\0\0".join(map(deflate, parts)) + b"\0" + b"behind"
    frames = joined(passing_by(data, piece))
    assert b"".join(frames) == b"".join(parts)
    tail = frames.tail()
    assert tail is not None
    assert read(tail) == b"behind"


@WAYS
def test_padding_longer_than_one_input_is_no_tail(way: type[Forward]) -> None:
    frames = joined(way(deflate(b"a") + bytes(3 * INPUT)))  # type: ignore[call-arg]
    assert b"".join(frames) == b"a"
    assert frames.tail() is None


@WAYS
def test_without_more_streams_the_rest_is_the_tail(way: type[Forward]) -> None:
    data = deflate(b"a") + deflate(b"b")
    frames = one(way(data))  # type: ignore[call-arg]
    assert b"".join(frames) == b"a"
    tail = frames.tail()
    assert tail is not None
    assert read(tail) == deflate(b"b")


def test_a_raw_stream_whose_last_input_gives_much_output_is_whole() -> None:
    # All input is taken while the decompressor still holds the end of the last match.
    for size in range(CHUNK - 4, CHUNK + 300, 3):
        data = bytes(size)
        raw = one(at_random(deflate(data, -15)), -15)
        assert b"".join(raw) == data


@given(st.data())
def test_a_cut_stream_gives_a_prefix_and_is_called_truncated(
    draw: st.DataObject,
) -> None:
    content = NOISE[:3000] * 2
    packed = deflate(content)
    cut = packed[: draw.draw(st.integers(0, len(packed) - 1))]
    output, error = until_damage(one(passing_by(cut, 100)))
    assert content.startswith(output)
    assert isinstance(error, Truncated)


@pytest.mark.parametrize(
    ("pack", "make", "place"),
    [
        pytest.param(deflate, lambda: Zlib(15), -1, id="zlib, Adler-32"),
        pytest.param(bz2.compress, bz2.BZ2Decompressor, -2, id="bzip2, CRC of all"),
        pytest.param(
            bz2.compress, bz2.BZ2Decompressor, BLOCK_CRC, id="bzip2, CRC of a block"
        ),
        pytest.param(lzma.compress, lzma.LZMADecompressor, -10, id="xz, footer"),
    ],
)
def test_a_wrong_checksum_is_damage_after_all_the_bytes(
    pack: Callable[[bytes], bytes], make: Callable[[], Decompressor], place: int
) -> None:
    content = NOISE[:5001]
    packed = bytearray(pack(content))
    packed[place] ^= 0xFF
    errors = (zlib.error, OSError, lzma.LZMAError)
    frames = Frames(
        "x",
        at_random(bytes(packed)),
        lambda head: make(),  # noqa: ARG005
        errors=errors,
    )
    output, error = until_damage(frames)
    assert output == content[: len(content) - (place == BLOCK_CRC)]  # see bzip2.py
    assert type(error) is Malformed
    assert frames.tail() is None


@settings(deadline=None)
@given(st.integers(20, 1900), st.integers(1, 2000))
def test_what_stands_before_damage_is_won_back(place: int, piece: int) -> None:
    content = b"".join(sha512(bytes((n,))).digest() for n in range(32))
    stored = b"\x78\x01\x00" + place.to_bytes(2, "little")
    stored += (place ^ 0xFFFF).to_bytes(2, "little") + content[:place]
    output, error = until_damage(one(passing_by(stored + b"\x06", piece)))
    assert output == content[:place]
    assert isinstance(error, Malformed)


def test_a_long_damaged_stream_still_gives_what_came_before() -> None:
    content = b"".join(sha512(n.to_bytes(4)).digest() for n in range(KEPT // 48))
    long = deflate(content, 15)
    long = long[: KEPT + 3 * INPUT] + b"\xff" * 100_000
    output, error = until_damage(one(at_random(long)))
    assert content.startswith(output)
    assert len(output) > KEPT
    assert type(error) is Malformed


def test_a_frame_that_is_refused_says_why() -> None:
    def begin(head: bytes) -> Decompressor | None:
        if head.startswith(b"\x78"):
            return Zlib(15)
        raise Undecoded("x", 0, "version", Reason.UNSUPPORTED)

    frames = Frames("x", at_random(deflate(b"a") + b"other"), begin)
    output, error = until_damage(frames)
    assert output == b"a"
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED


def test_what_an_error_says_is_asked() -> None:
    frames = Frames(
        "x",
        at_random(b"\x78\x9c\xff\xff"),
        lambda head: Zlib(15),  # noqa: ARG005
        reason_of=lambda error: Reason.MEMORY_LIMIT,  # noqa: ARG005
    )
    output, error = until_damage(frames)
    assert output == b""
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


def narrowed(most: int | None, size: int) -> Iterator[bytes]:
    content = bytes(size)
    packed = b"header" + deflate(content)[2:]
    return iter(
        Frames(
            "x",
            at_random(packed),
            lambda head: (  # noqa: ARG005
                Narrowed(Zlib(15), 6, b"\x78\xda", most=most, errors=(zlib.error,))
            ),
            once=True,
        )
    )


@pytest.mark.parametrize("most", [None, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_a_narrowed_stream_is_whole_within_its_bound(most: int | None) -> None:
    assert b"".join(narrowed(most, CHUNK)) == bytes(CHUNK)


@pytest.mark.parametrize("most", [1, 1000, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_a_narrowed_stream_gives_its_bound_and_then_says_memory_limit(
    most: int,
) -> None:
    output, error = until_damage(narrowed(most, 2 * CHUNK + 1))
    assert output == bytes(most)
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


@given(st.binary(max_size=300), st.integers(1, 99))
def test_arbitrary_bytes_give_output_or_an_error(data: bytes, piece: int) -> None:
    data = b"\x78\x9c" + data
    kept = until_damage(joined(at_random(data)))
    split = until_damage(joined(passing_by(data, piece)))
    assert kept[0] == split[0]
    assert type(kept[1]) is type(split[1])
    assert kept[1] is None or 0 <= kept[1].offset <= len(data)


@WAYS
def test_streams_of_a_few_bytes_are_joined_and_what_lies_behind_comes_back(
    way: Callable[[bytes], Forward],
) -> None:
    streams = [zlib.compress(bytes([each])) for each in range(200)] * 5
    frames = Frames(
        "zlib",
        way(b"".join(streams) + b"behind"),
        lambda head: Zlib(15) if head[:1] == b"\x78" else None,
    )
    assert b"".join(frames) == bytes(range(200)) * 5
    tail = frames.tail()
    assert tail is not None
    assert read(tail) == b"behind"


@given(st.binary(max_size=400))
def test_a_short_stream_at_once_gives_what_its_frames_do(data: bytes) -> None:
    assert at_once(zlib.compress(data) + b"behind", Zlib(15)) == data


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(zlib.compress(b"content" * 9)[:-5], id="no end"),
        pytest.param(b"x\x9c\xff\xff", id="damage"),
        pytest.param(zlib.compress(bytes(2 * CHUNK)), id="long"),
    ],
)
def test_what_is_not_short_and_whole_is_left_to_frames(damaged: bytes) -> None:
    assert at_once(damaged, Zlib(15)) is None
