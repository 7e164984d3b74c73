"""The CRC of 16 bits that LHA, ARC and ZOO compare."""

POLYNOMIAL = 0xA001  # x^16 + x^15 + x^2 + 1, low bits first


def _row(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
    return value


TABLE = tuple(map(_row, range(256)))


def crc16(data: bytes, crc: int = 0) -> int:
    """Return the checksum of data that go on where those of `crc` end."""
    table = TABLE
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    return crc
