"""Behaviour of the cabinet reader."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy
from clearward.formats.unpack import cab

STORED, MSZIP, QUANTUM = range(3)
MORE_BEHIND = 2
File = tuple[bytes, bytes]


@pytest.fixture(autouse=True)
def _loaded() -> None:
    heavy.load()


def folder(data: bytes, method: int) -> bytes:
    """One block of data; a checksum of zero is none."""
    packed = data
    if method == MSZIP:
        deflate = zlib.compressobj(wbits=-15)
        packed = b"CK" + deflate.compress(data) + deflate.flush()
    sizes = len(packed).to_bytes(2, "little") + len(data).to_bytes(2, "little")
    return bytes(4) + sizes + packed


def cabinet(*files: File, method: int = STORED, flags: int = 0) -> bytes:
    entries = b""
    offset = 0
    for name, content in files:
        entries += len(content).to_bytes(4, "little") + offset.to_bytes(4, "little")
        entries += bytes(6) + b"\x20\0" + name + b"\0"
        offset += len(content)
    names = b"next.cab\0disk\0" if flags & MORE_BEHIND else b""
    start = 36 + len(names) + 8 + len(entries)
    block = folder(b"".join(content for _, content in files), method)
    return b"".join(
        (
            b"MSCF" + bytes(4) + (start + len(block)).to_bytes(4, "little") + bytes(4),
            (36 + len(names) + 8).to_bytes(4, "little") + bytes(4) + b"\3\1\1\0",
            len(files).to_bytes(2, "little") + bytes((flags, 0, 0, 0, 0, 0)),
            names,
            start.to_bytes(4, "little") + b"\1\0" + bytes((method, 0)),
            entries + block,
        )
    )


@pytest.mark.parametrize("method", [STORED, MSZIP])
@given(sizes=st.lists(st.integers(1, 900), min_size=1, max_size=5))
def test_files_come_back_with_their_names(method: int, sizes: list[int]) -> None:
    files = [(b"%d" % at, b"%d," % at * size) for at, size in enumerate(sizes)]
    data = cabinet(*files, method=method)
    assert named(cab.unpack(Reader.of(data))) == files


def test_what_lies_behind_the_end_is_a_part() -> None:
    data = cabinet((b"a", b"content")) + b"behind"
    assert contents(cab.unpack(Reader.of(data))) == [b"behind", b"content"]


def test_a_cabinet_of_a_set_says_that_the_rest_is_elsewhere() -> None:
    data = cabinet((b"a", b"content"), flags=MORE_BEHIND)
    assert contents(cab.unpack(Reader.of(data))) == [b"content"]
    assert set(gaps(cab.unpack(Reader.of(data)))) == {Reason.TRUNCATED}


def test_quantum_is_unsupported() -> None:
    data = cabinet((b"a", b"content"), method=QUANTUM)
    with pytest.raises(Malformed) as caught:
        contents(cab.unpack(Reader.of(data)))
    assert caught.value.reason is Reason.UNSUPPORTED


def test_a_cabinet_that_is_cut_short_is_damage() -> None:
    data = cabinet((b"a", b"content" * 9))
    for size in (20, 60, len(data) - 5):
        with pytest.raises(Malformed):
            contents(cab.unpack(Reader.of(data[:size])))


@settings(max_examples=60)
@given(st.data())
def test_damage_anywhere_gives_parts_or_an_error(draw: st.DataObject) -> None:
    data = bytearray(cabinet((b"a", b"first"), (b"b", b"second"), method=MSZIP))
    place = draw.draw(st.integers(8, len(data) - 1))
    data[place] ^= draw.draw(st.integers(1, 255))
    collect(cab.unpack(Reader.of(bytes(data))))


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    data = b"MSCF" + bytes(4) + data
    try:
        contents(cab.unpack(Reader.of(data)))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
