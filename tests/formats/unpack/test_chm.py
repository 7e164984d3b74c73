"""Behaviour of the reader of compiled help."""

from collections.abc import Iterator
from struct import pack

import pytest
from formats.lz.test_lzx import Stream, stored
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import chm

CHUNK = 4096
START = 96
RESETS = b"::Transform/{x}" + chm.RESETS
Row = tuple[bytes, int, int, int]


def number(value: int) -> bytes:
    data = [value & 127]
    while value := value >> 7:
        data.append(value & 127 | 128)
    return bytes(reversed(data))


def listing(rows: list[Row]) -> bytes:
    data = b"".join(
        number(len(name)) + name + b"".join(map(number, rest)) for name, *rest in rows
    )
    data = b"PMGL" + pack("<I", CHUNK - 20 - len(data)) + bytes(12) + data
    return data.ljust(CHUNK, b"\0")


def file(rows: list[Row], content: bytes, *, version: int = 3) -> bytes:
    directory = b"ITSP" + pack("<III", 1, 84, 10) + pack("<I", CHUNK)
    directory = directory.ljust(84, b"\0") + listing(rows)
    at = START + len(directory)
    head = b"ITSF" + pack("<I", version)
    head = head.ljust(72, b"\0") + pack("<QQQ", START, len(directory), at)
    return head.ljust(START, b"\0") + directory + content


def help_of(parts: list[bytes], rows: list[Row], *, window: int = 1) -> bytes:
    """A file with a compressed section of these bytes."""
    whole = b"".join(parts)
    stream = Stream().put(0, 1)
    stored(stream, whole)
    packed = stream.data()
    control = pack("<I4sIIII", 6, chm.LZXC, 2, 2, window, 0) + bytes(4)
    resets = bytes(16) + pack("<Q", len(whole)) + bytes(16)
    content = control + resets + packed
    own = [
        (chm.CONTROL, 0, 0, len(control)),
        (RESETS, 0, len(control), len(resets)),
        (chm.COMPRESSED, 0, len(control) + len(resets), len(packed)),
    ]
    return file([*own, *rows], content)


def visible(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for name, content in named(chm.unpack(Reader.of(data))):
        if not name.startswith(b"::"):
            yield name, content


def found(data: bytes) -> tuple[list[str], str]:
    _, gaps, field = collect(chm.unpack(Reader.of(data)))
    return [gap.word for gap in gaps], field


@pytest.mark.parametrize("version", [2, 3])
def test_files_of_the_plain_section_come_back(version: int) -> None:
    rows = [(b"/a", 0, 0, 3), (b"/b", 0, 3, 4), (b"/empty", 0, 7, 0), (b"/f/", 0, 0, 0)]
    data = file(rows, b"onefour", version=version)
    assert list(visible(data)) == [(b"/a", b"one"), (b"/b", b"four")]


def test_files_of_the_compressed_section_come_back_with_what_no_entry_names() -> None:
    rows = [(b"/b", 1, 5, 3), (b"/a", 1, 0, 3)]
    data = help_of([b"one", b"--", b"two", b"==="], rows)
    wanted = [(b"/a", b"one"), (b"", b"--"), (b"/b", b"two"), (b"", b"===")]
    assert list(visible(data)) == wanted


def test_what_cannot_be_read_is_said() -> None:
    rows = [(b"/a", 1, 0, 3), (b"/b", 1, 1, 3)]
    assert found(help_of([b"0123"], rows)) == (["corrupt"], "")
    assert found(help_of([b"0123"], rows, window=999)) == (["unsupported"], "")
    assert found(file(rows, b"")) == (["corrupt"], "")
    assert found(file([(b"/a", 2, 0, 3)], b"")) == (["unsupported"], "")
    assert found(file([(b"/a", 0, 0, 3)], b"")) == (["truncated"], "")


def test_a_size_beyond_the_stream_is_truncated() -> None:
    assert found(help_of([b"0123"], [(b"/a", 1, 0, 1 << 40)]))[1] != ""


def test_a_damaged_directory_is_reported_behind_the_files() -> None:
    data = file([(b"/a", 0, 0, 3), (b"\xff" * 30, 0, 0, 3)], b"one")
    cut = data.replace(b"\xff" * 30, b"\xff" * 12 + bytes(18))
    assert found(cut)[1] in ("entry", "")
    assert found(data.replace(b"ITSP", b"ITSX")) == ([], "directory")
    assert found(data[: START + 200])[1] == "directory"
    assert found(data[:50])[1] == "header length"


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    whole = file([(b"/a", 0, 0, 3)], b"one")
    entries = whole[: START + 84 + 20] + data
    for each in (b"ITSF" + data, whole[:START] + data, entries, whole + data):
        try:
            contents(chm.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
