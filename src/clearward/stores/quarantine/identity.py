"""What tells one file from another, and from itself at another time."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A file as it was at one moment.

    Every write and every change of mode, owner or name moves the change time, which
    nobody can set; so two equal identities are the same file with the same content.

    Attributes:
        device: of its file system.
        inode: in that.
        size: bytes.
        modified: time of the last write, in ns since 1970.
        changed: time of the last change of any kind, in ns since 1970.
    """

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Identity":
        """Return what a status says, such as `OpenFile.status` of the broker."""
        return cls(
            status.st_dev,
            status.st_ino,
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
        )

    def is_file(self, status: os.stat_result) -> bool:
        """Say whether it is the same file, whatever became of it."""
        return (status.st_dev, status.st_ino) == (self.device, self.inode)

    def has_content(self, status: os.stat_result) -> bool:
        """Say whether it is the same file and was not written to.

        Other than an equal identity this bears being renamed.
        """
        return (
            self.is_file(status)
            and status.st_size == self.size
            and status.st_mtime_ns == self.modified
        )
