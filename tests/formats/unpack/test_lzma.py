"""Behaviour of the LZMA reader."""

import lzma
import shutil
import subprocess
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, named, passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.unpack import lzma as subject

WAYS = pytest.mark.parametrize("way", [at_random, passing_by])
CONTENT = bytes(range(256)) * 9
NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(16_000))
UNKNOWN = b"\xff" * 8


def packed(
    content: bytes = CONTENT,
    dictionary: int = 1 << 23,
    size: int | None = None,
    **options: int,
) -> bytes:
    """A file whose header declares a dictionary and a size, whatever was used."""
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, **options}]
    data = lzma.compress(content, lzma.FORMAT_ALONE, filters=filters)
    declared = UNKNOWN if size is None else size.to_bytes(8, "little")
    return data[:1] + dictionary.to_bytes(4, "little") + declared + data[13:]


def recognised(data: bytes) -> bool:
    return subject.recognises(data, Reader.of(data))


def opened(items: Iterable[Item]) -> tuple[list[bytes], Malformed | None]:
    """What each part gave, and what ended it."""
    found: list[bytes] = []
    try:
        for item in items:
            assert isinstance(item, Part)
            assert isinstance(item.content, Stream)
            found.append(b"")
            for chunk in item.content.rest():
                found[-1] += chunk
    except Malformed as error:
        return found, error
    return found, None


@given(st.binary(max_size=300), st.integers(1, 60))
def test_content_comes_back(content: bytes, piece: int) -> None:
    found = named(subject.unpack(passing_by(packed(content), piece)))
    assert found == [(b"", content)]


@WAYS
def test_what_lies_behind_the_stream_is_a_part(way: type[Forward]) -> None:
    found = named(subject.unpack(way(packed(b"x") + packed(b"y"))))  # type: ignore[call-arg]
    assert found == [(b"", b"x"), (b"trailing", packed(b"y"))]


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param(packed(), True, id="as usual"),
        pytest.param(packed(b""), True, id="empty"),
        pytest.param(packed(lc=0, lp=2, pb=0), True, id="other properties"),
        pytest.param(packed(dictionary=3 << 20), True, id="dictionary of 3 MiB"),
        pytest.param(packed(dictionary=0xFFFFFFFF), True, id="largest dictionary"),
        pytest.param(packed(dictionary=4095), False, id="odd dictionary"),
        pytest.param(packed(size=len(CONTENT)), True, id="size known"),
        pytest.param(packed(size=1 << 62), True, id="enormous size"),
        pytest.param(packed(lc=0, size=1 << 62), True, id="properties and size"),
        pytest.param(b"\xe1" + packed()[1:], False, id="no properties"),
        pytest.param(packed()[:13] + b"\1" + packed()[14:], False, id="coder"),
        pytest.param(packed()[:17], False, id="too short"),
        pytest.param(packed(lc=0, size=1 << 50)[:13] + bytes(99), False, id="zeros"),
        pytest.param(
            packed(lc=0, size=99)[:13] + b"\0" + b"\xff" * 99, False, id="no stream"
        ),
        pytest.param(packed()[:18] + b"\xff" * 99, True, id="damaged at once"),
    ],
)
def test_only_what_looks_written_by_an_encoder_is_recognised(
    data: bytes, *, answer: bool
) -> None:
    assert recognised(data) is answer
    if answer:
        assert data.startswith(subject.MAGICS)


@pytest.mark.parametrize("dictionary", [1 << 27, 0xFFFFFFFF])
def test_a_huge_dictionary_that_is_not_used_costs_nothing(dictionary: int) -> None:
    data = packed(dictionary=dictionary)
    assert named(subject.unpack(at_random(data))) == [(b"", CONTENT)]


def test_a_huge_dictionary_and_damage_is_memory_limit() -> None:
    data = packed(NOISE, 1 << 27)
    data = data[: len(data) // 2] + b"\xff" * len(data)
    found, error = opened(subject.unpack(passing_by(data)))
    assert found[0][:20_000] == NOISE[:20_000]
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


def test_a_dictionary_larger_than_the_content_is_not_what_damage_is_blamed_on() -> None:
    data = packed(NOISE, 0xFFFFFFFF, len(NOISE))
    data = data[: len(data) // 2] + b"\xff" * len(data)
    _, error = opened(subject.unpack(passing_by(data)))
    assert type(error) is Malformed


@pytest.mark.parametrize("size", [1 << 62, len(CONTENT) + 1])
def test_a_size_that_is_never_reached_is_damage_after_all_the_bytes(size: int) -> None:
    found, error = opened(subject.unpack(passing_by(packed(size=size))))
    assert found == [CONTENT]
    assert isinstance(error, Malformed)


def test_properties_beyond_the_library_are_unsupported() -> None:
    data = bytes((8 + 4 * 9,)) + packed()[1:]
    assert recognised(data)
    found, error = opened(subject.unpack(passing_by(data)))
    assert found == [b""]
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED


@given(st.data())
def test_a_cut_file_gives_a_prefix_and_is_truncated(draw: st.DataObject) -> None:
    data = packed(CONTENT[:200])
    cut = data[: draw.draw(st.integers(18, len(data) - 1))]
    found, error = opened(subject.unpack(passing_by(cut, 5)))
    assert CONTENT.startswith(found[0])
    assert isinstance(error, Truncated)


@pytest.mark.parametrize("options", ["-1", "-9e", "--lzma1=lc=1,lp=3,pb=4,dict=3MiB"])
def test_what_the_tool_writes_comes_back(options: str) -> None:
    if shutil.which("xz") is None:
        pytest.skip("xz is not installed")
    command = ["xz", "--format=lzma", "-c", options]
    run = subprocess.run(command, input=NOISE, capture_output=True, check=True)
    assert recognised(run.stdout)
    assert named(subject.unpack(at_random(run.stdout))) == [(b"", NOISE)]


@given(st.binary(max_size=300), st.integers(1, 99), st.integers(13, 40))
def test_arbitrary_bytes_give_the_same_however_they_are_split(
    data: bytes, piece: int, kept: int
) -> None:
    data = packed()[:kept] + data
    found, error = opened(subject.unpack(passing_by(data)))
    again, same = opened(subject.unpack(passing_by(data, piece)))
    assert found == again
    assert type(error) is type(same)
    assert error is None or 0 <= error.offset <= len(data)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_hardly_ever_recognised(data: bytes) -> None:
    assert not recognised(data) or data[:1] == b"\x5d" or UNKNOWN in data
