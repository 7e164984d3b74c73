"""Behaviour of the reader of Inno Setup."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.inno import CHUNK, File, block, data, header, plain, program
from support.installers import lzma_stream
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers import inno
from clearward.formats.unpack import installer

SCRIPT = b"script " * 99
CALLS = b"MZ" + b"\xe8\x10\0\0\0 code \xe9\xf0\xff\xff\xff" * 20000
FILES = [File(b"one " * 500), File(CALLS, calls=True), File(b"three")]


def lzma2(content: bytes) -> bytes:
    chain = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}]
    return b"\x08" + lzma.compress(content, lzma.FORMAT_RAW, filters=chain)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "lzma": lzma_stream,
    "lzma2": lzma2,
    "zlib": zlib.compress,
    "bzip2": bz2.compress,
    "none": bytes,
}
ANY_WAY = pytest.mark.parametrize("pack", WAYS.values(), ids=WAYS)


def built(
    pack: Callable[[bytes], bytes] = lzma_stream, version: str = "5.5.7"
) -> bytes:
    more = [File(b"fourth")]
    chunks = [(pack(plain(FILES)), FILES), (pack(plain(more)), more)]
    stored, entries = data(chunks)
    return program(stored, header(SCRIPT, entries, version))


def unpacked(whole: bytes) -> list[bytes]:
    return contents(installer.unpack(Reader.of(whole)))


@ANY_WAY
def test_script_and_files_come_back(pack: Callable[[bytes], bytes]) -> None:
    files = [file.data for file in FILES]
    assert unpacked(built(pack)) == [SCRIPT, *files, b"fourth"]


def test_of_unknown_versions_programs_have_their_calls_put_back() -> None:
    parts = unpacked(built(version="6.5.0"))
    assert parts[1:3] == [FILES[0].data, CALLS]


def test_chunks_come_whole_where_the_header_is_not_understood() -> None:
    stored, _ = data([(lzma_stream(plain(FILES[:1])), FILES[:1])])
    for head in (header(SCRIPT, b"x" * 70), b"Inno Setup Setup Data (9)".ljust(400)):
        parts, _, _ = collect(installer.unpack(Reader.of(program(stored, head))))
        assert parts[-1] == FILES[0].data


def test_chunks_are_searched_for_where_there_is_no_table() -> None:
    stored, entries = data([(lzma_stream(plain(FILES[:1])), FILES[:1])])
    whole = program(stored, header(SCRIPT, entries), table=False)
    assert unpacked(whole) == [SCRIPT, FILES[0].data]


def test_what_is_encrypted_is_said() -> None:
    chunk = b"\xf7\xf8\xf9\xfa" * 20
    stored, entries = data([(chunk, FILES[:1])])
    items = list(installer.unpack(Reader.of(program(stored, header(b"", entries)))))
    assert gaps(items) == [Reason.ENCRYPTED]


def test_files_of_a_slice_come_as_chunks() -> None:
    slice = inno.SLICE + bytes(4) + CHUNK + lzma_stream(b"one") + CHUNK + lzma2(b"two")
    parts = contents(inno.unpack(Reader.of(slice)))
    assert parts == [b"one", b"two"]
    assert gaps(inno.unpack(Reader.of(inno.SLICE))) == [Reason.UNSUPPORTED]


def test_a_header_alone_says_that_the_data_are_missing() -> None:
    _, entries = data([(lzma_stream(b"one"), [File(b"one")])])
    items = list(inno.unpack(Reader.of(header(SCRIPT, entries))))
    assert contents(items) == [SCRIPT]
    assert gaps(items)[-1] in (Reason.TRUNCATED, Reason.UNSUPPORTED)


def test_a_chunk_that_is_cut_short_is_truncated() -> None:
    one = [File(b"plain text")]
    stored, entries = data([(b"plain text", one)])
    head = header(SCRIPT, entries)
    # The header stands in front of the data here.
    empty = program(b"", head)
    start = len(empty)
    table = empty.index(b"rDlPtS")
    moved = empty[: table + 36] + start.to_bytes(4, "little") + empty[table + 40 :]
    with pytest.raises(Truncated):
        unpacked(moved + stored[:-3])


@settings(deadline=None, max_examples=50)
@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    more = [File(b"content")]
    stored, entries = data([(lzma_stream(plain(more)), more)])
    whole = bytearray(program(stored, header(SCRIPT, entries)))
    place %= len(whole)
    whole[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(installer.unpack(Reader.of(bytes(whole))))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(noise: bytes) -> None:
    front = b"Inno Setup Setup Data (5.5.7)".ljust(64, b"\0")
    for whole in (inno.SLICE + noise, inno.SLICE + CHUNK + noise, front + noise):
        with suppress(Malformed):
            collect(inno.unpack(Reader.of(whole)))
    with suppress(Malformed):
        collect(inno.unpack(Reader.of(front + block(noise) + block(noise, wide=True))))
