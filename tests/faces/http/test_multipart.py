"""Tests of clearward.faces.http.multipart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.faces.http.multipart import Begin, Data, End, Event, Parts, boundary_of

BOUNDARY = b"a-boundary"


def body(*files: tuple[str, bytes]) -> bytes:
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="f"; filename="%s"\r\n\r\n%s\r\n'
        % (BOUNDARY, name.encode(), content)
        for name, content in files
    ]
    return b"".join(parts) + b"--%s--\r\n" % BOUNDARY


def read(*pieces: bytes) -> list[Event]:
    parts = Parts(BOUNDARY)
    events = [event for piece in pieces for event in parts.receive(piece)]
    parts.finish()
    return events


def gathered(events: list[Event]) -> list[tuple[str, bytes]]:
    files: list[tuple[str, bytes]] = []
    for event in events:
        if isinstance(event, Begin):
            files.append((event.name, b""))
        elif isinstance(event, Data):
            name, content = files.pop()
            files.append((name, content + event.data))
    assert sum(isinstance(event, End) for event in events) == len(files)
    return files


names = st.text("abc.-_ ", min_size=1, max_size=8)
contents = st.binary(max_size=80).filter(lambda each: BOUNDARY not in each)


@given(
    st.lists(st.tuples(names, contents), min_size=1, max_size=4),
    st.lists(st.integers(0, 400), max_size=6),
)
def test_files_come_back_however_they_are_split(
    files: list[tuple[str, bytes]], cuts: list[int]
) -> None:
    text = body(*files)
    ends = [0, *sorted(cuts), len(text)]
    pieces = [text[a:b] for a, b in pairwise(ends)]
    assert gathered(read(*pieces)) == files


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_arbitrary_bytes_are_parts_or_refused(pieces: list[bytes]) -> None:
    head = b'--%s\r\nContent-Disposition: form-data; name="f"\r\n\r\n' % BOUNDARY
    try:
        events = read(head, *pieces)
    except Malformed:
        return
    size = sum(len(event.data) for event in events if isinstance(event, Data))
    assert size <= sum(map(len, pieces))


def test_a_part_without_a_file_name_is_a_file_too() -> None:
    text = b'--%s\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n--%s--' % (
        BOUNDARY,
        BOUNDARY,
    )
    assert gathered(read(text)) == [("f", b"x")]


def test_a_part_without_headers_is_a_file_too() -> None:
    text = b"--%s\r\n\r\nx\r\n--%s--" % (BOUNDARY, BOUNDARY)
    assert gathered(read(text)) == [("", b"x")]


def test_a_name_that_is_no_text_is_escaped() -> None:
    text = body(("x", b"")).replace(b'"x"', b'"\xff"')
    assert gathered(read(text)) == [("\\xff", b"")]


def test_a_body_that_is_cut_is_refused() -> None:
    with pytest.raises(Malformed):
        read(body(("a", b"content"))[:-6])


def test_a_boundary_is_taken_from_the_header() -> None:
    assert boundary_of("multipart/form-data; boundary=x") == b"x"
    assert boundary_of("application/octet-stream") is None
    assert boundary_of("") is None


@pytest.mark.parametrize("header", ["multipart/form-data", "multipart/form-data; a=b"])
def test_a_header_without_a_boundary_is_refused(header: str) -> None:
    with pytest.raises(Malformed):
        boundary_of(header)


def test_a_boundary_that_is_too_long_is_refused() -> None:
    with pytest.raises(Malformed):
        Parts(b"x" * 1000)
