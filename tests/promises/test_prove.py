"""The promises of the jail, tried against a real worker, and against none.

An attempt that is blocked proves something only if it works where nothing blocks it,
and a promise is tested only if the test fails once the lock has a hole. Both are tried
here.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import unlocked
from support.demote import CANNOT

from clearward.core.errors import Refused, Unavailable
from clearward.jail import spawn
from clearward.jail.attacks import ATTEMPTS
from clearward.jail.control import Settings
from clearward.jail.level import measure
from clearward.jail.proof import Tried, prove
from clearward.jail.spawn import Zygote
from clearward.wiring import RuleChoice, ScanChoice, Scanner

FEWEST = 80  # attempts; the contract's example has as many

# What could disturb the machine even in namespaces of its own, so it is left out there.
LEFT_OUT = (
    *("restart-machine", "load-kernel", "load-module", "swap", "kernel-log"),
    *("signal-everyone", "set-clock", "account-processes", "quota"),
)

# What any process may do that nobody has locked, on any kernel this runs on.
REAL = {
    # files
    *("open-file", "open-root-folder", "open-own-memory", "open-own-environment"),
    *("create-file", "statx-file", "statfs", "access-file", "read-link"),
    *("working-folder", "change-folder", "change-root", "change-mode", "change-owner"),
    *("change-times", "remove-file", "rename-file", "make-folder", "make-link"),
    *("make-fifo", "cut-file-short", "watch-files"),
    # what the worker holds
    *("change-mode-of-file-in-hand", "change-owner-of-file-in-hand"),
    *("times-of-file-in-hand", "lock-file", "lock-record", "flags-of-file"),
    *("signals-from-file", "advise-cache", "flush-file", "reopen-file-for-writing"),
    *("pass-a-descriptor-out", "write-vector-out", "send-out", "duplicate-channel"),
    *("channel-options", "name-of-channel", "write-to-standard-output"),
    # the network and other ways to talk
    *("socket-tcp", "socket-raw", "socket-packet", "socket-netlink", "socket-pair"),
    *("pipe", "event-descriptor", "signal-descriptor", "timer-descriptor"),
    *("system-v-messages", "system-v-memory", "system-v-semaphores"),
    "read-host-name",
    # processes
    *("fork", "clone", "clone-user-namespace", "execute-program", "trace-broker"),
    *("read-memory-of-broker", "write-memory-of-broker", "open-memory-of-broker"),
    *("descriptor-of-broker", "signal-broker", "signal-thread-of-broker"),
    *("limits-of-broker", "processors-of-broker", "new-user-namespace"),
    *("new-session", "be-dumpable", "raise-limit-new-call", "interval-timer"),
    # memory
    *("map-executable", "make-executable", "map-file-executable", "memory-file"),
    *("lock-memory", "system-information"),
}


@pytest.fixture(name="proof", scope="module")
def fixture_proof() -> list[Tried]:
    """Every attempt against a worker as `clearward prove` starts it."""
    choice = ScanChoice(attacks=True, require="D")
    with Scanner(RuleChoice(), choice) as scanner:
        return list(scanner.prove())


def test_every_attempt_is_blocked(proof: list[Tried]) -> None:
    assert [one for one in proof if not one.blocked] == []


def test_there_are_many_attempts_and_each_is_made_once(proof: list[Tried]) -> None:
    names = [one.attempt for one in proof]
    assert len(names) == len(set(names)) >= FEWEST
    assert names == [attempt.name for attempt in ATTEMPTS if attempt.exists()]


def test_a_blocked_attempt_was_killed_or_refused(proof: list[Tried]) -> None:
    answers = {one.result for one in proof}
    assert "SIGSYS" in answers
    refusals = {"EACCES", "EPERM", "EBADF", "EAGAIN", "ENOTTY", "EMSGSIZE", "EINVAL"}
    assert answers <= refusals | {"SIGSYS", "SIGSEGV"}


def test_an_ordinary_user_is_as_safe() -> None:
    command = [sys.executable, "-m", "clearward", "prove", "--json"]
    if os.geteuid() == 0:
        command = [sys.executable, "-m", "support.demote", *command]
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if done.returncode == CANNOT:
        pytest.skip(f"an ordinary user cannot run this interpreter: {done.stderr!r}")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row for row in rows[:-1] if not row["blocked"]] == []
    summary = rows[-1]["summary"]
    assert summary["attempts"] == summary["blocked"] == len(rows) - 1 >= FEWEST
    assert summary["protection"] in {"A", "B"}
    assert done.returncode == 0


@pytest.fixture(name="without", scope="module")
def fixture_without() -> dict[str, str]:
    """What every attempt answers where there is no lock."""
    if shutil.which("unshare") is None:
        pytest.skip("needs the command unshare")
    alone = "--user --map-root-user --net --ipc --uts --mount --pid --mount-proc"
    script = Path(unlocked.__file__)
    done = subprocess.run(
        [
            *("unshare", *alone.split(), "--fork", "--kill-child"),
            *(sys.executable, str(script), *LEFT_OUT),
        ],
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if done.stderr.startswith(b"unshare:"):
        pytest.skip(f"no namespaces to be had here: {done.stderr!r}")
    answers: dict[str, str] = json.loads(done.stdout)
    return answers


def test_the_attempts_are_real(without: dict[str, str]) -> None:
    """They work where no lock is, so a hole in the lock would be seen."""
    assert len(REAL) >= 40
    assert {name: without.get(name) for name in REAL} == dict.fromkeys(REAL, "worked")


def test_few_attempts_look_blocked_where_nothing_blocks_them(
    without: dict[str, str],
) -> None:
    """Those that do are refused by the kernel to anybody, lock or no lock."""
    by_name = {attempt.name: attempt for attempt in ATTEMPTS}
    numbers = {name: getattr(errno, name, 0) for name in without.values()}
    vain = {
        name
        for name, answer in without.items()
        if numbers[answer] and by_name[name].is_refusal(numbers[answer])
    }
    assert len(vain) < len(without) / 5, vain


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
        "from clearward.jail import landlock, lock, policy, seccomp, zygote\n"
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
        monkeypatch.setattr(spawn, "_start", start_with(patch))
        zygote = Zygote(Settings(attacks=True))
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
        monkeypatch.setattr(spawn, "_start", start_with(patch))
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
        pytest.param("lock._NEW.clear()", "namespaces", id="namespaces"),
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
    monkeypatch.setattr(spawn, "_start", start_with(NO_FILTERS))
    with (
        pytest.raises(Refused, match="below the required B"),
        Scanner(RuleChoice(), ScanChoice(require="B")),
    ):
        pytest.fail("this must not be reached")


def test_a_worker_that_cannot_lock_itself_does_not_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = "policy.worker = lambda *_: 1 / 0"
    monkeypatch.setattr(spawn, "_start", start_with(broken))
    zygote = Zygote(Settings())
    try:
        zygote.load()
        with pytest.raises(Unavailable):
            zygote.fork()
    finally:
        zygote.close()


def test_the_command_says_so_if_something_is_not_blocked() -> None:
    """The exit status is 0 only if everything was."""
    code = (
        "import sys\n"
        "from clearward.jail import proof\n"
        "real = proof._attempt\n"
        "proof._attempt = lambda zygote, name, file: 'worked' if name == 'fork'"
        " else 'EACCES'\n"
        "sys.argv = ['clearward', 'prove', '--json']\n"
        "from clearward.faces.cli.main import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    rows: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    open_ones = [row["attempt"] for row in rows[:-1] if not row["blocked"]]
    assert open_ones == ["fork"]
    assert rows[-1]["summary"]["blocked"] == len(rows) - 2
    assert done.returncode == 1
