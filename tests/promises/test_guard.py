"""What guard answers: found is denied, however it got there, and nothing else is."""

import mmap
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.guard_daemon import LOCKED
from support.guarding import Namespace, eventually, guard, namespace, needs_rights
from support.marks import EICAR

OPEN = {"opens": True}


@pytest.fixture(name="where", params=["tmpfs", "bind"])
def fixture_where(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Namespace]:
    needs_rights()
    folder = tmp_path / "guarded"
    folder.mkdir()
    with namespace(folder, request.param) as where:
        where.write("clean", b"clean")
        yield where


def started(path: Path) -> bool:
    """Say whether a program may be started."""
    try:
        return subprocess.run([path], check=False).returncode == 0
    except PermissionError:
        return False


def test_found_is_denied_and_clean_is_not_when_every_open_waits(
    where: Namespace,
) -> None:
    where.write("found", EICAR)
    with guard(where, choice={**OPEN, "first": False}) as running:
        assert not where.open("found").allowed
        assert where.open("clean").allowed
        assert not where.open("found").allowed
        running.wait_for(name="found", what="open", outcome="found", side="deny")
        summary = running.end()
    assert summary["denied"] == 2
    assert summary["found"] == 1  # the second time it was remembered


def test_a_found_program_does_not_start_and_others_do(where: Namespace) -> None:
    good = where.place / "good"
    shutil.copy("/bin/true", good)
    bad = where.write("bad", EICAR)
    with guard(where, choice={"first": False}) as running:
        assert started(good)
        assert not started(bad)
        running.wait_for(name="bad", what="exec", side="deny")


def test_what_lay_there_before_is_found_and_denied(where: Namespace) -> None:
    (where.place / "deep").mkdir()
    where.write("deep/found", EICAR)
    with guard(where) as running:
        assert not where.open("deep/found").allowed
        running.wait_for(name="found", what="first")
        assert where.open("clean").allowed


def test_what_was_written_is_found_and_denied_from_then_on(where: Namespace) -> None:
    with guard(where) as running:
        written = where.write("written", EICAR)
        running.wait_for(name="written", what="write", outcome="found")
        assert eventually(lambda: not where.open("written").allowed)
        (where.place / "moved").unlink(missing_ok=True)
        written.rename(where.place / "moved")
        assert not where.open("moved").allowed
        os.truncate(where.place / "moved", 0)  # opens nothing
        assert where.open("moved").allowed


def test_a_remembered_file_is_asked_about_again_once_it_changed(
    where: Namespace,
) -> None:
    path = where.write("file", b"x" * len(EICAR))
    with guard(where, choice=OPEN) as running:
        assert where.open("file").allowed
        before = path.stat()
        path.write_bytes(EICAR)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_mtime_ns == before.st_mtime_ns
        assert not where.open("file").allowed
        running.wait_for(name="file", side="deny")


@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "closed"])
def test_a_change_through_a_mapping_does_not_pass_by_what_is_remembered(
    where: Namespace, *, mapped: bool
) -> None:
    path = where.write("file", b"x" * 4096)
    with guard(where, choice={**OPEN, "first": False}):
        with path.open("r+b") as file, mmap.mmap(file.fileno(), 4096) as memory:
            memory[0] = memory[0]  # from here on its times need not move
            time.sleep(0.3)
            assert where.open("file").allowed
            memory[: len(EICAR)] = EICAR
            if mapped:
                assert not where.open("file").allowed
        assert not where.open("file").allowed


@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "closed"])
def test_a_change_through_a_mapping_that_began_later_is_seen(
    where: Namespace, *, mapped: bool
) -> None:
    path = where.write("file", b"x" * 4096)
    with guard(where, choice={**OPEN, "first": False}):
        assert where.open("file").allowed
        assert where.open("file").allowed
        with path.open("r+b") as file, mmap.mmap(file.fileno(), 4096) as memory:
            assert memory[0] == ord("x")  # on a tmpfs it may be written from here on
            memory[: len(EICAR)] = EICAR
            if mapped:
                assert not where.open("file").allowed
        assert not where.open("file").allowed


def test_what_is_remembered_is_not_asked_about(where: Namespace) -> None:
    with guard(where, choice={**OPEN, "first": False}) as running:
        for _ in range(5):
            assert where.open("clean").allowed
        summary = running.end()
    assert summary["asked"] == 1
    assert summary["remembered"] == 4


@pytest.mark.parametrize("allowed", [True, False])
def test_what_could_not_be_scanned_is_answered_as_chosen(
    where: Namespace, *, allowed: bool
) -> None:
    where.write("locked", LOCKED)
    choice = {**OPEN, "allow_unscanned": allowed}
    with guard(where, choice=choice) as running:
        assert where.open("locked").allowed is allowed
        row = running.wait_for(name="locked", what="open")
        assert row["outcome"] == "unscanned"
        assert row["reasons"] == ["encrypted"]


def test_nobody_waits_where_only_notice_is_wanted(where: Namespace) -> None:
    where.write("found", EICAR)
    choice = {**OPEN, "notify": True, "first": False}
    with guard(where, choice=choice) as running:
        assert running.gate == 0
        assert where.open("found").allowed
        running.wait_for(name="found", what="open", outcome="found", side="none")
        assert where.open("found").allowed


@pytest.mark.parametrize(
    ("choice", "allowed"),
    [
        ({"patterns": ["**/skipped/**"]}, True),
        ({"programs": [os.path.realpath(shutil.which("head") or "")]}, True),
        ({"users": [0]}, True),
        ({"patterns": ["**/other/**"], "programs": ["/bin/cat"], "users": [1]}, False),
    ],
    ids=["path", "program", "user", "none of them"],
)
def test_what_is_excluded_is_let_through(
    where: Namespace, choice: dict[str, object], *, allowed: bool
) -> None:
    (where.place / "skipped").mkdir()
    where.write("skipped/found", EICAR)
    with guard(where, choice={**OPEN, "first": False, **choice}):
        assert where.open("skipped/found").allowed is allowed
        assert where.open("skipped/found").allowed is allowed


def test_beside_the_path_nothing_is_judged(where: Namespace) -> None:
    (where.place / "in").mkdir()
    where.write("in/found", EICAR)
    where.write("found", EICAR)
    with guard(where, f"{where.folder}/in", choice=OPEN):
        assert not where.open("in/found").allowed
        assert where.open("found").allowed


def test_what_is_mounted_later_is_watched_as_well(where: Namespace) -> None:
    (where.place / "later").mkdir()
    with guard(where, choice=OPEN) as running:
        later = str(where.folder / "later")
        subprocess.run(where.inside("mount", "-t", "tmpfs", "none", later), check=True)
        path = where.place / "later" / "found"
        path.write_bytes(EICAR)
        assert eventually(lambda: not where.open("later/found").allowed)
        running.wait_for(name="found")


@pytest.mark.parametrize("containers", [True, False])
def test_another_mount_of_the_files_is_watched_if_file_systems_are(
    where: Namespace, tmp_path: Path, *, containers: bool
) -> None:
    if where.place.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this would watch the file system that the test runs on")
    where.write("found", EICAR)
    choice = {**OPEN, "containers": containers, "first": False}
    with guard(where, choice=choice):
        other = where.inside(
            *("unshare", "-m", "sh", "-c"),
            f"mount --bind {where.folder} /mnt && cat /mnt/found",
        )
        read = subprocess.run(other, capture_output=True, check=False)
        assert (read.returncode != 0) is containers
