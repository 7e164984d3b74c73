"""Behaviour of the table of mounts: which file systems are trusted."""

import os
import select
from pathlib import Path

import pytest
from support.forked import forked, mount, needs_own_mounts, own_mounts

from clearward.jail import mounts
from clearward.jail.mounts import HONEST, Mounts, is_foreign


@pytest.mark.parametrize("path", ["/proc", "/sys", "/dev/shm"])  # noqa: S108 - a mount
def test_made_up_content_and_memory_are_not_trusted(path: str) -> None:
    if not os.path.ismount(path):
        pytest.skip(f"{path} is not mounted here")
    table = Mounts()
    opened = os.open(path, os.O_RDONLY)
    assert not table.trusts(os.stat(path).st_dev, opened)
    os.close(opened)
    table.close()


def test_nothing_is_trusted_that_is_not_in_the_table() -> None:
    table = Mounts()
    assert not table.trusts(os.makedev(0, 4_000_000))
    table.close()


def test_nothing_is_trusted_once_it_is_closed() -> None:
    table = Mounts()
    table.close()
    assert not table.trusts(os.stat("/").st_dev)
    table.close()


def told(line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mounts:
    """A table that consists of one line."""
    place = tmp_path / "table"
    place.write_text(f"{line}\n")
    monkeypatch.setattr(mounts, "_TABLE", str(place))
    table = Mounts.__new__(Mounts)
    table._answers = {}  # noqa: SLF001 - a file cannot be polled as the kernel's can
    table._descriptor = os.open(place, os.O_RDONLY)  # noqa: SLF001
    table._poll = select.poll()  # noqa: SLF001
    table._read()  # noqa: SLF001
    return table


@pytest.mark.parametrize(
    "kind",
    [*sorted(HONEST), "nfs4", "cifs", "fuse.sshfs", "9p", "vfat", "tmpfs", "proc"],
)
def test_the_kind_of_a_file_system_decides(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line = f"36 35 0:99 / /mnt rw,noatime shared:1 - {kind} none rw"
    table = told(line, monkeypatch, tmp_path)
    assert table.trusts(os.makedev(0, 99)) is (kind in HONEST)
    table.close()


def test_a_device_that_the_table_does_not_name_is_asked_for_by_what_is_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = os.open(tmp_path, os.O_RDONLY)
    text = Path(f"/proc/self/fdinfo/{opened}").read_text("ascii")
    number = dict(line.split(":", 1) for line in text.splitlines())["mnt_id"].strip()
    line = f"{number} 35 0:99 / /mnt rw - btrfs none rw"
    table = told(line, monkeypatch, tmp_path)
    subvolume = os.makedev(0, 123)
    assert not table.trusts(subvolume)
    assert table.trusts(subvolume, opened)
    table.close()
    os.close(opened)


def test_one_mount_that_is_not_trusted_is_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = "1 0 0:9 / /a rw - ext4 none rw\n2 0 0:9 / /b rw - fuse none rw"
    table = told(lines, monkeypatch, tmp_path)
    assert not table.trusts(os.makedev(0, 9))
    table.close()


def test_a_change_of_the_mounts_is_seen(tmp_path: Path) -> None:
    needs_own_mounts()

    def changed() -> list[bool]:
        own_mounts()
        table = Mounts()
        wrong = table.trusts(os.stat(tmp_path).st_dev)
        mount(b"tmpfs", os.fsencode(tmp_path))
        table._answers[os.stat(tmp_path).st_dev] = True  # noqa: SLF001 - as if before
        return [wrong, table.trusts(os.stat(tmp_path).st_dev)]

    assert forked(changed)[1] is False


def device(folder: Path, **files: str) -> str:
    """A block device as sysfs shows it."""
    for name, text in files.items():
        place = folder / name.replace("__", "/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{text}\n")
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def test_disks_that_come_and_go_are_foreign(tmp_path: Path) -> None:
    fixed = device(tmp_path / "block/sda", removable="0")
    assert not is_foreign(fixed)
    assert not is_foreign(device(tmp_path / "block/sda/sda1"))
    stick = device(tmp_path / "block/sdb", removable="1")
    assert is_foreign(stick)
    assert is_foreign(device(tmp_path / "block/sdb/sdb1"))
    assert is_foreign(device(tmp_path / "mmcblk0", device__type="SD"))
    assert not is_foreign(device(tmp_path / "mmcblk1", device__type="MMC"))
    assert is_foreign(device(tmp_path / "usb2/2-1/block/sdc", removable="0"))
    assert is_foreign(device(tmp_path / "virtual/block/loop0", removable="0"))
    assert is_foreign(device(tmp_path / "virtual/block/nbd0", removable="0"))


def test_what_a_device_is_made_of_counts(tmp_path: Path) -> None:
    stick = device(tmp_path / "usb1/block/sdb", removable="0")
    slaves = Path(device(tmp_path / "virtual/block/dm-0", removable="0")) / "slaves"
    slaves.mkdir()
    assert not is_foreign(str(slaves.parent))
    (slaves / "sdb").symlink_to(stick)
    assert is_foreign(str(slaves.parent))


def test_devices_that_are_made_of_each_other_come_to_an_end(tmp_path: Path) -> None:
    one = Path(device(tmp_path / "dm-0", removable="0"))
    (one / "slaves").mkdir()
    (one / "slaves/dm-0").symlink_to(one)
    assert is_foreign(str(one))
