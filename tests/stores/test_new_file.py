"""Behaviour of new files: an old one stays until the new one is whole."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clearward.core.errors import Unavailable
from clearward.stores.new_file import new_file


def test_a_new_file_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    place = tmp_path / "a.cwr"
    place.write_bytes(b"old")
    with new_file(str(place)) as descriptor:
        os.write(descriptor, b"new")
        assert place.read_bytes() == b"old"
    assert place.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a.cwr"]


def test_it_may_be_read_as_the_mask_allows(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with new_file(str(tmp_path / "a")):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def written_halfway(descriptor: int) -> None:
    os.write(descriptor, b"new")
    raise OSError("no room")


def test_after_an_error_the_old_one_is_there_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "a.cwr"
    place.write_bytes(b"old")
    with pytest.raises(OSError, match="no room"), new_file(str(place)) as descriptor:
        written_halfway(descriptor)
    assert place.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.cwr"]


@pytest.mark.parametrize("name", ["gone/a.cwr", ".", "n" * 300])
def test_what_cannot_be_written_is_told(name: str, tmp_path: Path) -> None:
    with (
        pytest.raises(Unavailable, match=r"is a folder|cannot be written"),
        new_file(str(tmp_path / name)) as descriptor,
    ):
        os.write(descriptor, b"new")
    assert not os.listdir(tmp_path)


def test_a_kill_leaves_the_old_one(tmp_path: Path) -> None:
    place = tmp_path / "a.cwr"
    place.write_bytes(b"old")
    program = (
        "import os, signal, sys; from clearward.stores.new_file import new_file\n"
        "with new_file(sys.argv[1]) as file:\n"
        "    os.write(file, b'new'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, place], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert place.read_bytes() == b"old"
    (left,) = set(os.listdir(tmp_path)) - {"a.cwr"}
    assert left.startswith(".a.cwr.")
    assert left.endswith(".partial")
    os.utime(tmp_path / left, (0, 0))
    others = {".b.cwr.0123456789abcdef.partial", ".a.cwr.x.partial", "a.cwr.partial"}
    for other in others:
        (tmp_path / other).touch()
        os.utime(tmp_path / other, (0, 0))
    with new_file(str(place)) as descriptor:
        os.write(descriptor, b"newer")
    assert set(os.listdir(tmp_path)) == {"a.cwr"} | others


def test_what_another_is_writing_stays(tmp_path: Path) -> None:
    place = tmp_path / "a.cwr"
    with new_file(str(place)) as one:
        (writing,) = tmp_path.iterdir()
        os.write(one, b"one")
        os.utime(writing, (0, 0))
        with new_file(str(place)) as other:
            os.write(other, b"other")
        assert place.read_bytes() == b"other"
    assert place.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["a.cwr"]


def test_what_is_a_moment_old_stays(tmp_path: Path) -> None:
    """Its writer may not have come to lock it yet."""
    left = tmp_path / ".a.cwr.0123456789abcdef.partial"
    left.touch()
    with new_file(str(tmp_path / "a.cwr")):
        pass
    assert left.exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    os.utime(other, (0, 0))
    (tmp_path / ".a.cwr.0123456789abcdef.partial").symlink_to(other)
    with new_file(str(tmp_path / "a.cwr")):
        pass
    assert other.exists()
