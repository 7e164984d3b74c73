"""Behaviour of the sweep: what is found, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pdf import document, entry, stream

from clearward.formats.pdf import sweep as marks
from clearward.formats.pdf.objects import Name, Reference
from clearward.formats.pdf.sweep import Place, Sweep, Text


def streams(data: bytes) -> list[bytes]:
    sweep = Sweep(data)
    return [data[each.start : each.end] for each in places(sweep) if each.certain]


def places(sweep: Sweep) -> list[Place]:
    return [each for each in sweep.places() if isinstance(each, Place)]


def texts(data: bytes) -> list[tuple[bytes, bytes]]:
    found = [each for each in Sweep(data).places() if isinstance(each, Text)]
    return [(each.key, each.raw) for each in found]


def test_a_stream_knows_its_object_and_its_dictionary() -> None:
    (found,) = places(Sweep(document(stream(12, b"content", b"/Type /XRef"))))
    assert (found.number, found.generation) == (12, 0)
    assert found.entries.get_last(b"Type") == Name(b"XRef")


@pytest.mark.parametrize("length", [b"4 0 R", b"7", b"3", b"99999", b"-1", b"(7)"])
def test_a_stream_ends_where_its_end_stands(length: bytes) -> None:
    body = b"<< /Length %b >> stream\r\ncontent\r\nendstream" % length
    data = document(entry(4, b"7"), entry(5, body))
    assert [each.rstrip(b"\r\n") for each in streams(data)] == [b"content"]


def test_the_length_counts_if_an_end_stands_there() -> None:
    content = b"one endstream two"
    assert streams(document(stream(1, content))) == [content]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"/Subtype /application#2foctet-stream", id="in a name"),
        pytest.param(b"/A /stream", id="as a name"),
        pytest.param(b"/A (a stream of words >>stream\n)", id="in a string"),
        pytest.param(b"/A <</B [(]] >>)]>> % >> stream\n", id="in a remark"),
    ],
)
def test_the_word_stream_elsewhere_does_not_end_a_dictionary(text: bytes) -> None:
    assert b"content" in streams(document(stream(1, b"content", text)))


def test_every_version_is_known_and_the_last_one_counts() -> None:
    sweep = Sweep(document(entry(3, b"/Old"), entry(3, b"/New"), entry(4, b"3 0 R")))
    assert sweep.versions(Reference(3, 0)) == [Name(b"Old"), Name(b"New")]
    assert sweep.resolved(Reference(4, 0)) == Name(b"New")


def test_a_reference_to_itself_is_nothing() -> None:
    assert Sweep(document(entry(3, b"3 0 R"))).resolved(Reference(3, 0)) is None


def test_strings_come_with_the_key_in_front_of_them() -> None:
    data = document(entry(1, b"<< /#4aS (one) /B [ (two) <7468726565> ] >>"))
    assert texts(data) == [(b"JS", b"one"), (b"B", b"two"), (b"", b"three")]


def test_a_string_without_an_end_does_not_hide_the_next_object() -> None:
    data = document(entry(1, b"(never ended"), stream(2, b"content"))
    assert streams(data) == [b"content"]


def test_more_strings_without_an_end_than_are_looked_through_are_said() -> None:
    some, many = (Sweep(document(entry(1, b"(") * count)) for count in (9, 9_000))
    for sweep in (some, many):
        assert b"endobj" not in b"".join(raw for _, raw in texts(sweep.data))
        list(sweep.places())
    assert many.full
    assert not some.full


def test_more_marks_than_are_kept_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "MOST_MARKS", 3)
    data = document(*(entry(each, b"null") for each in range(9)), stream(10, b"it"))
    assert Sweep(data).full
    assert streams(data) == [b"it"]


@given(st.binary(max_size=300))
def test_places_lie_inside(data: bytes) -> None:
    for each in places(Sweep(data)):
        assert 0 <= each.start <= each.end <= len(data)
