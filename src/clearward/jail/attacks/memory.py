"""Attempts on memory and on the kernel itself, also through other call interfaces."""

import ctypes
import mmap
import os

from clearward.jail import kernel
from clearward.jail.attacks.attempt import (
    HERE,
    NEIGHBOUR,
    Attempt,
    Target,
    plain,
    scratch,
    syscall,
)

_BUFFER = scratch()
_EXECUTABLE = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
_ANONYMOUS = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
_PAGE = mmap.PAGESIZE
_X32 = 0x40000000
_MAP_32BIT = 0x40
_I386_OPEN, _I386_SOCKETCALL = 5, 102

# int 0x80 with the number in the first and one argument in the second parameter:
#   push rbx; mov eax, edi; mov ebx, esi; xor ecx, ecx; xor edx, edx; int 0x80;
#   pop rbx; ret
_OLD_GATE = bytes.fromhex("53 89f8 89f3 31c9 31d2 cd80 5b c3".replace(" ", ""))


# What the code below runs in and points to; it must not be freed under it.
_KEPT: list[mmap.mmap] = []


def _other_interfaces() -> tuple[Attempt, ...]:
    """The call interfaces of other ABIs; the code for them is made before the lock."""
    if kernel.MACHINE != "x86_64":
        return ()
    code = mmap.mmap(-1, _PAGE, prot=_EXECUTABLE)
    code.write(_OLD_GATE)
    low = mmap.mmap(-1, _PAGE, flags=_ANONYMOUS | _MAP_32BIT)
    low.write(NEIGHBOUR + b"\0")
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int)
    gate, path = kind(_address(code)), _address(low)
    _KEPT.extend((code, low))

    def i386(number: int) -> int:
        result = int(gate(number, path))
        if result < 0:
            raise OSError(-result, os.strerror(-result))
        return result

    x32_open = _X32 | kernel.numbers()["openat"]
    return (
        Attempt("x32-interface", lambda _: kernel.call(x32_open, HERE, NEIGHBOUR, 0)),
        Attempt("i386-interface-open", lambda _: i386(_I386_OPEN)),
        Attempt("i386-interface-socket", lambda _: i386(_I386_SOCKETCALL)),
    )


def _address(area: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(area))


def _make_executable(_: Target) -> int:
    area = syscall("mmap", 0, _PAGE, 3, _ANONYMOUS, -1, 0)
    return syscall("mprotect", area, _PAGE, 5)


def _make_executable_by_key(_: Target) -> int:
    area = syscall("mmap", 0, _PAGE, 3, _ANONYMOUS, -1, 0)
    return syscall("pkey_mprotect", area, _PAGE, 5, -1)


def _map_file_executable(target: Target) -> int:
    return syscall("mmap", 0, _PAGE, 5, mmap.MAP_PRIVATE, target.file, 0)


ATTEMPTS = (
    plain("map-executable", "mmap", 0, _PAGE, 7, _ANONYMOUS, -1, 0),
    Attempt("make-executable", _make_executable),
    Attempt("map-file-executable", _map_file_executable),
    Attempt("make-executable-by-key", _make_executable_by_key),
    plain("memory-file", "memfd_create", b"x", 0),
    plain("secret-memory", "memfd_secret", 0),
    plain("lock-memory", "mlock", _BUFFER, _PAGE),
    plain("memory-faults", "userfaultfd", 1),  # UFFD_USER_MODE_ONLY: for anybody
    plain("advise-other-memory", "process_madvise", 3, _BUFFER, 1, 4, 0),
    plain("poison-memory", "madvise", 0, _PAGE, 100),
    plain("move-pages", "move_pages", 0, 0, 0, 0, 0, 0),
    plain("protection-keys", "pkey_alloc", 0, 0),
    plain("segment-base", "arch_prctl", 0x1002, _BUFFER),
    plain("load-program-into-kernel", "bpf", 0, _BUFFER, 128),
    plain("performance-counters", "perf_event_open", bytes(128), 0, -1, -1, 0),
    plain("load-module", "finit_module", 3, b"", 0),
    plain("load-kernel", "kexec_load", 0, 0, 0, 0),
    plain("kernel-log", "syslog", 3, _BUFFER, 64),
    plain("restart-machine", "reboot", 0, 0, 0, 0),
    plain("set-clock", "settimeofday", 0, 0),
    plain("adjust-clock", "adjtimex", bytes(256)),
    plain("swap", "swapon", b"/x", 0),
    plain("quota", "quotactl", 0, 0, 0, 0),
    plain("system-information", "sysinfo", _BUFFER),
    plain("list-of-security-modules", "lsm_list_modules", _BUFFER, _BUFFER, 0),
    plain("shadow-stack", "map_shadow_stack", 0, _PAGE, 0),
    *_other_interfaces(),
)
