"""Conversations with the clamd protocol, without a socket."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.clamd import commands, texts
from clearward.faces.clamd.commands import COMMANDS
from clearward.faces.clamd.protocol import (
    MOST_COMMAND,
    Awaited,
    Event,
    Order,
    Protocol,
    Refusal,
)
from clearward.faces.clamd.stream import Part

LIMIT = 100
DESCRIPTOR = 7


def said(
    *packets: bytes, limit: int = LIMIT, off: frozenset[bytes] = frozenset()
) -> list[Event]:
    """What comes of packets; pieces of streams that belong together are joined."""
    protocol = Protocol(limit, off)
    return joined(event for packet in packets for event in events(protocol, packet))


def events(protocol: Protocol, packet: bytes, descriptor: int = -1) -> Iterable[Event]:
    protocol.feed(packet, descriptor)
    while (event := protocol.next_event()) is not None:
        yield event
    protocol.keep()


def joined(found: Iterable[Event]) -> list[Event]:
    """Join pieces of a stream; a memoryview is equal to its bytes."""
    rows: list[Event] = []
    for event in found:
        if isinstance(event, memoryview) and rows and isinstance(rows[-1], memoryview):
            rows[-1] = memoryview(bytes(rows[-1]) + bytes(event))
        else:
            rows.append(event)
    return rows


def chunks(*pieces: bytes) -> bytes:
    sent = b"".join(len(piece).to_bytes(4, "big") + piece for piece in pieces)
    return sent + bytes(4)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda one: one.word)
@pytest.mark.parametrize(
    ("packet", "end", "old"),
    [
        pytest.param(b"z%b\0", b"\0", False, id="z"),
        pytest.param(b"n%b\n", b"\n", False, id="n"),
        pytest.param(b"n%b\r\n", b"\n", False, id="n with CR"),
        pytest.param(b"%b", b"\n", True, id="old"),
        pytest.param(b"%b\n", b"\n", True, id="old with LF"),
        pytest.param(b"%b\r\n", b"\n", True, id="old with CR LF"),
    ],
)
def test_every_command_is_understood_in_the_forms_it_has(
    command: commands.Command, packet: bytes, end: bytes, *, old: bool
) -> None:
    argument = b"/a b" if command.argument else b""
    text = command.word + (b" " + argument if command.argument else b"")
    found = said(packet % text)
    if (old and not command.old) or command is commands.END:
        assert found == [Refusal(texts.UNKNOWN + end)]
    elif command in (commands.IDSESSION, commands.FILDES):
        assert found == []
    else:
        assert found == [Order(command, argument, end)]


@pytest.mark.parametrize(
    "packet",
    [
        *(b"zping\0", b"zPING \0", b"zPING x\0", b"zPING\r\0", b"z\0", b"zSCAN\0"),
        *(b"zSTREAM\0", b"zSESSION\0", b"zSELFCHECK\0", b"z PING\0", b"zPINGS\0"),
    ],
)
def test_what_is_no_command_is_unknown(packet: bytes) -> None:
    assert said(packet) == [Refusal(b"UNKNOWN COMMAND\0")]


@pytest.mark.parametrize("packet", [b"\n", b"\0", b" PING\n", b"bogus", b"ZPING\0"])
def test_a_packet_without_a_prefix_is_one_command(packet: bytes) -> None:
    assert said(packet, b"zPING\0") == [Refusal(b"UNKNOWN COMMAND\n")]


def test_one_command_a_connection_unless_it_is_a_session() -> None:
    ping = Order(commands.PING, b"", b"\0")
    assert said(b"zPING\0zPING\0", b"zPING\0") == [ping]


def test_a_session_numbers_its_commands_and_each_has_its_own_end() -> None:
    found = said(b"zIDSESSION\0nPING\nzSCAN /x\0", b"nVERS", b"ION\r\nzEND\0zPING\0")
    assert found == [
        Order(commands.PING, b"", b"\n", 1),
        Order(commands.SCAN, b"/x", b"\0", 2),
        Order(commands.VERSION, b"", b"\n", 3),
    ]
    assert [one.answer(b"A") for one in found if isinstance(one, Order)] == [
        b"1: A\n",
        b"2: A\0",
        b"3: A\n",
    ]


@pytest.mark.parametrize(
    "word", [b"RELOAD", b"CONTSCAN /x", b"IDSESSION", b"BOGUS", b"", b"SCAN"]
)
def test_what_a_session_does_not_know_ends_it(word: bytes) -> None:
    found = said(b"nIDSESSION\nnPING\nz" + word + b"\0zPING\0")
    answer = b"2: Command invalid inside IDSESSION. ERROR\0"
    assert found == [Order(commands.PING, b"", b"\n", 1), Refusal(answer)]


def test_a_session_takes_no_old_commands() -> None:
    assert said(b"zIDSESSION\0", b"PING\n") == [
        Refusal(
            b"1: Only nCMDS\\n and zCMDS\\0 are accepted inside IDSESSION. ERROR\0"
            b"1: Error processing command. ERROR\0"
        )
    ]


def test_a_command_that_is_switched_off_is_not_available() -> None:
    off = frozenset((b"STATS",))
    assert said(b"zSTATS\0", off=off) == [Refusal(b"COMMAND UNAVAILABLE\0")]
    assert said(b"zPING\0", off=off) == [Order(commands.PING, b"", b"\0")]


def test_a_stream_is_what_its_chunks_hold() -> None:
    order = Order(commands.INSTREAM, b"", b"\0")
    found = said(b"zINSTREAM\0" + chunks(b"abc", b"de") + b"zPING\0")
    assert found == [order, memoryview(b"abcde"), Part.END]


def test_a_stream_may_be_as_long_as_the_limit_and_no_longer() -> None:
    most = bytes(LIMIT)
    assert said(b"zINSTREAM\0" + chunks(most))[-1] is Part.END
    refused = Refusal(b"INSTREAM size limit exceeded. ERROR\0")
    assert said(b"zINSTREAM\0" + chunks(most, b"x"))[-1] == refused
    huge = b"zINSTREAM\0\xff\xff\xff\xff"
    assert said(huge, b"more") == [Order(commands.INSTREAM, b"", b"\0"), refused]


def test_the_limit_is_that_of_each_stream_of_a_session() -> None:
    one = b"nINSTREAM\n" + chunks(bytes(LIMIT))
    assert said(b"zIDSESSION\0" + one + one).count(Part.END) == 2
    found = said(b"zIDSESSION\0" + one + b"zINSTREAM\0" + b"\xff" * 4)
    assert found[-1] == Refusal(b"2: INSTREAM size limit exceeded. ERROR\0")


def test_a_descriptor_is_taken_with_the_byte_behind_the_command() -> None:
    for packets in ([b"zFILDES\0X"], [b"zFILDES\0", b"X"], [b"z", b"FILDES\0", b"X"]):
        protocol = Protocol(LIMIT)
        found: list[Event] = []
        for number, packet in enumerate(packets, 1):
            last = DESCRIPTOR if number == len(packets) else -1
            found += events(protocol, packet, last)
        assert found == [Order(commands.FILDES, b"", b"\0", 0, DESCRIPTOR)]
        assert protocol.descriptor == -1


def test_fildes_without_a_descriptor_says_so() -> None:
    refused = Refusal(b"No file descriptor received. ERROR\n")
    assert said(b"nFILDES\nX") == [refused]
    assert said(b"FILDES\r\n", b"X") == [refused]
    assert said(b"FILDES\nX") == [refused]
    numbered = Refusal(b"1: No file descriptor received. ERROR\0")
    assert said(b"nIDSESSION\n", b"zFILDES\0zEND\0") == [numbered]


def test_a_descriptor_nobody_asked_for_is_left_to_be_closed() -> None:
    protocol = Protocol(LIMIT)
    ping = Order(commands.PING, b"", b"\0")
    assert list(events(protocol, b"zPING\0", DESCRIPTOR)) == [ping]
    assert protocol.descriptor == DESCRIPTOR


@pytest.mark.parametrize("packet", [b"z", b"zFIL", b"zINSTREAM\0\0\0"])
def test_a_descriptor_before_its_time_ends_the_conversation(packet: bytes) -> None:
    protocol = Protocol(LIMIT)
    refusal = Refusal(b"PROTOCOL ERROR: ancillary data sent without FILDES. ERROR\0")
    assert list(events(protocol, packet, DESCRIPTOR))[-1] == refusal
    assert not protocol.open
    assert protocol.descriptor == DESCRIPTOR


def test_a_command_that_does_not_end_is_cut_off() -> None:
    protocol = Protocol(LIMIT)
    path = b"/" + b"a" * (MOST_COMMAND - len(b"zSCAN /\0"))
    assert list(events(protocol, b"zSCAN " + path + b"\0")) == [
        Order(commands.SCAN, path, b"\0")
    ]
    protocol = Protocol(LIMIT)
    assert list(events(protocol, b"z" + b"A" * MOST_COMMAND)) == []
    assert not protocol.open


def test_what_is_awaited_follows_the_conversation() -> None:
    protocol = Protocol(LIMIT)
    rows = [
        (b"zIDSES", Awaited.COMMAND),
        (b"SION\0", Awaited.IN_SESSION),
        (b"zINSTREAM\0", Awaited.STREAM),
        (chunks(), Awaited.IN_SESSION),
        (b"zFILDES\0", Awaited.DESCRIPTOR),
        (b"x", Awaited.NOTHING),
    ]
    for packet, awaited in rows:
        list(events(protocol, packet))
        assert protocol.awaited is awaited


def test_events_that_are_not_asked_for_are_kept() -> None:
    """A server that has enough to do stops asking."""
    protocol = Protocol(LIMIT)
    packet = bytearray(b"zIDSESSION\0zPING\0zPING\0")
    protocol.feed(memoryview(packet))
    assert protocol.next_event() == Order(commands.PING, b"", b"\0", 1)
    protocol.keep()
    packet[:] = bytes(len(packet))
    assert protocol.left_over
    protocol.feed(b"zPING\0")
    assert list(iter(protocol.next_event, None)) == [
        Order(commands.PING, b"", b"\0", 2),
        Order(commands.PING, b"", b"\0", 3),
    ]


PIECES = st.sampled_from(
    [
        *(b"zIDSESSION\0", b"nPING\n", b"zSCAN /x\0", b"zINSTREAM\0", b"zEND\0"),
        *(b"\0\0\0\3abc", bytes(4), b"\0\0\0\x60", b"\xff\xff\xff\xff", b"nFILDES\r\n"),
        *(b"x", b"PING", b"z", b"\r\n", b"zVERSION\0", b"A" * MOST_COMMAND),
    ]
)


@given(st.lists(PIECES | st.binary(max_size=20), max_size=12), st.data())
def test_prefixed_commands_mean_the_same_however_they_are_split(
    pieces: list[bytes], data: st.DataObject
) -> None:
    sent = b"zIDSESSION\0" + b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(sent)), max_size=6))
    ends = [0, *sorted(cuts), len(sent)]
    split = [sent[one:next] for one, next in itertools.pairwise(ends)]
    assert said(*split) == said(sent)


@given(st.binary(max_size=200), st.sampled_from([-1, DESCRIPTOR]))
def test_any_bytes_are_answered_by_the_protocol(sent: bytes, passed: int) -> None:
    protocol = Protocol(LIMIT)
    size = 0
    for event in events(protocol, sent, passed):
        if isinstance(event, Refusal):
            assert not protocol.open
            assert event.answer[-1:] in (b"\n", b"\0")
        elif isinstance(event, memoryview):
            size += len(event)
    assert size <= len(sent)
    assert not protocol.left_over or not protocol.open
