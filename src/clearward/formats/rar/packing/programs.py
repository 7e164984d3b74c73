"""The programs that RAR 3 writes as filters, done in Python.

    delta     differences of bytes, channel by channel
    calls     addresses behind the processor's calls (E8) or calls and jumps (E8 and E9)
    colors    pixels of three bytes, predicted from those around
    sounds    as RAR 2.0 packs them, each channel by itself

Source: libarchive's and XADMaster's readers of RAR 3, read as descriptions.
"""

import re
from collections.abc import Callable
from functools import partial
from itertools import accumulate

from clearward.formats.rar.packing.sounds import Channel

Program = Callable[[bytes, tuple[int, ...], int], bytes]

ADDRESSES = 1 << 24  # what addresses are counted in
CALL = re.compile(rb"(?s)\xe8(?=.{4})")
CALL_OR_JUMP = re.compile(rb"(?s)[\xe8\xe9](?=.{4})")
PIXEL = 3
STEPS = 3


def delta(data: bytes, registers: tuple[int, ...], place: int) -> bytes:  # noqa: ARG001 - one shape
    """Return the sums of differences; the first register is the channels' number."""
    return _channels(data, registers[0], _sums)


def _sums(data: bytes) -> bytes:
    return bytes(-total & 0xFF for total in accumulate(data))


def sounds(data: bytes, registers: tuple[int, ...], place: int) -> bytes:  # noqa: ARG001 - one shape
    """Return a sound; the first register is the channels' number."""

    def channel(piece: bytes) -> bytes:
        known = Channel(STEPS, others=0, count=-1)
        return bytes(map(known.next, piece))

    return _channels(data, registers[0], channel)


def _channels(data: bytes, count: int, change: Callable[[bytes], bytes]) -> bytes:
    """Return channels, which lay one behind the other, byte by byte in turn."""
    if not count:
        return data
    output = bytearray(len(data))
    place = 0
    for channel in range(min(count, len(data))):
        size = len(range(channel, len(data), count))
        output[channel::count] = change(data[place : place + size])
        place += size
    return bytes(output)


def calls(
    opcodes: re.Pattern[bytes], data: bytes, registers: tuple[int, ...], place: int
) -> bytes:
    """Return a program whose addresses are relative again."""
    del registers
    output = bytearray(data)
    at = 0
    while (match := opcodes.search(data, at)) is not None:
        at = match.start() + 5
        here = place + match.start() + 1
        address = int.from_bytes(data[at - 4 : at], "little", signed=True)
        if address < 0 <= address + here:
            address += ADDRESSES
        elif 0 <= address < ADDRESSES:
            address -= here
        output[at - 4 : at] = (address & 0xFFFFFFFF).to_bytes(4, "little")
    return bytes(output)


def colors(data: bytes, registers: tuple[int, ...], place: int) -> bytes:  # noqa: ARG001 - one shape
    """Return pixels; registers are the bytes of a row and where red is."""
    row, red = registers
    size = len(data)
    if size < PIXEL or row > size or red > size:
        return data
    output = bytearray(size)
    symbols = iter(data)
    for channel in range(PIXEL):
        byte = 0
        for at in range(channel, size, PIXEL):
            if at >= row:
                corner = output[at - row]
                above = output[at - row + PIXEL] if row >= PIXEL else 0
                byte = _nearest(byte, above, corner)
            byte = (byte - next(symbols)) & 0xFF
            output[at] = byte
    for at in range(red, size - 2, PIXEL):
        green = output[at + 1]
        output[at] = (output[at] + green) & 0xFF
        output[at + 2] = (output[at + 2] + green) & 0xFF
    return bytes(output)


def _nearest(left: int, above: int, corner: int) -> int:
    """Which of the three is nearest to what they predict together."""
    guess = left + above - corner
    return min((left, above, corner), key=lambda byte: abs(guess - byte))


KNOWN: dict[tuple[int, int], Program] = {
    (29, 0x0E06077D): delta,
    (53, 0xAD576887): partial(calls, CALL),
    (57, 0x3CD7E57E): partial(calls, CALL_OR_JUMP),
    (149, 0x1C2C5DC8): colors,
    (216, 0xBC85E701): sounds,
}
"""Programs by their length and their CRC-32."""
