"""Every message comes back, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.faces.guard import protocol
from clearward.faces.guard.memory import File, Known, State
from clearward.faces.guard.protocol import Message, Settings, decode, encode

WORDS = st.integers(0, 2**32 - 1)
LONGS = st.integers(0, 2**64 - 1)
SIGNED = st.integers(-(2**31), 2**31 - 1)
TIMES = st.integers(-(2**63), 2**63 - 1)
KNOWN = st.sampled_from(Known)

MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(protocol.Hello, SIGNED),
    st.builds(protocol.Ask, LONGS, WORDS, SIGNED, st.booleans()),
    st.builds(protocol.Late, LONGS),
    st.builds(protocol.Marked, WORDS, SIGNED),
    st.builds(protocol.Answer, LONGS, KNOWN, st.booleans()),
    st.builds(
        protocol.Learn,
        KNOWN,
        st.builds(File, LONGS, LONGS),
        st.builds(State, TIMES, TIMES, TIMES),
    ),
    st.builds(protocol.Mark, WORDS, WORDS, LONGS, st.booleans()),
    st.builds(protocol.Trust, LONGS),
    st.builds(protocol.Ping, WORDS),
    st.builds(protocol.Forget),
    st.builds(protocol.End),
)


@given(MESSAGES)
def test_a_message_comes_back(message: Message) -> None:
    back = decode(encode(message))
    assert type(back) is type(message)
    assert back == message


@given(st.binary(max_size=64))
def test_arbitrary_bytes_are_a_message_or_malformed(data: bytes) -> None:
    try:
        message = decode(data)
    except Malformed as error:
        assert error.offset <= len(data)
    else:
        assert len(encode(message)) == len(data)


@given(MESSAGES, st.binary(min_size=1, max_size=3))
def test_a_message_of_another_length_is_none(message: Message, more: bytes) -> None:
    data = encode(message)
    with pytest.raises(Malformed):
        decode(data + more)
    with pytest.raises(Malformed):
        decode(data[:-1])


def test_settings_come_back() -> None:
    settings = Settings(
        *(7, "/usr/bin/python3", 2.5, True, False),
        roots=("/srv", "/home/\udcff"),
        apart=("/var/lib/clearward",),
        programs=("/usr/bin/rsync",),
        users=(0, 1000),
        patterns=("*.iso",),
        remembered=5,
    )
    assert Settings.from_bytes(settings.to_bytes()) == settings


@given(st.binary(max_size=50) | st.sampled_from([b"[" * 5000, b"{}", b"null"]))
def test_arbitrary_settings_are_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        Settings.from_bytes(data)


@pytest.mark.parametrize("deadline", [0, -1, float("nan")])
def test_a_deadline_that_never_comes_or_has_passed_is_refused(deadline: float) -> None:
    with pytest.raises(ValueError, match="deadline"):
        Settings(1, "", deadline, allow=True, allow_unscanned=True)
