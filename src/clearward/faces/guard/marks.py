"""Which mounts are watched for a path.

A mark on a mount sees what is opened through that mount, and nothing of the mounts
below it, nor of the same files in another mount namespace, such as a container's. So
every mount below a path has a mark of its own, and for containers it is put on the file
system.

Source: proc_pid_mountinfo(5); fanotify_mark(2).
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from clearward.core.errors import Refused

KINDS_FILE = os.path.join(os.path.dirname(__file__), "file_systems.txt")
_OCTAL = re.compile(rb"\\([0-7]{3})")
_LEAST_FIELDS = 7


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo.

    Attributes:
        number: of the mount, good until it is unmounted.
        place: where it is mounted.
        kind: of its file system, such as ``"ext4"``.
    """

    number: int
    place: bytes
    kind: str

    @property
    def word(self) -> str:
        """What `file_systems.txt` says about its kind; empty for nothing."""
        kind = "fuse" if self.kind.startswith("fuse.") else self.kind
        return _kinds().get(kind, "")


def parse_mounts(text: bytes) -> Iterator[Mount]:
    """Read mountinfo; lines of another shape are passed over."""
    for line in text.splitlines():
        front, mark, behind = line.partition(b" - ")
        fields = front.split(b" ")
        if not (mark and len(fields) >= _LEAST_FIELDS - 1 and fields[0].isdigit()):
            continue
        place = _OCTAL.sub(lambda found: bytes([int(found[1], 8) & 0xFF]), fields[4])
        yield Mount(int(fields[0]), place, os.fsdecode(behind.split(b" ")[0]))


def mounts() -> list[Mount]:
    """The mounts of this mount namespace."""
    with open("/proc/self/mountinfo", "rb") as file:
        return list(parse_mounts(file.read()))


@dataclass(frozen=True, slots=True)
class Root:
    """A path that is guarded.

    Attributes:
        path: without links.
        mount: number of the mount it lies on.
    """

    path: bytes
    mount: int


def root(path: str) -> Root:
    """Look at a path to guard.

    Raises:
        Refused: it is not there, is no folder, or is none of a file system with files.
    """
    real = os.path.realpath(path)
    try:
        opened = os.open(real, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise Refused(f"{path}: cannot be guarded: {error.strerror}") from error
    try:
        number = mount_number(opened)
    finally:
        os.close(opened)
    for mount in mounts():
        if mount.number == number and mount.word == "none":
            raise Refused(f"{path}: cannot be guarded: {mount.kind} holds no files")
    return Root(os.fsencode(real), number)


def mount_number(descriptor: int) -> int:
    """The number of the mount through which something was opened."""
    with open(f"/proc/self/fdinfo/{descriptor}", encoding="ascii") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name == "mnt_id":
                return int(value)
    return -1


def watched(roots: tuple[Root, ...], among: list[Mount]) -> list[Mount]:
    """The mounts to watch for some paths: theirs, and what is mounted below."""
    return [mount for mount in among if any(_belongs(mount, each) for each in roots)]


def is_whole(roots: tuple[Root, ...], among: list[Mount]) -> bool:
    """Say whether every path is where its mount is: nothing lies outside then."""
    places = {(mount.number, mount.place) for mount in among}
    return all((each.mount, each.path) in places for each in roots)


def is_below(path: bytes, root: bytes) -> bool:
    """Say whether a path lies below another one."""
    return path.startswith(root.rstrip(b"/") + b"/") and path != root


def _belongs(mount: Mount, to: Root) -> bool:
    if mount.number == to.mount:
        return True
    return is_below(mount.place, to.path) and mount.word not in {"none", "asked"}


@cache
def _kinds() -> dict[str, str]:
    with open(KINDS_FILE, encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith(("#", "\n"))]
    return dict(rows)
