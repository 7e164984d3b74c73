"""Conversations: what a client sends, and the events it becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.icap_client import ANSWER, GET, chunked, reqmod, request, respmod

from clearward.faces.icap.head import MOST_HEAD
from clearward.faces.icap.protocol import (
    Asked,
    Conversation,
    Ended,
    Event,
    Piece,
    Stopped,
)
from clearward.faces.icap.status import Fault, Status

OPTIONS = b"OPTIONS icap://h/avscan ICAP/1.0\r\nHost: h\r\n\r\n"
HEADS = {"req-hdr": GET, "res-hdr": ANSWER}


def preview(body: bytes, *, ieof: bool = False) -> bytes:
    sent = chunked(body, ieof=ieof)
    return request("RESPMOD", HEADS, sent, "Allow: 204", f"Preview: {len(body)}")


def listen(conversation: Conversation) -> list[Event]:
    """Every event there is, pieces put together; requests are answered at once."""
    events: list[Event] = []
    while (event := conversation.next_event()) is not None:
        before = events[-1] if events else None
        if isinstance(event, Piece) and isinstance(before, Piece):
            events[-1] = Piece(before.data + event.data)
            continue
        events.append(event)
        if isinstance(event, Stopped):
            conversation.proceed()
        elif isinstance(event, Ended):
            conversation.answered()
    return events


def together(events: list[Event]) -> list[Event]:
    """Put together the pieces that stand side by side."""
    merged: list[Event] = []
    for event in events:
        if merged and isinstance(event, Piece) and isinstance(merged[-1], Piece):
            merged[-1] = Piece(merged[-1].data + event.data)
        else:
            merged.append(event)
    return merged


def said(*pieces: bytes) -> list[Event]:
    conversation = Conversation()
    events: list[Event] = []
    for piece in pieces:
        conversation.receive(piece)
        events += listen(conversation)
    return together(events)


def test_a_whole_object() -> None:
    asked, piece, ended = said(respmod(b"hello", "Allow: 204"))
    assert isinstance(asked, Asked)
    assert asked.http == HEADS
    assert asked.head.allows_204
    assert piece == Piece(b"hello")
    assert ended == Ended()


def test_a_preview_that_is_not_all_stops() -> None:
    events = said(preview(b"hell"), chunked(b"o"))
    assert events[1:] == [Piece(b"hell"), Stopped(), Piece(b"o"), Ended()]


def test_a_preview_that_is_all_does_not() -> None:
    assert said(preview(b"hello", ieof=True))[1:] == [Piece(b"hello"), Ended()]


def test_a_preview_of_nothing() -> None:
    assert said(preview(b""), chunked(b"hello"))[1:] == [
        Stopped(),
        Piece(b"hello"),
        Ended(),
    ]
    assert said(preview(b"", ieof=True))[1:] == [Ended()]


def test_a_request_without_a_body_ends_at_once() -> None:
    for fields in ((), ("Preview: 0",)):
        events = said(request("REQMOD", {"req-hdr": GET}, None, *fields))
        assert events[1:] == [Ended()]
    assert said(OPTIONS)[1:] == [Ended()]


def test_a_mail_without_a_head_of_http() -> None:
    asked, piece, _ = said(request("RESPMOD", {}, chunked(b"mail")))
    assert isinstance(asked, Asked)
    assert asked.http == {}
    assert piece == Piece(b"mail")


def test_the_next_request_waits_for_the_answer() -> None:
    conversation = Conversation()
    conversation.receive(OPTIONS + reqmod(b"x"))
    assert isinstance(conversation.next_event(), Asked)
    assert conversation.next_event() == Ended()
    assert conversation.waiting
    assert conversation.next_event() is None
    conversation.answered()
    assert conversation.begun
    asked = conversation.next_event()
    assert isinstance(asked, Asked)
    assert asked.head.method == "REQMOD"


def test_an_answer_to_a_preview_may_be_the_last_word() -> None:
    conversation = Conversation()
    conversation.receive(preview(b"hell"))
    while not isinstance(conversation.next_event(), Stopped):
        pass
    conversation.answered()
    conversation.receive(OPTIONS)
    assert isinstance(conversation.next_event(), Asked)


def test_nothing_can_be_answered_before_it_is_complete() -> None:
    conversation = Conversation()
    with pytest.raises(RuntimeError):
        conversation.answered()
    with pytest.raises(RuntimeError):
        conversation.proceed()


def test_empty_lines_between_requests_are_no_request() -> None:
    conversation = Conversation()
    conversation.receive(b"\r\n\r\n")
    assert not conversation.begun
    assert conversation.next_event() is None
    conversation.receive(b"\r\n" + OPTIONS + b"\r\n")
    assert isinstance(conversation.next_event(), Asked)
    assert conversation.next_event() == Ended()
    conversation.answered()
    assert not conversation.begun


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"get",
        b"\0",
        b"\x16\x03\x01",
        b" OPTIONS",
        b"OPTIONS icap://h/x ICAP/1.0\n",
        b"OPTIONS icap://h/x ICAP/1.0\r\nA: \0",
        b"OPTIONS " + b"x" * MOST_HEAD,
        respmod(b"x").replace(b"res-hdr=", b"res-hdr=1"),
        respmod(b"x").replace(b"\r\n1\r\n", b"\r\n1x\r\n"),
        respmod(b"x").replace(b"\r\n0\r\n", b"\r\nzero\r\n"),
        respmod(b"x").replace(b"Encapsulated", b"Other"),
        respmod(b"x", "Encapsulated: null-body=0"),
    ],
)
def test_a_client_that_breaks_the_protocol_is_heard_no_more(data: bytes) -> None:
    conversation = Conversation()
    conversation.receive(data)
    with pytest.raises(Fault) as caught:
        listen(conversation)
    assert caught.value.status is Status.BAD_REQUEST
    conversation.receive(OPTIONS)
    assert conversation.next_event() is None
    assert conversation.buffered == 0


VALID = (
    OPTIONS,
    respmod(b"hello" * 20, "Allow: 204"),
    reqmod(b"x"),
    request("REQMOD", {"req-hdr": GET}, None),
    request("RESPMOD", {}, chunked(b"m" * 9, size=2)),
    preview(b"hell") + chunked(b"o" * 9, size=3),
    preview(b"all", ieof=True),
    preview(b"") + chunked(b"rest"),
)
CUTS = st.lists(st.integers(0, 5000), max_size=20)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places})
    return [data[a:b] for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(st.lists(st.sampled_from(VALID), min_size=1, max_size=4), CUTS)
def test_requests_mean_the_same_however_they_are_cut(
    requests: list[bytes], places: list[int]
) -> None:
    expected = [event for one in requests for event in said(one)]
    assert said(*cut(b"".join(requests), places)) == expected


def test_requests_mean_the_same_byte_by_byte() -> None:
    data = b"".join(VALID)
    one_by_one = [data[at : at + 1] for at in range(len(data))]
    assert said(*one_by_one) == said(data)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda data, at, bad: data[:at] + bad + data[at:],
            st.sampled_from(VALID),
            st.integers(0, 400),
            st.binary(min_size=1, max_size=5),
        ),
    ),
    CUTS,
)
def test_any_bytes_are_events_or_one_fault_however_cut(
    data: bytes, places: list[int]
) -> None:
    def outcome(*pieces: bytes) -> tuple[list[Event], Status | None]:
        conversation = Conversation()
        events: list[Event] = []
        try:
            for piece in pieces:
                conversation.receive(piece)
                while (event := conversation.next_event()) is not None:
                    events.append(event)
                    if isinstance(event, Stopped):
                        conversation.proceed()
                    elif isinstance(event, Ended):
                        conversation.answered()
        except Fault as fault:
            return together(events), fault.status
        return together(events), None

    assert outcome(data) == outcome(*cut(data, places))
