"""Behaviour of the search for lines."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import CHUNK, Reader
from clearward.formats.mail.marks import AHEAD, BLANK_LINE, LINE_END, find

MARK = re.compile(rb"[\r\n]--(?P<line>[^\r\n]{0,1000})")


def starts(data: bytes, start: int = 0, needs: tuple[bytes, ...] = ()) -> list[int]:
    return [mark.start for mark in find(Reader.of(data), MARK, start, needs)]


@given(st.lists(st.sampled_from([b"--", b"a", b"\n", b"\r", b"\r\n"]), max_size=40))
def test_every_line_that_begins_so_is_found(words: list[bytes]) -> None:
    data = b"".join(words)
    expected = [
        at
        for at in range(len(data))
        if data.startswith(b"--", at) and (at == 0 or data[at - 1] in b"\r\n")
    ]
    assert starts(data) == expected
    assert starts(data, needs=(b"-",)) == expected


def test_lines_in_front_of_the_start_are_not_found() -> None:
    assert starts(b"--a\n--b\n--c", 4) == [4, 8]


@pytest.mark.parametrize("where", [CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + AHEAD - 1])
def test_a_line_across_windows_is_found_once_and_whole(where: int) -> None:
    data = b"x" * (where - 1) + b"\n--boundary\n" + b"y" * CHUNK * 2
    marks = list(find(Reader.of(data), MARK, 0))
    assert [mark.start for mark in marks] == [where]
    assert marks[0].match["line"] == b"boundary"
    assert marks[0].next_line == where + len(b"--boundary\n")


def test_many_windows_are_searched() -> None:
    data = b"\n--a" * (CHUNK // 2)
    assert len(starts(data)) == CHUNK // 2


def test_a_match_that_reaches_into_the_next_window_is_not_found_again() -> None:
    pattern = re.compile(rb"[\r\n]-(?:[\r\n]-)*")
    data = b"x" * (CHUNK - 10) + b"\n-" * 20 + b"x" * CHUNK
    assert len(list(find(Reader.of(data), pattern, 0))) == 1


def test_a_part_that_became_shorter_ends_the_search() -> None:
    data = b"\n--a" * 1000
    part = Reader(lambda offset, size: data[offset : offset + size], 10**9)
    assert len(list(find(part, MARK, 0))) == 1000


@pytest.mark.parametrize(
    ("behind", "size"),
    [
        (b"", 0),
        (b"\nx", 1),
        (b"\r\nx", 2),
        (b"\r\r\nx", 3),
        (b"\rx", 1),
        (b"tail\nx", 5),
        (b"\n\n", 1),
    ],
)
def test_the_next_line_is_behind_any_line_end(behind: bytes, size: int) -> None:
    pattern = re.compile(rb"[\r\n]--a")
    (mark,) = find(Reader.of(b"--a" + behind), pattern, 0)
    assert mark.next_line == 3 + size


def test_what_follows_can_be_asked_for() -> None:
    (mark,) = find(Reader.of(b"--a\nb"), MARK, 0)
    assert mark.followed_by(re.compile(rb"\nb"))
    assert not mark.followed_by(re.compile(rb"\na"))


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        (b"a\n\nb", True),
        (b"a\r\n\r\nb", True),
        (b"a\r\rb", True),
        (b"a\n\rb", True),
        (b"a\n\r\r\nb", True),
        (b"a\r\r\nb", False),
        (b"a\r\nb", False),
        (b"a\n \nb", False),
    ],
)
def test_a_blank_line_is_two_line_ends_whatever_they_are(
    text: bytes,
    blank: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    assert (re.search(BLANK_LINE, text) is not None) == blank
    assert (re.search(LINE_END + LINE_END, text) is not None) >= blank
