"""Behaviour of what broker and zygote say to each other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.limits import Limits
from clearward.jail import control
from clearward.jail.control import (
    Given,
    Progress,
    Settings,
    SourceHead,
    Written,
    decode_given,
    decode_settings,
    decode_source,
    encode,
)

HEADS = st.builds(
    SourceHead,
    st.integers(0, 1000),
    st.text(max_size=20),
    st.sampled_from(["yara", "md5"]),
    st.sampled_from(["bundle", "local"]),
    st.integers(0, 2**40),
)
SETTINGS = st.builds(
    Settings,
    test_file=st.booleans(),
    limits=st.builds(
        Limits,
        st.none() | st.integers(0, 2**50),
        st.integers(0, 2**50),
        st.integers(1, 10**6),
        st.integers(0, 100),
        st.floats(0.001, 1e6),
        st.integers(0, 2**40),
    ),
    describe=st.booleans(),
)
GIVENS = st.builds(
    Given,
    st.integers(0, 9),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.dictionaries(st.sampled_from(["net", "mnt"]), st.integers(1, 2**32)),
    st.lists(st.text(max_size=9), max_size=4).map(tuple),
)


@given(HEADS)
def test_a_source_head_comes_back_as_it_was(head: SourceHead) -> None:
    message = encode("S", head)
    assert message[:1] == b"S"
    assert decode_source(message[1:]) == head


@given(SETTINGS)
def test_settings_come_back_as_they_were(settings: Settings) -> None:
    message = encode("C", settings)
    assert message[:1] == b"C"
    assert decode_settings(message[1:]) == settings


@given(GIVENS)
def test_what_was_given_up_comes_back_as_it_was(what: Given) -> None:
    message = encode("G", what)
    assert message[:1] == b"G"
    assert decode_given(message[1:]) == what


@given(HEADS)
def test_messages_are_plain_text(head: SourceHead) -> None:
    assert encode("S", head).isascii()


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_process_number_or_a_status_fits(number: int) -> None:
    assert control.NUMBER.unpack(control.NUMBER.pack(number)) == (number,)


def test_pieces_of_a_table_fit_into_a_message() -> None:
    assert control.PIECE + 1 <= control.MOST_MESSAGE


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"{}", id="no fields"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[" * 200_000, id="brackets without end"),
        pytest.param(json.dumps({"attempts": []}).encode(), id="fields missing"),
        pytest.param(json.dumps({"attempts": 1}).encode(), id="a wrong type"),
    ],
)
def test_a_zygote_that_says_something_else_is_a_value_error(body: bytes) -> None:
    """Its reader outside the jail turns this one kind into `Unavailable`."""
    with pytest.raises((ValueError, TypeError)):
        decode_given(body)
    for decode in (control.decode_progress, control.decode_written):
        with pytest.raises((ValueError, TypeError)):
            decode(body)


def test_how_far_a_zygote_is_survives_the_socket() -> None:
    progress, written = Progress("reading", 5), Written(7)
    assert control.decode_progress(encode("I", progress)[1:]) == progress
    assert control.decode_written(encode("D", written)[1:]) == written
