"""Whether a change of a file from now on would show in its stamp.

Only then may what is found out about it be remembered. Three things stand against it:

* **It was changed just now.** The kernel's clock for file times moves in steps, so a
  second change within a step leaves no trace (racy-git.txt in git's documentation says
  the same of an index). The step is 10 ms at most, or whole seconds where times have
  no fraction, as in the small inodes of ext3.
* **Somebody has it open for writing.** A page that is mapped and was written once can
  be written again without a new time until it has gone to the disk; so can a write(2)
  that has begun and hangs. The kernel grants a read lease only while nobody has the
  file open for writing, mapped included, so one is asked for and given back at once.
* **Its file system does not tell**, see `mounts`.

It must be asked before the first byte is read.

Source: fcntl(2), section Leases; mm/memory.c, fault_dirty_shared_page.
"""

import errno
import signal
from fcntl import F_RDLCK, F_SETLEASE, F_UNLCK, fcntl

from clearward.jail.broker import OpenFile
from clearward.jail.mounts import Mounts

SECOND = 1_000_000_000  # nanoseconds
COARSE = 2 * SECOND  # for times in whole seconds
FINE = SECOND // 20
DIRTY = 60 * SECOND  # after which what was written has gone to the disk: the kernel
# waits 30 s (vm.dirty_expire_centisecs) and looks every 5 s
_F_SETSIG = 10


def is_steady(file: OpenFile, before: int, mounts: Mounts) -> bool:
    """Say whether any change from now on will show in the file's stamp.

    Args:
        file: open, nothing of it was read so far.
        before: a clock (`time.time_ns`) as it was before the file was opened.
        mounts: which file systems tell.
    """
    status = file.status
    changed = status.st_ctime_ns
    step = COARSE if changed % SECOND == 0 else FINE
    if changed > before - step:
        return False
    if not mounts.trusts(status.st_dev, file.descriptor):
        return False
    return _is_at_rest(file.descriptor, before - changed)


def _is_at_rest(descriptor: int, age: int) -> bool:
    """Say whether nobody has a file open for writing.

    Only its owner and root may ask the kernel. Others take a file that was changed
    long ago for one at rest: nothing of it waits to be written to the disk, so the
    next write through a mapping sets a new time.
    """
    try:
        # Whoever opens the file for writing meanwhile waits some microseconds, and we
        # are sent a signal, which is SIGIO and deadly unless another one is chosen.
        fcntl(descriptor, _F_SETSIG, signal.SIGURG)
        fcntl(descriptor, F_SETLEASE, F_RDLCK)
    except OSError as error:
        return error.errno in (errno.EACCES, errno.EPERM) and age > DIRTY
    fcntl(descriptor, F_SETLEASE, F_UNLCK)
    return True
