"""Events as the kernel writes them, and what a group refuses."""

import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.child import python
from support.guarding import needs_rights

from clearward.jail import fanotify
from clearward.jail.fanotify import EVENT_SIZE, Event, How

SHAPE = struct.Struct("=IBBHQii")
NUMBERS = st.integers(-(2**31), 2**31 - 1)
EVENTS = st.builds(Event, st.integers(0, 2**64 - 1), NUMBERS, NUMBERS)


def written(*events: Event) -> bytes:
    """Events as the kernel writes them."""
    return b"".join(
        SHAPE.pack(EVENT_SIZE, 3, 0, EVENT_SIZE, *event) for event in events
    )


@given(st.lists(EVENTS, max_size=5))
def test_events_are_read_until_zeroes_begin(events: list[Event]) -> None:
    data = written(*events) + bytes(3 * EVENT_SIZE)
    assert list(fanotify.events(data)) == events


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_events_or_none(data: bytes) -> None:
    events = list(fanotify.events(data))
    assert len(events) * EVENT_SIZE <= len(data)


def test_records_behind_an_event_are_passed_over() -> None:
    first = SHAPE.pack(EVENT_SIZE + 8, 3, 0, EVENT_SIZE, 1, 2, 3) + bytes(8)
    data = first + written(Event(4, 5, 6))
    assert list(fanotify.events(data)) == [Event(1, 2, 3), Event(4, 5, 6)]


def test_an_answer_that_nobody_waits_for_is_no_error(tmp_path: Path) -> None:
    needs_rights()
    group = fanotify.asking_group()
    try:
        assert not fanotify.answer(group, 77, fanotify.DENY)
    finally:
        os.close(group)
    del tmp_path


def test_what_cannot_be_marked_is_told_by_the_kernel() -> None:
    needs_rights()
    group = fanotify.asking_group()
    place = os.open("/proc", os.O_RDONLY)
    try:
        with pytest.raises(OSError, match=r".+"):
            fanotify.mark(group, How.ADD, 1 << 62, place)
    finally:
        os.close(group)
        os.close(place)


def test_without_the_right_the_message_names_it() -> None:
    done = python("""
        import os
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresuid(65534, 65534, 65534)
        from clearward.core.errors import Unavailable
        from clearward.jail import fanotify
        try:
            fanotify.asking_group()
        except Unavailable as error:
            print(error)
    """)
    if b"PermissionError" in done.stderr or b"ModuleNotFound" in done.stderr:
        pytest.skip("an ordinary user cannot read this Python")
    assert b"CAP_SYS_ADMIN" in done.stdout
