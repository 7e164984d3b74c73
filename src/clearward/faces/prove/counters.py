"""What the kernel counts, and what the bytes of a ledger come to on the wire.

The kernel counts whole packets at an interface; the ledger what was given to a socket.
For a connection over IPv4, of which nothing is sent twice, both are the same number:

    bytes = payload + (14 + 20 + 32) a packet + 8 a connection

14 is Ethernet's head, 20 IPv4's without options, 32 TCP's with timestamps. The packet
that opens a connection has 8 more, for what both ends offer (MSS, SACK, scaling). What
the kernel hands over in one piece and would cut later counts as one packet.

Source: RFC 791, section 3.1; RFC 9293, section 3.1; RFC 7323, sections 2.2 and 3.2.
"""

from dataclasses import dataclass

from clearward.core.errors import Malformed

HEADS = 14 + 20 + 32  # bytes of each packet
OPENING = 8  # bytes more of the packet that opens a connection
_FIELDS = 16
_IRREGULAR = ("RetransSegs", "TCPOFOQueue", "TCPDSACKOldSent", "TCPDSACKOfoSent")


@dataclass(frozen=True, slots=True)
class Counts:
    """What an interface has carried.

    Attributes:
        sent: bytes.
        sent_packets: how many.
        received: bytes.
        received_packets: how many.
    """

    sent: int = 0
    sent_packets: int = 0
    received: int = 0
    received_packets: int = 0

    def since(self, before: "Counts") -> "Counts":
        """What has been carried since then."""
        return Counts(
            self.sent - before.sent,
            self.sent_packets - before.sent_packets,
            self.received - before.received,
            self.received_packets - before.received_packets,
        )

    @property
    def nothing(self) -> bool:
        """No packet either way."""
        return self == Counts()


def on_the_wire(payload: int, packets: int, connections: int) -> int:
    """What the kernel counts for some payload, one way, in bytes."""
    return payload + HEADS * packets + OPENING * connections


def interfaces(table: str) -> dict[str, Counts]:
    """Read /proc/net/dev: what each interface of a namespace has carried.

    Raises:
        Malformed: it is not that table.
    """
    found = {}
    for line in table.splitlines()[2:]:
        name, _, rest = line.partition(":")
        fields = rest.split()
        if len(fields) < _FIELDS or not all(map(str.isdecimal, fields)):
            raise Malformed("/proc/net/dev", 0, "line")
        numbers = list(map(int, fields))
        found[name.strip()] = Counts(numbers[8], numbers[9], numbers[0], numbers[1])
    return found


def irregular(tables: str) -> int:
    """Read /proc/net/snmp and netstat: how often TCP had to mend something.

    Segments were sent twice, or came out of order; then packets carry more than the
    usual head, and what they come to cannot be told from the outside.

    Raises:
        Malformed: they are not those tables.
    """
    found: dict[str, str] = {}
    lines = [line.split() for line in tables.splitlines() if line.startswith("Tcp")]
    for names, numbers in zip(lines[::2], lines[1::2], strict=False):
        found.update(zip(names, numbers, strict=False))
    try:
        return sum(int(found[name]) for name in _IRREGULAR)
    except (ValueError, KeyError) as error:
        raise Malformed("/proc/net/snmp", 0, "Tcp") from error
