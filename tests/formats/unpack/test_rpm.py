"""Behaviour of the rpm reader."""

import gzip
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import (
    WAYS,
    Way,
    at_random,
    collect,
    contents,
    gaps,
    named,
    passing_by,
    read,
)

from clearward.core.errors import Malformed
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import rpm

BUILD = shutil.which("rpmbuild")
LEAD = rpm.MAGIC.ljust(96, b"\0")
PAYLOAD = gzip.compress(b"payload", mtime=0)
PREIN, TRIGGERS = 1023, 1065


def header(*entries: tuple[int, int, int, int], store: bytes = b"") -> bytes:
    """A header with entries of tag, type, offset and count."""
    index = b"".join(struct.pack(">4I", *entry) for entry in entries)
    sizes = struct.pack(">2I", len(entries), len(store))
    return rpm.HEADER_MAGIC + b"\x01" + bytes(4) + sizes + index + store


def package(
    main: bytes, payload: bytes = PAYLOAD, signature: bytes = header(store=b"sum")
) -> bytes:
    return LEAD + signature + bytes(-len(signature) % 8) + main + payload


@pytest.mark.parametrize("sum", [b"", b"s", b"sumsumsu"])
@WAYS
def test_headers_scripts_and_payload_are_parts(sum: bytes, way: Way) -> None:
    store = b"name\0echo one\0\0echo two\0echo three"
    main = header((1000, 6, 0, 1), (TRIGGERS, 8, 14, 3), (PREIN, 6, 5, 1), store=store)
    data = package(main, signature=header(store=sum))
    assert rpm.recognises(data, Reader.of(data))
    assert named(rpm.unpack(way(data))) == [
        (b"signature", sum),
        (b"header", store),
        (b"script", b"echo one"),
        (b"script", b"echo two"),
        (b"script", b"echo three"),
        (b"payload", PAYLOAD),
    ]
    assert gaps(rpm.unpack(way(data))) == []


@pytest.mark.skipif(BUILD is None, reason="needs rpmbuild")
@pytest.mark.parametrize("compressor", ["w9.gzdio", "w2.lzdio"])
def test_what_rpmbuild_writes_is_read(compressor: str, tmp_path: Path) -> None:
    spec = tmp_path / "a.spec"
    spec.write_text(
        "Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\nBuildArch: noarch\n"
        "%description\nd\n%install\nmkdir -p %{buildroot}\necho c >%{buildroot}/f\n"
        "%post\necho installed\n%preun\necho removed\n%files\n/f\n",
        encoding="ascii",
    )
    defines = {
        "_topdir": tmp_path,
        "_binary_payload": compressor,
        "_build_id_links": "none",
    }
    command = ["rpmbuild", "--quiet", "-bb", str(spec)]
    for name, value in defines.items():
        command += ["--define", f"{name} {value}"]
    subprocess.run(command, check=True, capture_output=True)
    (file,) = tmp_path.rglob("*.rpm")
    found = named(rpm.unpack(at_random(file.read_bytes())))
    assert [name for name, _ in found] == [
        b"signature",
        b"header",
        b"script",
        b"script",
        b"payload",
    ]
    assert [content.strip() for name, content in found if name == b"script"] == [
        b"echo installed",
        b"echo removed",
    ]
    assert gaps(rpm.unpack(passing_by(file.read_bytes(), 999))) == []


@pytest.mark.parametrize("payload", [b"07070X", b"\x5d\0\0\x80\0", b"BZh9"])
def test_known_payloads_are_no_gap(payload: bytes) -> None:
    assert gaps(rpm.unpack(at_random(package(header(), payload)))) == []


@pytest.mark.parametrize("payload", [b"drpm", b"x"])
@WAYS
def test_a_payload_that_nobody_knows_is_a_part_and_a_gap(
    payload: bytes, way: Way
) -> None:
    found = collect(rpm.unpack(way(package(header(), payload))))
    assert found == ([b"sum", b"", payload], [Reason.UNSUPPORTED], "")


@WAYS
def test_a_package_without_a_header_gives_what_is_there(way: Way) -> None:
    data = LEAD + b"no header at all"
    assert collect(rpm.unpack(way(data))) == ([b"no header at all"], [], "header magic")


@pytest.mark.parametrize(
    ("length", "field"),
    [
        pytest.param(50, "header length", id="in the lead"),
        pytest.param(96, "header length", id="behind the lead"),
        pytest.param(100, "header length", id="in an introduction"),
        pytest.param(113, "header length", id="in an index"),
        pytest.param(130, "header length", id="in a store"),
        pytest.param(136, "header length", id="between the headers"),
        pytest.param(140, "header length", id="in the other introduction"),
        pytest.param(160, "header length", id="in the other index"),
        pytest.param(188, "header length", id="in the other store"),
        pytest.param(190, "payload", id="before the payload"),
    ],
)
@WAYS
def test_an_early_end_is_truncated(length: int, field: str, way: Way) -> None:
    main = header((PREIN, 6, 0, 1), (PREIN, 7, 0, 1), store=b"script")
    data = package(main, signature=header((PREIN, 6, 0, 1), store=b"a script"))
    found = collect(rpm.unpack(way(data[:length])))
    assert found[1:] == ([], field)


@pytest.mark.parametrize(("entries", "store"), [(1 << 31, 1 << 31), (0, 1 << 30)])
@WAYS
def test_a_header_of_gibibytes_gives_what_is_there(
    entries: int, store: int, way: Way
) -> None:
    sizes = struct.pack(">2I", entries, store)
    data = LEAD + rpm.HEADER_MAGIC + bytes(5) + sizes + b"what is there"
    found = collect(rpm.unpack(way(data)))
    assert found == ([b"what is there"], [Reason.MEMORY_LIMIT], "header length")


def test_a_header_that_is_too_long_is_read_without_its_scripts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rpm, "STORE_MOST", 9)
    data = package(header((PREIN, 6, 0, 1), store=b"long script"))
    parts, found, _ = collect(rpm.unpack(passing_by(data)))
    assert parts[-1] == PAYLOAD
    assert found == [Reason.MEMORY_LIMIT]
    last = list(rpm.unpack(passing_by(data)))[-1]
    assert isinstance(last, Part)
    assert read(last.content) == PAYLOAD


def test_scripts_that_overlap_are_a_gap() -> None:
    main = header((PREIN, 6, 5, 1), (PREIN, 6, 0, 1), store=b"echo script\0")
    parts, found, _ = collect(rpm.unpack(at_random(package(main))))
    assert parts == [b"sum", b"echo script\0", b"echo script", PAYLOAD]
    assert found == [Reason.CORRUPT]


def test_scripts_outside_the_store_are_passed_over() -> None:
    main = header((PREIN, 6, 99, 1), (TRIGGERS, 8, 0, 1 << 31), store=b"a\0b\0")
    parts, _, _ = collect(rpm.unpack(at_random(package(main))))
    assert parts == [b"sum", b"a\0b\0", b"a", b"b", PAYLOAD]


def test_scripts_without_end_are_a_gap() -> None:
    main = header((TRIGGERS, 8, 0, 1 << 31), store=bytes(100_000))
    _, found, _ = collect(rpm.unpack(at_random(package(main))))
    assert found == [Reason.PARTS_LIMIT]


@given(
    st.lists(st.tuples(st.integers(0, 250), st.integers(0, 255)), max_size=4),
    st.integers(96, 250),
)
def test_a_damaged_package_gives_parts_or_an_error_both_ways(
    damage: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(package(header((PREIN, 6, 0, 1), store=b"echo\0" * 9)))
    for place, value in damage:
        data[place % len(data)] = value
    cut = bytes(data[:length])
    assert collect(rpm.unpack(at_random(cut))) == collect(rpm.unpack(passing_by(cut)))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_of_bounded_length_or_an_error(data: bytes) -> None:
    data = LEAD + rpm.HEADER_MAGIC + data
    try:
        size = sum(map(len, contents(rpm.unpack(at_random(data)))))
        assert size <= 2 * len(data)  # scripts are also part of their store
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
