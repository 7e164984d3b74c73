"""Behaviour of the local header's reader, and of the search for such headers."""

from struct import pack

import pytest
from formats.zip.test_build import File
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.zip.claim import DESCRIPTOR, MASKED
from clearward.formats.zip.local import credible, next_local, read_local
from clearward.formats.zip.window import Window

FILE = File(b"content", b"name", method=0)
ONES = 0xFFFFFFFF


def window(data: bytes) -> Window:
    return Window(Reader.of(data))


def found(data: bytes, expected: int = -1) -> int:
    return next_local(window(data), 0, len(data), expected)


def test_a_header_is_read() -> None:
    local = read_local(window(b"xx" + FILE.local()), 2)
    assert local is not None
    assert local.name == b"name"
    assert local.data == 36
    assert (local.claim.packed, local.claim.size, local.claim.method) == (7, 7, 0)


@pytest.mark.parametrize("data", [b"", FILE.local()[:29], b"PK\1\2" + bytes(40)])
def test_what_is_no_whole_header_is_none(data: bytes) -> None:
    assert read_local(window(data), 0) is None


def test_zip64_sizes_are_taken() -> None:
    extra = pack("<HHQQ", 1, 16, 1 << 33, 1 << 32)
    local = read_local(window(FILE.header(extra, packed=ONES, size=ONES)), 0)
    assert local is not None
    assert (local.claim.packed, local.claim.size) == (1 << 32, 1 << 33)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"flags": DESCRIPTOR, "packed": 0, "size": 0}, id="descriptor"),
        pytest.param({"flags": DESCRIPTOR, "packed": 0}, id="packed size only there"),
        pytest.param({"flags": MASKED}, id="masked"),
        pytest.param({"packed": ONES}, id="all ones without zip64"),
    ],
)
def test_sizes_that_a_header_does_not_know_are_none(fields: dict[str, int]) -> None:
    local = read_local(window(FILE.header(b"", **fields)), 0)
    assert local is not None
    assert (local.claim.crcs, local.claim.packed, local.claim.size) == ((), None, None)


@given(st.binary(max_size=80))
def test_a_right_header_is_found_behind_anything(before: bytes) -> None:
    before = before.replace(b"PK", b"")
    assert found(before + FILE.local()) == len(before)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(FILE.header(version=100), id="no such version"),
        pytest.param(FILE.header(version=0x2020), id="no such system"),
        pytest.param(FILE.header(flags=0x8000), id="a reserved flag"),
        pytest.param(FILE.header(method=21), id="no such method"),
        pytest.param(FILE.header(method=0x0800), id="method in the wrong byte"),
        pytest.param(File(b"content", b"", 0).local(), id="no name"),
        pytest.param(FILE.header()[:-1], id="cut in the name"),
        pytest.param(File(b"content", b"\1", 0).header(), id="cut, with an odd name"),
        pytest.param(b"PK\3\4" + bytes(40), id="nothing but zeros"),
    ],
)
def test_a_magic_alone_is_no_header(header: bytes) -> None:
    assert found(b"before" + header) == -1


def test_a_member_that_is_cut_off_is_found() -> None:
    assert found(b"before" + FILE.local()[:-1]) == 6


def test_a_header_whose_sizes_come_later_is_found() -> None:
    assert found(b"before" + FILE.streamed()) == 6


def test_less_is_asked_where_a_header_has_to_stand() -> None:
    odd = FILE.header(version=0x2020, flags=0x8000) + FILE.packed
    assert found(b"before" + odd) == -1
    assert found(b"before" + odd, expected=6) == 6


def test_an_earlier_header_comes_before_the_expected_one() -> None:
    odd = FILE.header(version=0x2020) + FILE.packed
    assert found(b"." + FILE.local() + odd, 1 + len(FILE.local())) == 1


@pytest.mark.parametrize(
    ("header", "worth"),
    [
        (FILE.local(), True),
        (File(b"", b"name", 0).local(), True),
        (File(b"content", b"", 8).local(), True),
        (File(b"", b"", 0).local(), False),
        (FILE.header(method=50), False),
        (b"PK\3\4", False),
    ],
)
def test_a_header_that_says_nothing_is_not_worth_reading(
    header: bytes, *, worth: bool
) -> None:
    assert credible(window(header), 0) is worth
