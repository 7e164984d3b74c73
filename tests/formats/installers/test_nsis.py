"""Behaviour of the reader of the Nullsoft installer."""

import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.installers import (
    block_sorted,
    deflated,
    lzma_filtered,
    lzma_stream,
    nsis_blocks,
    nsis_first,
    nsis_header,
    nsis_solid,
)
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers import nsis
from clearward.formats.unpack import installer

Pack = Callable[[bytes], bytes]

WAYS: dict[str, Pack] = {
    "lzma": lzma_stream,
    "lzma, filter off": lambda data: lzma_filtered(data, x86=False),
    "lzma, filter on": lambda data: lzma_filtered(data, x86=True),
    "bzip2": block_sorted,
    "zlib": deflated,
}
ANY_WAY = pytest.mark.parametrize("pack", WAYS.values(), ids=WAYS)
ONE, TWO = b"first content " * 40, b"MZ second content " * 50


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(nsis.unpack(Reader.of(data)))


def apart(pack: Pack) -> bytes:
    one = pack(ONE)
    header = nsis_header({"one.txt": 0, "$\x03\x80\\two.exe": 4 + len(one)})
    blocks = nsis_blocks((pack(header), True), (one, True), (pack(TWO), True))
    return nsis_first(header, blocks)


def solid(pack: Pack) -> bytes:
    header = nsis_header({"one.txt": 0, "two.exe": 4 + len(ONE)})
    return nsis_first(header, pack(nsis_solid(header, ONE, TWO)))


@ANY_WAY
def test_files_that_are_packed_on_their_own_come_back(pack: Pack) -> None:
    parts = unpacked(apart(pack))
    assert [name for name, _ in parts] == [b"[script]", b"one.txt", b"$$\\two.exe"]
    assert [content for _, content in parts][1:] == [ONE, TWO]


@ANY_WAY
def test_files_of_one_stream_come_back(pack: Pack) -> None:
    parts = unpacked(solid(pack))
    assert parts[1:] == [(b"one.txt", ONE), (b"two.exe", TWO)]


def test_blocks_that_are_not_packed_come_as_they_are() -> None:
    header = nsis_header({"one": 0})
    blocks = nsis_blocks((header, False), (ONE, False), (b"", False), (TWO, False))
    whole = nsis_first(header, blocks, crc=False)
    assert [content for _, content in unpacked(whole)] == [header, ONE, TWO]


def test_names_of_single_bytes_are_read() -> None:
    header = nsis_header({"\xfd\x80\x81\\name": 0}, wide=False)
    whole = nsis_first(header, nsis_blocks((header, False), (ONE, False)))
    assert unpacked(whole)[1] == (b"$\\name", ONE)


def test_a_header_of_nonsense_gives_no_names() -> None:
    for header in (b"", b"x" * 20, b"\xff" * 300):
        whole = nsis_first(header, nsis_blocks((header, False), (ONE, False)))
        assert unpacked(whole)[1:] == [(b"", ONE)]


@pytest.mark.parametrize("make", [apart, solid])
def test_data_that_end_early_are_truncated(make: Callable[[Pack], bytes]) -> None:
    whole = make(deflated)
    for cut in (30, 20, 10):
        with pytest.raises(Truncated):
            unpacked(whole[:-cut])
    with pytest.raises(Truncated):
        unpacked(whole[:20])


def test_damage_in_one_block_leaves_the_others() -> None:
    header = nsis_header({})
    broken = b"\xff" * 40
    blocks = nsis_blocks((header, False), (broken, True), (deflated(TWO), True))
    parts = list(nsis.unpack(Reader.of(nsis_first(header, blocks))))
    with pytest.raises(Malformed):
        contents(parts[1:2])
    assert contents(parts[2:]) == [TWO]


def test_what_is_packed_in_another_way_is_said() -> None:
    whole = nsis_first(b"h" * 50, b"\xff" * 500)
    assert gaps(nsis.unpack(Reader.of(whole))) == [Reason.UNSUPPORTED]
    other = nsis_first(nsis_header({}) + b"x", deflated(nsis_solid(nsis_header({}))))
    assert gaps(nsis.unpack(Reader.of(other))) == [Reason.UNSUPPORTED]


def test_a_header_too_large_to_hold_is_said() -> None:
    whole = bytearray(nsis_first(b"", b""))
    whole[20:24] = b"\xff\xff\xff\x7f"
    assert gaps(nsis.unpack(Reader.of(bytes(whole)))) == [Reason.MEMORY_LIMIT]


@pytest.mark.skipif(not shutil.which("makensis"), reason="makensis is not installed")
@pytest.mark.parametrize("solid", ["", "/SOLID"])
@pytest.mark.parametrize("method", ["zlib", "bzip2", "lzma"])
def test_what_makensis_packs_comes_back(
    tmp_path: Path, method: str, solid: str
) -> None:
    (tmp_path / "one.txt").write_bytes(ONE)
    (tmp_path / "two.bin").write_bytes(bytes(range(256)) * 4000)
    script = f"""
    SetCompressor {solid} {method}
    OutFile out.exe
    Section
    File one.txt
    File two.bin
    WriteUninstaller u.exe
    SectionEnd
    Section Uninstall
    SectionEnd
    """
    (tmp_path / "a.nsi").write_text(script)
    subprocess.run(["makensis", "-V1", "a.nsi"], cwd=tmp_path, check=True)
    program = (tmp_path / "out.exe").read_bytes()
    # The data of the program that uninstalls may be found there as well.
    found, *_ = contents(installer.unpack(Reader.of(program)))
    parts = dict(unpacked(found))
    assert parts[b"one.txt"] == ONE
    assert parts[b"two.bin"] == bytes(range(256)) * 4000


@settings(deadline=None)
@given(st.sampled_from(sorted(WAYS)), st.booleans(), st.integers(0), st.binary())
def test_damage_anywhere_is_said_or_harmless(
    way: str,
    alone: bool,  # noqa: FBT001 - of hypothesis
    place: int,
    noise: bytes,
) -> None:
    data = bytearray((apart if alone else solid)(WAYS[way]))
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(nsis.unpack(Reader.of(bytes(data))))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for whole in (data, nsis_first(data[:20], data), nsis_first(b"", data)):
        with suppress(Malformed):
            collect(nsis.unpack(Reader.of(whole)))
