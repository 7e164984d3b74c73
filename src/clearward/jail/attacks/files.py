"""Attempts on the file system: open, look at, change, make, remove."""

from clearward.jail.attacks.attempt import (
    HERE,
    NEIGHBOUR,
    plain,
    scratch,
)

_READ_WRITE_CREATE = 0o2 | 0o100
_NOWHERE = b"clearward-prove"
_BUFFER = scratch()


ATTEMPTS = (
    plain("open-file", "openat", HERE, NEIGHBOUR, 0),
    plain("open-file-old-call", "open", NEIGHBOUR, 0),
    plain("open-root-folder", "openat", HERE, b"/", 0o200000),
    plain("open-with-openat2", "openat2", HERE, NEIGHBOUR, bytes(24), 24),
    plain("open-own-memory", "openat", HERE, b"/proc/self/mem", 2),
    plain("open-own-environment", "openat", HERE, b"/proc/self/environ", 0),
    plain("open-terminal", "openat", HERE, b"/dev/tty", 2),
    plain("open-disk", "openat", HERE, b"/dev/sda", 0),
    plain("open-by-handle", "open_by_handle_at", HERE, _BUFFER, 0),
    plain("create-file", "openat", HERE, _NOWHERE, _READ_WRITE_CREATE, 0o600),
    plain("create-file-old-call", "creat", _NOWHERE, 0o600),
    plain("create-hidden-file", "openat", HERE, b"/tmp", 0o20200000 | 2, 0o600),
    plain("stat-file", "stat", NEIGHBOUR, _BUFFER),
    plain("statx-file", "statx", HERE, NEIGHBOUR, 0, 0xFFF, _BUFFER),
    plain("statfs", "statfs", b"/", _BUFFER),
    plain("access-file", "faccessat", HERE, NEIGHBOUR, 0),
    plain("read-link", "readlinkat", HERE, b"/proc/self/exe", _BUFFER, 4096),
    plain("working-folder", "getcwd", _BUFFER, 4096),
    plain("change-folder", "chdir", b"/"),
    plain("change-root", "chroot", b"/"),
    plain("pivot-root", "pivot_root", _NOWHERE, _NOWHERE),
    plain("change-mode", "fchmodat", HERE, _NOWHERE, 0o777),
    plain("change-owner", "fchownat", HERE, _NOWHERE, 0, 0, 0),
    plain("change-times", "utimensat", HERE, _NOWHERE, 0, 0),
    plain("write-extended-attribute", "setxattr", _NOWHERE, b"user.x", b"leak", 4, 0),
    plain("read-extended-attribute", "getxattr", NEIGHBOUR, b"user.x", _BUFFER, 64),
    plain("remove-file", "unlinkat", HERE, _NOWHERE, 0),
    plain("rename-file", "renameat2", HERE, _NOWHERE, HERE, _NOWHERE, 0),
    plain("make-folder", "mkdirat", HERE, _NOWHERE, 0o700),
    plain("make-link", "symlinkat", NEIGHBOUR, HERE, _NOWHERE),
    plain("make-hard-link", "linkat", HERE, _NOWHERE, HERE, _NOWHERE, 0),
    plain("make-fifo", "mknodat", HERE, _NOWHERE, 0o010600, 0),
    plain("cut-file-short", "truncate", _NOWHERE, 0),
    plain("mount", "mount", b"none", _NOWHERE, b"tmpfs", 0, 0),
    plain("mount-new-interface", "fsopen", b"tmpfs", 0),
    plain("unmount", "umount2", _NOWHERE, 0),
    plain("watch-files", "inotify_init1", 0),
    plain("watch-all-files", "fanotify_init", 0, 0),
)
