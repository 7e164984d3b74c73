"""Behaviour of the key: made once, its owner's alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.forked import as_ordinary_user

from clearward.core.errors import Refused, Unavailable
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.key import NAME, kept, made


def test_there_is_none_before_it_is_made(tmp_path: Path) -> None:
    assert kept(str(tmp_path)) is None


@pytest.mark.parametrize("mask", [0, 0o777])
def test_it_is_made_once_and_found_again(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        key = made(str(tmp_path))
    finally:
        os.umask(before)
    assert len(key) == 32
    assert made(str(tmp_path)) == key == kept(str(tmp_path))
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [NAME]


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.new").write_bytes(b"half")
    made(str(tmp_path))
    assert os.listdir(tmp_path) == [NAME]


def test_keys_differ(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "two")]
    for home in homes:
        home.mkdir()
    assert len({made(str(home)) for home in homes}) == 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_one_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    made(str(tmp_path))
    (tmp_path / NAME).chmod(mode)
    with pytest.raises(Refused, match="0600"):
        kept(str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_what_is_no_key_is_not_used(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    (tmp_path / NAME).chmod(0o600)
    with pytest.raises(Damaged):
        made(str(tmp_path))
    assert (tmp_path / NAME).read_bytes() == content


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"k" * 32)
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable):
        made(str(tmp_path))


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)

    def told() -> str:
        try:
            made(str(tmp_path))
        except Unavailable as error:
            return str(error)
        return ""

    assert "cannot be written" in as_ordinary_user(told)


def test_many_processes_get_the_same_key(tmp_path: Path) -> None:
    program = (
        "import sys; from clearward.stores.quarantine.store import Quarantine\n"
        "with Quarantine(sys.argv[1], print) as one: print(one._key.hex())"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(8)]
    said = {process.communicate(timeout=60)[0] for process in running}
    assert len(said) == 1
    assert len(said.pop().strip()) == 64
