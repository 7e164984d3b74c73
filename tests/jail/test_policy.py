"""What the two filters answer to every call there is, on both machines.

The tables below are written down again on purpose: a change of the policy has to be
made twice, and seen.
"""

import errno
from dataclasses import dataclass

import pytest
from support.bpf import Call, decode, run

from clearward.jail import kernel, policy
from clearward.jail.seccomp import ALLOW, KILL, Rule, build, fail

# By name: arguments and the answer to them.
Borders = dict[str, list[tuple[tuple[int, ...], int]]]

MACHINES = pytest.mark.parametrize("machine", sorted(kernel.AUDIT_ARCH))
CHANNEL, PROCESS = 3, 4321
ALL_ONES = (2**64 - 1,) * 6
READ, WRITE, EXECUTE = 1, 2, 4
SHARED, PRIVATE, SHARED_VALIDATE, ANONYMOUS = 1, 2, 3, 0x20

# Calls that a worker makes, whatever the arguments.
WORKER_ALLOWED = {
    *("read", "pread64", "lseek", "close", "fstat", "brk", "munmap", "mremap"),
    *("futex", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack"),
    *("set_robust_list", "rseq", "sched_yield", "sched_getaffinity"),
    *("clock_gettime", "gettimeofday", "clock_nanosleep", "restart_syscall"),
    *("getpid", "gettid", "getrandom", "getrusage", "exit", "exit_group"),
}
# Calls that are refused and do not kill.
OPENING = {
    *("open", "openat", "stat", "lstat", "newfstatat", "statx", "access"),
    *("faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "getdents64"),
    *("uname", "sysinfo", "getuid"),
}
WORKER_REFUSED = {
    **dict.fromkeys(OPENING | {"prlimit64"}, fail(errno.EACCES)),
    "ioctl": fail(errno.ENOTTY),
    "prctl": fail(errno.EINVAL),
    **dict.fromkeys(("clone", "clone3", "vfork"), fail(errno.EAGAIN)),
}
# Calls whose arguments decide, at both sides of each border.
WORKER_BORDERS: Borders = {
    "write": [
        ((CHANNEL,), ALLOW),
        *[((number,), fail(errno.EBADF)) for number in (0, 1, 2, 4, 2**32 - 1)],
    ],
    "recvmsg": [((CHANNEL,), ALLOW), ((2,), KILL), ((4,), KILL)],
    "mmap": [
        ((0, 4096, 0, PRIVATE), ALLOW),
        ((0, 4096, READ | WRITE, PRIVATE | ANONYMOUS), ALLOW),
        ((0, 4096, EXECUTE, PRIVATE), KILL),
        ((0, 4096, READ | EXECUTE, PRIVATE), KILL),
        ((0, 4096, READ | WRITE | EXECUTE, PRIVATE | ANONYMOUS), KILL),
        # What is written to a shared mapping of a file is written to the file.
        ((0, 4096, READ | WRITE, SHARED), KILL),
        ((0, 4096, READ | WRITE, SHARED_VALIDATE), KILL),
        ((0, 4096, READ, SHARED | ANONYMOUS), KILL),
    ],
    "mprotect": [
        ((0, 4096, 0), ALLOW),
        ((0, 4096, READ | WRITE), ALLOW),
        ((0, 4096, EXECUTE), KILL),
        ((0, 4096, READ | EXECUTE), KILL),
    ],
    "madvise": [
        *[((0, 4096, advice), ALLOW) for advice in (4, 8, 14, 15, 21, 25)],
        *[
            ((0, 4096, advice), fail(errno.EINVAL))
            for advice in (0, 3, 5, 9, 10, 12, 16, 20, 22, 24, 100)
        ],
    ],
    "tgkill": [
        ((PROCESS,), ALLOW),
        *[((other,), KILL) for other in (0, 1, PROCESS - 1, PROCESS + 1, 2**32 - 1)],
    ],
    "fcntl": [
        *[((CHANNEL, command), ALLOW) for command in (1, 3, 1030)],
        *[
            ((CHANNEL, command), fail(errno.EINVAL))
            for command in (0, 2, 4, 5, 6, 7, 8, 9, 10, 15, 1024, 1026, 1031, 1033)
        ],
    ],
}

ZYGOTE_ALLOWED = {
    *WORKER_ALLOWED,
    *("write", "recvmsg", "sendmsg", "sendto", "mmap", "mprotect", "madvise"),
    *("membarrier", "tgkill", "fork", "wait4", "set_tid_address"),
    *("dup2", "dup3", "close_range", "setrlimit", "getrlimit"),
    *("seccomp", "getppid", "geteuid"),
}
ZYGOTE_REFUSED = {
    **dict.fromkeys(OPENING, fail(errno.EACCES)),
    "ioctl": fail(errno.ENOTTY),
    "clone3": fail(errno.ENOSYS),
}
NAMESPACES = {
    "time": 0x00000080,
    "mnt": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}
FORK, THREAD = 0x01200011, 0x003D0F00  # as libc asks for them
ZYGOTE_BORDERS: Borders = {
    "clone": [
        ((FORK,), ALLOW),
        ((THREAD,), ALLOW),
        *[((FORK | flag,), KILL) for flag in NAMESPACES.values()],
    ],
    "fcntl": [
        *[((CHANNEL, command), ALLOW) for command in (1, 3, 1030)],
        *[((CHANNEL, command), KILL) for command in (0, 2, 4, 6, 8, 1024, 1033)],
    ],
    "prlimit64": [((0,), ALLOW), ((1,), KILL), ((PROCESS,), KILL)],
    "prctl": [
        *[((option,), ALLOW) for option in (1, 4, 15, 16, 24, 38)],
        # ptrace access, seccomp, keep capabilities, memory layout, ambient capability
        *[
            ((option,), fail(errno.EINVAL))
            for option in (0x59616D61, 22, 8, 35, 47, 0, 2, 3)
        ],
    ],
}


@dataclass(frozen=True, slots=True)
class Table:
    """A policy and what it must answer."""

    rules: tuple[Rule, ...]
    allowed: set[str]
    refused: dict[str, int]
    borders: Borders


WORKER = Table(
    policy.worker(CHANNEL, PROCESS), WORKER_ALLOWED, WORKER_REFUSED, WORKER_BORDERS
)
ZYGOTE = Table(policy.zygote(), ZYGOTE_ALLOWED, ZYGOTE_REFUSED, ZYGOTE_BORDERS)
TABLES = pytest.mark.parametrize("table", [WORKER, ZYGOTE], ids=["worker", "zygote"])


@MACHINES
@TABLES
def test_every_call_is_answered_as_the_table_says(machine: str, table: Table) -> None:
    program = build(table.rules, machine)
    own = kernel.AUDIT_ARCH[machine]
    for name, number in kernel.numbers(machine).items():
        if name in table.borders:
            continue
        expected = ALLOW if name in table.allowed else table.refused.get(name, KILL)
        for arguments in ((), (CHANNEL,), (0, 1, 2, 3, 4, 5), ALL_ONES):
            assert run(program, Call(number, own, arguments)) == expected, name


@MACHINES
@TABLES
def test_arguments_decide_exactly_at_the_border(machine: str, table: Table) -> None:
    program = build(table.rules, machine)
    own = kernel.AUDIT_ARCH[machine]
    numbers = kernel.numbers(machine)
    assert not set(table.borders) & (table.allowed | set(table.refused))
    for name, cases in table.borders.items():
        for arguments, expected in cases:
            call = Call(numbers[name], own, arguments)
            assert run(program, call) == expected, (name, arguments)


@MACHINES
@TABLES
def test_a_number_that_is_no_call_is_killed(machine: str, table: Table) -> None:
    program = build(table.rules, machine)
    known = set(kernel.numbers(machine).values())
    for number in (*range(1024), 2**31, 2**32 - 1):
        if number not in known:
            assert run(program, Call(number, kernel.AUDIT_ARCH[machine])) == KILL


@MACHINES
@TABLES
def test_the_old_interfaces_are_killed_whatever_is_called(
    machine: str, table: Table
) -> None:
    program = build(table.rules, machine)
    own = kernel.AUDIT_ARCH[machine]
    for number in range(512):
        assert run(program, Call(number, 0x40000003)) == KILL
        assert run(program, Call(0x40000000 | number, own)) == KILL


@MACHINES
def test_whatever_a_worker_may_do_its_zygote_may_do_too(machine: str) -> None:
    """Both filters are asked; a call that one of them kills is no use in the other."""
    zygote = build(policy.zygote(), machine)
    numbers = kernel.numbers(machine)
    own = kernel.AUDIT_ARCH[machine]
    for name in WORKER_ALLOWED & set(numbers):
        assert run(zygote, Call(numbers[name], own)) == ALLOW, name
    for name, cases in WORKER_BORDERS.items():
        for arguments, answer in cases:
            if answer == ALLOW:
                call = Call(numbers[name], own, arguments)
                assert run(zygote, call) == ALLOW, (name, arguments)


@MACHINES
def test_the_high_half_of_an_argument_hides_nothing(machine: str) -> None:
    """The filter looks at the low half; the kernel takes no more of these either."""
    program = build(policy.worker(CHANNEL, PROCESS), machine)
    own, numbers = kernel.AUDIT_ARCH[machine], kernel.numbers(machine)
    high = 1 << 40
    executable = Call(numbers["mprotect"], own, (0, 4096, high | EXECUTE))
    assert run(program, executable) == KILL
    elsewhere = Call(numbers["write"], own, (high | 4,))
    assert run(program, elsewhere) == fail(errno.EBADF)


@MACHINES
@TABLES
def test_a_filter_stays_short(machine: str, table: Table) -> None:
    assert len(decode(build(table.rules, machine))) < 200
