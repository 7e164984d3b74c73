"""Fuzz targets of the clamd face: its protocol and its configuration file."""

from collections.abc import Iterator
from contextlib import suppress

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.faces.clamd.commands import COMMANDS
from clearward.faces.clamd.conf import parse_conf
from clearward.faces.clamd.protocol import Event, Protocol, Refusal

LIMIT = 1000
DESCRIPTOR = 7
BEGINNINGS = (
    *(b"", b"zIDSESSION\0", b"zINSTREAM\0", b"nIDSESSION\nzINSTREAM\0", b"nFILDES\n"),
    *(b"z" + word + b" " for word in COMMANDS),
)


def talking(data: bytes) -> None:
    """Treat bytes as what a client sends, whole and in pieces, and compare both."""
    begin = BEGINNINGS[data[0] % len(BEGINNINGS)] if data else b""
    sent = begin + data[1:]
    whole = list(_events([sent]))
    if begin.startswith((b"z", b"n")):  # without a prefix a packet is a command
        pieces = [sent[at : at + 7] for at in range(0, len(sent), 7)]
        if _told(whole) != _told(_events(pieces)):
            raise RuntimeError("a conversation means something else in pieces")
    list(_events([begin, data], DESCRIPTOR))


def configuring(data: bytes) -> None:
    """Treat bytes as a clamd.conf."""
    with suppress(Refused):
        parse_conf(data.decode("utf-8", errors="surrogateescape"), Limits())


def _events(packets: list[bytes], descriptor: int = -1) -> Iterator[Event]:
    protocol = Protocol(LIMIT)
    size = 0
    for packet in packets:
        protocol.feed(packet, descriptor)
        while (event := protocol.next_event()) is not None:
            yield event
            size += len(event) if isinstance(event, memoryview) else 0
            if isinstance(event, Refusal) and protocol.open:
                raise RuntimeError("a conversation goes on after a refusal")
        if protocol.left_over and protocol.open:
            raise RuntimeError("bytes that nobody waits for")
        protocol.keep()
    if size > sum(map(len, packets)):
        raise RuntimeError("streams hold more than was sent")


def _told(events: Iterator[Event] | list[Event]) -> list[object]:
    """Events with the pieces of each stream joined."""
    told: list[object] = []
    for event in events:
        if isinstance(event, memoryview):
            if told and isinstance(told[-1], bytes):
                told[-1] += bytes(event)
            else:
                told.append(bytes(event))
        else:
            told.append(event)
    return told
