"""Put back the addresses that Inno Setup changed in programs to pack them better.

In each block of 64 KiB the address behind a call or a jump (E8, E9) was made absolute,
if its highest byte is 0 or FF: its lower three bytes have the place behind it added.
From 5.3.9 on the highest byte was turned as well if the third was 80 or more.

Source: Inno Setup, its published description of call instruction optimisation.
"""

import re
from collections.abc import Iterator

from clearward.core.reader import Stream

BLOCK = 64 * 1024
CALL = re.compile(rb"[\xe8\xe9]")
LOWER = 0xFFFFFF
SIGN = 0x800000
HIGHEST = 0xFF


def restored(content: Stream, *, turned: bool = True) -> Iterator[bytes]:
    """Yield a program as it was.

    Args:
        content: the program as it was packed.
        turned: the highest byte was turned, as from 5.3.9 on.
    """
    start = 0
    while block := content.take(BLOCK):
        yield _block(bytearray(block), start, turned=turned)
        start += len(block)


def _block(block: bytearray, start: int, *, turned: bool) -> bytes:
    place = 0
    # What is changed lies behind the byte that is searched for.
    while (match := CALL.search(block, place)) and match.end() + 4 <= len(block):
        place = match.end()
        if block[place + 3] in (0, HIGHEST):
            address = int.from_bytes(block[place : place + 3], "little")
            address = (address - start - place - 4) & LOWER
            block[place : place + 3] = address.to_bytes(3, "little")
            if turned and address & SIGN:
                block[place + 3] ^= HIGHEST
        place += 4
    return bytes(block)
