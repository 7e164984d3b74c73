"""The promises of the jail, tried against a real worker, and against none.

An attempt that is blocked proves something only if it works where nothing blocks it.
Both are tried here.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import unlocked
from support.command import clearward
from support.demote import CANNOT

from clearward.jail.attacks import ATTEMPTS
from clearward.jail.proof import Tried
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
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "CLEARWARD_HOME": "/nowhere",  # that of the tests is root's
        },
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


def test_rules_of_an_image_are_in_force_and_named(tmp_path: Path) -> None:
    rules, image = tmp_path / "a.ndb", tmp_path / "a.cwr"
    rules.write_text("Test.One:0:*:6162636465666768\n")
    assert clearward("rules", "compile", rules, "-o", image).status == 0
    done = clearward("prove", "--rules", image)
    *_, level, last = done.out.decode().splitlines()
    assert done.status == 0
    assert level.startswith("protection ")
    assert "rules in force" in last
    assert last.endswith(f", also from {image}")
    done = clearward("prove", "--json", "--rules", image)
    summary = json.loads(done.out.splitlines()[-1])["summary"]
    assert summary["local_rules"] == [str(image)]
    assert summary["blocked"] == summary["attempts"] > 0
