"""Behaviour of the x86 filter with four streams."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Stream
from clearward.formats.seven.bcj2 import Code

CODE = b"\x90\xe8\1\2\0\0\x0f\x84\0\1\0\0\xe9\xff\xff\xff\xff\xe8\x0f\x85" * 40


class Encoder:
    """LZMA's range encoder."""

    def __init__(self) -> None:
        self.low, self.range, self.held, self.ones = 0, 0xFFFFFFFF, 0, 0
        self.output = bytearray()

    def bit(self, probabilities: list[int], which: int, *, one: bool) -> None:
        """Encode one bit."""
        bound = (self.range >> 11) * probabilities[which]
        if one:
            self.low += bound
            self.range -= bound
            probabilities[which] -= probabilities[which] >> 5
        else:
            self.range = bound
            probabilities[which] += 2048 - probabilities[which] >> 5
        while self.range < 1 << 24:
            self.range <<= 8
            self.shift()

    def shift(self) -> None:
        """Give out the highest byte, once no carry can change it."""
        if self.low < 0xFF000000 or self.low >> 32:
            self.output.append(self.held + (self.low >> 32) & 0xFF)
            self.output += bytes((0xFF + (self.low >> 32) & 0xFF,)) * self.ones
            self.ones = 0
            self.held = self.low >> 24 & 0xFF
        else:
            self.ones += 1
        self.low = self.low << 8 & 0xFFFFFFFF

    def finish(self) -> bytes:
        """Give out everything."""
        for _ in range(5):
            self.shift()
        return bytes(self.output)


def encoded(code: bytes) -> list[bytes]:
    """The four streams; every target that is there is taken out."""
    main, calls, jumps = bytearray(), bytearray(), bytearray()
    coder, probabilities = Encoder(), [1024] * 258
    place = last = 0
    while place < len(code):
        byte = code[place]
        main.append(byte)
        place += 1
        conditional = last == 0x0F and 0x80 <= byte < 0x90
        before, last = last, byte
        if (not conditional and byte not in (0xE8, 0xE9)) or place == len(code):
            continue
        which = before if byte == 0xE8 else 256 if byte == 0xE9 else 257
        taken = place + 4 <= len(code)
        coder.bit(probabilities, which, one=taken)
        if taken:
            target = int.from_bytes(code[place : place + 4], "little") + place + 4
            place += 4
            stream = calls if byte == 0xE8 else jumps
            stream += (target & 0xFFFFFFFF).to_bytes(4)
            last = code[place - 1]
    return [bytes(main), bytes(calls), bytes(jumps), coder.finish()]


def decoded(streams: list[bytes], size: int, piece: int = 10**6) -> bytes:
    sources = [passing_by(stream, piece) for stream in streams]
    return b"".join(Code(sources, size).pieces())


def until_damage(chunks: Iterable[bytes]) -> tuple[bytes, Malformed | None]:
    output = b""
    try:
        for chunk in chunks:
            output += chunk
    except Malformed as error:
        return output, error
    return output, None


@given(
    st.lists(st.sampled_from([0xE8, 0xE9, 0x0F, 0x80, 0x8F, 0, 1, 255]), max_size=99),
    st.integers(1, 50),
)
def test_code_comes_back(code: list[int], piece: int) -> None:
    data = bytes(code)
    assert decoded(encoded(data), len(data), piece) == data


def test_what_a_target_ends_with_counts_as_the_byte_before() -> None:
    code = b"\xe8\0\0\0\x0f\x84\1\2\3\4" + CODE
    assert decoded(encoded(code), len(code)) == code


def test_a_branch_at_the_very_end_has_no_bit() -> None:
    streams = encoded(CODE + b"\xe8")
    assert decoded(streams, len(CODE) + 1) == CODE + b"\xe8"


@pytest.mark.parametrize("which", [1, 2, 3], ids=["calls", "jumps", "coder"])
def test_what_comes_before_the_end_of_a_stream_is_given(which: int) -> None:
    streams = encoded(CODE)
    streams[which] = streams[which][: max(len(streams[which]) // 2, 5)]
    pieces = Code([at_random(one) for one in streams], len(CODE)).pieces()
    output, error = until_damage(pieces)
    assert output
    assert CODE.startswith(output)
    assert isinstance(error, Truncated)


def test_damage_in_the_main_stream_is_passed_on() -> None:
    def broken() -> Iterator[bytes]:
        yield CODE[:1]
        raise Truncated("x", 0, "y")

    main, *others = encoded(CODE)
    assert main[:1] == CODE[:1]
    pieces = Code([Stream(broken()), *map(at_random, others)], len(CODE)).pieces()
    assert next(pieces) == CODE[:1]
    with pytest.raises(Truncated):
        next(pieces)


@given(st.lists(st.binary(max_size=60), min_size=4, max_size=4), st.integers(1, 300))
def test_arbitrary_streams_give_code_or_an_error(
    streams: list[bytes], size: int
) -> None:
    try:
        output = decoded(streams, size)
    except Truncated:
        return
    assert len(output) <= sum(map(len, streams))
