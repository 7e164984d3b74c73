"""Guard stops nobody: whatever happens to it, every opener goes on within the deadline.

And nothing that happens to it opens the door where the policy denies.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.guard_daemon import LATE, NEVER, SLOW
from support.guarding import (
    Guarded,
    Namespace,
    eventually,
    guard,
    is_running,
    namespace,
    needs_rights,
)
from support.marks import EICAR

DEADLINE = 2.0
GRACE = 1.0  # seconds that a busy machine may take beside it
CHOICE = {"opens": True, "deadline": DEADLINE, "first": False}

SIDES = pytest.mark.parametrize("allow", [True, False], ids=["allow", "deny"])


@pytest.fixture(name="where")
def fixture_where(tmp_path: Path) -> Iterator[Namespace]:
    needs_rights()
    folder = tmp_path / "guarded"
    folder.mkdir()
    with namespace(folder) as where:
        where.write("clean", b"clean")
        where.write("other", b"clean, too")
        where.write("found", EICAR)
        where.write("never", NEVER)
        yield where


def goes_on(where: Namespace, name: str, *, allowed: bool) -> None:
    """Check that an opener is told one thing, within the deadline."""
    opened = where.open(name)
    assert opened.allowed is allowed
    assert opened.seconds < DEADLINE + GRACE


@SIDES
def test_a_desk_that_never_answers(where: Namespace, *, allow: bool) -> None:
    with guard(where, choice={**CHOICE, "allow": allow}) as running:
        opened = where.open("never")
        assert opened.allowed is allow
        assert DEADLINE - 0.1 < opened.seconds < DEADLINE + GRACE
        row = running.wait_for(name="never")
        assert row["outcome"] == "unscanned"
        assert row["reasons"] == ["time-limit"]
        assert row["side"] == ("allow" if allow else "deny")
        goes_on(where, "clean", allowed=True)


def test_what_is_found_after_the_deadline_is_denied_from_then_on(
    where: Namespace,
) -> None:
    where.write("slow", SLOW)
    with guard(where, choice={**CHOICE, "deadline": LATE / 3}) as running:
        assert where.open("slow").allowed
        running.wait_for(name="slow", outcome="found", side="none")
        assert not where.open("slow").allowed


@SIDES
def test_a_daemon_that_is_frozen(where: Namespace, *, allow: bool) -> None:
    with guard(where, choice={**CHOICE, "allow": allow}) as running:
        goes_on(where, "clean", allowed=True)
        goes_on(where, "found", allowed=False)
        running.process.send_signal(signal.SIGSTOP)
        goes_on(where, "other", allowed=allow)
        time.sleep(DEADLINE)
        # By now it is known to stand still: nobody waits for it any more.
        opened = where.open("other")
        assert opened.allowed is allow
        assert opened.seconds < DEADLINE / 2
        goes_on(where, "clean", allowed=True)  # remembered
        goes_on(where, "found", allowed=False)
        running.process.send_signal(signal.SIGCONT)
        assert eventually(lambda: where.open("other").allowed)


def test_a_daemon_that_is_killed_lets_everybody_through_if_that_was_chosen(
    where: Namespace,
) -> None:
    with guard(where, choice=CHOICE) as running:
        gate, standby = running.gate, running.standby()
        waiting = where.start("never")
        assert eventually(lambda: asked(running) == 1)
        running.process.kill()
        opened = waiting.result()
        assert opened.allowed
        assert opened.seconds < DEADLINE + GRACE
        goes_on(where, "found", allowed=True)
        assert eventually(lambda: not is_running(gate) and not is_running(standby))


def test_a_daemon_that_is_killed_leaves_a_gate_that_denies_if_that_was_chosen(
    where: Namespace,
) -> None:
    with guard(where, choice={**CHOICE, "allow": False}) as running:
        goes_on(where, "clean", allowed=True)
        waiting = where.start("never")
        assert eventually(lambda: asked(running) == 2)
        running.process.kill()
        assert not waiting.result().allowed
        goes_on(where, "other", allowed=False)
        goes_on(where, "clean", allowed=True)  # remembered
        os.kill(running.gate, signal.SIGTERM)
        assert eventually(lambda: not is_running(running.gate))
        goes_on(where, "other", allowed=True)


@SIDES
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_gate_that_is_killed_or_frozen(
    where: Namespace, how: signal.Signals, *, allow: bool
) -> None:
    with guard(where, choice={**CHOICE, "allow": allow}) as running:
        goes_on(where, "clean", allowed=True)
        standby = running.standby()
        waiting = where.start("never")
        assert eventually(lambda: asked(running) == 2)
        os.kill(running.gate, how)
        opened = waiting.result()
        assert opened.allowed is allow
        assert opened.seconds < DEADLINE + GRACE
        assert eventually(lambda: not is_running(running.gate))
        running.wait_for(trouble="gate")
        running.gate = standby
        assert is_running(running.standby())
        # It does all that the first one did.
        goes_on(where, "clean", allowed=True)
        goes_on(where, "found", allowed=False)
        assert running.end()["followed"] == 1


def test_gates_that_are_killed_again_and_again(where: Namespace) -> None:
    with guard(where, choice={**CHOICE, "allow": False}) as running:
        for _ in range(5):
            standby = running.standby()
            os.kill(running.gate, signal.SIGKILL)
            goes_on(where, "found", allowed=False)
            running.gate = standby
        goes_on(where, "clean", allowed=True)
        assert running.end()["followed"] == 5


def test_a_standby_that_is_killed_is_replaced(where: Namespace) -> None:
    with guard(where, choice={**CHOICE, "allow": False}) as running:
        standby = running.standby()
        os.kill(standby, signal.SIGKILL)
        assert eventually(lambda: running.standby() != standby)
        os.kill(running.gate, signal.SIGKILL)
        goes_on(where, "found", allowed=False)


def test_both_frozen_and_killed_daemon_and_gate(where: Namespace) -> None:
    with guard(where, choice={**CHOICE, "allow": False}) as running:
        running.process.send_signal(signal.SIGSTOP)
        waiting = where.start("other")
        time.sleep(0.2)
        os.kill(running.gate, signal.SIGKILL)
        opened = waiting.result()
        assert not opened.allowed
        assert opened.seconds < DEADLINE + GRACE
        goes_on(where, "clean", allowed=False)


def test_without_gate_and_standby_nobody_waits_and_the_daemon_says_so(
    where: Namespace,
) -> None:
    with guard(where, choice={**CHOICE, "allow": False}) as running:
        standby = running.standby()
        os.kill(standby, signal.SIGSTOP)
        os.kill(running.gate, signal.SIGKILL)
        os.kill(standby, signal.SIGKILL)
        running.wait_for(trouble="lost")
        goes_on(where, "found", allowed=True)
        running.process.wait(DEADLINE + GRACE)


def test_more_openers_than_can_be_asked_about(where: Namespace) -> None:
    """The queue of questions is bounded; the kernel's queue of openers is not."""
    for number in range(40):
        (where.place / f"never{number}").write_bytes(NEVER)
    with guard(where, choice={**CHOICE, "allow": False}) as running:
        waiting = [where.start(f"never{number}") for number in range(40)]
        told = [each.result() for each in waiting]
        assert not any(each.allowed for each in told)
        assert max(each.seconds for each in told) < DEADLINE + GRACE
        assert running.end()["late"] == 40


def test_a_queue_of_writes_that_overflows_is_told_and_stops_nobody(
    where: Namespace,
) -> None:
    most = int(Path("/proc/sys/fs/fanotify/max_queued_events").read_text("ascii"))
    if most > 20_000:
        pytest.skip("the queue of this machine is too long to fill")
    with guard(where, choice={**CHOICE, "opens": False}) as running:
        running.process.send_signal(signal.SIGSTOP)
        for number in range(most + 500):
            (where.place / f"w{number}").write_bytes(b"")
            (where.place / f"w{number}").unlink()
        goes_on(where, "clean", allowed=True)
        running.process.send_signal(signal.SIGCONT)
        running.wait_for(60, trouble="overflow")


def test_a_full_disk_for_the_state(where: Namespace, tmp_path: Path) -> None:
    """With the real command: its home is full, and so is what it writes to."""
    home = where.folder / "home"
    (where.place / "home").mkdir()
    full = f"mount -t tmpfs -o size=4k none {home} && head -c 4096 /dev/zero >{home}/x"
    subprocess.run(where.inside("sh", "-c", full), check=True)
    errors = tmp_path / "errors"
    command = where.inside(
        *(sys.executable, "-m", "clearward", "guard", "--json", "--open"),
        *("--deadline", str(DEADLINE), str(where.folder)),
    )
    environment = {**os.environ, "CLEARWARD_HOME": str(home)}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    with errors.open("wb") as err, Path("/dev/full").open("wb") as full_output:
        daemon = subprocess.Popen(
            command, stdout=full_output, stderr=err, env=environment
        )
    try:
        assert eventually(lambda: b"ready guard=" in errors.read_bytes(), 60)
        goes_on(where, "clean", allowed=True)
        goes_on(where, "found", allowed=False)
        time.sleep(2.5)  # by now it has written its status
        goes_on(where, "other", allowed=True)
        goes_on(where, "found", allowed=False)
        daemon.terminate()
        assert daemon.wait(20) == 0
    finally:
        daemon.kill()
        daemon.wait()
    goes_on(where, "found", allowed=True)


def test_with_no_more_rights_than_the_unit_of_systemd_gives(where: Namespace) -> None:
    unit = Path(__file__).parents[2] / "packaging/systemd/clearward-guard.service"
    words = re.findall(r"(?m)^CapabilityBoundingSet=(.*)$", unit.read_text("utf-8"))
    kept = ",".join(f"+{word.lower()[4:]}" for word in words[0].split())
    rights = ("setpriv", "--bounding-set", f"-all,{kept}")
    if shutil.which("setpriv") is None:
        pytest.skip("needs the command setpriv")
    with guard(where, choice=CHOICE, before=rights) as running:
        goes_on(where, "clean", allowed=True)
        goes_on(where, "clean", allowed=True)
        goes_on(where, "found", allowed=False)
        os.kill(running.gate, signal.SIGKILL)
        goes_on(where, "found", allowed=False)
        assert running.end()["remembered"] == 1


def asked(running: Guarded) -> int:
    """How many questions the gate has asked."""
    # The board is anonymous memory that the daemon has mapped.
    for link in Path(f"/proc/{running.process.pid}/map_files").iterdir():
        if "clearward-guard" in os.readlink(link):
            data = link.read_bytes()
            return int.from_bytes(data[8 * 6 : 8 * 7], sys.byteorder)
    return -1
