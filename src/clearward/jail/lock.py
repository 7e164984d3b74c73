"""Give up, step by step, everything a parser does not need.

The order matters. The zygote, before it reads any rule: namespaces while it has one
thread, then the root folder, then users and capabilities (which the two before need),
then Landlock and the first filter. A worker, after the fork: limits, then the second
filter. Nothing here can be taken back.

Every step says what it reached instead of raising: the broker measures the level from
outside as well and refuses to scan below the one that is asked for.

Source: namespaces(7), credentials(7), capabilities(7), prctl(2), setrlimit(2).
"""

import ctypes
import os
import resource
import signal
import struct
from contextlib import suppress

from clearward.jail import kernel, landlock, namespaces, policy, seccomp

NOBODY = 65534

_NEW_USER = 0x10000000

# A folder of procfs that belongs to this very process: nothing in it can be opened,
# nothing has to be made or cleaned up, and it vanishes with the process.
_EMPTY_FOLDER = "/proc/self/fdinfo"

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION_3 = 0x20080522
_MOST_CAPABILITIES = 64
_MOST_DESCRIPTORS = 1024

_libc = ctypes.CDLL(None, use_errno=True)


def enter_empty_namespaces() -> bool:
    """Leave the network, mounts, IPC, host name and control groups behind.

    Call it with one thread. An ordinary user gets a user namespace as well.
    """
    flags = 0
    for flag in namespaces.FLAGS.values():
        flags |= flag
    user, group = os.geteuid(), os.getegid()
    unshare = kernel.numbers()["unshare"]
    try:
        if user == 0:
            kernel.call(unshare, flags)
        else:
            kernel.call(unshare, flags | _NEW_USER)
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{user} {user} 1")
            _write("/proc/self/gid_map", f"{group} {group} 1")
    except OSError:
        return False
    return True


def leave_root() -> bool:
    """Make the root folder one in which nothing can be opened."""
    try:
        os.chroot(_EMPTY_FOLDER)
        os.chdir("/")
    except OSError:
        return False
    return True


def become_nobody() -> bool:
    """Change to a user and a group that own nothing. Only root can.

    The bounding set is emptied before, since it takes a capability to do so.
    """
    if os.geteuid() != 0:
        return False
    _empty_bounding_set()
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return False
    return True


def drop_capabilities() -> None:
    """Empty the bounding set and every other set of capabilities."""
    _empty_bounding_set()
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    with suppress(OSError):
        kernel.call(kernel.numbers()["capset"], header, bytes(24))


def _empty_bounding_set() -> None:
    for capability in range(_MOST_CAPABILITIES):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends.

    Not when its process does: so only the first thread of one, which ends with it, may
    start a process that asks for this (see `launch`). A parent that has ended before is
    not noticed here, but by its end of the channel being closed. A change of user
    resets this, so do it after.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def lock_zygote() -> tuple[bool, int]:
    """Take Landlock and the first filter.

    Returns:
        Whether the filter is in force, and the Landlock ABI, 0 if there is none.
    """
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    abi = 0
    with suppress(OSError):
        abi = landlock.deny_all()
    # Numbers are read now: the filter forbids opening the table.
    program = seccomp.build(policy.zygote())
    with suppress(OSError):
        seccomp.install(program)
        return True, abi
    return False, abi


def limit_data(size: int) -> None:
    """Limit the data this process may allocate, in bytes."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(
        resource.RLIMIT_DATA, (_at_most(resource.RLIMIT_DATA, size), hard)
    )


def _at_most(limit: int, most: int) -> int:
    """Return `most`, or what is allowed at most if that is less."""
    hard = resource.getrlimit(limit)[1]
    return most if hard == resource.RLIM_INFINITY else min(most, hard)


def limit_worker(memory: int, seconds: int) -> None:
    """Set the resource limits of a worker.

    DATA and not AS is limited: the YARA engine reserves gigabytes of address space that
    it never touches. CPU is limited for a worker that nobody waits for, or whose broker
    was stopped; in all other cases the broker's deadline comes first. It is told by
    SIGXCPU, and killed a second later if that does not end it.

    Args:
        memory: bytes of data, the zygote's own included.
        seconds: of processor time in its whole life.
    """
    limits = {
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NOFILE: _MOST_DESCRIPTORS,
        resource.RLIMIT_DATA: memory,
    }
    for limit, most in limits.items():
        allowed = _at_most(limit, most)
        resource.setrlimit(limit, (allowed, allowed))
    hard = _at_most(resource.RLIMIT_CPU, seconds + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, hard), hard))


def lock_worker(channel: int, *, required: bool) -> None:
    """Take the second filter. After this, only `channel` can be written to.

    Args:
        channel: the worker's socket.
        required: the zygote has the first filter, so this one must be possible.

    Raises:
        OSError: the kernel refused although it is required.
    """
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    try:
        seccomp.install(seccomp.build(policy.worker(channel, os.getpid())))
    except OSError:
        if required:
            raise


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
