"""Behaviour of the prediction of sounds."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from support import rar_packing as packing
from support.rar_packing import Bits

from clearward.core.reader import Reader
from clearward.formats.rar.packing.second import Second

SYMBOLS = (0, 1, 2, 255, 254, 9, 128)


def signed(value: int) -> int:
    return value - 256 if value > 127 else value


@dataclass
class Plain:
    """A channel, written down step by step."""

    byte: int = 0
    last: int = 0
    count: int = 0
    steps: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    weights: list[int] = field(default_factory=lambda: [0] * 5)
    wrong: list[int] = field(default_factory=lambda: [0] * 11)

    def next(self, symbol: int, other: int) -> int:
        self.count += 1
        d1, d2, d3, _ = self.steps
        self.steps = [self.last, self.last - d1, d2, d3]
        all_steps = [*self.steps, other]
        guess = 8 * self.byte
        for weight, step in zip(self.weights, all_steps, strict=True):
            guess += weight * step
        found = ((guess >> 3 & 0xFF) - symbol) & 0xFF
        error = signed(symbol) * 8
        self.wrong[0] += abs(error)
        for at, step in enumerate(all_steps):
            self.wrong[2 * at + 1] += abs(error - step)
            self.wrong[2 * at + 2] += abs(error + step)
        self.last = signed((found - self.byte) & 0xFF)
        self.byte = found
        if self.count % 32 == 0:
            best = self.wrong.index(min(self.wrong))
            if best % 2 and self.weights[best // 2] >= -16:
                self.weights[best // 2] -= 1
            elif best and best % 2 == 0 and self.weights[best // 2 - 1] < 16:
                self.weights[best // 2 - 1] += 1
            self.wrong = [0] * 11
        return found


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.lists(st.sampled_from(SYMBOLS), max_size=50))
def test_sounds_are_what_the_steps_make_of_them(
    channels: int, symbols: list[int]
) -> None:
    symbols *= 8
    bits = Bits()
    packing.flat(bits, [9] * (257 * channels), sounds=channels)
    for symbol in symbols:
        bits.put(symbol, 9)
    plain = [Plain() for _ in range(channels)]
    due, other = bytearray(), 0
    for at, symbol in enumerate(symbols):
        channel = plain[at % channels]
        due.append(channel.next(symbol, other))
        other = channel.last
    found = b"".join(Second().expand(Reader.of(bits.data()), "rar", len(symbols)))
    assert found == bytes(due)


def test_sounds_end_where_other_codes_follow() -> None:
    bits = Bits()
    packing.flat(bits, [9] * 257, sounds=1)
    bits.put(255, 9)
    bits.put(256, 9)
    packing.begin_second(bits)
    bits.put(7, 9)
    assert b"".join(Second().expand(Reader.of(bits.data()), "rar", 2)) == b"\1\7"
