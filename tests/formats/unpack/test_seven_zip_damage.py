"""Behaviour of the 7z reader towards damage and what it cannot read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import gaps
from support.seven_zip import (
    AES,
    CONTENT,
    LZMA2,
    PPMD,
    UNKNOWN,
    archive,
    around,
    coder,
    crc,
    encoded,
    files,
    looked,
    lzma2,
    number,
    opened,
    opened_again,
    streams,
)

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Part
from clearward.core.reasons import Reason
from clearward.formats.unpack import seven_zip


def test_damage_in_a_member_that_was_left_out_is_not_lost() -> None:
    members = [(b"a", CONTENT), (b"b", b"second")]
    packed = lzma2(CONTENT)[:100] + b"\xff" * 40
    first, *rest = opened(archive(members, b"", packed))
    assert isinstance(first, Part)
    assert rest == [Gap(Reason.CORRUPT, b"b")]


def test_a_wrong_crc_is_damage_after_all_the_bytes_and_others_follow() -> None:
    good = archive([(b"a", b"first"), (b"b", b"second")], coder(), b"firstsecond")
    bad = good.replace(crc(b"first"), b"\1\2\3\4")
    bad = around(b"firstsecond", bad[32 + 11 :])
    found, reasons, error = looked(bad)
    assert found == [b"first", b"second"]
    assert reasons == [Reason.CORRUPT]
    assert error is None


@pytest.mark.parametrize("place", [8, 28], ids=["start header", "header"])
def test_a_wrong_crc_of_a_header_is_said_after_everything(place: int) -> None:
    data = bytearray(archive([(b"a", CONTENT)]))
    data[place] ^= 1
    found, _, error = looked(bytes(data))
    assert found == [CONTENT]
    assert type(error) is Malformed


def test_damage_in_a_folder_leaves_gaps_for_what_follows() -> None:
    members = [(b"a", CONTENT), (b"b", CONTENT[::-1]), (b"c", b"last")]
    packed = lzma2(CONTENT)[:-1] + b"\xff" * 40
    found, reasons, error = looked(archive(members, b"", packed))
    assert found == [CONTENT, b""]
    assert reasons == [Reason.CORRUPT, Reason.CORRUPT]
    assert error is None


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        pytest.param(coder(AES, b"\0"), Reason.ENCRYPTED, id="encrypted"),
        pytest.param(coder(UNKNOWN, b""), Reason.UNSUPPORTED, id="unknown"),
        pytest.param(
            coder(PPMD, b"\6" + (1 << 27).to_bytes(4, "little")),
            Reason.MEMORY_LIMIT,
            id="memory of PPMd",
        ),
        pytest.param(coder(LZMA2, b"\x29"), Reason.CORRUPT, id="wrong properties"),
    ],
)
def test_a_folder_that_cannot_be_decoded_is_a_gap_for_each_member(
    folder: bytes, reason: Reason
) -> None:
    items = opened(archive([(b"a", b"1"), (b"b", b"2")], folder))
    assert items == [Gap(reason, b"a"), Gap(reason, b"b")]


@pytest.mark.parametrize(
    ("folder", "size", "reason"),
    [
        pytest.param(coder(AES, b"\0"), None, Reason.ENCRYPTED, id="encrypted"),
        pytest.param(coder(UNKNOWN), None, Reason.UNSUPPORTED, id="unknown"),
        pytest.param(b"", 1 << 40, Reason.MEMORY_LIMIT, id="large"),
    ],
)
def test_a_header_that_cannot_be_decoded_is_a_gap(
    folder: bytes, size: int | None, reason: Reason
) -> None:
    data = encoded(archive([(b"a", CONTENT)]), folder, size)
    assert gaps(opened_again(data)) == [reason]


def test_headers_in_headers_end() -> None:
    data = archive([(b"a", CONTENT)])
    for _ in range(5):
        data = encoded(data)
    assert gaps(opened_again(data)) == [Reason.UNSUPPORTED]


def test_a_number_of_files_costs_nothing() -> None:
    for count in (2**63, 2**64 - 1):
        header = b"\1\5" + number(count) + b"\0\0"
        found, _, error = looked(around(b"", header))
        assert found == []
        assert type(error) is Malformed


@pytest.mark.parametrize("place", [8, 10, 11, 12, 13], ids=str)
@given(st.integers(0, 2**64 - 1))
def test_huge_counts_and_sizes_are_refused_or_read(place: int, value: int) -> None:
    described = streams([coder()], [4], [[b"main"]])
    data = b"\1\4" + described[:place] + number(value) + described[place + 1 :]
    looked(around(b"main", data + files([(b"n", b"main")]) + b"\0"))


@given(st.data())
def test_a_cut_archive_gives_no_wrong_byte(draw: st.DataObject) -> None:
    data = encoded(archive([(b"a", CONTENT), (b"b", b"last")]))
    cut = data[: draw.draw(st.integers(6, len(data) - 1))]
    found, _, error = looked(cut)
    assert found == []
    assert isinstance(error, Truncated)


def test_members_before_the_end_of_a_cut_stream_are_given() -> None:
    whole = archive([(b"a", b"first"), (b"b", b"second")], coder(), b"firstsec")
    found, reasons, _ = looked(whole)
    assert found == [b"first", b"sec"]
    assert reasons == [Reason.TRUNCATED]


@given(st.binary(max_size=200))
def test_arbitrary_headers_give_parts_or_an_error(data: bytes) -> None:
    data = around(b"packed", b"\1\4" + data)
    _, _, error = looked(data)
    assert error is None or 0 <= error.offset <= len(data)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    data = seven_zip.MAGIC + data
    _, _, error = looked(data)
    assert error is None or 0 <= error.offset <= len(data)


@given(st.data())
def test_a_changed_byte_gives_parts_or_an_error(draw: st.DataObject) -> None:
    data = bytearray(archive([(b"a", CONTENT), (b"b", b"last")]))
    place = draw.draw(st.integers(12, len(data) - 1))
    data[place] = draw.draw(st.integers(0, 255))
    _, _, error = looked(bytes(data))
    assert error is None or 0 <= error.offset <= len(data)
