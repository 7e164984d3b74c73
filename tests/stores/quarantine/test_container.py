"""Behaviour of an entry's file: it is whole, or it is damaged."""

import os
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.stores.quarantine.container import Reader, Writer, key_name
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.sealing import CHUNK, KEY

MASTER = b"k" * KEY
NAME = b"identifier of 16"


def written(path: Path, *pieces: bytes, record: bytes = b"record") -> None:
    with path.open("wb", buffering=0) as file:
        writer = Writer(file.fileno(), MASTER, NAME)
        for piece in pieces:
            writer.write(piece)
        writer.finish(record)


def read(path: Path, master: bytes = MASTER, name: bytes = NAME) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        reader = Reader(file.fileno(), master, name)
        return b"".join(reader.content()), reader.record()


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"a", b"", b"b"], id="small pieces"),
        pytest.param([b"x" * CHUNK], id="one whole chunk"),
        pytest.param([b"x" * (CHUNK + 1)], id="a byte more"),
        pytest.param([b"x" * 700_000] * 5, id="pieces across chunks"),
    ],
)
def test_content_and_record_come_back(tmp_path: Path, pieces: list[bytes]) -> None:
    written(tmp_path / "entry", *pieces)
    assert read(tmp_path / "entry") == (b"".join(pieces), b"record")


def test_nothing_of_the_file_can_be_read(tmp_path: Path) -> None:
    written(tmp_path / "entry", b"content" * 1000, record=b"/home/somebody/name")
    raw = (tmp_path / "entry").read_bytes()
    assert b"content" not in raw
    assert b"somebody" not in raw
    assert MASTER not in raw


def test_the_same_file_is_never_sealed_alike(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / name, b"content" * 10)
    assert (tmp_path / "one").read_bytes()[32:] != (tmp_path / "two").read_bytes()[32:]


def test_the_record_is_read_without_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "entry", b"x" * 3 * CHUNK)
    sizes = []
    real = os.pread

    def pread(descriptor: int, size: int, offset: int) -> bytes:
        sizes.append(size)
        return real(descriptor, size, offset)

    monkeypatch.setattr(os, "pread", pread)
    with (tmp_path / "entry").open("rb") as file:
        Reader(file.fileno(), MASTER, NAME).record()
    assert max(sizes) < 1000


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "entry"
    written(path, b"content")
    whole = path.read_bytes()
    for offset in range(len(whole)):
        changed = bytearray(whole)
        changed[offset] ^= 1
        path.write_bytes(changed)
        with pytest.raises(Damaged):
            read(path)


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "entry"
    written(path, b"content")
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(Damaged):
            read(path)
    path.write_bytes(whole + b"x")
    with pytest.raises(Damaged):
        read(path)


def test_an_entry_of_another_name_or_key_is_noticed(tmp_path: Path) -> None:
    written(tmp_path / "entry", b"content")
    with pytest.raises(Damaged, match="is none"):
        read(tmp_path / "entry", name=b"another one, 16B")
    with pytest.raises(Damaged, match="another key"):
        read(tmp_path / "entry", master=b"other" * 6 + b"kk")


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_arbitrary_bytes_are_damaged(front: bytes, end: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        writer = Writer(file.fileno(), MASTER, NAME)
        writer.finish(b"")
        raw = os.pread(file.fileno(), 1000, 0)
        for made in (front + end, raw[:64] + front + end, front + raw[-24:]):
            os.ftruncate(file.fileno(), 0)
            os.pwrite(file.fileno(), made, 0)
            with pytest.raises(Damaged):
                opened(file.fileno())


def opened(descriptor: int) -> None:
    reader = Reader(descriptor, MASTER, NAME)
    reader.record()
    assert not list(reader.content())


def test_memory_does_not_grow_with_the_content(tmp_path: Path) -> None:
    piece = bytes(CHUNK)
    tracemalloc.start()
    try:
        with (tmp_path / "entry").open("w+b", buffering=0) as file:
            writer = Writer(file.fileno(), MASTER, NAME)
            for _ in range(64):
                writer.write(piece)
            writer.finish(b"")
            for _ in Reader(file.fileno(), MASTER, NAME).content():
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * CHUNK


def test_the_name_of_a_key_does_not_tell_it() -> None:
    assert len(key_name(MASTER)) == 8
    assert key_name(MASTER) not in MASTER
    assert key_name(MASTER) != key_name(b"l" * KEY)
