"""The file of exclusions: whole and ours, or nothing is excluded."""

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearward.core.errors import Refused, Unavailable
from clearward.stores.exclusions.exclusion import Exclusion
from clearward.stores.exclusions.file import MOST, NAME, Damaged, change, place, read

ONE = Exclusion("Some.Rule", 100, 200, "büro \x1b")
OTHER = Exclusion("ab" * 32, 100, 200)


def keep(home: Path, *kept: Exclusion) -> Path:
    change(str(home), lambda _: kept)
    return home / NAME


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    assert read(str(tmp_path)) == ()
    keep(tmp_path / "new", ONE, OTHER)
    assert read(str(tmp_path / "new")) == (ONE, OTHER)
    assert place("home") == "home/exclusions.json"


def test_only_its_owner_may_read_or_write_it(tmp_path: Path) -> None:
    assert keep(tmp_path, ONE).stat().st_mode & 0o777 == 0o600


def test_every_cut_and_every_flipped_byte_means_that_nothing_is_excluded(
    tmp_path: Path,
) -> None:
    path = keep(tmp_path, ONE)
    whole = path.read_bytes()
    damaged = [whole[:length] for length in range(len(whole) - 1)]
    damaged += [
        whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :]
        for at in range(len(whole))
    ]
    for data in damaged:
        path.write_bytes(data)
        with pytest.raises(Damaged, match="nothing is excluded"):
            read(str(tmp_path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_anything_else_is_damage(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(Damaged):
        read(str(tmp_path))


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param({"version": 2, "exclusions": []}, id="another version"),
        pytest.param({"version": 1}, id="a field missing"),
        pytest.param({"version": 1, "exclusions": [ONE.fields()] * 2}, id="twice"),
        pytest.param({"version": 1, "exclusions": {}}, id="no list"),
    ],
)
def test_what_no_version_of_ours_writes_is_damage(
    tmp_path: Path, kept: dict[str, object]
) -> None:
    path = keep(tmp_path)
    path.write_text(json.dumps(kept))
    with pytest.raises(Damaged, match="is damaged"):
        read(str(tmp_path))


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_believed(
    tmp_path: Path, mode: int
) -> None:
    keep(tmp_path, ONE).chmod(mode)
    with pytest.raises(Damaged, match="can be written by others"):
        read(str(tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give a file away")
def test_a_file_of_another_user_is_not_believed(tmp_path: Path) -> None:
    os.chown(keep(tmp_path, ONE), 12345, 12345)
    with pytest.raises(Damaged, match="another user"):
        read(str(tmp_path))


def test_links_fifos_folders_and_huge_files_are_not_read(tmp_path: Path) -> None:
    path = keep(tmp_path, ONE)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Damaged):
        read(str(tmp_path))
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(Damaged, match="is no file"):
        read(str(tmp_path))
    path.unlink()
    path.mkdir()
    with pytest.raises(Damaged):
        read(str(tmp_path))
    path.rmdir()
    with path.open("wb") as file:
        file.truncate(3 << 20)
    with pytest.raises(Damaged, match="is no file"):
        read(str(tmp_path))


def test_what_is_damaged_is_not_written_over(tmp_path: Path) -> None:
    path = keep(tmp_path, ONE)
    path.write_bytes(b"{")
    with pytest.raises(Damaged):
        keep(tmp_path, OTHER)
    assert path.read_bytes() == b"{"


def test_too_many_are_refused(tmp_path: Path) -> None:
    many = [Exclusion(f"Rule.{number}", 1, 2) for number in range(MOST + 1)]
    with pytest.raises(Refused, match="at most 1000"):
        keep(tmp_path, *many)
    assert read(str(tmp_path)) == ()


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written"):
        keep(tmp_path / "file" / "home", ONE)


def test_none_is_lost_when_several_write_at_a_time(tmp_path: Path) -> None:
    def add(number: int) -> None:
        made = Exclusion(f"Rule.{number}", 1, 2)
        change(str(tmp_path), lambda kept: [*kept, made])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read(str(tmp_path))) == 16
