"""What each step of the lock takes away, in processes of their own."""

import json
import os
import signal

import pytest
from support.child import after, python

from clearward.jail import kernel, lock, namespaces, seccomp

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can do this")


def status_after(code: str) -> dict[str, str]:
    """The fields of /proc/self/status after some code."""
    fields = after(
        code
        + "\nprint(json.dumps(dict(line.split(':', 1)"
        + " for line in open('/proc/self/status') if ':' in line)))"
    )
    return {name: str(value).strip() for name, value in fields.items()}


def test_the_namespaces_are_others_than_before() -> None:
    found = after(
        """
before = namespaces.numbers()
entered = lock.enter_empty_namespaces()
print(json.dumps({"entered": entered, "before": before,
                  "now": namespaces.numbers(),
                  "links": os.listdir("/sys/class/net") if not entered else []}))
"""
    )
    if not found["entered"]:
        pytest.skip("namespaces are not to be had here")
    assert set(found["before"]) == set(namespaces.NAMES)
    assert not set(found["before"].values()) & set(found["now"].values())


def test_the_empty_network_has_nothing_but_a_dead_loopback() -> None:
    found = after(
        """
import socket
entered = lock.enter_empty_namespaces()
errors = []
for address in ("127.0.0.1", "192.0.2.1"):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.sendto(b"x", (address, 9))
        except OSError as error:
            errors.append(error.errno)
names = [name for _, name in socket.if_nameindex()]
print(json.dumps({"entered": entered, "errors": errors, "names": names}))
"""
    )
    if not found["entered"]:
        pytest.skip("namespaces are not to be had here")
    assert "lo" in found["names"]
    assert len(found["errors"]) == 2


def test_without_the_right_namespaces_are_refused_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(1, "refused")

    monkeypatch.setattr(kernel, "call", refuse)
    assert lock.enter_empty_namespaces() is False


@ROOT_ONLY
def test_in_the_new_root_folder_is_no_file_of_the_system_and_none_can_be_made() -> None:
    found = after(
        """
left = lock.leave_root()
lock.become_nobody()
opened = []
for path in ("/etc/passwd", "/proc", "../../../etc/passwd", "../status", "/dev/null"):
    try:
        os.close(os.open(path, os.O_RDONLY))
        opened.append(path)
    except OSError:
        pass
try:
    os.mkdir("/made")
    opened.append("made")
except OSError:
    pass
print(json.dumps({"left": left, "opened": opened, "names": os.listdir("/")}))
"""
    )
    assert found["left"]
    assert found["opened"] == []
    assert all(name.isdigit() for name in found["names"])


@ROOT_ONLY
def test_root_becomes_somebody_who_owns_nothing() -> None:
    status = status_after("lock.become_nobody()")
    nobody = [str(lock.NOBODY)] * 4
    assert status["Uid"].split() == nobody
    assert status["Gid"].split() == nobody
    assert status["Groups"] == ""


def test_only_root_can_become_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert lock.become_nobody() is False


@ROOT_ONLY
@pytest.mark.parametrize("field", ["CapEff", "CapPrm", "CapInh", "CapAmb", "CapBnd"])
def test_no_capability_is_left_and_none_can_come_back(field: str) -> None:
    code = "lock.become_nobody()\nlock.drop_capabilities()"
    assert int(status_after(code)[field], 16) == 0


def test_behind_the_first_filter_no_program_can_be_started_and_nothing_opened() -> None:
    done = python(
        """
        import json, os, sys
        from clearward.jail import lock
        seccomp, _ = lock.lock_zygote()
        try:
            os.open("/etc/passwd", os.O_RDONLY)
        except PermissionError:
            os.write(1, b"refused" if seccomp else b"no filter")
        os.execv(sys.executable, [sys.executable, "-c", "print('started')"])
        """
    )
    assert done.stdout == b"refused", done.stderr
    assert done.returncode == -signal.SIGSYS


def test_behind_the_second_filter_only_the_channel_can_be_written_to() -> None:
    done = python(
        """
        import errno, json, os, sys
        from clearward.jail import kernel, lock
        reader, channel = os.pipe()
        other = os.dup(channel)
        kernel.numbers()
        seccomp, _ = lock.lock_zygote()
        lock.lock_worker(1, required=True)
        answers = []
        for descriptor in (2, channel, other):
            try:
                os.write(descriptor, b"x")
                answers.append("written")
            except OSError as error:
                answers.append(error.errno == errno.EBADF)
        os.write(1, json.dumps(answers).encode())
        os._exit(0)
        """
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, True, True]


def test_a_second_filter_that_is_required_and_refused_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: bytes) -> None:
        raise PermissionError(1, "refused")

    monkeypatch.setattr(seccomp, "install", refuse)
    monkeypatch.setattr(lock, "_libc", Prctl())
    with pytest.raises(PermissionError):
        lock.lock_worker(3, required=True)
    lock.lock_worker(3, required=False)


class Prctl:
    """Stands for libc, so that this very process is not locked."""

    def prctl(self, *_: int) -> int:
        """Do nothing."""
        return 0


def test_a_child_dies_with_the_thread_that_started_it() -> None:
    """What the broker has to mind: see `launch`."""
    done = python(
        """
        import os, signal, threading
        from clearward.jail import lock
        reader, writer = os.pipe()
        def start():
            if os.fork() == 0:
                lock.die_with_parent()
                os.write(writer, b"ready")
                signal.pause()
            os.read(reader, 5)
        one = threading.Thread(target=start)
        one.start()
        one.join()
        _, status = os.wait()
        print(os.waitstatus_to_exitcode(status))
        """
    )
    assert int(done.stdout) == -signal.SIGKILL, done.stderr


def test_a_child_dies_with_its_parent() -> None:
    done = python(
        """
        import os, signal
        from clearward.jail import lock
        reader, writer = os.pipe()
        parent = os.fork()
        if parent == 0:
            child = os.fork()
            if child == 0:
                lock.die_with_parent()
                os.write(writer, str(os.getpid()).encode())
                signal.pause()
            signal.pause()
        os.close(writer)
        watched = os.pidfd_open(int(os.read(reader, 20)))
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
        import select
        poll = select.poll()
        poll.register(watched, select.POLLIN)
        print("gone" if poll.poll(10_000) else "still there")
        """
    )
    assert done.stdout.strip() == b"gone", done.stderr
