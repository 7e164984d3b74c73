"""Behaviour of both views together."""

import io
import zipfile
import zlib
from struct import pack
from unittest.mock import patch

import pytest
from formats.zip.test_build import File, archive, deflated, end, joined
from hypothesis import given
from hypothesis import strategies as st
from support.parts import contents, gaps, named

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.zip import archive as module
from clearward.formats.zip import window
from clearward.formats.zip.archive import Archive

PAYLOAD = File(b"the payload, which has to be seen", b"payload")
OTHER = File(b"something else", b"other", method=0)
STORED = File(PAYLOAD.content, b"payload", method=0)


def read(data: bytes) -> list[bytes]:
    return contents(Archive(Reader.of(data)).items())


def told(data: bytes) -> list[Reason]:
    return gaps(Archive(Reader.of(data)).items())


def directory(*records: bytes, before: bytes) -> bytes:
    whole = b"".join(records)
    return before + whole + end(len(records), len(whole), len(before))


def tokenized(members: int) -> bytes:
    """An archive of a method that is not read here."""
    file = File(b"\xff" * 20, b"name", method=7)
    return joined(
        [file.header(size=30) + file.packed] * members,
        [lambda at: file.record(at, size=30)] * members,
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(archive(OTHER, PAYLOAD), id="a right archive"),
        pytest.param(OTHER.local() + PAYLOAD.local(), id="no directory"),
        pytest.param(archive(PAYLOAD, comment=end(0, 0, 0)), id="end in the comment"),
        pytest.param(archive(PAYLOAD) + archive(OTHER), id="first of two"),
        pytest.param(archive(OTHER) + archive(PAYLOAD), id="second of two"),
        pytest.param(archive(OTHER, comment=archive(PAYLOAD)), id="in the comment"),
        pytest.param(PAYLOAD.local() + archive(OTHER), id="before the directory's"),
        pytest.param(
            directory(OTHER.record(0), before=OTHER.local() + PAYLOAD.local()),
            id="named by nobody",
        ),
        pytest.param(b"PK\7\x08" + PAYLOAD.local(), id="mark of a split set"),
        pytest.param(b"PK00" + PAYLOAD.local(), id="mark of a set of one"),
        pytest.param(b"\x89PNG" + archive(PAYLOAD) + b"IEND", id="in a picture"),
        pytest.param(OTHER.streamed() + PAYLOAD.streamed(), id="sizes behind"),
        pytest.param(
            STORED.streamed(marked=False) + OTHER.streamed(long=True), id="stored so"
        ),
    ],
)
def test_the_payload_is_seen(data: bytes) -> None:
    assert PAYLOAD.content in read(data)


@pytest.mark.parametrize("place", range(3))
def test_members_of_one_name_are_all_seen(place: int) -> None:
    files = [File(b"%d" % number, b"same") for number in range(3)]
    assert read(archive(*files))[place] == files[place].content


def test_names_and_order_are_kept() -> None:
    data = archive(OTHER, PAYLOAD)
    expected = [(file.name, file.content) for file in (OTHER, PAYLOAD)]
    assert named(Archive(Reader.of(data)).items()) == expected


@pytest.mark.parametrize("which", ["record", "header"])
@pytest.mark.parametrize(
    "lie", [{"method": 0}, {"method": 8, "size": 5}, {"packed": 5}, {"size": 500}]
)
def test_a_contradiction_is_told_and_both_views_are_seen(
    which: str, lie: dict[str, int]
) -> None:
    header = PAYLOAD.header(b"", **(lie if which == "header" else {}))
    record = PAYLOAD.record(0, b"", b"", **(lie if which == "record" else {}))
    data = directory(record, before=header + PAYLOAD.packed)
    assert PAYLOAD.content in read(data)
    assert Reason.CORRUPT in told(data)


def test_two_stored_sizes_are_both_read() -> None:
    header = STORED.header(packed=4, size=4)
    data = directory(STORED.record(0), before=header + STORED.packed)
    assert read(data) == [STORED.content, STORED.content[:4]]


@pytest.mark.parametrize(
    ("header", "record"),
    [
        ({"packed": 0, "size": 0, "crc": 0}, {}),
        ({"flags": 8, "packed": 0, "size": 0, "crc": 0}, {}),
        ({"crc": 1}, {}),
        ({}, {"crc": 1}),
        ({"flags": 0x800}, {}),
    ],
)
def test_a_difference_that_hides_nothing_is_not_told(
    header: dict[str, int], record: dict[str, int]
) -> None:
    before = PAYLOAD.header(b"", **header) + PAYLOAD.packed
    data = directory(PAYLOAD.record(0, b"", b"", **record), before=before)
    assert (read(data), told(data)) == ([PAYLOAD.content], [])


def test_a_flag_in_one_view_alone_does_not_hide_plain_data() -> None:
    data = directory(PAYLOAD.record(0, flags=1), before=PAYLOAD.local())
    assert (read(data), told(data)) == ([PAYLOAD.content], [Reason.ENCRYPTED])
    before = PAYLOAD.header(flags=1) + PAYLOAD.packed
    data = directory(PAYLOAD.record(0), before=before)
    assert (read(data), told(data)) == ([PAYLOAD.content], [Reason.ENCRYPTED])


def test_a_record_that_names_no_header_is_told() -> None:
    data = directory(PAYLOAD.record(5), before=PAYLOAD.local())
    assert read(data) == [PAYLOAD.content]
    assert told(data) == [Reason.CORRUPT]


def test_records_of_two_directories_for_one_member_open_it_once() -> None:
    one = archive(PAYLOAD)
    records = PAYLOAD.record(0)
    data = one + records + end(1, len(records), len(one))
    assert read(data) == [PAYLOAD.content]


def test_an_archive_stored_in_a_member_is_that_members_alone() -> None:
    inner = File(archive(*[PAYLOAD] * 20), b"inner.zip", method=0)
    data = archive(inner)
    assert (read(data), told(data)) == ([inner.content], [])
    without_directory = inner.local()
    assert read(without_directory) == [inner.content]


def test_an_archive_that_deflate_only_stored_is_that_members_alone() -> None:
    inner = File(archive(*[STORED] * 20), b"inner.zip")
    length = len(inner.content)
    packed = b"\1" + pack("<HH", length, length ^ 0xFFFF) + inner.content
    before = inner.header(packed=len(packed)) + packed
    data = directory(inner.record(0, packed=len(packed)), before=before)
    assert (read(data), told(data)) == ([inner.content], [])


def test_members_that_overlap_are_opened_a_few_times() -> None:
    local = PAYLOAD.local()
    data = directory(*[PAYLOAD.record(0)] * 1000, before=local)
    assert len(read(data)) == 1 + module.MOST_OVERLAPS
    assert told(data) == [Reason.SIZE_LIMIT]


def quoted(members: int) -> bytes:
    """An archive whose members overlap.

    Each deflate stream holds the headers of all that follow in stored blocks, and ends
    in the one kernel. Source: Fifield, A better zip bomb, WOOT 2019.
    """
    content, data = bytes(5000), deflated(bytes(5000))
    body, records = b"", []
    for number in range(members):
        file = File(content, b"%03d" % number)
        header = file.header(packed=len(data))
        body = header + data
        records.append((file, len(data), len(body)))
        length = len(header)
        data = b"\0" + pack("<HH", length, length ^ 0xFFFF) + body
        content = header + content
    return directory(
        *[
            file.record(len(body) - start, packed=packed)
            for file, packed, start in records
        ],
        before=body,
    )


def test_what_is_built_to_overlap_is_right() -> None:
    data = quoted(4)
    members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert len(members) == 4
    for member in members:  # by hand, since newer versions of zipfile refuse overlaps
        start = member.header_offset + 30 + len(member.filename)
        packed = data[start : start + member.compress_size]
        content = zlib.decompress(packed, -15) if member.compress_type else packed
        assert zlib.crc32(content) == member.CRC


def test_members_inside_the_data_of_another_are_opened_a_few_times() -> None:
    data = quoted(200)
    assert len(read(data)) <= 2 + module.MOST_OVERLAPS
    assert told(data) == [Reason.SIZE_LIMIT]


def test_members_that_do_not_overlap_are_never_too_many() -> None:
    files = [File(b"%d" % number, b"n", method=number % 2 * 8) for number in range(500)]
    assert len(read(archive(*files))) == 500


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(File(b"", b"n").header(packed=9, size=9) + b"\7", id="damaged"),
        pytest.param(File(b"n", b"n", 0).header(crc=1) + b"n", id="wrong checksums"),
        pytest.param(File(b"", b"n", 0).header(flags=8) + b"n", id="no descriptors"),
    ],
)
def test_headers_that_lead_to_nothing_sound_are_given_up_soon(flood: bytes) -> None:
    data = flood * 5000
    assert Reason.PARTS_LIMIT in told(data)
    assert len(read(data)) <= 1 + module.MOST_DOUBTS


def test_work_that_leads_to_nothing_sound_is_bounded_by_bytes() -> None:
    """Sound members between the others do not buy more of them."""
    bad = File(b"", b"n", 0).header(flags=8) + b"n"
    data = (bad + OTHER.local()) * 500
    assert Reason.PARTS_LIMIT in told(data)


def test_gaps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_GAPS", 3)
    assert told(tokenized(9)) == [Reason.UNSUPPORTED] * 3 + [Reason.PARTS_LIMIT]


def test_damage_in_an_archive_is_told() -> None:
    data = archive(PAYLOAD, OTHER)
    broken = data.replace(PAYLOAD.packed, b"\xff" * len(PAYLOAD.packed))
    assert told(broken) == [Reason.CORRUPT]
    assert OTHER.content in read(broken)
    assert told(b"stub" + broken) == [Reason.CORRUPT]


def test_damage_in_pieces_that_another_format_holds_goes_without_saying() -> None:
    data = archive(PAYLOAD, OTHER)
    broken = data.replace(PAYLOAD.packed, b"\xff" * len(PAYLOAD.packed))
    assert told(b"sector" + broken + b"sector") == []
    assert OTHER.content in read(b"sector" + broken + b"sector")
    assert told(b"sector" + data[:-30]) == []


def test_what_is_not_damage_is_told_in_pieces_too() -> None:
    assert told(b"sector" + tokenized(1) + b"sector") == [Reason.UNSUPPORTED]


def test_an_archive_without_an_end_is_truncated() -> None:
    assert told(PAYLOAD.local()) == [Reason.TRUNCATED]
    assert told(archive(PAYLOAD) + OTHER.local()) == [Reason.TRUNCATED]
    assert told(end(0, 0, 0)) == []


def test_a_file_that_shrinks_while_it_is_read_ends_early() -> None:
    data = archive(PAYLOAD, OTHER)
    there = [data]
    reader = Reader(lambda at, size: there[0][at : at + size], len(data))
    with patch.object(window, "BLOCK", 16):
        for item in Archive(reader).items():
            assert item.name in (b"", PAYLOAD.name, OTHER.name)
            there[0] = data[:40]


@given(st.binary(max_size=100), st.binary(max_size=100), st.binary(max_size=100))
def test_arbitrary_bytes_between_records_raise_nothing(
    first: bytes, second: bytes, third: bytes
) -> None:
    data = b"PK\3\4" + first + b"PK\1\2" + second + end(1, len(second), 0) + third
    assert all(len(content) <= 1032 * len(data) for content in read(data))
