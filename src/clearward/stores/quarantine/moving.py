"""Give a file another name, without ever taking the place of another file.

Source: renameat2(2), RENAME_NOREPLACE; linkat(2).
"""

import errno
import os

from clearward.jail import kernel

_NO_REPLACE = 1
_NO_SUCH_CALL = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def move(folder: int, name: bytes, other: bytes) -> None:
    """Rename a file within an open folder, if nothing has the other name.

    Where the file system cannot do that in one step, the file gets the other name
    beside its own one first, which fails as well if there is something.

    Raises:
        OSError: FileExistsError, or as rename(2).
    """
    try:
        number = kernel.numbers()["renameat2"]
        kernel.call(number, folder, name, folder, other, _NO_REPLACE)
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise
        os.link(
            name, other, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False
        )
        os.unlink(name, dir_fd=folder)


def name_unnamed(descriptor: int, folder: int, name: bytes) -> None:
    """Give an open file without any name (O_TMPFILE) one, if nothing else has it.

    Raises:
        OSError: FileExistsError, or as linkat(2).
    """
    os.link(
        b"/proc/self/fd/%d" % descriptor,
        name,
        dst_dir_fd=folder,
        follow_symlinks=True,
    )
