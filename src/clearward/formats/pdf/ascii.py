"""Filters that write bytes as text, and RunLength.

Read as the most lenient program reads them: what is no digit is passed over, and the
end mark may be missing. Source: ISO 32000-1, 7.4.2, 7.4.3 and 7.4.5.
"""

import struct
from collections.abc import Iterator

from clearward.formats.pdf.text import NOT_HEX

NOT_85 = bytes(set(range(256)) - set(range(0x21, 0x76)) - {0x7A})
NOUGHTS = b"!" * 5 * 1024  # a bomb is made of them: each z stands for five
ZERO = 33 * (85**4 + 85**3 + 85**2 + 85 + 1)  # five digits that say nought


def ascii_hex(source: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what hexadecimal digits say, up to a closing bracket."""
    left = b""
    for chunk in source:
        front, closed, _ = chunk.partition(b">")
        digits = left + front.translate(None, NOT_HEX)
        even = len(digits) & ~1
        yield bytes.fromhex(digits[:even].decode("ascii"))
        left = digits[even:]
        if closed:
            break
    if left:
        yield bytes.fromhex((left + b"0").decode("ascii"))


def ascii_85(source: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what digits of base 85 say, up to a tilde."""
    left = b""
    first = True
    for chunk in source:
        if first and (lead := chunk.lstrip()).startswith(b"<~"):
            chunk = lead[2:]  # noqa: PLW2901 - the mark of other programs
        first = False
        front, closed, _ = chunk.partition(b"~")
        digits = left + front.translate(None, NOT_85).replace(b"z", b"!!!!!")
        whole = len(digits) - len(digits) % 5
        yield _groups(digits[:whole])
        left = digits[whole:]
        if closed:
            break
    if len(left) > 1:
        yield _groups(left + b"u" * (5 - len(left)))[: len(left) - 1]


def _groups(digits: bytes) -> bytes:
    return b"".join(
        bytes(len(block) // 5 * 4) if block == NOUGHTS[: len(block)] else _block(block)
        for at in range(0, len(digits), len(NOUGHTS))
        if (block := digits[at : at + len(NOUGHTS)])
    )


def _block(digits: bytes) -> bytes:
    values = [
        ((((a * 85 + b) * 85 + c) * 85 + d) * 85 + e - ZERO) & 0xFFFFFFFF
        for a, b, c, d, e in zip(
            digits[0::5],
            digits[1::5],
            digits[2::5],
            digits[3::5],
            digits[4::5],
            strict=True,
        )
    ]
    return struct.pack(f">{len(values)}I", *values)


def run_length(source: Iterator[bytes]) -> Iterator[bytes]:
    """Yield runs: a length below 128 and bytes, or one above and a byte; 128 ends."""
    left = b""
    for chunk in source:
        data = left + chunk
        output: list[bytes] = []
        place = 0
        while place < len(data):
            length = data[place]
            if length == 128:  # noqa: PLR2004 - the end mark
                yield b"".join(output)
                return
            size = length + 2 if length < 128 else 2  # noqa: PLR2004 - see above
            if place + size > len(data):
                break
            run = data[place + 1 : place + size]
            output.append(run if length < 128 else run * (257 - length))  # noqa: PLR2004
            place += size
        left = data[place:]
        yield b"".join(output)
    yield left[1:]
