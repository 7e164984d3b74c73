"""The lock with holes in it: each is seen, and the next layer holds.

A promise is tested only if the test fails once the lock has a hole.
"""

import os
import sys
from collections.abc import Callable

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.jail import landlock, launch
from clearward.jail.control import Settings
from clearward.jail.launch import Kind, Launched
from clearward.jail.level import measure
from clearward.jail.proof import Tried, prove
from clearward.jail.spawn import Zygote
from clearward.wiring import RuleChoice, ScanChoice, Scanner

NO_FILTERS = """
def refuse(_):
    raise OSError(38, "no filters here")
seccomp.install = refuse
"""
NO_OTHER_LAYER = """
landlock.deny_all = lambda: 0
lock.leave_root = lambda: False
"""


def start_with(patch: str) -> Callable[[int, str], int]:
    """Starts a zygote that has some of its code replaced first."""
    code = (
        "from clearward.jail import landlock, lock, namespaces, policy, seccomp\n"
        "from clearward.jail import zygote\n"
        "from clearward.jail.seccomp import ALLOW, Rule\n"
        "def allow(*names):\n"
        "    more = tuple(Rule(name, ALLOW) for name in names)\n"
        "    first, second = policy.zygote, policy.worker\n"
        "    policy.zygote = lambda: (*more, *first())\n"
        "    policy.worker = lambda *where: (*more, *second(*where))\n"
        f"{patch}\n"
        "zygote.main()\n"
    )

    def start(channel: int, arguments: str) -> int:
        command = [sys.executable, "-I", "-B", "-c", code, arguments]
        actions = [(os.POSIX_SPAWN_DUP2, channel, 3)]
        actions.extend(
            (os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0)  # type: ignore[misc]
            for number in (0, 1)
        )
        return os.posix_spawn(
            sys.executable, command, {"LC_ALL": "C.UTF-8"}, file_actions=actions
        )

    return start


def tried_with(patch: str, names: tuple[str, ...]) -> dict[str, Tried]:
    """Some attempts against a worker whose lock was changed."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(launch, "_start", start_with(patch))
        zygote = Zygote(Settings(), Launched(Kind.ATTACKS))
    try:
        _, given = zygote.load()
        assert set(names) <= set(given.attempts)
        return {one.attempt: one for one in prove(zygote, names)}
    finally:
        zygote.close()


@pytest.mark.parametrize(
    ("patch", "names"),
    [
        pytest.param("allow('socket')", ("socket-tcp", "socket-netlink"), id="sockets"),
        pytest.param(
            "allow('socket', 'connect', 'sendto')", ("send-udp",), id="datagrams"
        ),
        pytest.param(
            f"allow('openat', 'connect', 'socket')\n{NO_OTHER_LAYER}",
            ("open-file", "open-root-folder", "connect-tcp"),
            id="opening and connections",
        ),
        pytest.param(NO_FILTERS + NO_OTHER_LAYER, ("execute-program",), id="programs"),
        pytest.param(
            "allow('statfs', 'uname')", ("statfs", "read-host-name"), id="looking"
        ),
        pytest.param("allow('memfd_create')", ("memory-file",), id="memory files"),
        pytest.param("allow('shmget', 'msgget')", ("system-v-memory",), id="mailboxes"),
        pytest.param("allow('mmap')", ("map-executable",), id="executable memory"),
        pytest.param("allow('mprotect')", ("make-executable",), id="made executable"),
        pytest.param("allow('fcntl')", ("lock-record", "flags-of-file"), id="locks"),
        pytest.param("allow('ioctl')", ("asynchronous-file",), id="devices"),
        pytest.param("allow('sendmsg')", ("pass-a-descriptor-out",), id="descriptors"),
        pytest.param("allow('writev')", ("write-vector-out",), id="other writes"),
        pytest.param("allow('pidfd_open')", ("descriptor-of-broker",), id="the broker"),
        pytest.param(
            "lock.lock_worker = lambda *_, **__: None",
            ("map-executable", "be-dumpable", "send-out"),
            id="no second filter",
        ),
        pytest.param(
            NO_FILTERS,
            ("socket-pair", "pipe", "memory-file", "statfs"),
            id="no filter at all",
        ),
    ],
)
def test_a_hole_in_the_lock_is_seen(patch: str, names: tuple[str, ...]) -> None:
    found = tried_with(patch, names)
    assert {name: found[name].blocked for name in names} == dict.fromkeys(names, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has every layer")
@pytest.mark.parametrize(
    ("patch", "names"),
    [
        pytest.param(
            "allow('kill', 'tkill', 'tgkill')",
            ("signal-broker", "signal-thread-of-broker", "signal-group-of-broker"),
            id="another user cannot signal",
        ),
        pytest.param(
            "allow('ptrace', 'process_vm_readv', 'process_vm_writev')",
            ("trace-broker", "read-memory-of-broker", "write-memory-of-broker"),
            id="another user cannot look into the broker",
        ),
        pytest.param(
            "allow('openat')",
            ("open-file", "open-root-folder", "create-file", "open-memory-of-broker"),
            id="Landlock and an empty root folder",
        ),
        pytest.param(
            "allow('openat')\nlock.leave_root = lambda: False",
            ("open-file", "open-root-folder", "create-file"),
            id="Landlock alone",
            marks=pytest.mark.skipif(not landlock.abi(), reason="needs Landlock"),
        ),
        pytest.param(
            "allow('openat')\nlandlock.deny_all = lambda: 0",
            ("open-file", "create-file"),
            id="an empty root folder alone",
        ),
        pytest.param(
            "allow('execve', 'execveat')",
            ("execute-program", "execute-descriptor"),
            id="Landlock starts no program",
        ),
        pytest.param(
            "allow('clone', 'fork')",
            ("fork", "clone"),
            id="the limit allows no process",
        ),
        pytest.param(
            "allow('unshare', 'setuid', 'chroot', 'mlock')",
            ("change-user", "change-root", "lock-memory"),
            id="no capability is left",
        ),
        pytest.param(
            "allow('ftruncate', 'fchmod', 'fchown', 'mmap')",
            ("change-mode-of-file-in-hand", "map-file-shared-writable"),
            id="another user owns the file",
        ),
    ],
)
def test_behind_a_hole_in_the_filter_the_next_layer_holds(
    patch: str, names: tuple[str, ...]
) -> None:
    found = tried_with(patch, names)
    assert {name: found[name].blocked for name in names} == dict.fromkeys(names, True)
    assert "SIGSYS" not in {one.result for one in found.values()}


def level_with(patch: str) -> tuple[str, tuple[str, ...]]:
    """The level that is measured on a worker whose lock was changed."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(launch, "_start", start_with(patch))
        zygote = Zygote(Settings())
    try:
        _, given = zygote.load()
        worker = zygote.fork()
        worker.channel.close()
        protection = measure(worker.process, given)
        zygote.reap(worker.process)
        return protection.level, protection.missing
    finally:
        zygote.close()


@pytest.mark.parametrize(
    ("patch", "missing"),
    [
        pytest.param(
            "lock.lock_worker = lambda *_, **__: None", "seccomp", id="second"
        ),
        pytest.param(NO_FILTERS, "seccomp", id="both filters"),
        pytest.param(
            "landlock.deny_all = lambda: 0", "Landlock ABI 6", id="no Landlock"
        ),
        pytest.param(
            "landlock.deny_all = lambda: 5", "Landlock ABI 6", id="an old one"
        ),
        pytest.param("namespaces.FLAGS.clear()", "namespaces", id="namespaces"),
        pytest.param("lock.leave_root = lambda: False", "namespaces", id="our folders"),
        pytest.param(
            "lock.become_nobody = lambda: False", "another user", id="our own user"
        ),
    ],
)
def test_the_level_is_measured_and_not_assumed(patch: str, missing: str) -> None:
    level, found = level_with(patch)
    assert missing in found
    assert level == ("C" if missing == "seccomp" else "B")


def test_below_the_required_level_nothing_is_scanned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(launch, "_start", start_with(NO_FILTERS))
    with (
        pytest.raises(Refused, match="below the required B"),
        Scanner(RuleChoice(), ScanChoice(require="B")),
    ):
        pytest.fail("this must not be reached")


def test_a_worker_that_cannot_lock_itself_does_not_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = "policy.worker = lambda *_: 1 / 0"
    monkeypatch.setattr(launch, "_start", start_with(broken))
    zygote = Zygote(Settings())
    try:
        zygote.load()
        with pytest.raises(Unavailable):
            zygote.fork()
    finally:
        zygote.close()
