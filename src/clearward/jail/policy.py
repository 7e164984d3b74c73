"""The two system-call filters: one for the zygote, one on top of it for each worker.

What is named here is a call that honest code makes. What is not named kills the
process, and the kernel's log has its number. Calls that libraries make out of habit and
can do without are refused softly; that list is short on purpose.

Source: the tables and the traps of the jail's design, checked by `clearward prove`.
"""

import errno

from clearward.jail.seccomp import ALLOW, KILL, Argument, Comparison, Rule, fail

_EXECUTABLE = 4  # PROT_EXEC
_NO_EXECUTABLE = Argument(2, Comparison.CLEAR, (_EXECUTABLE,))
# What is written to a shared mapping is written to the file, and standard input may
# have been opened for writing, too. MAP_SHARED_VALIDATE has this bit as well.
_SHARED = 1  # MAP_SHARED
_PRIVATE = Argument(3, Comparison.CLEAR, (_SHARED,))

# Made for every file, so compared first. `write` and `recvmsg` stand in the policies,
# since only the worker's own channel may be used.
_HOT = ("pread64", "read", "close", "futex", "brk", "munmap", "mremap", "lseek")

_QUIET = (
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack"),
    *("set_robust_list", "rseq", "sched_yield", "sched_getaffinity"),
    *("clock_gettime", "gettimeofday", "clock_nanosleep", "restart_syscall"),
    *("getpid", "gettid", "getrandom", "getrusage", "fstat", "exit", "exit_group"),
)

# Asked out of habit; the answer "no" is handled.
_SOFT = (
    *("open", "openat", "stat", "lstat", "newfstatat", "statx", "access"),
    *("faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "getdents64"),
    *("uname", "sysinfo", "prlimit64", "getuid"),
)

# madvise: DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, COLD, COLLAPSE. Source: madvise(2).
_ADVICE = (4, 8, 14, 15, 21, 25)
# fcntl: F_GETFD, F_GETFL, F_DUPFD_CLOEXEC. Source: fcntl(2).
_DESCRIPTOR_STATE = (1, 3, 1030)
# clone: every flag that makes a namespace. Source: clone(2).
_NEW_NAMESPACE = 0x7E020000 | 0x00000080
# prctl: PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_DROP,
# PR_SET_NO_NEW_PRIVS. Source: prctl(2).
_GIVING_UP = (1, 4, 15, 16, 24, 38)


def worker(channel: int, process: int) -> tuple[Rule, ...]:
    """The policy of a worker.

    Args:
        channel: the descriptor of its socket, the only one it may write to.
        process: its own process number, the only one it may signal.
    """
    only_channel = (Argument(0, Comparison.IN, (channel,)),)
    no_descriptor = fail(errno.EBADF)
    try_later = fail(errno.EAGAIN)
    return (
        Rule("write", ALLOW, only_channel, otherwise=no_descriptor),
        Rule("recvmsg", ALLOW, only_channel),
        *(Rule(name, ALLOW) for name in _HOT),
        Rule("mmap", ALLOW, (_NO_EXECUTABLE, _PRIVATE)),
        Rule("mprotect", ALLOW, (_NO_EXECUTABLE,)),
        Rule(
            "madvise",
            ALLOW,
            (Argument(2, Comparison.IN, _ADVICE),),
            otherwise=fail(errno.EINVAL),
        ),
        *(Rule(name, ALLOW) for name in _QUIET),
        Rule("tgkill", ALLOW, (Argument(0, Comparison.IN, (process,)),)),
        Rule(
            "fcntl",
            ALLOW,
            (Argument(1, Comparison.IN, _DESCRIPTOR_STATE),),
            otherwise=fail(errno.EINVAL),
        ),
        Rule("ioctl", fail(errno.ENOTTY)),
        Rule("prctl", fail(errno.EINVAL)),
        Rule("clone", try_later),
        Rule("clone3", try_later),
        Rule("vfork", try_later),
        *(Rule(name, fail(errno.EACCES)) for name in _SOFT),
    )


def zygote() -> tuple[Rule, ...]:
    """The policy of the zygote, under which rules are compiled.

    Executable memory is allowed, since the rules' condition code is compiled to it
    once; so are threads, forks and what a worker needs to lock itself further. Opening,
    sockets and programs are not.
    """
    no_namespace = (Argument(0, Comparison.CLEAR, (_NEW_NAMESPACE,)),)
    return (
        *(Rule(name, ALLOW) for name in ("write", "recvmsg", "sendmsg", *_HOT)),
        *(Rule(name, ALLOW) for name in ("mmap", "mprotect", "madvise", "membarrier")),
        *(Rule(name, ALLOW) for name in _QUIET),
        Rule("fcntl", ALLOW, (Argument(1, Comparison.IN, _DESCRIPTOR_STATE),), KILL),
        Rule("tgkill", ALLOW),
        Rule("clone", ALLOW, no_namespace),
        # clone3 hides its flags behind a pointer: refused, so that clone is used.
        Rule("clone3", fail(errno.ENOSYS)),
        *(Rule(name, ALLOW) for name in ("fork", "wait4", "set_tid_address")),
        *(Rule(name, ALLOW) for name in ("dup2", "dup3", "close_range")),
        Rule("prlimit64", ALLOW, (Argument(0, Comparison.IN, (0,)),)),
        *(Rule(name, ALLOW) for name in ("setrlimit", "getrlimit")),
        Rule(
            "prctl",
            ALLOW,
            (Argument(0, Comparison.IN, _GIVING_UP),),
            fail(errno.EINVAL),
        ),
        *(Rule(name, ALLOW) for name in ("seccomp", "getppid", "geteuid", "sendto")),
        Rule("ioctl", fail(errno.ENOTTY)),
        *(Rule(name, fail(errno.EACCES)) for name in _SOFT if name != "prlimit64"),
    )
