"""Which file systems tell of every change in the stamps of a file.

What is remembered of a file hangs on its inode, size and times. That is worth something
only where this very kernel keeps the time of the last change, and nobody else can write
one. So files are remembered on the file systems named below and on no others: not on

* network file systems and FUSE, where a server says what times it likes;
* procfs, sysfs and others that make content up as it is read;
* tmpfs and ramfs, which do not tell of writes through a mapping;
* vfat and exfat, whose inodes are numbered anew and whose times are coarse;
* disks that come and go, loop and network block devices: their inodes and times may
  have been written by another machine, under the same device number.

Source: proc_pid_mountinfo(5), proc_pid_fdinfo(5), sysfs; docs/decisions/0023.
"""

import os
import re
import select
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

HONEST = frozenset(
    ("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs", "zfs", "overlay")
)
_TABLE = "/proc/self/mountinfo"
_BLOCK = "/sys/dev/block"
_FOREIGN = re.compile(r"/(?:usb|loop|nbd)\d")  # in the place of a device in sysfs
_CHANGED = select.POLLPRI | select.POLLERR
_ESCAPED = re.compile(rb"\\([0-7]{3})")
_MOST_SLAVES = 64  # devices that one device is made of, all levels together


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table.

    Attributes:
        number: of the mount.
        device: as `os.stat_result.st_dev` has it; not always that of its files.
        type: of the file system.
        source: what was mounted.
    """

    number: int
    device: int
    type: str
    source: bytes


class Mounts:
    """Says whether files on a device may be remembered. Use `close` at the end.

    Answers are kept until the kernel says that a mount has changed.
    """

    def __init__(self) -> None:
        self._answers: dict[int, bool] = {}
        self._table: list[Mount] = []
        self._descriptor = -1
        self._poll = select.poll()
        with suppress(OSError):
            self._descriptor = os.open(_TABLE, os.O_RDONLY | os.O_CLOEXEC)
            self._poll.register(self._descriptor, _CHANGED)
            self._read()

    def trusts(self, device: int, descriptor: int | None = None) -> bool:
        """Say whether the stamps of files on a device tell of every change.

        Args:
            device: of the files.
            descriptor: of something open on it, which is asked where the table of
                mounts does not name the device, as with subvolumes.
        """
        if self._descriptor < 0:
            return False
        if self._poll.poll(0):
            self._answers.clear()
            self._read()
        answer = self._answers.get(device)
        if answer is None:
            mounts = [mount for mount in self._table if mount.device == device]
            if not mounts and descriptor is not None:
                mounts = self._mount_of(descriptor)
            elif not mounts:
                return False
            answer = bool(mounts) and all(map(_is_honest, mounts))
            self._answers[device] = answer
        return answer

    def close(self) -> None:
        """Let go of the table; nothing is trusted from now on."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _read(self) -> None:
        data, offset = bytearray(), 0
        while piece := os.pread(self._descriptor, 1 << 16, offset):
            data += piece
            offset += len(piece)
        self._table = list(_mounts(bytes(data)))

    def _mount_of(self, descriptor: int) -> list[Mount]:
        """Find the mount that something was opened through, in a list of one."""
        try:
            with open(f"/proc/self/fdinfo/{descriptor}", "rb") as file:
                fields = dict(line.split(b":", 1) for line in file if b":" in line)
        except (OSError, ValueError):
            return []
        number = int(fields.get(b"mnt_id", b"-1"))
        return [mount for mount in self._table if mount.number == number]


def _mounts(table: bytes) -> Iterator[Mount]:
    for line in table.splitlines():
        front, _, behind = line.partition(b" - ")
        number, _, device, *_ = front.split(b" ")
        kind, source, *_ = behind.split(b" ")
        major, _, minor = device.partition(b":")
        yield Mount(
            int(number),
            os.makedev(int(major), int(minor)),
            kind.decode("ascii", "replace"),
            _ESCAPED.sub(lambda found: bytes((int(found[1], 8) & 0xFF,)), source),
        )


def _is_honest(mount: Mount) -> bool:
    if mount.type not in HONEST:
        return False
    device = mount.device
    if not os.major(device):  # several disks may lie below it, and this is the first
        try:
            status = os.stat(mount.source)
        except (OSError, ValueError):
            return True
        if not stat.S_ISBLK(status.st_mode):
            return True
        device = status.st_rdev
    place = os.path.realpath(f"{_BLOCK}/{os.major(device)}:{os.minor(device)}")
    return not is_foreign(place)


def is_foreign(place: str) -> bool:
    """Say whether a block device comes and goes, or is somebody else's.

    Args:
        place: its folder in sysfs, without links; of a device that is made of others,
            such as an encrypted one, these are looked at as well.
    """
    waiting, seen = [place], 0
    while waiting and seen < _MOST_SLAVES:
        place = waiting.pop()
        seen += 1
        if _FOREIGN.search(place) or _says(place, "device/type") == "SD":
            return True
        if "1" in (_says(place, "removable"), _says(f"{place}/..", "removable")):
            return True
        with suppress(OSError):
            slaves = os.listdir(f"{place}/slaves")
            waiting += [os.path.realpath(f"{place}/slaves/{one}") for one in slaves]
    return bool(waiting)


def _says(place: str, name: str) -> str:
    try:
        with open(f"{place}/{name}", encoding="ascii", errors="replace") as file:
            return file.read(64).strip()
    except OSError:
        return ""
