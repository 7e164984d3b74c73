"""Behaviour of the view by directories."""

from struct import pack

import pytest
from formats.zip.test_build import File, archive, archive64, end, end64
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.zip import directory
from clearward.formats.zip.directory import SPAN, Directory
from clearward.formats.zip.window import Window

FILE = File(b"content", b"name", method=0)
LOCAL = FILE.local()
RECORD = FILE.record(0)


def read(data: bytes, *, held: bool = True) -> tuple[Directory, list[Reason]]:
    reader = Reader.of(data)
    if not held:
        reader = Reader(lambda at, size: data[at : at + size], len(data))
    found = Directory(Window(reader))
    return found, [gap.reason for gap in found.read()]


def places(data: bytes, *, held: bool = True) -> list[int]:
    """Offsets of the local headers that are named."""
    return [key // SPAN for key in read(data, held=held)[0].members]


@pytest.mark.parametrize("make", [archive, archive64])
@pytest.mark.parametrize("prefix", [b"", b"stub"])
@pytest.mark.parametrize("suffix", [b"", b"junk"])
@pytest.mark.parametrize("held", [True, False])
def test_members_are_found_wherever_the_archive_stands(
    make: object, prefix: bytes, suffix: bytes, *, held: bool
) -> None:
    assert callable(make)
    data = prefix + make(FILE, FILE) + suffix
    found, gaps = read(data, held=held)
    at = len(prefix)
    assert [key // SPAN for key in found.members] == [at, at + len(LOCAL)]
    assert gaps == []
    assert found.closes is (suffix == b"")


@given(st.binary(max_size=30), st.binary(max_size=30))
def test_junk_around_an_archive_hides_no_member(before: bytes, behind: bytes) -> None:
    assert len(before) in places(before + archive(FILE) + behind)


def test_offsets_that_were_already_shifted_are_followed() -> None:
    data = b"stub" + LOCAL + FILE.record(4) + end(1, len(RECORD), 0)
    assert places(data) == [4]


def test_every_end_record_is_followed() -> None:
    one = archive(FILE)
    assert places(one + b"between" + one) == [0, len(one) + 7]


def test_an_end_record_in_a_comment_hides_nothing() -> None:
    assert places(archive(FILE, comment=end(0, 0, 0))) == [0]


def test_an_archive_in_a_stored_member_is_left_to_that_member() -> None:
    inner = File(archive(FILE), b"inner.zip", method=0)
    assert places(archive(inner, FILE)) == [0, len(inner.local())]


def test_an_end_record_that_closes_the_part_counts_even_inside_a_member() -> None:
    """A member claims everything, and a second directory says so."""
    inner = archive(FILE)
    outer = File(inner + b"the rest of the part", b"outer", method=0)
    header = outer.header()
    body = header + inner
    record = outer.record(0)
    data = body + record + end(1, len(record), len(body))
    comment = len(data) - len(body)
    data = body[:-2] + pack("<H", comment) + data[len(body) :]
    assert places(data) == [0, len(header)]


@pytest.mark.parametrize("held", [True, False])
def test_an_end_record_before_the_last_64_kib_is_found(*, held: bool) -> None:
    big = File(bytes(70_000), b"big", method=0)
    one = archive(FILE)
    data = one + archive(big, FILE)
    start = len(one)
    expected = [0, start, start + len(big.local())]
    assert places(data, held=held) == expected


def test_one_directory_with_two_end_records_is_read_once() -> None:
    data = archive(FILE)
    assert places(data + data[-22:]) == [0]


def test_records_are_told_apart_by_directory() -> None:
    one = archive(FILE, FILE)
    found, _ = read(one + one)
    records = [key % SPAN for key in found.members]
    assert found.same(records[0], records[1])
    assert not found.same(records[0], records[2])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(
            LOCAL + RECORD + end(2, 2 * len(RECORD), 0), Reason.CORRUPT, id="no place"
        ),
        pytest.param(
            LOCAL + RECORD + end(2, len(RECORD), len(LOCAL)),
            Reason.CORRUPT,
            id="fewer records than members",
        ),
        pytest.param(
            LOCAL + RECORD + end(1, 99, 999, disk=2), Reason.TRUNCATED, id="elsewhere"
        ),
        pytest.param(
            LOCAL + FILE.record(9, disk=1) + end(1, len(RECORD), len(LOCAL), disk=2),
            Reason.TRUNCATED,
            id="member on another disk",
        ),
        pytest.param(
            LOCAL + FILE.record(9999) + end(1, len(RECORD), len(LOCAL)),
            Reason.TRUNCATED,
            id="member behind the end",
        ),
        pytest.param(
            LOCAL + b"PK\6\x08" + bytes(60) + end(1, 64, len(LOCAL)),
            Reason.ENCRYPTED,
            id="record before an encrypted directory",
        ),
        pytest.param(
            bytes(64)
            + end64(1, 64, 0, 64, extra=pack("<H2QH", 8, 64, 64, 0x660E) + bytes(8)),
            Reason.ENCRYPTED,
            id="zip64 record of an encrypted directory",
        ),
    ],
)
def test_what_cannot_be_followed_is_a_gap(data: bytes, reason: Reason) -> None:
    assert reason in read(data)[1]


def test_a_record_that_names_no_header_hides_no_end_record() -> None:
    one = archive(FILE)
    records = FILE.record(5)
    data = one + records + end(1, len(records), len(one))
    assert places(data) == [0, 5]


def test_a_member_that_another_disk_claims_is_read_if_it_is_here() -> None:
    data = LOCAL + FILE.record(0, disk=3) + end(1, len(RECORD), len(LOCAL))
    assert places(data) == [0]


def test_a_stray_magic_is_no_gap() -> None:
    assert read(b"PK\5\6" + bytes(range(1, 60)))[1] == []


def test_an_empty_archive_has_an_end() -> None:
    found, gaps = read(end(0, 0, 0))
    assert (found.last, found.members, gaps) == (0, [], [])


def test_too_many_directories_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MOST_DIRECTORIES", 2)
    assert read(archive(FILE) * 2)[1] == []
    assert read(archive(FILE) * 3)[1] == [Reason.PARTS_LIMIT]


def test_too_many_records_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MOST_RECORDS", 2)
    found, gaps = read(archive(FILE, FILE, FILE))
    assert len(found.members) == 2
    assert Reason.PARTS_LIMIT in gaps


def test_a_flood_of_end_records_is_told() -> None:
    assert Reason.PARTS_LIMIT in read(end(0, 0, 0) * 5000)[1]


@given(st.binary(max_size=200))
def test_arbitrary_bytes_name_members_inside_the_part(data: bytes) -> None:
    data = RECORD + data + RECORD + end(2, len(RECORD), 7)
    assert all(0 <= place < len(data) for place in places(data))
