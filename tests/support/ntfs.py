"""Make NTFS volumes by the format's rules: clusters of 512 bytes, records of 1024."""

from dataclasses import dataclass, field

CLUSTER = 512
RECORD = 1024
TABLE = 4  # cluster of the master file table
RECORDS = 40
FIRST = TABLE + RECORDS * 2  # first cluster behind it
NAME, DATA = 0x30, 0x80
FIX = b"\7\7"


def little(value: int, size: int) -> bytes:
    """A number."""
    return value.to_bytes(size, "little")


def attribute(kind: int, body: bytes, *, name: str = "", flags: int = 0) -> bytes:
    """An attribute in its record."""
    text = name.encode("utf-16-le")
    start = 24 + len(text)
    head = b"\0" + bytes((len(name),)) + little(24, 2) + little(flags, 2) + b"\0\0"
    head += little(len(body), 4) + little(start, 2) + b"\0\0"
    row = head + text + body
    row += bytes(-(len(row) + 8) % 8)
    return little(kind, 4) + little(8 + len(row), 4) + row


def apart(
    runs: bytes, size: int, *, flags: int = 0, unit: int = 0, first: int = 0
) -> bytes:
    """An attribute of content that lies elsewhere."""
    head = b"\1\0" + little(64, 2) + little(flags, 2) + b"\0\0" + little(first, 8)
    head += bytes(8) + little(64, 2) + little(unit, 2) + bytes(12)
    head += little(size, 8) * 2
    row = head.ljust(56, b"\0") + runs + b"\0"
    row += bytes(-(len(row) + 8) % 8)
    return little(DATA, 4) + little(8 + len(row), 4) + row


def title(name: str, above: int = 5, space: int = 1) -> bytes:
    """The attribute of a name."""
    body = little(above, 6) + bytes(58) + bytes((len(name), space))
    return attribute(NAME, body + name.encode("utf-16-le"))


def run(count: int, place: int | None) -> bytes:
    """A run: clusters, and the place counted from the last one's."""
    if place is None:
        return b"\2" + little(count, 2)
    return b"\x32" + little(count, 2) + place.to_bytes(3, "little", signed=True)


def record(*attributes: bytes, flags: int = 1, base: int = 0) -> bytes:
    """A record, its fix-ups in place."""
    head = b"FILE" + little(48, 2) + little(3, 2) + bytes(12) + little(56, 2)
    head += little(flags, 2) + bytes(8) + little(base, 6) + bytes(10)
    head += FIX
    body = head.ljust(56, b"\0") + b"".join(attributes) + b"\xff\xff\xff\xff"
    whole = bytearray(body.ljust(RECORD, b"\0"))
    whole[50:52], whole[52:54] = whole[510:512], whole[1022:1024]
    whole[510:512] = whole[1022:1024] = FIX
    return bytes(whole)


@dataclass
class Volume:
    """A volume that grows.

    Attributes:
        records: by their numbers.
        data: what lies behind the table.
    """

    records: dict[int, bytes] = field(default_factory=dict)
    data: bytes = b""

    def put(self, content: bytes) -> int:
        """Put content into clusters; return the first."""
        place = FIRST + len(self.data) // CLUSTER
        self.data += content + bytes(-len(content) % CLUSTER)
        return place

    def image(self) -> bytes:
        """The whole image."""
        boot = b"\xebR\x90NTFS    " + little(CLUSTER, 2) + b"\1"
        boot = boot.ljust(48, b"\0") + little(TABLE, 8) * 2 + b"\xf6"
        table = run(RECORDS * 2, TABLE)
        own = record(apart(table, RECORDS * RECORD))
        records = {0: own, 5: record(title(".", 5), flags=3)} | self.records
        rows = b"".join(records.get(n, bytes(RECORD)) for n in range(RECORDS))
        return boot.ljust(TABLE * CLUSTER, b"\0") + rows + self.data
