"""Behaviour of giving back: the same file, or nothing at all."""

import hashlib
import os
import shutil
import stat
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.forked import forked, needs_own_mounts, own_mounts
from support.quarantine import CONTENT, add, kept, left, less_able, opened, take

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.jail import kernel
from clearward.stores.quarantine import restoring
from clearward.stores.quarantine.attributes import Attributes, give
from clearward.stores.quarantine.container import Reader
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.record import Record

CAPABILITY = struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0)


def give_back(
    home: Path, identifier: str, to: Path | None = None, *, overwrite: bool = False
) -> tuple[str, ...]:
    with opened(home) as quarantine:
        target = None if to is None else bytes(to)
        return quarantine.restore(identifier, target, overwrite=overwrite).missing


@pytest.fixture(params=[True, False], ids=["unnamed", "named"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run with files without a name and, as on some file systems, without."""
    if not request.param:
        less_able(monkeypatch)


def everything(path: Path) -> dict[str, object]:
    """All of a file that can be compared."""
    status = path.stat()
    return {
        "content": path.read_bytes(),
        "mode": stat.S_IMODE(status.st_mode),
        "owner": (status.st_uid, status.st_gid),
        "modified": status.st_mtime_ns,
        "extended": {name: os.getxattr(path, name) for name in os.listxattr(path)},
    }


def dress(path: Path) -> None:
    """Give a file all that a file can have here."""
    if os.geteuid() == 0:
        os.chown(path, 4321, 4322)
    path.chmod(0o6751)
    os.setxattr(path, "user.origin", b"mail\0raw\xff")
    if os.geteuid() == 0:
        os.setxattr(path, "security.capability", CAPABILITY)
        os.setxattr(path, "trusted.note", b"kept")
    if shutil.which("setfacl"):
        subprocess.run(["setfacl", "-m", "u:4323:rwx,g:4324:r", path], check=False)
    os.utime(path, ns=(1_234_567_890_123_456_789, 987_654_321_987_654_321))


@pytest.mark.usefixtures("way")
def test_a_file_comes_back_as_it_was(home: Path, file: Path) -> None:
    dress(file)
    accessed = file.stat().st_atime_ns
    before = everything(file)
    os.utime(file, ns=(accessed, before["modified"]))  # type: ignore[arg-type]
    record = take(home, file)
    assert give_back(home, record.identifier) == ()
    assert file.stat().st_atime_ns == accessed
    assert everything(file) == before
    assert left(home) == set()
    assert os.listdir(file.parent) == ["bad"]


def test_nothing_is_left_open(home: Path, file: Path) -> None:
    record = take(home, file)
    before = descriptors()
    give_back(home, record.identifier)
    assert descriptors() == before


def test_holes_stay_holes(home: Path, file: Path) -> None:
    with file.open("r+b") as grown:
        grown.truncate(1 << 30)
        grown.seek(1 << 29)
        grown.write(b"in the middle")
    digest = hashlib.sha256()
    with file.open("rb") as whole:
        while piece := whole.read(1 << 20):
            digest.update(piece)
    if file.stat().st_blocks * 512 > 1 << 20:
        pytest.skip("this file system keeps no holes")
    record = take(home, file)
    assert record.digest == digest.hexdigest()
    (entry,) = (home / "quarantine").iterdir()
    assert entry.stat().st_size < 1 << 20
    give_back(home, record.identifier)
    assert file.stat().st_size == 1 << 30
    assert file.stat().st_blocks * 512 < 1 << 20
    with file.open("rb") as back:
        assert back.read(len(CONTENT)) == CONTENT
        back.seek(1 << 29)
        assert back.read(13) == b"in the middle"


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "folder"])
def test_a_name_that_is_taken_is_left(home: Path, file: Path, kind: str) -> None:
    record = take(home, file)
    elsewhere = file.with_name("elsewhere")
    if kind == "file":
        file.write_bytes(b"another")
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to(elsewhere)
    if kind == "link":
        elsewhere.write_bytes(b"precious")
    with pytest.raises(Refused, match=r"and stays"):
        give_back(home, record.identifier)
    assert len(kept(home)) == 1
    assert left(home) == {"kept"}
    if kind == "file":
        assert file.read_bytes() == b"another"
    if kind == "link":
        assert elsewhere.read_bytes() == b"precious"
    if kind == "dangling link":
        assert not elsewhere.exists()


@pytest.mark.usefixtures("way")
def test_a_name_taken_at_the_last_moment_is_left(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = take(home, file)
    real = give

    def late(descriptor: int, wanted: Attributes) -> tuple[str, ...]:
        file.write_bytes(b"another")
        return real(descriptor, wanted)

    monkeypatch.setattr(restoring, "give", late)
    with pytest.raises(Refused, match="is there already"):
        give_back(home, record.identifier)
    assert file.read_bytes() == b"another"
    assert os.listdir(file.parent) == ["bad"]
    assert len(kept(home)) == 1


@pytest.mark.usefixtures("way")
def test_a_file_is_replaced_if_that_is_asked(home: Path, file: Path) -> None:
    record = take(home, file)
    elsewhere = file.with_name("elsewhere")
    elsewhere.write_bytes(b"precious")
    file.symlink_to(elsewhere)
    give_back(home, record.identifier, overwrite=True)
    assert not file.is_symlink()
    assert file.read_bytes() == CONTENT
    assert elsewhere.read_bytes() == b"precious"
    assert sorted(os.listdir(file.parent)) == ["bad", "elsewhere"]


def test_a_folder_is_not_replaced(home: Path, file: Path) -> None:
    record = take(home, file)
    file.mkdir()
    with pytest.raises(Refused, match="is a folder"):
        give_back(home, record.identifier, overwrite=True)


def test_a_folder_that_became_a_link_is_not_entered(
    home: Path, file: Path, tmp_path: Path
) -> None:
    record = take(home, file)
    (tmp_path / "victim").mkdir()
    file.parent.rmdir()
    file.parent.symlink_to(tmp_path / "victim")
    with pytest.raises(Refused, match="a link is on the way"):
        give_back(home, record.identifier)
    assert not os.listdir(tmp_path / "victim")
    assert len(kept(home)) == 1


def test_a_file_is_given_back_elsewhere(home: Path, file: Path, folder: Path) -> None:
    record = take(home, file)
    give_back(home, record.identifier, folder / "other")
    assert (folder / "other").read_bytes() == CONTENT
    again = add(home, folder / "other")
    (folder / "below").mkdir()
    give_back(home, again.identifier, folder / "below")
    assert (folder / "below" / "other").read_bytes() == CONTENT


def test_elsewhere_is_not_through_a_link(home: Path, file: Path, folder: Path) -> None:
    record = take(home, file)
    (folder / "link").symlink_to(folder)
    with pytest.raises(Refused, match="leads through a link"):
        give_back(home, record.identifier, folder / "link" / "other")
    assert os.listdir(folder) == ["link"]


def test_a_folder_that_is_gone_is_told(home: Path, file: Path) -> None:
    record = take(home, file)
    file.parent.rmdir()
    with pytest.raises(Unavailable, match="its folder cannot be opened"):
        give_back(home, record.identifier)
    assert len(kept(home)) == 1


def test_a_full_disk_leaves_the_entry(home: Path, file: Path) -> None:
    needs_own_mounts()
    file.write_bytes(os.urandom(1_000_000))
    record = take(home, file)

    def told() -> list[str]:
        own_mounts()
        number = kernel.numbers()["mount"]
        kernel.call(number, b"none", bytes(file.parent), b"tmpfs", 0, b"size=128k")
        try:
            give_back(home, record.identifier)
        except ClearwardError as error:
            return [str(error), *os.listdir(file.parent)]
        return []

    assert forked(told) == [f"{file}: cannot be written: No space left on device"]
    assert len(kept(home)) == 1
    assert left(home) == {"kept"}


def test_a_damaged_entry_gives_nothing_back(home: Path, file: Path) -> None:
    record = take(home, file)
    (entry,) = (home / "quarantine").iterdir()
    with entry.open("r+b") as changed:
        changed.seek(100)
        changed.write(b"?")
    with pytest.raises(Damaged):
        give_back(home, record.identifier)
    assert not list(file.parent.iterdir())
    assert left(home) == {"kept"}


def test_what_does_not_have_the_digest_is_not_given_back(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else it was sealed with."""
    record = take(home, file)
    with monkeypatch.context() as context:
        context.setattr(
            Record, "from_json", lambda _: replace(record, digest="00" * 32)
        )
        with pytest.raises(Damaged, match="does not hold what the file did"):
            give_back(home, record.identifier)
    assert not list(file.parent.iterdir())
    assert len(kept(home)) == 1


def test_a_name_that_is_taken_is_noticed_before_anything_is_written(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = take(home, file)
    file.write_bytes(b"another")

    def content(_: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(Reader, "content", content)
    with pytest.raises(Refused, match="is there already"):
        give_back(home, record.identifier)


def test_nobody_sees_the_file_before_it_is_whole(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = take(home, file)
    seen = []
    real = give

    def looking(descriptor: int, wanted: Attributes) -> tuple[str, ...]:
        seen.append(os.listdir(file.parent))
        assert stat.S_IMODE(os.fstat(descriptor).st_mode) == 0o600
        return real(descriptor, wanted)

    monkeypatch.setattr(restoring, "give", looking)
    give_back(home, record.identifier)
    assert seen == [[]]
