"""Attempts on what the worker holds: the file it was handed, and its channel."""

import ctypes
import struct

from clearward.jail.attacks.attempt import (
    CHANNEL,
    HERE,
    Attempt,
    Target,
    on_file,
    plain,
    scratch,
    syscall,
)

_BUFFER = scratch()
_TWO_MEGABYTES = 2 << 20
_BIG = bytes(_TWO_MEGABYTES)
_SCM_RIGHTS = 1
_SOL_SOCKET = 1
_FIOASYNC = 0x5452
_SET_FLAGS = 0x40086602  # FS_IOC_SETFLAGS
_F_SETLK, _F_SETOWN, _F_SETFL = 6, 8, 4
_F_SETLEASE, _F_ADD_SEALS, _F_SETPIPE_SZ = 1024, 1033, 1031


def _reopen(target: Target) -> int:
    return syscall("openat", HERE, f"/proc/self/fd/{target.file}".encode(), 2)


def _send_descriptor(target: Target) -> int:
    control = ctypes.create_string_buffer(
        struct.pack("<QiiI4x", 20, _SOL_SOCKET, _SCM_RIGHTS, target.file)
    )
    vector = ctypes.create_string_buffer(struct.pack("<QQ", _BUFFER, 1))
    header = ctypes.create_string_buffer(
        struct.pack(
            "<QI4xQQQQi4x",
            0,
            0,
            ctypes.addressof(vector),
            1,
            ctypes.addressof(control),
            24,
            0,
        )
    )
    return syscall("sendmsg", CHANNEL, header, 0)


def _map_shared(target: Target) -> int:
    read_write, shared = 3, 1
    return syscall("mmap", 0, 4096, read_write, shared, target.file, 0)


def _own_it(target: Target) -> int:
    return syscall("fcntl", target.file, _F_SETOWN, target.broker)


ATTEMPTS = (
    on_file("write-to-file", "write", _BUFFER, 1),
    on_file("write-to-file-at", "pwrite64", _BUFFER, 1, 0),
    on_file("cut-file-in-hand-short", "ftruncate", 0),
    on_file("reserve-space", "fallocate", 0, 0, 4096),
    on_file("change-mode-of-file-in-hand", "fchmod", 0o777),
    on_file("change-owner-of-file-in-hand", "fchown", 0, 0),
    on_file("attribute-on-file-in-hand", "fsetxattr", b"user.x", b"leak", 4, 0),
    on_file("times-of-file-in-hand", "utimensat", 0, 0, 0),
    on_file("lock-file", "flock", 1),
    on_file("lock-record", "fcntl", _F_SETLK, bytes(32)),
    on_file("lease-file", "fcntl", _F_SETLEASE, 0),
    on_file("seal-file", "fcntl", _F_ADD_SEALS, 1),
    on_file("flags-of-file", "fcntl", _F_SETFL, 0o2000),
    Attempt("signals-from-file", _own_it, "fcntl"),
    on_file("asynchronous-file", "ioctl", _FIOASYNC, _BUFFER),
    on_file("inode-flags", "ioctl", _SET_FLAGS, _BUFFER),
    on_file("advise-cache", "fadvise64", 0, 0, 4),
    on_file("flush-file", "fsync"),
    on_file("list-folder", "getdents64", _BUFFER, 4096),
    on_file("parent-of-file", "openat", b"..", 0),
    Attempt(
        "send-file", lambda target: syscall("sendfile", CHANNEL, target.file, 0, 16)
    ),
    on_file("copy-range", "copy_file_range", 0, CHANNEL, 0, 16, 0),
    on_file("splice", "splice", 0, CHANNEL, 0, 16, 0),
    Attempt("map-file-shared-writable", _map_shared),
    Attempt("reopen-file-for-writing", _reopen),
    Attempt("pass-a-descriptor-out", _send_descriptor),
    plain("write-two-megabytes-out", "write", CHANNEL, _BIG, _TWO_MEGABYTES),
    plain("write-vector-out", "writev", CHANNEL, _BUFFER, 1),
    plain("send-out", "sendto", CHANNEL, _BUFFER, 16, 0, 0, 0),
    plain("send-many-out", "sendmmsg", CHANNEL, _BUFFER, 1, 0),
    plain("write-to-standard-output", "write", 1, _BUFFER, 0),
    plain("duplicate-channel", "dup", CHANNEL),
    plain("replace-channel", "dup2", 0, CHANNEL),
    plain("channel-options", "setsockopt", CHANNEL, 1, 7, _BUFFER, 4),
    plain("name-of-channel", "getsockname", CHANNEL, _BUFFER, _BUFFER),
)
