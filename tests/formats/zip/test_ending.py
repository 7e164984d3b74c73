"""Behaviour of the end records' reader."""

from struct import pack

from formats.zip.test_build import end, end64
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.zip.ending import Endings, Place, read_endings
from clearward.formats.zip.window import Window

DIRECTORY = bytes(46)


def read(data: bytes, offset: int) -> Endings | None:
    return read_endings(Window(Reader.of(data)), offset)


def places(data: bytes, offset: int) -> list[list[Place]]:
    endings = read(data, offset)
    assert endings is not None
    return [list(reading.places) for reading in endings.readings]


def test_the_directory_lies_before_the_end_record() -> None:
    assert places(b"data" + DIRECTORY + end(1, 46, 4), 50) == [[Place(4, 0)]]


def test_what_stands_before_the_archive_shifts_every_offset() -> None:
    data = b"stub" + DIRECTORY + end(1, 46, 0)
    assert places(data, 50) == [[Place(4, 4), Place(0, 0)]]


def test_a_size_that_does_not_fit_leaves_the_offset() -> None:
    assert places(b"data" + DIRECTORY + end(1, 99, 4), 50) == [[Place(4, 0)]]


def test_zip64_is_read_and_shifts_as_well() -> None:
    data = b"stub" + DIRECTORY + end64(1, 46, 0, before=46)
    assert places(data, len(data) - 22) == [[Place(4, 4), Place(0, 0)]]


def test_both_forms_are_read_if_they_differ() -> None:
    data = DIRECTORY + end64(1, 46, 0, before=46)[:-22] + end(1, 46, 7)
    assert len(places(data, len(data) - 22)) == 2


def test_a_zip64_record_that_does_not_touch_its_locator_is_found_by_its_offset() -> (
    None
):
    data = DIRECTORY + end64(1, 46, 0, before=46, extra=b"more")
    assert places(data, len(data) - 22) == [[Place(0, 0)]]


def test_a_locator_that_leads_nowhere_leaves_the_short_form() -> None:
    data = DIRECTORY + pack("<4sLQL", b"PK\6\7", 0, 7, 1) + end(1, 46, 0)
    assert places(data, 66) == [[Place(20, 20), Place(0, 0)]]


def test_an_encrypted_directory_is_known() -> None:
    locked = pack("<H2QH", 8, 46, 46, 0x660E) + bytes(8)
    data = DIRECTORY + end64(1, 46, 0, before=46, extra=locked)
    endings = read(data, len(data) - 22)
    assert endings is not None
    assert endings.readings[-1].locked


def test_the_last_end_record_has_a_comment_up_to_the_end() -> None:
    data = end(0, 0, 0, b"comment")
    for whole, last in ((data, True), (data + b".", False), (data[:-1], False)):
        endings = read(whole, 0)
        assert endings is not None
        assert endings.last is last


def test_numbers_that_do_not_fit_are_not_believable() -> None:
    for numbers, believable in (
        ((1, 46, 4), True),
        ((1, 45, 4), False),
        ((1, 46, 5), False),
        ((0, 0, 0), True),
        ((0, 9, 0), False),
    ):
        endings = read(b"data" + DIRECTORY + end(*numbers), 50)
        assert endings is not None
        assert endings.readings[0].believable is believable


def test_an_end_record_that_is_cut_is_none() -> None:
    assert read(end(0, 0, 0)[:-1], 0) is None


@given(st.binary(max_size=120), st.binary(max_size=80))
def test_places_lie_before_the_end_record(before: bytes, behind: bytes) -> None:
    data = before + b"PK\5\6" + behind
    endings = read(data, len(before))
    if endings is not None:
        for reading in endings.readings:
            assert all(0 <= place.start <= len(data) for place in reading.places)
