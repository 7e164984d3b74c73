"""Behaviour of the reader of version strings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.programs_clamscan import NEEDS_CLAMSCAN, found
from support.programs_resources import (
    ADDRESS,
    START,
    block,
    text,
    tree,
    version,
    with_resources,
)

from clearward.core.reader import Reader
from clearward.formats.programs import pe, versions

PLACE = 0x400  # of the version behind the first directory
FIXED = b"\xbd\x04\xef\xfe" + bytes(48)
TRANSLATION = block("Translation", b"\x09\x04\xb0\x04", kind=0)


def string(key: str, value: str = "some value") -> bytes:
    data = block(key, text(value))
    return (len(data) + -len(data) % 4).to_bytes(2, "little") + (
        data[2:] + bytes(-len(data) % 4)
    )


def table(*strings: bytes, key: str = "040904b0") -> bytes:
    return block(key, b"", *strings)


def program(content: bytes, copies: int = 1) -> bytes:
    leaves = [(ADDRESS + PLACE, len(content))] * copies
    listed = tree(versions.TYPE, *leaves).ljust(PLACE, b"\0")
    return with_resources(listed + content, 0x2000).build()


def keys(data: bytes) -> list[str]:
    reader = Reader.of(data)
    names = []
    for offset in versions.offsets(pe.read(reader), reader):
        rest = data[offset:].decode("utf-16-le", "replace")
        names.append(rest.partition("\0")[0])
    return names


CASES = [
    pytest.param(version(table(string("A"), string("B"))), ["A", "B"], id="strings"),
    pytest.param(version(table(string("A")), table(string("B"))), ["A", "B"], id="2"),
    pytest.param(
        version(table(string("A")), first=block("VarFileInfo", b"", TRANSLATION)),
        ["A"],
        id="behind another node",
    ),
    pytest.param(
        version(table(string("A")), first=block("VarFileInfx", b"", TRANSLATION)),
        [],
        id="behind an unknown node",
    ),
    pytest.param(
        version(table(string("A"), block("Keyx", text("xx")))),
        ["A"],
        id="a last one without its padding is lost",
    ),
    pytest.param(
        version(table(string("A"), string("", ""), string("B")), table(string("C"))),
        ["A"],
        id="one that is too short ends it all",
    ),
    pytest.param(
        version(table(block("AAAAAA"), string("B"))), ["B"], id="without a value"
    ),
    pytest.param(
        block("VS_VERSION_INFO", FIXED, table(string("A")), kind=0), [], id="no info"
    ),
    pytest.param(
        block("VS_VERSION_INFO", b"", block("StringFileInfo"), kind=0), [], id="fixed"
    ),
    pytest.param(b"", [], id="nothing"),
]


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_keys_of_strings_are_found(content: bytes, expected: list[str]) -> None:
    assert keys(program(content)) == expected


@NEEDS_CLAMSCAN
@pytest.mark.parametrize(("content", "expected"), CASES)
def test_clamscan_finds_the_same_keys(
    content: bytes, expected: list[str], tmp_path: Path
) -> None:
    lines = [
        f"{name}:1:VI:{name.encode('utf-16-le').hex()}0000" + "??" * 4
        for name in ("A", "B", "C")
    ]
    assert found(tmp_path, "ndb", lines, program(content)) == set(expected)


def test_a_resource_listed_several_times_counts_once() -> None:
    assert keys(program(version(table(string("A"))), 12)) == ["A"]


def test_only_the_first_sixteen_resources_count() -> None:
    one, two = version(table(string("A"))), version(table(string("B")))
    leaves = [(ADDRESS + PLACE, len(one))] * 16
    leaves.append((ADDRESS + PLACE + 0x100, len(two)))
    listed = tree(versions.TYPE, *leaves).ljust(PLACE, b"\0")
    content = (listed + one).ljust(PLACE + 0x100, b"\0") + two
    assert keys(with_resources(content, 0x2000).build()) == ["A"]


def test_resources_of_other_types_are_passed_over() -> None:
    content = version(table(string("A")))
    listed = tree(3, (ADDRESS + PLACE, len(content))).ljust(PLACE, b"\0")
    assert keys(with_resources(listed + content, 0x2000).build()) == []


def test_a_tree_that_holds_itself_ends() -> None:
    entry = (16).to_bytes(4, "little") + (0x80000000).to_bytes(4, "little")
    directory = bytes(12) + b"\xff\xff\xff\xff" + entry * 0x8000
    data = with_resources(directory, START + len(directory)).build()
    assert keys(data) == []


@given(st.binary(max_size=300), st.integers(0, 200))
def test_arbitrary_bytes_give_places_inside(data: bytes, keep: int) -> None:
    good = version(table(string("A"), string("B")))
    mixed = good[:keep] + data
    assert all(0 <= place < len(mixed) for place in versions.strings(mixed))
    assert keys(program(mixed)) is not None


@given(st.binary(max_size=400))
def test_arbitrary_directories_end(data: bytes) -> None:
    reader = Reader.of(with_resources(data, START + len(data) + 64).build())
    offsets = versions.offsets(pe.read(reader), reader)
    assert all(0 <= offset < reader.size for offset in offsets)
