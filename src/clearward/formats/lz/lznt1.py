"""Decode LZNT1, the compression of NTFS.

Layout (MS-XCA 2.5): chunks of 4096 bytes, each behind a header of 2 bytes,
little-endian: its low 12 bits are the packed size less 1, the highest says that it is
packed; a header of 0 ends the stream. In a packed chunk a byte of eight flags, the
lowest first: for 0 a byte, for 1 two bytes of a match. The farther the chunk has come
the more of their 16 bits are the distance less 1 and the fewer the length less 3.
"""

from clearward.core.errors import Malformed

CHUNK = 4096
PACKED = 0x8000
LEAST = 3
LEAST_BITS = 4


def unpacked(data: bytes, format: str, size: int) -> bytes:
    """Return what a stream unpacks to, at most `size` bytes; zeros where it ends early.

    Raises:
        Malformed: a match reaches in front of its chunk.
    """
    output = bytearray()
    place = 0
    while len(output) < size:
        header = int.from_bytes(data[place : place + 2], "little")
        if not header:
            break
        end = place + 3 + (header & 0xFFF)
        piece = data[place + 2 : end]
        output += _chunk(piece, format, place) if header & PACKED else piece
        output += bytes(-len(output) % CHUNK)
        place = end
    return bytes(output[:size])


def _chunk(data: bytes, format: str, offset: int) -> bytes:
    output = bytearray()
    place = 0
    while place < len(data) and len(output) < CHUNK:
        flags = data[place]
        place += 1
        for bit in range(8):
            if place >= len(data):
                break
            if not flags >> bit & 1:
                output.append(data[place])
                place += 1
                continue
            token = int.from_bytes(data[place : place + 2], "little")
            place += 2
            bits = max((len(output) - 1).bit_length(), LEAST_BITS)
            distance = (token >> (16 - bits)) + 1
            length = (token & (0xFFFF >> bits)) + LEAST
            start = len(output) - distance
            if start < 0:
                raise Malformed(format, offset, "distance")
            pattern = bytes(output[start : start + length])
            output += (pattern * (length // len(pattern) + 1))[:length]
    return bytes(output[:CHUNK])
