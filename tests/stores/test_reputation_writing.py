"""A set is written whole or not at all."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.digests import made, written

from clearward.core.errors import Refused, Unavailable
from clearward.stores.reputation import files
from clearward.stores.reputation_writing import different, write

SET = made(x=written(*range(60)))
FEW = [one for one in files(SET) if one[0] == "buckets/fff" or "/" not in one[0]]


def test_what_was_written_is_not_different(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "set"
    size = write(str(folder), files(SET))
    assert size == sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    assert list(different(str(folder), files(SET))) == []
    assert os.listdir(tmp_path / "new") == ["set"]


def test_every_file_that_is_different_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    write(str(folder), FEW)
    for name in ("list", "labels", "filter", "head", "buckets/fff"):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data + b"\0")
        assert list(different(str(folder), FEW)) == [name]
        (folder / name).write_bytes(data)


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    with pytest.raises(Refused, match="already"):
        write(str(tmp_path / "set"), files(SET))
    assert os.listdir(tmp_path) == ["set"]


def test_a_fault_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def faulty() -> Iterator[tuple[str, bytes]]:
        yield "list", b"a"
        raise OSError(28, "No space left on device")

    with pytest.raises(Unavailable, match="No space"):
        write(str(tmp_path / "set"), faulty())
    assert os.listdir(tmp_path) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable):
        write(str(tmp_path / "file" / "set"), files(SET))


KILLED = """
import os, signal, sys
from clearward.stores.reputation_writing import write
def files():
    yield "labels", b"some"
    os.kill(os.getpid(), signal.SIGKILL)
write(sys.argv[1], files())
"""


def test_what_the_killed_left_goes_with_the_next_set(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "set")], check=False)
    (left,) = os.listdir(tmp_path)
    assert left.startswith(".set.")
    os.utime(tmp_path / left, (time.time() - 9,) * 2)
    write(str(tmp_path / "set"), FEW)
    assert os.listdir(tmp_path) == ["set"]


def test_what_somebody_else_is_writing_stays(tmp_path: Path) -> None:
    for name in (".set.locked_1", ".set.mine", "set.abcdefgh"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - 9,) * 2)
    held = os.open(tmp_path / ".set.locked_1", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    write(str(tmp_path / "one"), FEW)
    os.close(held)
    names = {".set.locked_1", ".set.mine", "set.abcdefgh", "one"}
    assert set(os.listdir(tmp_path)) == names
