"""Behaviour of pax records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.tar import pax
from clearward.formats.tar.pax import Records


def record(key: bytes, value: bytes) -> bytes:
    body = b" " + key + b"=" + value + b"\n"
    length = len(body) + 1
    while len(b"%d" % length) + len(body) != length:
        length += 1
    return b"%d" % length + body


def read(*parts: bytes) -> Records:
    records = Records()
    records.read(b"".join(parts))
    return records


@given(st.binary(max_size=200), st.integers(0, 2**63))
def test_path_and_size_are_read_whatever_stands_around_them(
    path: bytes, size: int
) -> None:
    records = read(
        record(b"mtime", b"1.5"),
        record(b"path", path),
        record(b"comment", b"a=b\n5 x=\n"),
        record(b"size", b"%d" % size),
    )
    assert (records.path, records.size, records.damaged) == (path, size, False)


def test_a_later_record_wins() -> None:
    assert read(record(b"path", b"a"), record(b"path", b"b")).path == b"b"


def test_records_end_at_padding() -> None:
    assert not read(record(b"path", b"a"), bytes(40)).damaged


@pytest.mark.parametrize(
    "text",
    [
        b"path=a\n",
        b"x path=a\n",
        b"99 path=a\n",
        b"7 path=a\n",
        b"0 path=a\n",
        b"9 path\n",
        b"10 path=a",
        b"0000000000000000000000000000010 path=a\n",
        b" ",
        b"9",
        record(b"size", b"-1"),
        record(b"size", b""),
        record(b"size", b"9" * 30),
        record(b"GNU.sparse.major", b"2"),
    ],
)
def test_damage_is_noted_and_what_stands_before_it_is_kept(text: bytes) -> None:
    records = read(record(b"path", b"good"), text)
    assert records.damaged
    assert records.path == b"good"
    assert records.size is None


def test_the_maps_of_both_old_sparse_versions_are_read() -> None:
    old = read(
        record(b"GNU.sparse.size", b"900"),
        record(b"GNU.sparse.numblocks", b"1"),
        record(b"GNU.sparse.offset", b"512"),
        record(b"GNU.sparse.numbytes", b"3"),
    )
    new = read(
        record(b"GNU.sparse.name", b"real"),
        record(b"GNU.sparse.realsize", b"900"),
        record(b"GNU.sparse.map", b"512,3"),
    )
    for records in (old, new):
        assert records.sparse
        assert not records.mapped_inside
        assert (records.points, records.real_size) == ([512, 3], 900)
    assert new.sparse_name == b"real"


def test_an_empty_map_has_no_points() -> None:
    records = read(record(b"GNU.sparse.map", b""))
    assert (records.points, records.damaged) == ([], False)


def test_a_map_in_the_content_is_announced() -> None:
    assert read(
        record(b"GNU.sparse.major", b"1"), record(b"GNU.sparse.minor", b"0")
    ).mapped_inside


def test_a_map_that_is_too_long_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pax, "POINTS", 4)
    records = read(record(b"GNU.sparse.map", b"1,2,3,4,5,6"))
    assert (records.points, records.damaged) == ([], True)


def test_a_copy_changes_on_its_own() -> None:
    records = read(record(b"GNU.sparse.offset", b"1"))
    records.copy().read(record(b"GNU.sparse.offset", b"2"))
    assert records.points == [1]


@given(st.binary(max_size=200))
def test_arbitrary_text_is_read_without_an_error(text: bytes) -> None:
    read(record(b"GNU.sparse.map", text), record(b"size", text), text)
