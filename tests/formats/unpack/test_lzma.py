"""Behaviour of the LZMA reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, named, passing_by
from support.streams import CONTENT, NOISE, UNKNOWN, lzma_alone, opened

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import lzma as subject


def recognised(data: bytes) -> bool:
    return subject.recognises(data, Reader.of(data))


@given(st.binary(max_size=300), st.integers(1, 60))
def test_content_comes_back(content: bytes, piece: int) -> None:
    found = named(subject.unpack(passing_by(lzma_alone(content), piece)))
    assert found == [(b"", content)]


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param(lzma_alone(), True, id="as usual"),
        pytest.param(lzma_alone(b""), True, id="empty"),
        pytest.param(lzma_alone(lc=0, lp=2, pb=0), True, id="other properties"),
        pytest.param(lzma_alone(dictionary=3 << 20), True, id="dictionary of 3 MiB"),
        pytest.param(lzma_alone(dictionary=0xFFFFFFFF), True, id="largest dictionary"),
        pytest.param(lzma_alone(dictionary=4095), False, id="odd dictionary"),
        pytest.param(lzma_alone(size=len(CONTENT)), True, id="size known"),
        pytest.param(lzma_alone(size=1 << 62), True, id="enormous size"),
        pytest.param(lzma_alone(lc=0, size=1 << 62), True, id="properties and size"),
        pytest.param(b"\xe1" + lzma_alone()[1:], False, id="no properties"),
        pytest.param(lzma_alone()[:13] + b"\1" + lzma_alone()[14:], False, id="coder"),
        pytest.param(lzma_alone()[:17], False, id="too short"),
        pytest.param(
            lzma_alone(lc=0, size=1 << 50)[:13] + bytes(99), False, id="zeros"
        ),
        pytest.param(
            lzma_alone(lc=0, size=99)[:13] + b"\0" + b"\xff" * 99, False, id="no stream"
        ),
        pytest.param(lzma_alone()[:18] + b"\xff" * 99, True, id="damaged at once"),
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
    data = lzma_alone(dictionary=dictionary)
    assert named(subject.unpack(at_random(data))) == [(b"", CONTENT)]


def test_a_huge_dictionary_and_damage_is_memory_limit() -> None:
    data = lzma_alone(NOISE, 1 << 27)
    data = data[: len(data) // 2] + b"\xff" * len(data)
    found, error = opened(subject.unpack(passing_by(data)))
    assert found[0][:20_000] == NOISE[:20_000]
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


def test_a_dictionary_larger_than_the_content_is_not_what_damage_is_blamed_on() -> None:
    data = lzma_alone(NOISE, 0xFFFFFFFF, len(NOISE))
    data = data[: len(data) // 2] + b"\xff" * len(data)
    _, error = opened(subject.unpack(passing_by(data)))
    assert type(error) is Malformed


@pytest.mark.parametrize("size", [1 << 62, len(CONTENT) + 1])
def test_a_size_that_is_never_reached_is_damage_after_all_the_bytes(size: int) -> None:
    found, error = opened(subject.unpack(passing_by(lzma_alone(size=size))))
    assert found == [CONTENT]
    assert isinstance(error, Malformed)


def test_properties_beyond_the_library_are_unsupported() -> None:
    data = bytes((8 + 4 * 9,)) + lzma_alone()[1:]
    assert recognised(data)
    found, error = opened(subject.unpack(passing_by(data)))
    assert found == [b""]
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_hardly_ever_recognised(data: bytes) -> None:
    assert not recognised(data) or data[:1] == b"\x5d" or UNKNOWN in data
