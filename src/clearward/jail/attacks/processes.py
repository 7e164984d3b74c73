"""Attempts on processes: new ones, others, and the worker's own locks."""

import ctypes
import os
import struct

from clearward.jail.attacks.attempt import (
    CHANNEL,
    HERE,
    Attempt,
    Target,
    plain,
    scratch,
    syscall,
)

_BUFFER = scratch()
_SIGCHLD = 17
_NEW_USER = 0x10000000
_VFORK = 0x4100 | _SIGCHLD
_ATTACH, _SEIZE = 16, 0x4206
_SAME_MEMORY = 1  # KCMP_VM
_QUEUED = struct.pack("<iii116x", 0, 0, -1)  # SI_QUEUE: what a process may send

# A filter that allows everything: one instruction, and where it is.
_ALLOW_ALL = ctypes.create_string_buffer(struct.pack("<HBBI", 6, 0, 0, 0x7FFF0000), 8)
_FILTER = struct.pack("<H6xQ", 1, ctypes.addressof(_ALLOW_ALL))


def _leave_child(made: int) -> int:
    """A fork that worked returns twice; the copy ends here."""
    if made == 0:
        os._exit(0)
    return made


def _fork(_: Target) -> int:
    return _leave_child(syscall("fork"))


def _clone(_: Target) -> int:
    return _leave_child(syscall("clone", _SIGCHLD, 0, 0, 0, 0))


def _clone_user(_: Target) -> int:
    return _leave_child(syscall("clone", _NEW_USER | _SIGCHLD, 0, 0, 0, 0))


def _clone3(_: Target) -> int:
    arguments = struct.pack("<8Q", 0, 0, 0, 0, _SIGCHLD, 0, 0, 0)
    return _leave_child(syscall("clone3", arguments, len(arguments)))


def _thread(_: Target) -> int:
    flags = 0x3D0F00  # as pthread_create asks for it, with no stack
    return _leave_child(syscall("clone", flags, 0, 0, 0, 0))


def _vectors() -> tuple[ctypes.Array[ctypes.c_char], ctypes.Array[ctypes.c_char]]:
    vector = struct.pack("<QQ", _BUFFER, 64)
    return ctypes.create_string_buffer(vector), ctypes.create_string_buffer(vector)


def _read_broker(target: Target) -> int:
    ours, theirs = _vectors()
    return syscall("process_vm_readv", target.broker, ours, 1, theirs, 1, 0)


def _write_broker(target: Target) -> int:
    ours, theirs = _vectors()
    return syscall("process_vm_writev", target.broker, ours, 1, theirs, 1, 0)


def _open_broker_memory(target: Target) -> int:
    return syscall("openat", HERE, f"/proc/{target.broker}/mem".encode(), 2)


def _at_broker(name: str, call: str, *arguments: int | bytes) -> Attempt:
    return Attempt(name, lambda target: syscall(call, target.broker, *arguments))


ATTEMPTS = (
    Attempt("fork", _fork, "fork"),
    Attempt("clone", _clone),
    Attempt("clone-user-namespace", _clone_user),
    Attempt("clone3", _clone3),
    Attempt("thread", _thread),
    plain("execute-program", "execve", b"/bin/true", 0, 0),
    plain("execute-descriptor", "execveat", CHANNEL, b"", 0, 0, 0x1000),
    Attempt("trace-broker", lambda t: syscall("ptrace", _ATTACH, t.broker, 0, 0)),
    Attempt("seize-broker", lambda t: syscall("ptrace", _SEIZE, t.broker, 0, 0)),
    plain("be-traced", "ptrace", 0, 0, 0, 0),
    Attempt("read-memory-of-broker", _read_broker),
    Attempt("write-memory-of-broker", _write_broker),
    Attempt("open-memory-of-broker", _open_broker_memory),
    _at_broker("descriptor-of-broker", "pidfd_open", 0),
    plain("take-descriptor-of-process", "pidfd_getfd", CHANNEL, 0, 0),
    _at_broker("signal-broker", "kill", 0),
    _at_broker("signal-thread-of-broker", "tkill", 0),
    Attempt(
        "signal-group-of-broker", lambda t: syscall("tgkill", t.broker, t.broker, 0)
    ),
    _at_broker("queue-signal-to-broker", "rt_sigqueueinfo", 0, _QUEUED),
    plain("signal-everyone", "kill", -1, 0),
    Attempt(
        "compare-with-broker",
        lambda t: syscall("kcmp", os.getpid(), t.broker, _SAME_MEMORY, 0, 0),
    ),
    _at_broker("limits-of-broker", "prlimit64", 7, 0, bytes(16)),
    _at_broker("processors-of-broker", "sched_setaffinity", 8, b"\1" + bytes(7)),
    plain("priority", "setpriority", 0, 0, 5),
    plain("scheduler", "sched_setscheduler", 0, 0, bytes(8)),
    plain("join-namespace", "setns", CHANNEL, 0),
    plain("new-user-namespace", "unshare", _NEW_USER),
    plain("new-session", "setsid"),
    plain("change-user", "setuid", 0),
    plain("change-group", "setgid", 0),
    plain("change-groups", "setgroups", 0, 0),
    plain(
        "change-capabilities", "capset", struct.pack("<Ii", 0x20080522, 0), bytes(24)
    ),
    plain("new-privileges", "prctl", 38, 0, 0, 0, 0),
    plain("be-dumpable", "prctl", 4, 1, 0, 0, 0),
    plain("change-filter-by-prctl", "prctl", 22, 2, _BUFFER, 0, 0),
    plain("change-filter", "seccomp", 1, 0, _FILTER),
    plain("listen-to-filter", "seccomp", 1, 8, _FILTER),
    plain("change-landlock", "landlock_create_ruleset", b"\1" + bytes(7), 8, 0),
    plain("raise-limit", "setrlimit", 1, struct.pack("<QQ", 1 << 60, 1 << 60)),
    plain(
        "raise-limit-new-call",
        "prlimit64",
        0,
        1,
        struct.pack("<QQ", 1 << 60, 1 << 60),
        0,
    ),
    plain("interval-timer", "setitimer", 0, bytes(32), 0),
    plain("personality", "personality", 0x0040000),
    plain("account-processes", "acct", 0),
)
