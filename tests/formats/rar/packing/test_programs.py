"""Behaviour of the filters of RAR 3: what a packer changes comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.rar.packing import programs
from clearward.formats.rar.packing.sounds import Channel

BOTH = (29, 53, 57, 149, 216)


def apart(data: bytes, count: int) -> list[bytes]:
    return [data[at::count] for at in range(count)]


@given(st.binary(max_size=99), st.integers(1, 7))
def test_differences(data: bytes, count: int) -> None:
    changed = bytearray()
    for channel in apart(data, count):
        last = 0
        for byte in channel:
            changed.append((last - byte) & 0xFF)
            last = byte
    assert programs.delta(bytes(changed), (count, 0), 0) == data


def called(data: bytes, place: int, opcodes: bytes) -> bytes:
    """Addresses behind calls, counted from the front."""
    out = bytearray(data)
    at = 0
    while at + 5 <= len(out):
        if out[at] not in opcodes:
            at += 1
            continue
        address = int.from_bytes(out[at + 1 : at + 5], "little", signed=True)
        here = place + at + 1
        if -here <= address < (1 << 24) - here:
            address += here
        elif (1 << 24) - here <= address < 1 << 24:
            address -= 1 << 24
        out[at + 1 : at + 5] = (address & 0xFFFFFFFF).to_bytes(4, "little")
        at += 5
    return bytes(out)


@given(
    st.lists(st.sampled_from([b"\xe8", b"\xe9", b"\0", b"\xff", b"\x80\1"])),
    st.integers(0, 1 << 20),
)
def test_addresses_of_calls(pieces: list[bytes], place: int) -> None:
    data = b"".join(pieces)
    for program, opcodes in (
        (programs.KNOWN[53, 0xAD576887], b"\xe8"),
        (programs.KNOWN[57, 0x3CD7E57E], b"\xe8\xe9"),
    ):
        assert program(called(data, place, opcodes), (0, 0), place) == data


@given(st.binary(min_size=30, max_size=120), st.integers(2, 10), st.integers(0, 2))
def test_colors(data: bytes, pixels: int, red: int) -> None:
    row = 3 * pixels
    plain = bytearray(data)
    for at in range(red, len(plain) - 2, 3):
        plain[at] = (plain[at] - plain[at + 1]) & 0xFF
        plain[at + 2] = (plain[at + 2] - plain[at + 1]) & 0xFF
    changed = bytearray()
    for channel in range(3):
        guess = 0
        for at in range(channel, len(plain), 3):
            if at >= row:
                known = (guess, plain[at - row + 3], plain[at - row])
                to = known[0] + known[1] - known[2]
                far = [(abs(to - byte), rank) for rank, byte in enumerate(known)]
                guess = known[min(far)[1]]
            changed.append((guess - plain[at]) & 0xFF)
            guess = plain[at]
    assert programs.colors(bytes(changed), (row, red), 0) == data


@given(st.binary(max_size=99), st.integers(1, 3))
def test_sounds(symbols: bytes, count: int) -> None:
    due = bytearray(len(symbols))
    place = 0
    for number in range(count):
        size = len(due[number::count])
        channel = Channel(3, others=0, count=-1)
        piece = symbols[place : place + size]
        due[number::count] = bytes(channel.next(symbol) for symbol in piece)
        place += size
    assert programs.sounds(symbols, (count, 0), 0) == bytes(due)


def test_a_sound_that_only_repeats_is_flat() -> None:
    assert programs.sounds(b"\xff" + bytes(4), (1, 0), 0) == b"\1\1\1\1\1"


@pytest.mark.parametrize("length", BOTH)
@given(data=st.binary(max_size=60), first=st.integers(0), second=st.integers(0))
def test_any_registers_give_as_much_as_there_was(
    length: int, data: bytes, first: int, second: int
) -> None:
    run = next(run for (size, _), run in programs.KNOWN.items() if size == length)
    registers = (first & 0xFFFFFFFF, second & 0xFFFFFFFF)
    assert len(run(data, registers, 0xFFFFFFF0)) == len(data)
